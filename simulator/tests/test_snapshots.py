# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Snapshots and automated backups: their visibility, content, creation and deletion."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1"
OTHER = "999999999999"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
IAM = "IAMDatabaseAuthenticationEnabled"
ORDERS = {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True}
SEED: dict[str, Any] = {
    "db_instances": [
        {**ORDERS, "extra": {"CopyTagsToSnapshot": True}, "tags": {"env": "prod"}},
        {"identifier": "shop", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql"}, {"identifier": "trio", "engine": "mysql"}],
    "snapshots": [
        {"identifier": "Mine", "source": "orders"},
        {"identifier": "rds:orders-2026-11-01-02-05", "source": "orders", "type": "automated"},
        {"identifier": "awsbackup:job-1", "source": "shop", "type": "awsbackup"},
        {"identifier": "theirs", "source": "x", "engine": "mysql", "owner": OTHER, "tags": {"secret": "yes"}},
        {"identifier": "public", "source": "x", "engine": "mysql", "owner": OTHER, "shared_with": ["all"]},
        {"identifier": "hidden", "source": "x", "engine": "mysql", "owner": OTHER, "shared_with": []},
    ],
    "cluster_snapshots": [
        {"identifier": "mine", "source": "ledger", "iam_database_authentication_enabled": True},
        {"identifier": "rds:trio-2026-11-01-02-05", "source": "trio", "type": "automated"},
    ],
    "automated_backups": [
        {"source": "orders", "engine": "mysql", "source_region": "eu-central-1", "status": "replicating"},
        {"source": "gone", "engine": "mariadb", "iam_database_authentication_enabled": True},
    ],
    "cluster_automated_backups": [{"source": "gone", "engine": "aurora-mysql"}],
}
THEIRS, PUBLIC = f"{ARN}:{OTHER}:snapshot:theirs", f"{ARN}:{OTHER}:snapshot:public"
AUTOMATED, OWN = "rds:orders-2026-11-01-02-05", ["awsbackup:job-1", "mine", "rds:orders-2026-11-01-02-05"]


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def _names(rds: Any, **asked: Any) -> list[str]:
    return [row["DBSnapshotIdentifier"] for row in rds.describe_db_snapshots(**asked)["DBSnapshots"]]


def _by(name: str, *values: str) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, OWN),
        ({"IncludeShared": True}, [THEIRS, *OWN]),
        ({"IncludePublic": True}, [PUBLIC, *OWN]),
        ({"SnapshotType": "manual", "IncludeShared": True}, ["mine"]),
        ({"SnapshotType": "automated"}, [AUTOMATED]),
        ({"SnapshotType": "awsbackup"}, ["awsbackup:job-1"]),
        ({"SnapshotType": "shared"}, [THEIRS]),
        ({"SnapshotType": "public"}, [PUBLIC]),
        ({"DBInstanceIdentifier": "Shop"}, ["awsbackup:job-1"]),
        ({"DBSnapshotIdentifier": "MINE"}, ["mine"]),
        ({"DBSnapshotIdentifier": f"{ARN}:123456789012:snapshot:mine"}, ["mine"]),
        ({"DBSnapshotIdentifier": AUTOMATED, "SnapshotType": "automated"}, [AUTOMATED]),
        ({"DBSnapshotIdentifier": THEIRS, "IncludeShared": True}, [THEIRS]),
        (_by("engine", "postgres"), ["mine", AUTOMATED]),
        (_by("db-snapshot-id", "mine", "nope"), ["mine"]),
        (_by("db-instance-id", f"{ARN}:123456789012:db:shop"), ["awsbackup:job-1"]),
        (_by("snapshot-type", "automated"), [AUTOMATED]),
        (_by("dbi-resource-id", "db-none"), []),
    ],
)
def test_describe_snapshots_by_parameters(rds: Any, asked: dict[str, Any], names: list[str]) -> None:
    """Own ones; shared and public ones on request (✓ model), by their ARN (△)."""
    assert _names(rds, **asked) == names


@pytest.mark.parametrize(
    "asked",
    [
        {"DBSnapshotIdentifier": "nope"},
        {"DBSnapshotIdentifier": AUTOMATED},
        {"DBSnapshotIdentifier": THEIRS},
        {"DBSnapshotIdentifier": f"{ARN}:{OTHER}:snapshot:hidden", "IncludeShared": True},
    ],
)
def test_describe_unknown_snapshot_not_found(rds: Any, refused: Any, asked: dict[str, Any]) -> None:
    """DBSnapshotNotFound; an automated one is found by name only with SnapshotType (✓ model)."""
    assert refused(rds.describe_db_snapshots, **asked)[0] == "DBSnapshotNotFound"


def test_describe_snapshots_invalid_request_refused(rds: Any, refused: Any) -> None:
    """Page limits, unknown filters, two identifiers, the cluster code (all ✓ model)."""
    ask, ask_clusters = rds.describe_db_snapshots, rds.describe_db_cluster_snapshots
    assert refused(ask, MaxRecords=19)[0] == "InvalidParameterValue"
    assert refused(ask, **_by("colour", "blue"))[0] == "InvalidParameterValue"
    both = {"DBClusterIdentifier": "ledger", "DBClusterSnapshotIdentifier": "mine"}
    assert refused(ask_clusters, **both)[0] == "InvalidParameterCombination"
    assert refused(ask_clusters, DBClusterSnapshotIdentifier="nope")[0] == "DBClusterSnapshotNotFoundFault"


def test_describe_snapshots_in_pages(sim: Any, rds: Any) -> None:
    """45 and the 3 existing ones, in pages of 20 (✓ model)."""
    sim.seed({"snapshots": [{"identifier": "s-{n}", "source": "orders", "count": 45}]})
    pages = list(rds.get_paginator("describe_db_snapshots").paginate(PaginationConfig={"PageSize": 20}))
    assert [len(page["DBSnapshots"]) for page in pages] == [20, 20, 8]
    assert len({row["DBSnapshotIdentifier"] for page in pages for row in page["DBSnapshots"]}) == 48


def test_describe_snapshot_shows_source(rds: Any, instance: Any) -> None:
    """Engine, version, id, options, key and setting of the source (✓ model)."""
    (row,) = rds.describe_db_snapshots(DBSnapshotIdentifier="mine")["DBSnapshots"]
    source = instance("orders")
    same = ("Engine", "EngineVersion", "DbiResourceId", "AllocatedStorage", "KmsKeyId", IAM, "InstanceCreateTime")
    assert {name: row[name] for name in same} == {name: source[name] for name in same}
    assert (row["OptionGroupName"], row["Encrypted"], row["Port"]) == ("default:postgres-16", True, 5432)
    assert (row["SnapshotCreateTime"], row["TagList"]) == (NOW - timedelta(days=1), [{"Key": "env", "Value": "prod"}])


def test_describe_shared_snapshot(rds: Any) -> None:
    """It names the key of its owner, but not the tags (△)."""
    (row,) = rds.describe_db_snapshots(SnapshotType="shared")["DBSnapshots"]
    assert (row["TagList"], row["SnapshotType"], f":{OTHER}:" in row["KmsKeyId"]) == ([], "shared", True)


def test_describe_cluster_snapshot_shows_source(rds: Any) -> None:
    """Aurora and Multi-AZ DB clusters, including the setting (✓ model)."""
    rows = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [(row["DBClusterSnapshotIdentifier"], row["Engine"], row[IAM]) for row in rows] == [
        ("mine", "aurora-mysql", True),
        ("rds:trio-2026-11-01-02-05", "mysql", False),
    ]
    assert (rows[0]["EngineMode"], rows[0]["StorageEncrypted"]) == ("provisioned", True)
    assert [row["LicenseModel"] for row in rows] == ["general-public-license", "general-public-license"]
    (backup, _other, _third) = rds.describe_db_cluster_automated_backups()["DBClusterAutomatedBackups"]
    assert backup["LicenseModel"] == "general-public-license"


def test_create_snapshot(sim: Any, rds: Any, instance: Any, refused: Any) -> None:
    """creating, available; the source is backing-up meanwhile (△); the setting of that time is kept (✓ model)."""
    asked = {"DBSnapshotIdentifier": "New", "DBInstanceIdentifier": "orders"}
    row = rds.create_db_snapshot(**asked, Tags=[{"Key": "a", "Value": "b"}])["DBSnapshot"]
    assert (row["Status"], row["PercentProgress"], row["DBSnapshotIdentifier"]) == ("creating", 0, "new")
    assert {tag["Key"] for tag in row["TagList"]} == {"env", "a"}
    assert instance("orders")["DBInstanceStatus"] == "backing-up"
    assert refused(rds.create_db_snapshot, **asked)[0] == "DBSnapshotAlreadyExists"
    assert refused(rds.create_db_snapshot, **{**asked, "DBSnapshotIdentifier": "x"})[0] == "InvalidDBInstanceState"
    sim.clock.advance(60)
    sim.database("instance", "orders")[IAM] = False
    (row,) = rds.describe_db_snapshots(DBSnapshotIdentifier="new")["DBSnapshots"]
    assert (row["Status"], row["PercentProgress"], row[IAM]) == ("available", 100, True)
    assert instance("orders")["DBInstanceStatus"] == "available"


def test_create_cluster_snapshot(sim: Any, rds: Any, refused: Any) -> None:
    """Of a cluster, not of its members (△ aws-backup-lambda issue 5)."""
    asked = {"DBClusterSnapshotIdentifier": "new", "DBClusterIdentifier": "ledger"}
    assert rds.create_db_cluster_snapshot(**asked)["DBClusterSnapshot"]["Status"] == "creating"
    code, text = refused(rds.create_db_snapshot, DBSnapshotIdentifier="x", DBInstanceIdentifier="ledger-1")
    assert (code, "CreateDBClusterSnapshot" in text) == ("InvalidParameterValue", True)
    assert refused(rds.create_db_cluster_snapshot, **asked)[0] == "DBClusterSnapshotAlreadyExistsFault"


def test_delete_snapshot(rds: Any, refused: Any) -> None:
    """Only manual ones (✓ user guide)."""
    assert refused(rds.delete_db_snapshot, DBSnapshotIdentifier=AUTOMATED)[0] == "InvalidDBSnapshotState"
    assert refused(rds.delete_db_snapshot, DBSnapshotIdentifier=THEIRS)[0] == "InvalidDBSnapshotState"
    rds.delete_db_snapshot(DBSnapshotIdentifier="mine")
    assert refused(rds.describe_db_snapshots, DBSnapshotIdentifier="mine")[0] == "DBSnapshotNotFound"


def test_tags_of_snapshots(rds: Any, refused: Any) -> None:
    """Snapshots can be tagged (✓ model)."""
    arn = f"{ARN}:123456789012:snapshot:mine"
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert {"Key": "a", "Value": "b"} in rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert refused(rds.list_tags_for_resource, ResourceName=f"{arn}x")[0] == "DBSnapshotNotFound"


def _backups(rds: Any, **asked: Any) -> list[tuple[str, str, str]]:
    rows = rds.describe_db_instance_automated_backups(**asked)["DBInstanceAutomatedBackups"]
    return sorted((row["DBInstanceIdentifier"], row["Status"], row["Region"]) for row in rows)


ACTIVE, REPLICATED = ("orders", "active", "eu-west-1"), ("orders", "replicating", "eu-central-1")
RETAINED = ("gone", "retained", "eu-west-1")


def test_describe_automated_backups(rds: Any, refused: Any, instance: Any) -> None:
    """Of instances with backups, of deleted ones, and from other Regions (✓ model)."""
    assert _backups(rds) == [RETAINED, ACTIVE, REPLICATED]
    assert _backups(rds, DBInstanceIdentifier="orders") == [ACTIVE, REPLICATED]
    assert _backups(rds, DbiResourceId=instance("orders")["DbiResourceId"].lower()) == [ACTIVE]
    assert _backups(rds, **_by("status", "retained")) == [RETAINED]
    assert _backups(rds, **_by("db-instance-id", "nope")) == []
    for asked in ({"DBInstanceIdentifier": "shop"}, {"DBInstanceAutomatedBackupsArn": f"{ARN}:1:auto-backup:ab-1"}):
        ask = rds.describe_db_instance_automated_backups
        assert refused(ask, **asked)[0] == "DBInstanceAutomatedBackupNotFound"
    asked = {"DbClusterResourceId": "cluster-x"}
    assert refused(rds.describe_db_cluster_automated_backups, **asked)[0] == "DBClusterAutomatedBackupNotFoundFault"


def test_automated_backups_show_restore_window(sim: Any, rds: Any, instance: Any, cluster: Any) -> None:
    """From the retention period back to the last five minutes; it moves with time (✓ user guide)."""
    sim.clock.advance(7 * 60)
    (row,) = rds.describe_db_instance_automated_backups(**_by("status", "active"))["DBInstanceAutomatedBackups"]
    latest = NOW + timedelta(minutes=5)
    assert row["RestoreWindow"] == {
        "EarliestTime": NOW + timedelta(minutes=7) - timedelta(days=7),
        "LatestTime": latest,
    }
    assert (instance("orders")["LatestRestorableTime"], row[IAM]) == (latest, True)
    assert "LatestRestorableTime" not in instance("shop")
    ledger = cluster("ledger")
    assert (ledger["EarliestRestorableTime"], ledger["LatestRestorableTime"]) == (
        NOW + timedelta(minutes=7) - timedelta(days=7),
        latest,
    )


def test_enable_backups_takes_first_backup(sim: Any, rds: Any, instance: Any) -> None:
    """A retention of 0 keeps no backups; backups enabled later do not reach back (✓ user guide).

    The change starts after 2 seconds, and takes effect 20 seconds later.
    """
    rds.modify_db_instance(DBInstanceIdentifier="shop", BackupRetentionPeriod=5, ApplyImmediately=True)
    sim.clock.advance(60)
    assert instance("shop")["LatestRestorableTime"] == NOW + timedelta(seconds=22)


@pytest.mark.parametrize("keep", [True, False])
def test_delete_database_retains_or_drops_backups(sim: Any, rds: Any, keep: bool) -> None:
    """Backups and automated snapshots are deleted unless retained (✓ model)."""
    row = rds.delete_db_instance(
        DBInstanceIdentifier="orders", FinalDBSnapshotIdentifier="last", DeleteAutomatedBackups=not keep
    )["DBInstance"]
    sim.clock.advance(3600)
    found = _backups(rds, **_by("dbi-resource-id", row["DbiResourceId"]))
    assert found == ([("orders", "retained", "eu-west-1")] if keep else [])
    assert _names(rds, SnapshotType="automated") == ([AUTOMATED] if keep else [])
    assert "last" in _names(rds, SnapshotType="manual")
    if keep:
        asked = {"SourceDbiResourceId": row["DbiResourceId"], "RestoreTime": NOW - timedelta(days=1)}
        rds.restore_db_instance_to_point_in_time(TargetDBInstanceIdentifier="orders", **asked)


def test_delete_invalid_final_snapshot_refused(rds: Any, refused: Any) -> None:
    """The request must name or skip it (✓ model), and its name must not be in use (✓ model)."""
    delete = rds.delete_db_instance
    both = {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "x"}
    assert refused(delete, DBInstanceIdentifier="orders", **both)[0] == "InvalidParameterCombination"
    taken = {"FinalDBSnapshotIdentifier": "mine"}
    assert refused(delete, DBInstanceIdentifier="orders", **taken)[0] == "DBSnapshotAlreadyExists"


def test_delete_multi_az_cluster_drops_backups(sim: Any, rds: Any) -> None:
    """A deleted Multi-AZ DB cluster has no restorable time (✓ user guide)."""
    rds.delete_db_cluster(DBClusterIdentifier="trio", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    sim.clock.advance(120)
    rows = rds.describe_db_cluster_automated_backups()["DBClusterAutomatedBackups"]
    assert sorted((row["DBClusterIdentifier"], row["Status"]) for row in rows) == [
        ("gone", "retained"),
        ("ledger", "active"),
    ]


def _automated(rds: Any, kind: str, name: str) -> list[tuple[str, str]]:
    noun = "DBSnapshot" if kind == "instance" else "DBClusterSnapshot"
    call = rds.describe_db_snapshots if kind == "instance" else rds.describe_db_cluster_snapshots
    database = "DBInstanceIdentifier" if kind == "instance" else "DBClusterIdentifier"
    rows = call(**{database: name}, SnapshotType="automated")[f"{noun}s"]
    return [(row[f"{noun}Identifier"], row["Status"]) for row in rows]


@pytest.mark.parametrize(
    ("switch", "at_first"), [("window", []), ("created", [("rds:new-2026-11-02-12-02", "creating")])]
)
def test_first_automated_snapshot_of_aurora_cluster(
    sim: Any, rds: Any, cluster: Any, switch: str, at_first: list[tuple[str, str]]
) -> None:
    """Daily in the backup window (Aurora user guide ✓); an earlier one is a switch (?).

    Continuous backup, and with it the restorable time, starts with the cluster (✓).
    """
    sim.settings.update(first_cluster_snapshot=switch)
    rds.create_db_cluster(
        DBClusterIdentifier="new",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword="correct-horse-battery",
        BackupRetentionPeriod=2,
    )
    sim.clock.advance(121)
    assert _automated(rds, "cluster", "new") == at_first
    assert "LatestRestorableTime" in cluster("new")
    sim.clock.advance(14 * 3600)
    first = [("rds:new-2026-11-03-02-00", "available")]
    assert _automated(rds, "cluster", "new") == [(name, "available") for name, _status in at_first] + first
    sim.clock.advance(3 * 86400)
    assert [name for name, _status in _automated(rds, "cluster", "new")] == [
        "rds:new-2026-11-05-02-00",
        "rds:new-2026-11-06-02-00",
    ]


def test_automated_snapshots_of_instance(sim: Any, rds: Any) -> None:
    """One at creation, which takes time, and one per day in the backup window (user guide ✓)."""
    rds.create_db_instance(
        DBInstanceIdentifier="new",
        Engine="mysql",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="correct-horse-battery",
        PreferredBackupWindow="16:00-16:30",
    )
    sim.clock.advance(121)
    assert _automated(rds, "instance", "new") == [("rds:new-2026-11-02-12-02", "creating")]
    sim.clock.advance(60)
    assert _automated(rds, "instance", "new") == [("rds:new-2026-11-02-12-02", "available")]
    sim.clock.advance(86400)
    assert len(_automated(rds, "instance", "new")) == 2
    sim.clock.advance(86400)
    assert [name for name, _status in _automated(rds, "instance", "new")] == ["rds:new-2026-11-03-16-00"]
