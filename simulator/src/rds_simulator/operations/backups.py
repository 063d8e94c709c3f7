# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Automated backups: the times that they can restore, and DescribeDB...AutomatedBackups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..api.filters import Filter, apply_filters
from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import ARN_TYPE, Backend, Database
from ..state.backup_store import RESOURCE_ID, SOURCE, Backup
from ..state.login_service import DataImage
from ..state.lookup import local_name
from ..state.records import is_multi_az_cluster
from .login_data import image_of
from .snapshots import shown_of_source

_BACKUP_TYPE = {INSTANCE: "auto-backup", CLUSTER: "cluster-auto-backup"}
_LISTS = {INSTANCE: "DBInstanceAutomatedBackups", CLUSTER: "DBClusterAutomatedBackups"}
_NOT_FOUND = {INSTANCE: "DBInstanceAutomatedBackupNotFound", CLUSTER: "DBClusterAutomatedBackupNotFoundFault"}
_RECORD_ARN = {INSTANCE: "DBInstanceArn", CLUSTER: "DBClusterArn"}

# Logs are shipped about every five minutes (user guide, USER_PIT ✓).
_LOGS = timedelta(minutes=5)


def window_of(backend: Backend, database: Database) -> tuple[datetime, datetime] | None:
    """Return the earliest and the latest time that a database can be restored to, or None without backups.

    The earliest time is BackupRetentionPeriod days ago, but not before the first backup (user guide ✓).
    """
    days, since = database.record["BackupRetentionPeriod"], database.backed_up_since
    if not days or since is None or _is_member(database):
        return None
    if database.window:
        return database.window
    now = backend.world.clock.now()
    latest = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    earliest = max(since, now - timedelta(days=days))
    return earliest, max(latest, earliest)


def _is_member(database: Database) -> bool:
    """Return whether the backups belong to the cluster of the instance."""
    return database.kind == INSTANCE and bool(database.record.get("DBClusterIdentifier"))


def with_window(backend: Backend, database: Database) -> dict[str, Any]:
    """Return the record with the times that it can be restored to now."""
    window, record = window_of(backend, database), database.record
    for member in ("EarliestRestorableTime", "LatestRestorableTime"):
        record.pop(member, None)
    if window:
        record["LatestRestorableTime"] = window[1]
        if database.kind == CLUSTER:
            record["EarliestRestorableTime"] = window[0]
    return record


@dataclass(frozen=True)
class AutomatedBackup:
    """An automated backup in the list. database: the existing source, or None. kept: the data of a deleted one."""

    kind: str
    source: dict[str, Any]
    window: tuple[datetime, datetime] | None
    status: str
    region: str
    arn: str
    database: Database | None = None
    kept: DataImage | None = None

    @property
    def data(self) -> DataImage | None:
        """The data of the source: as they are now or, of a deleted source, as they were then."""
        return image_of(self.database) if self.database is not None else self.kept

    @property
    def resource_id(self) -> str:
        """The resource id of the source."""
        return str(self.source[RESOURCE_ID[self.kind]])


def automated_backups(backend: Backend, kind: str) -> Iterator[AutomatedBackup]:
    """Return the automated backups of existing databases, and retained ones."""
    for database in backend.database_store(kind):
        if database.record["BackupRetentionPeriod"] and not _is_member(database):
            yield _of_existing(backend, database)
    for backup in backend.backup_store.backups[kind].values():
        yield AutomatedBackup(
            kind=kind,
            source=backup.source,
            window=backup.window,
            status=backup.status,
            region=backup.region or backend.region,
            arn=backup_arn(backend, kind, backup.resource_id),
            kept=backup.data,
        )


def _of_existing(backend: Backend, database: Database) -> AutomatedBackup:
    window = window_of(backend, database)
    resource_id = str(database.record[RESOURCE_ID[database.kind]])
    return AutomatedBackup(
        kind=database.kind,
        source=database.record,
        window=window,
        status="active" if window else "creating",
        region=backend.region,
        arn=backup_arn(backend, database.kind, resource_id),
        database=database,
    )


def backup_arn(backend: Backend, kind: str, resource_id: str) -> str:
    """Return ``arn:...:auto-backup:ab-...``, which is as unique as the resource id (form: user guide ✓)."""
    letters = resource_id.partition("-")[2]
    return backend.arn(_BACKUP_TYPE[kind], f"ab-{letters[::-1].lower()}")


def find_backup(
    backend: Backend, kind: str, *, arn: str | None = None, resource_id: str | None = None
) -> AutomatedBackup:
    """Return a backup by ARN or by the resource id of its source, ignoring case; raise AwsError if there is none."""
    for one in automated_backups(backend, kind):
        if (arn and one.arn == arn.lower()) or (resource_id and one.resource_id.lower() == resource_id.lower()):
            return one
    raise AwsError(_NOT_FOUND[kind], f"Automated backup not found: {arn or resource_id}")


def retain_or_remove_backups(backend: Backend, database: Database, *, keep: bool) -> None:
    """Retain or remove the backups of a deleted database (user guide ✓).

    Retained backups stay as they are. The backups of Multi-AZ DB clusters are always removed (✓).
    """
    window, record = window_of(backend, database), database.record
    multi_az = database.kind == CLUSTER and is_multi_az_cluster(record)
    if keep and window and not multi_az:
        backup = Backup(kind=database.kind, source=record, window=window, data=image_of(database))
        backend.backup_store.backups[database.kind][backup.resource_id] = backup
        return
    snapshots = backend.backup_store.snapshots[database.kind]
    for name, snapshot in list(snapshots.items()):
        own = snapshot.record[RESOURCE_ID[database.kind]] == record[RESOURCE_ID[database.kind]]
        if own and snapshot.record["SnapshotType"] == "automated":
            del snapshots[name]


def _shown(backend: Backend, one: AutomatedBackup) -> dict[str, Any]:
    record = {
        **shown_of_source(backend, one.kind, one.source),
        _RECORD_ARN[one.kind]: one.source[_RECORD_ARN[one.kind]],
        f"{_LISTS[one.kind]}Arn": one.arn,
        "Region": one.region,
        "Status": one.status,
        "TagList": one.source["TagList"],
    }
    if one.window:
        record["RestoreWindow"] = {"EarliestTime": one.window[0], "LatestTime": one.window[1]}
    if one.kind == INSTANCE:
        record["BackupTarget"] = "region"
    return record


def _filters(kind: str) -> dict[str, Filter[AutomatedBackup]]:
    noun = "db-instance-id" if kind == INSTANCE else "db-cluster-id"
    resource = "dbi-resource-id" if kind == INSTANCE else "db-cluster-resource-id"
    return {
        "status": Filter(lambda one: [one.status]),
        noun: Filter(lambda one: [one.source[SOURCE[kind]]], arn_type=ARN_TYPE[kind]),
        resource: Filter(lambda one: [one.resource_id.lower(), one.arn]),
    }


def _describe(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    backend, parameters = request.backend, request.parameters
    found = list(automated_backups(backend, kind))
    for parameter, matches in _by_parameter(backend, kind).items():
        given = parameters.get(parameter)
        if given:
            found = [one for one in found if matches(one, given)]
            if not found:
                raise AwsError(_NOT_FOUND[kind], f"Automated backup not found: {given}")
    found = sorted(apply_filters(request, found, _filters(kind)), key=lambda one: one.arn)
    return page(request, _LISTS[kind], found, key=lambda one: one.arn, show=lambda one: _shown(backend, one))


def _by_parameter(backend: Backend, kind: str) -> dict[str, Any]:
    return {
        SOURCE[kind]: lambda one, given: one.source[SOURCE[kind]] == local_name(backend, kind, given),
        RESOURCE_ID[kind]: lambda one, given: one.resource_id.lower() == given.lower(),
        f"{_LISTS[kind]}Arn": lambda one, given: one.arn == given.lower(),
    }


operation("DescribeDBInstanceAutomatedBackups")(partial(_describe, kind=INSTANCE))
operation("DescribeDBClusterAutomatedBackups")(partial(_describe, kind=CLUSTER))
