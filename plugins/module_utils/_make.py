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

from . import _blueprint, _cautions, _make_result, _track
from ._arrival import Arrival
from ._blueprint import MEMBER_EXISTS, Order
from ._decision import APPLIED, APPLYING, FAILED, UNCHANGED
from ._errors import CallError, RdsError
from ._gateway_make import MakingApi
from ._identity import Expectation
from ._make_result import Made
from ._members import MemberOrder
from ._model import Database, Member, Problem, Ref, Wish
from ._patience_make import PatientMakingGateway
from ._plan import Plan, Planner
from ._problems import CLASS_UNSUPPORTED
from ._pursue import Enforced, Pursuit, enforcement
from ._request import Request
from ._sources import TARGET_EXISTS
from ._stopwatch import CHECKS, DATABASE, MEMBERS, SETTING, Stopwatch
from ._submission import Submission, SubmissionFailed
from ._switch import Surroundings, switch

_NOTHING = " Nothing was modified."
Switched = t.Optional[t.Dict[str, t.Any]]


class _Stop(Exception):
    """These problems end the task."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def make(
    order: Order,
    wish: Wish,
    around: Surroundings[MakingApi],
    gateway: PatientMakingGateway,
    stopwatch: Stopwatch,
) -> dict[str, t.Any]:
    """Bring the target to what the order says and return the module's result.

    Raises RdsError, with the same result, where something stands against it or goes wrong on the way.
    """
    return _Make(order, wish, around, gateway, stopwatch).run()


@dataclass
class _Make:
    order: Order
    wish: Wish
    _around: Surroundings[MakingApi]
    gateway: PatientMakingGateway
    _stopwatch: Stopwatch
    database: Database | None = None
    was_made: bool = False
    new_members: list[Ref] = field(default_factory=list)
    enforced: list[Enforced] = field(default_factory=list)
    switched: Switched = None
    outcome_unknown: bool = False
    is_replaced: bool = False
    _expected: dict[Ref, Expectation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.order.existing
        if self.order.is_unused:
            # what differs is corrected at once; what others have queued for a database that exists is theirs
            is_new = self.database is None or self.database.endpoint is None
            others = is_new or self.wish.apply_other_pending_changes
            self.wish = replace(self.wish, apply_immediately=True, apply_other_pending_changes=others)
        self.wish = replace(self.wish, desired=bool(self.order.desired))
        self._planner = Planner(self.gateway, self.wish)

    def run(self) -> dict[str, t.Any]:
        try:
            plan = self._check()
            self._stopwatch.end(CHECKS)
            cautions = plan.warnings if plan and self.order.desired else ()
            for text in (*self.order.warnings, *_cautions.gathered((self.order.target, text) for text in cautions)):
                self._around.warn(text)
            return self._predict(plan) if self._around.check_mode else self._carry_out(plan)
        except _Stop as stop:
            raise self._failed(stop.problems) from None
        except CallError as error:
            raise self._failed((_track.refusal(error),)) from error

    def _check(self) -> Plan | None:
        """Everything that stands against the order; returns the plan of a new database, or of the members to come."""
        found = [
            *(self.order.problems or _blueprint.target_problems(self.order)),
            *_blueprint.member_problems(self.order),
        ]
        if self.order.existing is None:
            (plan,) = self._planner.plan([_blueprint.blueprint(self.order)]) if self.order.desired else (None,)
            found += _blueprint.of_new(self.order, plan.problems) if plan else ()
            if found:
                raise _Stop(*found)
            return plan
        if found:
            raise _Stop(*found)
        if self.order.missing_members:
            self._preview(quietly=True)  # the switch comes last, and must not fail then
        self._check_new_members(self.order.existing)
        return None

    def _preview(self, *, quietly: bool) -> Switched:
        """What the switch of a target that exists would do."""
        if self.order.existing is None or self.order.desired is None:
            return None
        around = replace(self._around, check_mode=True)
        return self._switch(replace(around, warn=_not_at_all) if quietly else around)

    def _check_new_members(self, existing: Database) -> None:
        effective = self.order.desired if self.order.desired is not None else existing.current
        missing = self.order.missing_members
        if not (effective and missing):
            return
        members = tuple(Member(m.ref.identifier, False, m.instance_class) for m in missing)
        alone = replace(existing, members=members, current=False, pending=None, other_pending={}, parameter_group=None)
        (plan,) = Planner(self.gateway, replace(self.wish, desired=True)).plan([alone])
        problems = [problem for problem in plan.problems if problem.code == CLASS_UNSUPPORTED]
        if problems:
            raise _Stop(*problems)

    def _predict(self, plan: Plan | None) -> dict[str, t.Any]:
        wanted = enforcement(plan) if plan else None
        self.switched = self._preview(quietly=False)
        self.enforced = [wanted] if wanted else []
        self.was_made = self.order.existing is None
        self.new_members = [member.ref for member in self.order.missing_members]
        return self._render(self._made_outcome() if self.was_made else self._switched_outcome())

    def _carry_out(self, plan: Plan | None) -> dict[str, t.Any]:
        if self.order.existing is None:
            self._enforce(plan)
            self._submit(self.order.target, self._request(), TARGET_EXISTS)
            self.was_made = True
        if not self.wish.wait:
            return self._after_no_wait()
        if self.was_made or self.order.is_half_made:
            self._await([self.order.target])
            self._stopwatch.end(DATABASE)
            self._make_members()
        if self.order.desired is not None:
            self.switched = self._switch(self._around)
            self._stopwatch.end(SETTING)
        return self._render(self._made_outcome() if self.was_made else self._switched_outcome())

    def _after_no_wait(self) -> dict[str, t.Any]:
        if not self.was_made and self.order.desired is not None:
            self.switched = self._switch(self._around)
            return self._render(self._switched_outcome())
        if self.was_made:
            self.database = self.gateway.describe([self.order.target]).get(self.order.target)
        return self._render(self._made_outcome() if self.was_made else UNCHANGED)

    def _enforce(self, plan: Plan | None) -> None:
        wanted = enforcement(plan) if plan else None
        if wanted is not None:
            try:
                self.gateway.set_parameter(wanted.group.kind, wanted.group.name, "ssl", "1")
            except CallError as error:
                self.outcome_unknown = error.unanswered
                raise
            self.enforced.append(wanted)

    def _request(self) -> Request:
        if self.order.request is None:
            raise ValueError("an order for a database that does not exist has a request")
        return self.order.request

    def _submit(self, ref: Ref, request: Request, taken: str) -> None:
        submission = Submission(ref, request, self.order.engine, taken)
        try:
            self._expected[ref] = submission.send(self.gateway, self._around.warn)
        except SubmissionFailed as failure:
            self.outcome_unknown = failure.outcome_unknown
            raise _Stop(failure.problem) from failure

    def _arrival(self, ref: Ref) -> Arrival:
        taken = TARGET_EXISTS if ref == self.order.target else MEMBER_EXISTS
        return Arrival(ref, self.wish, self.gateway.region, expected=self._expected.get(ref), taken=taken)

    def _await(self, refs: t.Sequence[Ref]) -> None:
        arrivals = [self._arrival(ref) for ref in refs]
        Pursuit(self.gateway, self._planner, self.wish, self.gateway.deadline).run(arrivals)
        for arrival in arrivals:
            if arrival.ref == self.order.target:
                self.database = arrival.database or self.database
            if arrival.created_by_others or arrival.is_replaced:
                self._give_up(arrival)
        problems = [problem for arrival in arrivals for problem in arrival.problems]
        if problems:
            raise _Stop(*problems)

    def _give_up(self, arrival: Arrival) -> None:
        """What exists under this name now is not this task's."""
        self.is_replaced = self.is_replaced or arrival.is_replaced
        if arrival.ref == self.order.target:
            self.was_made = False
        elif arrival.ref in self.new_members:
            self.new_members.remove(arrival.ref)

    def _make_members(self) -> None:
        for member in self.order.missing_members:
            self._submit(member.ref, member_request(self.order, member), MEMBER_EXISTS)
            self.new_members.append(member.ref)
        if self.order.members:
            self._await([self.order.target, *(member.ref for member in self.order.members)])
            self._stopwatch.end(MEMBERS)

    def _switch(self, around: Surroundings[MakingApi]) -> dict[str, t.Any]:
        try:
            return switch((self.order.target,), self.wish, around, self.gateway.deadline)
        except RdsError as error:
            self.switched = error.result
            result = self._render(FAILED)
            result.pop("msg")  # the error has a better one
            message = error.message
            if result["changed"]:  # the switch speaks for itself alone
                message = message.replace(_NOTHING, "")
            raise RdsError(message, result=result) from error

    def _made_outcome(self) -> str:
        return APPLIED if self.wish.wait else APPLYING

    def _switched_outcome(self) -> str:
        databases = (self.switched or {}).get("databases")
        return str(databases[0]["outcome"]) if databases else UNCHANGED

    def _failed(self, problems: t.Sequence[Problem]) -> RdsError:
        reasons = "; ".join(f"{problem.code}: {problem.message}" for problem in problems)
        touched = self.was_made or self.new_members or self.enforced or self.outcome_unknown or self.is_replaced
        nothing = "" if touched else _NOTHING
        result = self._render(FAILED, tuple(problems))
        result.pop("msg")
        return RdsError(
            f"DB {self.order.target.kind} {self.order.target.identifier}: {reasons}.{nothing}", result=result
        )

    def _render(self, outcome: str, problems: tuple[Problem, ...] = ()) -> dict[str, t.Any]:
        made = Made(
            order=self.order,
            outcome=outcome,
            database=self.database,
            problems=problems,
            new_members=tuple(self.new_members),
            enforced=tuple(self.enforced),
            was_made=self.was_made,
            outcome_unknown=self.outcome_unknown,
            is_replaced=self.is_replaced,
        )
        result = _make_result.render(
            made,
            self.switched,
            _blueprint.blueprint(self.order),
            self._around.clock.now(),
            preview=self._around.check_mode,
        )
        return {**result, "seconds": self._stopwatch.seconds()}


def _not_at_all(text: str) -> None:
    """Warns nobody: the same is said when it is done."""


def member_request(order: Order, member: MemberOrder) -> Request:
    """The CreateDBInstance of a member."""
    parameters = _blueprint.member_parameters(order, member)
    return Request("CreateDBInstance", parameters)
