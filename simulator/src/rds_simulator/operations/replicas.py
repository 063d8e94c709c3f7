# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CreateDBInstanceReadReplica: of an instance in this or another Region, or of a Multi-AZ DB cluster."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.refusals import IAM
from ..state.backend import Backend, Database
from ..state.lookup import find
from ..state.records import is_multi_az_cluster
from . import request_checks
from .creation import NewDatabase, iam_setting, inherited_members, make_instance
from .creation_stages import start_creation
from .login_data import image_of

_OWN = ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier", "PreSignedUrl", "SourceRegion")
_STATE = {INSTANCE: "InvalidDBInstanceState", CLUSTER: "InvalidDBClusterStateFault"}

# Engines whose replicas can have their own group within one Region (model, DBParameterGroupName ✓).
_OWN_GROUP = ("oracle", "db2")


@operation("CreateDBInstanceReadReplica")
def create_db_instance_read_replica(request: ApiRequest) -> dict[str, Any]:
    """Create a replica without backups; its IAM setting is off by default (model ✓)."""
    backend, parameters = request.backend, request.parameters
    name = request_checks.unused_name(backend, INSTANCE, "DBInstanceIdentifier", parameters["DBInstanceIdentifier"])
    home, source = _source(request)
    _refuse_source(source)
    engine = request_checks.find_engine(backend, source.engine, clustered=False)
    near = home is backend and source.kind == INSTANCE
    _refuse_group(source.engine, parameters, near=near)
    new_database = NewDatabase(
        name=name,
        engine=engine,
        version=str(source.record["EngineVersion"]),
        own=_OWN,
        inherited={**inherited_members(INSTANCE, source.record), "BackupRetentionPeriod": 0},
        port=_port(source),
        iam=iam_setting(request, bool(source.record.get(IAM)), inherits=request.world.settings.replica_inherits),
        data=image_of(source),
    )
    member = "DBInstanceClass" if source.kind == INSTANCE else "DBClusterInstanceClass"
    database = make_instance(request, new_database, parameters.get("DBInstanceClass") or source.record[member])
    if near and "DBParameterGroupName" not in parameters:
        groups = source.record["DBParameterGroups"]
        database.record["DBParameterGroups"] = [{**item, "ParameterApplyStatus": "in-sync"} for item in groups]
    _connect(backend, home, source, database)
    start_creation(backend, database)
    return {"DBInstance": database.record}


def _port(source: Database) -> int:
    return int(source.record["Endpoint"]["Port"] if source.kind == INSTANCE else source.record["Port"])


def _source(request: ApiRequest) -> tuple[Backend, Database]:
    """Return the source and its backend; an ARN can name another Region (model ✓)."""
    backend, parameters = request.backend, request.parameters
    instance, cluster = parameters.get("SourceDBInstanceIdentifier"), parameters.get("SourceDBClusterIdentifier")
    if bool(instance) == bool(cluster):
        raise AwsError(
            "InvalidParameterCombination",
            "Exactly one of SourceDBInstanceIdentifier and SourceDBClusterIdentifier must be specified.",
        )
    if instance is None:
        return backend, find(backend, CLUSTER, str(cluster))
    homes = [known for known in request.world.backends() if instance.lower().startswith(known.arn("db", ""))]
    home = homes[0] if homes and homes[0].account == backend.account else backend
    return home, find(home, INSTANCE, instance)


def _refuse_source(source: Database) -> None:
    """Require an available source with backups that is not Aurora (model ✓; codes of the first two △, else ?)."""
    aurora = source.kind == INSTANCE and source.record.get("DBClusterIdentifier")
    if aurora or (source.kind == CLUSTER and not is_multi_az_cluster(source.record)):
        raise AwsError("InvalidParameterCombination", f"{source.name} can't be the source of a read replica.")
    if source.status not in ("available", "storage-optimization", "backing-up"):
        raise AwsError(_STATE[source.kind], f"{source.name} is not in available state.")
    if not source.record["BackupRetentionPeriod"]:
        raise AwsError(
            _STATE[source.kind],
            "Automated backups are not enabled for this database instance. To enable automated backups, use "
            "ModifyDBInstance to set the backup retention period to a non-zero value.",
        )


def _refuse_group(engine: str, parameters: dict[str, Any], *, near: bool) -> None:
    """Refuse a parameter group for most replicas within one Region (model ✓; code and text ?)."""
    if near and "DBParameterGroupName" in parameters and not engine.startswith(_OWN_GROUP):
        raise AwsError(
            "InvalidParameterCombination",
            f"DBParameterGroupName isn't supported for a read replica of {engine} in the same Region.",
        )


def _connect(backend: Backend, home: Backend, source: Database, replica: Database) -> None:
    if source.kind == CLUSTER:
        replica.record["ReadReplicaSourceDBClusterIdentifier"] = source.name
        source.record["ReadReplicaIdentifiers"].append(replica.name)
        return
    near = home is backend
    replica.record["ReadReplicaSourceDBInstanceIdentifier"] = source.name if near else source.record["DBInstanceArn"]
    shown = replica.name if near else replica.record["DBInstanceArn"]
    source.record["ReadReplicaDBInstanceIdentifiers"].append(shown)
