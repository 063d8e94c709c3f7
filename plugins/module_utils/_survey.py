# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Looks at databases and changes nothing: where each stands, and what is in the way of the rest.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from . import _readiness, _result, _targets
from ._aim import Aim
from ._errors import CallError, RdsError
from ._gateway import Api
from ._model import Parameter, Ref, State, Wish
from ._patience import Deadline, PatientGateway
from ._plan import Plan, Planner
from ._switch import Surroundings
from ._targets import Sight

# AWS is asked again for so many seconds while it throttles, so many seconds apart
_TIMEOUT, _DELAY = 300.0, 5.0

# what everything else is held against: enabling, without a hurry
_WISH = Wish(desired=True)


def survey(aim: Aim, around: Surroundings[Api], *, check_readiness: bool) -> dict[str, t.Any]:
    """Describe the databases and return the module's result.

    Raises RdsError for names that do not exist and selections that take nothing, with the rest of the result.
    """
    deadline = Deadline.after(_TIMEOUT, around.clock)
    gateway = _Lenient(around.api, deadline, _DELAY)
    sight = _targets.look(aim, gateway=gateway, warn=around.warn)
    plans = _plans(sight, gateway, check_readiness)
    for text in gateway.refusals.values():
        around.warn(text)
    result = _render(sight, plans, around, lambda plan: _readiness_of(plan, gateway, check_readiness))
    absent = [f"DB {ref.kind} {ref.identifier}: {p.code}: {p.message}" for ref, p in sight.absent.items()]
    reasons = [sight.objection] if sight.objection else absent
    if reasons:
        raise RdsError("; ".join(reasons), result={key: value for key, value in result.items() if key != "msg"})
    return result


@dataclass(frozen=True)
class _Lenient(PatientGateway):
    """What AWS refuses to say of readiness is unknown; looking at the databases is not refused lightly."""

    refusals: dict[str, str] = field(default_factory=dict)
    closed: set[tuple[str, str]] = field(default_factory=set)

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        try:
            return super().supports_iam(engine, engine_version, instance_class)
        except CallError as error:
            self._note(error)
            return None

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        try:
            return super().parameter(kind, group, name)
        except CallError as error:
            self._note(error)
            self.closed.add((kind, group))
            return None

    def _note(self, error: CallError) -> None:
        if error.unreachable:
            raise error
        self.refusals.setdefault(error.operation, f"readiness is not known everywhere: {error.message}")


def _readiness_of(plan: Plan, gateway: _Lenient, check_readiness: bool) -> str:
    group = plan.before.parameter_group
    closed = group is not None and plan.facts.ssl is not None and (group.kind, group.name) in gateway.closed
    answered = all(support.supported is not None for support in plan.facts.classes)
    return _readiness.of_database(plan.before, plan.problems, checked=check_readiness and answered and not closed)


def _plans(sight: Sight, gateway: _Lenient, check_readiness: bool) -> list[Plan]:
    planner = Planner(gateway, _WISH)
    if sight.region:
        planner.know(sight.region)
    databases = list(sight.databases.values())
    if check_readiness:
        return planner.plan(databases)
    return [planner.first_look(database) for database in databases]


def _render(
    sight: Sight, plans: t.Sequence[Plan], around: Surroundings[Api], readiness_of: t.Callable[[Plan], str]
) -> dict[str, t.Any]:
    states = {ref: database.current for ref, database in sight.seen.items()}
    now, found = around.clock.now(), [(plan, readiness_of(plan)) for plan in plans]
    summary = _readiness.summary([(plan.before, readiness) for plan, readiness in found])
    return {
        "changed": False,
        "databases": [_database(plan, readiness, states, now) for plan, readiness in found],
        "summary": summary,
        "msg": _message(summary),
    }


def _database(plan: Plan, readiness: str, states: t.Mapping[Ref, bool], now: dt.datetime) -> dict[str, t.Any]:
    database = plan.before
    return {
        **_result.described(database, State(database.current, database.pending), plan.facts.ssl, states, now),
        "readiness": readiness,
        "problems": _result.problem_list(plan.problems),
        "security_controls": _readiness.security_controls(database),
    }


def _message(summary: t.Mapping[str, t.Any]) -> str:
    if not summary["total"]:
        return "No databases."
    counts = ", ".join(f"{summary[key]} {key}" for key in _readiness.EVERY if summary[key])
    pending = f"; a change is pending on {summary['pending']}" if summary["pending"] else ""
    return f"{counts} of {summary['total']}, coverage {summary['coverage_percent']:g} %{pending}."
