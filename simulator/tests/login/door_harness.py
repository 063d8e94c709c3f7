# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A front door in an event loop of its own, in front of a private PostgreSQL server or of nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from login.private_postgres import PrivatePostgres
from login.tokens import HOST, KEYS, make_target
from rds_simulator.login import wire
from rds_simulator.login.front_door import FrontDoor
from rds_simulator.login.target import LoginTarget, ServerUnavailable
from rds_simulator.login.tls import CertificateAuthority
from rds_simulator.login.token import TokenRefused, verify

Result = TypeVar("Result")
MASTER, MASTER_PASSWORD = "master", "it's a secret"
USERS = f"""
create role {MASTER} login createrole createdb replication password 'it''s a secret';
create role app_user login in role rds_iam;
create role reporting login in role rds_iam;
create role both_roles login in role rds_iam, rds_ad;
create role with_password login password 'pw-secret' in role rds_iam;
create role pw_user login password 'pw-secret';
create role plain login;
create role replicator login replication in role rds_iam;
"""

# the seconds after which a test that waits for the front door fails
HANG = 60.0
SSL_REQUEST_PACKET = struct.pack("!II", 8, wire.SSL_REQUEST)


class TestBackend:
    """A backend for one database, whose state the tests change."""

    __test__ = False

    def __init__(self, server: PrivatePostgres | None) -> None:
        self.server = server
        self.current = make_target()
        self.checks: list[str] = []
        self._lock = threading.Lock()
        self._administrator: psycopg.Connection | None = None

    def target(self) -> LoginTarget:
        return self.current

    async def socket_path(self) -> str:
        return self._running().socket_path

    async def password_address(self) -> tuple[str, int]:
        return "127.0.0.1", self._running().port

    async def is_iam_member(self, user: str) -> bool:
        return await asyncio.to_thread(self._is_member, user, "rds_iam")

    async def is_ad_member(self, user: str) -> bool:
        return await asyncio.to_thread(self._is_member, user, "rds_ad")

    def check_token(self, user: str, token: str) -> None:
        try:
            verify(token, user, self.current, KEYS.get, datetime.now(timezone.utc))
        except TokenRefused as refused:
            self.checks.append(refused.code)
            raise
        self.checks.append("accepted")

    def _running(self) -> PrivatePostgres:
        if self.server is None:
            raise ServerUnavailable
        return self.server

    def _is_member(self, user: str, role: str) -> bool:
        query = "select pg_has_role(oid, %s, 'usage') from pg_roles where rolname = %s and not rolsuper"
        with self._lock:
            if self._administrator is None:
                self._administrator = self._running().connect()
            row = self._administrator.execute(query, (role, user)).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        if self._administrator:
            self._administrator.close()


class RunningDoor:
    """A front door that listens, and a client for it."""

    def __init__(self, door: FrontDoor, backend: TestBackend, address: tuple[str, int], ca_file: str) -> None:
        self.door, self.backend, self.ca_file = door, backend, ca_file
        self.host, self.port = address

    def connect(self, password: str, user: str = "app_user", **options: Any) -> psycopg.Connection:
        """Log in with psycopg, with TLS and the certificate verified unless the options say otherwise."""
        settings = {
            "host": HOST,
            "hostaddr": self.host,
            "port": self.port,
            "dbname": "postgres",
            "sslmode": "verify-full",
            "sslrootcert": self.ca_file,
            "connect_timeout": 30,
            "autocommit": True,
            **options,
        }
        return psycopg.connect(user=user, password=password, **settings)

    def refusal(self, password: str, user: str = "app_user", **options: Any) -> str:
        """Return the error of a login that must fail."""
        try:
            self.connect(password, user, **options).close()
        except psycopg.OperationalError as error:
            return str(error)
        raise AssertionError(f"{user} logged in")

    def open_socket(self, timeout: float = HANG) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def exchange(self, data: bytes, timeout: float = HANG) -> bytes:
        """Send bytes, and return all that arrives until the connection is closed."""
        received = b""
        with self.open_socket(timeout) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(data)
            while chunk := connection.recv(65_536):
                received += chunk
        return received

    def exchange_over_tls(self, data: bytes) -> bytes:
        """Send bytes after the TLS handshake, and return the first answer."""
        context = ssl.create_default_context(cafile=self.ca_file)
        with self.open_socket() as connection:
            connection.sendall(SSL_REQUEST_PACKET)
            assert connection.recv(1) == b"S"
            with context.wrap_socket(connection, server_hostname=self.host) as encrypted:
                encrypted.sendall(data)
                return encrypted.recv(65_536)


class DoorHarness:
    """An event loop in a thread, in which front doors run."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._authority = CertificateAuthority()
        self._folder = tempfile.TemporaryDirectory(prefix="ca-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        self.ca_file.write_bytes(self._authority.pem)

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(HANG)

    @contextlib.contextmanager
    def open(self, backend: TestBackend, **options: Any) -> Iterator[RunningDoor]:
        """Run a front door whose certificate names the database."""
        door = FrontDoor(backend, self._authority.server_context([HOST, "127.0.0.1"]), **options)
        address = self.run(door.start())
        try:
            yield RunningDoor(door, backend, address, str(self.ca_file))
        finally:
            self.run(door.stop())
            backend.close()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self._folder.cleanup()


def session_user(connection: psycopg.Connection) -> str:
    """Return the user of a session, and end it."""
    with connection:
        return connection.execute("select session_user").fetchone()[0]
