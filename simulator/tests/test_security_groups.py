# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Security groups and subnet groups must belong to the same VPC."""

from __future__ import annotations

from typing import Any

import pytest
from api_requests import FLEET, METHODS, REQUESTS, operations_with, service_client, upload
from rds_simulator.state.records import DEFAULT_SECURITY_GROUP

OPERATIONS = [name for name, _member in operations_with("VpcSecurityGroupIds")]


@pytest.fixture
def elsewhere(sim: Any) -> dict[str, str]:
    """Create a VPC in EC2, and a security group in it."""
    client = service_client(sim.url, "ec2")
    vpc = client.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = client.create_security_group(GroupName="database", Description="Database", VpcId=vpc)["GroupId"]
    zones = zip("ab", ("10.9.1.0/24", "10.9.2.0/24"), strict=True)
    subnets = [
        client.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"eu-west-1{zone}")["Subnet"]["SubnetId"]
        for zone, block in zones
    ]
    return {"vpc": vpc, "group": group, "subnets": ",".join(subnets)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_security_group_of_another_vpc_refused(
    sim: Any, rds: Any, refused: Any, elsewhere: dict[str, str], operation: str
) -> None:
    """Code and text: terraform-aws-modules/terraform-aws-rds issue 451.

    △ for instances, ? for clusters.
    """
    sim.seed(FLEET)
    if operation.endswith("FromS3"):
        upload(sim)
    call = getattr(rds, METHODS[operation])
    code, text = refused(call, **REQUESTS[operation], VpcSecurityGroupIds=[elsewhere["group"]])
    assert code == "InvalidParameterCombination"
    assert text == (
        "The DB instance and EC2 security group are in different VPCs. The DB instance is in "
        f"vpc-0a1b2c3d4e5f60001 and the EC2 security group is in {elsewhere['vpc']}"
    )
    assert call(**REQUESTS[operation], VpcSecurityGroupIds=[DEFAULT_SECURITY_GROUP])


def test_create_in_vpc_of_security_group_accepted(rds: Any, refused: Any, elsewhere: dict[str, str]) -> None:
    """In that VPC, the default group of the default VPC is refused."""
    rds.create_db_subnet_group(
        DBSubnetGroupName="private", DBSubnetGroupDescription="Private", SubnetIds=elsewhere["subnets"].split(",")
    )
    request = {**REQUESTS["CreateDBInstance"], "DBSubnetGroupName": "private"}
    code, _text = refused(rds.create_db_instance, **request, VpcSecurityGroupIds=[DEFAULT_SECURITY_GROUP])
    assert code == "InvalidParameterCombination"
    row = rds.create_db_instance(**request, VpcSecurityGroupIds=[elsewhere["group"]])["DBInstance"]
    assert row["VpcSecurityGroups"][0]["VpcSecurityGroupId"] == elsewhere["group"]
