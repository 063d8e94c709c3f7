# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DeleteDBParameterGroup and DeleteDBClusterParameterGroup."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from .parameter_groups import databases_with_group, find_group, name_member


def _delete(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Delete a group that is not in use; the code is the same for both kinds (model ✓).

    Text for a group in use: △ (Terraform, error reports); for a default group: ?.
    """
    backend, given = request.backend, request.parameters[name_member(kind)]
    group = find_group(backend, kind, given)
    if group is None:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {given}")
    name = str(group[name_member(kind)])
    if name.startswith("default."):
        raise AwsError("InvalidDBParameterGroupState", f"Default DBParameterGroup cannot be deleted: {name}")
    if any(databases_with_group(backend, kind, name)):
        raise AwsError(
            "InvalidDBParameterGroupState",
            f"One or more database instances are still members of this parameter group {name}, "
            "so the group cannot be deleted",
        )
    arn = next(value for member, value in group.items() if member.endswith("Arn"))
    backend.group_tags.pop(arn, None)
    del backend.groups[kind][name]
    return {}


operation("DeleteDBParameterGroup")(partial(_delete, kind=INSTANCE))
operation("DeleteDBClusterParameterGroup")(partial(_delete, kind=CLUSTER))
