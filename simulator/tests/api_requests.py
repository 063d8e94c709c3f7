# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""One valid request for each operation, for tests that vary one parameter of every operation."""

from __future__ import annotations

import functools
from typing import Any

import boto3
import botocore.session
from botocore import xform_name
from rds_simulator.api.registry import implemented
from rds_simulator.server import responses

# the example keys in AWS's documentation
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
_MASTER = {"MasterUsername": "root_user", "MasterUserPassword": "correct-horse-battery"}
_INSTANCE = {"DBInstanceIdentifier": "new", "Engine": "mysql", "DBInstanceClass": "db.m6g.large"}
_S3 = {
    "SourceEngine": "mysql",
    "SourceEngineVersion": "8.0.40",
    "S3BucketName": "backups",
    "S3IngestionRoleArn": "arn:aws:iam::123456789012:role/ingestion",
    **_MASTER,
}
_AURORA = {"DBClusterIdentifier": "new", "Engine": "aurora-mysql"}
_LATEST = {"UseLatestRestorableTime": True}
FLEET: dict[str, Any] = {
    "db_instances": [
        {"identifier": "orders", "engine": "mysql"},
        {"identifier": "replica", "engine": "mysql", "source": "orders"},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 1}],
    "snapshots": [{"identifier": "monday", "source": "orders"}],
    "cluster_snapshots": [{"identifier": "monday", "source": "ledger"}],
    "db_parameter_groups": [{"name": "own", "family": "mysql8.0"}],
    "db_cluster_parameter_groups": [{"name": "own", "family": "aurora-mysql8.0"}],
}
REQUESTS: dict[str, dict[str, Any]] = {
    "CreateDBCluster": {**_AURORA, **_MASTER},
    "CreateDBInstance": {**_INSTANCE, "AllocatedStorage": 20, **_MASTER},
    "CreateDBInstanceReadReplica": {"DBInstanceIdentifier": "new", "SourceDBInstanceIdentifier": "orders"},
    "DescribeDBClusterParameters": {"DBClusterParameterGroupName": "own"},
    "DescribeDBParameters": {"DBParameterGroupName": "own"},
    "DescribeOptionGroupOptions": {"EngineName": "mysql"},
    "DescribeOrderableDBInstanceOptions": {"Engine": "mysql"},
    "ModifyDBCluster": {"DBClusterIdentifier": "ledger"},
    "ModifyDBInstance": {"DBInstanceIdentifier": "orders"},
    "PromoteReadReplica": {"DBInstanceIdentifier": "replica"},
    "RestoreDBClusterFromS3": {**_AURORA, **_S3},
    "RestoreDBClusterFromSnapshot": {**_AURORA, "SnapshotIdentifier": "monday"},
    "RestoreDBClusterToPointInTime": {
        "DBClusterIdentifier": "new",
        "SourceDBClusterIdentifier": "ledger",
        **_LATEST,
    },
    "RestoreDBInstanceFromDBSnapshot": {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "monday"},
    "RestoreDBInstanceFromS3": {**_INSTANCE, "AllocatedStorage": 20, **_S3},
    "RestoreDBInstanceToPointInTime": {
        "TargetDBInstanceIdentifier": "new",
        "SourceDBInstanceIdentifier": "orders",
        **_LATEST,
    },
}
_MODEL = botocore.session.get_session().get_service_model("rds")
METHODS = {name: xform_name(name) for name in _MODEL.operation_names}
# The import of responses registers the operations.
OPERATIONS = implemented() if responses.OPERATIONS else []


def operations_with(*members: str) -> list[tuple[str, str]]:
    """Return every implemented operation with those of the members that it has in botocore's model."""
    return [(name, member) for name in OPERATIONS for member in members if member in _members(name)]


def integer_members() -> list[tuple[str, tuple[str, ...]]]:
    """Return every implemented operation with the path of each of its numeric parameters."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name in OPERATIONS:
        for member, shape in _members(name).items():
            if shape.type_name in ("integer", "long"):
                found.append((name, (member,)))
            elif shape.type_name == "structure":
                inner = [key for key, one in shape.members.items() if one.type_name in ("integer", "long", "double")]
                found.extend((name, (member, key)) for key in inner)
    return found


def _members(operation: str) -> dict[str, Any]:
    shape = _MODEL.operation_model(operation).input_shape
    return dict(shape.members) if shape is not None else {}


@functools.cache
def service_client(url: str, service: str) -> Any:
    """Return a client of another service of the simulator. It is cached, because botocore takes long to create one."""
    keys = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}
    return boto3.client(service, endpoint_url=url, region_name="eu-west-1", **keys)


def upload(sim: Any) -> None:
    """Put a file into the bucket of the requests. moto's S3 is part of the simulator's server."""
    client = service_client(sim.url, "s3")
    names = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    if "backups" not in names:
        client.create_bucket(Bucket="backups", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_object(Bucket="backups", Key="monday/backup.xbstream", Body=b"data")
