# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Stop, start, reboot, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from . import rules
from .api import ApiRequest, operation
from .backend import CLUSTER, INSTANCE, Backend, Database
from .errors import AwsError, not_implemented
from .identify import find

_RESULT = {INSTANCE: "DBInstance", CLUSTER: "DBCluster"}
_STATE = {INSTANCE: "InvalidDBInstanceState", CLUSTER: "InvalidDBClusterStateFault"}


def _target(request: ApiRequest, kind: str) -> Database:
    return find(request.backend, kind, request.parameters[f"{_RESULT[kind]}Identifier"])


def _with_members(backend: Backend, database: Database) -> list[Database]:
    return [database, *(backend.members(database) if database.kind == CLUSTER else [])]


def _require(database: Database, status: str, action: str) -> None:
    if database.status != status:
        raise AwsError(
            _STATE[database.kind],
            f"{_RESULT[database.kind]} {database.name} is not in {status} state: cannot {action}.",
        )


def _pass_through(request: ApiRequest, database: Database, passing: str, final: str, seconds: float) -> None:
    """One status for a while, then another, unless somebody else changed it meanwhile."""
    for one in _with_members(request.backend, database):
        one.status = passing
        request.world.clock.after(seconds, partial(_arrive, one, passing, final))


def _arrive(database: Database, passing: str, final: str) -> None:
    if database.status == passing:
        database.status = final


def _stop(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    database = _target(request, kind)
    _refuse_member(request.backend, database)
    _require(database, "available", "stop")
    seconds = request.world.settings.stop_seconds
    _pass_through(request, database, "stopping", "stopped", seconds)
    return {_RESULT[kind]: database.record}


def _start(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    database = _target(request, kind)
    _refuse_member(request.backend, database)
    _require(database, "stopped", "start")
    seconds = request.world.settings.start_seconds
    _pass_through(request, database, "starting", "available", seconds)
    return {_RESULT[kind]: database.record}


def _refuse_member(backend: Backend, database: Database) -> None:
    """Members stop and start with their cluster (Aurora user guide ✓; text ?)."""
    if database.kind == INSTANCE and backend.cluster_of(database) is not None:
        raise AwsError(
            "InvalidParameterCombination",
            "The specified DB Instance is a member of a cluster. Use the DB Cluster API.",
        )


def _delete(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    database, backend = _target(request, kind), request.backend
    if database.status == "deleting":
        text = f"{_RESULT[kind]} {database.name} is already being deleted."
        raise AwsError(_STATE[kind], text)
    rules.refuse_deletion_protection(database)
    if kind == CLUSTER and any(m.status != "deleting" for m in backend.members(database)):
        raise AwsError(
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        )
    _refuse_final_snapshot(request)
    database.status = "deleting"
    seconds = request.world.settings.delete_seconds
    request.world.clock.after(seconds, partial(gone, backend, database))
    return {_RESULT[kind]: database.record}


def _refuse_final_snapshot(request: ApiRequest) -> None:
    if "FinalDBSnapshotIdentifier" in request.parameters:
        raise not_implemented("the parameter FinalDBSnapshotIdentifier")
    member = request.parameters.get("DBInstanceIdentifier")
    instance = request.backend.instances.get(member) if member else None
    in_cluster = instance is not None and "DBClusterIdentifier" in instance.record
    if not request.parameters.get("SkipFinalSnapshot") and not in_cluster:
        raise AwsError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )


def gone(backend: Backend, database: Database) -> None:
    """A database exists no more."""
    if database.deleted:
        return
    cluster = backend.cluster_of(database) if database.kind == INSTANCE else None
    backend.shelf(database.kind).remove(database)
    if cluster is not None:
        cluster.record["DBClusterMembers"] = [
            item for item in cluster.record["DBClusterMembers"] if item["DBInstanceIdentifier"] != database.name
        ]
    for other in backend.instances:
        replicas = other.record["ReadReplicaDBInstanceIdentifiers"]
        if database.kind == INSTANCE and database.name in replicas:
            replicas.remove(database.name)


@operation("RebootDBInstance")
def reboot_db_instance(request: ApiRequest) -> dict[str, Any]:
    """Restart an instance: an outage, after which parameter groups are in force (user guide ✓)."""
    database = _target(request, INSTANCE)
    _require(database, "available", "reboot")
    database.status = "rebooting"
    database.outages += 1
    seconds = request.world.settings.reboot_seconds
    request.world.clock.after(seconds, partial(_rebooted, request.backend, database))
    return {"DBInstance": database.record}


def _rebooted(backend: Backend, database: Database) -> None:
    _arrive(database, "rebooting", "available")
    for item in database.record["DBParameterGroups"]:
        item["ParameterApplyStatus"] = "in-sync"
    cluster = backend.cluster_of(database)
    for item in cluster.record["DBClusterMembers"] if cluster else []:
        if item["DBInstanceIdentifier"] == database.name:
            item["DBClusterParameterGroupStatus"] = "in-sync"


def _register() -> None:
    actions: dict[str, Callable[..., dict[str, Any]]] = {
        "Stop": _stop,
        "Start": _start,
        "Delete": _delete,
    }
    for verb, carry_out in actions.items():
        for kind, noun in _RESULT.items():
            operation(f"{verb}{noun}")(partial(carry_out, kind=kind))


_register()
