# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the name of an endpoint says about its database, and whether a database accepts connections.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId, Endpoint
from .._model.engines import engine_family
from .._model.login import MYSQL, POSTGRESQL
from .._model.status import is_ready, is_switching, is_terminal

# NAME.[cluster-|cluster-ro-|cluster-custom-|proxy-]HASH.REGION.rds.amazonaws.com[.cn] (Amazon RDS and Aurora User
# Guides, "Connecting to a DB instance" and "Amazon Aurora endpoint connections")
_ENDPOINT = re.compile(
    r"(?P<name>[a-z][a-z0-9-]*)\.(endpoint\.)?(?P<type>cluster-ro-|cluster-custom-|cluster-|proxy-)?[a-z0-9]+"
    r"\.(?P<region>[a-z]{2}(-[a-z]+)+-\d)\.rds\.amazonaws\.com(\.cn)?"
)
_DOMAINS = ("amazonaws.com", "amazonaws.com.cn")
_CLUSTER_TYPES = ("cluster-ro-", "cluster-")
_DEFAULT_PORTS = {POSTGRESQL: 5432, MYSQL: 3306}

# The database serves connections in these statuses. Which others do is not documented for each of them, so they count
# as unknown (Amazon RDS User Guide, "Viewing Amazon RDS DB instance status").
_SERVING = frozenset(
    (
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-log-exports",
        "maintenance",
        "modifying",
        "promoting",
        "storage-config-upgrade",
    )
)
_NOT_SERVING = frozenset(("creating", "rebooting", "starting", "stopping"))


@dataclass(frozen=True)
class EndpointName:
    """The parts of the DNS name of an endpoint. ``database_id`` is None for proxies and custom endpoints."""

    region: str
    database_id: DatabaseId | None
    is_proxy: bool = False


def parse_endpoint_name(host: str) -> EndpointName | None:
    """Return what the name of an endpoint contains, or None for another name."""
    match = _ENDPOINT.fullmatch(host.lower())
    if match is None:
        return None
    kind = CLUSTER if match["type"] in _CLUSTER_TYPES else INSTANCE
    is_named = match["type"] is None or match["type"] in _CLUSTER_TYPES
    database_id = DatabaseId(kind, match["name"]) if is_named else None
    return EndpointName(match["region"], database_id, is_proxy=match["type"] == "proxy-")


def is_aws_name(host: str) -> bool:
    """Return whether a name is in a domain of AWS, so that it can be an endpoint that these credentials cannot list."""
    return host.lower().rstrip(".").endswith(_DOMAINS)


def has_endpoint(database: Database, host: str, port: int) -> bool:
    """Return whether a host and a port are an endpoint of a database."""
    endpoints: t.Iterable[Endpoint | None] = (database.endpoint, database.reader_endpoint)
    return any(e is not None and e.address.lower() == host.lower() and e.port == port for e in endpoints)


def accepts_logins(status: str) -> bool | None:
    """Return whether a database accepts connections in a status, or None if it is not known."""
    if is_ready(status) or is_switching(status) or status in _SERVING:
        return True
    if status == "storage-full":
        return None
    return False if is_terminal(status) or status in _NOT_SERVING else None


def protocol_of(engine: str) -> str | None:
    """Return the protocol of an engine, or None if the engine has no IAM database authentication."""
    family = engine_family(engine)
    if family == "postgres":
        return POSTGRESQL
    return MYSQL if family in ("mysql", "mariadb") else None


def default_port(protocol: str) -> int:
    """Return the default port of a protocol."""
    return _DEFAULT_PORTS[protocol]
