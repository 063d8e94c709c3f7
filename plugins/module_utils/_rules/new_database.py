# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Predict a database before it exists, so that the rules for existing databases can check it.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from dataclasses import dataclass, field

from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId, DomainMembership, Member
from .._model.operation import Request
from .._model.parameter_group import ParameterGroup
from .._model.problem import (
    CLASS_UNSUPPORTED,
    DEPLOYMENT_UNSUPPORTED,
    ENGINE_UNSUPPORTED,
    GROUP_NOT_FOUND,
    KERBEROS_ENABLED,
    Problem,
)
from .._model.restore_source import RestoreSource
from .._model.status import AVAILABLE, is_ready, is_terminal
from .._options.cluster_instances import ClusterInstance
from .._options.settings import api_name, api_value, tag_value

_CREATING = "creating"

# A new database passes through statuses, such as modifying and backing-up, that a database in daily use also has. The
# status alone does not distinguish them, so the age of the database decides.
_MAX_CREATION_AGE = dt.timedelta(hours=1)
_GROUP_OPTION = {INSTANCE: "db_parameter_group_name", CLUSTER: "db_cluster_parameter_group_name"}

# the remedy in the messages for existing databases
_CHANGE_CLASS = re.compile(r"Change (it|that member) to another class first")


@dataclass(frozen=True)
class ProvisionRequest:
    """The database that a task requests, with the results of all lookups for it.

    - ``verb``: ``restored`` or ``created``, which is also the name of the return value.
    - ``desired``: the value of the setting. None leaves the setting of an existing target unchanged.
    - ``existing``: the target if it exists. Otherwise ``request`` creates it.
    - ``inherited``: the settings that come from the source database.
    - ``default_settings``: the options for which the source database has the default.
    - ``now``: the AWS time of the observation.
    - ``is_other``: the existing target differs from what the task requests.
    """

    verb: str
    target: DatabaseId
    desired: bool | None
    settings: t.Mapping[str, t.Any]
    engine: str = ""
    engine_version: str = ""
    existing: Database | None = None
    request: Request | None = None
    members: tuple[ClusterInstance, ...] = ()
    present_members: tuple[Database, ...] = ()
    source: RestoreSource | None = None
    restored_to: dt.datetime | None = None
    inherited: t.Mapping[str, t.Any] = field(default_factory=dict)
    default_settings: frozenset[str] = frozenset()
    members_are_inherited: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    now: dt.datetime | None = None
    is_other: bool = False

    @property
    def missing_members(self) -> tuple[ClusterInstance, ...]:
        """The requested members that do not exist."""
        present = {database.id for database in self.present_members}
        return tuple(wanted for wanted in self.members if wanted.id not in present)

    @property
    def is_half_made(self) -> bool:
        """Whether the target or one of its members is still being created, or a member is missing."""
        if self.existing is None:
            return False
        found = (self.existing, *self.present_members)
        return bool(self.missing_members) or any(self._is_new(database) for database in found)

    @property
    def is_unused(self) -> bool:
        """Whether nobody can have used the target: it does not exist, was never available, or has no DB instance.

        The age is not considered, because a database may be in use within an hour of its creation.
        """
        if self.existing is None or self.is_being_created:
            return True
        return self.is_half_made and not self.is_other and self.has_no_member

    @property
    def is_being_created(self) -> bool:
        """Whether the target exists but was never available. RDS shows an endpoint once it is available."""
        database = self.existing
        if database is None:
            return False
        return database.status == _CREATING or (database.endpoint is None and self._is_new(database))

    @property
    def has_no_member(self) -> bool:
        """Whether the target is an Aurora cluster without DB instances, which nobody can connect to."""
        return self.existing is not None and self.existing.is_aurora_cluster and not self.existing.members

    @property
    def completes_inherited_members(self) -> bool:
        """Whether inherited members are created: the target has none yet, or it is still being created."""
        if self.existing is None or self.has_no_member:
            return True
        return any(self._is_new(database) for database in (self.existing, *self.own_members))

    @property
    def own_members(self) -> tuple[Database, ...]:
        """The ``present_members`` that belong to the target."""
        name = self.target.identifier
        return tuple(member for member in self.present_members if (member.cluster_identifier or "").lower() == name)

    @property
    def has_own_groups(self) -> bool:
        """Whether the task names a parameter group for the target, or for a member that it creates."""
        return bool(self.group) or any(wanted.group for wanted in self.missing_members)

    def _is_new(self, database: Database) -> bool:
        """Whether the database was created recently and is not available yet."""
        status = database.status
        if status == _CREATING or is_ready(status) or is_terminal(status):
            return status == _CREATING
        return database.created_at is None or (
            self.now is not None and self.now - database.created_at < _MAX_CREATION_AGE
        )

    @property
    def group_option(self) -> str:
        """The option for the parameter group of the target."""
        return _GROUP_OPTION[self.target.kind]

    @property
    def group(self) -> str | None:
        """The parameter group of the target, or None if RDS uses the default one."""
        return self.settings.get(self.group_option)

    @property
    def instance_class(self) -> str | None:
        """The class of the target, or None if it is unknown or set for each member."""
        return self.settings.get("db_instance_class") or (self.source.instance_class if self.source else None)


def predicted_database(wanted: ProvisionRequest) -> Database:
    """Return the database as it will be, with the opposite of the desired setting.

    The rules then check the change to the desired value.
    """
    members = tuple(Member(m.id.identifier, False, m.instance_class) for m in wanted.members)
    tags = wanted.settings.get("tags") or {}
    asked = wanted.request.parameters if wanted.request else {}
    # the parameters of a group that does not exist cannot be read
    group = None if any(problem.code == GROUP_NOT_FOUND for problem in wanted.problems) else wanted.group
    return Database(
        id=wanted.target,
        arn="",
        resource_id="",
        engine=wanted.engine,
        engine_version=wanted.engine_version,
        status=AVAILABLE,
        current=not wanted.desired,
        tags={str(key): tag_value(value) for key, value in tags.items()},
        # the engine of a source in another Region is unknown, and the request for classes requires it
        instance_class=wanted.instance_class if wanted.engine else None,
        parameter_group=ParameterGroup(wanted.target.kind, group, "in-sync") if group else None,
        members=members,
        directories=(DomainMembership(asked["Domain"], "joining"),) if asked.get("Domain") else (),
        serverless_v1=asked.get("EngineMode") == "serverless",
    )


def new_database_problem(wanted: ProvisionRequest, problems: t.Iterable[Problem]) -> list[Problem]:
    """Return the problems of a plan, with remedies for a database that does not exist yet."""
    return [_new_database_problem(wanted, problem) for problem in problems]


def _new_database_problem(wanted: ProvisionRequest, problem: Problem) -> Problem:
    off = "Set enable_iam_database_authentication to false"
    if problem.code == ENGINE_UNSUPPORTED:
        other = "choose another engine" if wanted.verb == "created" else "omit it"
        text = f"engine: {wanted.engine} does not support IAM database authentication. {off}, or {other}"
    elif problem.code == DEPLOYMENT_UNSUPPORTED:
        text = f"EngineMode: Aurora Serverless v1 does not support IAM authentication. {off}, or use Serverless v2"
    elif problem.code == KERBEROS_ENABLED:
        domain = wanted.request.parameters.get("Domain") if wanted.request else None
        text = (
            f"extra_parameters: Domain {domain}: RDS for PostgreSQL supports either Kerberos or IAM authentication. "
            f"{off}, or remove Domain from extra_parameters"
        )
    elif problem.code == CLASS_UNSUPPORTED:
        text = _CHANGE_CLASS.sub("Choose another class", problem.message)
    else:
        return problem
    return Problem(problem.code, text)


def default_value_warnings(wanted: ProvisionRequest) -> list[str]:
    """Return a warning for each default that RDS uses instead of the setting of the source.

    Source: Amazon RDS User Guide, "Restoring to a DB instance"; Aurora User Guide, "Restoring from a DB cluster
    snapshot".
    """
    found = []
    if not wanted.group and wanted.group_option not in wanted.default_settings:
        found.append(
            f"{wanted.group_option} is not set, so RDS uses the default parameter group, not that of the source"
        )
    if not wanted.settings.get("vpc_security_group_ids"):
        found.append("vpc_security_group_ids is not set, so RDS uses the default security group of the VPC")
    return [f"DB {wanted.target.kind} {wanted.target.identifier}: {text}" for text in found]


def member_parameters(wanted: ProvisionRequest, member: ClusterInstance) -> dict[str, t.Any]:
    """Return the parameters of CreateDBInstance for a member."""
    engine = wanted.existing.engine if wanted.existing else wanted.engine
    return {
        "DBInstanceIdentifier": member.id.identifier,
        "DBClusterIdentifier": wanted.target.identifier,
        "Engine": engine,
        **{api_name(name, INSTANCE): api_value(name, value) for name, value in member.settings.items()},
    }
