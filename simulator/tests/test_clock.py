# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Simulated time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rds_simulator.rules.lifecycle import request_changes
from rds_simulator.rules.windows import next_start
from rds_simulator.seeding.seed import seed
from rds_simulator.state import clock as clock_module
from rds_simulator.state.clock import FIXED_START, Clock
from rds_simulator.state.settings import Settings
from rds_simulator.state.world import World


@pytest.fixture
def still() -> Clock:
    return Clock(lock=threading.RLock())


def test_clock_with_speed_zero_stands_still(still: Clock) -> None:
    assert (still.monotonic(), still.now()) == (0.0, FIXED_START)
    still.advance(90)
    assert (still.monotonic(), still.now()) == (90.0, FIXED_START + timedelta(seconds=90))
    with pytest.raises(ValueError, match="backwards"):
        still.advance(-1)


def test_clock_with_speed_advances_by_itself(monkeypatch: Any) -> None:
    """The clock advances at its speed, and does not jump when the speed changes."""
    real = [1000.0]
    monkeypatch.setattr(clock_module.time, "monotonic", lambda: real[0])
    clock = Clock(lock=threading.RLock(), speed=10)
    real[0] += 2
    assert clock.monotonic() == 20
    clock.speed = 100
    real[0] += 1
    assert clock.monotonic() == 120
    clock.advance(5)
    assert clock.monotonic() == 125
    with pytest.raises(ValueError, match="negative"):
        clock.speed = -1


def test_events_run_in_order_at_their_time(still: Clock) -> None:
    """Each event sees the time at which it was due, and follow-up events are relative to that time."""
    seen: list[tuple[str, float]] = []

    def note(name: str) -> None:
        seen.append((name, still.monotonic()))

    still.after(5, lambda: (note("b"), still.after(2, lambda: note("c"))))
    still.after(1, lambda: note("a"))
    still.after(9, lambda: note("d"))
    still.advance(8)
    assert seen == [("a", 1.0), ("b", 5.0), ("c", 7.0)]
    assert still.monotonic() == 8.0
    still.advance(1)
    assert seen[-1] == ("d", 9.0)


def test_late_events_run_at_their_due_time(monkeypatch: Any) -> None:
    """With a running clock, an event can run late but still sees its due time."""
    real = [0.0]
    monkeypatch.setattr(clock_module.time, "monotonic", lambda: real[0])
    clock = Clock(lock=threading.RLock(), speed=1)
    seen: list[float] = []
    clock.after(1, lambda: clock.after(1, lambda: seen.append(clock.monotonic())))
    real[0] = 60
    clock.settle()
    assert (seen, clock.monotonic()) == ([2.0], 60.0)


def test_clock_starts_at_given_time() -> None:
    """The start is the given time or, with a running clock, the current time."""
    start = datetime(2027, 1, 1, tzinfo=timezone.utc)
    assert Clock(lock=threading.RLock(), start=start).now() == start
    flowing = Clock(lock=threading.RLock(), speed=1).now()
    assert abs(flowing - datetime.now(timezone.utc)) < timedelta(seconds=5)


def test_scheduled_action_can_call_the_server(sim: Any, rds: Any) -> None:
    """An action scheduled with ``at`` can use a client, because no lock is held."""
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    statuses = []

    def observe(simulator: Any) -> None:
        answer = rds.describe_db_instances(DBInstanceIdentifier="orders")
        statuses.append((simulator.clock.monotonic(), answer["DBInstances"][0]["DBInstanceStatus"]))

    rds.modify_db_instance(DBInstanceIdentifier="orders", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    sim.at(1, observe)
    sim.at(10, observe)
    sim.at(30, observe)
    sim.clock.advance(60)
    assert statuses == [
        (1.0, "available"),
        (10.0, "configuring-iam-database-auth"),
        (30.0, "available"),
    ]


def test_reset_removes_events(sim: Any) -> None:
    struck: list[int] = []
    sim.at(1, lambda _: struck.append(1))
    sim.reset()
    sim.clock.advance(5)
    assert struck == []


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        ("sun:04:00-sun:04:30", "2026-11-02T12:00", "2026-11-08T04:00"),
        ("Mon:13:00-Mon:13:30", "2026-11-02T12:00", "2026-11-02T13:00"),
        ("mon:12:00-mon:12:30", "2026-11-02T12:00", "2026-11-09T12:00"),
        ("sun:23:45-mon:00:15", "2026-11-08T23:50", "2026-11-15T23:45"),
    ],
)
def test_next_start_returns_next_window(window: str, now: str, expected: str) -> None:
    found = next_start(window, datetime.fromisoformat(f"{now}:00+00:00"))
    assert found == datetime.fromisoformat(f"{expected}:00+00:00")


@pytest.mark.parametrize("window", ["", "daily", "xyz:04:00-sun:04:30", "sun:25:00-sun:26:00"])
def test_next_start_of_invalid_window_is_an_error(window: str) -> None:
    with pytest.raises(ValueError, match="Invalid "):
        next_start(window, FIXED_START)


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "blue"},
        {"deferred_cancel": "maybe"},
        {"ssl_enforced": 1},
        {"apply_seconds": -1},
        {"apply_seconds": True},
        {"apply_seconds": "long"},
    ],
)
def test_update_invalid_setting_is_an_error(changes: dict[str, Any]) -> None:
    """Either all settings are changed or none."""
    settings = Settings()
    with pytest.raises(ValueError, match=next(iter(changes))):
        settings.update(status_lag=99, **changes)
    assert settings == Settings()
    settings.update(status_lag=99, modify_lost=True)
    assert (settings.status_lag, settings.modify_lost) == (99.0, True)
    settings.reset()
    assert settings == Settings()


@pytest.mark.parametrize(("speed", "lag", "expected"), [(0, 2, 2), (1, 2, 2), (600, 2, 60), (600, 90, 90), (600, 0, 0)])
def test_lag_at_high_speed_has_a_minimum_duration(speed: float, lag: float, expected: float) -> None:
    """A lag above zero lasts at least a tenth of a real second."""
    assert Settings().lag(lag, speed) == pytest.approx(expected)


def test_status_lag_at_high_speed_is_observable(monkeypatch: Any) -> None:
    """At 600 simulated seconds per second, a client still sees "available" during a lag of 2 seconds."""
    real = [1000.0]
    monkeypatch.setattr(clock_module.time, "monotonic", lambda: real[0])
    world = World(speed=600)
    seed(world, {"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    backend = world.backend()
    database = next(iter(backend.instances))
    request_changes(backend, database, {"DBInstanceClass": "db.r6g.large"}, immediately=True)
    real[0] += 0.09
    world.clock.settle()
    assert database.status == "available"
    real[0] += 0.02
    world.clock.settle()
    assert database.status == "modifying"
