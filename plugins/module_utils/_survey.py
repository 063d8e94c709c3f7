# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Looks at databases and changes nothing: where each stands, and what is in the way of the rest.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field, replace

from . import _messages, _readiness, _result, _targets
from ._aim import Aim
from ._arns import dbuser_arn_prefix
from ._errors import CallError, RdsError
from ._gateway import Api
from ._model import CLUSTER, Database, Parameter, Problem, Ref, State, Wish
from ._patience import Deadline, PatientGateway
from ._plan import Plan, Planner
from ._switch import Surroundings
from ._targets import Sight

# AWS is asked again for so many seconds while it throttles, so many seconds apart
_TIMEOUT, _DELAY = 300.0, 5.0

# what everything else is held against: enabling, without a hurry
_WISH = Wish(desired=True)


def survey(aim: Aim, around: Surroundings[Api], *, check_readiness: bool) -> dict[str, t.Any]:
    """Describe the databases and return the module's result.

    Raises RdsError for names that do not exist and selections that take nothing, with the rest of the result.
    """
    deadline = Deadline.after(_TIMEOUT, around.clock)
    gateway = _Lenient(around.api, deadline, _DELAY)
    sight = _targets.look(aim, gateway=gateway, warn=around.warn)
    membership = _cluster_membership(sight, gateway)
    plans = _plans(sight, membership, gateway, check_readiness)
    for text in gateway.refusals.values():
        around.warn(text)
    found = [_surveyed(database, membership, plans, gateway, check_readiness) for database in sight.databases.values()]
    result = _render(sight, found, membership, around.clock.now())
    reason = sight.objection or _messages.reasons(list(sight.absent.items()))
    if reason:
        raise RdsError(reason, result={key: value for key, value in result.items() if key != "msg"})
    return result


@dataclass(frozen=True)
class _ClusterMembership:
    """The clusters of the members that are shown, by name, and the members of the clusters that are shown."""

    owners: t.Mapping[str, Database]
    members: t.Sequence[Database]

    def owner_of(self, database: Database) -> Database | None:
        """The database that owns the setting; None where it was not seen."""
        name = database.cluster_identifier
        return self.owners.get(name.lower()) if name else database

    def as_owned(self, database: Database) -> Database:
        """The database with the value that its owner has."""
        owner = self.owner_of(database) or database
        return replace(database, current=owner.current, pending=owner.pending)

    def all_of(self, database: Database) -> list[Database]:
        """The database and, of a cluster, its members."""
        is_cluster = database.ref.kind == CLUSTER
        names = {member.identifier.lower() for member in database.members} if is_cluster else set()
        return [database, *(member for member in self.members if member.ref.identifier in names)]


@dataclass(frozen=True)
class _SurveyedDatabase:
    """A database with its owner's value, the plan of enabling it, and what both mean."""

    database: Database
    owner: Database | None
    plan: Plan
    readiness: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        if self.owner is None:
            return ()  # the plan is that of the cluster, which was not seen
        if self.owner.ref == self.database.ref:
            return self.plan.problems
        return tuple(
            Problem(problem.code, f"DB cluster {self.owner.ref.identifier}: {problem.message}")
            for problem in self.plan.problems
        )


@dataclass(frozen=True)
class _Lenient(PatientGateway):
    """What AWS refuses to say of readiness is unknown; looking at the databases is not refused lightly."""

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
        """Describe these clusters."""
        try:
            return list(self.describe([Ref(CLUSTER, name) for name in names]).values())
        except CallError as error:
            self._note(error, "some DB clusters could not be described: their members are shown with their own value")
            return []

    def members(self, clusters: t.Sequence[str]) -> list[Database]:
        try:
            return super().members(clusters)
        except CallError as error:
            self._note(error, "members of clusters are missing from findings")
            return []

    def _note(self, error: CallError, what: str = "readiness is not known everywhere") -> None:
        if error.unreachable:
            raise error
        self.refusals.setdefault(error.operation, f"{what}: {error.message}")


def _cluster_membership(sight: Sight, gateway: _Lenient) -> _ClusterMembership:
    shown = sight.databases.values()
    names = dict.fromkeys(d.cluster_identifier.lower() for d in shown if d.cluster_identifier)
    clusters = [d.ref.identifier for d in shown if d.ref.kind == CLUSTER and d.members]
    seen = sight.seen
    owners = {name: seen[Ref(CLUSTER, name)] for name in names if Ref(CLUSTER, name) in seen}
    unseen = [name for name in names if name not in owners]
    if unseen:
        owners.update((owner.ref.identifier, owner) for owner in gateway.owners(unseen))
    owners.update((name, sight.databases[Ref(CLUSTER, name)]) for name in clusters)
    return _ClusterMembership(owners, _members(sight, clusters, gateway))


def _members(sight: Sight, clusters: t.Sequence[str], gateway: _Lenient) -> list[Database]:
    if sight.region:
        return [database for database in sight.region if database.cluster_identifier]
    return gateway.members(clusters) if clusters else []


def _plans(sight: Sight, membership: _ClusterMembership, gateway: _Lenient, check_readiness: bool) -> dict[Ref, Plan]:
    """One plan for each database that is shown or owns the setting of one."""
    planner = Planner(gateway, _WISH)
    if sight.region:
        planner.know(sight.region)
    planner.use_cached_members(membership.members)
    owners = {owner.ref: owner for owner in ((membership.owner_of(d) or d) for d in sight.databases.values())}
    databases = list(owners.values())
    plans = planner.plan(databases) if check_readiness else [planner.first_look(database) for database in databases]
    return dict(zip(owners, plans))


def _surveyed(
    database: Database,
    membership: _ClusterMembership,
    plans: t.Mapping[Ref, Plan],
    gateway: _Lenient,
    check_readiness: bool,
) -> _SurveyedDatabase:
    owner = membership.owner_of(database)
    plan = plans[(owner or database).ref]
    if owner is None:
        # a member has the value of its cluster; whether the cluster is ready is not known
        readiness = _readiness.of_database(database, (), checked=False)
    else:
        checked = check_readiness and _is_answered(plan, gateway)
        readiness = _readiness.of_database(owner, plan.problems, checked=checked)
    return _SurveyedDatabase(membership.as_owned(database), owner, plan, readiness)


def _is_answered(plan: Plan, gateway: _Lenient) -> bool:
    group = plan.before.parameter_group
    closed = group is not None and plan.facts.ssl is not None and (group.kind, group.name) in gateway.closed
    return not closed and all(support.supported is not None for support in plan.facts.classes)


def _render(
    sight: Sight, found: t.Sequence[_SurveyedDatabase], membership: _ClusterMembership, now: dt.datetime
) -> dict[str, t.Any]:
    states = {ref: database.current for ref, database in sight.seen.items()}
    summary = _readiness.summary([(item.database, item.readiness) for item in found])
    evaluated = [membership.as_owned(other) for item in found for other in membership.all_of(item.database)]
    return {
        "changed": False,
        "databases": [_database(item, states, now) for item in found],
        "findings": _readiness.findings(evaluated),
        "summary": summary,
        "msg": _message(summary),
    }


def _database(item: _SurveyedDatabase, states: t.Mapping[Ref, bool], now: dt.datetime) -> dict[str, t.Any]:
    database, owner = item.database, item.owner
    return {
        **_result.described(database, State(database.current, database.pending), item.plan.facts.ssl, states, now),
        # a policy for a member names the resource id of its cluster
        "dbuser_arn_prefix": None if owner is None else dbuser_arn_prefix(owner.arn, owner.resource_id),
        "db_cluster_identifier": database.cluster_identifier,
        "readiness": item.readiness,
        "problems": _result.problem_list(item.problems),
        "security_controls": _readiness.security_controls(database),
    }


def _message(summary: t.Mapping[str, t.Any]) -> str:
    if not summary["total"]:
        return "No databases."
    counts = ", ".join(f"{summary[key]} {key}" for key in _readiness.EVERY if summary[key])
    pending = f"; a change is pending on {summary['pending']}" if summary["pending"] else ""
    return f"{counts} of {summary['total']}, coverage {summary['coverage_percent']:g} %{pending}."
