# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The clock and the deadline. Tests replace the clock, so that no test has to wait.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass


class Clock(t.Protocol):
    """A source of time. Only the difference of two ``monotonic`` values is meaningful."""

    def now(self) -> dt.datetime:
        """Return the current time in UTC, with its time zone."""

    def monotonic(self) -> float:
        """Return seconds that never decrease."""

    def sleep(self, seconds: float) -> None:
        """Wait for this number of seconds."""


@dataclass(frozen=True)
class Deadline:
    """A point in time of the monotonic clock."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        """Return the deadline that is this number of seconds from now."""
        return cls(clock, clock.monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds until the deadline. Negative after it."""
        return self.at - self.clock.monotonic()
