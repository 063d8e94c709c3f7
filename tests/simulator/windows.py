# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Weekly maintenance windows: ``sun:04:00-sun:04:30``, in UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)-[a-z]{3}:[0-2]\d:[0-5]\d")
WEEK = timedelta(days=7)


@lru_cache(maxsize=1024)
def start_in_week(window: str) -> timedelta:
    """How long after Monday 00:00 a window opens (ValueError if it is none)."""
    match = _WINDOW.fullmatch(window.lower())
    if match is None or match[1] not in _DAYS:
        raise ValueError(f"no maintenance window: {window!r}")
    return timedelta(days=_DAYS.index(match[1]), hours=int(match[2]), minutes=int(match[3]))


def next_start(window: str, now: datetime) -> datetime:
    """The next time after now that a window opens."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=now.weekday()) + start_in_week(window)
    return start if start > now else start + WEEK
