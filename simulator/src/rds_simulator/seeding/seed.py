# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Seed data: databases described in YAML or a dictionary, which are added all together or not at all."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..api import wire
from ..engines import catalogue
from ..engines.engines import sorted_versions
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..login.opening import open_logins
from ..operations.login_data import copy_data
from ..operations.parameter_groups import add_group, default_group, find_group
from ..rules import windows
from ..rules.lifecycle import watch_window
from ..rules.refusals import IAM
from ..state.backend import STATUS_MEMBER, Backend, Database
from ..state.records import add_member, cluster_record, instance_record
from ..state.world import DEFAULT_ACCOUNT, DEFAULT_REGION, World
from . import principal_format
from .documents import load
from .seed_backups import BackupSeeder, default_class, set_age
from .seed_format import check_document, expand
from .seed_logins import accounts_of
from .seed_metrics import add_iam_logins
from .seed_proxies import proxy_record

if TYPE_CHECKING:
    from ..login.metrics import LoginHistory
    from .seed_principals import PrincipalSeeder
_SHAPE = {INSTANCE: "DBInstance", CLUSTER: "DBCluster"}
_GROUP_SECTIONS = {INSTANCE: "db_parameter_groups", CLUSTER: "db_cluster_parameter_groups"}


def seed(world: World, source: dict[str, Any] | str | Path) -> None:
    """Add the databases of a document; raise ValueError, and add none of them, if the document is invalid."""
    document = copy.deepcopy(source) if isinstance(source, dict) else load(source)
    check_document(document)
    account = str(document.get("account", DEFAULT_ACCOUNT))
    with world.lock:
        backend = world.backend(account, document.get("region", DEFAULT_REGION))
        seeder = _Seeder(world, backend)
        try:
            seeder.add_all(document)
        except BaseException:
            seeder.undo()
            raise
    world.refresh_logins()
    if failure := world.login_failure(seeder.databases):
        with world.lock:
            seeder.undo()
        world.refresh_logins()
        raise ValueError(failure)


class _Seeder:
    def __init__(self, world: World, backend: Backend) -> None:
        self.world = world
        self.backend = backend
        self.backup_seeder = BackupSeeder(backend)
        self._engines = dict(world.engines)
        self.databases: list[Database] = []
        self._groups: list[tuple[str, str]] = []
        self._proxies: list[str] = []
        self._principals: PrincipalSeeder | None = None
        self._iam_logins: list[tuple[Database, dict[str, Any]]] = []
        self._history: LoginHistory | None = None

    def add_all(self, document: dict[str, Any]) -> None:
        for item in document["engine_versions"]:
            self._engine_version(item)
        for kind, section in _GROUP_SECTIONS.items():
            for item in document[section]:
                self._group(kind, item)
        self.backup_seeder.add_groups(document)
        for item in expand(document["db_clusters"], "db_clusters"):
            self._cluster(item)
        instances = list(expand(document["db_instances"], "db_instances"))
        for item in instances:
            self._instance(item)
        pairs = [self._replica_pair(item) for item in instances if "source" in item]
        for replica, source in pairs:
            replica.record["ReadReplicaSourceDBInstanceIdentifier"] = source.name
            source.record["ReadReplicaDBInstanceIdentifiers"].append(replica.name)
            copy_data(self.world, source, replica)
        self.backup_seeder.add_all(document)
        for item in document["db_proxies"]:
            self._proxy(item)
        self._add_principals(document)
        self._add_logins()

    def _add_principals(self, document: dict[str, Any]) -> None:
        if not any(document[section] for section in principal_format.SECTIONS):
            return
        # The import takes time, and most seeds have no principals.
        from .seed_principals import PrincipalSeeder

        self._principals = PrincipalSeeder(self.backend)
        self._principals.add_all(document)

    def _add_logins(self) -> None:
        if not self._iam_logins:
            return
        # The import takes time, and most seeds have no logins.
        from ..login.metrics import LoginHistory

        self._history = LoginHistory(self.backend.account, self.backend.region)
        for database, item in self._iam_logins:
            add_iam_logins(self._history, self.backend, database, item["iam_logins"])

    def undo(self) -> None:
        """Remove everything that was added."""
        if self._history is not None:
            self._history.undo()
        if self._principals is not None:
            self._principals.undo()
        self.backup_seeder.undo()
        self.world.engines = self._engines
        for database in self.databases:
            self.backend.database_store(database.kind).remove(database)
        for name in self._proxies:
            del self.backend.proxies[name]
        for kind, name in self._groups:
            del self.backend.groups[kind][name]

    def _proxy(self, item: dict[str, Any]) -> None:
        record = proxy_record(self.backend, item)
        name = record["DBProxyName"]
        if name in self.backend.proxies:
            raise ValueError(f"RDS Proxy {name!r}: already exists")
        self.backend.proxies[name] = record
        self._proxies.append(name)

    def _engine_version(self, item: dict[str, Any]) -> None:
        """Add an offered version. With ``default``, it becomes the default version of the engine."""
        engine, version = self.world.engines[item["engine"]], item["version"]
        catalogue.family(engine.name, version)
        versions = sorted_versions(engine.versions, (version,))
        default = version if item.get("default") else engine.default
        self.world.engines[engine.name] = replace(engine, versions=versions, default=default)

    def _group(self, kind: str, item: dict[str, Any]) -> None:
        name = item["name"].lower()
        if find_group(self.backend, kind, name):
            raise ValueError(f"parameter group {name!r}: already exists")
        group = add_group(
            self.backend,
            kind,
            name=name,
            family=item["family"],
            description=item.get("description"),
        )
        self._groups.append((kind, name))
        rows = group["Parameters"]
        modifiable, values = item.get("modifiable", {}), item.get("parameters", {})
        for parameter in (*modifiable, *values):
            if parameter not in rows:
                raise ValueError(f"parameter {parameter!r}: does not exist in the family {item['family']}")
        for parameter, flag in modifiable.items():
            rows[parameter]["IsModifiable"] = bool(flag)
        for parameter, value in values.items():
            rows[parameter].update(ParameterValue=str(value), Source="user")
            dynamic = rows[parameter]["ApplyType"] == "dynamic"
            rows[parameter]["ApplyMethod"] = "immediate" if dynamic else "pending-reboot"

    def _replica_pair(self, item: dict[str, Any]) -> tuple[Database, Database]:
        replica = self.backend.instances.get(item["identifier"])
        source = self.backend.instances.get(item["source"])
        if replica is None or source is None:
            raise ValueError(f"source of {item['identifier']!r}: DB instance {item['source']!r} does not exist")
        return replica, source

    def _group_name(self, kind: str, item: dict[str, Any], key: str, version: str) -> str:
        given = item.get(key)
        if given is None:
            return default_group(self.backend, kind, item["engine"], version)
        if find_group(self.backend, kind, given) is None:
            raise ValueError(f"{key} of {item['identifier']!r}: parameter group {given!r} does not exist")
        return str(given).lower()

    def _instance(self, item: dict[str, Any], cluster: Database | None = None) -> None:
        version = _version(self.world, item)
        group = self._group_name(INSTANCE, item, "db_parameter_group", version)
        record = instance_record(
            self.backend,
            identifier=item["identifier"],
            engine=item["engine"],
            version=version,
            db_class=item.get("db_instance_class") or default_class(item["engine"]),
            parameter_group=group,
            cluster=cluster.record if cluster else None,
        )
        self._add(Database(kind=INSTANCE, record=record), item)
        if cluster is not None:
            add_member(cluster, record)
            record[IAM] = cluster.record[IAM]
        if "parameter_apply_status" in item:
            for shown in record["DBParameterGroups"]:
                shown["ParameterApplyStatus"] = item["parameter_apply_status"]

    def _cluster(self, item: dict[str, Any]) -> None:
        version = _version(self.world, item)
        group = self._group_name(CLUSTER, item, "db_cluster_parameter_group", version)
        record = cluster_record(
            self.backend,
            identifier=item["identifier"],
            engine=item["engine"],
            version=version,
            parameter_group=group,
            engine_mode=item.get("engine_mode", "provisioned"),
        )
        cluster = Database(kind=CLUSTER, record=record)
        self._add(cluster, item)
        for member in _members(item):
            inherited = {"engine": item["engine"], "engine_version": version}
            self._instance({**inherited, **member}, cluster)
        for shown in record["DBClusterMembers"]:
            status = item.get("parameter_apply_status", "in-sync")
            shown["DBClusterParameterGroupStatus"] = status

    def _add(self, database: Database, item: dict[str, Any]) -> None:
        """Set what instances and clusters have in common, and add the database to its store."""
        record, database_store = database.record, self.backend.database_store(database.kind)
        if database.name in database_store:
            raise ValueError(f"DB {database.kind} {database.name!r}: already exists")
        stated = {
            IAM: item.get("iam_database_authentication_enabled", False),
            "PendingModifiedValues": item.get("pending_modified_values", {}),
            "TagList": [{"Key": str(k), "Value": str(v)} for k, v in item.get("tags", {}).items()],
            STATUS_MEMBER[database.kind]: item.get("status", "available"),
            **item.get("extra", {}),
        }
        try:
            wire.check(_SHAPE[database.kind], stated)
        except ValueError as error:
            raise ValueError(f"{database.kind} {database.name!r}: {error}") from None
        record.update(stated)
        self._settle_windows(database, stated)
        set_age(self.backend, database, item)
        self._add_data(database, item)
        database_store.add(database)
        self.databases.append(database)
        if item.get("iam_logins"):
            self._iam_logins.append((database, item))
        if "status_after" in item:
            later = item["status_after"]
            change = partial(record.update, {STATUS_MEMBER[database.kind]: str(later["status"])})
            self.world.clock.after(float(later["seconds"]), change)
        watch_window(self.backend, database)

    def _add_data(self, database: Database, item: dict[str, Any]) -> None:
        """Let a database with ``login: true`` accept logins. Its server starts at the first one."""
        if not item.get("login"):
            return
        plane = open_logins(self.world, f"login of {database.name!r}", database.engine)
        # The import takes time, and most simulators need no logins.
        from ..login.volume import Image

        database.data = plane.new_volume(Image(accounts_of(item, database.record)))

    def _settle_windows(self, database: Database, stated: dict[str, Any]) -> None:
        may_touch = self.world.settings.windows_may_touch
        try:
            database.record.update(windows.select_windows(database.record, stated, may_touch=may_touch))
        except AwsError as error:
            raise ValueError(f"{database.kind} {database.name!r}: {error.message}") from None


def _version(world: World, item: dict[str, Any]) -> str:
    return str(item.get("engine_version") or world.engines[item["engine"]].default)


def _members(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    multi_az = item["engine"] in catalogue.MULTI_AZ_ENGINES
    members = item.get("members", 3 if multi_az else 1)
    if isinstance(members, int):
        members = [{"identifier": f"{item['identifier']}-{n}"} for n in range(1, members + 1)]
    for member in members:
        yield {**member, "identifier": member["identifier"].lower()}
