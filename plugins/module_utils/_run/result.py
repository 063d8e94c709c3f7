# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Build the result of the modules: databases, summary, plan id, parameter groups, diff and message.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.arns import dbuser_arn_prefix
from .._model.change import State
from .._model.database import Database, DatabaseId
from .._model.maintenance_window import next_start
from .._model.outcome import FAILED, OUTCOMES, SKIPPED, UNCHANGED
from .._model.problem import Problem
from .._model.secrets import mask_secrets
from .._rules.facts import SslParameter
from .._rules.messages import blocked_counts, failure_reasons, outcome_counts, remedy_for_blocked
from .._rules.plan import ParameterGroupChange, Plan, applies_other_changes, plan_id


@dataclass(frozen=True)
class DatabaseResult:
    """The actual or predicted result for one database. ``plan`` is None if the database does not exist."""

    id: DatabaseId
    plan: Plan | None
    database: Database | None
    after: State | None
    outcome: str
    problems: tuple[Problem, ...] = ()
    changed: bool = False
    outcome_unknown: bool = False


@dataclass(frozen=True)
class ResultOptions:
    """How to render a result.

    ``preview``: nothing was changed. ``blocked``: problems prevented the start of the task. ``return_unchanged``:
    whether unchanged databases are listed.
    """

    preview: bool = False
    blocked: bool = False
    return_unchanged: bool = True


def render_modify_result(
    *,
    plans: t.Sequence[Plan],
    database_results: t.Sequence[DatabaseResult],
    group_changes: t.Sequence[ParameterGroupChange],
    seen: t.Mapping[DatabaseId, Database],
    now: dt.datetime,
    options: ResultOptions,
) -> dict[str, t.Any]:
    """Return the result of the module.

    ``plans`` are the plans before the first change. ``seen`` holds every described database, for its replicas.
    """
    # a replica that the task has changed is shown with its new value
    states = {database_id: database.current for database_id, database in seen.items()}
    states.update(
        (database_result.id, database_result.after.current)
        for database_result in database_results
        if database_result.after is not None
    )
    planned = {plan.before.id: plan.decision.outcome for plan in plans if not plan.problems}
    return {
        "changed": bool(group_changes)
        or any(database_result.changed or database_result.outcome_unknown for database_result in database_results),
        "databases": [
            {**_database(database_result, states, now), "planned_outcome": planned.get(database_result.id)}
            for database_result in database_results
            if options.return_unchanged or database_result.outcome != UNCHANGED
        ],
        "summary": _summary(database_results),
        "plan_id": plan_id(plans),
        "parameter_groups": [render_parameter_group(item) for item in group_changes],
        "diff": _diff(database_results, group_changes),
        "msg": _message(database_results, bool(group_changes), options),
    }


def _message(database_results: t.Sequence[DatabaseResult], group_changed: bool, options: ResultOptions) -> str:
    """Return the message: first why the task failed, then the number of databases by outcome."""
    if not database_results:
        return "No databases."
    summary = _summary(database_results)
    failures = [database_result for database_result in database_results if database_result.outcome == FAILED]
    if not failures:
        return f"{outcome_counts(summary, preview=options.preview)}."
    changed = group_changed or any(
        database_result.changed or database_result.outcome_unknown for database_result in database_results
    )
    # if the task did not start, only this message explains why a database would be skipped
    told = (
        [database_result for database_result in database_results if database_result.problems]
        if options.blocked
        else failures
    )
    parts = [f"{failure_reasons([(e.id, problem) for e in told for problem in e.problems])}."]
    parts += [] if changed else ["Nothing was modified."]
    if options.blocked and len(database_results) > 1:
        is_absent = [database_result.plan is None for database_result in failures]
        others = summary[SKIPPED] - (len(told) - len(failures))
        parts.append(
            blocked_counts(blocked=len(told), not_changed=others, unchanged=summary[UNCHANGED]),
        )
        parts.append(remedy_for_blocked(skippable=not all(is_absent), absent=any(is_absent)))
    elif not options.blocked:
        parts.append(f"{outcome_counts(summary, preview=options.preview)}.")
    return " ".join(parts)


def describe_database(database: Database, after: State, now: dt.datetime) -> dict[str, t.Any]:
    """Return the keys that every module returns for a database, without outcome and problems."""
    return {
        "identifier": database.id.identifier,
        "kind": database.id.kind,
        "arn": database.arn,
        "resource_id": database.resource_id,
        "engine": database.engine,
        "engine_version": database.engine_version,
        "status": database.status,
        "tags": dict(database.tags),
        "iam_database_authentication_enabled": after.current,
        "pending_iam_database_authentication": after.pending,
        "other_pending_changes": mask_secrets(database.other_pending),
        "preferred_maintenance_window": database.maintenance_window or None,
        "next_maintenance_window_start": next_start(database.maintenance_window, now),
        "endpoint": None
        if database.endpoint is None
        else {"address": database.endpoint.address, "port": database.endpoint.port},
        "members": [{"identifier": m.identifier, "is_writer": m.is_writer} for m in database.members],
        "dbuser_arn_prefix": dbuser_arn_prefix(database.arn, database.resource_id),
    }


def _database(
    database_result: DatabaseResult, states: t.Mapping[DatabaseId, bool], now: dt.datetime
) -> dict[str, t.Any]:
    if database_result.plan is None or database_result.database is None or database_result.after is None:
        known: dict[str, t.Any] = dict.fromkeys(_KEYS)
        known.update(identifier=database_result.id.identifier, kind=database_result.id.kind)
    else:
        known = described(database_result.database, database_result.after, database_result.plan.facts.ssl, states, now)
        if _applies_other_changes(database_result):
            known["other_pending_changes"] = {}
    known.update(
        outcome=database_result.outcome,
        changed=database_result.changed or database_result.outcome_unknown,
        problems=problem_list(database_result.problems),
    )
    return known


def described(
    database: Database, after: State, ssl: SslParameter | None, states: t.Mapping[DatabaseId, bool], now: dt.datetime
) -> dict[str, t.Any]:
    """Return the description of a database without its outcome. ``states`` holds the values of read replicas."""
    return {
        **describe_database(database, after, now),
        "read_replicas": _replicas(database, states),
        "ssl": None if ssl is None else {"parameter_group": ssl.group.name, "value": ssl.value},
    }


def problem_list(problems: t.Iterable[Problem]) -> list[dict[str, str]]:
    return [{"code": problem.code, "message": problem.message} for problem in problems]


_KEYS = (
    "identifier",
    "kind",
    "arn",
    "resource_id",
    "engine",
    "engine_version",
    "status",
    "tags",
    "iam_database_authentication_enabled",
    "pending_iam_database_authentication",
    "other_pending_changes",
    "preferred_maintenance_window",
    "next_maintenance_window_start",
    "endpoint",
    "members",
    "dbuser_arn_prefix",
    "read_replicas",
    "ssl",
)


def _applies_other_changes(database_result: DatabaseResult) -> bool:
    return (
        database_result.changed
        and database_result.outcome != FAILED
        and database_result.plan is not None
        and applies_other_changes(database_result.plan)
    )


def _replicas(database: Database, states: t.Mapping[DatabaseId, bool]) -> list[dict[str, t.Any]]:
    local: list[tuple[str, bool | None]] = [
        (database_id.identifier, states.get(database_id)) for database_id in database.replicas
    ]
    elsewhere = [(arn, None) for arn in database.replicas_elsewhere]
    return [
        {"identifier": identifier, "iam_database_authentication_enabled": value}
        for identifier, value in [*local, *elsewhere]
    ]


def render_parameter_group(item: ParameterGroupChange) -> dict[str, t.Any]:
    return {
        "name": item.group.name,
        "kind": item.group.kind,
        "parameter": "ssl",
        "before": item.value,
        "after": "1",
        "databases": list(item.databases),
    }


def _summary(database_results: t.Sequence[DatabaseResult]) -> dict[str, int]:
    summary = {
        outcome: sum(database_result.outcome == outcome for database_result in database_results) for outcome in OUTCOMES
    }
    return {**summary, "total": len(database_results)}


def _diff(
    database_results: t.Sequence[DatabaseResult], group_changes: t.Sequence[ParameterGroupChange]
) -> dict[str, t.Any]:
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for item in group_changes:
        key = f"parameter_group/{item.group.name}"
        before[key], after[key] = {"ssl": item.value}, {"ssl": "1"}
    for database_result in database_results:
        if not database_result.changed or database_result.plan is None or database_result.after is None:
            continue
        was = database_result.plan.before
        # the name before the change, because RDS may have applied a pending rename with it
        key = str(was.id)
        before[key] = _setting(State(was.current, was.pending))
        after[key] = _setting(database_result.after)
        if _applies_other_changes(database_result):
            before[key]["other_pending_changes"] = mask_secrets(was.other_pending)
            after[key]["other_pending_changes"] = {}
    return {"before": before, "after": after}


def _setting(state: State) -> dict[str, t.Any]:
    return {"iam_database_authentication": _word(state.current), "pending": _word(state.pending)}


def _word(value: bool | None) -> str | None:
    return None if value is None else "enabled" if value else "disabled"
