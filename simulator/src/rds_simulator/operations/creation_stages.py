# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The statuses of a new database from creating to available, and the members that it shows in each status."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from ..kinds import CLUSTER, INSTANCE
from ..rules.lifecycle import watch_window
from ..rules.windows import BACKUP, next_backup
from ..state.backend import Backend, Database
from ..state.records import is_multi_az_cluster
from .events import note_database
from .snapshots import take_automated

_OPERATIONAL = ("available", "storage-optimization")

# An instance shows these members once it is created (△: output of create-db-instance in AWS's examples).
_LATER = ("Endpoint", "InstanceCreateTime")


def start_creation(backend: Backend, database: Database, *, restored: bool = False) -> None:
    """Add a new database to its store, and make it available after the simulated time.

    The statuses are creating, modifying (after a restore), backing-up (with backups), available: the lists of
    statuses in the user guides ✓; their order △.
    """
    settings, record = backend.world.settings, database.record
    hidden = {name: record.pop(name) for name in _LATER if name in record} if database.kind == INSTANCE else {}
    for name in ("EarliestRestorableTime", "LatestRestorableTime"):
        record.pop(name, None)
    member = database.kind == INSTANCE and "DBClusterIdentifier" in record
    stages = [("creating", settings.create_seconds)]
    if restored and database.kind == INSTANCE:
        stages.append(("modifying", settings.apply_seconds))
    clustered = database.kind == CLUSTER and not is_multi_az_cluster(record)
    if record["BackupRetentionPeriod"] and not member and not clustered:
        stages.append(("backing-up", settings.backup_seconds))
    database.status = "creating"
    backend.database_store(database.kind).add(database)
    watch_window(backend, database)
    _enter(backend, database, stages, hidden)


def _enter(backend: Backend, database: Database, stages: list[tuple[str, float]], hidden: dict[str, Any]) -> None:
    (status, seconds), *rest = stages
    database.status = status
    if status == "backing-up":
        note_database(backend, database, "backup started")
        _first_backup(backend, database)
    backend.world.clock.after(seconds, partial(_leave, backend, database, status, rest, hidden))


def _leave(
    backend: Backend, database: Database, status: str, rest: list[tuple[str, float]], hidden: dict[str, Any]
) -> None:
    """Continue with the next status, unless another client changed the status or deleted the database."""
    if database.deleted or database.status != status:
        return
    if status == "creating":
        _made(backend, database, hidden)
    if status == "backing-up":
        note_database(backend, database, "backup finished")
    if rest:
        _enter(backend, database, rest, {})
        return
    database.status = "available"


def _made(backend: Backend, database: Database, hidden: dict[str, Any]) -> None:
    record = database.record
    if "InstanceCreateTime" in hidden:
        hidden["InstanceCreateTime"] = backend.world.clock.now()
    record.update(hidden)
    note_database(backend, database, "created")
    if "MasterUserSecret" in record:
        record["MasterUserSecret"]["SecretStatus"] = "active"
    if "ReadReplicaSourceDBInstanceIdentifier" in record or "ReadReplicaSourceDBClusterIdentifier" in record:
        record["StatusInfos"] = [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
    if database.kind == CLUSTER and not is_multi_az_cluster(record):
        _first_backup(backend, database)


def _first_backup(backend: Backend, database: Database) -> None:
    """Start backups, with a snapshot immediately or, for an Aurora cluster, in the backup window.

    Aurora backs up continuously; the window "is used to create a daily system backup" (Aurora user guide,
    Aurora.Modifying ✓). Whether the first one is taken outside the window is not documented (?), so it is a switch.
    """
    database.backed_up_since = backend.world.clock.now()
    clustered = database.kind == CLUSTER and not is_multi_az_cluster(database.record)
    if not clustered or backend.world.settings.first_cluster_snapshot == "created":
        take_automated(backend, database)
    _watch_backups(backend, database)


def _watch_backups(backend: Backend, database: Database) -> None:
    now = backend.world.clock.now()
    try:
        wait = next_backup(str(database.record[BACKUP]), now) - now
    except ValueError:
        # A test can write an invalid window to a record. Such a window never opens.
        wait = timedelta(days=1)
    backend.world.clock.after(wait.total_seconds(), partial(_back_up, backend, database))


def _back_up(backend: Backend, database: Database) -> None:
    """Take the daily backup of an available database (user guide ✓). Its status is not simulated."""
    if database.deleted:
        return
    if database.status in _OPERATIONAL and database.record["BackupRetentionPeriod"]:
        take_automated(backend, database)
    _watch_backups(backend, database)
