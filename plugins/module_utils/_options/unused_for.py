# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read a time that is written as a number and a unit: ``90s``, ``30m``, ``24h``, ``14d``.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t

from .._model.errors import InputError, quoted
from .._model.login_usage import UnusedFor

_TIME = re.compile(r"([0-9]{1,9})\s*([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# CloudWatch keeps 5-minute sums for 63 days (Amazon CloudWatch User Guide, "Metrics retention")
_SHORTEST, _LONGEST = dt.timedelta(hours=1), dt.timedelta(days=63)


def read_unused_for(value: t.Any) -> UnusedFor | None:
    """Return the time of the option ``unused_for``, or None for a blank. Raises InputError for an invalid time."""
    text = ("" if value is None else str(value)).strip()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise InputError(
            f"unused_for: {quoted(text)}: the value is not a time. Use a number and a unit: s, m, h or d, for example "
            "24h or 14d."
        )
    seconds = int(found[1]) * _SECONDS[found[2]]
    if not _SHORTEST.total_seconds() <= seconds <= _LONGEST.total_seconds():
        raise InputError(f"unused_for: {text}: the time is out of range. Use 1h to 63d.")
    return UnusedFor(dt.timedelta(seconds=seconds), f"{int(found[1])}{found[2]}")
