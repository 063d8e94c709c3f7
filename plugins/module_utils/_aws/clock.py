# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The system clock, and its difference from the clock of AWS.

This is private to the collection.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import time
import typing as t

from .._gateway.clock import Clock


class SystemClock:
    """A Clock with the time of the host that runs the module."""

    def now(self) -> dt.datetime:
        """Return the current time in UTC, with its time zone."""
        return dt.datetime.now(dt.timezone.utc)

    def monotonic(self) -> float:
        """Return seconds that never decrease."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for this number of seconds."""
        time.sleep(seconds)


class ServerClock:
    """Compares the clock of AWS with a local clock. ``ahead`` is None before the first response with a date.

    It is the number of seconds by which the clock of AWS is ahead, according to the latest response.
    """

    def __init__(self, clock: Clock) -> None:
        self.ahead: float | None = None
        self._clock = clock

    def observe(self, client: t.Any, service: str) -> None:
        """Read the date of each response to a boto3 client."""
        client.meta.events.register(f"after-call.{service}", self._read_date)

    def _read_date(self, *, http_response: t.Any, **_more: t.Any) -> None:
        """Compare the clocks. The header has a resolution of one second."""
        text = http_response.headers.get("Date")
        with contextlib.suppress(TypeError, ValueError):  # a malformed date, or one without a time zone
            date = email.utils.parsedate_to_datetime(text)
            self.ahead = (date - self._clock.now()).total_seconds()
