# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Create a database or reuse an existing one: check, send the request, wait, create the members, and set IAM.

``rds_create_iam`` and ``rds_restore_iam`` share these steps. Only the request differs.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .._gateway.provisioning import ProvisioningApi
from .._gateway.retrying_provisioning import RetryingProvisioningGateway
from .._model.change import ChangeOptions, State
from .._model.database import Database, Member
from .._model.errors import CallError, RdsError
from .._model.outcome import APPLIED, APPLYING, FAILED, UNCHANGED
from .._model.problem import CLASS_UNSUPPORTED, Problem
from .._rules.existing_target import member_problems, target_problems
from .._rules.new_database import ProvisionRequest, new_database_problem, predicted_database
from .._rules.plan import Plan
from .._rules.refused_options import with_option
from .._rules.verification import superseded_problem
from .._rules.warnings import group_by_message
from .change_tracker import refusal_problem
from .context import RunContext
from .creation import Abort, Creation
from .modify import modify_databases
from .modify_result import ModifyFailed, ModifyResult
from .planner import Planner
from .preflight import GROUP_KINDS
from .provision_result import ProvisionResult
from .stopwatch import CHECKS, DATABASE, MEMBERS, SETTING, Stopwatch


def provision(
    wanted: ProvisionRequest,
    options: ChangeOptions,
    context: RunContext[ProvisioningApi],
    gateway: RetryingProvisioningGateway,
    stopwatch: Stopwatch,
) -> ProvisionResult:
    """Create or complete the target, set IAM database authentication, and return the result.

    Raises RdsError with the same result if a problem blocks the task or a step fails.
    """
    return _Provision(wanted, _switch_options(wanted, options), context, gateway, stopwatch).run()


def _switch_options(wanted: ProvisionRequest, options: ChangeOptions) -> ChangeOptions:
    if wanted.is_unused:
        # The setting is corrected immediately. If the target has an endpoint, pending changes of others stay pending,
        # unless the option is set.
        is_new = wanted.existing is None or wanted.existing.endpoint is None
        others = is_new or options.apply_other_pending_changes
        options = replace(options, apply_immediately=True, apply_other_pending_changes=others)
    return replace(options, desired=bool(wanted.desired))


@dataclass
class _Provision:
    _wanted: ProvisionRequest
    _options: ChangeOptions
    _context: RunContext[ProvisioningApi]
    _gateway: RetryingProvisioningGateway
    _stopwatch: Stopwatch
    _modify_result: ModifyResult | None = None

    def __post_init__(self) -> None:
        self._planner = Planner(self._gateway, self._options)
        self._creation = Creation(self._wanted, self._options, self._gateway, self._planner, self._context.warn)

    def run(self) -> ProvisionResult:
        try:
            plan = self._check()
            self._stopwatch.end(CHECKS)
            warnings = plan.warnings if plan and self._wanted.desired else ()
            for text in (*self._wanted.warnings, *group_by_message((self._wanted.target, text) for text in warnings)):
                self._context.warn(text)
            return self._predict(plan) if self._context.check_mode else self._apply(plan)
        except Abort as stop:
            raise self._failed(stop.problems) from None
        except CallError as error:
            raise self._failed((self._refusal(error),)) from error

    def _check(self) -> Plan | None:
        """Return the plan for a new database, or None for an existing one. Raises Abort if there are problems."""
        found = [
            *(self._wanted.problems or target_problems(self._wanted)),
            *member_problems(self._wanted),
        ]
        if self._wanted.existing is None:
            (plan,) = self._planner.plan([predicted_database(self._wanted)]) if self._wanted.desired else (None,)
            found += new_database_problem(self._wanted, plan.problems) if plan else ()
            if found:
                raise Abort(*found)
            return plan
        if found:
            raise Abort(*found)
        if self._wanted.missing_members:
            # find the problems of the setting now, because it is changed only after the members have been created
            self._preview(quietly=True)
        self._check_new_members(self._wanted.existing)
        return None

    def _preview(self, *, quietly: bool) -> ModifyResult | None:
        """Return the predicted change of the setting of an existing target, or None if there is none."""
        if self._wanted.existing is None or self._wanted.desired is None:
            return None
        context = replace(self._context, check_mode=True)
        return self._switch(replace(context, warn=_ignore_warning) if quietly else context)

    def _check_new_members(self, existing: Database) -> None:
        effective = self._wanted.desired if self._wanted.desired is not None else existing.current
        missing = self._wanted.missing_members
        if not (effective and missing):
            return
        members = tuple(Member(m.id.identifier, False, m.instance_class) for m in missing)
        alone = replace(existing, members=members, current=False, pending=None, other_pending={}, parameter_group=None)
        (plan,) = Planner(self._gateway, replace(self._options, desired=True)).plan([alone])
        problems = [problem for problem in plan.problems if problem.code == CLASS_UNSUPPORTED]
        if problems:
            raise Abort(*problems)

    def _predict(self, plan: Plan | None) -> ProvisionResult:
        self._modify_result = self._preview(quietly=False)
        self._creation.predict(plan)
        return self._result(self._outcome())

    def _apply(self, plan: Plan | None) -> ProvisionResult:
        creation, corrected = self._creation, None
        if self._wanted.existing is None:
            creation.make_target(plan)
        if not self._options.wait:
            return self._result_without_wait()
        if creation.was_made or self._wanted.is_half_made:
            creation.await_target()
            self._stopwatch.end(DATABASE)
            corrected = self._correct_before_members()
            creation.make_members()
            if self._wanted.members:
                self._stopwatch.end(MEMBERS)
        if self._wanted.desired is not None:
            self._modify_result = self._switch(self._context) if corrected is None else self._verified(corrected)
            self._stopwatch.end(SETTING)
        return self._result(self._outcome())

    def _correct_before_members(self) -> ModifyResult | None:
        """Correct the setting of a cluster that has no members yet. Return None if it needs no correction."""
        # with members, the cluster looks like one in use, which a repeated task without a value leaves alone
        database, desired = self._creation.database, self._wanted.desired
        if database is None or desired is None or not (self._wanted.is_unused and self._wanted.missing_members):
            return None
        if database.current == desired and database.pending_change is None:
            return None
        self._modify_result = self._switch(self._context)
        self._creation.database = self._modify_result.databases[0].database
        return self._modify_result

    def _verified(self, corrected: ModifyResult) -> ModifyResult:
        """Return the correction with the description of the target after its members. Raises Abort if it was undone."""
        database = self._creation.database
        if database and (database.current != self._wanted.desired or database.pending_change is not None):
            raise Abort(superseded_problem(database))
        return self._with_latest(corrected)

    def _with_latest(self, switched: ModifyResult, **changes: t.Any) -> ModifyResult:
        """Return the change of the setting with the latest description of the target."""
        database = self._creation.database
        if database is not None:
            changes.update(database=database, after=State(database.current, database.pending))
        return replace(switched, databases=tuple(replace(result, **changes) for result in switched.databases))

    def _result_without_wait(self) -> ProvisionResult:
        if self._creation.was_made:
            self._creation.describe_target()
        elif self._wanted.desired is not None:
            self._modify_result = self._switch(self._context)
        return self._result(self._outcome())

    def _switch(self, context: RunContext[ProvisioningApi]) -> ModifyResult:
        try:
            return modify_databases((self._wanted.target,), self._options, context, self._gateway.deadline)
        except ModifyFailed as failure:
            self._modify_result = failure.result
            result = self._result(FAILED)
            # the message covers only the change of the setting
            raise RdsError(failure.result.message(changed=result.changed), result=result) from failure

    def _outcome(self) -> str:
        if self._creation.was_made:
            return APPLIED if self._options.wait else APPLYING
        switched = self._modify_result.databases if self._modify_result else ()
        return switched[0].outcome if switched else UNCHANGED

    def _refusal(self, error: CallError) -> Problem:
        problem = refusal_problem(error)
        if self._wanted.request is None or error.operation != self._wanted.request.operation or error.outcome_unknown:
            return problem
        return replace(problem, message=with_option(problem.message, error.code, self._wanted.settings))

    def _failed(self, problems: t.Sequence[Problem]) -> RdsError:
        reasons = "; ".join(f"{problem.code}: {problem.message}" for problem in problems)
        if self._modify_result is not None:
            self._modify_result = self._with_latest(self._modify_result, outcome=FAILED, problems=tuple(problems))
        result = self._result(FAILED, tuple(problems))
        return RdsError(
            f"DB {self._wanted.target.kind} {self._wanted.target.identifier}: {reasons}.{_effect(result)}",
            result=result,
        )

    def _result(self, outcome: str, problems: tuple[Problem, ...] = ()) -> ProvisionResult:
        creation = self._creation
        return ProvisionResult(
            wanted=self._wanted,
            outcome=outcome,
            now=self._context.clock.now(),
            database=creation.database,
            problems=problems,
            new_members=tuple(creation.new_members),
            group_changes=tuple(creation.group_changes),
            was_made=creation.was_made,
            outcome_unknown=creation.outcome_unknown,
            is_replaced=creation.is_replaced,
            modify_result=self._modify_result,
            preview=self._context.check_mode,
            seconds=self._stopwatch.seconds(),
        )


def _effect(result: ProvisionResult) -> str:
    """Return a sentence about what remains of a task that failed before it created the target, or an empty text."""
    if not result.is_touched:
        return " Nothing was modified."
    if result.was_made or result.outcome_unknown or result.is_replaced:
        return ""
    return "".join(
        f" ssl=1 was set in {GROUP_KINDS[change.group.kind]} {change.group.name} before, and remains set."
        for change in result.group_changes
    )


def _ignore_warning(text: str) -> None:
    """Discard a warning that is issued later, when the setting is changed."""
