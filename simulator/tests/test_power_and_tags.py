# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Stop, start, delete; tags."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1:123456789012"
SEED: dict[str, Any] = {
    "db_parameter_groups": [{"name": "mine", "family": "mysql8.0"}],
    "db_instances": [
        {"identifier": "orders", "engine": "mysql", "tags": {"env": "prod"}},
        {"identifier": "copy", "engine": "mysql", "source": "orders"},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 2}],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def test_stop_and_start_instance(sim: Any, rds: Any, instance: Any, refused: Any) -> None:
    """stopping, stopped, starting, available (✓ user guide)."""
    name = {"DBInstanceIdentifier": "orders"}
    seen = [rds.stop_db_instance(**name)["DBInstance"]["DBInstanceStatus"]]
    sim.clock.advance(60)
    seen.append(instance("orders")["DBInstanceStatus"])
    assert refused(rds.stop_db_instance, **name)[0] == "InvalidDBInstanceState"
    assert refused(rds.reboot_db_instance, **name)[0] == "InvalidDBInstanceState"
    seen.append(rds.start_db_instance(**name)["DBInstance"]["DBInstanceStatus"])
    sim.clock.advance(60)
    seen.append(instance("orders")["DBInstanceStatus"])
    assert seen == ["stopping", "stopped", "starting", "available"]


def test_stop_and_start_cluster(sim: Any, rds: Any, cluster: Any, instance: Any) -> None:
    """Members stop and start with the cluster, not separately (✓ Aurora user guide)."""
    name = {"DBClusterIdentifier": "ledger"}
    rds.stop_db_cluster(**name)
    sim.clock.advance(60)
    assert (cluster("ledger")["Status"], instance("ledger-1")["DBInstanceStatus"]) == (
        "stopped",
        "stopped",
    )
    rds.start_db_cluster(**name)
    sim.clock.advance(60)
    assert (cluster("ledger")["Status"], instance("ledger-1")["DBInstanceStatus"]) == (
        "available",
        "available",
    )


def test_stop_cluster_member_refused(rds: Any, refused: Any) -> None:
    """✓ Aurora user guide; text ?."""
    code, _rest = refused(rds.stop_db_instance, DBInstanceIdentifier="ledger-1")
    assert code == "InvalidParameterCombination"


def test_stop_cluster_in_wrong_state_refused(rds: Any, refused: Any) -> None:
    code, _rest = refused(rds.start_db_cluster, DBClusterIdentifier="ledger")
    assert code == "InvalidDBClusterStateFault"


def test_stop_keeps_externally_set_status(sim: Any, rds: Any, instance: Any) -> None:
    rds.stop_db_instance(DBInstanceIdentifier="orders")
    sim.database("instance", "orders")["DBInstanceStatus"] = "failed"
    sim.clock.advance(60)
    assert instance("orders")["DBInstanceStatus"] == "failed"


def test_delete_instance(sim: Any, rds: Any, instance: Any, refused: Any) -> None:
    """deleting, then removed; its source no longer lists the replica (✓ user guide)."""
    row = rds.delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)["DBInstance"]
    assert row["DBInstanceStatus"] == "deleting"
    again = refused(rds.delete_db_instance, DBInstanceIdentifier="copy", SkipFinalSnapshot=True)
    assert again[0] == "InvalidDBInstanceState"
    sim.clock.advance(60)
    assert refused(instance, name="copy")[0] == "DBInstanceNotFound"
    assert instance("orders")["ReadReplicaDBInstanceIdentifiers"] == []


def test_delete_cluster(sim: Any, rds: Any, cluster: Any, refused: Any) -> None:
    """Only without members (✓ model, text △)."""
    name = {"DBClusterIdentifier": "ledger", "SkipFinalSnapshot": True}
    code, message = refused(rds.delete_db_cluster, **name)
    assert (code, "non-deleting state" in message) == ("InvalidDBClusterStateFault", True)
    rds.delete_db_instance(DBInstanceIdentifier="ledger-1")
    sim.clock.advance(60)
    assert len(cluster("ledger")["DBClusterMembers"]) == 1
    rds.delete_db_instance(DBInstanceIdentifier="ledger-2")
    rds.delete_db_cluster(**name)
    sim.clock.advance(60)
    assert refused(cluster, name="ledger")[0] == "DBClusterNotFoundFault"


def test_delete_invalid_request_refused(sim: Any, rds: Any, refused: Any) -> None:
    """Without a final snapshot or its omission (✓ model), and with deletion protection (△)."""
    delete = rds.delete_db_instance
    assert refused(delete, DBInstanceIdentifier="orders")[0] == "InvalidParameterCombination"
    sim.database("instance", "orders")["DeletionProtection"] = True
    code, message = refused(delete, DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert (code, "protected" in message) == ("InvalidParameterCombination", True)


@pytest.mark.parametrize(
    ("arn", "before"),
    [
        (f"{ARN}:db:orders", [{"Key": "env", "Value": "prod"}]),
        (f"{ARN}:cluster:ledger", []),
        (f"{ARN}:pg:mine", []),
        (f"{ARN}:cluster-pg:default.aurora-mysql8.0", []),
    ],
)
def test_tags_added_listed_and_removed(rds: Any, arn: str, before: list[dict[str, str]]) -> None:
    """List, add (or change), remove (✓ model)."""
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == before
    rds.add_tags_to_resource(
        ResourceName=arn,
        Tags=[{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "shop"}],
    )
    tags = rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert tags == [{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "shop"}]
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["env", "unknown"])
    tags = rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert tags == [{"Key": "team", "Value": "shop"}]


def test_tags_shown_by_describe(rds: Any, instance: Any) -> None:
    """TagList is part of the record (✓ model)."""
    rds.add_tags_to_resource(ResourceName=f"{ARN}:db:copy", Tags=[{"Key": "a", "Value": "b"}])
    assert instance("copy")["TagList"] == [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (f"{ARN}:db:nope", "DBInstanceNotFound"),
        (f"{ARN}:cluster:nope", "DBClusterNotFoundFault"),
        (f"{ARN}:pg:nope", "DBParameterGroupNotFound"),
        ("orders", "InvalidParameterValue"),
        ("arn:aws:rds:us-east-1:123456789012:db:orders", "InvalidParameterValue"),
    ],
)
def test_tags_of_unknown_resource_refused(rds: Any, refused: Any, arn: str, code: str) -> None:
    """Codes ✓ (model); for an ARN of another account or Region ?."""
    assert refused(rds.list_tags_for_resource, ResourceName=arn)[0] == code
