# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The parts that the results of all workflows have in common: databases, parameter groups, problems and the diff.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.arns import dbuser_arn_prefix
from .._model.change import State, setting_in_words
from .._model.database import Database, DatabaseId
from .._model.maintenance_window import next_start
from .._model.outcome import FAILED
from .._model.problem import Problem
from .._model.secrets import mask_secrets
from .._rules.facts import SslParameter
from .._rules.plan import ParameterGroupChange, Plan, applies_other_changes


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

    @property
    def is_changed(self) -> bool:
        """Whether the database counts as changed. It also does if RDS may have carried out a request."""
        return self.changed or self.outcome_unknown

    @property
    def applies_other_changes(self) -> bool:
        """Whether the change also applied the other pending changes."""
        return self.changed and self.outcome != FAILED and self.plan is not None and applies_other_changes(self.plan)


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


def render_database(
    database_result: DatabaseResult, states: t.Mapping[DatabaseId, bool], now: dt.datetime
) -> dict[str, t.Any]:
    """Return the keys of a database with its outcome; ``states``: current values of read replicas."""
    if database_result.plan is None or database_result.database is None or database_result.after is None:
        known: dict[str, t.Any] = dict.fromkeys(_KEYS)
        known.update(identifier=database_result.id.identifier, kind=database_result.id.kind)
    else:
        known = described(database_result.database, database_result.after, database_result.plan.facts.ssl, states, now)
        if database_result.applies_other_changes:
            known["other_pending_changes"] = {}
    known.update(
        outcome=database_result.outcome,
        changed=database_result.is_changed,
        problems=problem_list(database_result.problems),
    )
    return known


def described(
    database: Database, after: State, ssl: SslParameter | None, states: t.Mapping[DatabaseId, bool], now: dt.datetime
) -> dict[str, t.Any]:
    """Return the description of a database without its outcome. ``states`` contains the values of read replicas."""
    return {
        **describe_database(database, after, now),
        "read_replicas": _replicas(database, states),
        "ssl": None if ssl is None else {"parameter_group": ssl.group.name, "value": ssl.value},
    }


def problem_list(problems: t.Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as a module returns them."""
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
    """Return a parameter group that was changed as a module returns it."""
    return {
        "name": item.group.name,
        "kind": item.group.kind,
        "parameter": "ssl",
        "before": item.value,
        "after": "1",
        "databases": list(item.databases),
    }


def render_diff(
    group_changes: t.Iterable[ParameterGroupChange], database_results: t.Iterable[DatabaseResult]
) -> dict[str, dict[str, t.Any]]:
    """Return the diff of parameter groups and databases, ``before`` and ``after``."""
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
        if database_result.applies_other_changes:
            before[key]["other_pending_changes"] = mask_secrets(was.other_pending)
            after[key]["other_pending_changes"] = {}
    return {"before": before, "after": after}


def _setting(state: State) -> dict[str, t.Any]:
    pending = None if state.pending is None else setting_in_words(state.pending)
    return {"iam_database_authentication": setting_in_words(state.current), "pending": pending}
