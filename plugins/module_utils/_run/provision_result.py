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
from dataclasses import dataclass, field

from .._model.change import State, setting_in_words
from .._model.database import Database, DatabaseId
from .._model.outcome import CHANGING, FAILED, UNCHANGED
from .._model.problem import Problem
from .._rules.messages import outcome_in_words
from .._rules.new_database import ProvisionRequest, predicted_database
from .._rules.plan import ParameterGroupChange
from .modify_result import ModifyResult
from .result import describe_database, problem_list, render_database, render_diff, render_parameter_group

# values that RDS assigns, which a preview cannot predict
_ASSIGNED = ("arn", "resource_id", "status", "endpoint", "dbuser_arn_prefix", "preferred_maintenance_window")


@dataclass(frozen=True)
class ProvisionResult:
    """The actual or predicted result of a restore or creation.

    ``modify_result`` is the result of changing the setting of an existing database. ``preview``: whether the task ran
    in check mode.
    """

    wanted: ProvisionRequest
    outcome: str
    now: dt.datetime
    database: Database | None = None
    problems: tuple[Problem, ...] = ()
    new_members: tuple[DatabaseId, ...] = ()
    group_changes: tuple[ParameterGroupChange, ...] = ()
    was_made: bool = False
    outcome_unknown: bool = False
    is_replaced: bool = False
    modify_result: ModifyResult | None = None
    preview: bool = False
    seconds: t.Mapping[str, float] = field(default_factory=dict)

    @property
    def own_members(self) -> list[str]:
        """The requested members that belong to the target, without DB instances of others that have the same name."""
        own = {database.id for database in self.wanted.own_members} | set(self.new_members)
        return [member.id.identifier for member in self.wanted.members if member.id in own]

    @property
    def is_touched(self) -> bool:
        """Whether the task itself created or modified something, or may have done so."""
        # ``outcome_unknown``: RDS may have carried out a request. ``is_replaced``: the task created a database that no
        # longer exists.
        return (
            self.outcome_unknown
            or self.is_replaced
            or self.was_made
            or bool(self.new_members)
            or bool(self.group_changes)
        )

    @property
    def changed(self) -> bool:
        """Whether anything was or would be changed, including the setting."""
        return self.is_touched or (self.modify_result is not None and self.modify_result.changed)

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        database = _database(self)
        switched = self.modify_result.group_changes if self.modify_result else ()
        return {
            "changed": self.changed,
            self.wanted.verb: self.was_made,
            "database": database,
            "source": _source(self.wanted),
            "cluster_instances": self.own_members,
            "parameter_groups": [render_parameter_group(item) for item in self.group_changes or switched],
            "diff": _diff(self, database),
            "msg": f"{self.wanted.target}: {_message(self)}.",
            "seconds": dict(self.seconds),
        }


def _message(provisioned: ProvisionResult) -> str:
    preview = provisioned.preview
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


def _database(provisioned: ProvisionResult) -> dict[str, t.Any]:
    switched = provisioned.modify_result
    if switched and switched.databases:
        found = render_database(switched.databases[0], switched.states, switched.now)
        if provisioned.was_made and provisioned.outcome != FAILED:
            found.update(outcome=provisioned.outcome, changed=True)
        return found
    known = provisioned.database or predicted_database(provisioned.wanted)
    current = provisioned.database.current if provisioned.database else bool(provisioned.wanted.desired)
    pending = provisioned.database.pending if provisioned.database else None
    shown = describe_database(known, State(current, pending), provisioned.now)
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


def _diff(provisioned: ProvisionResult, database: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    wanted, switched = provisioned.wanted, provisioned.modify_result
    if switched is None or provisioned.was_made:
        diff = render_diff(provisioned.group_changes, ())
    else:
        diff = render_diff((*provisioned.group_changes, *switched.group_changes), switched.databases)
    if provisioned.was_made:
        # after a failure, the observed value; otherwise, the requested value
        is_on = database["iam_database_authentication_enabled"] if provisioned.outcome == FAILED else wanted.desired
        shown = {"iam_database_authentication": setting_in_words(bool(is_on)), "pending": None}
        diff["after"][str(wanted.target)] = {**shown, **wanted.inherited}
    settings = {m.id: m.settings for m in wanted.members if wanted.members_are_inherited}
    for database_id in provisioned.new_members:
        diff["after"][str(database_id)] = {
            "db_cluster_identifier": wanted.target.identifier,
            **settings.get(database_id, {}),
        }
    return diff
