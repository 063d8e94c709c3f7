# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Stop, start, reboot and delete databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules import refusals
from ..state.backend import Backend, Database
from ..state.lookup import find
from ..state.records import is_multi_az_cluster
from .backups import retain_or_remove_backups
from .events import note_database
from .snapshots import final_snapshot, unused_snapshot_name

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


def _pass_through(request: ApiRequest, database: Database, transitional: str, final: str, seconds: float) -> None:
    """Set one status for a while, then another, unless another client changes it in the meantime."""
    for one in _with_members(request.backend, database):
        one.status = transitional
        request.world.clock.after(seconds, partial(_pass, request.backend, one, transitional, final))


def _pass(backend: Backend, database: Database, transitional: str, final: str) -> None:
    if database.status == transitional:
        note_database(backend, database, "stopped" if final == "stopped" else "started")
    _arrive(database, transitional, final)


def _arrive(database: Database, transitional: str, final: str) -> None:
    if database.status == transitional:
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
    for one in _with_members(request.backend, database):
        request.world.clock.after(seconds, partial(_restarted, request.backend, one))
    return {_RESULT[kind]: database.record}


def _refuse_member(backend: Backend, database: Database) -> None:
    """Refuse to stop or start a member without its cluster (Aurora user guide ✓; text ?)."""
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
    refusals.refuse_deletion_protection(database)
    multi_az = kind == CLUSTER and is_multi_az_cluster(database.record)
    if kind == CLUSTER and not multi_az and any(m.status != "deleting" for m in backend.members(database)):
        raise AwsError(
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        )
    final = _final_name(request, database)
    if final:
        final_snapshot(backend, database, final)
    seconds = request.world.settings.delete_seconds
    # The backups are deleted, too, unless the request retains them (model, DeleteAutomatedBackups ✓).
    keep = not request.parameters.get("DeleteAutomatedBackups", True)
    # The instances of a Multi-AZ DB cluster are deleted with it (user guide ✓).
    for one in _with_members(backend, database) if multi_az else [database]:
        one.status = "deleting"
        request.world.clock.after(seconds, partial(remove_database, backend, one, keep_backups=keep))
    return {_RESULT[kind]: database.record}


def _final_name(request: ApiRequest, database: Database) -> str | None:
    """Return the name of the final snapshot, or None; the request must name or skip it (model ✓)."""
    name, skip = request.parameters.get("FinalDBSnapshotIdentifier"), request.parameters.get("SkipFinalSnapshot")
    member = database.kind == INSTANCE and "DBClusterIdentifier" in database.record
    if member and not name:
        return None
    if bool(name) == bool(skip):
        raise AwsError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and not allowed if it is.",
        )
    return unused_snapshot_name(request.backend, database.kind, name) if name else None


def remove_database(backend: Backend, database: Database, *, keep_backups: bool = False) -> None:
    """Remove a database."""
    if database.deleted:
        return
    retain_or_remove_backups(backend, database, keep=keep_backups)
    note_database(backend, database, "deleted")
    cluster = backend.cluster_of(database) if database.kind == INSTANCE else None
    backend.database_store(database.kind).remove(database)
    if cluster is not None:
        cluster.record["DBClusterMembers"] = [
            item for item in cluster.record["DBClusterMembers"] if item["DBInstanceIdentifier"] != database.name
        ]
    if database.kind == INSTANCE:
        lists = [other.record["ReadReplicaDBInstanceIdentifiers"] for other in backend.instances]
        lists += [other.record["ReadReplicaIdentifiers"] for other in backend.clusters]
        for replicas in lists:
            if database.name in replicas:
                replicas.remove(database.name)


@operation("RebootDBInstance")
def reboot_db_instance(request: ApiRequest) -> dict[str, Any]:
    """Reboot an instance: an outage, after which its parameter groups are in force (user guide ✓)."""
    database = _target(request, INSTANCE)
    _require(database, "available", "reboot")
    database.status = "rebooting"
    database.outages += 1
    seconds = request.world.settings.reboot_seconds
    request.world.clock.after(seconds, partial(_rebooted, request.backend, database))
    return {"DBInstance": database.record}


def _rebooted(backend: Backend, database: Database) -> None:
    _arrive(database, "rebooting", "available")
    note_database(backend, database, "restarted")
    _restarted(backend, database)


def _restarted(backend: Backend, database: Database) -> None:
    """Put the values of the parameter groups in force."""
    if database.kind == CLUSTER or database.deleted:
        return
    for item in database.record["DBParameterGroups"]:
        item["ParameterApplyStatus"] = "in-sync"
    database.in_force.clear()
    cluster = backend.cluster_of(database)
    for item in cluster.record["DBClusterMembers"] if cluster else []:
        if item["DBInstanceIdentifier"] == database.name:
            item["DBClusterParameterGroupStatus"] = "in-sync"
            if cluster is not None and item["IsClusterWriter"]:
                # Whether the reboot of a reader is sufficient is not documented (?).
                cluster.in_force.clear()


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
