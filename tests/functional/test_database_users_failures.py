# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs of the role ``database_users`` in which something fails after the checks, and what they report."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from dataclasses import replace

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
from ansible_collections.passwordless.rds.tests.functional.user_histories import move, started
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE

pytestmark = pytest.mark.slow

LEGACY = {"name": "legacy", "password": PASSWORD}
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}
PAST = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)


@pytest.fixture
def postgresql(tmp_path):
    with started("postgres", tmp_path, users=[LEGACY]) as (moves, ansible):
        yield moves, ansible


@contextlib.contextmanager
def expiring_sessions(moves, count):
    """Let the first ``count`` sessions of the next run expire as soon as they exist, as after a run of many users."""
    sessions = moves.simulator.world.sessions
    known = set(sessions)
    expired: list[str] = []
    stopped = threading.Event()

    def expire() -> None:
        while len(sessions) < len(known) + count:
            if stopped.wait(0.05):
                return
        for key in set(sessions) - known:
            sessions[key] = replace(sessions[key], expires=PAST)
            expired.append(key)

    thread = threading.Thread(target=expire, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
    assert len(expired) == count


def test_sessions_of_the_first_check_may_expire(postgresql):
    moves, ansible = postgresql
    with expiring_sessions(moves, 2):
        done = move(moves, ansible, PILOT, APP, policy_timeout="0").ok()
    assert done.outcomes == {"pilot": "created", "app": "created"}
    assert (done.entries[1]["verified_as"], done.entries[1]["verified_by"]) == ([ROLE], "login")


def test_role_that_can_no_longer_be_assumed_reverts_mapping(postgresql):
    """The login must not be verified with the credentials of the task, which may log in as every user."""
    moves, ansible = postgresql
    moves.simulator.faults.add(operation="sts:AssumeRole", deny=True, after=1, times=None)
    failed = move(moves, ansible, APP, policy_timeout="0").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert f"verify_role_arn: {ROLE}: " in failed.entries[0]["msg"]
    assert (failed.entries[0]["verified_as"], failed.entries[0]["verified_by"]) == ([], None)
    assert moves.sql("legacy", PASSWORD, "SELECT session_user::text") == [("legacy",)]
    moves.simulator.faults.clear()
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}
