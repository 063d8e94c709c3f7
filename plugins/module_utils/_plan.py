# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Before anything is modified: decides for every database, asks RDS what the decisions depend on, finds the problems.

This is private to the collection.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import dataclass
from functools import partial

from . import _cautions, _problems, _result_lines
from ._decision import Decision, decide
from ._errors import CallError
from ._gateway import Gateway, all_answers
from ._model import CLUSTER, INSTANCE, Database, GroupInForce, Member, Modify, Parameter, Problem, Wish
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
        self._sharers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._classes: dict[str, str] = {}

    def know(self, region: t.Sequence[Database]) -> None:
        """Take in all databases of the region, members of clusters included: what they say need not be asked."""
        for kind in (INSTANCE, CLUSTER):
            self._everything[kind] = [database for database in region if database.ref.kind == kind]
        self.use_cached_members([database for database in region if database.cluster_identifier])

    def use_cached_members(self, members: t.Sequence[Database]) -> None:
        """Take in members of clusters: their classes need not be asked for."""
        self._classes.update({m.ref.identifier: m.instance_class for m in members if m.instance_class})

    def plan(self, databases: t.Sequence[Database]) -> list[Plan]:
        """Return one plan for each database, in the order given."""
        first = [self.first_look(database) for database in databases]
        checked = [plan.before for plan in first if self._needs_facts(plan)]
        self._learn_classes(checked)
        self._learn_support(checked)
        self._learn_parameters(checked)
        return [self._second_look(plan) if self._needs_facts(plan) else plan for plan in first]

    def enforced(self, group: GroupInForce) -> None:
        """``ssl`` has been set to 1 in the group: what is known of it has changed."""
        self._parameters[group.kind, group.name] = Parameter(_SSL, "1", modifiable=True, dynamic=True)

    def first_look(self, database: Database) -> Plan:
        """Decide from the description alone; asks nothing."""
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
        clusters = [d.ref.identifier for d in databases if any(self._class_of(m) is None for m in d.members)]
        if clusters:
            self._classes.update(self._gateway.member_classes(clusters))

    def _learn_support(self, databases: t.Sequence[Database]) -> None:
        every = dict.fromkeys(_key(d, name) for d in databases for _member, name in self._classes_of(d))
        news = [key for key in every if key not in self._supported]
        answers = all_answers(self._gateway, [partial(self._gateway.supports_iam, *key) for key in news])
        self._supported.update(zip(news, answers))

    def _learn_parameters(self, databases: t.Sequence[Database]) -> None:
        groups = [group for group in map(self._group_to_read, databases) if group is not None]
        news = [key for key in dict.fromkeys((g.kind, g.name) for g in groups) if key not in self._parameters]
        answers = all_answers(self._gateway, [partial(self._gateway.parameter, *key, _SSL) for key in news])
        self._parameters.update(zip(news, answers))

    def _class_of(self, member: Member) -> str | None:
        return member.instance_class or self._classes.get(member.identifier.lower())

    def _classes_of(self, database: Database) -> list[tuple[str | None, str]]:
        """The class of an instance, or the members of a cluster with theirs."""
        named: list[tuple[str | None, str | None]] = [(None, database.instance_class)]
        if database.ref.kind == CLUSTER:
            named = [(member.identifier, self._class_of(member)) for member in database.members]
        return [(member, name) for member, name in named if name]

    def _class_support(self, database: Database) -> tuple[ClassSupport, ...]:
        return tuple(
            ClassSupport(member, name, self._supported[_key(database, name)])
            for member, name in self._classes_of(database)
        )

    def _group_to_read(self, database: Database) -> GroupInForce | None:
        if self._wish.ssl_parameter == "ignore" or not _problems.has_ssl_parameter(database):
            return None
        return database.parameter_group

    def _ssl(self, database: Database) -> Ssl | None:
        group = self._group_to_read(database)
        if group is None:
            return None
        ssl = Ssl(group, self._parameters[group.kind, group.name])
        return Ssl(group, ssl.parameter, self._sharers_of(group)) if ssl.is_off else ssl

    def _sharers_of(self, group: GroupInForce) -> tuple[str, ...]:
        key = (group.kind, group.name)
        if key not in self._sharers:
            self._sharers[key] = tuple(
                str(database.ref)
                for database in self._all_of(group.kind)
                if database.parameter_group is not None and database.parameter_group.name == group.name
            )
        return self._sharers[key]

    def _all_of(self, kind: str) -> list[Database]:
        if kind not in self._everything:
            try:
                self._everything[kind] = self._gateway.describe_all(kind)
            except CallError:
                if self._wish.ssl_parameter == "enforce":
                    raise
                self._everything[kind] = []  # the list only helps the message
        return self._everything[kind]


def _key(database: Database, instance_class: str) -> tuple[str, str, str]:
    return database.engine, database.engine_version, instance_class


def plan_id(plans: t.Iterable[Plan]) -> str:
    """Identify what is going to change and how: the same plans give the same id in any order, at any time."""
    lines = sorted(
        _fingerprint(plan, plan.decision.change) for plan in plans if plan.changes and plan.decision.change is not None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def objection(plans: t.Sequence[Plan], wish: Wish) -> str | None:
    """Why the task must not go ahead though no database stands against it: too many changes, or another plan."""
    count = sum(plan.changes for plan in plans)
    databases = _result_lines.count(count, "database")
    if wish.max_changes is not None and count > wish.max_changes:
        return f"max_changes is {wish.max_changes}, and {databases} would change: raise it, or narrow the task"
    found = plan_id(plans)
    if wish.expect_plan_id and count and found != wish.expect_plan_id:
        return (
            f"expect_plan_id is {wish.expect_plan_id}, but the plan is {found} now ({databases} would change): "
            "something has changed since it was approved; preview it again, and approve that"
        )
    return None


def is_same_deed(one: Plan, other: Plan) -> bool:
    """Whether two plans for a database change the same at the same time, with the same going along."""
    deeds = [(p.decision.change, _along(p)) for p in (one, other)]
    return deeds[0] == deeds[1]


def _fingerprint(plan: Plan, change: Modify) -> str:
    group = plan.group_to_enforce
    parts = [plan.before.arn, plan.before.resource_id, str(change.enable), str(change.apply_immediately)]
    return "|".join([*parts, f"ssl:{group.name}" if group else "", _along(plan)])


def _along(plan: Plan) -> str:
    """What goes along, values and all: another class than the approved one is another change."""
    return json.dumps(plan.before.other_pending, sort_keys=True, default=str) if goes_along(plan) else ""


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
