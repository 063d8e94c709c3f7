# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The real time.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import time


class SystemClock:
    """The Clock of the machine that the module runs on."""

    def now(self) -> dt.datetime:
        """The UTC time, aware."""
        return dt.datetime.now(dt.timezone.utc)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        time.sleep(seconds)
