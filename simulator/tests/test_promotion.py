# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""PromoteReadReplica and PromoteReadReplicaDBCluster."""

from __future__ import annotations

from typing import Any

import pytest

IAM = "IAMDatabaseAuthenticationEnabled"
REPLICA = {"identifier": "replica", "engine": "mysql", "source": "orders", "iam_database_authentication_enabled": True}
SEED: dict[str, Any] = {
    "db_instances": [
        {"identifier": "orders", "engine": "mysql"},
        {**REPLICA, "extra": {"BackupRetentionPeriod": 0}},
        {"identifier": "second", "engine": "mysql", "source": "replica"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-mysql", "members": 1},
        {
            "identifier": "far",
            "engine": "aurora-mysql",
            "extra": {"ReplicationSourceIdentifier": "arn:aws:rds:a:1:db:b"},
        },
    ],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def test_promote_ends_replication_after_reboot(sim: Any, rds: Any, instance: Any) -> None:
    """modifying, rebooting, backing-up, available (✓ user guide).

    The setting and the resource id stay.
    """
    before = instance("replica")
    answer = rds.promote_read_replica(DBInstanceIdentifier="replica", PreferredBackupWindow="03:00-03:30")
    assert answer["DBInstance"]["DBInstanceStatus"] == "modifying"
    seen = []
    for seconds in (20, 30, 30):
        sim.clock.advance(seconds)
        seen.append(instance("replica")["DBInstanceStatus"])
    assert seen == ["rebooting", "backing-up", "available"]
    after = instance("replica")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in after
    assert instance("orders")["ReadReplicaDBInstanceIdentifiers"] == []
    assert (after["BackupRetentionPeriod"], after["PreferredBackupWindow"]) == (1, "03:00-03:30")
    assert (after[IAM], after["DbiResourceId"]) == (True, before["DbiResourceId"])
    assert "LatestRestorableTime" in after


def test_promote_without_backups(sim: Any, rds: Any, instance: Any) -> None:
    """A retention of 0 keeps no backups (✓ model)."""
    rds.promote_read_replica(DBInstanceIdentifier="second", BackupRetentionPeriod=0)
    sim.clock.advance(50)
    assert instance("second")["DBInstanceStatus"] == "available"
    assert "LatestRestorableTime" not in instance("second")


def test_promote_cross_region_replica_detaches_from_source(sim: Any, rds: Any, connect: Any) -> None:
    """The source in the other Region no longer lists it."""
    sim.seed({"region": "us-east-1", "db_instances": [{"identifier": "far", "engine": "mysql"}]})
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="near", SourceDBInstanceIdentifier="arn:aws:rds:us-east-1:123456789012:db:far"
    )
    sim.clock.advance(120)
    rds.promote_read_replica(DBInstanceIdentifier="near")
    sim.clock.advance(120)
    (source,) = connect(region="us-east-1").describe_db_instances()["DBInstances"]
    assert source["ReadReplicaDBInstanceIdentifiers"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"DBInstanceIdentifier": "none"}, "DBInstanceNotFound"),
        ({"DBInstanceIdentifier": "orders"}, "InvalidDBInstanceState"),
        ({"DBInstanceIdentifier": "ledger-1"}, "InvalidDBInstanceState"),
        ({"DBInstanceIdentifier": "replica", "BackupRetentionPeriod": 36}, "InvalidParameterValue"),
        ({"DBInstanceIdentifier": "replica", "BackupRetentionPeriod": 0}, "InvalidParameterCombination"),
    ],
)
def test_promote_refused(rds: Any, refused: Any, asked: dict[str, Any], code: str) -> None:
    """Only read replicas; a replica with replicas of its own requires backups (✓ model; last code ?)."""
    assert refused(rds.promote_read_replica, **asked)[0] == code


def test_promote_while_backing_up_refused(sim: Any, rds: Any, refused: Any) -> None:
    """ "Cannot be promoted when it is in the backing-up status" (✓ model)."""
    sim.database("instance", "replica")["DBInstanceStatus"] = "backing-up"
    code, _text = refused(rds.promote_read_replica, DBInstanceIdentifier="replica")
    assert code == "InvalidDBInstanceState"


def test_promote_cluster(sim: Any, rds: Any, cluster: Any, refused: Any) -> None:
    """promoting, then available without a source (✓ model, Aurora user guide)."""
    promote = rds.promote_read_replica_db_cluster
    assert promote(DBClusterIdentifier="far")["DBCluster"]["Status"] == "promoting"
    assert refused(promote, DBClusterIdentifier="far")[0] == "InvalidDBClusterStateFault"
    sim.clock.advance(20)
    assert cluster("far")["Status"] == "available"
    assert "ReplicationSourceIdentifier" not in cluster("far")
    assert refused(promote, DBClusterIdentifier="ledger")[0] == "InvalidDBClusterStateFault"
    assert refused(promote, DBClusterIdentifier="none")[0] == "DBClusterNotFoundFault"
