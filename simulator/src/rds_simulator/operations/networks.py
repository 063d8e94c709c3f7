# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DB subnet groups and security groups of databases."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..state.backend import Backend
from ..state.records import DEFAULT_SECURITY_GROUP, default_network


def network_of(backend: Backend, name: str | None) -> dict[str, Any]:
    """Return a subnet group by name, ignoring case; by default ``default``, which every account has.

    Raise AwsError DBSubnetGroupNotFoundFault (botocore's model ✓) if it does not exist.
    """
    lowered = (name or "default").lower()
    if lowered == "default" and lowered not in backend.subnet_groups:
        backend.subnet_groups[lowered] = default_network(backend)
    if lowered not in backend.subnet_groups:
        raise AwsError("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.")
    return backend.subnet_groups[lowered]


def default_security_group(network: dict[str, Any]) -> str:
    """Return the default security group of the VPC, which a database gets by default (user guide ✓)."""
    known: str = DEFAULT_SECURITY_GROUP
    vpc = network["VpcId"].removeprefix("vpc-")
    return known if known.endswith(vpc) else f"sg-{vpc}"


def refuse_other_vpc(backend: Backend, vpc: str, parameters: Mapping[str, Any]) -> None:
    """Refuse a security group that belongs to another VPC than the database.

    Code and text: terraform-aws-modules/terraform-aws-rds issues 344, 395, 451 and 609 (△, for instances; for
    clusters ?). The VPC of a group is known for default groups and for groups in moto's EC2. Any other group is
    accepted.
    """
    for name in parameters.get("VpcSecurityGroupIds", ()):
        other = _vpc_of(backend, name)
        if other not in (None, vpc):
            raise AwsError(
                "InvalidParameterCombination",
                f"The DB instance and EC2 security group are in different VPCs. The DB instance is in {vpc} and the "
                f"EC2 security group is in {other}",
            )


def _vpc_of(backend: Backend, security_group: str) -> str | None:
    network_of(backend, None)
    for network in backend.subnet_groups.values():
        if default_security_group(network) == security_group:
            return str(network["VpcId"])
    # The import takes two seconds, and there are no groups before EC2 was imported elsewhere.
    if "moto.ec2.models" not in sys.modules:
        return None
    from moto.ec2.models import ec2_backends

    found = ec2_backends[backend.account][backend.region].get_security_group_from_id(security_group)
    return str(found.vpc_id) if found is not None and found.vpc_id else None


@operation("DescribeDBSubnetGroups")
def describe_db_subnet_groups(request: ApiRequest) -> dict[str, Any]:
    """Return one group, or all; filters are "not currently supported" (model ✓)."""
    network_of(request.backend, None)
    given = request.parameters.get("DBSubnetGroupName")
    groups = [group for _name, group in sorted(request.backend.subnet_groups.items())]
    if given:
        groups = [network_of(request.backend, given)]
    return page(request, "DBSubnetGroups", groups, key=lambda group: str(group["DBSubnetGroupName"]))
