# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Simulated time, and what happens when it passes."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

# A Monday noon: far from every maintenance window that records are given by default.
FIXED_START = datetime(2026, 11, 2, 12, 0, 0, tzinfo=timezone.utc)


@dataclass(order=True)
class _Event:
    due: float
    order: int
    run: Callable[[], None] = field(compare=False)
    locked: bool = field(compare=False)


class Clock:
    """Time in simulated seconds since the start; ``speed`` of them pass per real second.

    Events run when their time has come: as part of :meth:`advance`, or before the next request
    is answered. While one runs, the clock shows the time it was due (in that thread), so that
    what it sets off in turn is exact however late it is noticed.
    """

    def __init__(self, *, lock: threading.RLock, speed: float = 0.0, start: datetime | None = None) -> None:
        self._lock = lock
        self._pinned = threading.local()
        self._order = itertools.count()
        self._initial = (speed, start)
        self.reset()

    def reset(self) -> None:
        """Back to the start: no events, the speed of the beginning."""
        with self._lock:
            self._speed, start = self._initial
            real = datetime.now(timezone.utc).replace(microsecond=0)
            self._start = start or (real if self._speed else FIXED_START)
            self._events: list[_Event] = []
            self._shown = 0.0
            self._anchor = time.monotonic()

    @property
    def speed(self) -> float:
        """Simulated seconds per real second; 0 = only :meth:`advance` moves the clock."""
        return self._speed

    @speed.setter
    def speed(self, value: float) -> None:
        if value < 0:
            raise ValueError("speed must not be negative")
        with self._lock:
            self._shown, self._anchor = self._flowing(), time.monotonic()
            self._speed = float(value)

    def _flowing(self) -> float:
        return self._shown + self._speed * (time.monotonic() - self._anchor)

    def monotonic(self) -> float:
        """Simulated seconds since the start."""
        pinned = getattr(self._pinned, "at", None)
        return self._flowing() if pinned is None else float(pinned)

    def now(self) -> datetime:
        """The simulated time of day, aware, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def after(self, seconds: float, run: Callable[[], None], *, locked: bool = True) -> None:
        """Run ``run`` in ``seconds``. ``locked``: within the lock that requests take, too."""
        with self._lock:
            due = self.monotonic() + max(0.0, seconds)
            heapq.heappush(self._events, _Event(due, next(self._order), run, locked))

    def settle(self) -> None:
        """Run every event that is due."""
        while self._run_next(self._flowing()):
            pass

    def advance(self, seconds: float) -> None:
        """Move the clock, running what is due at each moment on the way."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        target = self.monotonic() + seconds
        while self._run_next(target, move=True):
            pass
        with self._lock:
            self._move_to(target)

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
        # What a test does "as somebody else" may call the server, which takes the lock itself.
        self._run_pinned(event)
        return True

    def _run_pinned(self, event: _Event) -> None:
        before = getattr(self._pinned, "at", None)
        self._pinned.at = event.due
        try:
            event.run()
        finally:
            self._pinned.at = before
