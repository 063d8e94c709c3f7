# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Seed data: a fleet described in YAML or as a dict, put into a world all at once or not at all."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from . import catalogue
from .backend import CLUSTER, INSTANCE, STATUS_MEMBER, Backend, Database
from .lifecycle import watch_window
from .parameter_groups import add_group, default_group, find_group, set_apply_status
from .records import add_member, cluster_record, instance_record
from .rules import IAM
from .seed_format import check_document, expand
from .world import DEFAULT_ACCOUNT, DEFAULT_REGION, World

_DEFAULT_CLASS = "db.m6g.large"
_DEFAULT_INTEL_CLASS = "db.m6i.large"
_DEFAULT_AURORA_CLASS = "db.r6g.large"


def seed(world: World, source: dict[str, Any] | str | Path) -> None:
    """Add what a document describes (ValueError, and nothing added, if it makes no sense)."""
    document = copy.deepcopy(source) if isinstance(source, dict) else load(source)
    check_document(document)
    account = str(document.get("account", DEFAULT_ACCOUNT))
    with world.lock:
        backend = world.backend(account, document.get("region", DEFAULT_REGION))
        _Planter(world, backend, document).plant()


def load(source: str | Path) -> dict[str, Any]:
    """Read a file, or YAML text with more than one line."""
    text = source if isinstance(source, str) and "\n" in source else Path(source).read_text("utf-8")
    document = yaml.safe_load(text)
    if not isinstance(document, dict):
        raise ValueError("a seed is a dictionary")
    return document


class _Planter:
    def __init__(self, world: World, backend: Backend, document: dict[str, Any]) -> None:
        self.world = world
        self.backend = backend
        self.document = document
        self.clusters = list(expand(document.get("db_clusters", []), "db_clusters"))
        self.instances = list(expand(document.get("db_instances", []), "db_instances"))

    def plant(self) -> None:
        self._refuse_taken()
        self._check_references()
        for kind, section in (
            (INSTANCE, "db_parameter_groups"),
            (CLUSTER, "db_cluster_parameter_groups"),
        ):
            for item in self.document.get(section, []):
                self._group(kind, item)
        for item in self.clusters:
            self._cluster(item)
        for item in self.instances:
            self._instance(item)

    def _refuse_taken(self) -> None:
        names: dict[str, list[str]] = {INSTANCE: [], CLUSTER: []}
        for item in self.instances:
            names[INSTANCE].append(item["identifier"])
        for item in self.clusters:
            names[CLUSTER].append(item["identifier"])
            names[INSTANCE] += [member["identifier"] for member in _members(item)]
        for kind, all_names in names.items():
            seen: set[str] = set()
            for name in all_names:
                if name in seen or name in self.backend.shelf(kind):
                    raise ValueError(f"there is a DB {kind} {name!r} already")
                seen.add(name)

    def _check_references(self) -> None:
        groups = {
            INSTANCE: {g["name"].lower() for g in self.document.get("db_parameter_groups", [])},
            CLUSTER: {
                g["name"].lower() for g in self.document.get("db_cluster_parameter_groups", [])
            },
        }
        for kind, section in (
            (INSTANCE, "db_parameter_groups"),
            (CLUSTER, "db_cluster_parameter_groups"),
        ):
            for item in self.document.get(section, []):
                self._check_group(kind, item)
        for item in self.instances:
            self._check_known_group(INSTANCE, item.get("db_parameter_group"), groups)
        for item in self.clusters:
            self._check_known_group(CLUSTER, item.get("db_cluster_parameter_group"), groups)
            for member in _members(item):
                self._check_known_group(INSTANCE, member.get("db_parameter_group"), groups)
        known = {item["identifier"] for item in self.instances}
        for item in self.instances:
            source = str(item.get("source", "")).lower()
            if source and source not in known and source not in self.backend.instances:
                raise ValueError(f"source of {item['identifier']!r}: no DB instance {source!r}")

    def _check_group(self, kind: str, item: dict[str, Any]) -> None:
        if item["name"].lower() in self.backend.groups[kind]:
            raise ValueError(f"there is a parameter group {item['name']!r} already")
        if item["family"] not in catalogue.families():
            raise ValueError(f"unknown parameter group family {item['family']!r}")

    def _check_known_group(self, kind: str, name: str | None, new: dict[str, set[str]]) -> None:
        if name and name.lower() not in new[kind] and not find_group(self.backend, kind, name):
            raise ValueError(f"no parameter group {name!r} for a DB {kind}")

    def _group(self, kind: str, item: dict[str, Any]) -> None:
        group = add_group(
            self.backend,
            kind,
            name=item["name"].lower(),
            family=item["family"],
            description=item.get("description"),
        )
        rows = group["Parameters"]
        for name, modifiable in item.get("modifiable", {}).items():
            rows[name]["IsModifiable"] = modifiable
        for name, value in item.get("parameters", {}).items():
            rows[name].update(ParameterValue=str(value), Source="user")
            dynamic = rows[name]["ApplyType"] == "dynamic"
            rows[name]["ApplyMethod"] = "immediate" if dynamic else "pending-reboot"

    def _version(self, item: dict[str, Any]) -> str:
        return str(item.get("engine_version") or catalogue.engine(item["engine"]).default)

    def _instance(self, item: dict[str, Any], cluster: Database | None = None) -> None:
        version = self._version(item)
        group = item.get("db_parameter_group") or default_group(
            self.backend, INSTANCE, item["engine"], version
        )
        record = instance_record(
            self.backend,
            identifier=item["identifier"],
            engine=item["engine"],
            version=version,
            db_class=item.get("db_instance_class") or _default_class(item["engine"]),
            parameter_group=group.lower(),
            cluster=cluster.record if cluster else None,
        )
        database = Database(kind=INSTANCE, record=record)
        self._settle(database, item)
        if "source" in item:
            self._make_replica(database, item["source"].lower())
        if cluster is not None:
            add_member(cluster, record)
            record[IAM] = cluster.record[IAM]
        if "parameter_apply_status" in item:
            set_apply_status(self.backend, INSTANCE, group.lower(), item["parameter_apply_status"])

    def _make_replica(self, replica: Database, source_name: str) -> None:
        replica.record["ReadReplicaSourceDBInstanceIdentifier"] = source_name
        source = self.backend.instances.get(source_name)
        if source is None:
            # Listed further down: joined when everything is there.
            self.world.clock.after(0, partial(self._make_replica, replica, source_name))
            return
        source.record["ReadReplicaDBInstanceIdentifiers"].append(replica.name)

    def _cluster(self, item: dict[str, Any]) -> None:
        version = self._version(item)
        group = item.get("db_cluster_parameter_group") or default_group(
            self.backend, CLUSTER, item["engine"], version
        )
        record = cluster_record(
            self.backend,
            identifier=item["identifier"],
            engine=item["engine"],
            version=version,
            parameter_group=group.lower(),
            engine_mode=item.get("engine_mode", "provisioned"),
        )
        cluster = Database(kind=CLUSTER, record=record)
        self._settle(cluster, item)
        for member in _members(item):
            inherited = {"engine": item["engine"], "engine_version": version}
            self._instance({**inherited, **member}, cluster)
        if "parameter_apply_status" in item:
            set_apply_status(self.backend, CLUSTER, group.lower(), item["parameter_apply_status"])

    def _settle(self, database: Database, item: dict[str, Any]) -> None:
        """What instances and clusters share, and the place on the shelf."""
        record = database.record
        record[IAM] = bool(item.get("iam_database_authentication_enabled", False))
        record["PendingModifiedValues"] = dict(item.get("pending_modified_values", {}))
        record["TagList"] = [
            {"Key": str(key), "Value": str(value)} for key, value in item.get("tags", {}).items()
        ]
        record.update(item.get("extra", {}))
        if "status" in item:
            record[STATUS_MEMBER[database.kind]] = str(item["status"])
        if "status_after" in item:
            later = item["status_after"]
            change = partial(record.update, {STATUS_MEMBER[database.kind]: str(later["status"])})
            self.world.clock.after(float(later["seconds"]), change)
        self.backend.shelf(database.kind).add(database)
        watch_window(self.backend, database)


def _members(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    members = item.get("members", 1 if item["engine"] not in catalogue.MULTI_AZ_ENGINES else 3)
    if isinstance(members, int):
        members = [{"identifier": f"{item['identifier']}-{n}"} for n in range(1, members + 1)]
    for member in members:
        yield {**member, "identifier": str(member["identifier"]).lower()}


def _default_class(engine: str) -> str:
    if catalogue.is_aurora(engine):
        return _DEFAULT_AURORA_CLASS
    arm = _DEFAULT_CLASS in catalogue.engine(engine).classes
    return _DEFAULT_CLASS if arm else _DEFAULT_INTEL_CLASS
