# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""RestoreDBInstanceFromS3 and RestoreDBClusterFromS3: from the files of a MySQL backup."""

from __future__ import annotations

import re
from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines.engines import Engine
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from . import request_checks
from .cluster_creation import start_cluster_creation
from .creation import NewDatabase, iam_setting, make_cluster, make_instance
from .creation_stages import start_creation

_OWN = ("SourceEngine", "SourceEngineVersion", "S3BucketName", "S3Prefix", "S3IngestionRoleArn", "DBSecurityGroups")
_ROLE = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/.+")


@operation("RestoreDBInstanceFromS3")
def restore_db_instance_from_s3(request: ApiRequest) -> dict[str, Any]:
    """Create an instance of MySQL (model ✓)."""
    parameters = request.parameters
    new_database = _new_database(request, INSTANCE, "DBInstanceIdentifier", engine="mysql")
    database = make_instance(request, new_database, parameters["DBInstanceClass"])
    start_creation(request.backend, database, restored=True)
    return {"DBInstance": database.record}


@operation("RestoreDBClusterFromS3")
def restore_db_cluster_from_s3(request: ApiRequest) -> dict[str, Any]:
    """Create a cluster of Aurora MySQL without members (model ✓)."""
    cluster = make_cluster(request, _new_database(request, CLUSTER, "DBClusterIdentifier", engine="aurora-mysql"))
    start_cluster_creation(request, cluster)
    return {"DBCluster": cluster.record}


def _new_database(request: ApiRequest, kind: str, identifier: str, *, engine: str) -> NewDatabase:
    parameters = request.parameters
    chosen = request_checks.find_engine(request.backend, parameters["Engine"], clustered=kind == CLUSTER)
    name = request_checks.unused_name(request.backend, kind, identifier, parameters[identifier])
    _refuse_engine(chosen, parameters["SourceEngine"], engine)
    request_checks.refuse_master(request, kind, chosen.name)
    _refuse_files(request)
    return NewDatabase(
        name=name,
        engine=chosen,
        version=request_checks.choose_version(chosen, parameters.get("EngineVersion")),
        own=_OWN,
        iam=iam_setting(request, source=False, inherits=False),
    )


def _refuse_engine(chosen: Engine, source: str, only: str) -> None:
    """Require MySQL as the source, and the one engine that can read it (model ✓; code and text ?)."""
    if chosen.name != only or source.lower() != "mysql":
        raise AwsError("InvalidParameterValue", f"{source} can't be restored from Amazon S3 as {chosen.name}.")


def _refuse_files(request: ApiRequest) -> None:
    """Refuse a bucket without matching files, InvalidS3BucketFault (model ✓), and an invalid role (code and text ?)."""
    parameters, backend = request.parameters, request.backend
    if not _ROLE.fullmatch(parameters["S3IngestionRoleArn"]):
        raise AwsError("InvalidParameterValue", f"Invalid role ARN: {parameters['S3IngestionRoleArn']}")
    # moto's S3 runs in the same process. Its import takes time, and few requests need it.
    from moto.s3.models import s3_backends

    buckets = s3_backends[backend.account][backend.partition].buckets
    bucket = buckets.get(parameters["S3BucketName"])
    prefix = parameters.get("S3Prefix", "")
    if bucket is None or not any(key.startswith(prefix) for key in bucket.keys):
        raise AwsError(
            "InvalidS3BucketFault",
            "The specified Amazon S3 bucket name can't be found or Amazon RDS isn't authorized to access it.",
        )
