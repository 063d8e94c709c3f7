# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The diff of a user of the role ``database_users``. It contains neither a password nor a hash.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .user_migration import SUCCESSFUL

Values = t.Mapping[str, t.Any]


def user_diff(user: Values, entry: Values) -> dict[str, Values]:
    """Return the states ``before`` and ``after`` of a user, from its plan and its entry in the result.

    Both are equal if the user was refused or has failed. The entry then names what was done.
    """
    diff = user["diff"]
    return {"before": diff["before"], "after": diff["after" if entry["outcome"] in SUCCESSFUL else "before"]}
