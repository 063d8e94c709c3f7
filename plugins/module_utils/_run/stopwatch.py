# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Measure the duration of each step of a restore or creation.

This is private to the collection.
"""

from __future__ import annotations

from .._gateway.clock import Clock

CHECKS, DATABASE, MEMBERS, SETTING, TOTAL = "checks", "database", "cluster_instances", "setting", "total"


class Stopwatch:
    """Measures consecutive steps, starting with its creation."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = self._last = clock.monotonic()
        self._steps: dict[str, float] = {}

    def end(self, step: str) -> None:
        """End a step. Its duration is the time since the end of the previous step."""
        now = self._clock.monotonic()
        self._steps[step] = self._steps.get(step, 0.0) + now - self._last
        self._last = now

    def seconds(self) -> dict[str, float]:
        """Return the duration of each ended step, and the total."""
        steps = {**self._steps, TOTAL: self._clock.monotonic() - self._start}
        return {step: round(seconds, 3) for step, seconds in steps.items()}
