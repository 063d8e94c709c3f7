# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Sessions through the front door: results, cancel requests, and ends of sessions."""

from __future__ import annotations

import shutil
import struct
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from login.door_harness import MASTER, MASTER_PASSWORD, DoorHarness, RunningDoor, TestBackend
from login.private_postgres import PrivatePostgres
from login.sessions import count_sessions, wait_until
from login.tokens import HOST, make_token
from rds_simulator.login import wire


@pytest.mark.parametrize("sslmode", ["verify-full", "disable"])
def test_cancel_request_ends_query(door: RunningDoor, sslmode: str) -> None:
    token = sslmode == "verify-full"
    user, password = ("app_user", make_token()) if token else (MASTER, MASTER_PASSWORD)
    with door.connect(password, user, sslmode=sslmode) as connection:
        # cancel() would hold the interpreter until the front door answers, which runs in this process
        threading.Timer(0.2, connection.cancel_safe).start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("select pg_sleep(20)")


def test_cancel_request_with_wrong_key_changes_nothing(door: RunningDoor) -> None:
    with door.connect(make_token()) as connection:
        wrong = struct.pack("!IIII", 16, wire.CANCEL_REQUEST, connection.info.backend_pid, 1)
        assert door.exchange(wrong) == b""
        assert connection.execute("select 1").fetchone() == (1,)


def test_cancel_request_without_session_does_not_reach_server(harness: DoorHarness) -> None:
    backend = TestBackend(None)
    with harness.open(backend) as door:
        assert door.exchange(struct.pack("!IIII", 16, wire.CANCEL_REQUEST, 1, 1)) == b""


def test_session_large_result_arrives(door: RunningDoor) -> None:
    with door.connect(make_token()) as connection:
        text = connection.execute("select repeat('x', 50000000)").fetchone()[0]
    assert len(text) == 50_000_000


def test_session_copy_in_both_directions(door: RunningDoor) -> None:
    with door.connect(make_token()) as connection, connection.cursor() as cursor:
        cursor.execute("create temporary table numbers (number int)")
        with cursor.copy("copy numbers from stdin") as copy:
            for number in range(20_000):
                copy.write_row([number])
        with cursor.copy("copy numbers to stdout") as copy:
            assert sum(1 for _unused in copy.rows()) == 20_000


def test_session_terminated_by_server_is_told(door: RunningDoor, server: PrivatePostgres) -> None:
    with door.connect(make_token()) as connection:
        with server.connect() as administrator:
            administrator.execute("select pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(psycopg.errors.AdminShutdown):
            connection.execute("select 1")


def test_session_of_client_that_vanishes_ends(door: RunningDoor, server: PrivatePostgres) -> None:
    connection = door.connect(make_token(user="reporting"), "reporting")
    assert count_sessions(server, "reporting") == 1
    connection.pgconn.finish()
    assert wait_until(lambda: count_sessions(server, "reporting") == 0)


def test_stop_ends_sessions_and_frees_port(harness: DoorHarness, server: PrivatePostgres) -> None:
    with harness.open(TestBackend(server)) as door:
        connection = door.connect(make_token(user="reporting"), "reporting")
        silent = door.open_socket()
        harness.run(door.door.stop())
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
        assert silent.recv(1) == b""
        silent.close()
        with pytest.raises(ConnectionRefusedError):
            door.open_socket()
        assert wait_until(lambda: count_sessions(server, "reporting") == 0)
        host, port = harness.run(door.door.start("127.0.0.1", door.port))
        assert (host, port) == (door.host, door.port)
        door.connect(make_token()).close()


def test_start_on_ipv6_address(harness: DoorHarness, server: PrivatePostgres) -> None:
    with harness.open(TestBackend(server)) as door:
        harness.run(door.door.stop())
        try:
            door.host, door.port = harness.run(door.door.start("::1"))
        except OSError:
            pytest.skip("this machine has no IPv6")
        door.connect(make_token()).close()


def test_sessions_100_at_once(door: RunningDoor) -> None:
    token = make_token()
    barrier = threading.Barrier(100)

    def keep_open(_unused: int) -> int:
        with door.connect(token) as connection:
            barrier.wait(60)
            return connection.execute("select 1").fetchone()[0]

    with ThreadPoolExecutor(100) as pool:
        assert sum(pool.map(keep_open, range(100))) == 100


def test_psql_logs_in_with_token(door: RunningDoor) -> None:
    psql = shutil.which("psql")
    if psql is None:
        pytest.skip("psql is not installed")
    settings = f"host={HOST} hostaddr={door.host} port={door.port} user=app_user dbname=postgres"
    done = subprocess.run(
        [psql, f"{settings} sslmode=verify-full sslrootcert={door.ca_file}", "-Atc", "select session_user"],
        env={"PGPASSWORD": make_token()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "app_user\n", done.stderr
