# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Requests and responses conform to botocore's model."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable
from typing import Any

import pytest
from moto.core.utils import get_service_model
from rds_simulator.api import wire
from rds_simulator.api.registry import implemented, parse_parameters
from rds_simulator.engines.catalogue import is_aurora
from rds_simulator.engines.engines import ENGINES
from rds_simulator.errors import AwsError

FLEET: dict[str, Any] = {
    "subnet_groups": [{"name": "private"}],
    "option_groups": [{"name": "audit", "engine": "mysql"}],
    "db_parameter_groups": [{"name": "pg", "family": "postgres16"}],
    "db_cluster_parameter_groups": [{"name": "cpg", "family": "aurora-postgresql16"}],
    "db_instances": [
        {"identifier": f"one-{name}", "engine": name, "tags": {"a": "b & <c>"}}
        for name in ENGINES
        if not is_aurora(name)
    ]
    + [{"identifier": "replica", "engine": "postgres", "source": "one-postgres"}],
    "db_clusters": [
        {"identifier": f"many-{name}", "engine": name, "members": 2}
        for name in (*(name for name in ENGINES if is_aurora(name)), "mysql", "postgres")
    ]
    + [
        {
            "identifier": "far",
            "engine": "aurora-mysql",
            "extra": {"ReplicationSourceIdentifier": "arn:aws:rds:a:1:db:b"},
        }
    ],
    "snapshots": [{"identifier": f"kept-{name}", "source": f"one-{name}"} for name in ENGINES if not is_aurora(name)],
    "cluster_snapshots": [{"identifier": "kept", "source": "many-aurora-postgresql"}],
    "automated_backups": [{"source": "gone", "engine": "oracle-ee"}],
    "cluster_automated_backups": [{"source": "gone", "engine": "aurora-mysql"}],
}
ARN = "arn:aws:rds:eu-west-1:123456789012:db:one-postgres"
MASTER = {"MasterUsername": "root_user", "MasterUserPassword": "correct-horse-battery"}
FROM_S3 = {
    "SourceEngine": "mysql",
    "SourceEngineVersion": "8.0.40",
    "S3BucketName": "backups",
    "S3IngestionRoleArn": "arn:aws:iam::123456789012:role/ingest",
    **MASTER,
}
REQUESTS: dict[str, dict[str, Any]] = {
    "CreateDBInstance": {
        "DBInstanceIdentifier": "new",
        "DBInstanceClass": "db.m6g.large",
        "Engine": "MySQL",
        "AllocatedStorage": 20,
        **MASTER,
    },
    "CreateDBCluster": {"DBClusterIdentifier": "new", "Engine": "aurora-mysql", **MASTER},
    "CreateDBInstanceReadReplica": {"DBInstanceIdentifier": "new", "SourceDBInstanceIdentifier": "one-mysql"},
    "RestoreDBInstanceFromDBSnapshot": {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "kept-oracle-ee"},
    "RestoreDBInstanceToPointInTime": {
        "TargetDBInstanceIdentifier": "new",
        "SourceDBInstanceIdentifier": "one-postgres",
        "UseLatestRestorableTime": True,
    },
    "RestoreDBInstanceFromS3": {
        "DBInstanceIdentifier": "new",
        "DBInstanceClass": "db.m6g.large",
        "Engine": "mysql",
        **FROM_S3,
    },
    "RestoreDBClusterFromSnapshot": {
        "DBClusterIdentifier": "new",
        "SnapshotIdentifier": "kept",
        "Engine": "aurora-postgresql",
    },
    "RestoreDBClusterToPointInTime": {
        "DBClusterIdentifier": "new",
        "SourceDBClusterIdentifier": "many-aurora-mysql",
        "UseLatestRestorableTime": True,
    },
    "RestoreDBClusterFromS3": {"DBClusterIdentifier": "new", "Engine": "aurora-mysql", **FROM_S3},
    "CreateDBSnapshot": {"DBSnapshotIdentifier": "new", "DBInstanceIdentifier": "one-postgres"},
    "CreateDBClusterSnapshot": {"DBClusterSnapshotIdentifier": "new", "DBClusterIdentifier": "many-mysql"},
    "DeleteDBSnapshot": {"DBSnapshotIdentifier": "kept-postgres"},
    "DeleteDBClusterSnapshot": {"DBClusterSnapshotIdentifier": "kept"},
    "DescribeDBSnapshots": {},
    "DescribeDBClusterSnapshots": {},
    "DescribeDBInstanceAutomatedBackups": {},
    "DescribeDBClusterAutomatedBackups": {},
    "DescribeDBSubnetGroups": {},
    "DescribeDBEngineVersions": {},
    "CreateDBParameterGroup": {
        "DBParameterGroupName": "new",
        "DBParameterGroupFamily": "postgres16",
        "Description": "new",
    },
    "CreateDBClusterParameterGroup": {
        "DBClusterParameterGroupName": "new",
        "DBParameterGroupFamily": "aurora-mysql8.0",
        "Description": "new",
    },
    "DescribeDBInstances": {},
    "DescribeDBProxies": {},
    "DescribeDBClusters": {},
    "ModifyDBInstance": {"DBInstanceIdentifier": "one-mysql", "AllocatedStorage": 200},
    "ModifyDBCluster": {"DBClusterIdentifier": "many-aurora-mysql", "BackupRetentionPeriod": 3},
    "DescribeOrderableDBInstanceOptions": {"Engine": "postgres"},
    "DescribeDBParameterGroups": {},
    "DescribeDBClusterParameterGroups": {},
    "DescribeDBParameters": {"DBParameterGroupName": "default.mysql8.0"},
    "DescribeDBClusterParameters": {"DBClusterParameterGroupName": "cpg"},
    "ModifyDBParameterGroup": {
        "DBParameterGroupName": "pg",
        "Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}],
    },
    "ModifyDBClusterParameterGroup": {
        "DBClusterParameterGroupName": "cpg",
        "Parameters": [{"ParameterName": "ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}],
    },
    "AddTagsToResource": {"ResourceName": ARN, "Tags": [{"Key": "k", "Value": "v"}]},
    "ListTagsForResource": {"ResourceName": ARN},
    "RemoveTagsFromResource": {"ResourceName": ARN, "TagKeys": ["k"]},
    "RebootDBInstance": {"DBInstanceIdentifier": "one-postgres"},
    "StopDBInstance": {"DBInstanceIdentifier": "one-mariadb"},
    "StartDBInstance": {"DBInstanceIdentifier": "one-db2-se"},
    "StopDBCluster": {"DBClusterIdentifier": "many-mysql"},
    "StartDBCluster": {"DBClusterIdentifier": "many-postgres"},
    "DeleteDBInstance": {"DBInstanceIdentifier": "one-oracle-ee", "SkipFinalSnapshot": True},
    "DeleteDBCluster": {"DBClusterIdentifier": "many-docdb", "SkipFinalSnapshot": True},
    "CopyDBSnapshot": {"SourceDBSnapshotIdentifier": "kept-postgres", "TargetDBSnapshotIdentifier": "new"},
    "CopyDBClusterSnapshot": {"SourceDBClusterSnapshotIdentifier": "kept", "TargetDBClusterSnapshotIdentifier": "new"},
    "DescribeDBSnapshotAttributes": {"DBSnapshotIdentifier": "kept-postgres"},
    "DescribeDBClusterSnapshotAttributes": {"DBClusterSnapshotIdentifier": "kept"},
    "ModifyDBSnapshotAttribute": {
        "DBSnapshotIdentifier": "kept-postgres",
        "AttributeName": "restore",
        "ValuesToRemove": ["all"],
    },
    "ModifyDBClusterSnapshotAttribute": {
        "DBClusterSnapshotIdentifier": "kept",
        "AttributeName": "restore",
        "ValuesToRemove": ["123456789012"],
    },
    "PromoteReadReplica": {"DBInstanceIdentifier": "replica"},
    "PromoteReadReplicaDBCluster": {"DBClusterIdentifier": "far"},
    "DeleteDBParameterGroup": {"DBParameterGroupName": "pg"},
    "DeleteDBClusterParameterGroup": {"DBClusterParameterGroupName": "cpg"},
    "CreateDBSubnetGroup": {
        "DBSubnetGroupName": "new",
        "DBSubnetGroupDescription": "new",
        "SubnetIds": ["subnet-0a1b2c3d4e5f60000", "subnet-0a1b2c3d4e5f60001"],
    },
    "DeleteDBSubnetGroup": {"DBSubnetGroupName": "private"},
    "CreateOptionGroup": {
        "OptionGroupName": "new",
        "EngineName": "mysql",
        "MajorEngineVersion": "8.0",
        "OptionGroupDescription": "new",
    },
    "ModifyOptionGroup": {
        "OptionGroupName": "audit",
        "OptionsToInclude": [{"OptionName": "MARIADB_AUDIT_PLUGIN"}],
    },
    "DeleteOptionGroup": {"OptionGroupName": "audit"},
    "DescribeOptionGroups": {},
    "DescribeOptionGroupOptions": {"EngineName": "oracle-ee"},
    "DescribeCertificates": {},
    "DescribeEvents": {},
    "DescribePendingMaintenanceActions": {},
}


def _method(rds: Any, operation: str) -> Callable[..., dict[str, Any]]:
    names = {value: key for key, value in rds.meta.method_to_api_mapping.items()}
    method: Callable[..., dict[str, Any]] = getattr(rds, names[operation])
    return method


def put_backup(s3: Any) -> None:
    """Create a bucket with a file in moto's S3, which is part of the server."""
    s3.create_bucket(Bucket="backups")
    s3.put_object(Bucket="backups", Key="full/backup.xbstream", Body=b"x")


def test_every_operation_has_a_request_in_this_file() -> None:
    assert sorted(REQUESTS) == implemented()


@pytest.mark.parametrize("operation", sorted(REQUESTS))
def test_response_is_parsed_by_botocore(sim: Any, rds: Any, connect: Any, operation: str) -> None:
    """botocore parses every response, and every member belongs to the output shape."""
    sim.seed(FLEET)
    if operation.endswith("FromS3"):
        put_backup(connect(service="s3", region="us-east-1"))
    sim.database("instance", "one-db2-se")["DBInstanceStatus"] = "stopped"
    sim.database("cluster", "many-postgres")["Status"] = "stopped"
    for member in ("many-docdb-1", "many-docdb-2"):
        sim.database("instance", member)["DBInstanceStatus"] = "deleting"
    answer = _method(rds, operation)(**REQUESTS[operation])
    assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    shape = get_service_model("rds").operation_model(operation).output_shape
    if shape is None:
        assert answer == {}
    else:
        assert set(answer) <= set(shape.members)
        wire.check(shape.name, answer)


def _readable(shape: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return the members that the installed botocore can read; older ones lack some."""
    known = get_service_model("rds").shape_for(shape).members
    return {name: value for name, value in record.items() if name in known}


def test_response_returns_records_unchanged(sim: Any, rds: Any) -> None:
    """boto3 returns exactly the members of the record."""
    sim.seed(FLEET)
    for row in rds.describe_db_instances()["DBInstances"]:
        assert row == _readable("DBInstance", sim.database("instance", row["DBInstanceIdentifier"]))
    for row in rds.describe_db_clusters()["DBClusters"]:
        record = _readable("DBCluster", sim.database("cluster", row["DBClusterIdentifier"]))
        assert record.pop("PendingModifiedValues") == {}
        assert row == record


def test_resource_ids_are_unique(sim: Any, rds: Any) -> None:
    """rds-db ARNs contain the resource id (✓ user guide)."""
    sim.seed(FLEET)
    ids = [row["DbiResourceId"] for row in rds.describe_db_instances()["DBInstances"]]
    ids += [row["DbClusterResourceId"] for row in rds.describe_db_clusters()["DBClusters"]]
    assert len(set(ids)) == len(ids)


def test_response_with_invalid_record_names_it(sim: Any, rds: Any, refused: Any, capsys: Any) -> None:
    """A member that the API does not have is reported as an error of the test."""
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    sim.database("instance", "orders")["Colour"] = "blue"
    code, message = refused(rds.describe_db_instances)
    assert code == "SimulatorError"
    assert "DBInstance has no member Colour" in message
    assert "Colour" in capsys.readouterr().err


def test_request_unsupported_operation_not_implemented(rds: Any, refused: Any) -> None:
    assert refused(rds.describe_reserved_db_instances) == (
        "SimulatorNotImplemented",
        "The simulator does not implement the operation DescribeReservedDBInstances.",
    )


@pytest.mark.parametrize(
    ("operation", "form", "code"),
    [
        ("DescribeDBInstances", {"Colour": "blue"}, "ValidationError"),
        ("DescribeDBInstances", {"MaxRecords": "many"}, "MalformedInput"),
        ("ModifyDBInstance", {"EnableIAMDatabaseAuthentication": "maybe"}, "MalformedInput"),
        ("ModifyDBInstance", {"ApplyImmediately": "true"}, "MissingParameter"),
        ("DescribeDBInstances", {"Filters.Filter.1.Name": "engine"}, "ValidationError"),
        ("DescribeColours", {}, "InvalidAction"),
    ],
)
def test_request_that_model_does_not_allow_refused(operation: str, form: dict[str, str], code: str) -> None:
    """Codes: "Common errors" of the RDS API reference (✓)."""
    with pytest.raises(AwsError) as caught:
        parse_parameters(operation, {"Action": operation, "Version": "2014-10-31", **form})
    assert caught.value.code == code


def test_request_unknown_region_refused(sim: Any, connect: Any, refused: Any) -> None:
    """A Region that does not exist is refused without a 500 (the code is inferred: ?)."""
    nowhere = connect(region="xx-nowhere-1")
    code, message = refused(nowhere.describe_db_instances)
    assert code == "SignatureDoesNotMatch"
    assert "xx-nowhere-1" in message


def test_request_sees_only_its_region(sim: Any, rds: Any) -> None:
    sim.seed({"region": "us-east-1", "db_instances": [{"identifier": "a", "engine": "mysql"}]})
    assert rds.describe_db_instances()["DBInstances"] == []
    assert sim.database("instance", "a", region="us-east-1")["AvailabilityZone"] == "us-east-1a"


def test_http_connection_is_kept_alive(sim: Any) -> None:
    """HTTP/1.1 keep-alive: two requests use one connection."""
    host = sim.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    ports = []
    for _count in range(2):
        connection.request("GET", "/simulator/health")
        assert connection.getresponse().read() == b'{"status": "ok"}\n'
        ports.append(connection.sock.getsockname()[1])
    connection.close()
    assert ports[0] == ports[1]


def test_http_invalid_request_refused(sim: Any) -> None:
    """A body without a length is not read (no AWS client sends one)."""
    connection = http.client.HTTPConnection(sim.url.removeprefix("http://"))
    connection.putrequest("POST", "/")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    assert connection.getresponse().status == 411
    connection.close()


def _calls(work: Callable[[], object]) -> int:
    """Return the number of function calls, a measure of work that does not depend on the speed of the machine."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_response_work_is_proportional_to_page_size(sim: Any) -> None:
    """About 440 calls per record; benchmarks/simulator.py measures the time."""
    databases = {"identifier": "db-{n}", "engine": "postgres", "count": 100}
    sim.seed({"db_instances": [databases]})
    records = [sim.database("instance", f"db-{n}") for n in range(1, 101)]

    def write(count: int) -> Callable[[], str]:
        return lambda: wire.result_xml("DescribeDBInstances", {"DBInstances": records[:count]}, "id")

    write(1)()  # the writers of the shapes are created once
    ten, hundred = _calls(write(10)), _calls(write(100))
    assert hundred < 11 * ten
    assert hundred < 100 * 1000
