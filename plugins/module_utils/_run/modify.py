# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_iam_auth``: observe, decide, then predict the result or apply the change.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.clock import Deadline
from .._gateway.rds import RdsApi
from .._gateway.retrying import RetryingGateway
from .._model.change import ChangeOptions
from .._model.database import DatabaseId
from .._model.errors import CallError
from .._model.outcome import CHANGING, FAILED, SKIPPED
from .._model.problem import Problem
from .._options.targets import Targets
from .._rules.decision import decide
from .._rules.messages import planned_changes
from .._rules.plan import ParameterGroupChange, Plan, objection, parameter_group_change
from .._rules.warnings import group_by_message, skipped_warnings
from .change_tracker import ChangeTracker
from .context import RunContext
from .executor import Executor
from .lookup import LookupResult, find_databases
from .modify_result import ModifyFailed, ModifyResult
from .planner import DisablingCheck, Planner
from .result import DatabaseResult


def modify_databases(
    targets: Targets,
    options: ChangeOptions,
    context: RunContext[RdsApi],
    deadline: Deadline | None = None,
    usage: DisablingCheck | None = None,
) -> ModifyResult:
    """Change the setting of these databases before the deadline, and return the result.

    With ``usage``, the setting is disabled only on databases that pass this check.

    Raises ModifyFailed with the same result if a database has failed or blocks the task.
    """
    deadline = deadline or Deadline.after(options.wait_timeout, context.clock)
    return _ModifyRun(options, context, deadline, usage).run(targets)


class _ModifyRun:
    def __init__(
        self, options: ChangeOptions, context: RunContext[RdsApi], deadline: Deadline, usage: DisablingCheck | None
    ) -> None:
        self._options = options
        self._context = context
        self._deadline = deadline
        self._gateway = RetryingGateway(context.api, self._deadline, options.wait_delay)
        self._planner = Planner(self._gateway, options, usage)
        self._lookup = LookupResult()
        self._plans: list[Plan] = []

    def run(self, targets: Targets) -> ModifyResult:
        try:
            self._observe(targets)
            self._plans = self._planner.plan(list(self._lookup.databases.values()))
        except CallError as error:
            raise self._call_failed(error) from error
        trackers = [ChangeTracker(plan, self._options) for plan in self._plans]
        objection = self._lookup.objection or self._objection()
        if objection:
            raise self._aborted(objection, trackers)
        group_changes: t.Sequence[ParameterGroupChange] = ()
        blocked = self._is_blocked()
        if blocked:
            database_results = [_untouched(tracker) for tracker in trackers]
        else:
            self._warn()
            database_results, group_changes = (
                self._predict(trackers) if self._context.check_mode else self._apply(trackers)
            )
        database_results = [*database_results, *map(_absent, self._lookup.absent.items())]
        result = self._result(database_results, group_changes, blocked=blocked)
        if result.failures:
            raise ModifyFailed(result)
        return result

    def _observe(self, targets: Targets) -> None:
        replicas = self._options.include_read_replicas
        self._lookup = find_databases(targets, gateway=self._gateway, warn=self._context.warn, replicas=replicas)
        if self._lookup.region:
            self._planner.use_cached(self._lookup.region)

    def _objection(self) -> str | None:
        text = None if self._is_blocked() else objection(self._plans, self._options)
        if text is None:
            return None
        changes = [(plan.before.id, plan.decision.outcome) for plan in self._plans if plan.changes]
        return f"{text}. {planned_changes(changes, self._problems())}"

    def _problems(self) -> list[tuple[DatabaseId, Problem]]:
        return [(plan.before.id, problem) for plan in self._plans for problem in plan.problems]

    def _is_blocked(self) -> bool:
        has_problems = any(plan.problems for plan in self._plans)
        return bool(self._lookup.absent) or (has_problems and not self._options.skip_problems)

    def _warn(self) -> None:
        skipped = skipped_warnings(self._problems(), preview=self._context.check_mode)
        warnings = [(plan.before.id, text) for plan in self._plans if not plan.problems for text in plan.warnings]
        for text in (*skipped, *group_by_message(warnings)):
            self._context.warn(text)

    def _predict(self, trackers: t.Sequence[ChangeTracker]) -> tuple[list[DatabaseResult], list[ParameterGroupChange]]:
        groups = {item.group: item for item in map(parameter_group_change, self._plans) if item is not None}
        return [_prediction(tracker) for tracker in trackers], list(groups.values())

    def _apply(self, trackers: t.Sequence[ChangeTracker]) -> tuple[list[DatabaseResult], list[ParameterGroupChange]]:
        executor = Executor(self._gateway, self._planner, self._options, self._deadline)
        executor.run(trackers)
        late = [
            tracker for plan, tracker in zip(self._plans, trackers) if tracker.outcome == SKIPPED and not plan.problems
        ]
        problems = [(tracker.id, problem) for tracker in late for problem in tracker.problems]
        for text in skipped_warnings(problems, preview=False):
            self._context.warn(text)
        return [_result_of(tracker) for tracker in trackers], executor.group_changes

    def _call_failed(self, error: CallError) -> ModifyFailed:
        plans = [Plan(database, decide(database, self._options)) for database in self._lookup.databases.values()]
        return self._aborted(error.message, [ChangeTracker(plan, self._options) for plan in plans], error)

    def _aborted(self, why: str, trackers: t.Sequence[ChangeTracker], error: CallError | None = None) -> ModifyFailed:
        result = self._result([_untouched(tracker) for tracker in trackers], (), blocked=True)
        return ModifyFailed(replace(result, objection=why, call_error=error))

    def _result(
        self,
        database_results: t.Sequence[DatabaseResult],
        group_changes: t.Sequence[ParameterGroupChange],
        *,
        blocked: bool,
    ) -> ModifyResult:
        return ModifyResult(
            plans=tuple(self._plans),
            databases=tuple(database_results),
            group_changes=tuple(group_changes),
            seen=self._lookup.seen,
            now=self._context.clock.now(),
            preview=self._context.check_mode,
            blocked=blocked,
            return_unchanged=self._options.return_unchanged,
        )


def _untouched(tracker: ChangeTracker) -> DatabaseResult:
    if tracker.is_open:
        tracker.skip()
    return _result_of(tracker)


def _result_of(tracker: ChangeTracker) -> DatabaseResult:
    return DatabaseResult(
        id=tracker.database.id,
        plan=tracker.plan,
        database=tracker.database,
        after=tracker.after,
        outcome=tracker.outcome,
        problems=tuple(tracker.problems),
        changed=tracker.changed,
        outcome_unknown=tracker.outcome_unknown,
    )


def _prediction(tracker: ChangeTracker) -> DatabaseResult:
    if not tracker.is_open:
        return _result_of(tracker)
    decision = tracker.plan.decision
    return DatabaseResult(
        id=tracker.database.id,
        plan=tracker.plan,
        database=tracker.database,
        after=decision.after,
        outcome=decision.outcome,
        changed=decision.outcome in CHANGING,
    )


def _absent(item: tuple[DatabaseId, Problem]) -> DatabaseResult:
    database_id, problem = item
    return DatabaseResult(id=database_id, plan=None, database=None, after=None, outcome=FAILED, problems=(problem,))
