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

from . import _status
from ._decision import CANCELLED, SCHEDULED, Decision
from ._model import Database, Problem, Wish
from ._problems import NO_LONGER_FOUND, NOT_FOUND, NOT_MODIFIABLE, SUPERSEDED, TIMEOUT, other_pending_changes

# A value that is pending for this long with the status available all the while is not being applied.
PATIENCE = 60.0


class Verdict(t.NamedTuple):
    """``done``: it has taken. ``send_again``: RDS needs the same request once more. Else go on, or ``problem``."""

    done: bool = False
    send_again: bool = False
    problem: t.Optional[Problem] = None


GO_ON = Verdict()
DONE = Verdict(done=True)


@dataclass(frozen=True)
class Progress:
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

    def look(self, database: Database | None, now: float, wish: Wish) -> tuple[Progress, Verdict]:
        """Return what is known now, and what follows from it."""
        if database is None:
            return self, Verdict(problem=Problem(NOT_FOUND, f"the change was accepted, but {NO_LONGER_FOUND}"))
        if _status.is_terminal(database.status):
            return self, Verdict(problem=_stuck(database))
        seen = replace(
            self,
            shown=self.shown or self.desired in (database.current, database.pending),
            was_busy=self.was_busy or not _status.is_ready(database.status),
        )
        return seen, seen._judge(database, now, wish)

    def resent(self, now: float) -> Progress:
        """The request was sent once more."""
        return replace(self, sent_again=True, was_busy=False, sent_at=now)

    def too_late(self, database: Database, wish: Wish) -> Problem:
        """What to say when the time is up."""
        if self.decision.outcome == CANCELLED:
            text = f"RDS accepted the cancellation, but {_word(not self.desired)} is still pending"
        elif self.decision.outcome == SCHEDULED:
            text = "RDS accepted the change, but does not show it as pending"
        else:
            text = "RDS accepted the change, but it has not taken"
        seen = f"status {database.status!r}, current {_word(database.current)}, pending {_word(database.pending)}"
        return Problem(
            TIMEOUT,
            f"{text} after {wish.wait_timeout:g} seconds ({seen}): run the task again to go on",
        )

    def _judge(self, database: Database, now: float, wish: Wish) -> Verdict:
        ready = _status.is_ready(database.status)
        opposite_pending = database.pending is (not self.desired)
        if self.decision.outcome == SCHEDULED and self.shown:
            return DONE
        if self.decision.outcome == CANCELLED:
            return self._judge_cancelled(database, ready, opposite_pending)
        if ready and database.current is self.desired and not opposite_pending:
            return DONE
        if self._is_superseded(database, ready, opposite_pending):
            return _superseded(database)
        return self._judge_pending(database, ready, now, wish)

    def _judge_cancelled(self, database: Database, ready: bool, opposite_pending: bool) -> Verdict:
        if database.current is self.desired:
            return GO_ON if opposite_pending else DONE
        return _superseded(database) if ready else GO_ON

    def _is_superseded(self, database: Database, ready: bool, opposite_pending: bool) -> bool:
        if opposite_pending:
            # what was pending before may linger until the change has shown
            return self.shown or self.before.pending is not database.pending
        gone = self.desired not in (database.current, database.pending)
        return self.shown and gone and ready

    def _judge_pending(self, database: Database, ready: bool, now: float, wish: Wish) -> Verdict:
        idle = ready and database.pending is self.desired and database.current is not self.desired
        if not idle or self.sent_again:
            return GO_ON
        if not self.was_busy and now - self.sent_at < PATIENCE:
            return GO_ON
        return Verdict(send_again=True, problem=other_pending_changes(database, self.decision, wish))


def _superseded(database: Database) -> Verdict:
    return Verdict(
        problem=Problem(
            SUPERSEDED,
            "after the change had been accepted, somebody else changed the setting: current "
            f"{_word(database.current)}, pending {_word(database.pending)}; find out who before running the task again",
        )
    )


def _stuck(database: Database) -> Problem:
    return Problem(
        NOT_MODIFIABLE,
        f"RDS accepted the change, but the status is {database.status!r} now: "
        f"{_status.way_out(database.status)}, then run the task again",
    )


def _word(value: bool | None) -> str:
    return "none" if value is None else "enabled" if value else "disabled"
