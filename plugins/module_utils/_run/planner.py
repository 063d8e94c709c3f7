# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Make the plan for each database: decide, request the facts that the decision depends on, and find the problems.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from functools import partial

from .._gateway.rds import RdsGateway, results_or_raise
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId, Member
from .._model.errors import CallError
from .._model.parameter_group import Parameter, ParameterGroup
from .._rules.decision import decide
from .._rules.facts import ClassSupport, ReadinessFacts, SslParameter
from .._rules.plan import Findings, Plan
from .._rules.problems import SKIP_FURTHER_CHECKS, has_ssl_parameter, problems_from_description, problems_from_facts
from .._rules.warnings import plan_warnings

_SSL = "ssl"


class DisablingCheck(t.Protocol):
    """A check of the databases on which the setting is to be disabled."""

    def use_cached_members(self, members: t.Sequence[Database]) -> None:
        """Cache members of clusters, to save calls."""

    def findings(self, databases: t.Sequence[Database]) -> dict[DatabaseId, Findings]:
        """Return the findings about each database. Raises CallError if a call fails."""


class Planner:
    """Makes plans. Every response from RDS is cached, because many databases share a class or a parameter group."""

    def __init__(self, gateway: RdsGateway, options: ChangeOptions, usage: DisablingCheck | None = None) -> None:
        self._gateway = gateway
        self._options = options
        self._usage = usage
        self._supported: dict[tuple[str, str, str], bool | None] = {}
        self._parameters: dict[tuple[str, str], Parameter | None] = {}
        self._everything: dict[str, list[Database]] = {}
        self._sharers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._classes: dict[str, str] = {}

    def use_cached(self, region: t.Sequence[Database]) -> None:
        """Cache all databases of the Region, including members of clusters, to save calls."""
        for kind in (INSTANCE, CLUSTER):
            self._everything[kind] = [database for database in region if database.id.kind == kind]
        self.use_cached_members([database for database in region if database.cluster_identifier])

    def use_cached_members(self, members: t.Sequence[Database]) -> None:
        """Cache the classes of members of clusters, to save calls."""
        self._classes.update({m.id.identifier: m.instance_class for m in members if m.instance_class})
        if self._usage is not None:
            self._usage.use_cached_members(members)

    def plan(self, databases: t.Sequence[Database]) -> list[Plan]:
        """Return one plan for each database in the order given. Raises CallError if a call fails."""
        first = [self.plan_from_description(database) for database in databases]
        checked = [plan.before for plan in first if self._needs_facts(plan)]
        self._fetch_classes(checked)
        self._fetch_support(checked)
        self._fetch_parameters(checked)
        plans = [self._plan_with_facts(plan) if self._needs_facts(plan) else plan for plan in first]
        return plans if self._usage is None else self._plans_with_usage(plans, self._usage)

    def group_changes(self, group: ParameterGroup) -> None:
        """Record that ``ssl`` was set to 1 in the group."""
        self._parameters[group.kind, group.name] = Parameter(_SSL, "1", modifiable=True, dynamic=True)

    def plan_from_description(self, database: Database) -> Plan:
        """Return the plan that follows from the description alone. This makes no call."""
        decision = decide(database, self._options)
        found = problems_from_description(database, decision, self._options)
        warnings = plan_warnings(database, decision, ReadinessFacts(), self._options)
        return Plan(database, decision, problems=tuple(found), warnings=tuple(warnings))

    def _needs_facts(self, plan: Plan) -> bool:
        if plan.decision.change is None or not self._options.desired:
            return False
        return not any(problem.code in SKIP_FURTHER_CHECKS for problem in plan.problems)

    def _plan_with_facts(self, plan: Plan) -> Plan:
        database = plan.before
        facts = ReadinessFacts(classes=self._class_support(database), ssl=self._ssl(database))
        found = [*plan.problems, *problems_from_facts(database, facts, self._options)]
        warnings = plan_warnings(database, plan.decision, facts, self._options)
        return Plan(database, plan.decision, facts, tuple(found), tuple(warnings))

    def _plans_with_usage(self, plans: t.Sequence[Plan], usage: DisablingCheck) -> list[Plan]:
        asked = [plan.before for plan in plans if plan.disables]
        found = usage.findings(asked) if asked else {}
        return [plan.with_findings(found[plan.before.id]) if plan.before.id in found else plan for plan in plans]

    def _fetch_classes(self, databases: t.Sequence[Database]) -> None:
        clusters = [d.id.identifier for d in databases if any(self._class_of(m) is None for m in d.members)]
        if clusters:
            self._classes.update(self._gateway.member_classes(clusters))

    def _fetch_support(self, databases: t.Sequence[Database]) -> None:
        every = dict.fromkeys(_key(d, name) for d in databases for _member, name in self._classes_of(d))
        missing = [key for key in every if key not in self._supported]
        results = results_or_raise(self._gateway, [partial(self._gateway.supports_iam, *key) for key in missing])
        self._supported.update(zip(missing, results))

    def _fetch_parameters(self, databases: t.Sequence[Database]) -> None:
        groups = [group for group in map(self._group_to_read, databases) if group is not None]
        missing = [key for key in dict.fromkeys((g.kind, g.name) for g in groups) if key not in self._parameters]
        results = results_or_raise(self._gateway, [partial(self._gateway.parameter, *key, _SSL) for key in missing])
        self._parameters.update(zip(missing, results))

    def _class_of(self, member: Member) -> str | None:
        return member.instance_class or self._classes.get(member.identifier.lower())

    def _classes_of(self, database: Database) -> list[tuple[str | None, str]]:
        """Return the class of an instance (with None), or each member of a cluster with its class."""
        named: list[tuple[str | None, str | None]] = [(None, database.instance_class)]
        if database.id.kind == CLUSTER:
            named = [(member.identifier, self._class_of(member)) for member in database.members]
        return [(member, name) for member, name in named if name]

    def _class_support(self, database: Database) -> tuple[ClassSupport, ...]:
        return tuple(
            ClassSupport(member, name, self._supported[_key(database, name)])
            for member, name in self._classes_of(database)
        )

    def _group_to_read(self, database: Database) -> ParameterGroup | None:
        if self._options.ssl_parameter == "ignore" or not has_ssl_parameter(database):
            return None
        return database.parameter_group

    def _ssl(self, database: Database) -> SslParameter | None:
        group = self._group_to_read(database)
        if group is None:
            return None
        ssl = SslParameter(group, self._parameters[group.kind, group.name])
        return SslParameter(group, ssl.parameter, self._sharers_of(group)) if ssl.is_off else ssl

    def _sharers_of(self, group: ParameterGroup) -> tuple[str, ...]:
        key = (group.kind, group.name)
        if key not in self._sharers:
            self._sharers[key] = tuple(
                str(database.id)
                for database in self._all_of(group.kind)
                if database.parameter_group is not None and database.parameter_group.name == group.name
            )
        return self._sharers[key]

    def _all_of(self, kind: str) -> list[Database]:
        if kind not in self._everything:
            try:
                self._everything[kind] = self._gateway.describe_all(kind)
            except CallError:
                if self._options.ssl_parameter == "enforce":
                    raise
                self._everything[kind] = []  # the list is used only for the message
        return self._everything[kind]


def _key(database: Database, instance_class: str) -> tuple[str, str, str]:
    return database.engine, database.engine_version, instance_class
