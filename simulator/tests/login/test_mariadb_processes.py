# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The processes and files of MariaDB servers, and what happens where MariaDB is not installed."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from login.mariadb_logins import needs_mariadb
from rds_simulator import Simulator, requirements

SEED = {"db_instances": [{"identifier": "orders", "engine": "mariadb", "login": True, "master_user_password": "pw"}]}

# Prints its workspace and, once the server accepts logins, the process id of the server. Then it waits to be killed.
_PROGRAM = f"""
import socket, sys, time
from rds_simulator import Simulator
from rds_simulator.login.postgres.workspace import workspace
with Simulator() as simulator:
    simulator.seed({SEED!r})
    (where,) = simulator.logins()
    print(workspace().path, flush=True)
    with socket.create_connection((where["listen_host"], where["listen_port"])) as client:
        if sys.argv[1] == "running":
            client.recv(1)
            print("running", flush=True)
        time.sleep(600)
"""


def servers_in(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_text(errors="replace")
            if str(folder) in command and "mariadbd" in command:
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def wait_until(condition: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def simulator_process(request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    command = [sys.executable, "-c", _PROGRAM, request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        if request.param == "running":
            assert process.stdout.readline() == "running\n"
        else:
            wait_until(lambda: servers_in(folder))
        yield process, folder
        process.kill()


@needs_mariadb
@pytest.mark.parametrize(
    "simulator_process", ["running", pytest.param("starting", marks=pytest.mark.slow)], indirect=True
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_server_ends_with_the_simulator(simulator_process: tuple[subprocess.Popen[str], Path], number: int) -> None:
    process, folder = simulator_process
    (servers, user) = (servers_in(folder), os.geteuid())
    expected = pwd.getpwnam("nobody").pw_uid if user == 0 else user
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in servers} == {expected}
    process.send_signal(number)
    process.wait(30)
    wait_until(lambda: not servers_in(folder) and not folder.exists())


@needs_mariadb
def test_server_folder_is_private() -> None:
    from rds_simulator.login.postgres.workspace import workspace

    data = workspace().data
    assert data.stat().st_mode & 0o077 == 0


def test_login_without_mariadb_names_what_is_missing(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "find_program", lambda _name: None)
    monkeypatch.setattr(requirements, "plugin_headers", lambda: None)
    with pytest.raises(ValueError, match="mariadb-server-core, gcc and libc6-dev, libmariadbd-dev"):
        sim.seed(SEED)
    assert len(sim.world.backend().instances) == 0


@pytest.mark.parametrize(
    ("users", "message"),
    [
        ([{"name": "rdsadmin"}], "reserved"),
        ([{"name": "x" * 33}], "1 to 32 characters"),
        ([{"name": "x", "host": ""}], "1 to 60 characters"),
        ([{"name": "x", "valid_until": "infinity"}], "requires a PostgreSQL engine"),
        ([{"name": "x", "iam": True, "password": "y"}], "has no password"),
        ([{"name": "x", "password": "a\0b"}], "NUL"),
        ([{"name": "x", "grants": ["SELECT ON a.* TO y; DROP USER z"]}], "is not a grant"),
        ([{"name": "x", "connection_limit": -2}], "-1 or more"),
        ([{"name": "x"}, {"name": "x", "host": "%"}], "already exists"),
        pytest.param([{"name": "admin"}], "is the master user", marks=needs_mariadb),
    ],
)
def test_seed_with_invalid_user_names_option(sim: Simulator, users: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql", "login": True, "users": users}]})


@pytest.mark.parametrize("databases", [["mysql"], ["a", "a"], [1], ["x" * 65]])
def test_seed_with_invalid_database_names_option(sim: Simulator, databases: list[Any]) -> None:
    with pytest.raises(ValueError, match="databases"):
        sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql", "login": True, "databases": databases}]})


def test_seed_with_host_needs_mysql(sim: Simulator) -> None:
    user = {"name": "x", "host": "%"}
    with pytest.raises(ValueError, match="requires MySQL or MariaDB"):
        sim.seed({"db_instances": [{"identifier": "orders", "engine": "postgres", "login": True, "users": [user]}]})
