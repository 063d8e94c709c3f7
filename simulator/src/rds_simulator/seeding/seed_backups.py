# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Seeds of snapshots, automated backups, subnet groups and option groups, and the age of seeded databases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from ..api import wire
from ..engines import catalogue
from ..kinds import CLUSTER, INSTANCE
from ..operations.login_data import image_of
from ..operations.parameter_groups import default_group
from ..operations.snapshots import new_snapshot
from ..rules.refusals import IAM
from ..state.backend import Backend, Database
from ..state.backup_store import RESOURCE_ID, Backup, Snapshot
from ..state.records import cluster_record, default_network, instance_record
from .seed_format import expand

# In seconds. By default, databases are one month old and snapshots one day.
_AGE = 30 * 86400.0
_SNAPSHOT_AGE = 86400.0
_DEFAULT_CLASS = "db.m6g.large"
_DEFAULT_INTEL_CLASS = "db.m6i.large"
_DEFAULT_AURORA_CLASS = "db.r6g.large"
_SHAPE = {INSTANCE: "DBInstance", CLUSTER: "DBCluster"}
_SNAPSHOT_SHAPE = {INSTANCE: "DBSnapshot", CLUSTER: "DBClusterSnapshot"}
_SECTIONS = {
    INSTANCE: ("snapshots", "automated_backups"),
    CLUSTER: ("cluster_snapshots", "cluster_automated_backups"),
}


def default_class(engine: str) -> str:
    """Return the class of a database whose seed does not name one."""
    if catalogue.is_aurora(engine):
        return _DEFAULT_AURORA_CLASS
    arm = _DEFAULT_CLASS in catalogue.engine(engine).classes
    return _DEFAULT_CLASS if arm else _DEFAULT_INTEL_CLASS


def set_age(backend: Backend, database: Database, item: dict[str, Any]) -> None:
    """Set the age of a seeded database: it was created ``age`` seconds ago, and has had backups since.

    A LatestRestorableTime in the ``extra`` of the seed is fixed: it does not follow the clock.
    """
    record, extra = database.record, item.get("extra", {})
    member = "InstanceCreateTime" if database.kind == INSTANCE else "ClusterCreateTime"
    if member not in extra:
        record[member] = backend.world.clock.now() - timedelta(seconds=float(item.get("age", _AGE)))
    database.backed_up_since = record[member] if record["BackupRetentionPeriod"] else None
    latest = extra.get("LatestRestorableTime")
    if latest is not None:
        days = timedelta(days=record["BackupRetentionPeriod"])
        database.window = (extra.get("EarliestRestorableTime", latest - days), latest)


class BackupSeeder:
    """Adds snapshots, backups and groups, and removes them again if the rest of the seed is invalid."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._undo: list[Callable[[], Any]] = []

    def add_groups(self, document: dict[str, Any]) -> None:
        """Add the groups that databases refer to."""
        for item in document["subnet_groups"]:
            name, vpc = item["name"].lower(), item.get("vpc", "vpc-0a1b2c3d4e5f60001")
            record = {
                **default_network(self.backend),
                "DBSubnetGroupName": name,
                "DBSubnetGroupDescription": item.get("description", name),
                "DBSubnetGroupArn": self.backend.arn("subgrp", name),
                "VpcId": vpc,
            }
            self._add(self.backend.subnet_groups, name, record, "DB subnet group")
        for item in document["option_groups"]:
            version = item.get("engine_version") or self.backend.world.engines[item["engine"]].default
            record = {"permanent": False, **item, "name": item["name"].lower(), "engine_version": version}
            self._add(self.backend.option_groups, record["name"], record, "option group")

    def add_all(self, document: dict[str, Any]) -> None:
        """Add snapshots and automated backups."""
        for kind, (snapshots, backups) in _SECTIONS.items():
            for item in expand(document[snapshots], snapshots):
                self._snapshot(kind, item)
            for item in expand(document[backups], backups):
                self._backup(kind, item)

    def undo(self) -> None:
        """Remove everything that was added."""
        for undo in reversed(self._undo):
            undo()

    def _add(self, database_store: dict[str, Any], name: str, value: Any, what: str) -> None:
        if name in database_store:
            raise ValueError(f"{what} {name!r}: already exists")
        database_store[name] = value
        self._undo.append(partial(database_store.pop, name))

    def _snapshot(self, kind: str, item: dict[str, Any]) -> None:
        world = self.backend.world
        owner = world.backend(item.get("owner", self.backend.account), self.backend.region)
        shared = item.get("shared_with", [] if owner is self.backend else [self.backend.account])
        made = new_snapshot(
            owner,
            kind,
            item["identifier"],
            self._source(owner, kind, item),
            snapshot_type=item.get("type", "manual"),
            at=world.clock.now() - timedelta(seconds=float(item.get("age", _SNAPSHOT_AGE))),
        )
        # A snapshot of the source as it is now, whatever its age: older data do not exist.
        made.data = image_of(self._existing(owner, kind, item))
        made.shared_with = {str(account) for account in shared}
        stated: dict[str, Any] = {"Status": item.get("status", "available"), **item.get("extra", {})}
        if "tags" in item:
            stated["TagList"] = _tags(item)
        _check(_SNAPSHOT_SHAPE[kind], stated, item["identifier"])
        made.record.update(stated)
        self._add(owner.backup_store.snapshots[kind], made.name, made, "snapshot")
        if "status_after" in item:
            later = item["status_after"]
            world.clock.after(float(later["seconds"]), partial(_set_status, made, str(later["status"])))

    def _backup(self, kind: str, item: dict[str, Any]) -> None:
        backend, now = self.backend, self.backend.world.clock.now()
        region = item.get("source_region")
        if self._existing(backend, kind, item) is not None and region is None:
            raise ValueError(f"automated backup of {item['source']!r}: an existing database has its own backups")
        record = self._source(backend, kind, item)
        if region:
            member = "DBInstanceArn" if kind == INSTANCE else "DBClusterArn"
            record[member] = record[member].replace(f":{backend.region}:", f":{region}:")
        if "resource_id" in item:
            record[RESOURCE_ID[kind]] = item["resource_id"]
        ages = (float(item.get("earliest_age", 7 * 86400)), float(item.get("latest_age", 300)))
        if ages[0] < ages[1]:
            raise ValueError(f"automated backup of {item['source']!r}: earliest_age must not be less than latest_age")
        backup = Backup(
            kind=kind,
            source=record,
            window=(now - timedelta(seconds=ages[0]), now - timedelta(seconds=ages[1])),
            status=item.get("status", "active" if region else "retained"),
            region=region,
        )
        self._add(backend.backup_store.backups[kind], backup.resource_id, backup, "automated backup of")

    def _existing(self, owner: Backend, kind: str, item: dict[str, Any]) -> Database | None:
        return owner.database_store(kind).get(item["source"])

    def _source(self, owner: Backend, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        """Return the record of the source: of an existing database, or of a deleted one if an engine is given."""
        # A source in another Region is not the database that has the same name in this Region.
        living = None if "source_region" in item else self._existing(owner, kind, item)
        if living is None and "engine" not in item:
            raise ValueError(f"source {item['source']!r}: DB {kind} does not exist. Set engine for a deleted database.")
        record = _deleted_record(owner, kind, item) if living is None else copy.deepcopy(living.record)
        stated: dict[str, Any] = {}
        if "iam_database_authentication_enabled" in item:
            stated[IAM] = item["iam_database_authentication_enabled"]
        if "encrypted" in item:
            stated["StorageEncrypted"] = item["encrypted"]
        if "db_instance_class" in item:
            stated["DBInstanceClass" if kind == INSTANCE else "DBClusterInstanceClass"] = item["db_instance_class"]
        if "engine_version" in item:
            stated["EngineVersion"] = item["engine_version"]
        if "tags" in item:
            stated["TagList"] = _tags(item)
        stated.update(item.get("source_extra", {}))
        _check(_SHAPE[kind], stated, item["source"])
        record.update(stated)
        if not record["StorageEncrypted"]:
            record.pop("KmsKeyId", None)
        return record


def _deleted_record(owner: Backend, kind: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a deleted database."""
    engine = item["engine"]
    version = item.get("engine_version") or owner.world.engines[engine].default
    common = {"identifier": item["source"].lower(), "engine": engine, "version": version}
    group = default_group(owner, kind, engine, version)
    if kind == CLUSTER:
        record = cluster_record(owner, **common, parameter_group=group)
    else:
        record = instance_record(owner, **common, db_class=default_class(engine), parameter_group=group)
    made = owner.world.clock.now() - timedelta(seconds=_AGE)
    record["InstanceCreateTime" if kind == INSTANCE else "ClusterCreateTime"] = made
    return record


def _tags(item: dict[str, Any]) -> list[dict[str, str]]:
    return [{"Key": str(key), "Value": str(value)} for key, value in item["tags"].items()]


def _check(shape: str, stated: dict[str, Any], name: str) -> None:
    try:
        wire.check(shape, stated)
    except ValueError as error:
        raise ValueError(f"{name!r}: {error}") from None


def _set_status(snapshot: Snapshot, status: str) -> None:
    snapshot.record["Status"] = status
