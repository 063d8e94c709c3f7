# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the options that name the source of a restore, and the time to restore to.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._model.errors import InputError, quoted
from .._model.restore_source import POINT_IN_TIME_OPERATIONS, RESTORE_METHODS, SOURCE_OPTIONS, RestoreSourceOption


def read_restore_source(params: t.Mapping[str, t.Any], kind: str) -> RestoreSourceOption:
    """Return the source that the task names.

    Raises InputError if none or several sources are set, if a target of this kind cannot be restored from it, and if
    the time is missing, invalid or not applicable.
    """
    # not mutually_exclusive and required_one_of in the argument spec, because a survey passes unused options as blanks
    named = [option for option in SOURCE_OPTIONS if str(params.get(option) or "").strip()]
    if len(named) != 1:
        if named:
            raise InputError(
                f"{', '.join(named)}: a restore has exactly one source, and {len(named)} are set. Keep one of them."
            )
        raise InputError(f"no source is set. Set one of {', '.join(SOURCE_OPTIONS)}.")
    option = named[0]
    if option not in RESTORE_METHODS[kind]:
        fitting = ", ".join(RESTORE_METHODS[kind])
        raise InputError(f"{option}: a DB {kind} cannot be restored from this source. Set one of {fitting}.")
    method = RESTORE_METHODS[kind][option]
    time, latest = _time(params, to_a_time=method.operation in POINT_IN_TIME_OPERATIONS, option=option)
    return RestoreSourceOption(kind, option, params[option].strip(), method, time, latest)


def _time(params: t.Mapping[str, t.Any], *, to_a_time: bool, option: str) -> tuple[dt.datetime | None, bool]:
    text, latest = str(params.get("restore_time") or "").strip(), bool(params.get("use_latest_restorable_time"))
    if not to_a_time:
        if text or latest:
            which = "restore_time" if text else "use_latest_restorable_time"
            raise InputError(f"{which}: a restore from {option} does not support a point in time. Remove {which}.")
        return None, False
    # not mutually_exclusive in the argument spec: a survey passes an unused time as a blank, and the bool has a default
    if bool(text) == latest:
        both = "both are set" if text else "neither is set"
        raise InputError(f"restore_time, use_latest_restorable_time: {both}. Set exactly one of them.")
    return (parse_time(text) if text else None), latest


def parse_time(text: str) -> dt.datetime:
    """Return an ISO 8601 time with a time zone, in UTC. Raises InputError for any other text."""
    example = "such as 2026-11-24T03:30:00Z or 2026-11-24T04:30:00+01:00"
    try:
        # before Python 3.11, fromisoformat does not accept Z
        time = dt.datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "Zz" else text)
        if time.tzinfo is None:
            raise InputError(f"restore_time: {quoted(text)} has no time zone. Add one, {example}.")
        return time.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError):
        raise InputError(f"restore_time: {quoted(text)} is not an ISO 8601 time. Use one {example}.") from None
