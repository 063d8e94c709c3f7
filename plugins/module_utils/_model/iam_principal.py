# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""An IAM user or role that a task names.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IamPrincipal:
    """An IAM user or role. ``kind`` is ``user`` or ``role``, and ``name`` has no path, as in the IAM API."""

    arn: str
    kind: str
    name: str
