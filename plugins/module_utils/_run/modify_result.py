# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of a module that changes databases: databases, summary, plan id, parameter groups, diff and message.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.database import Database, DatabaseId
from .._model.errors import CallError, RdsError
from .._model.outcome import FAILED, OUTCOMES, SKIPPED, UNCHANGED
from .._model.problem import Problem
from .._rules.messages import blocked_counts, failure_reasons, outcome_counts, remedy_for_blocked
from .._rules.plan import ParameterGroupChange, Plan, plan_id
from .result import DatabaseResult, render_database, render_diff, render_parameter_group


@dataclass(frozen=True)
class ModifyResult:
    """The actual or predicted result for the databases of a task.

    - ``plans``: the plans that were made before the first change.
    - ``seen``: every database that was described. It provides the values of the read replicas.
    - ``preview``: whether the task ran in check mode.
    - ``blocked``: whether problems prevented the task from starting.
    - ``return_unchanged``: whether the result lists the databases that need no change.
    - ``objection``: why the task did not start although no database is blocked.
    - ``call_error``: the call that failed before any plan was made.
    """

    plans: tuple[Plan, ...]
    databases: tuple[DatabaseResult, ...]
    group_changes: tuple[ParameterGroupChange, ...]
    seen: t.Mapping[DatabaseId, Database]
    now: dt.datetime
    preview: bool = False
    blocked: bool = False
    return_unchanged: bool = True
    objection: str | None = None
    call_error: CallError | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was or would be changed."""
        return bool(self.group_changes) or any(database_result.is_changed for database_result in self.databases)

    @property
    def failures(self) -> list[DatabaseResult]:
        """The results of the databases that have failed."""
        return [database_result for database_result in self.databases if database_result.outcome == FAILED]

    @property
    def summary(self) -> dict[str, int]:
        """The number of databases by outcome."""
        summary = {
            outcome: sum(database_result.outcome == outcome for database_result in self.databases)
            for outcome in OUTCOMES
        }
        return {**summary, "total": len(self.databases)}

    @property
    def states(self) -> dict[DatabaseId, bool]:
        """The current values of all databases that were described."""
        # a read replica that the task has changed is shown with its new value
        states = {database_id: database.current for database_id, database in self.seen.items()}
        states.update(
            (database_result.id, database_result.after.current)
            for database_result in self.databases
            if database_result.after is not None
        )
        return states

    def message(self, *, changed: bool | None = None) -> str:
        """Return one line: the reasons for a failure, then the number of databases by outcome, changes first.

        ``changed``: whether the whole task has changed anything, if this result is only a part of it.
        """
        nothing = [] if (self.changed if changed is None else changed) else ["Nothing was modified."]
        if self.objection is not None:
            return " ".join([f"{self.objection.rstrip('.')}.", *nothing])
        if not self.databases:
            return "No databases."
        if not self.failures:
            return f"{outcome_counts(self.summary, preview=self.preview)}."
        return " ".join([f"{failure_reasons(self._reasons())}.", *nothing, *self._counts()])

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        planned = {plan.before.id: plan.decision.outcome for plan in self.plans if not plan.problems}
        states = self.states
        rendered = {
            "changed": self.changed,
            "databases": [
                {
                    **render_database(database_result, states, self.now),
                    "planned_outcome": planned.get(database_result.id),
                }
                for database_result in self.databases
                if self.return_unchanged or database_result.outcome != UNCHANGED
            ],
            "summary": self.summary,
            "plan_id": plan_id(self.plans),
            "parameter_groups": [render_parameter_group(item) for item in self.group_changes],
            "diff": render_diff(self.group_changes, self.databases),
            "msg": self.message(),
        }
        if self.call_error is None:
            return rendered
        del rendered["plan_id"]  # without plans, the id would be that of a task with nothing to change
        if not self.databases:
            del rendered["summary"]
        return {**rendered, **self.call_error.render()}

    def _reported(self) -> list[DatabaseResult]:
        # if the task did not start, no warning has explained why a database would be skipped
        return (
            [database_result for database_result in self.databases if database_result.problems]
            if self.blocked
            else self.failures
        )

    def _reasons(self) -> list[tuple[DatabaseId, Problem]]:
        return [(e.id, problem) for e in self._reported() for problem in e.problems]

    def _counts(self) -> list[str]:
        summary, failures = self.summary, self.failures
        if not self.blocked:
            return [f"{outcome_counts(summary, preview=self.preview)}."]
        if len(self.databases) == 1:
            return []
        reported = len(self._reported())
        is_absent = [database_result.plan is None for database_result in failures]
        others = summary[SKIPPED] - (reported - len(failures))
        return [
            blocked_counts(blocked=reported, not_changed=others, unchanged=summary[UNCHANGED]),
            remedy_for_blocked(skippable=not all(is_absent), absent=any(is_absent)),
        ]


class ModifyFailed(RdsError):
    """A database has failed or blocks the task."""

    def __init__(self, result: ModifyResult) -> None:
        super().__init__(result.message(), result=result)
        self.result: ModifyResult = result
