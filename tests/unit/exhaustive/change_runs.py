# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Run the workflow of ``rds_iam_auth`` on the reference RDS, and compare each result with what RDS has then."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions, State
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Database, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify import modify_databases
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify_result import ModifyFailed, ModifyResult
from ansible_collections.passwordless.rds.plugins.module_utils._run.result import DatabaseResult, render_diff
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws
from ansible_collections.passwordless.rds.tests.unit.exhaustive.change_states import (
    DatabaseState,
    FactState,
    build,
    facts_of,
    ssl_parameter,
)
from ansible_collections.passwordless.rds.tests.unit.exhaustive.reference_rds import ReferenceRds
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import context_of

# longer than the time after which a pending value is requested again, and then applied
WAIT_SECONDS = 150.0
# a value that stays pending waits for another request, or for the window
_WAITING = (aws.STAYS_PENDING, aws.NOT_BEFORE_WINDOW)
_FAILURES = ("failed", "skipped")
_HEALTHY = instance("healthy", engine="mysql")


class Case(t.NamedTuple):
    """One database of a task: its state, its facts, and its position of the uncertain rules."""

    state: DatabaseState
    fact: FactState
    rules: aws.UncertainRules


class ChangeRun:
    """One task for many databases: in check mode, blocked by each problem, for real, and again."""

    def __init__(self, cases: t.Sequence[Case], options: ChangeOptions) -> None:
        self.options = replace(options, skip_problems=True, wait_timeout=WAIT_SECONDS)
        self.rds = ReferenceRds()
        self.warnings: list[str] = []
        self.cases: dict[DatabaseId, Case] = {}
        for number, case in enumerate(cases):
            database = build(case.state, case.fact, f"db{number}")
            self.cases[database.id] = case
            self.rds.add_database(database, facts_of(case.fact), case.rules, ssl_parameter(case.fact))
        self.before = dict(self.rds.databases)
        self.failures: list[tuple[Case, str]] = []

    def run(self) -> list[tuple[Case, str]]:
        """Return the faults of every database."""
        predicted = self._results(check_mode=True)
        self._block_by_each_problem(predicted)
        if self.rds.count_requests():
            self._fail_all("a prediction or a blocked task sends a request")
        self.rds.calls.clear()
        real = self._results()
        self._check_calls()
        after = dict(self.rds.databases)
        self.rds.clock.sleep(WAIT_SECONDS)
        settled = dict(self.rds.databases)
        self._run_again(real)
        self.rds.open_windows()
        for database_id, case in self.cases.items():
            states = (after[database_id], settled[database_id], self.rds.databases[database_id])
            for fault in self._faults(database_id, predicted[database_id], real[database_id], *states):
                self.failures.append((case, fault))
        return self.failures

    def _results(self, *, check_mode: bool = False) -> dict[DatabaseId, tuple[DatabaseResult, t.Any]]:
        result = self._modify(tuple(self.cases), self.options, check_mode=check_mode)
        diff = render_diff(result.group_changes, result.databases)
        return {
            one.id: (one, (diff["before"].get(str(one.id)), diff["after"].get(str(one.id)))) for one in result.databases
        }

    def _modify(
        self, names: tuple[DatabaseId, ...], options: ChangeOptions, *, check_mode: bool = False
    ) -> ModifyResult:
        try:
            return modify_databases(names, options, context_of(self.rds, self.warnings, check_mode=check_mode))
        except ModifyFailed as failure:
            return failure.result

    def _block_by_each_problem(self, predicted: t.Mapping[DatabaseId, tuple[DatabaseResult, t.Any]]) -> None:
        """Run the task with on_problem=fail for each database with a problem, together with one without."""
        self.rds.add_database(_HEALTHY, aws.Facts(), aws.UncertainRules(), ssl_parameter(FactState("on", "supported")))
        options = replace(self.options, skip_problems=False)
        for database_id, (result, _diff) in predicted.items():
            if result.problems:
                blocked = self._modify((database_id, _HEALTHY.id), options)
                outcomes = [one.outcome for one in blocked.databases]
                if outcomes[0] != "failed" or outcomes[1] not in ("skipped", "unchanged") or blocked.changed:
                    self.failures.append((self.cases[database_id], f"on_problem=fail ends with {outcomes}"))
        del self.rds.databases[_HEALTHY.id]

    def _check_calls(self) -> None:
        """Disabling asks for neither classes nor parameters."""
        if self.options.desired:
            return
        names = {name for name, _argument in self.rds.calls} - {"page", "modify"}
        if names or any(query.clusters or not (query.names or query.resource_ids) for query in self.rds.sent("page")):
            self._fail_all(f"disabling makes more calls: {sorted(names)}")

    def _run_again(self, real: t.Mapping[DatabaseId, tuple[DatabaseResult, t.Any]]) -> None:
        """Run the task again on every database on which it succeeded. It must change nothing."""
        names = tuple(name for name, (result, _diff) in real.items() if self._is_final(name, result))
        sent = self.rds.count_requests()
        result = self._modify(names, self.options)
        for one in result.databases:
            if one.outcome != "unchanged":
                self.failures.append((self.cases[one.id], f"the second run is {one.outcome}: {one.problems}"))
        if self.rds.count_requests() != sent:
            self._fail_all("the second run sends a request")

    def _is_final(self, database_id: DatabaseId, result: DatabaseResult) -> bool:
        """Whether the task succeeded, and nothing is left that it cannot know without waiting."""
        rules = self.cases[database_id].rules
        if result.outcome == "applying" and rules.progress in _WAITING:
            return False  # RDS waits for another request, and nobody has observed that
        return result.outcome not in _FAILURES and not self._is_unverified_cancel(database_id, result)

    def _is_unverified_cancel(self, database_id: DatabaseId, result: DatabaseResult) -> bool:
        """Whether RDS ignored the deferred cancellation of a task that did not wait for it."""
        return result.outcome == "cancelled" and not self.options.wait and self._ignores_cancel(database_id)

    def _ignores_cancel(self, database_id: DatabaseId) -> bool:
        accepted = self.rds.accepted.get(database_id, [])
        return not self.cases[database_id].rules.deferred_cancel and any(not c.apply_immediately for c in accepted)

    def _faults(
        self,
        database_id: DatabaseId,
        predicted: tuple[DatabaseResult, t.Any],
        real: tuple[DatabaseResult, t.Any],
        after: Database,
        settled: Database,
        at_last: Database,
    ) -> t.Iterator[str]:
        result, before = real[0], self.before[database_id]
        accepted = self.rds.accepted.get(database_id, [])
        if result.changed is not bool(accepted):
            yield f"changed is {result.changed} after {accepted}"
        if bool(result.problems) is not (result.outcome in _FAILURES):
            yield f"{result.outcome} has the problems {result.problems}"
        if len(accepted) > (2 if self.cases[database_id].rules.progress in _WAITING else 1):
            yield f"sends {accepted}"
        if result.outcome not in _FAILURES and not self._is_unverified_cancel(database_id, result):
            yield from self._faults_of_success(result, after, settled, at_last)
        if not self.options.apply_immediately and settled.current is not aws.after_status(before).current:
            yield f"{result.outcome} changes the value before the window"
        yield from self._faults_of_others(before, settled, bool(accepted))
        yield from self._faults_of_prediction(database_id, predicted, real)

    def _faults_of_success(
        self, result: DatabaseResult, after: Database, settled: Database, at_last: Database
    ) -> t.Iterator[str]:
        desired = self.options.desired
        values = f"{after.current}, pending {after.pending}"
        has_setting = "engine_unsupported" not in {r.reason for r in aws.refusals(after, aws.Facts(), True, _ANY)}
        if not has_setting:
            return
        if self.options.wait and aws.effective(after) is not desired:
            yield f"{result.outcome} leaves {values}"
        is_due = self.options.apply_immediately or result.outcome in ("applied", "cancelled")
        reported = result.after.current if result.after else None
        if self.options.wait and is_due and (after.current, reported) != (desired, desired):
            yield f"{result.outcome} reports {result.after} and leaves {values}"
        if result.outcome == "scheduled" and (settled.current, settled.pending) != (not desired, desired):
            yield f"scheduled leaves {settled.current}, pending {settled.pending}"
        if aws.effective(settled) is not desired or at_last.current is not desired:
            yield f"{result.outcome} ends with {settled.current}, pending {settled.pending}"
        running = result.outcome == "unchanged" and self.before[result.id].status in aws.SWITCHING
        if self.options.wait and not running and result.after != State(after.current, after.pending):
            yield f"{result.outcome} reports {result.after} and leaves {values}"

    def _faults_of_others(self, before: Database, settled: Database, changed: bool) -> t.Iterator[str]:
        if settled.other_pending == before.other_pending:
            return
        if not changed:
            yield "other pending changes are applied without a request"
        elif aws.documents_flush(before):
            if not self.options.apply_other_pending_changes:
                yield f"applies {before.other_pending} unasked"
        elif not any("other changes are pending" in text for text in self.warnings):
            yield f"applies {before.other_pending} without a warning"

    def _faults_of_prediction(
        self, database_id: DatabaseId, predicted: tuple[DatabaseResult, t.Any], real: tuple[DatabaseResult, t.Any]
    ) -> t.Iterator[str]:
        before = self.before[database_id]
        expected, result = predicted[0], real[0]
        if expected.problems:
            if [p.code for p in expected.problems] != [p.code for p in result.problems]:
                yield f"check mode has the problems {expected.problems}, and the run {result.problems}"
        elif before.status in aws.SWITCHING and before.pending is not None and self.options.wait:
            return  # RDS itself changes the setting between the observation and the request
        elif result.outcome in _FAILURES:
            is_late = self.cases[database_id].rules.progress == aws.NOT_BEFORE_WINDOW
            if database_id not in self.rds.refused and not (self._ignores_cancel(database_id) or is_late):
                yield f"check mode is {expected.outcome}, and the run has {result.problems}"
        elif (expected.outcome, expected.after, predicted[1]) != (result.outcome, result.after, real[1]):
            yield f"check mode is {expected.outcome} {predicted[1]}, and the run {result.outcome} {real[1]}"

    def _fail_all(self, fault: str) -> None:
        self.failures += [(case, fault) for case in self.cases.values()]


_ANY = aws.UncertainRules()
