# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DeleteDBParameterGroup, DeleteDBClusterParameterGroup, CreateDBSubnetGroup, DeleteDBSubnetGroup."""

from __future__ import annotations

from typing import Any

import pytest

ACCOUNT = "arn:aws:rds:eu-west-1:123456789012"
SUBNETS = ["subnet-0a1b2c3d4e5f60000", "subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
SEED: dict[str, Any] = {
    "subnet_groups": [{"name": "used"}],
    "db_parameter_groups": [{"name": "free", "family": "postgres16"}, {"name": "used", "family": "postgres16"}],
    "db_cluster_parameter_groups": [
        {"name": "free", "family": "aurora-mysql8.0"},
        {"name": "used", "family": "aurora-mysql8.0"},
    ],
    "db_instances": [{"identifier": "orders", "engine": "postgres", "db_parameter_group": "used"}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "db_cluster_parameter_group": "used"}],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.mark.parametrize("kind", ["", "Cluster"])
def test_delete_parameter_group(rds: Any, refused: Any, kind: str) -> None:
    """A deleted group is no longer found; the code is the same for both kinds (✓ model)."""
    infix, member = ("cluster_", "DBClusterParameterGroupName") if kind else ("", "DBParameterGroupName")
    delete = getattr(rds, f"delete_db_{infix}parameter_group")
    describe = getattr(rds, f"describe_db_{infix}parameter_groups")
    delete(**{member: "FREE"})
    assert refused(describe, **{member: "free"})[0] == "DBParameterGroupNotFound"
    assert refused(delete, **{member: "free"})[0] == "DBParameterGroupNotFound"


@pytest.mark.parametrize("infix", ["", "cluster_"])
def test_delete_parameter_group_in_use_is_refused(rds: Any, refused: Any, infix: str) -> None:
    """InvalidDBParameterGroupState (✓ model; text △)."""
    member = "DBClusterParameterGroupName" if infix else "DBParameterGroupName"
    delete = getattr(rds, f"delete_db_{infix}parameter_group")
    assert refused(delete, **{member: "used"}) == (
        "InvalidDBParameterGroupState",
        "One or more database instances are still members of this parameter group used, so the group cannot be deleted",
    )


@pytest.mark.parametrize(("infix", "name"), [("", "default.postgres16"), ("cluster_", "default.aurora-mysql8.0")])
def test_delete_default_parameter_group_is_refused(rds: Any, refused: Any, infix: str, name: str) -> None:
    """ "You can't delete a default DB parameter group" (✓ model; text ?)."""
    member = "DBClusterParameterGroupName" if infix else "DBParameterGroupName"
    delete = getattr(rds, f"delete_db_{infix}parameter_group")
    assert refused(delete, **{member: name})[0] == "InvalidDBParameterGroupState"


def test_delete_parameter_group_after_database_deletion(sim: Any, rds: Any) -> None:
    """A group can be deleted after its database."""
    rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    sim.clock.advance(60)
    rds.delete_db_parameter_group(DBParameterGroupName="used")


def _create(rds: Any, name: str = "Private", subnets: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return rds.create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription="x", SubnetIds=subnets or SUBNETS[:2], **more
    )["DBSubnetGroup"]


def test_create_subnet_group(rds: Any, instance: Any) -> None:
    """Stored in lower case; a database can use it (✓ model)."""
    group = _create(rds, Tags=[{"Key": "a", "Value": "b"}])
    assert (group["DBSubnetGroupName"], group["SubnetGroupStatus"]) == ("private", "Complete")
    assert [subnet["SubnetIdentifier"] for subnet in group["Subnets"]] == SUBNETS[:2]
    tags = rds.list_tags_for_resource(ResourceName=group["DBSubnetGroupArn"])["TagList"]
    assert tags == [{"Key": "a", "Value": "b"}]
    rds.create_db_instance(
        DBInstanceIdentifier="new",
        DBInstanceClass="db.m6g.large",
        Engine="mysql",
        AllocatedStorage=20,
        MasterUsername="root_user",
        MasterUserPassword="correct-horse-battery",
        DBSubnetGroupName="private",
    )
    assert instance("new")["DBSubnetGroup"]["DBSubnetGroupName"] == "private"


def test_create_subnet_group_with_ec2_subnets(rds: Any, connect: Any, refused: Any) -> None:
    """Subnets of one VPC, created with moto's EC2 in the same process (✓ model)."""
    ec2 = connect(service="ec2")
    vpcs = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (1, 2)]

    def subnet(vpc: int, net: int, zone: str) -> str:
        block = f"10.{vpc + 1}.{net}.0/24"
        made = ec2.create_subnet(VpcId=vpcs[vpc], CidrBlock=block, AvailabilityZone=f"eu-west-1{zone}")
        return str(made["Subnet"]["SubnetId"])

    first, second, third = subnet(0, 1, "a"), subnet(0, 2, "b"), subnet(1, 1, "c")
    group = _create(rds, "mine", [first, second])
    assert group["VpcId"] == vpcs[0]
    zones = {row["SubnetAvailabilityZone"]["Name"] for row in group["Subnets"]}
    assert zones == {"eu-west-1a", "eu-west-1b"}
    assert refused(_create, rds=rds, name="mixed", subnets=[first, third])[0] == "InvalidSubnet"
    assert refused(_create, rds=rds, name="none", subnets=["subnet-none"])[0] == "InvalidSubnet"


def test_create_subnet_group_refused(rds: Any, refused: Any) -> None:
    """Two Availability Zones, and a valid name that is not in use (✓ model; text of the first △)."""
    assert refused(_create, rds=rds, subnets=SUBNETS[:1]) == (
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
        "eu-west-1a. Add subnets to cover at least 2 AZs.",
    )
    assert refused(_create, rds=rds, name="used")[0] == "DBSubnetGroupAlreadyExists"
    for name in ("default", "1st", "with/slash"):
        assert refused(_create, rds=rds, name=name)[0] == "InvalidParameterValue"


def test_delete_subnet_group(sim: Any, rds: Any, refused: Any) -> None:
    """Refused while a database uses the group (✓ model; text △)."""
    _create(rds)
    rds.delete_db_subnet_group(DBSubnetGroupName="private")
    delete = rds.delete_db_subnet_group
    assert refused(delete, DBSubnetGroupName="private")[0] == "DBSubnetGroupNotFoundFault"
    assert refused(delete, DBSubnetGroupName="default")[0] == "InvalidDBSubnetGroupStateFault"
    sim.database("cluster", "ledger")["DBSubnetGroup"] = "used"
    assert refused(delete, DBSubnetGroupName="used") == (
        "InvalidDBSubnetGroupStateFault",
        "Cannot delete the subnet group 'used' because at least one database instance: ledger is still using it.",
    )
    assert refused(rds.list_tags_for_resource, ResourceName=f"{ACCOUNT}:subgrp:private")[0] == (
        "DBSubnetGroupNotFoundFault"
    )
