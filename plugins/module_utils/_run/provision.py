# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Makes a database, or finds that it is there: checks, asks for it, waits, adds the members, then the switch verifies.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .._gateway.provisioning import ProvisioningApi
from .._gateway.retrying_provisioning import RetryingProvisioningGateway
from .._model.change import ChangeOptions
from .._model.database import Database, DatabaseId, Member
from .._model.errors import CallError, RdsError
from .._model.operation import Request
from .._model.outcome import APPLIED, APPLYING, FAILED, UNCHANGED
from .._model.problem import CLASS_UNSUPPORTED, MEMBER_EXISTS, TARGET_EXISTS, Problem
from .._options.cluster_instances import ClusterInstance
from .._rules.existing_target import member_problems, target_problems
from .._rules.identity import Expectation
from .._rules.new_database import (
    ProvisionRequest,
    member_parameters,
    new_database_problem,
    predicted_database,
)
from .._rules.plan import ParameterGroupChange, Plan, parameter_group_change
from .._rules.warnings import group_by_message
from .change_tracker import refusal_problem
from .context import RunContext
from .creation_tracker import CreationTracker
from .executor import Executor
from .modify import modify_databases
from .planner import Planner
from .provision_result import ProvisionOutcome, render_provision_result
from .stopwatch import CHECKS, DATABASE, MEMBERS, SETTING, Stopwatch
from .submission import Submission, SubmissionFailed

_NOTHING = " Nothing was modified."
Switched = t.Optional[t.Dict[str, t.Any]]


class _Abort(Exception):
    """These problems end the task."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def provision(
    wanted: ProvisionRequest,
    options: ChangeOptions,
    context: RunContext[ProvisioningApi],
    gateway: RetryingProvisioningGateway,
    stopwatch: Stopwatch,
) -> dict[str, t.Any]:
    """Bring the target to what the order says and return the module's result.

    Raises RdsError, with the same result, where something stands against it or goes wrong on the way.
    """
    return _Provision(wanted, options, context, gateway, stopwatch).run()


@dataclass
class _Provision:
    wanted: ProvisionRequest
    options: ChangeOptions
    _context: RunContext[ProvisioningApi]
    gateway: RetryingProvisioningGateway
    _stopwatch: Stopwatch
    database: Database | None = None
    was_made: bool = False
    new_members: list[DatabaseId] = field(default_factory=list)
    group_changes: list[ParameterGroupChange] = field(default_factory=list)
    modify_result: Switched = None
    outcome_unknown: bool = False
    is_replaced: bool = False
    _expected: dict[DatabaseId, Expectation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.wanted.existing
        if self.wanted.is_unused:
            # what differs is corrected at once; what others have queued for a database that exists is theirs
            is_new = self.database is None or self.database.endpoint is None
            others = is_new or self.options.apply_other_pending_changes
            self.options = replace(self.options, apply_immediately=True, apply_other_pending_changes=others)
        self.options = replace(self.options, desired=bool(self.wanted.desired))
        self._planner = Planner(self.gateway, self.options)

    def run(self) -> dict[str, t.Any]:
        try:
            plan = self._check()
            self._stopwatch.end(CHECKS)
            warnings = plan.warnings if plan and self.wanted.desired else ()
            for text in (*self.wanted.warnings, *group_by_message((self.wanted.target, text) for text in warnings)):
                self._context.warn(text)
            return self._predict(plan) if self._context.check_mode else self._apply(plan)
        except _Abort as stop:
            raise self._failed(stop.problems) from None
        except CallError as error:
            raise self._failed((refusal_problem(error),)) from error

    def _check(self) -> Plan | None:
        """Everything that stands against the order; returns the plan of a new database, or of the members to come."""
        found = [
            *(self.wanted.problems or target_problems(self.wanted)),
            *member_problems(self.wanted),
        ]
        if self.wanted.existing is None:
            (plan,) = self._planner.plan([predicted_database(self.wanted)]) if self.wanted.desired else (None,)
            found += new_database_problem(self.wanted, plan.problems) if plan else ()
            if found:
                raise _Abort(*found)
            return plan
        if found:
            raise _Abort(*found)
        if self.wanted.missing_members:
            self._preview(quietly=True)  # the switch comes last, and must not fail then
        self._check_new_members(self.wanted.existing)
        return None

    def _preview(self, *, quietly: bool) -> Switched:
        """What the switch of a target that exists would do."""
        if self.wanted.existing is None or self.wanted.desired is None:
            return None
        context = replace(self._context, check_mode=True)
        return self._switch(replace(context, warn=_ignore_warning) if quietly else context)

    def _check_new_members(self, existing: Database) -> None:
        effective = self.wanted.desired if self.wanted.desired is not None else existing.current
        missing = self.wanted.missing_members
        if not (effective and missing):
            return
        members = tuple(Member(m.id.identifier, False, m.instance_class) for m in missing)
        alone = replace(existing, members=members, current=False, pending=None, other_pending={}, parameter_group=None)
        (plan,) = Planner(self.gateway, replace(self.options, desired=True)).plan([alone])
        problems = [problem for problem in plan.problems if problem.code == CLASS_UNSUPPORTED]
        if problems:
            raise _Abort(*problems)

    def _predict(self, plan: Plan | None) -> dict[str, t.Any]:
        wanted = parameter_group_change(plan) if plan else None
        self.modify_result = self._preview(quietly=False)
        self.group_changes = [wanted] if wanted else []
        self.was_made = self.wanted.existing is None
        self.new_members = [member.id for member in self.wanted.missing_members]
        return self._render(self._made_outcome() if self.was_made else self._switched_outcome())

    def _apply(self, plan: Plan | None) -> dict[str, t.Any]:
        if self.wanted.existing is None:
            self._enforce(plan)
            self._submit(self.wanted.target, self._request(), TARGET_EXISTS)
            self.was_made = True
        if not self.options.wait:
            return self._result_without_wait()
        if self.was_made or self.wanted.is_half_made:
            self._await([self.wanted.target])
            self._stopwatch.end(DATABASE)
            self._make_members()
        if self.wanted.desired is not None:
            self.modify_result = self._switch(self._context)
            self._stopwatch.end(SETTING)
        return self._render(self._made_outcome() if self.was_made else self._switched_outcome())

    def _result_without_wait(self) -> dict[str, t.Any]:
        if not self.was_made and self.wanted.desired is not None:
            self.modify_result = self._switch(self._context)
            return self._render(self._switched_outcome())
        if self.was_made:
            self.database = self.gateway.describe([self.wanted.target]).get(self.wanted.target)
        return self._render(self._made_outcome() if self.was_made else UNCHANGED)

    def _enforce(self, plan: Plan | None) -> None:
        wanted = parameter_group_change(plan) if plan else None
        if wanted is not None:
            try:
                self.gateway.set_parameter(wanted.group.kind, wanted.group.name, "ssl", "1")
            except CallError as error:
                self.outcome_unknown = error.outcome_unknown
                raise
            self.group_changes.append(wanted)

    def _request(self) -> Request:
        if self.wanted.request is None:
            raise ValueError("an order for a database that does not exist has a request")
        return self.wanted.request

    def _submit(self, database_id: DatabaseId, request: Request, taken: str) -> None:
        submission = Submission(database_id, request, self.wanted.engine, taken)
        try:
            self._expected[database_id] = submission.send(self.gateway, self._context.warn)
        except SubmissionFailed as failure:
            self.outcome_unknown = failure.outcome_unknown
            raise _Abort(failure.problem) from failure

    def _creation_tracker(self, database_id: DatabaseId) -> CreationTracker:
        taken = TARGET_EXISTS if database_id == self.wanted.target else MEMBER_EXISTS
        return CreationTracker(
            database_id, self.options, self.gateway.region, expected=self._expected.get(database_id), taken=taken
        )

    def _await(self, database_ids: t.Sequence[DatabaseId]) -> None:
        trackers = [self._creation_tracker(database_id) for database_id in database_ids]
        Executor(self.gateway, self._planner, self.options, self.gateway.deadline).run(trackers)
        for tracker in trackers:
            if tracker.id == self.wanted.target:
                self.database = tracker.database or self.database
            if tracker.created_by_others or tracker.is_replaced:
                self._give_up(tracker)
        problems = [problem for tracker in trackers for problem in tracker.problems]
        if problems:
            raise _Abort(*problems)

    def _give_up(self, tracker: CreationTracker) -> None:
        """What exists under this name now is not this task's."""
        self.is_replaced = self.is_replaced or tracker.is_replaced
        if tracker.id == self.wanted.target:
            self.was_made = False
        elif tracker.id in self.new_members:
            self.new_members.remove(tracker.id)

    def _make_members(self) -> None:
        for member in self.wanted.missing_members:
            self._submit(member.id, member_request(self.wanted, member), MEMBER_EXISTS)
            self.new_members.append(member.id)
        if self.wanted.members:
            self._await([self.wanted.target, *(member.id for member in self.wanted.members)])
            self._stopwatch.end(MEMBERS)

    def _switch(self, context: RunContext[ProvisioningApi]) -> dict[str, t.Any]:
        try:
            return modify_databases((self.wanted.target,), self.options, context, self.gateway.deadline)
        except RdsError as error:
            self.modify_result = error.result
            result = self._render(FAILED)
            result.pop("msg")  # the error has a better one
            message = error.message
            if result["changed"]:  # the switch speaks for itself alone
                message = message.replace(_NOTHING, "")
            raise RdsError(message, result=result) from error

    def _made_outcome(self) -> str:
        return APPLIED if self.options.wait else APPLYING

    def _switched_outcome(self) -> str:
        databases = (self.modify_result or {}).get("databases")
        return str(databases[0]["outcome"]) if databases else UNCHANGED

    def _failed(self, problems: t.Sequence[Problem]) -> RdsError:
        reasons = "; ".join(f"{problem.code}: {problem.message}" for problem in problems)
        touched = self.was_made or self.new_members or self.group_changes or self.outcome_unknown or self.is_replaced
        nothing = "" if touched else _NOTHING
        result = self._render(FAILED, tuple(problems))
        result.pop("msg")
        return RdsError(
            f"DB {self.wanted.target.kind} {self.wanted.target.identifier}: {reasons}.{nothing}", result=result
        )

    def _render(self, outcome: str, problems: tuple[Problem, ...] = ()) -> dict[str, t.Any]:
        provisioned = ProvisionOutcome(
            wanted=self.wanted,
            outcome=outcome,
            database=self.database,
            problems=problems,
            new_members=tuple(self.new_members),
            group_changes=tuple(self.group_changes),
            was_made=self.was_made,
            outcome_unknown=self.outcome_unknown,
            is_replaced=self.is_replaced,
        )
        result = render_provision_result(
            provisioned,
            self.modify_result,
            predicted_database(self.wanted),
            self._context.clock.now(),
            preview=self._context.check_mode,
        )
        return {**result, "seconds": self._stopwatch.seconds()}


def _ignore_warning(text: str) -> None:
    """Warns nobody: the same is said when it is done."""


def member_request(wanted: ProvisionRequest, member: ClusterInstance) -> Request:
    """The CreateDBInstance of a member."""
    parameters = member_parameters(wanted, member)
    return Request("CreateDBInstance", parameters)
