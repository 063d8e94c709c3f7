# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Random and altered bytes never end the front door, and never open a session."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from login.door_harness import SSL_REQUEST_PACKET, DoorHarness, RunningDoor, TestBackend, session_user
from login.private_postgres import PrivatePostgres
from login.tokens import make_token
from rds_simulator.login import wire

AUTHENTICATION_OK = b"R" + struct.pack("!II", 8, 0)
FUZZ = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def packet(body: bytes, code: int = 3 << 16) -> bytes:
    return struct.pack("!II", len(body) + 8, code) + body


GOOD_PACKETS = [
    packet(b"user\0app_user\0database\0postgres\0\0"),
    packet(b"user\0pw_user\0database\0postgres\0application_name\0psql\0\0", 3 << 16 | 2),
    packet(b"user\0app_user\0replication\0database\0\0"),
    SSL_REQUEST_PACKET,
    struct.pack("!II", 8, wire.GSSENC_REQUEST),
    struct.pack("!IIII", 16, wire.CANCEL_REQUEST, 1, 2),
    wire.encode_message(b"p", b"a token\0"),
    wire.encode_message(b"Q", b"select 1\0"),
]
SEQUENCES = st.lists(st.sampled_from(GOOD_PACKETS) | st.binary(max_size=64), min_size=1, max_size=4).map(b"".join)


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """Return a sequence of packets in which bytes are replaced, inserted, removed, or cut off."""
    data = bytearray(draw(SEQUENCES))
    for _unused in range(draw(st.integers(0, 4))):
        if not data:
            break
        position = draw(st.integers(0, len(data) - 1))
        operation = draw(st.sampled_from(["replace", "insert", "delete", "cut"]))
        if operation == "replace":
            data[position] = draw(st.integers(0, 255))
        elif operation == "insert":
            data[position:position] = draw(st.binary(max_size=8))
        else:
            del data[position : position + 1 if operation == "delete" else None]
    return bytes(data)


@pytest.fixture(scope="module")
def fuzzed(harness: DoorHarness, server: PrivatePostgres) -> Iterator[RunningDoor]:
    """A front door whose event loop must not report any error."""
    errors: list[dict[str, Any]] = []

    def record(_unused: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        errors.append(context)

    with harness.open(TestBackend(server), login_timeout=5) as door:
        harness.loop.set_exception_handler(record)
        yield door
        harness.loop.set_exception_handler(None)
    assert not errors


def send(connection: socket.socket, data: bytes) -> bytes:
    """Send bytes and the end of the stream, and return everything that arrives. TLS has no half-closed connections."""
    received = b""
    try:
        connection.sendall(data)
        if isinstance(connection, ssl.SSLSocket):
            connection.settimeout(0.1)
        else:
            connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65_536):
            received += chunk
    except OSError as error:
        if isinstance(error, TimeoutError) and not isinstance(connection, ssl.SSLSocket):
            raise
    return received


@settings(max_examples=300, **FUZZ)
@given(data=st.binary(max_size=300) | altered())
def test_random_bytes_open_no_session(fuzzed: RunningDoor, data: bytes) -> None:
    with fuzzed.open_socket() as connection:
        assert AUTHENTICATION_OK not in send(connection, data)


@settings(max_examples=100, **FUZZ)
@given(data=st.binary(min_size=1, max_size=300) | altered())
def test_random_bytes_in_tls_open_no_session(fuzzed: RunningDoor, data: bytes) -> None:
    context = ssl.create_default_context(cafile=fuzzed.ca_file)
    with fuzzed.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with context.wrap_socket(connection, server_hostname=fuzzed.host) as encrypted:
            assert AUTHENTICATION_OK not in send(encrypted, data)


@settings(max_examples=100, **FUZZ)
@given(data=altered())
def test_random_bytes_as_password_open_no_session(fuzzed: RunningDoor, data: bytes) -> None:
    context = ssl.create_default_context(cafile=fuzzed.ca_file)
    with fuzzed.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with context.wrap_socket(connection, server_hostname=fuzzed.host) as encrypted:
            encrypted.sendall(GOOD_PACKETS[0])
            assert encrypted.recv(100) == wire.CLEARTEXT_PASSWORD_REQUEST
            assert AUTHENTICATION_OK not in send(encrypted, data)


def test_login_after_fuzzing_succeeds(fuzzed: RunningDoor) -> None:
    assert session_user(fuzzed.connect(make_token())) == "app_user"
    assert session_user(fuzzed.connect("pw-secret", "pw_user")) == "pw_user"
