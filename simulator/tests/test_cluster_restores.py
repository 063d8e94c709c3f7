# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Restores to a cluster: members, versions, compatible engines, clones, S3."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
KEY = "arn:aws:kms:eu-west-1:123456789012:key/mine"
SEED: dict[str, Any] = {
    "db_cluster_parameter_groups": [
        {"name": "plain", "family": "aurora-postgresql15", "parameters": {"ssl": 0}},
        {"name": "other", "family": "aurora-mysql8.0"},
    ],
    "db_instances": [{"identifier": "shop", "engine": "mysql", "extra": {"DBName": "shop"}}],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-postgresql",
            "engine_version": "15.7",
            "tags": {"env": "prod"},
            "extra": {"Port": 5433, "DeletionProtection": True, "BackupRetentionPeriod": 3},
        },
        {"identifier": "trio", "engine": "mysql"},
    ],
    "snapshots": [
        {"identifier": "s-shop", "source": "shop", "encrypted": False},
        {"identifier": "theirs", "source": "x", "engine": "mysql", "owner": "999999999999"},
    ],
    "cluster_snapshots": [
        {"identifier": "c-ledger", "source": "ledger"},
        {"identifier": "c-trio", "source": "trio"},
        {"identifier": "c-open", "source": "ledger", "encrypted": False},
        {"identifier": "c-making", "source": "ledger", "status": "creating"},
        {"identifier": "theirs", "source": "x", "engine": "aurora-mysql", "owner": "999999999999"},
    ],
    "cluster_automated_backups": [{"source": "gone", "engine": "aurora-mysql", "resource_id": "cluster-GONE"}],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def restore(rds: Any) -> Any:
    def run(snapshot: str = "c-ledger", name: str = "new", engine: str = "aurora-postgresql", **more: Any) -> Any:
        answer = rds.restore_db_cluster_from_snapshot(
            DBClusterIdentifier=name, SnapshotIdentifier=snapshot, Engine=engine, **more
        )
        return answer["DBCluster"]

    return run


@pytest.fixture
def to_point(rds: Any) -> Any:
    def run(name: str = "new", **more: Any) -> Any:
        return rds.restore_db_cluster_to_point_in_time(DBClusterIdentifier=name, **more)["DBCluster"]

    return run


def test_restore_cluster_has_no_members(sim: Any, rds: Any, restore: Any, cluster: Any) -> None:
    """An Aurora restore has no instances; clients create them once it is available (✓ user guide)."""
    row = restore(EngineVersion="15.7")
    member = {"DBInstanceIdentifier": "new-1", "DBClusterIdentifier": "new", "DBInstanceClass": "db.r6g.large"}
    assert (row["Status"], row["DBClusterMembers"], row["EngineVersion"]) == ("creating", [], "15.7")
    with pytest.raises(rds.exceptions.InvalidDBClusterStateFault):
        rds.create_db_instance(**member, Engine="aurora-postgresql")
    sim.clock.advance(120)
    assert cluster("new")["Status"] == "available"
    rds.create_db_instance(**member, Engine="aurora-postgresql")
    assert [one["DBInstanceIdentifier"] for one in cluster("new")["DBClusterMembers"]] == ["new-1"]


def test_restore_cluster_inherits_or_uses_defaults(restore: Any) -> None:
    """Port, retention, key and tags are inherited; the rest has defaults (✓ user guide).

    The defaults apply to version, groups, networks and deletion protection.
    """
    row = restore()
    assert (row["Port"], row["BackupRetentionPeriod"], row["DeletionProtection"]) == (5433, 3, False)
    assert (row["EngineVersion"], row["DBClusterParameterGroup"]) == ("16.4", "default.aurora-postgresql16")
    assert (row["DBSubnetGroup"], row["VpcSecurityGroups"][0]["VpcSecurityGroupId"]) == (
        "default",
        "sg-0a1b2c3d4e5f60001",
    )
    assert row["TagList"] == [{"Key": "env", "Value": "prod"}]


def test_restore_cluster_applies_requested_values(restore: Any) -> None:
    """Describe returns the requested values; a key encrypts an unencrypted source (✓ model)."""
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 4.0}
    row = restore("c-open", KmsKeyId=KEY, ServerlessV2ScalingConfiguration=scaling, DeletionProtection=True, Port=5555)
    assert (row["KmsKeyId"], row["StorageEncrypted"]) == (KEY, True)
    assert (row["ServerlessV2ScalingConfiguration"], row["DeletionProtection"], row["Port"]) == (scaling, True, 5555)
    assert "KmsKeyId" not in restore("c-open", name="open")


def test_restore_multi_az_cluster_creates_members(sim: Any, restore: Any, cluster: Any) -> None:
    """Three instances of the class that the request must name (✓ user guide)."""
    row = restore("c-trio", engine="mysql", DBClusterInstanceClass="db.r6gd.large")
    assert len(row["DBClusterMembers"]) == 3
    sim.clock.advance(200)
    assert cluster("new")["Status"] == "available"
    assert sim.database("instance", "new-instance-3")["DBInstanceClass"] == "db.r6gd.large"


def test_restore_instance_snapshot_as_aurora_cluster(restore: Any) -> None:
    """By the ARN of its snapshot, not by name (✓ model)."""
    row = restore(f"{ARN}:123456789012:snapshot:s-shop", engine="aurora-mysql")
    assert (row["Engine"], row["DatabaseName"], row["Port"], row["StorageEncrypted"]) == (
        "aurora-mysql",
        "shop",
        3306,
        False,
    )


def test_restore_shared_encrypted_cluster_snapshot(restore: Any) -> None:
    """Aurora restores it directly (✓ user guide), unlike an instance snapshot."""
    row = restore(f"{ARN}:999999999999:cluster-snapshot:theirs", engine="aurora-mysql")
    assert row["StorageEncrypted"] is True


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"snapshot": "s-shop", "engine": "aurora-mysql"}, "DBClusterSnapshotNotFoundFault"),
        ({"snapshot": "theirs", "engine": "aurora-mysql"}, "DBClusterSnapshotNotFoundFault"),
        (
            {"snapshot": f"{ARN}:123456789012:snapshot:nope", "engine": "aurora-mysql"},
            "DBSnapshotNotFound",
        ),
        ({"snapshot": "c-making"}, "InvalidDBClusterSnapshotStateFault"),
        (
            {"snapshot": f"{ARN}:999999999999:snapshot:theirs", "engine": "aurora-mysql"},
            "KMSKeyNotAccessibleFault",
        ),
        ({"engine": "aurora-mysql"}, "InvalidRestoreFault"),
        ({"engine": "mariadb"}, "InvalidParameterValue"),
        ({"name": "ledger"}, "DBClusterAlreadyExistsFault"),
        ({"EngineVersion": "15.99"}, "InvalidParameterCombination"),
        ({"EngineMode": "serverless"}, "InvalidParameterValue"),
        ({"DBClusterParameterGroupName": "nope"}, "DBClusterParameterGroupNotFound"),
        ({"DBClusterParameterGroupName": "other"}, "InvalidParameterCombination"),
        ({"DBSubnetGroupName": "nope"}, "DBSubnetGroupNotFoundFault"),
        ({"DBClusterInstanceClass": "db.r6gd.large"}, "InvalidParameterCombination"),
        ({"snapshot": "c-trio", "engine": "mysql"}, "InvalidParameterCombination"),
        (
            {"snapshot": "c-trio", "engine": "mysql", "DBClusterInstanceClass": "db.t3.micro"},
            "InvalidParameterCombination",
        ),
        ({"ServerlessV2ScalingConfiguration": {"MaxCapacity": 4.0}}, "InvalidParameterValue"),
        ({"BackupRetentionPeriod": 0}, "InvalidParameterValue"),
        (
            {
                "EngineVersion": "15.7",
                "DBClusterParameterGroupName": "plain",
                "EnableIAMDatabaseAuthentication": True,
            },
            "InvalidParameterCombination",
        ),
    ],
)
def test_restore_cluster_invalid_request_refused(
    rds: Any, restore: Any, refused: Any, asked: dict[str, Any], code: str
) -> None:
    """Codes for missing, existing or unavailable resources ✓ (model); others △ or ?.

    Nothing is created.
    """
    before = len(rds.describe_db_clusters()["DBClusters"])
    assert refused(restore, **asked)[0] == code
    assert len(rds.describe_db_clusters()["DBClusters"]) == before


@pytest.mark.parametrize(("wanted", "accepted"), [("15.7", True), ("16.4", True), ("14.12", False), ("13.15", False)])
def test_restore_to_earlier_version_refused(restore: Any, refused: Any, wanted: str, accepted: bool) -> None:
    """Text: aws-samples/redcap-on-aws issue 99 (△); code ?. The snapshot has version 15.7."""
    if accepted:
        assert restore(EngineVersion=wanted)["EngineVersion"] == wanted
        return
    code, text = refused(restore, EngineVersion=wanted)
    assert code == "InvalidParameterCombination"
    assert f"({wanted}) is earlier than the engine version of the DB cluster snapshot (15.7)" in text


def test_restore_to_earlier_default_version_refused(sim: Any, restore: Any, refused: Any) -> None:
    """Without EngineVersion, the default version applies (model ✓).

    It can be earlier than the version of the snapshot.
    """
    newer = {"identifier": "newer", "source": "x", "engine": "aurora-postgresql", "engine_version": "17.4"}
    sim.seed({"cluster_snapshots": [newer]})
    assert "is earlier than" in refused(restore, snapshot="newer")[1]
    assert restore(snapshot="newer", EngineVersion="17.4")["EngineVersion"] == "17.4"


@pytest.mark.parametrize("inherits", [True, False])
def test_restore_cluster_tags_depend_on_switch(sim: Any, restore: Any, inherits: bool) -> None:
    """The model describes this only for instances (?)."""
    sim.settings.update(cluster_restore_inherits_tags=inherits)
    assert restore()["TagList"] == ([{"Key": "env", "Value": "prod"}] if inherits else [])


@pytest.mark.parametrize("needed", [True, False])
def test_clone_without_time_depends_on_switch(sim: Any, rds: Any, refused: Any, needed: bool) -> None:
    """A clone cannot have RestoreToTime (model ✓).

    The model does not say whether one of the two parameters is required (?).
    """
    sim.settings.update(clone_needs_time=needed)
    asked = {"DBClusterIdentifier": "new", "SourceDBClusterIdentifier": "ledger", "RestoreType": "copy-on-write"}
    if needed:
        assert refused(rds.restore_db_cluster_to_point_in_time, **asked)[0] == "InvalidParameterCombination"
        asked["UseLatestRestorableTime"] = True
    assert rds.restore_db_cluster_to_point_in_time(**asked)["DBCluster"]["CloneGroupId"]


def test_restore_cluster_to_point_in_time(to_point: Any) -> None:
    """The source's version and settings, and a new id (✓ user guide)."""
    row = to_point(SourceDBClusterIdentifier="ledger", RestoreToTime=NOW - timedelta(days=2))
    assert (row["EngineVersion"], row["Port"], row["DBClusterMembers"]) == ("15.7", 5433, [])


def test_clone_cluster(to_point: Any, cluster: Any) -> None:
    """copy-on-write: source and clone share a group (✓ user guide), and the request has no time (✓ model)."""
    row = to_point(SourceDBClusterIdentifier="ledger", RestoreType="copy-on-write")
    assert row["CloneGroupId"] == cluster("ledger")["CloneGroupId"]


def test_restore_deleted_cluster_from_retained_backup(to_point: Any) -> None:
    """By the resource id of retained backups (✓ user guide)."""
    assert to_point(SourceDbClusterResourceId="cluster-gone", UseLatestRestorableTime=True)["Engine"] == "aurora-mysql"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"UseLatestRestorableTime": True}, "InvalidParameterCombination"),
        ({"SourceDBClusterIdentifier": "ledger"}, "InvalidParameterCombination"),
        (
            {"SourceDBClusterIdentifier": "ledger", "RestoreToTime": NOW, "RestoreType": "copy-on-write"},
            "InvalidParameterCombination",
        ),
        (
            {"SourceDBClusterIdentifier": "ledger", "RestoreToTime": NOW, "UseLatestRestorableTime": True},
            "InvalidParameterCombination",
        ),
        ({"SourceDBClusterIdentifier": "ledger", "RestoreToTime": NOW - timedelta(days=4)}, "InvalidParameterValue"),
        ({"SourceDBClusterIdentifier": "ledger", "RestoreType": "hasty"}, "InvalidParameterValue"),
        ({"SourceDBClusterIdentifier": "nope", "UseLatestRestorableTime": True}, "DBClusterNotFoundFault"),
        (
            {"SourceDbClusterResourceId": "cluster-NONE", "UseLatestRestorableTime": True},
            "DBClusterAutomatedBackupNotFoundFault",
        ),
        ({"SourceDBClusterIdentifier": "trio", "UseLatestRestorableTime": True}, "InvalidParameterCombination"),
        (
            {"name": "trio", "SourceDBClusterIdentifier": "ledger", "UseLatestRestorableTime": True},
            "DBClusterAlreadyExistsFault",
        ),
    ],
)
def test_restore_cluster_invalid_time_refused(to_point: Any, refused: Any, asked: dict[str, Any], code: str) -> None:
    """One source, one time, within the window (✓ model); codes for missing resources ✓, others ?."""
    assert refused(to_point, **asked)[0] == code


@pytest.mark.parametrize("asked", [True, False, None])
@pytest.mark.parametrize("clustered", [True, False])
def test_restore_cluster_from_s3(sim: Any, rds: Any, connect: Any, clustered: bool, asked: bool | None) -> None:
    """MySQL files are restored to an instance or an Aurora cluster, without a source to inherit from (✓ model)."""
    s3 = connect(service="s3", region="us-east-1")
    s3.create_bucket(Bucket="backups")
    s3.put_object(Bucket="backups", Key="full/backup.xbstream", Body=b"x")
    given = {**FROM_S3, "S3Prefix": "full/"}
    if asked is not None:
        given["EnableIAMDatabaseAuthentication"] = asked
    if clustered:
        rds.restore_db_cluster_from_s3(DBClusterIdentifier="new", Engine="aurora-mysql", **given)
    else:
        given.update(DBInstanceClass="db.m6g.large", AllocatedStorage=40)
        rds.restore_db_instance_from_s3(DBInstanceIdentifier="new", Engine="mysql", **given)
    sim.clock.advance(600)
    record = sim.database("cluster" if clustered else "instance", "new")
    assert record["IAMDatabaseAuthenticationEnabled"] is bool(asked)
    assert record["MasterUserSecret"]["SecretStatus"] == "active"
    assert record["Status" if clustered else "DBInstanceStatus"] == "available"


FROM_S3: dict[str, Any] = {
    "MasterUsername": "root",
    "ManageMasterUserPassword": True,
    "SourceEngine": "mysql",
    "SourceEngineVersion": "8.0.40",
    "S3BucketName": "backups",
    "S3IngestionRoleArn": "arn:aws:iam::123456789012:role/ingest",
}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"S3BucketName": "no-such-bucket"}, "InvalidS3BucketFault"),
        ({"S3Prefix": "elsewhere/"}, "InvalidS3BucketFault"),
        ({"S3IngestionRoleArn": "ingest"}, "InvalidParameterValue"),
        ({"Engine": "aurora-postgresql"}, "InvalidParameterValue"),
        ({"SourceEngine": "postgres"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "correct-horse"}, "InvalidParameterCombination"),
    ],
)
def test_restore_from_s3_invalid_request_refused(
    rds: Any, connect: Any, refused: Any, more: dict[str, Any], code: str
) -> None:
    """InvalidS3BucketFault (✓ model); other codes ?."""
    connect(service="s3", region="us-east-1").create_bucket(Bucket="backups")
    asked = {"DBClusterIdentifier": "new", "Engine": "aurora-mysql", **FROM_S3, **more}
    assert refused(rds.restore_db_cluster_from_s3, **asked)[0] == code
