# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""After RDS has accepted a change: tells from one look at the database whether it has taken.

Never from the status alone: a database can be ``available`` with the value still pending.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .._model.change import ChangeOptions, setting_in_words
from .._model.database import Database
from .._model.outcome import CANCELLED, SCHEDULED
from .._model.problem import NOT_FOUND, NOT_MODIFIABLE, SUPERSEDED, TIMEOUT, Problem
from .._model.status import is_ready, is_terminal, remedy
from .decision import Decision
from .problems import NO_LONGER_FOUND, other_pending_changes

# A value that is pending for this long with the status available all the while is not being applied.
RESEND_AFTER_SECONDS = 60.0


class VerificationResult(t.NamedTuple):
    """``done``: it has taken. ``send_again``: RDS needs the same request once more. Else go on, or ``problem``."""

    done: bool = False
    send_again: bool = False
    problem: t.Optional[Problem] = None


PENDING = VerificationResult()
DONE = VerificationResult(done=True)


@dataclass(frozen=True)
class ChangeVerification:
    """What has been seen of one accepted change. Times are seconds of the monotonic clock."""

    before: Database
    decision: Decision
    sent_at: float
    shown: bool = False
    was_busy: bool = False
    sent_again: bool = False

    @property
    def desired(self) -> bool:
        change = self.decision.change
        return change is not None and change.enable

    def observe(
        self, database: Database | None, now: float, options: ChangeOptions
    ) -> tuple[ChangeVerification, VerificationResult]:
        """Return what is known now, and what follows from it."""
        if database is None:
            return self, VerificationResult(
                problem=Problem(NOT_FOUND, f"the change was accepted, but {NO_LONGER_FOUND}")
            )
        if is_terminal(database.status):
            return self, VerificationResult(problem=_not_modifiable(database))
        seen = replace(
            self,
            shown=self.shown or self.desired in (database.current, database.pending),
            was_busy=self.was_busy or not is_ready(database.status),
        )
        return seen, seen._judge(database, now, options)

    def resent(self, now: float) -> ChangeVerification:
        """The request was sent once more."""
        return replace(self, sent_again=True, was_busy=False, sent_at=now)

    def timeout_problem(self, database: Database, options: ChangeOptions) -> Problem:
        """What to say when the time is up."""
        if self.decision.outcome == CANCELLED:
            text = f"RDS accepted the cancellation, but {setting_in_words(not self.desired)} is still pending"
        elif self.decision.outcome == SCHEDULED:
            text = "RDS accepted the change, but does not show it as pending"
        else:
            text = "RDS accepted the change, but it has not taken"
        current, pending = setting_in_words(database.current), setting_in_words(database.pending)
        seen = f"status {database.status!r}, current {current}, pending {pending}"
        return Problem(
            TIMEOUT,
            f"{text} after {options.wait_timeout:g} seconds ({seen}): run the task again to go on",
        )

    def _judge(self, database: Database, now: float, options: ChangeOptions) -> VerificationResult:
        ready = is_ready(database.status)
        opposite_pending = database.pending is (not self.desired)
        if self.decision.outcome == SCHEDULED and self.shown:
            return DONE
        if self.decision.outcome == CANCELLED:
            return self._judge_cancelled(database, ready, opposite_pending)
        if ready and database.current is self.desired and not opposite_pending:
            return DONE
        if self._is_superseded(database, ready, opposite_pending):
            return _superseded(database)
        return self._judge_pending(database, ready, now, options)

    def _judge_cancelled(self, database: Database, ready: bool, opposite_pending: bool) -> VerificationResult:
        if database.current is self.desired:
            return PENDING if opposite_pending else DONE
        return _superseded(database) if ready else PENDING

    def _is_superseded(self, database: Database, ready: bool, opposite_pending: bool) -> bool:
        if opposite_pending:
            # what was pending before may linger until the change has shown
            return self.shown or self.before.pending is not database.pending
        gone = self.desired not in (database.current, database.pending)
        return self.shown and gone and ready

    def _judge_pending(self, database: Database, ready: bool, now: float, options: ChangeOptions) -> VerificationResult:
        idle = ready and database.pending is self.desired and database.current is not self.desired
        if not idle or self.sent_again:
            return PENDING
        if not self.was_busy and now - self.sent_at < RESEND_AFTER_SECONDS:
            return PENDING
        return VerificationResult(send_again=True, problem=other_pending_changes(database, self.decision, options))


def _superseded(database: Database) -> VerificationResult:
    current, pending = setting_in_words(database.current), setting_in_words(database.pending)
    return VerificationResult(
        problem=Problem(
            SUPERSEDED,
            "after the change had been accepted, somebody else changed the setting: current "
            f"{current}, pending {pending}; find out who before running the task again",
        )
    )


def _not_modifiable(database: Database) -> Problem:
    return Problem(
        NOT_MODIFIABLE,
        f"RDS accepted the change, but the status is {database.status!r} now: "
        f"{remedy(database.status)}, then run the task again",
    )
