# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Carries plans out: modifies what is ready, waits for all the rest together, until each database has ended.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from functools import partial

from . import _track
from ._arrival import Arrival
from ._errors import CallError
from ._gateway import Gateway
from ._model import Database, GroupInForce, Modify, Problem, Wish
from ._patience import Deadline
from ._plan import Plan, Planner, is_same_deed
from ._problems import SUPERSEDED
from ._track import READY, Track

# how many requests go out before the time is looked at again
_BATCH = 40


class Enforced(t.NamedTuple):
    """A parameter group in which ``ssl`` is set to 1, its value before, and all databases that share the group."""

    group: GroupInForce
    value: t.Optional[str]
    databases: t.Tuple[str, ...]


def enforcement(plan: Plan) -> Enforced | None:
    """What the plan does to a parameter group first."""
    group, ssl = plan.group_to_enforce, plan.facts.ssl
    return None if group is None or ssl is None else Enforced(group, ssl.value, ssl.sharers)


@dataclass
class Pursuit:
    """One run. ``planner`` decides anew for a database that was waited for."""

    gateway: Gateway
    planner: Planner
    wish: Wish
    deadline: Deadline
    enforced: list[Enforced] = field(default_factory=list)

    def run(self, tracks: t.Sequence[Track | Arrival]) -> None:
        """Bring every track to its end. Raises nothing: what goes wrong stands in the tracks."""
        self._send(tracks)
        while self.wish.wait and any(track.is_open for track in tracks):
            left = self.deadline.left
            if left <= 0:
                break
            self.deadline.clock.sleep(min(self.wish.wait_delay, left))
            self._look([track for track in tracks if track.is_open])
            self._send(tracks)
        for track in tracks:
            if track.is_open:
                track.out_of_time()

    def _send(self, tracks: t.Sequence[Track | Arrival]) -> None:
        """Ask for all changes that are ready, side by side."""
        ready = [track for track in tracks if isinstance(track, Track) and track.phase == READY]
        for start in range(0, len(ready), _BATCH):
            if self.deadline.left <= 0:
                return
            batch = ready[start : start + _BATCH]
            self._send_batch([(track, change) for track in batch for change in self._change_of(track)])

    def _change_of(self, track: Track) -> t.Iterator[Modify]:
        change = track.plan.decision.change
        if change is not None and self._enforce(track):
            yield replace(change, ref=track.ref)

    def _send_batch(self, batch: t.Sequence[tuple[Track, Modify]]) -> None:
        answers = self.gateway.side_by_side([partial(self._modify_in_time, change) for _track, change in batch])
        now = self.deadline.clock.monotonic()
        for (track, _change), answer in zip(batch, answers):
            if isinstance(answer, CallError):
                track.not_sent(answer)
            elif answer:
                track.sent(now)

    def _modify_in_time(self, change: Modify) -> bool:
        """Send a change, unless those before it in the batch have used up the time."""
        if self.deadline.left <= 0:
            return False
        self.gateway.modify(change)
        return True

    def _enforce(self, track: Track) -> bool:
        """Set ``ssl`` first where the plan says so; True when the change itself may be sent now."""
        wanted = None if not track.needs_new_plan else enforcement(track.plan)
        if wanted is None:
            return True
        if wanted.group not in [done.group for done in self.enforced]:
            try:
                self.gateway.set_parameter(wanted.group.kind, wanted.group.name, "ssl", "1")
            except CallError as error:
                if not (error.unanswered and self._is_enforced(wanted.group)):
                    (track.not_sent if error.wrong_state else track.refuse)(error)
                    return False
            self.enforced.append(wanted)
            self.planner.enforced(wanted.group)
        if self.wish.wait:
            track.hold()
        return not self.wish.wait

    def _is_enforced(self, group: GroupInForce) -> bool:
        try:
            parameter = self.gateway.parameter(group.kind, group.name, "ssl")
        except CallError:
            return False
        return parameter is not None and parameter.value == "1"

    def _look(self, tracks: t.Sequence[Track | Arrival]) -> None:
        try:
            seen = self._describe(tracks)
        except CallError as error:
            self._not_seen(tracks, error)
            return
        now = self.deadline.clock.monotonic()
        for track, database in zip(tracks, seen):
            track.see(database, now)
        self._plan_anew([track for track in tracks if isinstance(track, Track) and track.needs_new_plan])

    def _describe(self, tracks: t.Sequence[Track | Arrival]) -> list[Database | None]:
        """How each database stands, in the order given, also where it has another name now; None where it is gone."""
        named = self.gateway.describe([track.ref for track in tracks])
        seen = [named.get(track.ref) for track in tracks]
        lost = [
            track for track, found in zip(tracks, seen) if isinstance(track, Track) and not track.is_database(found)
        ]
        renamed = self._renamed(lost)
        return [
            renamed.get(track.database.resource_id) if track in lost else found for track, found in zip(tracks, seen)
        ]

    def _renamed(self, lost: t.Sequence[Track]) -> dict[str, Database]:
        """Resource id -> database, where it is there under another name."""
        found: list[Database] = []
        for kind in dict.fromkeys(track.ref.kind for track in lost):
            ids = [track.database.resource_id for track in lost if track.ref.kind == kind]
            try:
                found += self.gateway.describe_resources(kind, [one for one in ids if one])
            except CallError as error:
                if error.passing or error.unreachable:
                    raise
                # whoever may look at single databases only cannot tell a new name from a deletion
        return {database.resource_id: database for database in found}

    def _plan_anew(self, tracks: t.Sequence[Track]) -> None:
        try:
            plans = self.planner.plan([track.database for track in tracks])
        except CallError as error:
            for track in tracks:
                track.fail(_track.refusal(error))
            return
        for track, plan in zip(tracks, plans):
            if self.wish.expect_plan_id and plan.changes and not is_same_deed(track.plan, plan):
                track.fail(_other_plan(plan))
            else:
                track.begin(plan)

    def _not_seen(self, tracks: t.Sequence[Track | Arrival], error: CallError) -> None:
        if error.passing or error.unreachable:
            return  # the next look may succeed; the deadline ends it
        for track in tracks:
            track.fail(_track.refusal(error))


def _other_plan(plan: Plan) -> Problem:
    return Problem(
        SUPERSEDED,
        f"while the task waited for it, somebody else changed the database: it would be {plan.decision.outcome} now, "
        "which is not what was approved with expect_plan_id; preview it again",
    )
