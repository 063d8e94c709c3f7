# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines.engines import Engine, version_key
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.refusals import IAM
from ..state.lookup import find
from . import request_checks
from .backups import AutomatedBackup, automated_backups, find_backup
from .cluster_creation import start_cluster_creation
from .creation import NewDatabase, iam_setting, inherited_members, make_cluster
from .instance_restores import one_source, refuse_snapshot
from .restore_times import refuse_restore_time
from .snapshots import find_snapshot, kind_of_arn

_SOURCES = ("SourceDBClusterIdentifier", "SourceDbClusterResourceId")
_OWN_TO_POINT = (*_SOURCES, "RestoreToTime", "UseLatestRestorableTime", "RestoreType")
_RESTORE_TYPES = ("full-copy", "copy-on-write")

# Other engines that a snapshot can be restored as (Aurora user guide, migrating ✓).
_BECOMES = {"mysql": "aurora-mysql", "postgres": "aurora-postgresql"}


@operation("RestoreDBClusterFromSnapshot")
def restore_db_cluster_from_snapshot(request: ApiRequest) -> dict[str, Any]:
    """Restore a cluster snapshot (name or ARN) or an instance snapshot (ARN only) (model ✓)."""
    parameters = request.parameters
    given = parameters["SnapshotIdentifier"]
    name = request_checks.unused_name(
        request.backend, CLUSTER, "DBClusterIdentifier", parameters["DBClusterIdentifier"]
    )
    kind = kind_of_arn(given) or CLUSTER
    snapshot = find_snapshot(request.backend, kind, given)
    refuse_snapshot(request, snapshot)
    engine = request_checks.find_engine(request.backend, parameters["Engine"], clustered=True)
    _refuse_engine(engine, str(snapshot.record["Engine"]), of_instance=kind == INSTANCE)
    # Without EngineVersion, the version is the default one, not that of the source (model ✓).
    version = request_checks.choose_version(engine, parameters.get("EngineVersion"))
    if kind == CLUSTER:
        _refuse_earlier(version, str(snapshot.record["EngineVersion"]))
    source = _as_cluster(snapshot.source) if kind == INSTANCE else snapshot.source
    return _restore(
        request,
        NewDatabase(name=name, engine=engine, version=version, own=("SnapshotIdentifier",), data=snapshot.data),
        source,
    )


def _refuse_engine(engine: Engine, source: str, *, of_instance: bool) -> None:
    """Refuse an engine that is not compatible with the source (model ✓; code InvalidRestoreFault and text ?)."""
    migrates = of_instance and _BECOMES.get(source) == engine.name
    if source != engine.name and not migrates:
        raise AwsError("InvalidRestoreFault", f"A backup of {source} can't be restored as {engine.name}.")


def _refuse_earlier(wanted: str, source: str) -> None:
    """Refuse a version before that of the snapshot (text: aws-samples/redcap-on-aws issue 99 △; code ?)."""
    if version_key(wanted) < version_key(source):
        raise AwsError(
            "InvalidParameterCombination",
            f"The engine version you requested for your restored DB cluster ({wanted}) is earlier than the engine "
            f"version of the DB cluster snapshot ({source}).",
        )


def _as_cluster(source: dict[str, Any]) -> dict[str, Any]:
    """Return the members of an instance record that a cluster inherits."""
    port = source.get("Endpoint", {}).get("Port")
    named = {"DatabaseName": source["DBName"]} if source.get("DBName") else {}
    inherited = {name: value for name, value in source.items() if name not in ("StorageType", "Iops")}
    return {**inherited, **named, **({"Port": port} if port else {})}


@operation("RestoreDBClusterToPointInTime")
def restore_db_cluster_to_point_in_time(request: ApiRequest) -> dict[str, Any]:
    """Restore an existing cluster or retained backups, as a copy or a clone (model ✓)."""
    parameters = request.parameters
    one_source(parameters, _SOURCES)
    name = request_checks.unused_name(
        request.backend, CLUSTER, "DBClusterIdentifier", parameters["DBClusterIdentifier"]
    )
    if parameters.get("RestoreType", "full-copy") not in _RESTORE_TYPES:
        raise AwsError("InvalidParameterValue", f"Invalid RestoreType: {parameters['RestoreType']}")
    source = _backed_up(request)
    refuse_restore_time(parameters, source, clone_needs_time=request.world.settings.clone_needs_time)
    engine = request_checks.find_engine(request.backend, str(source.source["Engine"]), clustered=True)
    version = str(source.source["EngineVersion"])
    # Data of earlier times do not exist, so the data are those of now.
    new_database = NewDatabase(name=name, engine=engine, version=version, own=_OWN_TO_POINT, data=source.data)
    result = _restore(request, new_database, source.source)
    if parameters.get("RestoreType") == "copy-on-write" and source.database is not None:
        group = source.source.setdefault("CloneGroupId", source.resource_id.removeprefix("cluster-").lower())
        result["DBCluster"]["CloneGroupId"] = group
    return result


def _backed_up(request: ApiRequest) -> AutomatedBackup:
    backend, given = request.backend, request.parameters.get("SourceDBClusterIdentifier")
    if not given:
        return find_backup(backend, CLUSTER, resource_id=request.parameters["SourceDbClusterResourceId"])
    database = find(backend, CLUSTER, given)
    return next(one for one in automated_backups(backend, CLUSTER) if one.database is database)


def _restore(request: ApiRequest, new_database: NewDatabase, source: dict[str, Any]) -> dict[str, Any]:
    """Create the cluster. source: the record of the database whose data is restored."""
    parameters, settings = request.parameters, request.world.settings
    inherited = inherited_members(CLUSTER, source)
    if parameters.get("KmsKeyId"):
        inherited["StorageEncrypted"] = True
    complete = replace(
        new_database,
        inherited=inherited,
        # The model states this only for instances (?).
        tags=source["TagList"] if settings.cluster_restore_inherits_tags else [],
        iam=iam_setting(request, bool(source.get(IAM)), inherits=settings.restore_inherits),
    )
    cluster = make_cluster(request, complete)
    start_cluster_creation(request, cluster)
    return {"DBCluster": cluster.record}
