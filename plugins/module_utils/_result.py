# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a changing module returns: databases, summary, plan id, parameter groups, diff and message.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from . import _messages, _window
from ._arns import dbuser_arn_prefix
from ._decision import FAILED, OUTCOMES, SKIPPED, UNCHANGED
from ._model import Database, Problem, Ref, State
from ._plan import Plan, goes_along, plan_id
from ._problems import Ssl
from ._pursue import Enforced
from ._secrets import masked


@dataclass(frozen=True)
class Ending:
    """What became of one database, or will become of it. ``plan`` None: it does not exist."""

    ref: Ref
    plan: Plan | None
    database: Database | None
    after: State | None
    outcome: str
    problems: tuple[Problem, ...] = ()
    changed: bool = False
    in_doubt: bool = False


@dataclass(frozen=True)
class ResultOptions:
    """How a result reads. ``preview``: nothing was done, ``blocked``: problems kept the task from starting,
    ``return_unchanged``: whether databases that need nothing are listed."""

    preview: bool = False
    blocked: bool = False
    return_unchanged: bool = True


def render(
    *,
    plans: t.Sequence[Plan],
    endings: t.Sequence[Ending],
    enforced: t.Sequence[Enforced],
    seen: t.Mapping[Ref, Database],
    now: dt.datetime,
    options: ResultOptions,
) -> dict[str, t.Any]:
    """Return the module's result; ``plans`` are those made before anything was modified, and ``seen`` holds every
    database that was described, for the replicas."""
    # a replica that the task has changed counts as it stands now
    states = {ref: database.current for ref, database in seen.items()}
    states.update((ending.ref, ending.after.current) for ending in endings if ending.after is not None)
    planned = {plan.before.ref: plan.decision.outcome for plan in plans if not plan.problems}
    return {
        "changed": bool(enforced) or any(ending.changed or ending.in_doubt for ending in endings),
        "databases": [
            {**_database(ending, states, now), "planned_outcome": planned.get(ending.ref)}
            for ending in endings
            if options.return_unchanged or ending.outcome != UNCHANGED
        ],
        "summary": _summary(endings),
        "plan_id": plan_id(plans),
        "parameter_groups": [group(item) for item in enforced],
        "diff": _diff(endings, enforced),
        "msg": _message(endings, bool(enforced), options),
    }


def _message(endings: t.Sequence[Ending], group_changed: bool, options: ResultOptions) -> str:
    """One line: why the task failed, then the counts, what changed first."""
    if not endings:
        return "No databases."
    summary = _summary(endings)
    failures = [ending for ending in endings if ending.outcome == FAILED]
    if not failures:
        return f"{_messages.counts(summary, preview=options.preview)}."
    changed = group_changed or any(ending.changed or ending.in_doubt for ending in endings)
    # where the task did not start, nothing else reports why a database is to be skipped
    told = [ending for ending in endings if ending.problems] if options.blocked else failures
    parts = [f"{_messages.reasons([(e.ref, problem) for e in told for problem in e.problems])}."]
    parts += [] if changed else ["Nothing was modified."]
    if options.blocked and len(endings) > 1:
        is_absent = [ending.plan is None for ending in failures]
        others = summary[SKIPPED] - (len(told) - len(failures))
        parts.append(
            _messages.blocked_counts(blocked=len(told), not_changed=others, unchanged=summary[UNCHANGED]),
        )
        parts.append(_messages.way_out(skippable=not all(is_absent), absent=any(is_absent)))
    elif not options.blocked:
        parts.append(f"{_messages.counts(summary, preview=options.preview)}.")
    return " ".join(parts)


def describe_database(database: Database, after: State, now: dt.datetime) -> dict[str, t.Any]:
    """The keys that every module of the collection returns for a database, without outcome and problems."""
    return {
        "identifier": database.ref.identifier,
        "kind": database.ref.kind,
        "arn": database.arn,
        "resource_id": database.resource_id,
        "engine": database.engine,
        "engine_version": database.engine_version,
        "status": database.status,
        "tags": dict(database.tags),
        "iam_database_authentication_enabled": after.current,
        "pending_iam_database_authentication": after.pending,
        "other_pending_changes": masked(database.other_pending),
        "preferred_maintenance_window": database.maintenance_window or None,
        "next_maintenance_window_start": _window.next_start(database.maintenance_window, now),
        "endpoint": None
        if database.endpoint is None
        else {"address": database.endpoint.address, "port": database.endpoint.port},
        "members": [{"identifier": m.identifier, "is_writer": m.is_writer} for m in database.members],
        "dbuser_arn_prefix": dbuser_arn_prefix(database.arn, database.resource_id),
    }


def _database(ending: Ending, states: t.Mapping[Ref, bool], now: dt.datetime) -> dict[str, t.Any]:
    if ending.plan is None or ending.database is None or ending.after is None:
        known: dict[str, t.Any] = dict.fromkeys(_KEYS)
        known.update(identifier=ending.ref.identifier, kind=ending.ref.kind)
    else:
        known = described(ending.database, ending.after, ending.plan.facts.ssl, states, now)
        if _goes_along(ending):
            known["other_pending_changes"] = {}
    known.update(
        outcome=ending.outcome,
        changed=ending.changed or ending.in_doubt,
        problems=problem_list(ending.problems),
    )
    return known


def described(
    database: Database, after: State, ssl: Ssl | None, states: t.Mapping[Ref, bool], now: dt.datetime
) -> dict[str, t.Any]:
    """All that is known of a database, without what became of it; ``states``: current values of read replicas."""
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


def _goes_along(ending: Ending) -> bool:
    return ending.changed and ending.outcome != FAILED and ending.plan is not None and goes_along(ending.plan)


def _replicas(database: Database, states: t.Mapping[Ref, bool]) -> list[dict[str, t.Any]]:
    local: list[tuple[str, bool | None]] = [(ref.identifier, states.get(ref)) for ref in database.replicas]
    elsewhere = [(arn, None) for arn in database.replicas_elsewhere]
    return [
        {"identifier": identifier, "iam_database_authentication_enabled": value}
        for identifier, value in [*local, *elsewhere]
    ]


def group(item: Enforced) -> dict[str, t.Any]:
    return {
        "name": item.group.name,
        "kind": item.group.kind,
        "parameter": "ssl",
        "before": item.value,
        "after": "1",
        "databases": list(item.databases),
    }


def _summary(endings: t.Sequence[Ending]) -> dict[str, int]:
    summary = {outcome: sum(ending.outcome == outcome for ending in endings) for outcome in OUTCOMES}
    return {**summary, "total": len(endings)}


def _diff(endings: t.Sequence[Ending], enforced: t.Sequence[Enforced]) -> dict[str, t.Any]:
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for item in enforced:
        key = f"parameter_group/{item.group.name}"
        before[key], after[key] = {"ssl": item.value}, {"ssl": "1"}
    for ending in endings:
        if not ending.changed or ending.plan is None or ending.after is None:
            continue
        was = ending.plan.before
        # the name that it had when it was planned: a pending rename may have gone along
        key = str(was.ref)
        before[key] = _setting(State(was.current, was.pending))
        after[key] = _setting(ending.after)
        if _goes_along(ending):
            before[key]["other_pending_changes"] = masked(was.other_pending)
            after[key]["other_pending_changes"] = {}
    return {"before": before, "after": after}


def _setting(state: State) -> dict[str, t.Any]:
    return {"iam_database_authentication": _word(state.current), "pending": _word(state.pending)}


def _word(value: bool | None) -> str | None:
    return None if value is None else "enabled" if value else "disabled"
