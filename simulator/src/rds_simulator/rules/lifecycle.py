# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The lifecycle of an accepted change: pending, being applied, in effect.

An accepted change is *requested*. It shows under PendingModifiedValues after ``pending_lag``. When it is applied,
immediately or in the maintenance window, it is *flushed*: after ``status_lag`` the status changes, and
``apply_seconds`` later the change has taken effect (△: issues 10197 and 45575 of terraform-provider-aws, issue 56 of
CloudFormation's provider for RDS).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Backend, Database
from ..state.records import endpoint_address, is_multi_az_cluster
from .refusals import IAM, STORAGE
from .windows import MAINTENANCE, next_start, remaining

IAM_STATUS = "configuring-iam-database-auth"

# Applying these interrupts service (RDS user guide, USER_ModifyInstance.Settings ✓).
_OUTAGE = {
    "DBInstanceClass",
    "EngineVersion",
    "Port",
    "LicenseModel",
    "DBSubnetGroupName",
    "ProcessorFeatures",
    "StorageType",
    "DBInstanceIdentifier",
    "DBClusterIdentifier",
    "DBClusterInstanceClass",
}

# A change ends only in these statuses. Another status was set by another client, and the change is dropped.
_READY = ("available", "storage-optimization", "storage-full")

# "There must be at least 30 minutes between the current time and end of the window" (model ✓).
_LEAST_REMAINING = timedelta(minutes=30)

# An invalid window is checked again a day later.
_UNREADABLE = timedelta(days=1)


def current_value(record: dict[str, Any], member: str) -> Any:
    """Return the current value of a member that can be pending."""
    if member == "Port" and isinstance(record.get("Endpoint"), dict):
        return record["Endpoint"]["Port"]
    if member == "DBSubnetGroupName":
        return record["DBSubnetGroup"]["DBSubnetGroupName"]
    if member == IAM:
        return record.get(IAM, False)
    return record.get(member)


def request_changes(backend: Backend, database: Database, changes: dict[str, Any], *, immediately: bool) -> None:
    """Accept changes (record member -> value) to a database."""
    settings = backend.world.settings
    for member, value in changes.items():
        at_once = immediately or never_waits(backend, database, member, value)
        if value == current_value(database.record, member):
            _cancel(backend, database, member, immediately=at_once)
            continue
        database.requested[member] = value
        _show_later(backend, database, member)
        if at_once and not settings.modify_lost:
            database.flush[member] = value
    if settings.modify_lost:
        return
    if immediately and flushes_everything(backend, database):
        waiting = {**database.pending, **database.requested}
        database.flush.update({m: value for m, value in waiting.items() if m not in changes})
    if database.flush and not database.flush_planned:
        database.flush_planned = True
        lag = settings.lag(settings.status_lag, backend.world.clock.speed)
        backend.world.clock.after(lag, partial(_start, backend, database))


def never_waits(backend: Backend, database: Database, member: str, value: Any) -> bool:
    """Return whether a change is applied as soon as possible, regardless of ApplyImmediately.

    Instances: DBPortNumber, and BackupRetentionPeriod from one non-zero value to another (model ✓).
    BackupRetentionPeriod of clusters: the model does not specify this (?), so it is a switch.
    """
    if member == "BackupRetentionPeriod":
        waits = database.kind == CLUSTER and backend.world.settings.cluster_retention_waits
        return bool(value and database.record[member]) and not waits
    return member == "Port" and database.kind == INSTANCE


def flushes_everything(backend: Backend, database: Database) -> bool:
    """Return whether ApplyImmediately also applies the other pending changes.

    Instances ✓ (model, user guide), Multi-AZ DB clusters ✓ (user guide), Aurora clusters ?
    """
    if database.kind == INSTANCE or is_multi_az_cluster(database.record):
        return True
    return backend.world.settings.cluster_flushes_pending


def _cancel(backend: Backend, database: Database, member: str, *, immediately: bool) -> None:
    """Handle a change to the current value: with ApplyImmediately, it drops the pending value (user guide ✓)."""
    database.flush.pop(member, None)
    shown = member in database.pending or member in database.requested
    how = "drops" if immediately else backend.world.settings.deferred_cancel
    if not shown or how == "stays":
        return
    if how == "equal":
        database.requested[member] = current_value(database.record, member)
    else:
        database.requested.pop(member, None)
    _show_later(backend, database, member)


def _show_later(backend: Backend, database: Database, member: str) -> None:
    settings = backend.world.settings
    lag = settings.lag(settings.pending_lag, backend.world.clock.speed)
    if lag:
        backend.world.clock.after(lag, partial(_show, database, member))
    else:
        _show(database, member)


def _show(database: Database, member: str) -> None:
    """Update PendingModifiedValues for one requested member."""
    if member in database.requested:
        database.pending[member] = database.requested[member]
    else:
        database.pending.pop(member, None)


def _start(backend: Backend, database: Database) -> None:
    settings = backend.world.settings
    database.flush_planned = False
    changed = {
        member: value for member, value in database.flush.items() if value != current_value(database.record, member)
    }
    if database.deleted or database.status not in _READY or not changed:
        for member in database.flush:
            if member not in changed:
                database.requested.pop(member, None)
                _show(database, member)
        database.flush = {}
        return
    only_iam = set(changed) == {IAM}
    iam_status = settings.cluster_iam_status if database.kind == CLUSTER else IAM_STATUS
    _enter(backend, database, iam_status if only_iam else "modifying")
    backend.world.clock.after(settings.apply_seconds, partial(_finish, backend, database))


def _enter(backend: Backend, database: Database, status: str) -> None:
    database.flush_from, database.flush_status, database.status = database.status, status, status
    if database.kind == CLUSTER:
        for member in backend.members(database):
            if member.status in _READY:
                member.flush_from, member.flush_status, member.status = member.status, status, status


def _leave(database: Database) -> None:
    if database.status == database.flush_status:
        database.status = database.flush_from
    database.flush_status = None


def _finish(backend: Backend, database: Database) -> None:
    if database.deleted or database.status != database.flush_status:
        database.flush, database.flush_status = {}, None
        return
    settings = backend.world.settings
    values, database.flush = database.flush, {}
    if _comes_back_pending(backend, database, values):
        values.pop(IAM)
    for member, value in values.items():
        _take(backend, database, member, value)
    if _OUTAGE & values.keys():
        database.outages += 1
    if database.flush_from == "storage-full" and values.keys() & STORAGE:
        database.flush_from = "available"
    _leave(database)
    if database.kind == CLUSTER:
        lag = settings.lag(settings.member_lag, backend.world.clock.speed)
        for member_instance in backend.members(database):
            later = partial(_settle_member, database, member_instance)
            backend.world.clock.after(lag, later)


def _comes_back_pending(backend: Backend, database: Database, values: dict[str, Any]) -> bool:
    """Return whether the value stays pending, once per change (terraform-provider-aws issue 45575, △)."""
    settings = backend.world.settings
    switched = settings.cluster_returns_pending if database.kind == CLUSTER else settings.instance_returns_pending
    if IAM not in values or not switched:
        return False
    database.returned_pending = not database.returned_pending
    return database.returned_pending


def _settle_member(cluster: Database, instance: Database) -> None:
    """Apply the setting of the cluster to a member."""
    if instance.flush_status is not None:
        _leave(instance)
    instance.record[IAM] = cluster.record.get(IAM, False)
    instance.record["EngineVersion"] = cluster.record["EngineVersion"]


def _take(backend: Backend, database: Database, member: str, value: Any) -> None:
    """Make a value current, and remove it from the pending ones."""
    database.requested.pop(member, None)
    if database.pending.get(member, value) == value:
        database.pending.pop(member, None)
    record = database.record
    if member == "BackupRetentionPeriod":
        database.backed_up_since = (database.backed_up_since or backend.world.clock.now()) if value else None
    if member == "Port" and database.kind == INSTANCE:
        record["Endpoint"]["Port"] = value
    elif member == "DBSubnetGroupName":
        record["DBSubnetGroup"]["DBSubnetGroupName"] = value
    elif member in ("DBInstanceIdentifier", "DBClusterIdentifier"):
        _rename(backend, database, value)
    elif member != "MasterUserPassword":
        record[member] = value


def _rename(backend: Backend, database: Database, name: str) -> None:
    """Set a new name, ARN and endpoint; the resource id stays (user guide ✓)."""
    backend.database_store(database.kind).rename(database, name)
    record = database.record
    if database.kind == INSTANCE:
        record["DBInstanceArn"] = backend.arn("db", name)
        record["Endpoint"]["Address"] = endpoint_address(backend, name)
        return
    record["DBClusterArn"] = backend.arn("cluster", name)
    record["Endpoint"] = endpoint_address(backend, name, "cluster-")
    record["ReaderEndpoint"] = endpoint_address(backend, name, "cluster-ro-")
    for member in backend.members(database):
        member.record["DBClusterIdentifier"] = name


def watch_window(backend: Backend, database: Database) -> None:
    """Apply pending changes whenever the maintenance window opens, from now on."""
    now, window = backend.world.clock.now(), str(database.record[MAINTENANCE])
    database.watch += 1
    try:
        wait = next_start(window, now) - now
    except ValueError:
        # A test can write an invalid window to a record. Such a window never opens.
        wait, window = _UNREADABLE, ""
    opens = partial(_window_opens, backend, database, window, database.watch)
    backend.world.clock.after(wait.total_seconds(), opens)


def move_window(backend: Backend, database: Database) -> None:
    """Follow a changed maintenance window, and open it if it includes the current time.

    Pending changes are then applied if at least 30 minutes of the window remain (model, PreferredMaintenanceWindow of
    ModifyDBInstance ✓; clusters ?).
    """
    clock, window = backend.world.clock, str(database.record[MAINTENANCE])
    watch_window(backend, database)
    if remaining(window, clock.now()) >= _LEAST_REMAINING:
        clock.after(0, partial(_apply_waiting, backend, database))


def _window_opens(backend: Backend, database: Database, window: str, watch: int) -> None:
    if database.deleted or database.watch != watch:
        return
    watch_window(backend, database)
    if database.record[MAINTENANCE] == window:
        _apply_waiting(backend, database)


def _apply_waiting(backend: Backend, database: Database) -> None:
    waiting = {**database.pending, **database.requested}
    if database.deleted or not waiting or backend.world.settings.modify_lost or database.flush_status:
        return
    database.flush.update(waiting)
    _start(backend, database)
