# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Identifiers that RDS accepts."""

from __future__ import annotations

import re

from ..errors import AwsError

_IDENTIFIER = re.compile(r"[a-z](-?[a-z0-9])*")
DATABASE = 63


def checked_name(parameter: str, given: str, *, longest: int = DATABASE) -> str:
    """Return an identifier in lower case, as RDS stores it (model ✓); raise AwsError if it is invalid (text △)."""
    name = given.lower()
    if not _IDENTIFIER.fullmatch(name) or len(name) > longest:
        raise AwsError(
            "InvalidParameterValue",
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; must "
            "contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens.",
        )
    return name
