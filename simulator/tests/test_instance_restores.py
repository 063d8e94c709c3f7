# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Restores to an instance: inherited values, defaults, and refusals."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
SEED: dict[str, Any] = {
    "subnet_groups": [{"name": "private", "vpc": "vpc-0feed"}],
    "option_groups": [
        {"name": "tde", "engine": "oracle-ee", "permanent": True},
        {"name": "plain", "engine": "mysql", "engine_version": "8.0.40"},
    ],
    "db_parameter_groups": [
        {"name": "pg16", "family": "postgres16"},
        {"name": "pg13", "family": "postgres13", "parameters": {"ssl": "0"}},
    ],
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "postgres",
            "db_instance_class": "db.r6g.xlarge",
            "db_parameter_group": "pg16",
            "tags": {"env": "prod"},
            "extra": {
                "MultiAZ": True,
                "DeletionProtection": True,
                "DBName": "shop",
                "BackupRetentionPeriod": 14,
                "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-mine", "Status": "active"}],
            },
        },
        {
            "identifier": "vault",
            "engine": "oracle-ee",
            "extra": {"OptionGroupMemberships": [{"OptionGroupName": "tde", "Status": "in-sync"}]},
        },
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "nightless", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql"}, {"identifier": "trio", "engine": "mysql"}],
    "snapshots": [
        {"identifier": "s-orders", "source": "orders"},
        {"identifier": "s-vault", "source": "vault"},
        {"identifier": "s-shop", "source": "shop", "encrypted": False},
        {"identifier": "rds:shop-2026-11-01-02-05", "source": "shop", "type": "automated"},
        {"identifier": "s-old", "source": "legacy", "engine": "postgres", "engine_version": "13.20"},
        {"identifier": "s-retired", "source": "retired", "engine": "postgres", "engine_version": "9.6.24"},
        {
            "identifier": "s-making",
            "source": "shop",
            "status": "creating",
            "status_after": {"seconds": 60, "status": "available"},
        },
        {"identifier": "theirs", "source": "x", "engine": "mysql", "owner": "999999999999"},
        {"identifier": "open", "source": "x", "engine": "mysql", "owner": "999999999999", "encrypted": False},
        {"identifier": "secret", "source": "x", "engine": "mysql", "owner": "999999999999", "shared_with": []},
    ],
    "cluster_snapshots": [
        {"identifier": "c-ledger", "source": "ledger"},
        {"identifier": "c-trio", "source": "trio"},
        {"identifier": "c-making", "source": "trio", "status": "creating"},
    ],
    "automated_backups": [
        {"source": "gone", "engine": "mysql", "resource_id": "db-GONE", "earliest_age": 7200, "latest_age": 3600}
    ],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def restore(rds: Any) -> Any:
    def run(snapshot: str = "s-orders", name: str = "new", **more: Any) -> dict[str, Any]:
        answer = rds.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=name, DBSnapshotIdentifier=snapshot, **more
        )
        row: dict[str, Any] = answer["DBInstance"]
        return row

    return run


@pytest.fixture
def to_point(rds: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        answer = rds.restore_db_instance_to_point_in_time(TargetDBInstanceIdentifier="new", **more)
        row: dict[str, Any] = answer["DBInstance"]
        return row

    return run


def test_restore_instance_inherits_or_uses_defaults(restore: Any) -> None:
    """Class, storage, master user and retention are inherited (✓ user guide).

    Groups, networks and MultiAZ have defaults.
    """
    row = restore()
    assert (row["DBInstanceClass"], row["DBName"], row["BackupRetentionPeriod"]) == ("db.r6g.xlarge", "shop", 14)
    assert row["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"
    assert row["VpcSecurityGroups"][0]["VpcSecurityGroupId"] == "sg-0a1b2c3d4e5f60001"
    assert (row["MultiAZ"], row["DeletionProtection"], row["DBSubnetGroup"]["DBSubnetGroupName"]) == (
        False,
        False,
        "default",
    )
    assert row["TagList"] == [{"Key": "env", "Value": "prod"}]
    assert row["OptionGroupMemberships"][0]["OptionGroupName"] == "default:postgres-16"


def test_restore_instance_applies_requested_values(restore: Any) -> None:
    """Describe returns the requested values (✓ model)."""
    row = restore(
        DBInstanceClass="db.m6g.large",
        DBParameterGroupName="PG16",
        DBSubnetGroupName="private",
        Port=5433,
        MultiAZ=True,
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        PubliclyAccessible=True,
        BackupRetentionPeriod=2,
        EnableCloudwatchLogsExports=["iam-db-auth-error"],
        Tags=[{"Key": "drill", "Value": "yes"}],
    )
    assert (row["DBInstanceClass"], row["MultiAZ"], row["DeletionProtection"]) == ("db.m6g.large", True, True)
    assert (row["DBSubnetGroup"]["DBSubnetGroupName"], row["BackupRetentionPeriod"]) == ("private", 2)
    assert row["VpcSecurityGroups"] == [{"VpcSecurityGroupId": "sg-0feed", "Status": "active"}]
    assert row["DBParameterGroups"][0]["DBParameterGroupName"] == "pg16"
    assert row["EnabledCloudwatchLogsExports"] == ["iam-db-auth-error"]
    assert row["TagList"] == [{"Key": "drill", "Value": "yes"}]


def test_restore_instance_keeps_permanent_options(restore: Any) -> None:
    """Permanent options such as TDE stay with the data (✓ user guide)."""
    assert restore("s-vault")["OptionGroupMemberships"][0]["OptionGroupName"] == "tde"


def test_restore_instance_passes_through_statuses(sim: Any, restore: Any, instance: Any) -> None:
    """creating, modifying, backing-up, available; endpoint and create time appear later (△)."""
    row, seen = restore(), []
    assert "Endpoint" not in row
    assert "InstanceCreateTime" not in row
    for seconds in (0, 119, 1, 20, 30):
        sim.clock.advance(seconds)
        seen.append(instance("new")["DBInstanceStatus"])
    assert seen == ["creating", "creating", "modifying", "backing-up", "available"]
    row = instance("new")
    assert row["Endpoint"]["Address"].startswith("new.")
    assert row["InstanceCreateTime"] == NOW + timedelta(seconds=120)


def test_create_instance_takes_first_backup(sim: Any, rds: Any, restore: Any, instance: Any) -> None:
    """Restorable from its first automated snapshot on (✓ user guide), not before."""
    restore()
    (backup,) = rds.describe_db_instance_automated_backups(DBInstanceIdentifier="new")["DBInstanceAutomatedBackups"]
    assert (backup["Status"], "RestoreWindow" in backup, "LatestRestorableTime" in instance("new")) == (
        "creating",
        False,
        False,
    )
    sim.clock.advance(600)
    first = rds.describe_db_snapshots(DBInstanceIdentifier="new", SnapshotType="automated")["DBSnapshots"]
    assert [one["DBSnapshotIdentifier"] for one in first] == ["rds:new-2026-11-02-12-02"]
    assert instance("new")["LatestRestorableTime"] == NOW + timedelta(seconds=600)


@pytest.mark.parametrize(
    "given",
    ["rds:shop-2026-11-01-02-05", f"{ARN}:123456789012:snapshot:S-SHOP", f"{ARN}:999999999999:snapshot:open"],
)
def test_restore_instance_by_snapshot_name_or_arn(restore: Any, given: str) -> None:
    """Automated ones by name, any by ARN, shared ones only by ARN (✓ user guide)."""
    assert restore(given)["Engine"] == "mysql"


@pytest.mark.parametrize(
    "given",
    [
        "nope",
        "open",
        "c-trio",
        f"{ARN}:999999999999:snapshot:secret",
        "arn:aws:rds:us-east-1:123456789012:snapshot:s-shop",
    ],
)
def test_restore_unknown_snapshot_not_found(restore: Any, refused: Any, given: str) -> None:
    """DBSnapshotNotFound (✓ model), also for another account's name or unshared ARN."""
    assert refused(restore, snapshot=given)[0] == "DBSnapshotNotFound"


def test_restore_shared_encrypted_snapshot_refused(restore: Any, refused: Any) -> None:
    """It must be copied first (✓ user guide; code and text ?)."""
    code, message = refused(restore, snapshot=f"{ARN}:999999999999:snapshot:theirs")
    assert (code, "shared and encrypted" in message) == ("KMSKeyNotAccessibleFault", True)


def test_restore_unfinished_snapshot_refused(sim: Any, rds: Any, restore: Any, refused: Any) -> None:
    """InvalidDBSnapshotState, also for cluster snapshots restored to an instance (✓ model)."""
    assert refused(restore, snapshot="s-making")[0] == "InvalidDBSnapshotState"
    asked = {"DBInstanceIdentifier": "x", "DBClusterSnapshotIdentifier": "c-making"}
    assert refused(rds.restore_db_instance_from_db_snapshot, **asked)[0] == "InvalidDBSnapshotState"
    sim.clock.advance(60)
    assert restore("s-making")["DBInstanceStatus"] == "creating"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"DBSnapshotIdentifier": "s-shop", "DBClusterSnapshotIdentifier": "c-trio"}, "InvalidParameterCombination"),
        ({"DBClusterSnapshotIdentifier": "nope"}, "DBClusterSnapshotNotFoundFault"),
        ({"DBClusterSnapshotIdentifier": "c-ledger"}, "InvalidRestoreFault"),
    ],
)
def test_restore_without_exactly_one_snapshot_refused(rds: Any, refused: Any, asked: dict[str, str], code: str) -> None:
    """Exactly one; cluster snapshots only of Multi-AZ DB clusters (✓ model).

    Codes ? except the third.
    """
    assert refused(rds.restore_db_instance_from_db_snapshot, DBInstanceIdentifier="new", **asked)[0] == code


@pytest.mark.parametrize(
    ("snapshot", "more", "code"),
    [
        ("s-orders", {"name": "Orders"}, "DBInstanceAlreadyExists"),
        ("s-orders", {"name": "bad--name"}, "InvalidParameterValue"),
        ("s-orders", {"DBSubnetGroupName": "nope"}, "DBSubnetGroupNotFoundFault"),
        ("s-orders", {"DBParameterGroupName": "nope"}, "DBParameterGroupNotFound"),
        ("s-orders", {"DBParameterGroupName": "pg13"}, "InvalidParameterCombination"),
        ("s-orders", {"OptionGroupName": "nope"}, "OptionGroupNotFoundFault"),
        ("s-orders", {"OptionGroupName": "plain"}, "InvalidParameterCombination"),
        ("s-orders", {"DBInstanceClass": "db.r99.large"}, "InvalidParameterCombination"),
        ("s-orders", {"DBInstanceClass": "large"}, "InvalidParameterValue"),
        ("s-orders", {"Engine": "mysql"}, "InvalidRestoreFault"),
        ("s-orders", {"AllocatedStorage": 105}, "InvalidParameterCombination"),
        ("s-orders", {"AllocatedStorage": 50}, "InvalidParameterCombination"),
        ("s-orders", {"StorageType": "standard"}, "StorageTypeNotSupported"),
        ("s-orders", {"BackupRetentionPeriod": 36}, "InvalidParameterValue"),
        ("s-orders", {"MultiAZ": True, "AvailabilityZone": "eu-west-1a"}, "InvalidParameterCombination"),
        ("s-orders", {"ManageMasterUserPassword": True}, "InvalidParameterCombination"),
        ("s-orders", {"TagSpecifications": [{"ResourceType": "auto-backup"}]}, "SimulatorNotImplemented"),
        ("s-retired", {}, "InvalidParameterCombination"),
    ],
)
def test_restore_instance_invalid_request_refused(
    rds: Any, restore: Any, refused: Any, snapshot: str, more: dict[str, Any], code: str
) -> None:
    """Codes ending in NotFound or AlreadyExists ✓ (model); others △ or ?.

    Class, family and names △; the rest ?. Nothing is created.
    """
    before = len(rds.describe_db_instances()["DBInstances"])
    assert refused(restore, snapshot=snapshot, **more)[0] == code
    assert len(rds.describe_db_instances()["DBInstances"]) == before


@pytest.mark.parametrize("is_enforced", [True, False])
def test_restore_instance_checks_ssl_of_its_new_group(sim: Any, restore: Any, refused: Any, is_enforced: bool) -> None:
    """ssl 0 in the requested group refuses the setting.

    User guide of 2023, later removed (?): a switch.
    """
    sim.settings.update(ssl_enforced=is_enforced)
    asked = {"DBParameterGroupName": "pg13", "EnableIAMDatabaseAuthentication": True}
    if is_enforced:
        code, message = refused(restore, snapshot="s-old", **asked)
        assert (code, "ssl" in message) == ("InvalidParameterCombination", True)
        del asked["DBParameterGroupName"]
    assert restore("s-old", **asked)["IAMDatabaseAuthenticationEnabled"] is True


def test_restore_instance_as_compatible_engine(restore: Any) -> None:
    """MariaDB can read MySQL files (✓ model)."""
    row = restore("s-shop", Engine="MariaDB")
    assert (row["Engine"], row["EngineVersion"], row["StorageEncrypted"]) == ("mariadb", "11.4.4", False)


def test_restore_instance_managed_password_requires_oracle(sim: Any, restore: Any, instance: Any) -> None:
    """On restores only for Oracle (✓ model); the secret becomes active (✓ model)."""
    assert restore("s-vault", ManageMasterUserPassword=True)["MasterUserSecret"]["SecretStatus"] == "creating"
    sim.clock.advance(200)
    assert instance("new")["MasterUserSecret"]["SecretStatus"] == "active"


@pytest.mark.parametrize("moment", [NOW - timedelta(days=14), NOW - timedelta(seconds=1), NOW])
def test_restore_instance_to_time_within_window(to_point: Any, moment: datetime) -> None:
    """BackupRetentionPeriod days back, up to the latest logs (✓ user guide)."""
    assert to_point(SourceDBInstanceIdentifier="orders", RestoreTime=moment)["DBInstanceStatus"] == "creating"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"SourceDBInstanceIdentifier": "orders"}, "InvalidParameterCombination"),
        ({"UseLatestRestorableTime": True}, "InvalidParameterCombination"),
        (
            {"SourceDBInstanceIdentifier": "orders", "RestoreTime": NOW, "UseLatestRestorableTime": True},
            "InvalidParameterCombination",
        ),
        ({"SourceDBInstanceIdentifier": "orders", "RestoreTime": NOW - timedelta(days=15)}, "InvalidParameterValue"),
        ({"SourceDBInstanceIdentifier": "orders", "RestoreTime": NOW + timedelta(1)}, "InvalidParameterValue"),
        ({"SourceDbiResourceId": "db-GONE", "RestoreTime": NOW}, "InvalidParameterValue"),
        ({"SourceDbiResourceId": "db-NONE", "RestoreTime": NOW}, "DBInstanceAutomatedBackupNotFound"),
        (
            {"SourceDBInstanceAutomatedBackupsArn": f"{ARN}:1:auto-backup:ab-1", "RestoreTime": NOW},
            "DBInstanceAutomatedBackupNotFound",
        ),
        ({"SourceDBInstanceIdentifier": "nope", "UseLatestRestorableTime": True}, "DBInstanceNotFound"),
        ({"SourceDBInstanceIdentifier": "nightless", "UseLatestRestorableTime": True}, "PointInTimeRestoreNotEnabled"),
        ({"SourceDBInstanceIdentifier": "ledger-1", "UseLatestRestorableTime": True}, "InvalidParameterCombination"),
    ],
)
def test_restore_instance_invalid_time_refused(to_point: Any, refused: Any, asked: dict[str, Any], code: str) -> None:
    """One source, one time, within the window (✓ model).

    Codes for what is not found or not enabled ✓, others ?.
    """
    assert refused(to_point, **asked)[0] == code


def test_restore_instance_refusal_names_window(to_point: Any, refused: Any) -> None:
    """The message names the limit (?)."""
    late = {"SourceDBInstanceIdentifier": "orders", "RestoreTime": NOW + timedelta(days=1)}
    assert "later than 2026-11-02T12:00:00Z" in refused(to_point, **late)[1]


def test_restore_instance_without_first_backup_refused(to_point: Any, restore: Any, refused: Any) -> None:
    """It needs a first backup (code and text ?)."""
    restore(name="fresh")
    asked = {"SourceDBInstanceIdentifier": "fresh", "UseLatestRestorableTime": True}
    assert refused(to_point, **asked)[0] == "InvalidDBInstanceState"


def test_restore_instance_from_stopped_source(sim: Any, to_point: Any) -> None:
    """A stopped instance can be restored to a point in time (✓ user guide)."""
    sim.database("instance", "orders")["DBInstanceStatus"] = "stopped"
    row = to_point(SourceDBInstanceIdentifier="orders", UseLatestRestorableTime=True, MaxAllocatedStorage=500)
    assert (row["DBInstanceStatus"], row["MaxAllocatedStorage"]) == ("creating", 500)
