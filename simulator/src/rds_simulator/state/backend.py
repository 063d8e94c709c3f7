# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What one account has in one region."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.utilities.utils import get_partition

from ..kinds import CLUSTER, INSTANCE
from .backup_store import BackupStore

if TYPE_CHECKING:
    from .world import World
NAME_MEMBER = {INSTANCE: "DBInstanceIdentifier", CLUSTER: "DBClusterIdentifier"}
STATUS_MEMBER = {INSTANCE: "DBInstanceStatus", CLUSTER: "Status"}
ARN_TYPE = {INSTANCE: "db", CLUSTER: "cluster"}


@dataclass
class Database:
    """An instance or a cluster: its record, in the shape of the API, and what goes on inside.

    requested: accepted changes that have not taken, by record member; what Describe shows as
    pending follows it. flush: the changes that are being, or about to be, applied.
    flush_from: the status before they were. watch: the number of the latest look-out for its maintenance
    window. in_force: values of parameters that differ from those of its group, which wait for a reboot.
    backed_up_since: its first automated backup. window: when it can be restored to, where that
    does not follow from the clock.
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

    @property
    def name(self) -> str:
        """Its identifier."""
        return str(self.record[NAME_MEMBER[self.kind]])

    @property
    def status(self) -> str:
        """Its status."""
        return str(self.record[STATUS_MEMBER[self.kind]])

    @status.setter
    def status(self, value: str) -> None:
        self.record[STATUS_MEMBER[self.kind]] = value

    @property
    def pending(self) -> dict[str, Any]:
        """The pending values that it shows."""
        pending: dict[str, Any] = self.record.setdefault("PendingModifiedValues", {})
        return pending

    @property
    def engine(self) -> str:
        """Its engine."""
        return str(self.record["Engine"])


class DatabaseStore:
    """Databases of one kind, by identifier (lower case), in the order in which pages list them."""

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
        """Those behind a name, which need not be there itself; all of them behind ``""``."""
        for position in range(bisect.bisect_right(self._names, name), len(self._names)):
            yield self._databases[self._names[position]]

    def get(self, name: str) -> Database | None:
        """One, or None."""
        return self._databases.get(name.lower())

    def add(self, database: Database) -> Database:
        """Add one under a name that is free."""
        bisect.insort(self._names, database.name)
        self._databases[database.name] = database
        return database

    def remove(self, database: Database) -> None:
        """Take one away."""
        database.deleted = True
        self._take(database.name)

    def rename(self, database: Database, name: str) -> None:
        """Give one another name."""
        self._take(database.name)
        database.record[NAME_MEMBER[self.kind]] = name
        self.add(database)

    def _take(self, name: str) -> None:
        del self._databases[name]
        del self._names[bisect.bisect_left(self._names, name)]


class Backend:
    """The databases, their archive, groups and tags of one account in one region."""

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
        self.backup_store = BackupStore()
        self.events: list[dict[str, Any]] = []

    def database_store(self, kind: str) -> DatabaseStore:
        """The databases of a kind."""
        return self.instances if kind == INSTANCE else self.clusters

    def arn(self, resource_type: str, name: str) -> str:
        """The ARN of something here."""
        return f"arn:{self.partition}:rds:{self.region}:{self.account}:{resource_type}:{name}"

    def members(self, cluster: Database) -> list[Database]:
        """The instances of a cluster."""
        names = [item["DBInstanceIdentifier"] for item in cluster.record["DBClusterMembers"]]
        return [found for found in map(self.instances.get, names) if found is not None]

    def cluster_of(self, instance: Database) -> Database | None:
        """The cluster that an instance is a member of."""
        name = instance.record.get("DBClusterIdentifier")
        return self.clusters.get(name) if name else None
