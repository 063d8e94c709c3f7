# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Random bytes at the door of MariaDB and at the socket for tokens accept no login and cause no internal error."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rds_simulator.login.mariadb import door
from rds_simulator.login.mariadb.token_socket import Connection, TokenSocket
from rds_simulator.login.token import TokenRefused

FUZZ = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TLS_PORT, PLAIN_PORT = 40_000, 40_001


class Checker:
    """Accepts one token."""

    def check_token(self, user: str, token: str) -> None:
        """Return if the token is accepted."""
        if (user, token) != ("app", "good"):
            raise TokenRefused("INVALID_TOKEN", "it is not the token")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("tokens") / "socket"
    listening = TokenSocket(path)
    listening.connections.update({TLS_PORT: Connection(Checker(), True), PLAIN_PORT: Connection(Checker(), False)})
    yield path
    listening.close()


def ask(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(100):
                answer += more
        except (BrokenPipeError, ConnectionResetError):
            pass
        return answer


def text(value: bytes) -> bytes:
    return struct.pack("!I", len(value)) + value


def test_right_token_is_accepted(tokens: Path) -> None:
    assert ask(tokens, struct.pack("!I", TLS_PORT) + text(b"app") + text(b"good")) == b"yy"


@FUZZ
@given(
    st.sampled_from([TLS_PORT, PLAIN_PORT, 0, 2**32 - 1]),
    st.lists(
        st.binary(max_size=40).map(text) | st.binary(max_size=8) | st.just(struct.pack("!I", 2**32 - 1)), max_size=4
    ),
)
def test_any_other_request_is_refused(
    tokens: Path, caplog: pytest.LogCaptureFixture, port: int, parts: list[bytes]
) -> None:
    caplog.set_level(logging.ERROR)
    assert ask(tokens, struct.pack("!I", port) + b"".join(parts)) in (b"", b"n", b"y", b"yn")
    assert caplog.records == []


@FUZZ
@given(st.binary(max_size=80))
def test_door_reads_or_refuses_any_first_packet(data: bytes) -> None:
    async def read(function: str) -> object:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await getattr(door, function)(reader)

    for function in ("_read_first", "_read_packet"):
        try:
            asyncio.run(read(function))
        except EOFError:
            pass
