# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The endpoints of databases that accept logins, and the state of a database as a login finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from ..kinds import CLUSTER, INSTANCE
from ..rules.refusals import IAM, parameter_value
from ..state.backend import Backend, Database
from ..state.backup_store import RESOURCE_ID
from ..state.settings import Settings
from .target import AccessRules, LoginTarget
from .volume import Volume

MEMBER, WRITER, READER = "instance", "writer", "reader"
_HEALTHY = ("available", "storage-optimization", "backing-up", "modifying")
_REPLICA = ("ReadReplicaSourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier")

# The status of an endpoint whose instance does not exist: nothing listens there.
_NO_INSTANCE = "deleting"


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One endpoint of a database: that of an instance, or the writer or reader endpoint of a cluster."""

    home: Backend
    database: Database
    role: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the endpoint, also after the database was renamed."""
        return str(self.database.record[RESOURCE_ID[self.database.kind]]), self.role

    @property
    def owner(self) -> Database:
        """The database that has the data: the cluster of an instance, or the database itself."""
        return owner_of(self.home, self.database)

    @property
    def address(self) -> str:
        """The host name in the record, or an empty string before the database has one."""
        record = self.database.record
        if self.role == MEMBER:
            return str(record.get("Endpoint", {}).get("Address", ""))
        return str(record.get("Endpoint" if self.role == WRITER else "ReaderEndpoint", ""))

    @property
    def port(self) -> int:
        """The port in the record."""
        record = self.database.record
        return int(record.get("Endpoint", {}).get("Port", 0) if self.role == MEMBER else record["Port"])


def owner_of(home: Backend, database: Database) -> Database:
    """Return the database that has the data of this one."""
    cluster = home.cluster_of(database) if database.kind == INSTANCE else None
    return cluster or database


def endpoints_of(home: Backend, owner: Database) -> Iterator[Endpoint]:
    """Yield the endpoints of a database: its own, or those of a cluster with members."""
    if owner.kind == INSTANCE:
        yield Endpoint(home, owner, MEMBER)
        return
    members = home.members(owner)
    if members:
        yield Endpoint(home, owner, WRITER)
        yield Endpoint(home, owner, READER)
    for member in members:
        yield Endpoint(home, member, MEMBER)


def owners_in(home: Backend) -> Iterator[Database]:
    """Yield the databases of an account in a Region that accept logins."""
    for store in (home.instances, home.clusters):
        yield from (database for database in store if database.data is not None)


def volume_of(owner: Database) -> Volume[Any] | None:
    """Return the data of a database, or None if it accepts no logins."""
    return owner.data if isinstance(owner.data, Volume) else None


def writer_of(home: Backend, cluster: Database) -> Database | None:
    """Return the writer of a cluster, or None."""
    for item in cluster.record["DBClusterMembers"]:
        if item["IsClusterWriter"]:
            return home.instances.get(item["DBInstanceIdentifier"])
    return None


def outages_of(home: Backend, owner: Database) -> int:
    """Return how often the server of a database was restarted: that of a cluster restarts with its writer."""
    writer = writer_of(home, owner) if owner.kind == CLUSTER else None
    return owner.outages + (writer.outages if writer else 0)


def login_target(endpoint: Endpoint, settings: Settings) -> LoginTarget:
    """Return the state of the database that decides about a login through this endpoint."""
    home, owner = endpoint.home, endpoint.owner
    endpoints = endpoints_of(home, owner) if settings.token_endpoint == "database" else (endpoint,)
    return LoginTarget(
        account=home.account,
        region=home.region,
        partition=home.partition,
        resource_id=str(owner.record[RESOURCE_ID[owner.kind]]),
        endpoints=frozenset(f"{one.address}:{one.port}" for one in endpoints if one.address),
        kind=owner.kind,
        name=owner.name,
        engine=owner.engine,
        status=_status(endpoint),
        iam_enabled=bool(owner.record.get(IAM, False)),
        force_ssl=parameter_value(home, owner, "rds.force_ssl") == "1",
        is_reader=_is_reader(endpoint),
        iam_auth_for_replication=parameter_value(home, owner, "rds.iam_auth_for_replication") == "1",
        rules=AccessRules(**{item.name: getattr(settings, item.name) for item in fields(AccessRules)}),
        instance=_instance_name(endpoint),
    )


def server_parameters(home: Backend, owner: Database) -> dict[str, str]:
    """Return the parameters of the parameter group that the server follows, as they are when it starts.

    The default of max_connections is a formula of the memory of the instance class; the server keeps its own default.
    """
    limit = parameter_value(home, owner, "max_connections")
    logical = parameter_value(home, owner, "rds.logical_replication") == "1"
    return {
        **({"max_connections": limit} if limit and limit.isdecimal() else {}),
        **({"wal_level": "logical"} if logical else {}),
    }


def _status(endpoint: Endpoint) -> str:
    """Return the status of the instance behind the endpoint or, if that is available, of its cluster."""
    database = endpoint.database
    if database.deleted or not endpoint.address:
        return "creating" if not database.deleted else _NO_INSTANCE
    instance = _instance(endpoint)
    if instance is None or instance.deleted:
        return _NO_INSTANCE
    return instance.status if instance.status not in _HEALTHY else endpoint.owner.status


def _instance(endpoint: Endpoint) -> Database | None:
    """Return the DB instance that the endpoint leads to, or None."""
    database, home = endpoint.database, endpoint.home
    if endpoint.role == WRITER:
        return writer_of(home, database)
    if endpoint.role == READER:
        members = home.members(database)
        return next((one for one in members if one.status in _HEALTHY), members[0] if members else None)
    return database


def _instance_name(endpoint: Endpoint) -> str:
    instance = _instance(endpoint)
    return instance.name if instance is not None else ""


def is_replica(owner: Database) -> bool:
    """Return whether the data are those of a read replica."""
    return any(owner.record.get(member) for member in (*_REPLICA, "ReplicationSourceIdentifier"))


def _is_reader(endpoint: Endpoint) -> bool:
    """Return whether the sessions are read-only.

    The reader endpoint of a cluster with one instance leads to the writer (Aurora user guide, endpoints ✓).
    """
    database, home = endpoint.database, endpoint.home
    if endpoint.role == MEMBER and endpoint.owner is database:
        return any(database.record.get(member) for member in _REPLICA)
    if endpoint.owner.record.get("ReplicationSourceIdentifier"):
        return True
    if endpoint.role == READER:
        return len(home.members(database)) > 1
    return endpoint.role == MEMBER and writer_of(home, endpoint.owner) is not database


def describe(endpoint: Endpoint, listen: tuple[str, int]) -> dict[str, Any]:
    """Return what the list of logins shows."""
    return {
        "kind": endpoint.database.kind,
        "name": endpoint.database.name,
        "endpoint": endpoint.address,
        "port": endpoint.port,
        "listen_host": listen[0],
        "listen_port": listen[1],
        "account": endpoint.home.account,
        "region": endpoint.home.region,
    }
