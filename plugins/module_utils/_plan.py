# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Before anything is modified: decides for every database, asks RDS what the decisions depend on, finds the problems.

This is private to the collection.
"""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass

from . import _cautions, _problems
from ._decision import Decision, decide
from ._gateway import Gateway
from ._model import CLUSTER, Database, GroupInForce, Modify, Parameter, Problem, Wish
from ._problems import ClassSupport, Facts, Ssl

_SSL = "ssl"


@dataclass(frozen=True)
class Plan:
    """Before, after and the step between, for one database."""

    before: Database
    decision: Decision
    facts: Facts = Facts()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Something is to change and nothing stands against it."""
        return self.decision.change is not None and not self.problems

    @property
    def group_to_enforce(self) -> GroupInForce | None:
        """The parameter group in which ``ssl`` is set to 1 first."""
        ssl = self.facts.ssl
        return ssl.group if self.changes and ssl is not None and ssl.is_off else None


class Planner:
    """Makes plans. What RDS has answered once is not asked again."""

    def __init__(self, gateway: Gateway, wish: Wish) -> None:
        self._gateway = gateway
        self._wish = wish
        self._supported: dict[tuple[str, str, str], bool | None] = {}
        self._parameters: dict[tuple[str, str], Parameter | None] = {}
        self._everything: dict[str, list[Database]] = {}
        self._classes: dict[str, str] = {}

    def plan(self, databases: t.Sequence[Database]) -> list[Plan]:
        """Return one plan for each database, in the order given."""
        first = [self._first_look(database) for database in databases]
        checked = [plan for plan in first if self._needs_facts(plan)]
        self._learn_classes([plan.before for plan in checked])
        return [self._second_look(plan) if plan in checked else plan for plan in first]

    def enforced(self, group: GroupInForce) -> None:
        """``ssl`` has been set to 1 in the group: what is known of it has changed."""
        self._parameters[group.kind, group.name] = Parameter(_SSL, "1", modifiable=True, dynamic=True)

    def _first_look(self, database: Database) -> Plan:
        decision = decide(database, self._wish)
        found = _problems.of_description(database, decision, self._wish)
        warnings = _cautions.of_plan(database, decision, Facts(), self._wish)
        return Plan(database, decision, problems=tuple(found), warnings=tuple(warnings))

    def _needs_facts(self, plan: Plan) -> bool:
        if plan.decision.change is None or not self._wish.desired:
            return False
        return not any(problem.code in _problems.HOPELESS for problem in plan.problems)

    def _second_look(self, plan: Plan) -> Plan:
        database = plan.before
        facts = Facts(classes=self._class_support(database), ssl=self._ssl(database))
        found = [*plan.problems, *_problems.of_facts(database, facts, self._wish)]
        warnings = _cautions.of_plan(database, plan.decision, facts, self._wish)
        return Plan(database, plan.decision, facts, tuple(found), tuple(warnings))

    def _learn_classes(self, databases: t.Sequence[Database]) -> None:
        clusters = [d.ref.identifier for d in databases if any(m.instance_class is None for m in d.members)]
        if clusters:
            self._classes.update(self._gateway.member_classes(clusters))

    def _class_support(self, database: Database) -> tuple[ClassSupport, ...]:
        if database.ref.kind == CLUSTER:
            named = [(m.identifier, m.instance_class or self._classes.get(m.identifier)) for m in database.members]
        else:
            named = [(None, database.instance_class)]  # type: ignore[list-item]
        return tuple(ClassSupport(member, name, self._supports(database, name)) for member, name in named if name)

    def _supports(self, database: Database, instance_class: str) -> bool | None:
        key = (database.engine, database.engine_version, instance_class)
        if key not in self._supported:
            self._supported[key] = self._gateway.supports_iam(*key)
        return self._supported[key]

    def _ssl(self, database: Database) -> Ssl | None:
        group = database.parameter_group
        if group is None or self._wish.ssl_parameter == "ignore" or not _problems.has_ssl_parameter(database):
            return None
        key = (group.kind, group.name)
        if key not in self._parameters:
            self._parameters[key] = self._gateway.parameter(group.kind, group.name, _SSL)
        ssl = Ssl(group, self._parameters[key])
        return Ssl(group, ssl.parameter, self._sharers(group)) if ssl.is_off else ssl

    def _sharers(self, group: GroupInForce) -> tuple[str, ...]:
        if group.kind not in self._everything:
            self._everything[group.kind] = self._gateway.describe_all(group.kind)
        return tuple(
            str(database.ref)
            for database in self._everything[group.kind]
            if database.parameter_group is not None and database.parameter_group.name == group.name
        )


def plan_id(plans: t.Iterable[Plan]) -> str:
    """Identify what is going to change and how: the same plans give the same id in any order, at any time."""
    lines = sorted(
        _fingerprint(plan, plan.decision.change) for plan in plans if plan.changes and plan.decision.change is not None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _fingerprint(plan: Plan, change: Modify) -> str:
    group = plan.group_to_enforce
    others = sorted(plan.before.other_pending) if goes_along(plan) else []
    parts = [plan.before.arn, plan.before.resource_id, str(change.enable), str(change.apply_immediately)]
    return "|".join([*parts, f"ssl:{group.name}" if group else "", ",".join(others)])


def goes_along(plan: Plan) -> bool:
    """What else is pending is applied along with the change."""
    change = plan.decision.change
    return (
        plan.changes
        and change is not None
        and change.apply_immediately
        and bool(plan.before.other_pending)
        and _problems.flushes_other_changes(plan.before)
    )
