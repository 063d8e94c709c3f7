# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Build the result of the modules that create databases.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.change import State
from .._model.database import Database, DatabaseId
from .._model.outcome import CHANGING, FAILED, UNCHANGED
from .._model.problem import Problem
from .._rules.messages import outcome_in_words
from .._rules.new_database import ProvisionRequest
from .._rules.plan import ParameterGroupChange
from .result import describe_database, problem_list, render_parameter_group

# values that RDS assigns, which a preview cannot predict
_ASSIGNED = ("arn", "resource_id", "status", "endpoint", "dbuser_arn_prefix", "preferred_maintenance_window")


@dataclass(frozen=True)
class ProvisionOutcome:
    """The actual or predicted result of a request for a database."""

    wanted: ProvisionRequest
    outcome: str
    database: Database | None = None
    problems: tuple[Problem, ...] = ()
    new_members: tuple[DatabaseId, ...] = ()
    group_changes: tuple[ParameterGroupChange, ...] = ()
    was_made: bool = False
    outcome_unknown: bool = False
    is_replaced: bool = False

    @property
    def own_members(self) -> list[str]:
        """The requested members that belong to the target. Another DB instance with such a name is not included."""
        own = {database.id for database in self.wanted.own_members} | set(self.new_members)
        return [member.id.identifier for member in self.wanted.members if member.id in own]


def render_provision_result(
    provisioned: ProvisionOutcome,
    modify_result: t.Mapping[str, t.Any] | None,
    predicted: Database,
    now: dt.datetime,
    *,
    preview: bool,
) -> dict[str, t.Any]:
    """Return the result of the module.

    ``modify_result`` is the result of the change of the setting, if there was one. ``preview``: nothing was changed.
    """
    wanted = provisioned.wanted
    database = _database(provisioned, modify_result, predicted, now)
    return {
        # RDS may have carried out a request whose response was lost, or the created database was replaced
        "changed": provisioned.outcome_unknown
        or provisioned.is_replaced
        or provisioned.was_made
        or bool(provisioned.new_members)
        or bool(provisioned.group_changes)
        or bool((modify_result or {}).get("changed")),
        wanted.verb: provisioned.was_made,
        "database": database,
        "source": _source(wanted),
        "cluster_instances": provisioned.own_members,
        "parameter_groups": [render_parameter_group(item) for item in provisioned.group_changes]
        or (modify_result or {}).get("parameter_groups", []),
        "diff": _diff(provisioned, modify_result, database),
        "msg": f"{wanted.target}: {_word(provisioned, preview)}.",
    }


def _word(provisioned: ProvisionOutcome, preview: bool) -> str:
    outcome = outcome_in_words(provisioned.outcome, preview=preview)
    if provisioned.was_made:
        return f"{'would be ' if preview else ''}{provisioned.wanted.verb}, {outcome}"
    parts = ["already exists"]
    if provisioned.new_members:
        names = ", ".join(database_id.identifier for database_id in provisioned.new_members)
        parts.append(f"{'would get' if preview else 'got'} cluster instances {names}")
    if not provisioned.new_members or provisioned.outcome != UNCHANGED:
        parts.append(outcome)
    return ", ".join(parts)


def _database(
    provisioned: ProvisionOutcome, modify_result: t.Mapping[str, t.Any] | None, predicted: Database, now: dt.datetime
) -> dict[str, t.Any]:
    if modify_result and modify_result.get("databases"):
        found = dict(modify_result["databases"][0])
        found.pop("planned_outcome", None)
        if provisioned.was_made and provisioned.outcome != FAILED:
            found.update(outcome=provisioned.outcome, changed=True)
        return found
    known = provisioned.database or predicted
    current = provisioned.database.current if provisioned.database else bool(provisioned.wanted.desired)
    pending = provisioned.database.pending if provisioned.database else None
    shown = describe_database(known, State(current, pending), now)
    if provisioned.database is None:
        shown.update(dict.fromkeys(_ASSIGNED))
        shown["next_maintenance_window_start"] = None
    return {
        **shown,
        "read_replicas": [],
        "ssl": None,
        "outcome": provisioned.outcome,
        "changed": provisioned.outcome in CHANGING or provisioned.was_made,
        "problems": problem_list(provisioned.problems),
    }


def _source(wanted: ProvisionRequest) -> dict[str, t.Any] | None:
    source = wanted.source
    return (
        None
        if source is None
        else {
            "kind": source.kind,
            "arn": source.arn or None,
            "iam_database_authentication_enabled": source.iam,
            "resource_id": source.resource_id or None,
            "restored_to": _time(wanted.restored_to),
            "snapshot_time": _time(source.snapshot_time),
        }
    )


def _time(time: dt.datetime | None) -> str | None:
    return time.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _diff(
    provisioned: ProvisionOutcome, modify_result: t.Mapping[str, t.Any] | None, database: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for item in provisioned.group_changes:
        key = f"parameter_group/{item.group.name}"
        before[key], after[key] = {"ssl": item.value}, {"ssl": "1"}
    if provisioned.was_made:
        # after a failure the observed value, otherwise the desired one
        is_on = (
            database["iam_database_authentication_enabled"]
            if provisioned.outcome == FAILED
            else provisioned.wanted.desired
        )
        setting = "enabled" if is_on else "disabled"
        shown = {"iam_database_authentication": setting, "pending": None}
        after[str(provisioned.wanted.target)] = {**shown, **provisioned.wanted.inherited}
    elif modify_result:
        before.update(modify_result["diff"]["before"])
        after.update(modify_result["diff"]["after"])
    settings = {m.id: m.settings for m in provisioned.wanted.members if provisioned.wanted.members_are_inherited}
    for database_id in provisioned.new_members:
        after[str(database_id)] = {
            "db_cluster_identifier": provisioned.wanted.target.identifier,
            **settings.get(database_id, {}),
        }
    return {"before": before, "after": after}
