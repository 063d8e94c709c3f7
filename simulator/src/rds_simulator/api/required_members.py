# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The parameters that a request lacks although the model requires them. boto3 never sends such a request."""

from __future__ import annotations

from typing import Any


def missing_member(shape: Any, value: Any) -> str | None:
    """Return the path of the first required parameter without a value, such as ``Queries.member.1.Id``, or None."""
    if shape.type_name == "structure":
        return _missing_in_structure(shape, value)
    if shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            missing = missing_member(shape.member, item)
            if missing is not None:
                return f"member.{number}.{missing}"
    return None


def _missing_in_structure(shape: Any, value: Any) -> str | None:
    for name in shape.required_members:
        if value.get(name) in (None, []):
            return str(name)
    for name, member in shape.members.items():
        missing = missing_member(member, value[name]) if value.get(name) is not None else None
        if missing is not None:
            return f"{name}.{missing}"
    return None
