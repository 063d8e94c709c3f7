# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Maintenance windows (``sun:04:00-sun:04:30``) and backup windows (``02:00-02:30``), in UTC.

Format, days, 30 minutes at least, no conflict between the two: botocore's model,
PreferredMaintenanceWindow and PreferredBackupWindow of the create and modify requests (✓). Case:
the model has the days of instances in lower case and those of clusters with a capital letter (✓). RDS returns
lower case (terraform-provider-aws converts them for that reason, △). Less than 24 hours: moto issue 5838 (△).
No source names an upper limit for backup windows or a granularity of the minutes.
Wire code InvalidParameterValue: terraform-provider-aws issue 49828 (△).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from ..errors import AwsError

MAINTENANCE = "PreferredMaintenanceWindow"
BACKUP = "PreferredBackupWindow"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAINTENANCE_FORMAT = re.compile(r"([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)", re.ASCII)
_BACKUP_FORMAT = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_DAY = 24 * 60
_WEEK = 7 * _DAY
_SHORTEST = 30
_OVERLAP = "The backup window and maintenance window must not overlap."


@lru_cache(maxsize=1024)
def maintenance_minutes(window: str) -> tuple[int, int]:
    """Return start and end in minutes after Monday 00:00; raise ValueError if the window is invalid.

    The end can be in the next week.
    """
    match = _MAINTENANCE_FORMAT.fullmatch(window.lower())
    if match is None:
        # Text: moto issue 5838 (△).
        raise ValueError(
            f"Invalid maintenance window format: {window}. Should be specified as a range "
            "ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC). Example: Sun:23:45-Mon:00:15"
        )
    first, second = match.groups()[:3], match.groups()[3:]
    start, end = _minute_of_week(*first), _minute_of_week(*second)
    if end < start and first[0] == second[0]:
        # Text: ansible issue 10666 (△).
        raise ValueError("Maintenance window cannot end before it begins.")
    end += _WEEK if end < start else 0
    if end - start >= _DAY:
        raise ValueError("Maintenance window must be less than 24 hours.")
    _refuse_short(start, end, "maintenance")
    return start, end


@lru_cache(maxsize=1024)
def backup_minutes(window: str) -> tuple[int, int]:
    """Return start and end in minutes after midnight; raise ValueError if the window is invalid.

    The end can be on the next day.
    """
    match = _BACKUP_FORMAT.fullmatch(window)
    if match is None:
        # Text ?.
        raise ValueError(
            f"Invalid backup window format: {window}. Should be specified as a range hh24:mi-hh24:mi "
            "(24H Clock UTC). Example: 23:45-00:15"
        )
    start, end = _minute_of_day(match[1], match[2]), _minute_of_day(match[3], match[4])
    end += _DAY if end < start else 0
    _refuse_short(start, end, "backup")
    return start, end


def _minute_of_week(day: str, hour: str, minute: str) -> int:
    if day not in _DAYS:
        # Text: ansible issue 10666 (△).
        raise ValueError(f"Invalid day:hour:minute value: {day}:{hour}:{minute}")
    return _DAYS.index(day) * _DAY + _minute_of_day(hour, minute, prefix=f"{day}:")


def _minute_of_day(hour: str, minute: str, *, prefix: str = "") -> int:
    if int(hour) > 23 or int(minute) > 59:
        what = "day:hour:minute" if prefix else "hour:minute"
        raise ValueError(f"Invalid {what} value: {prefix}{hour}:{minute}")
    return int(hour) * 60 + int(minute)


def _refuse_short(start: int, end: int, which: str) -> None:
    if end - start < _SHORTEST:
        raise ValueError(f"The {which} window must be at least {_SHORTEST} minutes.")


def overlap(maintenance: str, backup: str, *, may_touch: bool) -> bool:
    """Return whether the daily backup window overlaps the maintenance window on any day of the week.

    may_touch: one window may start in the minute in which the other ends.
    """
    start, end = maintenance_minutes(maintenance)
    first, last = backup_minutes(backup)
    margin = 0 if may_touch else 1
    # From the day before Monday, for windows across midnight, to the day after a window that passes Sunday.
    days = [day * _DAY for day in range(-1, 9)]
    return any(start < day + last + margin and day + first < end + margin for day in days)


def requested_windows(record: Mapping[str, Any], wanted: Mapping[str, Any], *, may_touch: bool) -> dict[str, str]:
    """Return the requested windows in lower case; raise AwsError if RDS refuses them.

    record: the current record of the database. A window that is not requested stays, and counts for the overlap.
    """
    asked = {member: str(wanted[member]).lower() for member in (MAINTENANCE, BACKUP) if member in wanted}
    try:
        for member, window in asked.items():
            _parse(member, window)
    except ValueError as error:
        raise AwsError("InvalidParameterValue", str(error)) from None
    together = {**record, **asked}
    if asked and overlap(together[MAINTENANCE], together[BACKUP], may_touch=may_touch):
        raise AwsError("InvalidParameterValue", _OVERLAP)
    return asked


def _parse(member: str, window: str) -> tuple[int, int]:
    return maintenance_minutes(window) if member == MAINTENANCE else backup_minutes(window)


def select_windows(record: Mapping[str, Any], given: Container[str], *, may_touch: bool) -> dict[str, str]:
    """Return both windows of a new database; raise AwsError if RDS refuses them.

    given: the members of the record that the request has. RDS selects the others (model ✓), without an overlap if
    possible (?).
    """
    windows: dict[str, str] = {member: str(record[member]) for member in (MAINTENANCE, BACKUP)}
    free = [member for member in windows if member not in given]
    if len(free) == 1:
        asked = {member: window for member, window in windows.items() if member in given}
        for candidate in _candidates(free[0], windows[free[0]]):
            try:
                requested_windows({free[0]: candidate}, asked, may_touch=may_touch)
            except AwsError as error:
                if error.message != _OVERLAP:
                    raise
            else:
                windows[free[0]] = candidate
                break
    return requested_windows(windows, windows, may_touch=may_touch)


def _candidates(member: str, usual: str) -> Iterator[str]:
    yield usual
    day = "sun:" if member == MAINTENANCE else ""
    for hour in range(24):
        yield f"{day}{hour:02d}:00-{day}{hour:02d}:30"


def next_start(window: str, now: datetime) -> datetime:
    """Return the next time after now that a maintenance window opens; raise ValueError if it is invalid."""
    monday = _midnight(now) - timedelta(days=now.weekday())
    start = monday + timedelta(minutes=maintenance_minutes(window)[0])
    return start if start > now else start + timedelta(minutes=_WEEK)


def next_backup(window: str, now: datetime) -> datetime:
    """Return the next time after now that a backup window opens; raise ValueError if it is invalid."""
    start = _midnight(now) + timedelta(minutes=backup_minutes(window)[0])
    return start if start > now else start + timedelta(minutes=_DAY)


def remaining(window: str, now: datetime) -> timedelta:
    """Return how long a maintenance window stays open, zero if it is closed; raise ValueError if it is invalid."""
    start, end = maintenance_minutes(window)
    left = next_start(window, now) - timedelta(minutes=_WEEK - (end - start)) - now
    return max(left, timedelta())


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
