# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Nothing of the database servers is left when the simulator ends, whatever ends it."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from login.simulated_logins import needs_logins

pytestmark = needs_logins
_SEED = """\
db_instances:
  - {identifier: orders, engine: postgres, login: true, master_user_password: it's a secret}
"""
_SECONDS = 60.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary directory with a short path, which every user can read."""
    path = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _started(folder: Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run the command with a seed; kill it if the test fails."""
    seed = folder / "seed.yml"
    seed.write_text(_SEED)
    workspaces = folder / "tmp"
    workspaces.mkdir()
    workspaces.chmod(0o777)
    environment = {**os.environ, "TMPDIR": str(workspaces), "HOME": str(folder)}
    command = [sys.executable, "-m", "rds_simulator", "--seed", str(seed)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def _where(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    with urllib.request.urlopen(f"{url}/simulator/logins") as answer:
        (where,) = json.load(answer)["logins"]
    return dict(where)


def _log_in(where: dict[str, Any]) -> Any:
    import psycopg

    return psycopg.connect(
        host=where["listen_host"],
        port=where["listen_port"],
        user="postgres",
        password="it's a secret",
        dbname="postgres",
        sslmode="require",
        connect_timeout=60,
    )


def _left(folder: Path) -> list[str]:
    """Return the files of the workspace, and the processes that use it."""
    workspaces = folder / "tmp"
    files = [path.name for path in workspaces.iterdir()]
    lines = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return files + [line for line in lines if str(workspaces) in line]


def _wait_until_nothing_is_left(folder: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while left := _left(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


@pytest.mark.parametrize(
    "number",
    [*(pytest.param(number, marks=pytest.mark.slow) for number in (signal.SIGINT, signal.SIGTERM)), signal.SIGKILL],
    ids=["SIGINT", "SIGTERM", "SIGKILL"],
)
def test_signal_leaves_no_server_and_no_file(folder: Path, number: signal.Signals) -> None:
    with _started(folder) as process:
        session = _log_in(_where(process))
        assert session.execute("SELECT current_user").fetchone() == ("postgres",)
        assert len(_left(folder)) > 1
        process.send_signal(number)
        process.wait(_SECONDS)
        if number != signal.SIGKILL:
            assert process.returncode == 0
            assert _left(folder) == []
        _wait_until_nothing_is_left(folder)


@pytest.mark.parametrize("delay", [*(pytest.param(delay, marks=pytest.mark.slow) for delay in (0.05, 0.8)), 0.3])
def test_kill_during_the_first_login_leaves_nothing(folder: Path, delay: float) -> None:
    """initdb, cp and the start of the server are interrupted at different times."""
    with _started(folder) as process:
        where = _where(process)
        script = "import socket,sys,time; s=socket.create_connection((sys.argv[1],int(sys.argv[2]))); "
        # A startup packet without TLS makes the front door look for the user, and so start the server.
        script += r"s.sendall(b'\0\0\0\x13\0\3\0\0user\0boss\0\0'); time.sleep(9)"
        client = subprocess.Popen([sys.executable, "-c", script, where["listen_host"], str(where["listen_port"])])
        time.sleep(delay)
        process.kill()
        process.wait(_SECONDS)
        client.kill()
        client.wait()
        _wait_until_nothing_is_left(folder)


def test_fork_of_the_simulator_does_not_delay_the_clean_up(folder: Path) -> None:
    """A fork holds the pipe to the helper process, which also watches its parent."""
    script = f"""if True:
        import os, time
        from rds_simulator import Simulator
        simulator = Simulator().start()
        simulator.seed({_SEED!r})
        simulator.ca_file
        if os.fork() == 0:
            time.sleep({2 * _SECONDS})
            os._exit(0)
        print("ready", flush=True)
        time.sleep({2 * _SECONDS})"""
    (folder / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").chmod(0o777)
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            assert len(_left(folder)) > 0
            process.kill()
            process.wait(_SECONDS)
            _wait_until_nothing_is_left(folder)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test runs as an ordinary user")
def test_server_runs_for_an_ordinary_user(folder: Path) -> None:
    user = pwd.getpwnam("nobody")
    ids: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        subprocess.run([sys.executable, "--version"], check=True, capture_output=True, **ids)
    except PermissionError:
        pytest.skip(f"{sys.executable} is in a directory that other users cannot read")
    with _started(folder, cwd="/", **ids) as process:
        with _log_in(_where(process)) as session:
            assert session.execute("SELECT current_user").fetchone() == ("postgres",)
        process.terminate()
        process.wait(_SECONDS)
        assert _left(folder) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up its rights to start a server")
def test_binaries_below_closed_home_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rds_simulator.login.postgres import binaries

    package = binaries.package_folder()
    closed = folder / "root"
    shutil.copytree(package, closed / package.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs", symlinks=True)
    before = {path: path.stat().st_mode for path in (package, *package.parents)}
    closed.chmod(0o700)
    monkeypatch.setattr(binaries, "package_folder", lambda: closed / package.name)
    found = binaries.find_binaries(folder / "lib")
    assert found.is_relative_to(folder / "lib")
    binaries.run([found / "initdb", "--version"])
    assert closed.stat().st_mode & 0o777 == 0o700
    assert {path: path.stat().st_mode for path in before} == before
