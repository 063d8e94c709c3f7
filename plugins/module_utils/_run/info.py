# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_iam_auth_info``: describe databases and their readiness, without any change.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field, replace

from .._gateway.clock import Deadline
from .._gateway.rds import RdsApi
from .._gateway.retrying import RetryingGateway
from .._model.arns import dbuser_arn_prefix
from .._model.change import ChangeOptions, State
from .._model.database import CLUSTER, Database, DatabaseId
from .._model.errors import CallError, RdsError
from .._model.parameter_group import Parameter
from .._model.problem import Problem
from .._options.targets import Targets
from .._rules.messages import failure_reasons
from .._rules.plan import Plan
from .._rules.readiness import (
    READINESS_VALUES,
    database_readiness,
    readiness_summary,
    security_controls,
    security_hub_findings,
)
from .context import RunContext
from .lookup import LookupResult, find_databases
from .planner import Planner
from .result import described, problem_list

# failed calls are retried for this number of seconds, with this delay
_TIMEOUT, _DELAY = 300.0, 5.0

# the readiness is that for a scheduled change to enabled
_OPTIONS = ChangeOptions(desired=True)


def gather_info(targets: Targets, context: RunContext[RdsApi], *, check_readiness: bool) -> dict[str, t.Any]:
    """Describe the databases and return the result of the module.

    Raises RdsError with the rest of the result if a name does not exist or a selection matches nothing.
    """
    deadline = Deadline.after(_TIMEOUT, context.clock)
    gateway = _BestEffortGateway(context.api, deadline, _DELAY)
    lookup = find_databases(targets, gateway=gateway, warn=context.warn)
    membership = _cluster_membership(lookup, gateway)
    plans = _plans(lookup, membership, gateway, check_readiness)
    for text in gateway.refusals.values():
        context.warn(text)
    found = [_surveyed(database, membership, plans, gateway, check_readiness) for database in lookup.databases.values()]
    result = _render(lookup, found, membership, context.clock.now())
    reason = lookup.objection or failure_reasons(list(lookup.absent.items()))
    if reason:
        raise RdsError(reason, result={key: value for key, value in result.items() if key != "msg"})
    return result


@dataclass(frozen=True)
class _ClusterMembership:
    """The clusters that own the described members, by name, and the members of the described clusters."""

    owners: t.Mapping[str, Database]
    members: t.Sequence[Database]

    def owner_of(self, database: Database) -> Database | None:
        """Return the database that owns the setting, or None if it was not described."""
        name = database.cluster_identifier
        return self.owners.get(name.lower()) if name else database

    def as_owned(self, database: Database) -> Database:
        """Return the database with the value of the database that owns the setting."""
        owner = self.owner_of(database) or database
        return replace(database, current=owner.current, pending=owner.pending)

    def all_of(self, database: Database) -> list[Database]:
        """Return the database and, for a cluster, its members."""
        is_cluster = database.id.kind == CLUSTER
        names = {member.identifier.lower() for member in database.members} if is_cluster else set()
        return [database, *(member for member in self.members if member.id.identifier in names)]


@dataclass(frozen=True)
class _SurveyedDatabase:
    """A database with the value of its owner, the plan to enable it, and its readiness."""

    database: Database
    owner: Database | None
    plan: Plan
    readiness: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        if self.owner is None:
            return ()  # problems belong to the cluster, which was not described
        if self.owner.id == self.database.id:
            return self.plan.problems
        return tuple(
            Problem(problem.code, f"DB cluster {self.owner.id.identifier}: {problem.message}")
            for problem in self.plan.problems
        )


@dataclass(frozen=True)
class _BestEffortGateway(RetryingGateway):
    """A gateway that ignores refused calls for readiness and notes them. A refused Describe of a database fails."""

    refusals: dict[str, str] = field(default_factory=dict)
    closed: set[tuple[str, str]] = field(default_factory=set)

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        try:
            return super().supports_iam(engine, engine_version, instance_class)
        except CallError as error:
            self._note(error)
            return None

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        try:
            return super().parameter(kind, group, name)
        except CallError as error:
            self._note(error)
            self.closed.add((kind, group))
            return None

    def owners(self, names: t.Sequence[str]) -> list[Database]:
        """Describe these clusters. Return an empty list if AWS refuses the call."""
        try:
            return list(self.describe([DatabaseId(CLUSTER, name) for name in names]).values())
        except CallError as error:
            self._note(
                error, "some DB clusters could not be described, so their members are shown with their own value"
            )
            return []

    def members(self, clusters: t.Sequence[str]) -> list[Database]:
        try:
            return super().members(clusters)
        except CallError as error:
            self._note(error, "findings do not contain the members of clusters")
            return []

    def _note(self, error: CallError, what: str = "the readiness of some databases is unknown") -> None:
        if error.unreachable:
            raise error
        self.refusals.setdefault(error.operation, f"{what}: {error.message}")


def _cluster_membership(lookup: LookupResult, gateway: _BestEffortGateway) -> _ClusterMembership:
    shown = lookup.databases.values()
    names = dict.fromkeys(d.cluster_identifier.lower() for d in shown if d.cluster_identifier)
    clusters = [d.id.identifier for d in shown if d.id.kind == CLUSTER and d.members]
    seen = lookup.seen
    owners = {name: seen[DatabaseId(CLUSTER, name)] for name in names if DatabaseId(CLUSTER, name) in seen}
    unseen = [name for name in names if name not in owners]
    if unseen:
        owners.update((owner.id.identifier, owner) for owner in gateway.owners(unseen))
    owners.update((name, lookup.databases[DatabaseId(CLUSTER, name)]) for name in clusters)
    return _ClusterMembership(owners, _members(lookup, clusters, gateway))


def _members(lookup: LookupResult, clusters: t.Sequence[str], gateway: _BestEffortGateway) -> list[Database]:
    if lookup.region:
        return [database for database in lookup.region if database.cluster_identifier]
    return gateway.members(clusters) if clusters else []


def _plans(
    lookup: LookupResult, membership: _ClusterMembership, gateway: _BestEffortGateway, check_readiness: bool
) -> dict[DatabaseId, Plan]:
    """Return one plan for each described database or the database that owns its setting."""
    planner = Planner(gateway, _OPTIONS)
    if lookup.region:
        planner.use_cached(lookup.region)
    planner.use_cached_members(membership.members)
    owners = {owner.id: owner for owner in ((membership.owner_of(d) or d) for d in lookup.databases.values())}
    databases = list(owners.values())
    plans = (
        planner.plan(databases)
        if check_readiness
        else [planner.plan_from_description(database) for database in databases]
    )
    return dict(zip(owners, plans))


def _surveyed(
    database: Database,
    membership: _ClusterMembership,
    plans: t.Mapping[DatabaseId, Plan],
    gateway: _BestEffortGateway,
    check_readiness: bool,
) -> _SurveyedDatabase:
    owner = membership.owner_of(database)
    plan = plans[(owner or database).id]
    if owner is None:
        # the cluster owns the setting of the member and was not described, so its readiness is unknown
        readiness = database_readiness(database, (), checked=False)
    else:
        checked = check_readiness and _is_answered(plan, gateway)
        readiness = database_readiness(owner, plan.problems, checked=checked)
    return _SurveyedDatabase(membership.as_owned(database), owner, plan, readiness)


def _is_answered(plan: Plan, gateway: _BestEffortGateway) -> bool:
    group = plan.before.parameter_group
    closed = group is not None and plan.facts.ssl is not None and (group.kind, group.name) in gateway.closed
    return not closed and all(support.supported is not None for support in plan.facts.classes)


def _render(
    lookup: LookupResult, found: t.Sequence[_SurveyedDatabase], membership: _ClusterMembership, now: dt.datetime
) -> dict[str, t.Any]:
    states = {database_id: database.current for database_id, database in lookup.seen.items()}
    summary = readiness_summary([(item.database, item.readiness) for item in found])
    evaluated = [membership.as_owned(other) for item in found for other in membership.all_of(item.database)]
    return {
        "changed": False,
        "databases": [_database(item, states, now) for item in found],
        "findings": security_hub_findings(evaluated),
        "summary": summary,
        "msg": _message(summary),
    }


def _database(item: _SurveyedDatabase, states: t.Mapping[DatabaseId, bool], now: dt.datetime) -> dict[str, t.Any]:
    database, owner = item.database, item.owner
    return {
        **described(database, State(database.current, database.pending), item.plan.facts.ssl, states, now),
        # a policy for a member uses the resource id of its cluster
        "dbuser_arn_prefix": None if owner is None else dbuser_arn_prefix(owner.arn, owner.resource_id),
        "db_cluster_identifier": database.cluster_identifier,
        "readiness": item.readiness,
        "problems": problem_list(item.problems),
        "security_controls": security_controls(database),
    }


def _message(summary: t.Mapping[str, t.Any]) -> str:
    if not summary["total"]:
        return "No databases."
    counts = ", ".join(f"{summary[key]} {key}" for key in READINESS_VALUES if summary[key])
    pending = f"; a change is pending on {summary['pending']}" if summary["pending"] else ""
    return f"{counts} of {summary['total']}, coverage {summary['coverage_percent']:g} %{pending}."
