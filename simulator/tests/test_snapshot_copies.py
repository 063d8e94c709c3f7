# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""CopyDBSnapshot and CopyDBClusterSnapshot."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

OWN, OTHER = "123456789012", "999999999999"
ARN = "arn:aws:rds:eu-west-1"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/11111111-2222-3333-4444-555555555555"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
IAM = "IAMDatabaseAuthenticationEnabled"
AUTOMATED = "rds:orders-2026-11-01-02-05"
SEED: dict[str, Any] = {
    "option_groups": [{"name": "options", "engine": "postgres"}],
    "db_instances": [{"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True}],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "iam_database_authentication_enabled": True},
        {"identifier": "trio", "engine": "mysql"},
    ],
    "snapshots": [
        {"identifier": "mine", "source": "orders", "tags": {"env": "prod"}},
        {"identifier": AUTOMATED, "source": "orders", "type": "automated"},
        {"identifier": "plain", "source": "orders", "encrypted": False},
        {"identifier": "broken", "source": "orders", "status": "failed"},
        {"identifier": "theirs", "source": "x", "engine": "mysql", "owner": OTHER, "tags": {"secret": "yes"}},
        {"identifier": "open", "source": "x", "engine": "mysql", "owner": OTHER, "encrypted": False},
    ],
    "cluster_snapshots": [
        {"identifier": "mine", "source": "ledger", "tags": {"env": "prod"}},
        {"identifier": "plain", "source": "ledger", "encrypted": False},
        {"identifier": "broken", "source": "ledger", "status": "failed"},
        {"identifier": "trio", "source": "trio"},
        {"identifier": "theirs", "source": "x", "engine": "aurora-mysql", "owner": OTHER},
    ],
}
THEIRS = f"{ARN}:{OTHER}:snapshot:theirs"
NO_KEY = "Specified KMS key [None] does not exist, is not enabled or you do not have permissions to access it."


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def copied(rds: Any) -> Any:
    def run(source: str, target: str = "new", **more: Any) -> dict[str, Any]:
        names = {"SourceDBSnapshotIdentifier": source, "TargetDBSnapshotIdentifier": target}
        return rds.copy_db_snapshot(**names, **more)["DBSnapshot"]

    return run


@pytest.fixture
def copied_cluster(rds: Any) -> Any:
    def run(source: str, target: str = "new", **more: Any) -> dict[str, Any]:
        names = {"SourceDBClusterSnapshotIdentifier": source, "TargetDBClusterSnapshotIdentifier": target}
        return rds.copy_db_cluster_snapshot(**names, **more)["DBClusterSnapshot"]

    return run


def _snapshot(rds: Any, name: str = "new") -> dict[str, Any]:
    return rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]


def _cluster_snapshot(rds: Any, name: str = "new") -> dict[str, Any]:
    return rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=name)["DBClusterSnapshots"][0]


@pytest.mark.parametrize("source", ["MINE", AUTOMATED, f"{ARN}:{OWN}:snapshot:mine"])
def test_copy_snapshot_becomes_manual_and_available(sim: Any, rds: Any, copied: Any, source: str) -> None:
    """Manual, with its own time, the original's time and the IAM setting (✓ model)."""
    row = copied(source, "New")
    assert (row["Status"], row["PercentProgress"], row["DBSnapshotIdentifier"]) == ("creating", 0, "new")
    sim.clock.advance(60)
    row = _snapshot(rds)
    assert (row["Status"], row["SnapshotType"], row[IAM]) == ("available", "manual", True)
    assert (row["SnapshotCreateTime"], row["OriginalSnapshotCreateTime"]) == (NOW, NOW - DAY)
    assert (row["TagList"], row["DBSnapshotArn"]) == ([], f"{ARN}:{OWN}:snapshot:new")
    assert "SourceDBSnapshotIdentifier" not in row


def test_copy_cluster_snapshot_shows_copying_and_its_source(sim: Any, rds: Any, copied_cluster: Any) -> None:
    """`copying`, then `available`; a cluster's copy always names its source (✓ model)."""
    row = copied_cluster("mine", CopyTags=True)
    assert (row["Status"], row["TagList"]) == ("copying", [{"Key": "env", "Value": "prod"}])
    sim.clock.advance(60)
    row = _cluster_snapshot(rds)
    assert (row["Status"], row["SnapshotType"], row[IAM]) == ("available", "manual", True)
    assert row["SourceDBClusterSnapshotArn"] == f"{ARN}:{OWN}:cluster-snapshot:mine"
    assert row["LicenseModel"] == "postgresql-license"


def test_restore_copy_inherits_setting(sim: Any, rds: Any, instance: Any, cluster: Any, copied: Any) -> None:
    """A restore of the copy equals a restore of the snapshot (✓ user guide)."""
    copied("mine")
    rds.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier="mine", TargetDBClusterSnapshotIdentifier="new", KmsKeyId=KEY
    )
    sim.clock.advance(60)
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="back", DBSnapshotIdentifier="new")
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="back", SnapshotIdentifier="new", Engine="aurora-postgresql"
    )
    assert (instance("back")[IAM], cluster("back")[IAM]) == (True, True)
    assert cluster("back")["KmsKeyId"] == KEY


@pytest.mark.parametrize(
    ("more", "tags"),
    [
        ({}, {}),
        ({"CopyTags": True}, {"env": "prod"}),
        ({"CopyTags": True, "Tags": [{"Key": "a", "Value": "b"}]}, {"a": "b"}),
    ],
)
def test_copy_tags(copied: Any, more: dict[str, Any], tags: dict[str, str]) -> None:
    """No tags by default (✓ model); given tags replace those of the source (✓ user guide)."""
    assert {tag["Key"]: tag["Value"] for tag in copied("mine", **more)["TagList"]} == tags


def test_copy_without_key_keeps_the_key(rds: Any, copied: Any) -> None:
    """The key stays the same within an account and a Region (✓ model)."""
    assert copied("mine")["KmsKeyId"] == _snapshot(rds, "mine")["KmsKeyId"]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (KEY, KEY),
        (KEY.rpartition("/")[2], KEY),
        ("alias/aws/rds", f"arn:aws:kms:eu-west-1:{OWN}:key/0f7c1e2a-5b3d-4c6e-8f90-a1b2c3d4e5f6"),
    ],
)
@pytest.mark.parametrize("source", ["mine", "plain"])
def test_copy_with_key_is_encrypted_with_it(copied: Any, source: str, given: str, stored: str) -> None:
    """ARN, id or alias; an unencrypted instance snapshot becomes encrypted (✓ model)."""
    row = copied(source, KmsKeyId=given)
    assert (row["Encrypted"], row["KmsKeyId"]) == (True, stored)


def test_copy_with_alias_finds_the_key_in_kms(copied: Any, connect: Any, refused: Any) -> None:
    """moto's KMS in the same process has the aliases."""
    kms = connect(service="kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/backups", TargetKeyId=key["KeyId"])
    assert copied("mine", KmsKeyId="alias/backups")["KmsKeyId"] == key["Arn"]
    assert refused(copied, source="mine", target="x", KmsKeyId="alias/none")[0] == "KMSKeyNotAccessibleFault"


def test_copy_unencrypted_cluster_snapshot_with_key_is_refused(copied_cluster: Any, refused: Any) -> None:
    """Only an encrypted cluster snapshot accepts a key (✓ model; code ?)."""
    assert refused(copied_cluster, source="plain", KmsKeyId=KEY)[0] == "InvalidParameterCombination"
    assert copied_cluster("plain")["StorageEncrypted"] is False


def test_copy_shared_encrypted_snapshot_needs_own_key(copied: Any, copied_cluster: Any, refused: Any) -> None:
    """ "You must specify a value for this parameter" (✓ model); the text: △ aurora-snapshot-tool issue 25."""
    assert refused(copied, source=THEIRS) == ("KMSKeyNotAccessibleFault", NO_KEY)
    theirs = f"{ARN}:{OTHER}:cluster-snapshot:theirs"
    assert refused(copied_cluster, source=theirs) == ("KMSKeyNotAccessibleFault", NO_KEY)
    foreign_key = KEY.replace(OWN, OTHER)
    assert refused(copied, source=THEIRS, KmsKeyId=foreign_key)[0] == "KMSKeyNotAccessibleFault"
    row = copied(THEIRS, KmsKeyId=KEY, CopyTags=True)
    assert (row["KmsKeyId"], row["TagList"], row["SourceDBSnapshotIdentifier"]) == (KEY, [], THEIRS)
    assert copied_cluster(theirs, KmsKeyId=KEY)["KmsKeyId"] == KEY


def test_restore_of_shared_encrypted_snapshot_after_copy(sim: Any, rds: Any, copied: Any, refused: Any) -> None:
    """The remedy in the error message of the restore works."""
    restore, name = rds.restore_db_instance_from_db_snapshot, {"DBInstanceIdentifier": "back"}
    assert refused(restore, **name, DBSnapshotIdentifier=THEIRS)[0] == "KMSKeyNotAccessibleFault"
    copied(THEIRS, KmsKeyId=KEY)
    assert refused(restore, **name, DBSnapshotIdentifier="new")[0] == "InvalidDBSnapshotState"
    sim.clock.advance(60)
    assert restore(**name, DBSnapshotIdentifier="new")["DBInstance"]["KmsKeyId"] == KEY


def test_copy_shared_unencrypted_snapshot(copied: Any) -> None:
    """No key is required."""
    row = copied(f"{ARN}:{OTHER}:snapshot:open")
    assert (row["Encrypted"], row["OptionGroupName"]) == (False, "default:mysql-8-0")


def test_copy_from_another_region(sim: Any, rds: Any, connect: Any, copied: Any, refused: Any) -> None:
    """By ARN, with a key of this Region (✓ model)."""
    far = {"identifier": "far", "engine": "mysql", "iam_database_authentication_enabled": True}
    sim.seed({"region": "us-east-1", "db_instances": [far], "snapshots": [{"identifier": "far", "source": "far"}]})
    source = f"arn:aws:rds:us-east-1:{OWN}:snapshot:far"
    assert refused(copied, source=source) == ("KMSKeyNotAccessibleFault", NO_KEY)
    wrong = KEY.replace("eu-west-1", "us-east-1")
    assert refused(copied, source=source, KmsKeyId=wrong)[0] == "KMSKeyNotAccessibleFault"
    row = copied(source, KmsKeyId=KEY)
    assert (row["SourceRegion"], row["SourceDBSnapshotIdentifier"], row[IAM]) == ("us-east-1", source, True)
    assert refused(copied, source=source.replace(":far", ":none"), target="x")[0] == "DBSnapshotNotFound"
    nowhere = f"arn:aws:rds:nowhere-1:{OWN}:snapshot:far"
    assert refused(copied, source=nowhere, target="x")[0] == "DBSnapshotNotFound"


def test_copy_with_option_group(copied: Any, refused: Any) -> None:
    """Only a group of the major version of the engine (✓ user guide; code ?)."""
    assert copied("mine", OptionGroupName="options")["OptionGroupName"] == "options"
    assert refused(copied, source="mine", target="x", OptionGroupName="none")[0] == "OptionGroupNotFoundFault"


def test_copy_refused_codes(rds: Any, copied: Any, copied_cluster: Any, refused: Any) -> None:
    """The wire codes (✓ model)."""
    assert refused(copied, source="none")[0] == "DBSnapshotNotFound"
    assert refused(copied, source="broken")[0] == "InvalidDBSnapshotState"
    assert refused(copied, source="mine", target="plain")[0] == "DBSnapshotAlreadyExists"
    assert refused(copied, source="mine", target="not_a_name")[0] == "InvalidParameterValue"
    assert refused(copied, source="mine", CopyOptionGroup=True)[0] == "SimulatorNotImplemented"
    assert refused(copied_cluster, source="none")[0] == "DBClusterSnapshotNotFoundFault"
    assert refused(copied_cluster, source="broken")[0] == "InvalidDBClusterSnapshotStateFault"
    assert refused(copied_cluster, source="trio")[0] == "InvalidDBClusterSnapshotStateFault"
    assert refused(copied_cluster, source="mine", target="plain")[0] == "DBClusterSnapshotAlreadyExistsFault"
    assert refused(copied_cluster, source="mine", target="a" * 64)[0] == "InvalidParameterValue"


def test_delete_while_copying_cancels(sim: Any, rds: Any, copied_cluster: Any, refused: Any) -> None:
    """ "To cancel the copy operation, delete the target while it is in copying status" (✓ model)."""
    copied_cluster("mine")
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="new")
    sim.clock.advance(60)
    code, _text = refused(rds.describe_db_cluster_snapshots, DBClusterSnapshotIdentifier="new")
    assert code == "DBClusterSnapshotNotFoundFault"
