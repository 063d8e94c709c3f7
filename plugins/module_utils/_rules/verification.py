# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Verify from the description of a database that an accepted change has taken effect.

The status alone does not show it: a database can be ``available`` while the value is still pending.

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
from .problems import NO_LONGER_FOUND, other_pending_changes, sentence

# If a value is pending for this long while the database stays available, RDS is not applying it.
RESEND_AFTER_SECONDS = 60.0

# If RDS shows an accepted value neither as current nor as pending for this long, it is gone.
SHOWN_WITHIN_SECONDS = 60.0


class VerificationResult(t.NamedTuple):
    """``done``: the change has taken effect. ``send_again``: the same request is required again. Neither: wait."""

    done: bool = False
    send_again: bool = False
    problem: t.Optional[Problem] = None


PENDING = VerificationResult()
DONE = VerificationResult(done=True)


@dataclass(frozen=True)
class ChangeVerification:
    """The observations of one accepted change. Times are seconds of the monotonic clock."""

    before: Database
    decision: Decision
    sent_at: float
    shown: bool = False
    was_busy: bool = False
    sent_again: bool = False

    @property
    def desired(self) -> bool:
        """The value that the accepted change sets."""
        change = self.decision.change
        return change is not None and change.enable

    def observe(
        self, database: Database | None, now: float, options: ChangeOptions
    ) -> tuple[ChangeVerification, VerificationResult]:
        """Return the updated verification, and the result. ``database`` is None if it no longer exists."""
        if database is None:
            return self, VerificationResult(
                problem=Problem(NOT_FOUND, f"RDS accepted the change, but {NO_LONGER_FOUND}")
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
        """Return the verification after the request was sent again."""
        return replace(self, sent_again=True, was_busy=False, sent_at=now)

    def timeout_problem(self, database: Database, options: ChangeOptions) -> Problem:
        """Return the problem for a change that did not take effect before the deadline."""
        seconds = f"{options.wait_timeout:g}"
        if self.decision.outcome == CANCELLED:
            value = setting_in_words(not self.desired)
            text = f"RDS accepted the cancellation, but {value} is still pending after {seconds} seconds"
        elif self.decision.outcome == SCHEDULED:
            text = f"RDS accepted the change, but did not show it as pending within {seconds} seconds"
        else:
            text = f"RDS accepted the change, but it did not take effect within {seconds} seconds"
        current, pending = setting_in_words(database.current), setting_in_words(database.pending)
        seen = f"status {database.status!r}, current {current}, pending {pending}"
        return Problem(
            TIMEOUT,
            f"{text} ({seen}). Run the task again to continue",
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
        if self._is_gone(database, ready) and now - self.sent_at >= SHOWN_WITHIN_SECONDS:
            return _never_shown(database)
        return self._judge_pending(database, ready, now, options)

    def _judge_cancelled(self, database: Database, ready: bool, opposite_pending: bool) -> VerificationResult:
        if database.current is self.desired:
            return PENDING if opposite_pending else DONE
        return _superseded(database) if ready else PENDING

    def _is_superseded(self, database: Database, ready: bool, opposite_pending: bool) -> bool:
        if opposite_pending:
            # an older pending value may stay visible until RDS shows the change
            return self.shown or self.before.pending is not database.pending
        return self.shown and self._is_gone(database, ready)

    def _is_gone(self, database: Database, ready: bool) -> bool:
        return ready and self.desired not in (database.current, database.pending)

    def _judge_pending(self, database: Database, ready: bool, now: float, options: ChangeOptions) -> VerificationResult:
        idle = ready and database.pending is self.desired and database.current is not self.desired
        if not idle or self.sent_again:
            return PENDING
        if not self.was_busy and now - self.sent_at < RESEND_AFTER_SECONDS:
            return PENDING
        return VerificationResult(send_again=True, problem=other_pending_changes(database, self.decision, options))


def other_database_changed(database: Database, resource_id: str) -> Problem:
    """Return the problem for a request that RDS accepted for another database, which has the identifier now."""
    return Problem(
        SUPERSEDED,
        "another database has taken the identifier while the task was running. RDS accepted the change for resource "
        f"ID {resource_id}, and the task had checked {database.resource_id}. Check the setting of the other database",
    )


def superseded_problem(database: Database) -> Problem:
    """Return the problem for a change that somebody else undid after RDS had accepted it."""
    current, pending = setting_in_words(database.current), setting_in_words(database.pending)
    return Problem(
        SUPERSEDED,
        "somebody else changed the setting after RDS had accepted the change: current "
        f"{current}, pending {pending}. Find the cause before you run the task again",
    )


def _never_shown(database: Database) -> VerificationResult:
    """Return the result if somebody else changed the setting before the task could see its own change."""
    return VerificationResult(
        problem=Problem(
            SUPERSEDED,
            f"RDS accepted the change, but {SHOWN_WITHIN_SECONDS:g} seconds later the status is {database.status!r}, "
            f"and the value is {setting_in_words(database.current)} without a pending change. Somebody else has "
            "probably changed the setting. Find the cause before you run the task again",
        )
    )


def _superseded(database: Database) -> VerificationResult:
    return VerificationResult(problem=superseded_problem(database))


def _not_modifiable(database: Database) -> Problem:
    return Problem(
        NOT_MODIFIABLE,
        f"RDS accepted the change, but the status is {database.status!r} now. "
        f"{sentence(remedy(database.status))}, then run the task again",
    )
