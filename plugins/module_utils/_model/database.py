# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DB instances and DB clusters as immutable values, independent of the format of the RDS API.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .engines import MULTI_AZ_ENGINES
from .parameter_group import ParameterGroup

INSTANCE = "instance"
CLUSTER = "cluster"


@dataclass(frozen=True, order=True)
class DatabaseId:
    """Identifies one database by its kind (``instance`` or ``cluster``) and its identifier in lower case.

    ``account`` is the account of the ARN that the user gave. It is ignored when two ids are compared.
    """

    kind: str
    identifier: str
    account: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind}/{self.identifier}"


@dataclass(frozen=True)
class Endpoint:
    """The connection endpoint: host name and TCP port."""

    address: str
    port: int


@dataclass(frozen=True)
class Member:
    """A DB instance of a cluster. The class is None until the instance itself has been described."""

    identifier: str
    is_writer: bool
    instance_class: str | None = None


class DomainMembership(t.NamedTuple):
    """A directory that the database joins for Kerberos authentication, and the status of the membership."""

    name: str
    status: str


@dataclass(frozen=True)
class Database:
    """A DB instance or DB cluster as RDS describes it."""

    id: DatabaseId
    arn: str
    resource_id: str
    engine: str
    engine_version: str
    status: str
    current: bool
    pending: bool | None = None
    other_pending: t.Mapping[str, t.Any] = field(default_factory=dict)
    tags: t.Mapping[str, str] = field(default_factory=dict)
    maintenance_window: str = ""
    endpoint: Endpoint | None = None
    reader_endpoint: Endpoint | None = None
    instance_class: str | None = None
    parameter_group: ParameterGroup | None = None
    members: tuple[Member, ...] = ()
    replicas: tuple[DatabaseId, ...] = ()
    replicas_elsewhere: tuple[str, ...] = ()
    cluster_identifier: str | None = None
    replica_of: str | None = None
    created_at: dt.datetime | None = None
    directories: tuple[DomainMembership, ...] = ()
    on_outpost: bool = False
    serverless_v1: bool = False
    express: bool = False
    # the settings at creation that RDS still shows: parameter of the request -> value
    created_with: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def pending_change(self) -> bool | None:
        """The pending value, or None if no change is pending or the pending value equals the current one."""
        return None if self.pending == self.current else self.pending

    @property
    def is_multi_az_cluster(self) -> bool:
        """Whether it is a Multi-AZ DB cluster, which has the engine ``mysql`` or ``postgres``."""
        return self.id.kind == CLUSTER and self.engine in MULTI_AZ_ENGINES

    @property
    def is_aurora_cluster(self) -> bool:
        return self.id.kind == CLUSTER and not self.is_multi_az_cluster
