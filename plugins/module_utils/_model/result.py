# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface of the results that the workflows return.

This is private to the collection.
"""

from __future__ import annotations

import typing as t


class Result(t.Protocol):
    """The result of a workflow, including a workflow that has failed."""

    def render(self) -> dict[str, t.Any]:
        """Return the keys that the module returns, including ``msg``."""
