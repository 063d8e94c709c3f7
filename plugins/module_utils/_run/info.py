# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_iam_auth_info``: describe databases and their readiness, without any change.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._gateway.clock import Deadline
from .._gateway.rds import RdsApi
from .._gateway.retrying import RetryingGateway
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, Database, DatabaseId
from .._model.errors import CallError, RdsError
from .._model.parameter_group import Parameter
from .._options.targets import Targets
from .._rules.messages import failure_reasons
from .._rules.plan import Plan
from .._rules.readiness import database_readiness
from .context import RunContext
from .info_result import ClusterMembership, InfoResult, SurveyedDatabase
from .lookup import LookupResult, find_databases
from .planner import Planner

# failed calls are retried for this number of seconds, with this delay
_TIMEOUT, _DELAY = 300.0, 5.0

# the readiness is that for a scheduled change to enabled
_OPTIONS = ChangeOptions(desired=True)


def gather_info(targets: Targets, context: RunContext[RdsApi], *, check_readiness: bool) -> InfoResult:
    """Describe the databases and return the setting and the readiness of each.

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
    result = InfoResult(tuple(found), membership, lookup.seen, context.clock.now())
    reason = lookup.objection or failure_reasons(list(lookup.absent.items()))
    if reason:
        raise RdsError(reason, result=result)
    return result


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


def _cluster_membership(lookup: LookupResult, gateway: _BestEffortGateway) -> ClusterMembership:
    shown = lookup.databases.values()
    names = dict.fromkeys(d.cluster_identifier.lower() for d in shown if d.cluster_identifier)
    clusters = [d.id.identifier for d in shown if d.id.kind == CLUSTER and d.members]
    seen = lookup.seen
    owners = {name: seen[DatabaseId(CLUSTER, name)] for name in names if DatabaseId(CLUSTER, name) in seen}
    unseen = [name for name in names if name not in owners]
    if unseen:
        owners.update((owner.id.identifier, owner) for owner in gateway.owners(unseen))
    owners.update((name, lookup.databases[DatabaseId(CLUSTER, name)]) for name in clusters)
    return ClusterMembership(owners, _members(lookup, clusters, gateway))


def _members(lookup: LookupResult, clusters: t.Sequence[str], gateway: _BestEffortGateway) -> list[Database]:
    if lookup.region:
        return [database for database in lookup.region if database.cluster_identifier]
    return gateway.members(clusters) if clusters else []


def _plans(
    lookup: LookupResult, membership: ClusterMembership, gateway: _BestEffortGateway, check_readiness: bool
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
    membership: ClusterMembership,
    plans: t.Mapping[DatabaseId, Plan],
    gateway: _BestEffortGateway,
    check_readiness: bool,
) -> SurveyedDatabase:
    owner = membership.owner_of(database)
    plan = plans[(owner or database).id]
    if owner is None:
        # the cluster owns the setting of the member and was not described, so its readiness is unknown
        readiness = database_readiness(database, (), checked=False)
    else:
        checked = check_readiness and _is_answered(plan, gateway)
        readiness = database_readiness(owner, plan.problems, checked=checked)
    return SurveyedDatabase(membership.as_owned(database), owner, plan, readiness)


def _is_answered(plan: Plan, gateway: _BestEffortGateway) -> bool:
    group = plan.before.parameter_group
    closed = group is not None and plan.facts.ssl is not None and (group.kind, group.name) in gateway.closed
    return not closed and all(support.supported is not None for support in plan.facts.classes)
