# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Switches the setting of databases that exist: observe, decide, then either say what would happen or do it.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import _cautions, _messages, _plan, _result, _targets
from ._aim import Aim
from ._decision import CHANGING, FAILED, SKIPPED, decide
from ._errors import CallError, RdsError
from ._gateway import Api, Clock
from ._model import Problem, Ref, Wish
from ._patience import Deadline, PatientGateway
from ._plan import Plan, Planner
from ._pursue import Enforced, Pursuit, enforcement
from ._result import Ending, ResultOptions
from ._targets import Sight
from ._track import Track

_A_co = t.TypeVar("_A_co", bound=Api, covariant=True)


@dataclass(frozen=True)
class Surroundings(t.Generic[_A_co]):
    """What a flow needs from outside: AWS, the time, and somebody to warn."""

    api: _A_co
    clock: Clock
    warn: t.Callable[[str], None]
    check_mode: bool


def switch(aim: Aim, wish: Wish, around: Surroundings[Api], deadline: Deadline | None = None) -> dict[str, t.Any]:
    """Bring these databases to what the task asks for, before the deadline, and return the module's result.

    Raises RdsError, with the same result, where a database has failed or blocks the task.
    """
    return _Switch(wish, around, deadline or Deadline.after(wish.wait_timeout, around.clock)).run(aim)


class _Switch:
    def __init__(self, wish: Wish, around: Surroundings[Api], deadline: Deadline) -> None:
        self._wish = wish
        self._around = around
        self._deadline = deadline
        self._patient = PatientGateway(around.api, self._deadline, wish.wait_delay)
        self._planner = Planner(self._patient, wish)
        self._sight = Sight()
        self._plans: list[Plan] = []

    def run(self, aim: Aim) -> dict[str, t.Any]:
        try:
            self._observe(aim)
            self._plans = self._planner.plan(list(self._sight.databases.values()))
        except CallError as error:
            raise self._call_failed(error) from error
        tracks = [Track(plan, self._wish) for plan in self._plans]
        objection = self._sight.objection or self._objection()
        if objection:
            raise self._left_off(objection, tracks)
        enforced: t.Sequence[Enforced] = ()
        blocked = self._is_blocked()
        if blocked:
            endings = [_left_alone(track) for track in tracks]
        else:
            self._warn()
            endings, enforced = self._predict(tracks) if self._around.check_mode else self._carry_out(tracks)
        return self._finish([*endings, *map(_absent, self._sight.absent.items())], enforced, blocked)

    def _observe(self, aim: Aim) -> None:
        replicas = self._wish.include_read_replicas
        self._sight = _targets.look(aim, gateway=self._patient, warn=self._around.warn, replicas=replicas)
        if self._sight.region:
            self._planner.know(self._sight.region)

    def _objection(self) -> str | None:
        text = None if self._is_blocked() else _plan.objection(self._plans, self._wish)
        if text is None:
            return None
        changes = [(plan.before.ref, plan.decision.outcome) for plan in self._plans if plan.changes]
        return f"{text}. {_messages.planned(changes, self._problems())}"

    def _problems(self) -> list[tuple[Ref, Problem]]:
        return [(plan.before.ref, problem) for plan in self._plans for problem in plan.problems]

    def _is_blocked(self) -> bool:
        has_problems = any(plan.problems for plan in self._plans)
        return bool(self._sight.absent) or (has_problems and not self._wish.skip_problems)

    def _warn(self) -> None:
        skipped = _cautions.of_skipped(self._problems(), preview=self._around.check_mode)
        cautions = [(plan.before.ref, text) for plan in self._plans if not plan.problems for text in plan.warnings]
        for text in (*skipped, *_cautions.gathered(cautions)):
            self._around.warn(text)

    def _predict(self, tracks: t.Sequence[Track]) -> tuple[list[Ending], list[Enforced]]:
        groups = {item.group: item for item in map(enforcement, self._plans) if item is not None}
        return [_prediction(track) for track in tracks], list(groups.values())

    def _carry_out(self, tracks: t.Sequence[Track]) -> tuple[list[Ending], list[Enforced]]:
        pursuit = Pursuit(self._patient, self._planner, self._wish, self._deadline)
        pursuit.run(tracks)
        late = [track for plan, track in zip(self._plans, tracks) if track.outcome == SKIPPED and not plan.problems]
        problems = [(track.ref, problem) for track in late for problem in track.problems]
        for text in _cautions.of_skipped(problems, preview=False):
            self._around.warn(text)
        return [_ending(track) for track in tracks], pursuit.enforced

    def _finish(self, endings: t.Sequence[Ending], enforced: t.Sequence[Enforced], blocked: bool) -> dict[str, t.Any]:
        result = self._render(endings, enforced, blocked)
        if result["summary"]["failed"]:
            message = result.pop("msg")
            raise RdsError(message, result=result)
        return result

    def _call_failed(self, error: CallError) -> RdsError:
        plans = [Plan(database, decide(database, self._wish)) for database in self._sight.databases.values()]
        failed = self._left_off(error.message, [Track(plan, self._wish) for plan in plans])
        del failed.result["plan_id"]  # that of no plan would be that of nothing to do
        if not plans:
            del failed.result["summary"]
        failed.result.update(error.result)
        return failed

    def _left_off(self, why: str, tracks: t.Sequence[Track]) -> RdsError:
        result = self._render([_left_alone(track) for track in tracks], (), blocked=True)
        result.pop("msg")
        return RdsError(f"{why.rstrip('.')}. Nothing was modified.", result=result)

    def _render(self, endings: t.Sequence[Ending], enforced: t.Sequence[Enforced], blocked: bool) -> dict[str, t.Any]:
        options = ResultOptions(self._around.check_mode, blocked, self._wish.return_unchanged)
        return _result.render(
            plans=self._plans,
            endings=endings,
            enforced=enforced,
            seen=self._sight.seen,
            now=self._around.clock.now(),
            options=options,
        )


def _left_alone(track: Track) -> Ending:
    if track.is_open:
        track.leave()
    return _ending(track)


def _ending(track: Track) -> Ending:
    return Ending(
        ref=track.database.ref,
        plan=track.plan,
        database=track.database,
        after=track.after,
        outcome=track.outcome,
        problems=tuple(track.problems),
        changed=track.changed,
        in_doubt=track.in_doubt,
    )


def _prediction(track: Track) -> Ending:
    if not track.is_open:
        return _ending(track)
    decision = track.plan.decision
    return Ending(
        ref=track.database.ref,
        plan=track.plan,
        database=track.database,
        after=decision.after,
        outcome=decision.outcome,
        changed=decision.outcome in CHANGING,
    )


def _absent(item: tuple[Ref, Problem]) -> Ending:
    ref, problem = item
    return Ending(ref=ref, plan=None, database=None, after=None, outcome=FAILED, problems=(problem,))
