# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Clients that violate the protocol, say nothing, or come in great numbers. None of them stops the front door."""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from login.door_harness import SSL_REQUEST_PACKET, DoorHarness, RunningDoor, TestBackend, session_user
from login.private_postgres import PrivatePostgres
from login.sessions import count_sessions, wait_until
from login.tokens import LONG_TERM, TEMPORARY, make_target, make_token
from rds_simulator.login import wire

VERSION = 3 << 16
GSSENC_REQUEST_PACKET = struct.pack("!II", 8, wire.GSSENC_REQUEST)


def startup(user: bytes = b"app_user", code: int = VERSION) -> bytes:
    body = b"user\0" + user + b"\0database\0postgres\0\0"
    return struct.pack("!II", len(body) + 8, code) + body


@pytest.fixture(scope="module")
def hasty(harness: DoorHarness, server: PrivatePostgres) -> Iterator[RunningDoor]:
    """A front door that waits one second for a login."""
    with harness.open(TestBackend(server), login_timeout=1) as door:
        yield door


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(64),
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack("!II", 1 << 30, VERSION),
        struct.pack("!II", 2**32 - 1, VERSION) + b"user\0" * 1000,
        bytes(8),
        bytes(64),
        b"",
        b"\0\0\0",
        struct.pack("!II", 100, VERSION) + b"user\0",
        SSL_REQUEST_PACKET,
        SSL_REQUEST_PACKET + bytes(100),
        SSL_REQUEST_PACKET + SSL_REQUEST_PACKET,
        GSSENC_REQUEST_PACKET,
        GSSENC_REQUEST_PACKET + GSSENC_REQUEST_PACKET,
        GSSENC_REQUEST_PACKET + SSL_REQUEST_PACKET,
        b"\x16",
        b"\x16\x03\x01\xff\xff",
        struct.pack("!II", 8, wire.CANCEL_REQUEST),
        struct.pack("!III", 12, wire.CANCEL_REQUEST, 1),
    ],
    ids=range(19),
)
def test_violation_is_closed_without_session(hasty: RunningDoor, data: bytes) -> None:
    answer = hasty.exchange(data)
    # nothing, an error message, or a TLS alert, after the answers to the requests for encryption
    assert answer.lstrip(b"SN")[:1] in (b"", b"E", b"\x15")
    assert session_user(hasty.connect(make_token())) == "app_user"


@pytest.mark.parametrize(
    ("data", "sqlstate"),
    [
        (struct.pack("!II", 9, VERSION) + b"\0", b"C28000"),
        (struct.pack("!II", 8, VERSION), b"C08P01"),
        (startup(code=2 << 16), b"C0A000"),
        (startup(b"\xff\xfe"), b"C28000"),
        (startup()[:-1] + b"x", b"C08P01"),
    ],
)
def test_invalid_startup_packet_is_told(door: RunningDoor, data: bytes, sqlstate: bytes) -> None:
    answer = door.exchange(data)
    assert answer[:1] == b"E"
    assert sqlstate in answer


def test_gssapi_encryption_is_refused_before_tls(door: RunningDoor) -> None:
    with door.open_socket() as connection:
        connection.sendall(GSSENC_REQUEST_PACKET)
        assert connection.recv(10) == b"N"
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(10) == b"S"


@pytest.mark.parametrize("parts", [1, 2], ids=["one packet", "two packets"])
def test_plain_bytes_after_ssl_request_never_count_as_encrypted(door: RunningDoor, parts: int) -> None:
    """As in CVE-2021-23214: an attacker in the middle sends plain bytes before the TLS handshake."""
    with door.open_socket() as connection:
        plain = startup()
        for data in [SSL_REQUEST_PACKET + plain] if parts == 1 else [SSL_REQUEST_PACKET, plain]:
            connection.sendall(data)
        assert connection.recv(1) == b"S"
        context = ssl.create_default_context(cafile=door.ca_file)
        with pytest.raises(OSError, match=r"SSL|TLS|reset|EOF|ssl"):
            context.wrap_socket(connection, server_hostname="127.0.0.1")


def test_direct_tls_without_alpn_is_closed(door: RunningDoor) -> None:
    context = ssl.create_default_context(cafile=door.ca_file)
    with door.open_socket() as connection, context.wrap_socket(connection, server_hostname="127.0.0.1") as encrypted:
        received = b""
        with contextlib.suppress(OSError):
            encrypted.sendall(startup())
            received = encrypted.recv(100)
        assert received == b""


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (wire.encode_message(b"Q", b"select 1\0"), b"C08P01"),
        (wire.encode_message(b"X", b""), b"C08P01"),
        (wire.encode_message(b"p", b"\0"), b"C28P01"),
        (wire.encode_message(b"p", b"a\0b\0"), b"C08P01"),
        (b"p" + struct.pack("!I", 1 << 30), b""),
        (startup(), b"C08P01"),
        (SSL_REQUEST_PACKET, b"C08P01"),
    ],
)
def test_other_message_instead_of_password_ends_login(door: RunningDoor, message: bytes, answer: bytes) -> None:
    context = ssl.create_default_context(cafile=door.ca_file)
    with door.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with context.wrap_socket(connection, server_hostname="127.0.0.1") as encrypted:
            encrypted.sendall(startup())
            assert encrypted.recv(100) == wire.CLEARTEXT_PASSWORD_REQUEST
            encrypted.sendall(message)
            assert answer in encrypted.recv(1000)
    assert door.backend.checks == []


def test_query_sent_along_with_refused_token_is_not_run(door: RunningDoor) -> None:
    """A client that does not wait for the answer gets no session either."""
    context = ssl.create_default_context(cafile=door.ca_file)
    with door.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with context.wrap_socket(connection, server_hostname="127.0.0.1") as encrypted:
            query = wire.encode_message(b"Q", b"select 'a' || 'b'\0")
            encrypted.sendall(startup() + wire.encode_message(b"p", b"wrong\0") + query)
            received = b""
            with contextlib.suppress(OSError):
                while data := encrypted.recv(1000):
                    received += data
    assert b"PAM authentication failed" in received
    assert b"ab" not in received.replace(b"database", b"")


@pytest.mark.parametrize("data", [b"", SSL_REQUEST_PACKET, GSSENC_REQUEST_PACKET], ids=["silent", "tls", "gssapi"])
def test_silent_client_is_closed_after_login_timeout(
    hasty: RunningDoor, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "rds_simulator"):
        hasty.exchange(data)
    assert "connection closed: TimeoutError" in caplog.messages


def test_login_timeout_does_not_end_sessions(hasty: RunningDoor) -> None:
    with hasty.connect(make_token()) as connection:
        time.sleep(1.5)
        assert connection.execute("select 1").fetchone() == (1,)


def is_open(connection: socket.socket) -> bool:
    """Return whether the peer has neither sent anything nor closed the connection."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    return False


def test_login_while_500_clients_say_nothing(door: RunningDoor) -> None:
    silent = [door.open_socket() for _unused in range(500)]
    try:
        assert session_user(door.connect(make_token())) == "app_user"
        assert all(is_open(connection) for connection in silent)
    finally:
        for connection in silent:
            connection.close()


@pytest.mark.slow
def test_logins_500_at_once_are_all_answered(harness: DoorHarness, server: PrivatePostgres) -> None:
    """The server has 200 connections. Further logins get its own error, and none hangs."""
    token = make_token()
    known = ("accepted", "sorry, too many clients already", "reserved for roles with the SUPERUSER attribute")
    answers: list[str] = []

    def log_in(door: RunningDoor) -> None:
        try:
            door.connect(token).close()
            answers.append("accepted")
        except Exception as error:
            answers.append(str(error))

    with harness.open(TestBackend(server)) as door:
        threads = [threading.Thread(target=log_in, args=[door]) for _unused in range(500)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)
        assert len(answers) == 500
        assert not {answer for answer in answers if not answer.endswith(known)}
        # a session of the server ends a little later than its connection
        assert wait_until(lambda: count_sessions(server, "app_user") == 0)
        assert session_user(door.connect(token)) == "app_user"


def test_out_of_file_descriptors_recovers(door: RunningDoor) -> None:
    door.connect(make_token()).close()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with door.open_socket() as lowest_free:
        limit = lowest_free.fileno() + 20
    connections: list[socket.socket] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                connections.append(door.open_socket())
        assert len(connections) >= 5
        time.sleep(0.5)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for connection in connections:
            connection.close()
    assert session_user(door.connect(make_token())) == "app_user"


def test_log_contains_no_token_and_no_password(harness: DoorHarness, server: PrivatePostgres) -> None:
    """Every record of every logger is read, at DEBUG and with asyncio's debug mode."""
    records: list[str] = []
    # made before the recording, because botocore logs the signature
    tokens = [make_token(), make_token(TEMPORARY), make_token(user="reporting"), make_token() + "x"]

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))
            records.append(repr(record.args))

    root, recorder = logging.getLogger(), Recorder()
    level = root.level
    root.addHandler(recorder)
    root.setLevel(logging.DEBUG)
    harness.loop.set_debug(True)
    try:
        with harness.open(TestBackend(server)) as door:
            for token in tokens:
                with contextlib.suppress(Exception):
                    door.connect(token).close()
            door.connect("pw-secret", "pw_user").close()
            door.refusal("hunter2-hunter2", "pw_user")
            door.exchange(tokens[0].encode())
            door.exchange(SSL_REQUEST_PACKET + tokens[0].encode())
            door.exchange_over_tls(wire.encode_message(b"p", tokens[0].encode() + b"\0"))
            door.backend.check_token = _fail  # type: ignore[method-assign]
            door.refusal(tokens[0])
    finally:
        harness.loop.set_debug(False)
        root.removeHandler(recorder)
        root.setLevel(level)
    text = "\n".join(records)
    assert "accepted" in text
    assert "internal error: RuntimeError" in text
    secrets = [token.partition("?")[2][-64:] for token in tokens]
    secrets += ["pw-secret", "hunter2", LONG_TERM.secret_access_key, LONG_TERM.access_key_id, "IQoJb3JpZ2luX2Vj"]
    assert not [secret for secret in secrets if secret in text]


def _fail(user: str, token: str) -> None:
    raise RuntimeError(token)


def test_target_that_fails_closes_connection_only(harness: DoorHarness, server: PrivatePostgres) -> None:
    backend = TestBackend(server)

    def fail() -> None:
        raise KeyError("deleted")

    with harness.open(backend) as door:
        backend.target = fail  # type: ignore[method-assign, assignment]
        assert door.exchange(b"") == b""
        backend.target = make_target  # type: ignore[method-assign]
        assert session_user(door.connect(make_token())) == "app_user"


@pytest.mark.parametrize(
    ("change", "refused_as"),
    [({"status": "stopped"}, b"57P03"), ({"status": "rebooting"}, b"57P03"), ({"iam_enabled": False}, b"28000")],
)
def test_login_state_changes_before_token_arrives_refused(
    door: RunningDoor, change: dict[str, object], refused_as: bytes
) -> None:
    context = ssl.create_default_context(cafile=door.ca_file)
    with door.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with context.wrap_socket(connection, server_hostname=door.host) as encrypted:
            encrypted.sendall(startup())
            assert encrypted.recv(65_536) == wire.CLEARTEXT_PASSWORD_REQUEST
            door.backend.current = make_target(**change)
            encrypted.sendall(wire.encode_message(b"p", make_token().encode() + b"\0"))
            assert refused_as in encrypted.recv(65_536)
