# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of a module that uses the session of an assumed role.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

_KEYS = ("access_key", "secret_key", "session_token")


def session_options(result: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the options for a result of ``amazon.aws.sts_assume_role``, or no option if it contains no session.

    The blank ``profile`` replaces the one of the variable AWS_PROFILE: modules refuse a profile next to keys.
    """
    credentials = result.get("sts_creds")
    if not credentials:
        return {}
    return {"profile": "", **{key: str(credentials[key]) for key in _KEYS}}
