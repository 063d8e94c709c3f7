# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a module that makes a database returns.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from . import _messages, _result
from ._blueprint import Order
from ._decision import CHANGING, FAILED, UNCHANGED
from ._model import Database, Problem, Ref, State
from ._pursue import Enforced

# what RDS assigns, and a prediction cannot know
_ASSIGNED = ("arn", "resource_id", "status", "endpoint", "dbuser_arn_prefix", "preferred_maintenance_window")


@dataclass(frozen=True)
class Made:
    """What became of an order, or will become of it."""

    order: Order
    outcome: str
    database: Database | None = None
    problems: tuple[Problem, ...] = ()
    new_members: tuple[Ref, ...] = ()
    enforced: tuple[Enforced, ...] = ()
    was_made: bool = False
    outcome_unknown: bool = False
    is_replaced: bool = False

    @property
    def own_members(self) -> list[str]:
        """The members that were asked for and belong to the target: others with such a name are somebody else's."""
        own = {database.ref for database in self.order.own_members} | set(self.new_members)
        return [member.ref.identifier for member in self.order.members if member.ref in own]


def render(
    made: Made, switched: t.Mapping[str, t.Any] | None, blueprint: Database, now: dt.datetime, *, preview: bool
) -> dict[str, t.Any]:
    """Return the module's result; ``switched`` is that of the switch of a database that is there. ``preview``: nothing
    was done."""
    order = made.order
    database = _database(made, switched, blueprint, now)
    return {
        # the answer to a request was lost: it may have been carried out; or what it created is gone
        "changed": made.outcome_unknown
        or made.is_replaced
        or made.was_made
        or bool(made.new_members)
        or bool(made.enforced)
        or bool((switched or {}).get("changed")),
        order.verb: made.was_made,
        "database": database,
        "source": _source(order),
        "cluster_instances": made.own_members,
        "parameter_groups": [_result.group(item) for item in made.enforced]
        or (switched or {}).get("parameter_groups", []),
        "diff": _diff(made, switched, database),
        "msg": f"{order.target}: {_word(made, preview)}.",
    }


def _word(made: Made, preview: bool) -> str:
    outcome = _messages.outcome_in_words(made.outcome, preview=preview)
    if made.was_made:
        return f"{'would be ' if preview else ''}{made.order.verb}, {outcome}"
    parts = ["already exists"]
    if made.new_members:
        names = ", ".join(ref.identifier for ref in made.new_members)
        parts.append(f"{'would get' if preview else 'got'} cluster instances {names}")
    if not made.new_members or made.outcome != UNCHANGED:
        parts.append(outcome)
    return ", ".join(parts)


def _database(
    made: Made, switched: t.Mapping[str, t.Any] | None, blueprint: Database, now: dt.datetime
) -> dict[str, t.Any]:
    if switched and switched.get("databases"):
        found = dict(switched["databases"][0])
        found.pop("planned_outcome", None)
        if made.was_made and made.outcome != FAILED:
            found.update(outcome=made.outcome, changed=True)
        return found
    known = made.database or blueprint
    current = made.database.current if made.database else bool(made.order.desired)
    pending = made.database.pending if made.database else None
    shown = _result.describe_database(known, State(current, pending), now)
    if made.database is None:
        shown.update(dict.fromkeys(_ASSIGNED))
        shown["next_maintenance_window_start"] = None
    return {
        **shown,
        "read_replicas": [],
        "ssl": None,
        "outcome": made.outcome,
        "changed": made.outcome in CHANGING or made.was_made,
        "problems": _result.problem_list(made.problems),
    }


def _source(order: Order) -> dict[str, t.Any] | None:
    source = order.source
    return (
        None
        if source is None
        else {
            "kind": source.kind,
            "arn": source.arn or None,
            "iam_database_authentication_enabled": source.iam,
            "resource_id": source.resource_id or None,
            "restored_to": _time(order.restored_to),
            "snapshot_time": _time(source.snapshot_time),
        }
    )


def _time(time: dt.datetime | None) -> str | None:
    return time.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _diff(made: Made, switched: t.Mapping[str, t.Any] | None, database: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for item in made.enforced:
        key = f"parameter_group/{item.group.name}"
        before[key], after[key] = {"ssl": item.value}, {"ssl": "1"}
    if made.was_made:
        # where a run has failed on the way, what was seen; else what the run was for, or will be
        is_on = database["iam_database_authentication_enabled"] if made.outcome == FAILED else made.order.desired
        setting = "enabled" if is_on else "disabled"
        shown = {"iam_database_authentication": setting, "pending": None}
        after[str(made.order.target)] = {**shown, **made.order.inherited}
    elif switched:
        before.update(switched["diff"]["before"])
        after.update(switched["diff"]["after"])
    settings = {m.ref: m.settings for m in made.order.members if made.order.members_are_inherited}
    for ref in made.new_members:
        after[str(ref)] = {"db_cluster_identifier": made.order.target.identifier, **settings.get(ref, {})}
    return {"before": before, "after": after}
