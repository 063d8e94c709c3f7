# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DB subnet groups: where a database is put, and which security group it gets there."""

from __future__ import annotations

from typing import Any

from .api import ApiRequest, operation
from .backend import Backend
from .errors import AwsError
from .paging import page
from .records import DEFAULT_SECURITY_GROUP, default_network


def network_of(backend: Backend, name: str | None) -> dict[str, Any]:
    """A subnet group by name, any case; without one ``default``, which every account has.

    AwsError DBSubnetGroupNotFoundFault (botocore's model ✓) where there is none.
    """
    lowered = (name or "default").lower()
    if lowered == "default" and lowered not in backend.subnet_groups:
        backend.subnet_groups[lowered] = default_network(backend)
    if lowered not in backend.subnet_groups:
        raise AwsError("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.")
    return backend.subnet_groups[lowered]


def default_security_group(network: dict[str, Any]) -> str:
    """The default one of the group's VPC, which a database gets where none is named (user guide ✓)."""
    known: str = DEFAULT_SECURITY_GROUP
    vpc = network["VpcId"].removeprefix("vpc-")
    return known if known.endswith(vpc) else f"sg-{vpc}"


@operation("DescribeDBSubnetGroups")
def describe_db_subnet_groups(request: ApiRequest) -> dict[str, Any]:
    """One, or all of them; filters are "not currently supported" (model ✓)."""
    network_of(request.backend, None)
    given = request.parameters.get("DBSubnetGroupName")
    groups = [group for _name, group in sorted(request.backend.subnet_groups.items())]
    if given:
        groups = [network_of(request.backend, given)]
    return page(request, "DBSubnetGroups", groups, key=lambda group: str(group["DBSubnetGroupName"]))
