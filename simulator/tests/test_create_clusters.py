# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""CreateDBCluster, the Describe operations used before creation (versions, groups, networks), and deletion."""

from __future__ import annotations

from typing import Any

import pytest

SEED: dict[str, Any] = {
    "subnet_groups": [{"name": "Private", "vpc": "vpc-0feed"}],
    "db_cluster_parameter_groups": [{"name": "plain", "family": "aurora-postgresql16", "parameters": {"ssl": 0}}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql"}],
}
FAMILIES = [("db_parameter_group", "postgres16"), ("db_cluster_parameter_group", "aurora-mysql8.0")]


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def create(rds: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        asked = {
            "DBClusterIdentifier": "new",
            "Engine": "aurora-postgresql",
            "MasterUsername": "root",
            "MasterUserPassword": "correct-horse-battery",
            **more,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        row: dict[str, Any] = rds.create_db_cluster(**given)["DBCluster"]
        return row

    return run


@pytest.fixture
def trio(create: Any) -> Any:
    def run(**more: Any) -> dict[str, Any]:
        asked = {"Engine": "postgres", "DBClusterInstanceClass": "db.m6gd.large", "AllocatedStorage": 100, **more}
        row: dict[str, Any] = create(**asked)
        return row

    return run


@pytest.mark.parametrize("asked", [True, False, None])
@pytest.mark.parametrize("multi_az", [True, False])
def test_create_cluster_iam_setting(
    sim: Any, create: Any, trio: Any, cluster: Any, multi_az: bool, asked: bool | None
) -> None:
    """As requested, off by default, for Aurora and Multi-AZ DB clusters (✓ model)."""
    row = (trio if multi_az else create)(EnableIAMDatabaseAuthentication=asked)
    assert (row["Status"], len(row["DBClusterMembers"])) == ("creating", 3 if multi_az else 0)
    assert ("EarliestRestorableTime" in row, row["BackupRetentionPeriod"]) == (False, 1)
    sim.clock.advance(300)
    row = cluster("new")
    assert (row["Status"], row["IAMDatabaseAuthenticationEnabled"]) == ("available", bool(asked))
    assert row["EarliestRestorableTime"] <= row["LatestRestorableTime"]
    for member in row["DBClusterMembers"]:
        shown = sim.database("instance", member["DBInstanceIdentifier"])
        assert shown["IAMDatabaseAuthenticationEnabled"] is bool(asked)


def test_create_serverless_cluster(sim: Any, rds: Any, create: Any) -> None:
    """v2: capacity limits on the cluster, then members of the class db.serverless (✓ Aurora user guide)."""
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 8.0}
    assert create(ServerlessV2ScalingConfiguration=scaling)["ServerlessV2ScalingConfiguration"] == scaling
    sim.clock.advance(120)
    member = {"DBInstanceIdentifier": "new-1", "DBClusterIdentifier": "new", "Engine": "aurora-postgresql"}
    rds.create_db_instance(**member, DBInstanceClass="db.serverless")
    sim.clock.advance(120)
    assert sim.database("instance", "new-1")["DBInstanceStatus"] == "available"


def test_create_cluster_applies_requested_values(create: Any) -> None:
    """Describe returns the requested values (✓ model)."""
    row = create(
        DBSubnetGroupName="private",
        MasterUserPassword=None,
        ManageMasterUserPassword=True,
        DatabaseName="books",
        Port=5555,
        DeletionProtection=True,
        StorageEncrypted=True,
        BackupRetentionPeriod=9,
        EnableHttpEndpoint=True,
        Tags=[{"Key": "env", "Value": "prod"}],
    )
    assert (row["DBSubnetGroup"], row["VpcSecurityGroups"][0]["VpcSecurityGroupId"]) == ("private", "sg-0feed")
    assert (row["DatabaseName"], row["Port"], row["BackupRetentionPeriod"]) == ("books", 5555, 9)
    assert (row["DeletionProtection"], row["HttpEndpointEnabled"], row["StorageEncrypted"]) == (True, True, True)
    assert row["MasterUserSecret"]["SecretArn"].startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!")
    assert row["TagList"] == [{"Key": "env", "Value": "prod"}]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"DBClusterIdentifier": "Ledger"}, "DBClusterAlreadyExistsFault"),
        ({"Engine": "mariadb"}, "InvalidParameterValue"),
        ({"Engine": "postgres", "DBClusterInstanceClass": "db.m6gd.large"}, "InvalidParameterValue"),
        ({"Engine": "postgres", "AllocatedStorage": 100}, "InvalidParameterCombination"),
        ({"EngineMode": "serverless"}, "InvalidParameterValue"),
        ({"MasterUserPassword": None}, "InvalidParameterValue"),
        ({"BackupRetentionPeriod": 0}, "InvalidParameterValue"),
        ({"DBClusterParameterGroupName": "nope"}, "DBClusterParameterGroupNotFound"),
        ({"OptionGroupName": "nope"}, "OptionGroupNotFoundFault"),
        (
            {"DBClusterParameterGroupName": "plain", "EnableIAMDatabaseAuthentication": True},
            "InvalidParameterCombination",
        ),
        ({"Engine": "docdb", "EnableIAMDatabaseAuthentication": True}, "InvalidParameterCombination"),
        ({"WithExpressConfiguration": True}, "SimulatorNotImplemented"),
        ({"GlobalClusterIdentifier": "world", "MasterUsername": None}, "InvalidParameterCombination"),
        ({"ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:1:cluster:x"}, "InvalidParameterCombination"),
    ],
)
def test_create_cluster_invalid_request_refused(
    rds: Any, create: Any, refused: Any, more: dict[str, Any], code: str
) -> None:
    """Codes for existing or missing resources ✓ (model); others △ or ?.

    Storage, password and Serverless v1 △; the rest ?. Nothing is created.
    """
    assert refused(create, **more)[0] == code
    assert len(rds.describe_db_clusters()["DBClusters"]) == 1


def test_create_multi_az_cluster_member_name_in_use_refused(sim: Any, trio: Any, refused: Any) -> None:
    """A Multi-AZ DB cluster names its instances itself (△)."""
    sim.seed({"db_instances": [{"identifier": "new-instance-2", "engine": "mysql"}]})
    assert refused(trio)[0] == "DBInstanceAlreadyExists"


def test_delete_multi_az_cluster(sim: Any, rds: Any, trio: Any) -> None:
    """Its instances are deleted with it (✓ user guide), also while they are being created."""
    trio()
    sim.clock.advance(60)
    rds.delete_db_cluster(DBClusterIdentifier="new", SkipFinalSnapshot=True)
    sim.clock.advance(600)
    assert [row["DBInstanceIdentifier"] for row in rds.describe_db_instances()["DBInstances"]] == ["ledger-1"]


def test_describe_subnet_groups(rds: Any, refused: Any) -> None:
    """The default group always exists (△); an unknown one: DBSubnetGroupNotFoundFault (✓ model)."""
    names = [row["DBSubnetGroupName"] for row in rds.describe_db_subnet_groups()["DBSubnetGroups"]]
    assert names == ["default", "private"]
    (row,) = rds.describe_db_subnet_groups(DBSubnetGroupName="PRIVATE")["DBSubnetGroups"]
    assert row["VpcId"] == "vpc-0feed"
    assert refused(rds.describe_db_subnet_groups, DBSubnetGroupName="no")[0] == "DBSubnetGroupNotFoundFault"


@pytest.mark.parametrize(
    ("asked", "versions"),
    [
        ({"Engine": "postgres", "EngineVersion": "16.4"}, ["16.4"]),
        (
            {"Engine": "postgres", "EngineVersion": "16"},
            ["16.3", "16.4", "16.8", "16.9", "16.10", "16.11", "16.12", "16.13", "16.14", "16.15"],
        ),
        ({"Engine": "postgres", "EngineVersion": "16.99"}, []),
        ({"Engine": "postgres", "DefaultOnly": True}, ["16.4"]),
        ({"Engine": "postgres", "EngineVersion": "17", "DefaultOnly": True}, ["17.11"]),
        (
            {"DBParameterGroupFamily": "aurora-postgresql17"},
            ["17.4", "17.5", "17.6", "17.7", "17.9", "17.10", "17.11"],
        ),
        (
            {"Engine": "postgres", "Filters": [{"Name": "engine-version", "Values": ["18.1", "11.22"]}]},
            ["11.22", "18.1"],
        ),
        (
            {"Filters": [{"Name": "db-parameter-group-family", "Values": ["aurora-postgresql12"]}]},
            ["12.9", "12.19", "12.22"],
        ),
    ],
)
def test_describe_engine_versions(rds: Any, asked: dict[str, Any], versions: list[str]) -> None:
    """The offered versions, by filters (✓ model; a major version as EngineVersion △)."""
    rows = rds.describe_db_engine_versions(**asked)["DBEngineVersions"]
    assert [row["EngineVersion"] for row in rows] == versions


def test_describe_engine_versions_in_pages(rds: Any, refused: Any) -> None:
    """20 to 100 per page; there is no IAM field, but its log is listed (✓ model)."""
    ask = rds.describe_db_engine_versions
    assert refused(ask, MaxRecords=101)[0] == "InvalidParameterValue"
    pages = list(rds.get_paginator("describe_db_engine_versions").paginate(PaginationConfig={"PageSize": 20}))
    rows = [(row["Engine"], row["EngineVersion"]) for page in pages for row in page["DBEngineVersions"]]
    assert len(pages) > 2
    assert len(set(rows)) == len(rows)
    assert len(ask()["DBEngineVersions"]) == 100
    (row,) = ask(Engine="postgres", DefaultOnly=True)["DBEngineVersions"]
    assert row["DBParameterGroupFamily"] == "postgres16"
    assert "iam-db-auth-error" in row["ExportableLogTypes"]


@pytest.mark.parametrize(("noun", "family"), FAMILIES)
def test_create_parameter_groups(rds: Any, refused: Any, noun: str, family: str) -> None:
    """A group can be created once and tagged (✓ model: one code for both kinds).

    The family must exist (code ?).
    """
    make, prefix = getattr(rds, f"create_{noun}"), "DB" if noun.startswith("db_p") else "DBCluster"
    name = f"{prefix}ParameterGroupName"
    asked = {name: "Mine", "DBParameterGroupFamily": family, "Description": "mine"}
    row = make(**asked, Tags=[{"Key": "a", "Value": "b"}])[f"{prefix}ParameterGroup"]
    assert (row[name], row["DBParameterGroupFamily"]) == ("mine", family)
    arn = row[f"{prefix}ParameterGroupArn"]
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "a", "Value": "b"}]
    assert refused(make, **asked)[0] == "DBParameterGroupAlreadyExists"
    assert refused(make, **{**asked, name: "x", "DBParameterGroupFamily": "y9"})[0] == "InvalidParameterValue"
    rows = getattr(rds, f"describe_{noun}s")(**{name: "mine"})[f"{prefix}ParameterGroups"]
    assert rows == [row]
