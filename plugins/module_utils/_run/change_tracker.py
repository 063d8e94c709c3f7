# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of a change to one database: waiting, ready, sent or ended.

Each observation of the database advances the state. The tracker itself makes no calls.

This is private to the collection.
"""

from __future__ import annotations

from .._model.change import ChangeOptions, State
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.outcome import FAILED, SKIPPED, UNCHANGED
from .._model.parameter_group import ParameterGroup
from .._model.problem import NOT_FOUND, NOT_MODIFIABLE, REFUSED, TIMEOUT, Problem
from .._model.status import is_ready, is_terminal
from .._rules.decision import is_under_way
from .._rules.plan import Plan
from .._rules.problems import NO_LONGER_FOUND, not_modifiable
from .._rules.verification import ChangeVerification, other_database_changed

WAITING = "waiting"  # for a status that allows the change
READY = "ready"  # the request can be sent now
SENT = "sent"  # RDS accepted the request, but the change has not taken effect yet
ENDED = "ended"


class ChangeTracker:
    """The state of one database in a run. ``plan`` is the latest plan, and ``database`` is the latest observation."""

    def __init__(self, plan: Plan, options: ChangeOptions) -> None:
        self.plan = plan
        self.database = plan.before
        self.outcome = UNCHANGED
        self.problems: list[Problem] = []
        self.changed = False
        self.outcome_unknown = False  # a response was lost, so RDS may have carried out the request
        self.phase = ENDED
        self._options = options
        self._progress: ChangeVerification | None = None
        self._seen_since_sent = False
        self._settling = False
        self._error: CallError | None = None
        self._outcome_unknown: Plan | None = None
        self.start(plan)

    def start(self, plan: Plan) -> None:
        """Start with a plan: the first one, or a new one after waiting."""
        self.plan = plan
        if plan.problems:
            self.fail(*plan.problems)
        elif plan.decision.change is None:
            self._await_running_change() if is_under_way(plan.before, self._options) else self._end_without_change()
        else:
            self.phase = READY if is_ready(plan.before.status) else WAITING

    @property
    def id(self) -> DatabaseId:
        return self.database.id

    @property
    def is_open(self) -> bool:
        return self.phase != ENDED

    @property
    def needs_new_plan(self) -> bool:
        """Whether the change must be decided again, because the database may have changed while the task waited."""
        return self.phase == READY and self._progress is None

    @property
    def after(self) -> State:
        """The state of the database: the observed state after the request, or the predicted state if there is none."""
        if self.changed and not self._seen_since_sent:
            return self.plan.decision.after
        return State(self.database.current, self.database.pending)

    def is_database(self, found: Database | None) -> bool:
        """Whether the found database is this one. After a rename, another database can have the identifier."""
        return found is not None and found.resource_id == self.database.resource_id

    def wait_for_parameter_group(self) -> None:
        """Wait until the changed parameter group is in effect on the database, before the request is sent."""
        self.phase, self._settling = WAITING, True

    def sent(self, now: float, resource_id: str = "") -> None:
        """Record that RDS accepted the request, for the database with this resource ID."""
        self.changed, self.phase = True, SENT
        self._error, self._outcome_unknown, self.outcome_unknown = None, None, False
        if resource_id and self.database.resource_id and resource_id != self.database.resource_id:
            self.fail(other_database_changed(self.database, resource_id))
            return
        if self._progress is None:
            self._progress = ChangeVerification(self.plan.before, self.plan.decision, now)
        else:
            self._progress = self._progress.resent(now)
        if not self._options.wait:
            self._end(self.plan.decision.outcome)

    def on_request_failed(self, error: CallError) -> None:
        """Record that the request failed. It is sent again after the next observation if it may succeed then."""
        self._error = error
        if error.outcome_unknown:
            self._outcome_unknown, self.outcome_unknown = self.plan, True
        if error.missing:
            self.fail(Problem(NOT_FOUND, f"it no longer exists ({error.code}). Check the identifier"))
        elif self._options.wait and (error.retryable or error.unreachable or error.invalid_state):
            self.phase = WAITING if self._progress is None else SENT
        elif error.invalid_state and not error.outcome_unknown:
            self.fail(_invalid_state(error))
        else:
            self.fail_with(error)

    def fail_with(self, error: CallError) -> None:
        """End with the error of a call that is not retried."""
        self.outcome_unknown = self.outcome_unknown or error.outcome_unknown
        self.fail(refusal_problem(error))

    def observe(self, database: Database | None, now: float) -> None:
        """Process one observation of the database. ``database`` is None if it no longer exists."""
        self.database = database or self.database
        if self._progress is not None:
            self._verify(self._progress, database, now)
        elif database is None:
            text = f"while the task waited for its status, {NO_LONGER_FOUND}"
            self.fail(Problem(NOT_FOUND, text))
        elif is_terminal(database.status):
            self.fail(not_modifiable(database, waited=None))
        elif is_ready(database.status) and self._settling_group(database) is None:
            self.phase = READY

    def on_timeout(self) -> None:
        """End because the deadline has passed."""
        error, group = self._error, self._settling_group(self.database)
        if self._progress is not None:
            self.fail(self._progress.timeout_problem(self.database, self._options))
        elif error is None and group is None and (self.phase == READY or self._settling):
            text = f"the change was not requested within {self._options.wait_timeout:g} seconds"
            self.fail(Problem(TIMEOUT, f"{text}. Increase wait_timeout, or run the task again to continue"))
        elif error is not None and self.outcome_unknown:
            text = f"the change did not take effect within {self._options.wait_timeout:g} seconds: {error}"
            self.fail(Problem(TIMEOUT, f"{error.unknown_outcome_reason}, but {text}. Run the task again to continue"))
        elif error is not None and not error.invalid_state:
            text = (
                f"RDS did not accept the request within {self._options.wait_timeout:g} seconds. The last error: "
                f"{error}. "
                "Run the task again to continue"
            )
            self.fail(Problem(TIMEOUT, text))
        elif group is not None:
            text = f"parameter group {group.name} is still 'applying' after {self._options.wait_timeout:g} seconds"
            self.fail(Problem(TIMEOUT, f"{text}. Run the task again to continue"))
        elif error is not None and is_ready(self.database.status):
            self.fail(_invalid_state(error, waited=self._options.wait_timeout))
        else:
            self.fail(not_modifiable(self.database, waited=self._options.wait_timeout))

    def fail(self, *problems: Problem) -> None:
        """End with these problems.

        The outcome is failed, or skipped with ``on_problem=skip`` if nothing was changed.
        """
        self.problems += problems
        lost = any(problem.code == NOT_FOUND for problem in problems)
        touched = self.changed or self.outcome_unknown
        self._end(SKIPPED if self._options.skip_problems and not (touched or lost) else FAILED)

    def skip(self) -> None:
        """End without a change, because another database blocks the task."""
        self._end(UNCHANGED if self.plan.decision.change is None else SKIPPED)

    def _end(self, outcome: str) -> None:
        self.phase, self.outcome = ENDED, outcome

    def _verify(self, progress: ChangeVerification, database: Database | None, now: float) -> None:
        self._seen_since_sent = database is not None
        self._progress, verification = progress.observe(database, now, self._options)
        if verification.problem is not None:
            self.fail(verification.problem)
        elif verification.done:
            self._end(self.plan.decision.outcome)
        elif verification.send_again:
            self.phase = READY

    def _await_running_change(self) -> None:
        """Wait for a change that RDS is already making, and then plan again. Without waiting, end as unchanged."""
        if self._options.apply_immediately and self._options.wait:
            self.phase = WAITING
        else:
            self._end(UNCHANGED)

    def _end_without_change(self) -> None:
        if self._outcome_unknown is None:
            self._end(UNCHANGED)
            return
        # the response was lost, but the database has the value, so RDS has carried out the request of this task
        self.plan, self.changed, self.outcome_unknown, self._seen_since_sent = self._outcome_unknown, True, False, True
        self._end(self.plan.decision.outcome)

    def _settling_group(self, database: Database) -> ParameterGroup | None:
        group = database.parameter_group if self._settling else None
        return group if group is not None and "applying" in group.unsettled else None


def _invalid_state(error: CallError, *, waited: float | None = None) -> Problem:
    """Return the problem for a change that RDS refused although the status allows it."""
    text = f"RDS does not accept a change now: {error.detail} ({error.code})"
    if waited is None:
        return Problem(NOT_MODIFIABLE, f"{text}. Run the task again later")
    advice = f"This did not change within {waited:g} seconds. Increase wait_timeout, or run the task again later"
    return Problem(NOT_MODIFIABLE, f"{text}. {advice}")


def refusal_problem(error: CallError) -> Problem:
    """Return the problem for a call that failed, with the code of the error."""
    if error.outcome_unknown:
        return Problem(REFUSED, f"{error.unknown_outcome_reason} ({error.detail}; {error.code}). Run the task again")
    return Problem(REFUSED, f"{error.failure}: {error.detail} ({error.code})")
