# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CreateDBParameterGroup and CreateDBClusterParameterGroup."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.identifiers import checked_name
from .parameter_groups import add_group, find_group, has_groups, name_member

_LONGEST = 255


def _create(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Create a group with the values of its family (model ✓; text of the second refusal ?)."""
    backend, parameters = request.backend, request.parameters
    name = checked_name(name_member(kind), parameters[name_member(kind)], longest=_LONGEST)
    if find_group(backend, kind, name):
        # One code for both kinds (botocore's model ✓).
        raise AwsError("DBParameterGroupAlreadyExists", f"Parameter group {name} already exists")
    family = parameters["DBParameterGroupFamily"]
    engine = catalogue.engine_of_family(family)
    if engine is None or not has_groups(kind, engine):
        raise AwsError("InvalidParameterValue", f"ParameterGroupFamily {family} is not a valid parameter group family")
    group = add_group(backend, kind, name=name, family=family, description=parameters["Description"])
    arn = next(value for member, value in group.items() if member.endswith("Arn"))
    backend.group_tags[arn] = [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in parameters.get("Tags", ())]
    shown = {member: value for member, value in group.items() if member != "Parameters"}
    return {name_member(kind).removesuffix("Name"): shown}


operation("CreateDBParameterGroup")(partial(_create, kind=INSTANCE))
operation("CreateDBClusterParameterGroup")(partial(_create, kind=CLUSTER))
