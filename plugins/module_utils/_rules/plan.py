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

from .._model.change import ChangeOptions, ModifyRequest
from .._model.database import Database
from .._model.parameter_group import ParameterGroup
from .._model.problem import Problem
from .decision import Decision
from .facts import ReadinessFacts
from .problems import applies_whole_queue
from .result_lines import count


@dataclass(frozen=True)
class Plan:
    """Before, after and the step between, for one database."""

    before: Database
    decision: Decision
    facts: ReadinessFacts = ReadinessFacts()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Something is to change and nothing stands against it."""
        return self.decision.change is not None and not self.problems

    @property
    def group_to_enforce(self) -> ParameterGroup | None:
        """The parameter group in which ``ssl`` is set to 1 first."""
        ssl = self.facts.ssl
        return ssl.group if self.changes and ssl is not None and ssl.is_off else None


def plan_id(plans: t.Iterable[Plan]) -> str:
    """Identify what is going to change and how: the same plans give the same id in any order, at any time."""
    lines = sorted(
        _fingerprint(plan, plan.decision.change) for plan in plans if plan.changes and plan.decision.change is not None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def objection(plans: t.Sequence[Plan], options: ChangeOptions) -> str | None:
    """Why the task must not go ahead though no database stands against it: too many changes, or another plan."""
    changing = sum(plan.changes for plan in plans)
    databases = count(changing, "database")
    if options.max_changes is not None and changing > options.max_changes:
        return f"max_changes is {options.max_changes}, and {databases} would change: raise it, or narrow the task"
    found = plan_id(plans)
    if options.expect_plan_id and changing and found != options.expect_plan_id:
        return (
            f"expect_plan_id is {options.expect_plan_id}, but the plan is {found} now ({databases} would change): "
            "something has changed since it was approved; preview it again, and approve that"
        )
    return None


def is_same_change(one: Plan, other: Plan) -> bool:
    """Whether two plans for a database change the same at the same time, with the same going along."""
    changes = [(p.decision.change, _other_changes(p)) for p in (one, other)]
    return changes[0] == changes[1]


def _fingerprint(plan: Plan, change: ModifyRequest) -> str:
    group = plan.group_to_enforce
    parts = [plan.before.arn, plan.before.resource_id, str(change.enable), str(change.apply_immediately)]
    return "|".join([*parts, f"ssl:{group.name}" if group else "", _other_changes(plan)])


def _other_changes(plan: Plan) -> str:
    """What goes along, values and all: another class than the approved one is another change."""
    return json.dumps(plan.before.other_pending, sort_keys=True, default=str) if applies_other_changes(plan) else ""


def applies_other_changes(plan: Plan) -> bool:
    """What else is pending is applied along with the change."""
    change = plan.decision.change
    return (
        plan.changes
        and change is not None
        and change.apply_immediately
        and bool(plan.before.other_pending)
        and applies_whole_queue(plan.before)
    )


class ParameterGroupChange(t.NamedTuple):
    """A parameter group in which ``ssl`` is set to 1, its value before, and all databases that share the group."""

    group: ParameterGroup
    value: t.Optional[str]
    databases: t.Tuple[str, ...]


def parameter_group_change(plan: Plan) -> ParameterGroupChange | None:
    """What the plan does to a parameter group first."""
    group, ssl = plan.group_to_enforce, plan.facts.ssl
    return None if group is None or ssl is None else ParameterGroupChange(group, ssl.value, ssl.sharers)
