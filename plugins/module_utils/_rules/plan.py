# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plan for one database, and the ``plan_id`` that identifies the plans of a task.

A preview returns the plan id. A later run with ``expect_plan_id`` makes exactly the changes that were approved.

This is private to the collection.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import dataclass, replace

from .._model.change import ChangeOptions, ModifyRequest
from .._model.database import Database
from .._model.parameter_group import ParameterGroup
from .._model.problem import Problem
from .decision import Decision
from .facts import ReadinessFacts
from .problems import applies_whole_queue
from .result_lines import count


class Findings(t.NamedTuple):
    """The problems and warnings that a check adds to the plan for one database."""

    problems: t.Tuple[Problem, ...]
    warnings: t.Tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The state of a database before the task, the decision, and its problems and warnings."""

    before: Database
    decision: Decision
    facts: ReadinessFacts = ReadinessFacts()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the database needs a change and no problem blocks it."""
        return self.decision.change is not None and not self.problems

    @property
    def disables(self) -> bool:
        """Whether the setting is on and the plan disables it. Cancelling a queued change disables nothing."""
        change = self.decision.change
        return self.changes and self.before.current and change is not None and not change.enable

    def with_findings(self, found: Findings) -> Plan:
        """Return the plan with further problems and warnings."""
        return replace(self, problems=(*self.problems, *found.problems), warnings=(*self.warnings, *found.warnings))

    @property
    def group_to_enforce(self) -> ParameterGroup | None:
        """The parameter group in which the module sets ``ssl`` to 1 first, or None."""
        ssl = self.facts.ssl
        return ssl.group if self.changes and ssl is not None and ssl.is_off else None


def plan_id(plans: t.Iterable[Plan]) -> str:
    """Return the id of the planned changes. The same changes have the same id in any order and at any time."""
    lines = sorted(
        _fingerprint(plan, plan.decision.change) for plan in plans if plan.changes and plan.decision.change is not None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def objection(plans: t.Sequence[Plan], options: ChangeOptions) -> str | None:
    """Return why the task must not start although no database is blocked, or None.

    The reasons are too many changes (``max_changes``) and a plan other than the approved one (``expect_plan_id``).
    """
    changing = sum(plan.changes for plan in plans)
    databases = count(changing, "database")
    if options.max_changes is not None and changing > options.max_changes:
        return (
            f"max_changes: {options.max_changes}: {databases} would change. Increase max_changes, or select fewer "
            "databases"
        )
    found = plan_id(plans)
    if options.expect_plan_id and changing and found != options.expect_plan_id:
        return (
            f"expect_plan_id: {options.expect_plan_id}: the plan has changed since it was approved and is {found} now "
            f"({databases} would change). Preview the task again, and approve the new plan"
        )
    return None


def is_same_change(one: Plan, other: Plan) -> bool:
    """Whether two plans for a database make the same change at the same time, with the same other pending changes."""
    changes = [(p.decision.change, _other_changes(p)) for p in (one, other)]
    return changes[0] == changes[1]


def _fingerprint(plan: Plan, change: ModifyRequest) -> str:
    group = plan.group_to_enforce
    parts = [plan.before.arn, plan.before.resource_id, str(change.enable), str(change.apply_immediately)]
    return "|".join([*parts, f"ssl:{group.name}" if group else "", _other_changes(plan)])


def _other_changes(plan: Plan) -> str:
    """Return the other pending changes that RDS applies with the change. Their values are part of the plan."""
    return json.dumps(plan.before.other_pending, sort_keys=True, default=str) if applies_other_changes(plan) else ""


def applies_other_changes(plan: Plan) -> bool:
    """Whether RDS applies other pending changes together with the change."""
    change = plan.decision.change
    return (
        plan.changes
        and change is not None
        and change.apply_immediately
        and bool(plan.before.other_pending)
        and applies_whole_queue(plan.before)
    )


class ParameterGroupChange(t.NamedTuple):
    """A parameter group in which ``ssl`` is set to 1, the value before, and all databases that share the group."""

    group: ParameterGroup
    value: t.Optional[str]
    databases: t.Tuple[str, ...]


def parameter_group_change(plan: Plan) -> ParameterGroupChange | None:
    """Return the change that the plan makes to a parameter group first, or None."""
    group, ssl = plan.group_to_enforce, plan.facts.ssl
    return None if group is None or ssl is None else ParameterGroupChange(group, ssl.value, ssl.sharers)
