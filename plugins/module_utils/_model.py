# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the collection knows of a database: plain frozen values, the same for instances and clusters.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

INSTANCE = "instance"
CLUSTER = "cluster"
# a cluster of one of these is a Multi-AZ DB cluster
MULTI_AZ_ENGINES = ("mysql", "postgres")


@dataclass(frozen=True, order=True)
class Ref:
    """Names one database: its kind (``instance`` or ``cluster``) and its identifier in lower case.

    ``account``: the one that an ARN named; it does not count when names are compared.
    """

    kind: str
    identifier: str
    account: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind}/{self.identifier}"


@dataclass(frozen=True)
class Endpoint:
    """Where the database listens: host name and TCP port."""

    address: str
    port: int


@dataclass(frozen=True)
class GroupInForce:
    """The parameter group that a database uses, and whether its values have reached the database.

    ``apply_status`` is RDS's ``ParameterApplyStatus``. A cluster has one for each member: ``apply_status`` is the least
    settled of them, ``more_statuses`` are the others that are not ``in-sync``. They belong to the database, so they
    do not make two groups of one.
    """

    kind: str
    name: str
    apply_status: str = field(compare=False)
    more_statuses: tuple[str, ...] = field(default=(), compare=False)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Every apply status but ``in-sync``, the least settled first."""
        return tuple(status for status in (self.apply_status, *self.more_statuses) if status not in ("", "in-sync"))


@dataclass(frozen=True)
class Member:
    """A DB instance of a cluster; the class is known once the member itself was described."""

    identifier: str
    is_writer: bool
    instance_class: str | None = None


class Directory(t.NamedTuple):
    """A directory that the database has joined for Kerberos, and how far the joining is."""

    name: str
    status: str


@dataclass(frozen=True)
class Database:
    """A DB instance or DB cluster as RDS describes it."""

    ref: Ref
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
    instance_class: str | None = None
    parameter_group: GroupInForce | None = None
    members: tuple[Member, ...] = ()
    replicas: tuple[Ref, ...] = ()
    replicas_elsewhere: tuple[str, ...] = ()
    cluster_identifier: str | None = None
    replica_of: str | None = None
    created_at: dt.datetime | None = None
    directories: tuple[Directory, ...] = ()
    on_outpost: bool = False
    serverless_v1: bool = False
    express: bool = False
    # what it was created with, as far as RDS shows it: names as in the request -> value
    created_with: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def pending_change(self) -> bool | None:
        """The pending value where it would change something: one that equals the current one counts as none."""
        return None if self.pending == self.current else self.pending

    @property
    def is_multi_az_cluster(self) -> bool:
        """A Multi-AZ DB cluster: a cluster of the plain ``mysql`` or ``postgres`` engine."""
        return self.ref.kind == CLUSTER and self.engine in MULTI_AZ_ENGINES

    @property
    def is_aurora_cluster(self) -> bool:
        return self.ref.kind == CLUSTER and not self.is_multi_az_cluster


@dataclass(frozen=True)
class Parameter:
    """One parameter of a parameter group; ``value`` is None where it is not set (the engine's default holds)."""

    name: str
    value: str | None
    modifiable: bool
    dynamic: bool


@dataclass(frozen=True)
class Problem:
    """Why the desired value must not or cannot be set on a database."""

    code: str
    message: str


@dataclass(frozen=True)
class Wish:
    """What a task asks for, the same for all of its databases."""

    desired: bool
    apply_immediately: bool = False
    apply_other_pending_changes: bool = False
    ssl_parameter: str = "require"
    skip_problems: bool = False
    include_read_replicas: bool = False
    max_changes: int | None = None
    expect_plan_id: str | None = None
    return_unchanged: bool = True
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_delay: float = 5.0


@dataclass(frozen=True)
class State:
    """The setting of one database at one moment: current value and pending value (None: nothing pending)."""

    current: bool
    pending: bool | None


@dataclass(frozen=True)
class Modify:
    """The one change that is asked of RDS: identifier, value and timing, nothing else ever."""

    ref: Ref
    enable: bool
    apply_immediately: bool
