# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs of the role ``database_users`` that are killed after any task, while clients log in continuously."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
import typing as t

import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, UserMoves
from ansible_collections.passwordless.rds.tests.samples import sample_size
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

psycopg = pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
]

# test_database_users_histories.py has many more, in processes that cost less
HISTORIES = sample_size(1, 4)
IN_PLACE = sample_size(1, 4)
# more tasks than a run has before it changes the last user
MOST_TASKS = 60


class Client(threading.Thread):
    """Logs in continuously. ``failures`` counts from the start, or with ``after_first`` from the first success."""

    def __init__(self, moves: UserMoves, user: str, secret: t.Callable[[], str], *, after_first: bool = False) -> None:
        super().__init__(daemon=True)
        self._moves = moves
        self._user = user
        self._secret = secret
        self._counts = not after_first
        self._stopped = threading.Event()
        self.logins = 0
        self.failures: list[str] = []

    def run(self) -> None:
        while not self._stopped.wait(0.2):
            try:
                self._moves.sql(self._user, self._secret(), "SELECT 1")
            except psycopg.Error as error:
                if self._counts:
                    self.failures.append(str(error))
            else:
                self.logins += 1
                self._counts = True

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def kill_after(moves, tasks, users):
    """Start the playbook, and kill it as soon as this number of tasks has ended."""
    ansible = moves.ansible
    record = ansible.folder / "record"
    record.write_text("")
    command = ["ansible-playbook", "passwordless.rds.users", "-e", json.dumps(moves.variables(*users))]
    process = subprocess.Popen(
        command,
        cwd=ansible.folder,
        env=ansible.environment(RECORD_FILE=str(record)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + HANG
    while process.poll() is None and len(record.read_text().splitlines()) < tasks and time.monotonic() < until:
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):  # the run has already ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def moves(tmp_path_factory):
    with server.Simulator(port=0) as simulator:
        moves = UserMoves(simulator, tmp_path_factory.mktemp("histories"))
        moves.move({"name": "pilot", "databases": ["sales"], **BY_ROLE}).ok()
        yield moves


@pytest.fixture
def clients(moves):
    """Start clients. Returns a function that starts another one."""
    started: list[Client] = []

    def _start(user, secret, **more):
        client = Client(moves, user, secret, **more)
        client.start()
        started.append(client)
        return client

    yield _start
    for client in started:
        client.stop()


def create(moves, name, chance):
    """Create a user with a password, and random settings."""
    limit = chance.choice([-1, 20])
    moves.admin(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT {limit}")
    for setting in chance.sample(["work_mem TO '5MB'", "search_path TO sales, public", "lock_timeout TO 0"], k=2):
        where = chance.choice(["", " IN DATABASE sales"])
        moves.admin(f"ALTER ROLE {name}{where} SET {setting}")


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_alongside_killed_after_any_task_fails_no_login(moves, clients, seed):
    chance = random.Random(seed)
    old, new = f"old_{seed}", f"new_{seed}"
    create(moves, old, chance)
    users = [{"name": new, "replaces": old, "databases": ["sales"], **BY_ROLE}]
    watched = [
        clients(old, lambda: PASSWORD),
        clients("pilot", lambda: moves.token("pilot")),
        clients(new, lambda: moves.token(new), after_first=True),
    ]
    for _kill in range(chance.choice([1, 1, 2])):
        kill_after(moves, chance.randrange(1, MOST_TASKS), users)
    moves.move(*users).ok()
    assert moves.sql(new, moves.token(new), "SELECT session_user::text, current_user::text") == [(new, old)]
    for client in watched:
        client.stop()
        assert client.failures == []
        assert client.logins > 0
    again = moves.move(*users).ok()
    assert (again.outcomes, again.changed) == ({new: "unchanged"}, False)


@pytest.mark.parametrize("seed", range(IN_PLACE))
def test_in_place_killed_after_any_task_recovers(moves, clients, seed):
    chance = random.Random(1000 + seed)
    name = f"worker_{seed}"
    create(moves, name, chance)
    pilot = clients("pilot", lambda: moves.token("pilot"))
    users = [
        {"name": "pilot", "databases": ["sales"], **BY_ROLE},
        {"name": name, "strategy": "in_place", "databases": ["sales"], **BY_ROLE},
    ]
    kill_after(moves, chance.randrange(1, MOST_TASKS + 20), users)
    mapped = moves.admin(f"SELECT pg_has_role('{name}', 'rds_iam', 'USAGE')") == [(True,)]
    # the password is valid until the mapping, and the token from then on
    secret = moves.token(name) if mapped else PASSWORD
    assert moves.sql(name, secret, "SELECT session_user::text") == [(name,)]
    moves.move(*users).ok()
    assert moves.sql(name, moves.token(name), "SELECT session_user::text") == [(name,)]
    with pytest.raises(psycopg.OperationalError):
        moves.sql(name, PASSWORD, "SELECT 1")
    pilot.stop()
    assert pilot.failures == []
