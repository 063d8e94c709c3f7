# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.maintenance_window import next_start


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        # 2026-11-24 is a Tuesday
        ("sun:03:30-sun:04:00", "2026-11-24T12:00", "2026-11-29T03:30:00Z"),
        ("tue:12:30-tue:13:00", "2026-11-24T12:00", "2026-11-24T12:30:00Z"),
        ("tue:12:00-tue:12:30", "2026-11-24T12:00", "2026-12-01T12:00:00Z"),
        ("tue:11:00-tue:11:30", "2026-11-24T12:00", "2026-12-01T11:00:00Z"),
        ("Mon:23:30-Tue:00:30", "2026-11-24T00:10", "2026-11-30T23:30:00Z"),
        ("thu:00:00-thu:00:30", "2026-12-30T23:59", "2026-12-31T00:00:00Z"),
        ("", "2026-11-24T12:00", None),
        ("sunday", "2026-11-24T12:00", None),
        ("xyz:03:30-xyz:04:00", "2026-11-24T12:00", None),
        ("sun:25:30-sun:26:00", "2026-11-24T12:00", None),
    ],
)
def test_next_start(window, now, expected):
    assert next_start(window, utc(now)) == expected


def test_next_start_ignores_time_zone_of_now():
    east = dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert next_start("tue:14:30-tue:15:00", east) == "2026-11-24T14:30:00Z"
