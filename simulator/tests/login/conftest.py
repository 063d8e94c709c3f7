# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A PostgreSQL server with users, and a front door for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from login.door_harness import USERS, DoorHarness, RunningDoor, TestBackend
from login.private_postgres import PrivatePostgres, run_postgres
from login.tokens import make_target
from rds_simulator.requirements import missing_packages


@pytest.fixture(scope="session")
def server() -> Iterator[PrivatePostgres]:
    if missing := missing_packages():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with run_postgres() as running:
        with running.connect() as connection:
            connection.execute(USERS)
        yield running


@pytest.fixture(scope="session")
def harness() -> Iterator[DoorHarness]:
    running = DoorHarness()
    yield running
    running.close()


@pytest.fixture(scope="session")
def shared_door(server: PrivatePostgres, harness: DoorHarness) -> Iterator[RunningDoor]:
    with harness.open(TestBackend(server)) as door:
        yield door


@pytest.fixture
def door(shared_door: RunningDoor) -> RunningDoor:
    """A front door for an available database with IAM authentication."""
    shared_door.backend.current = make_target()
    shared_door.backend.checks.clear()
    return shared_door
