# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""CreateDBInstance, for separate instances and cluster members, and CreateDBInstanceReadReplica."""

from __future__ import annotations

from typing import Any

import pytest

PASSWORD = "correct-horse-battery"
SEED: dict[str, Any] = {
    "db_parameter_groups": [
        {"name": "pg13", "family": "postgres13", "parameters": {"ssl": "0"}},
        {"name": "mine", "family": "mysql8.0"},
        {"name": "apg16", "family": "aurora-postgresql16"},
    ],
    "db_instances": [
        {"identifier": "shop", "engine": "mysql", "db_parameter_group": "mine"},
        {"identifier": "nightless", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
        {"identifier": "vault", "engine": "oracle-ee"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "iam_database_authentication_enabled": True},
        {"identifier": "carts", "engine": "aurora-mysql", "iam_database_authentication_enabled": True, "members": 0},
        {"identifier": "trio", "engine": "mysql"},
        {"identifier": "busy", "engine": "aurora-mysql", "status": "modifying"},
    ],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def create(rds: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        asked = {
            "DBInstanceIdentifier": "new",
            "DBInstanceClass": "db.m6g.large",
            "Engine": "postgres",
            "AllocatedStorage": 20,
            "MasterUsername": "root",
            "MasterUserPassword": PASSWORD,
            **more,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        row: dict[str, Any] = rds.create_db_instance(**given)["DBInstance"]
        return row

    return run


@pytest.fixture
def join(rds: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        asked = {
            "DBInstanceIdentifier": "new",
            "DBClusterIdentifier": "ledger",
            "DBInstanceClass": "db.r6g.large",
            "Engine": "aurora-postgresql",
            **more,
        }
        row: dict[str, Any] = rds.create_db_instance(**asked)["DBInstance"]
        return row

    return run


@pytest.fixture
def replicate(rds: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        asked = {"DBInstanceIdentifier": "copy", "SourceDBInstanceIdentifier": "shop", **more}
        given = {name: value for name, value in asked.items() if value is not None}
        row: dict[str, Any] = rds.create_db_instance_read_replica(**given)["DBInstance"]
        return row

    return run


@pytest.mark.parametrize("asked", [True, False, None])
def test_create_instance_iam_setting(sim: Any, create: Any, instance: Any, asked: bool | None) -> None:
    """As requested, off by default (✓ model); an AWS example writes MySQL in mixed case (✓ user guide)."""
    row = create(Engine="MySQL", EnableIAMDatabaseAuthentication=asked)
    assert (row["Engine"], row["EngineVersion"], row["DBInstanceStatus"]) == ("mysql", "8.0.40", "creating")
    sim.clock.advance(120)
    assert instance("new")["DBInstanceStatus"] == "backing-up"
    sim.clock.advance(30)
    row = instance("new")
    assert (row["DBInstanceStatus"], row["IAMDatabaseAuthenticationEnabled"]) == ("available", bool(asked))
    assert (row["BackupRetentionPeriod"], row["StorageEncrypted"], "KmsKeyId" in row) == (1, False, False)


@pytest.mark.parametrize("status", ["deleting", "failed"])
def test_create_instance_keeps_externally_set_status(
    sim: Any, rds: Any, create: Any, instance: Any, status: str
) -> None:
    """A deleted or failed instance does not become available (inferred ?)."""
    sim.settings.update(delete_seconds=1000)
    create()
    sim.clock.advance(60)
    if status == "deleting":
        rds.delete_db_instance(DBInstanceIdentifier="new", SkipFinalSnapshot=True)
    else:
        sim.database("instance", "new")["DBInstanceStatus"] = status
    sim.clock.advance(600)
    assert instance("new")["DBInstanceStatus"] == status


def test_create_instance_without_backups(sim: Any, create: Any, instance: Any) -> None:
    """Retention 0: no backing-up, and no restorable time (✓ user guide)."""
    create(BackupRetentionPeriod=0)
    sim.clock.advance(120)
    row = instance("new")
    assert (row["DBInstanceStatus"], "LatestRestorableTime" in row) == ("available", False)


def test_create_instance_applies_requested_values(create: Any) -> None:
    """Describe returns the requested values (✓ model)."""
    row = create(
        EngineVersion="15",
        StorageEncrypted=True,
        MasterUserPassword=None,
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId="alias/mine",
        DeletionProtection=True,
        Domain="d-1",
        DomainIAMRoleName="joiner",
        CACertificateIdentifier="rds-ca-ecc384-g1",
        Tags=[{"Key": "env"}],
    )
    assert (row["EngineVersion"], row["DBParameterGroups"][0]["DBParameterGroupName"]) == (
        "15.19",
        "default.postgres15",
    )
    assert (row["StorageEncrypted"], "KmsKeyId" in row, row["DeletionProtection"]) == (True, True, True)
    secret = row["MasterUserSecret"]
    assert (secret["SecretStatus"], secret["KmsKeyId"]) == ("creating", "alias/mine")
    assert row["DomainMemberships"] == [{"Domain": "d-1", "IAMRoleName": "joiner", "Status": "joined"}]
    assert row["CertificateDetails"]["CAIdentifier"] == "rds-ca-ecc384-g1"
    assert row["TagList"] == [{"Key": "env", "Value": ""}]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"DBInstanceIdentifier": "SHOP"}, "DBInstanceAlreadyExists"),
        ({"DBInstanceIdentifier": "1st"}, "InvalidParameterValue"),
        ({"Engine": "sqlite"}, "InvalidParameterValue"),
        ({"Engine": "aurora-mysql"}, "InvalidParameterCombination"),
        ({"EngineVersion": "16.99"}, "InvalidParameterCombination"),
        ({"DBInstanceClass": "db.serverless"}, "InvalidParameterCombination"),
        ({"AllocatedStorage": None}, "InvalidParameterValue"),
        ({"AllocatedStorage": 5}, "InvalidParameterValue"),
        ({"MasterUsername": None}, "InvalidParameterValue"),
        ({"MasterUserPassword": None}, "InvalidParameterValue"),
        ({"MasterUserPassword": "short"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "with/a/slash"}, "InvalidParameterValue"),
        ({"ManageMasterUserPassword": True}, "InvalidParameterCombination"),
        (
            {"Engine": "mysql", "MasterUserPassword": None, "MasterUserAuthenticationType": "iam-db-auth"},
            "InvalidParameterCombination",
        ),
        ({"BackupRetentionPeriod": 36}, "InvalidParameterValue"),
        ({"KmsKeyId": "alias/mine"}, "InvalidParameterCombination"),
        ({"DBSubnetGroupName": "nope"}, "DBSubnetGroupNotFoundFault"),
        ({"DBParameterGroupName": "mine"}, "InvalidParameterCombination"),
        ({"DBParameterGroupName": "nope"}, "DBParameterGroupNotFound"),
        (
            {"Engine": "oracle-ee", "EnableIAMDatabaseAuthentication": True, "DBInstanceClass": "db.m6i.large"},
            "InvalidParameterCombination",
        ),
        (
            {"EngineVersion": "13.20", "DBParameterGroupName": "pg13", "EnableIAMDatabaseAuthentication": True},
            "InvalidParameterCombination",
        ),
        ({"DBClusterIdentifier": "nope"}, "DBClusterNotFoundFault"),
    ],
)
def test_create_instance_invalid_request_refused(
    rds: Any, create: Any, refused: Any, more: dict[str, Any], code: str
) -> None:
    """Codes for existing or missing resources ✓ (model); others △ or ?.

    Versions, classes, storage and passwords △; the rest ?. Nothing is created.
    """
    before = len(rds.describe_db_instances()["DBInstances"])
    assert refused(create, **more)[0] == code
    assert len(rds.describe_db_instances()["DBInstances"]) == before


def test_create_instance_with_iam_master_user(create: Any) -> None:
    """Only PostgreSQL then requires no password (✓ model)."""
    create(MasterUserPassword=None, MasterUserAuthenticationType="iam-db-auth", EnableIAMDatabaseAuthentication=True)


def test_create_cluster_member(sim: Any, join: Any, cluster: Any, instance: Any) -> None:
    """A member shows the setting of its cluster (✓ model)."""
    row = join(DBParameterGroupName="apg16", PromotionTier=5)
    assert (row["IAMDatabaseAuthenticationEnabled"], row["EngineVersion"]) == (True, "16.4")
    assert cluster("ledger")["DBClusterMembers"][-1] == {
        "DBInstanceIdentifier": "new",
        "IsClusterWriter": False,
        "DBClusterParameterGroupStatus": "in-sync",
        "PromotionTier": 5,
    }
    sim.clock.advance(120)
    assert (instance("new")["DBInstanceStatus"], "LatestRestorableTime" in instance("new")) == ("available", False)


@pytest.mark.parametrize(
    ("more", "code", "text"),
    [
        ({"EnableIAMDatabaseAuthentication": True}, "InvalidParameterCombination", "for the DB Cluster"),
        ({"MasterUserPassword": PASSWORD}, "InvalidParameterCombination", "Set master user password"),
        ({"Engine": "postgres"}, "InvalidParameterCombination", "engine name"),
        ({"EngineVersion": "15.7"}, "InvalidParameterCombination", "engine version"),
        ({"DBInstanceClass": "db.serverless"}, "InvalidDBClusterStateFault", "Serverless v2 scaling"),
        ({"DBClusterIdentifier": "busy", "Engine": "aurora-mysql"}, "InvalidDBClusterStateFault", "available"),
        ({"DBClusterIdentifier": "trio", "Engine": "mysql"}, "InvalidParameterValue", "Use CreateDBCluster"),
        (
            {"DBClusterIdentifier": "carts", "Engine": "aurora-mysql", "DBInstanceClass": "db.t3.small"},
            "InvalidParameterCombination",
            "not supported for this configuration",
        ),
    ],
)
def test_create_cluster_member_invalid_request_refused(
    join: Any, refused: Any, more: dict[str, Any], code: str, text: str
) -> None:
    """✓ model and Aurora user guide; texts △, the first ?.

    Texts: community.aws issue 850, issues of terraform modules.
    """
    answer = refused(join, **more)
    assert (answer[0], text in answer[1]) == (code, True)


def test_create_replica(sim: Any, replicate: Any, instance: Any) -> None:
    """No backups; group, class and port of its source; a new resource id (✓ model)."""
    row = replicate()
    assert (row["BackupRetentionPeriod"], row["ReadReplicaSourceDBInstanceIdentifier"]) == (0, "shop")
    assert row["DBParameterGroups"][0]["DBParameterGroupName"] == "mine"
    assert row["DbiResourceId"] != instance("shop")["DbiResourceId"]
    assert instance("shop")["ReadReplicaDBInstanceIdentifiers"] == ["copy"]
    sim.clock.advance(120)
    row = instance("copy")
    assert (row["DBInstanceStatus"], row["StatusInfos"][0]["Status"]) == ("available", "replicating")


def test_create_replica_of_multi_az_cluster(rds: Any, sim: Any, replicate: Any, cluster: Any) -> None:
    """The source can be a Multi-AZ DB cluster (✓ model), which forgets a deleted replica."""
    row = replicate(SourceDBInstanceIdentifier=None, SourceDBClusterIdentifier="trio")
    assert (row["ReadReplicaSourceDBClusterIdentifier"], row["DBInstanceClass"]) == ("trio", "db.m6gd.large")
    assert cluster("trio")["ReadReplicaIdentifiers"] == ["copy"]
    sim.clock.advance(120)
    rds.delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)
    sim.clock.advance(60)
    assert cluster("trio")["ReadReplicaIdentifiers"] == []


def test_create_replica_in_another_region(connect: Any, replicate: Any, instance: Any) -> None:
    """By the ARN of its source (✓ model), with the default group of its own Region (✓ model)."""
    away = connect(region="eu-central-1")
    arn = instance("shop")["DBInstanceArn"]
    row = away.create_db_instance_read_replica(DBInstanceIdentifier="far", SourceDBInstanceIdentifier=arn)["DBInstance"]
    assert row["ReadReplicaSourceDBInstanceIdentifier"] == arn
    assert row["DBParameterGroups"][0]["DBParameterGroupName"] == "default.mysql8.0"
    assert instance("shop")["ReadReplicaDBInstanceIdentifiers"] == [row["DBInstanceArn"]]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"SourceDBInstanceIdentifier": None}, "InvalidParameterCombination"),
        ({"SourceDBClusterIdentifier": "trio"}, "InvalidParameterCombination"),
        ({"SourceDBInstanceIdentifier": "nope"}, "DBInstanceNotFound"),
        ({"SourceDBInstanceIdentifier": "nightless"}, "InvalidDBInstanceState"),
        ({"SourceDBInstanceIdentifier": "ledger-1"}, "InvalidParameterCombination"),
        ({"SourceDBInstanceIdentifier": None, "SourceDBClusterIdentifier": "ledger"}, "InvalidParameterCombination"),
        ({"DBParameterGroupName": "mine"}, "InvalidParameterCombination"),
        ({"DBInstanceIdentifier": "vault"}, "DBInstanceAlreadyExists"),
        (
            {"SourceDBInstanceIdentifier": "vault", "EnableIAMDatabaseAuthentication": True},
            "InvalidParameterCombination",
        ),
    ],
)
def test_create_replica_invalid_request_refused(
    replicate: Any, instance: Any, refused: Any, more: dict[str, Any], code: str
) -> None:
    """One source, with backups, not Aurora; the group is inherited (✓ model); codes △ or ?."""
    assert refused(replicate, **more)[0] == code
    assert instance("shop")["ReadReplicaDBInstanceIdentifiers"] == []


def test_create_replica_of_unavailable_source_refused(sim: Any, replicate: Any, refused: Any) -> None:
    """The source must be available (✓ model)."""
    sim.database("instance", "shop")["DBInstanceStatus"] = "modifying"
    assert refused(replicate)[0] == "InvalidDBInstanceState"


def test_create_with_alias_finds_the_key_in_kms(create: Any, connect: Any, refused: Any) -> None:
    kms = connect(service="kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/databases", TargetKeyId=key["KeyId"])
    assert create(StorageEncrypted=True, KmsKeyId="alias/databases")["KmsKeyId"] == key["Arn"]
    unknown = {"DBInstanceIdentifier": "x", "StorageEncrypted": True, "KmsKeyId": "alias/none"}
    assert refused(create, **unknown)[0] == "KMSKeyNotAccessibleFault"
