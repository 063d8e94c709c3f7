# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Simulated time, and the events that are due as it passes."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

# A Monday noon: outside the maintenance windows that records have by default.
FIXED_START = datetime(2026, 11, 2, 12, 0, 0, tzinfo=timezone.utc)


@dataclass(order=True)
class _Event:
    due: float
    order: int
    run: Callable[[], None] = field(compare=False)
    locked: bool = field(compare=False)


class Clock:
    """The time in simulated seconds since the start. ``speed`` of them pass per real second.

    Events run when they are due: during :meth:`advance`, or before the next response. While an event runs, the
    clock shows (in that thread) the time at which the event was due. Follow-up events therefore have exact times, even
    if an event runs late.
    """

    def __init__(self, *, lock: threading.RLock, speed: float = 0.0, start: datetime | None = None) -> None:
        self._lock = lock
        self._pinned = threading.local()
        self._order = itertools.count()
        self._initial = (speed, start)
        # Called after events have run, without the lock.
        self.after_events: Callable[[], None] = _nothing
        self.reset()

    def reset(self) -> None:
        """Return to the start: no events, and the initial speed."""
        with self._lock:
            self._speed, start = self._initial
            real = datetime.now(timezone.utc).replace(microsecond=0)
            self._start = start or (real if self._speed else FIXED_START)
            self._events: list[_Event] = []
            self._shown = 0.0
            self._anchor = time.monotonic()

    @property
    def speed(self) -> float:
        """The simulated seconds per real second. With 0, only :meth:`advance` changes the time."""
        return self._speed

    @speed.setter
    def speed(self, value: float) -> None:
        if value < 0:
            raise ValueError(f"speed: {value}: must not be negative")
        with self._lock:
            self._shown, self._anchor = self._flowing(), time.monotonic()
            self._speed = float(value)

    def _flowing(self) -> float:
        return self._shown + self._speed * (time.monotonic() - self._anchor)

    def monotonic(self) -> float:
        """Return the simulated seconds since the start."""
        pinned = getattr(self._pinned, "at", None)
        return self._flowing() if pinned is None else float(pinned)

    def now(self) -> datetime:
        """Return the simulated time, as an aware datetime in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def after(self, seconds: float, run: Callable[[], None], *, locked: bool = True) -> None:
        """Call ``run`` after ``seconds``. With ``locked``, hold the lock that requests also take."""
        with self._lock:
            due = self.monotonic() + max(0.0, seconds)
            heapq.heappush(self._events, _Event(due, next(self._order), run, locked))

    def settle(self) -> None:
        """Run every event that is due."""
        ran = 0
        while self._run_next(self._flowing()):
            ran += 1
        if ran:
            self.after_events()

    def advance(self, seconds: float) -> None:
        """Move the clock forward, and run every event at the time it is due."""
        if seconds < 0:
            raise ValueError(f"seconds: {seconds}: time cannot go backwards")
        target = self.monotonic() + seconds
        ran = 0
        while self._run_next(target, move=True):
            ran += 1
        with self._lock:
            self._move_to(target)
        if ran:
            self.after_events()

    def _move_to(self, moment: float) -> None:
        if moment > self._flowing():
            self._shown, self._anchor = moment, time.monotonic()

    def _run_next(self, limit: float, *, move: bool = False) -> bool:
        with self._lock:
            if not self._events or self._events[0].due > limit:
                return False
            event = heapq.heappop(self._events)
            if move:
                self._move_to(event.due)
            if event.locked:
                self._run_pinned(event)
                return True
        # An action that a test schedules can call the server, which takes the lock itself.
        self._run_pinned(event)
        return True

    def _run_pinned(self, event: _Event) -> None:
        before = getattr(self._pinned, "at", None)
        self._pinned.at = event.due
        try:
            event.run()
        finally:
            self._pinned.at = before


def _nothing() -> None:
    """Do nothing after events."""
