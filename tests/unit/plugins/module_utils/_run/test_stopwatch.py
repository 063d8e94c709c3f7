# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The duration of the steps of a task."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._run.stopwatch import (
    CHECKS,
    DATABASE,
    MEMBERS,
    SETTING,
    TOTAL,
    Stopwatch,
)
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeClock


def test_stopwatch_step_lasts_since_the_step_before():
    clock = FakeClock()
    clock.sleep(100.0)
    stopwatch = Stopwatch(clock)
    for step, seconds in ((CHECKS, 1.5), (DATABASE, 20.0), (SETTING, 0.25)):
        clock.sleep(seconds)
        stopwatch.end(step)
    assert stopwatch.seconds() == {CHECKS: 1.5, DATABASE: 20.0, SETTING: 0.25, TOTAL: 21.75}


def test_stopwatch_total_includes_the_step_that_has_not_ended():
    clock = FakeClock()
    stopwatch = Stopwatch(clock)
    assert stopwatch.seconds() == {TOTAL: 0.0}
    clock.sleep(1.0)
    stopwatch.end(CHECKS)
    clock.sleep(2.0)
    assert stopwatch.seconds() == {CHECKS: 1.0, TOTAL: 3.0}


def test_stopwatch_repeated_step_is_added_up():
    clock = FakeClock()
    stopwatch = Stopwatch(clock)
    for step in (MEMBERS, SETTING, MEMBERS):
        clock.sleep(2.0)
        stopwatch.end(step)
    assert stopwatch.seconds() == {MEMBERS: 4.0, SETTING: 2.0, TOTAL: 6.0}


def test_stopwatch_rounds_to_milliseconds():
    clock = FakeClock()
    stopwatch = Stopwatch(clock)
    clock.sleep(0.12345)
    stopwatch.end(CHECKS)
    assert stopwatch.seconds() == {CHECKS: 0.123, TOTAL: 0.123}


def test_stopwatch_returned_steps_are_the_documented_ones():
    assert (CHECKS, DATABASE, MEMBERS, SETTING, TOTAL) == (
        "checks",
        "database",
        "cluster_instances",
        "setting",
        "total",
    )
