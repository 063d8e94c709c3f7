# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The resources of one account in one Region."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.utilities.utils import get_partition

from ..kinds import CLUSTER, INSTANCE
from .backup_store import BackupStore
from .login_service import DatabaseData

if TYPE_CHECKING:
    from .world import World
NAME_MEMBER = {INSTANCE: "DBInstanceIdentifier", CLUSTER: "DBClusterIdentifier"}
STATUS_MEMBER = {INSTANCE: "DBInstanceStatus", CLUSTER: "Status"}
ARN_TYPE = {INSTANCE: "db", CLUSTER: "cluster"}


@dataclass
class Database:
    """An instance or a cluster: its record, in the shape of the API, and its internal state.

    requested: accepted changes that have not taken effect yet, by record member. The pending values that Describe
    shows follow it.

    flush: the changes that are being applied, or will be applied next. flush_from: the status before that.

    watch: the number of the latest wait for its maintenance window.

    in_force: parameter values that differ from those of its parameter group until the next reboot.

    backed_up_since: the time of its first automated backup.

    window: the restorable times, if the clock does not determine them.

    data: its users and tables, if it accepts logins. The data of an instance of a cluster belong to the cluster.
    """

    kind: str
    record: dict[str, Any]
    outages: int = 0
    deleted: bool = False
    requested: dict[str, Any] = field(default_factory=dict)
    flush: dict[str, Any] = field(default_factory=dict)
    flush_status: str | None = None
    flush_from: str = "available"
    flush_planned: bool = False
    returned_pending: bool = False
    watch: int = 0
    in_force: dict[str, str | None] = field(default_factory=dict)
    backed_up_since: datetime | None = None
    window: tuple[datetime, datetime] | None = None
    data: DatabaseData | None = None

    @property
    def name(self) -> str:
        """The identifier."""
        return str(self.record[NAME_MEMBER[self.kind]])

    @property
    def status(self) -> str:
        """The status."""
        return str(self.record[STATUS_MEMBER[self.kind]])

    @status.setter
    def status(self, value: str) -> None:
        self.record[STATUS_MEMBER[self.kind]] = value

    @property
    def pending(self) -> dict[str, Any]:
        """The pending values that Describe shows."""
        pending: dict[str, Any] = self.record.setdefault("PendingModifiedValues", {})
        return pending

    @property
    def engine(self) -> str:
        """The name of the engine."""
        return str(self.record["Engine"])


class DatabaseStore:
    """Databases of one kind, by identifier (in lower case), sorted as pages list them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._databases: dict[str, Database] = {}
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._databases

    def __iter__(self) -> Iterator[Database]:
        return (self._databases[name] for name in self._names)

    def after(self, name: str) -> Iterator[Database]:
        """Yield the databases after a name, which does not have to exist; all of them after ``""``."""
        for position in range(bisect.bisect_right(self._names, name), len(self._names)):
            yield self._databases[self._names[position]]

    def get(self, name: str) -> Database | None:
        """Return the database with this name, or None."""
        return self._databases.get(name.lower())

    def add(self, database: Database) -> Database:
        """Add a database. Its name must not be in use."""
        bisect.insort(self._names, database.name)
        self._databases[database.name] = database
        return database

    def remove(self, database: Database) -> None:
        """Remove a database."""
        database.deleted = True
        self._take(database.name)

    def rename(self, database: Database, name: str) -> None:
        """Rename a database."""
        self._take(database.name)
        database.record[NAME_MEMBER[self.kind]] = name
        self.add(database)

    def _take(self, name: str) -> None:
        del self._databases[name]
        del self._names[bisect.bisect_left(self._names, name)]


class Backend:
    """The databases, backups, groups and tags of one account in one Region."""

    def __init__(self, *, world: World, account: str, region: str) -> None:
        self.world = world
        self.account = account
        self.region = region
        self.partition = get_partition(region)
        self.instances = DatabaseStore(INSTANCE)
        self.clusters = DatabaseStore(CLUSTER)
        self.groups: dict[str, dict[str, dict[str, Any]]] = {INSTANCE: {}, CLUSTER: {}}
        self.group_tags: dict[str, list[dict[str, str]]] = {}
        self.subnet_groups: dict[str, dict[str, Any]] = {}
        self.option_groups: dict[str, dict[str, Any]] = {}
        self.proxies: dict[str, dict[str, Any]] = {}
        self.backup_store = BackupStore()
        self.events: list[dict[str, Any]] = []

    def database_store(self, kind: str) -> DatabaseStore:
        """Return the databases of a kind."""
        return self.instances if kind == INSTANCE else self.clusters

    def arn(self, resource_type: str, name: str) -> str:
        """Return the ARN of a resource in this account and Region."""
        return f"arn:{self.partition}:rds:{self.region}:{self.account}:{resource_type}:{name}"

    def members(self, cluster: Database) -> list[Database]:
        """Return the instances of a cluster."""
        names = [item["DBInstanceIdentifier"] for item in cluster.record["DBClusterMembers"]]
        return [found for found in map(self.instances.get, names) if found is not None]

    def cluster_of(self, instance: Database) -> Database | None:
        """Return the cluster of an instance, or None if the instance is not a member of a cluster."""
        name = instance.record.get("DBClusterIdentifier")
        return self.clusters.get(name) if name else None
