# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CreateDBSubnetGroup and DeleteDBSubnetGroup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..state.backend import Backend
from ..state.records import default_network
from .networks import network_of

_NAME = re.compile(r"[a-z][a-z0-9._ -]*")
_LONGEST = 255
_FEWEST_ZONES = 2


@operation("CreateDBSubnetGroup")
def create_db_subnet_group(request: ApiRequest) -> dict[str, Any]:
    """Create a group of subnets of one VPC, in two or more Availability Zones (model ✓)."""
    backend, parameters = request.backend, request.parameters
    name = _checked_name(backend, parameters["DBSubnetGroupName"])
    vpc, subnets = _subnets(backend, parameters["SubnetIds"])
    record = {
        "DBSubnetGroupName": name,
        "DBSubnetGroupDescription": parameters["DBSubnetGroupDescription"],
        "DBSubnetGroupArn": backend.arn("subgrp", name),
        "VpcId": vpc,
        "SubnetGroupStatus": "Complete",
        "Subnets": subnets,
        "SupportedNetworkTypes": ["IPV4"],
    }
    backend.subnet_groups[name] = record
    tags = [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in parameters.get("Tags", ())]
    backend.group_tags[backend.arn("subgrp", name)] = tags
    return {"DBSubnetGroup": record}


def _checked_name(backend: Backend, given: str) -> str:
    """Return the name in lower case; it cannot be `default` (model ✓; code of the refusal and texts ?)."""
    name = given.lower()
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name == "default":
        raise AwsError("InvalidParameterValue", f"The parameter DBSubnetGroupName is not valid: {given}")
    if name in backend.subnet_groups:
        raise AwsError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    return name


def _subnets(backend: Backend, names: Iterable[str]) -> tuple[str, list[dict[str, Any]]]:
    """Return VPC and subnets: those of the default group, or those in moto's EC2."""
    network = default_network(backend)
    known = {subnet["SubnetIdentifier"]: (network["VpcId"], subnet) for subnet in network["Subnets"]}
    asked = list(dict.fromkeys(names))
    if any(name not in known for name in asked):
        known.update(_ec2_subnets(backend))
    missing = [name for name in asked if name not in known]
    vpcs = {known[name][0] for name in asked if name in known}
    if missing or len(vpcs) != 1:
        # "... is invalid, or multiple subnets were requested that are not all in a common VPC" (model ✓; text ?).
        text = "Some input subnets in :[" + ", ".join(missing or asked) + "] are invalid."
        raise AwsError("InvalidSubnet", text)
    subnets = [known[name][1] for name in asked]
    zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets})
    if len(zones) < _FEWEST_ZONES:
        # Text: error reports △.
        raise AwsError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(zones)}. Add subnets to cover at least {_FEWEST_ZONES} AZs.",
        )
    return vpcs.pop(), subnets


def _ec2_subnets(backend: Backend) -> dict[str, tuple[str, dict[str, Any]]]:
    # The import takes two seconds, and only subnets made with EC2 need it.
    from moto.ec2.models import ec2_backends

    found = {}
    for subnet in ec2_backends[backend.account][backend.region].describe_subnets():
        shown = {
            "SubnetIdentifier": subnet.id,
            "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
            "SubnetOutpost": {},
            "SubnetStatus": "Active",
        }
        found[str(subnet.id)] = (str(subnet.vpc_id), shown)
    return found


@operation("DeleteDBSubnetGroup")
def delete_db_subnet_group(request: ApiRequest) -> dict[str, Any]:
    """Delete a group that is not in use (model ✓; text △); the default one stays (text ?)."""
    backend = request.backend
    name = str(network_of(backend, request.parameters["DBSubnetGroupName"])["DBSubnetGroupName"])
    if name == "default":
        raise AwsError("InvalidDBSubnetGroupStateFault", "The default DB subnet group can't be deleted.")
    for user in _users(backend, name):
        raise AwsError(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{name}' because at least one database instance: {user} "
            "is still using it.",
        )
    del backend.subnet_groups[name]
    backend.group_tags.pop(backend.arn("subgrp", name), None)
    return {}


def _users(backend: Backend, name: str) -> Iterable[str]:
    for instance in backend.instances:
        if instance.record["DBSubnetGroup"]["DBSubnetGroupName"] == name:
            yield instance.name
    for cluster in backend.clusters:
        if cluster.record["DBSubnetGroup"] == name:
            yield cluster.name
