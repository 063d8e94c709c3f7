# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Calculate the start of the next maintenance window, which is when a scheduled change takes effect.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import re

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?P<day>[a-z]{3}):(?P<hour>\d\d):(?P<minute>\d\d)-[a-z]{3}:\d\d:\d\d", re.IGNORECASE)


def next_start(window: str, now: dt.datetime) -> str | None:
    """Return the next start of a weekly window after ``now``, as ISO 8601 in UTC (``2026-11-29T03:30:00Z``).

    ``window`` is the ``PreferredMaintenanceWindow`` of RDS, always in UTC: ``sun:03:30-sun:04:00``.
    Return None if RDS returned no window, or one in another format.
    """
    found = _WINDOW.fullmatch(window.strip())
    if found is None or found["day"].lower() not in _DAYS:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        return None
    start = now.astimezone(dt.timezone.utc).replace(hour=hour, minute=minute, second=0, microsecond=0)
    start += dt.timedelta(days=(_DAYS.index(found["day"].lower()) - start.weekday()) % 7)
    if start <= now:
        start += dt.timedelta(days=7)
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")
