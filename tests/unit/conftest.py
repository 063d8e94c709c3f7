# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""One simulator for the session, empty for each test; its clock is the clock of modules that run in this process."""

from __future__ import annotations

import types

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils import _clock
from ansible_collections.passwordless.rds.tests.simulator import server


@pytest.fixture(scope="session")
def _simulator():
    with server.Simulator(port=0, speed=0.0) as simulator:
        yield simulator


@pytest.fixture
def sim(_simulator, monkeypatch):
    """The simulator. Time stands still but for what modules wait, and ``sim.clock.advance``."""
    _simulator.reset()
    clock = _simulator.clock
    monkeypatch.setattr(_clock.SystemClock, "now", lambda self: clock.now())
    monkeypatch.setattr(_clock.SystemClock, "monotonic", lambda self: clock.monotonic())
    monkeypatch.setattr(_clock.SystemClock, "sleep", lambda self, seconds: clock.advance(seconds))
    # botocore waits between its retries
    monkeypatch.setattr("botocore.endpoint.time", types.SimpleNamespace(sleep=clock.advance))
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_URL"):
        monkeypatch.delenv(name, raising=False)
    return _simulator
