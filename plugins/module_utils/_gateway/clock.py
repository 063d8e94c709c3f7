# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass


class Clock(t.Protocol):
    """The time. Seconds are real seconds; only the difference of two ``monotonic`` values means anything."""

    def now(self) -> dt.datetime:
        """The UTC time, aware."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        return cls(clock, clock.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.at - self.clock.monotonic()
