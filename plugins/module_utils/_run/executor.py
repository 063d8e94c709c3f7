# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Carry out the plans: send the requests that are ready, and wait for all databases together.

One list of databases is described for each poll, however many databases the task waits for.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from functools import partial

from .._gateway.clock import Deadline
from .._gateway.rds import RdsGateway
from .._model.change import ChangeOptions, ModifyRequest
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.parameter_group import ParameterGroup
from .._model.problem import SUPERSEDED, Problem
from .._rules.plan import ParameterGroupChange, Plan, is_same_change, parameter_group_change
from .change_tracker import READY, ChangeTracker, refusal_problem
from .planner import Planner

# the number of requests that are sent before the deadline is checked again
_BATCH = 40


class Tracker(t.Protocol):
    """A database that the executor waits for."""

    @property
    def id(self) -> DatabaseId:
        """The identifier that the executor describes."""

    @property
    def is_open(self) -> bool:
        """Whether the executor still waits for the database."""

    def observe(self, database: Database | None, now: float) -> None:
        """Record one observation of the database, or None if it was not found."""

    def fail(self, *problems: Problem) -> None:
        """End with these problems."""

    def on_timeout(self) -> None:
        """End because the deadline has passed."""


@dataclass
class Executor:
    """One run. ``planner`` makes a new plan for a database that the task has waited for."""

    gateway: RdsGateway
    planner: Planner
    options: ChangeOptions
    deadline: Deadline
    group_changes: list[ParameterGroupChange] = field(default_factory=list)

    def run(self, trackers: t.Sequence[Tracker]) -> None:
        """Run until every tracker has ended. Errors are recorded in the trackers and not raised."""
        self._send(trackers)
        while self.options.wait and any(tracker.is_open for tracker in trackers):
            left = self.deadline.left
            if left <= 0:
                break
            self.deadline.clock.sleep(min(self.options.wait_delay, left))
            self._poll([tracker for tracker in trackers if tracker.is_open])
            self._send(trackers)
        for tracker in trackers:
            if tracker.is_open:
                tracker.on_timeout()

    def _send(self, trackers: t.Sequence[Tracker]) -> None:
        """Send the requests for all changes that are ready, in parallel."""
        ready = [tracker for tracker in trackers if isinstance(tracker, ChangeTracker) and tracker.phase == READY]
        for start in range(0, len(ready), _BATCH):
            if self.deadline.left <= 0:
                return
            batch = ready[start : start + _BATCH]
            self._send_batch([(tracker, change) for tracker in batch for change in self._change_of(tracker)])

    def _change_of(self, tracker: ChangeTracker) -> t.Iterator[ModifyRequest]:
        change = tracker.plan.decision.change
        if change is not None and self._enforce(tracker):
            yield replace(change, id=tracker.id)

    def _send_batch(self, batch: t.Sequence[tuple[ChangeTracker, ModifyRequest]]) -> None:
        results = self.gateway.call_parallel([partial(self._modify_in_time, change) for _tracker, change in batch])
        now = self.deadline.clock.monotonic()
        for (tracker, _change), result in zip(batch, results):
            if isinstance(result, CallError):
                tracker.on_request_failed(result)
            elif result is not None:
                tracker.sent(now, result)

    def _modify_in_time(self, change: ModifyRequest) -> str | None:
        """Send a request, and return the resource ID of the database. Return None if the deadline has passed."""
        return self.gateway.modify(change) if self.deadline.left > 0 else None

    def _enforce(self, tracker: ChangeTracker) -> bool:
        """Set ``ssl`` first if the plan needs it. Return whether the request can be sent now."""
        wanted = None if not tracker.needs_new_plan else parameter_group_change(tracker.plan)
        if wanted is None:
            return True
        if wanted.group not in [done.group for done in self.group_changes]:
            try:
                self.gateway.set_parameter(wanted.group.kind, wanted.group.name, "ssl", "1")
            except CallError as error:
                if not (error.outcome_unknown and self._is_enforced(wanted.group)):
                    (tracker.on_request_failed if error.invalid_state else tracker.fail_with)(error)
                    return False
            self.group_changes.append(wanted)
            self.planner.group_changes(wanted.group)
        if self.options.wait:
            tracker.wait_for_parameter_group()
        return not self.options.wait

    def _is_enforced(self, group: ParameterGroup) -> bool:
        try:
            parameter = self.gateway.parameter(group.kind, group.name, "ssl")
        except CallError:
            return False
        return parameter is not None and parameter.value == "1"

    def _poll(self, trackers: t.Sequence[Tracker]) -> None:
        try:
            seen = self._describe(trackers)
        except CallError as error:
            self._on_poll_failed(trackers, error)
            return
        now = self.deadline.clock.monotonic()
        for tracker, database in zip(trackers, seen):
            tracker.observe(database, now)
        self._plan_anew(
            [tracker for tracker in trackers if isinstance(tracker, ChangeTracker) and tracker.needs_new_plan]
        )

    def _describe(self, trackers: t.Sequence[Tracker]) -> list[Database | None]:
        """Return each database in the order given, including renamed ones, or None if it no longer exists."""
        named = self.gateway.describe([tracker.id for tracker in trackers])
        seen = [named.get(tracker.id) for tracker in trackers]
        lost = [
            tracker
            for tracker, found in zip(trackers, seen)
            if isinstance(tracker, ChangeTracker) and not tracker.is_database(found)
        ]
        renamed = self._renamed(lost)
        return [
            renamed.get(tracker.database.resource_id) if tracker in lost else found
            for tracker, found in zip(trackers, seen)
        ]

    def _renamed(self, lost: t.Sequence[ChangeTracker]) -> dict[str, Database]:
        """Return resource id -> database for the databases that exist under another identifier."""
        found: list[Database] = []
        for kind in dict.fromkeys(tracker.id.kind for tracker in lost):
            ids = [tracker.database.resource_id for tracker in lost if tracker.id.kind == kind]
            try:
                found += self.gateway.describe_resources(kind, [resource_id for resource_id in ids if resource_id])
            except CallError as error:
                if error.retryable or error.unreachable:
                    raise
                # credentials that may only describe single databases cannot distinguish a rename from a deletion
        return {database.resource_id: database for database in found}

    def _plan_anew(self, trackers: t.Sequence[ChangeTracker]) -> None:
        try:
            plans = self.planner.plan([tracker.database for tracker in trackers])
        except CallError as error:
            for tracker in trackers:
                tracker.fail(refusal_problem(error))
            return
        for tracker, plan in zip(trackers, plans):
            if self.options.expect_plan_id and plan.changes and not is_same_change(tracker.plan, plan):
                tracker.fail(_other_plan(plan))
            else:
                tracker.start(plan)

    def _on_poll_failed(self, trackers: t.Sequence[Tracker], error: CallError) -> None:
        if error.retryable or error.unreachable:
            return  # the next poll may succeed, until the deadline
        for tracker in trackers:
            tracker.fail(refusal_problem(error))


def _other_plan(plan: Plan) -> Problem:
    return Problem(
        SUPERSEDED,
        "expect_plan_id: somebody else changed the database while the task waited for it, so the approved plan no "
        f"longer applies (the outcome would be {plan.decision.outcome}). Preview the task again, and approve the new "
        "plan",
    )
