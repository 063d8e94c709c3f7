# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A fault of one connection ends neither the listener nor the other connections of its event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from login.tokens import make_target
from rds_simulator.login.listener import Listener
from rds_simulator.login.mariadb.door import MariadbDoor

GREETING = (5).to_bytes(3, "little") + b"\0hello"
FIRST_PACKET = (4).to_bytes(3, "little") + b"\x01user"
# more than the buffers of the kernel hold
RESULT = bytes(20_000_000)


class Greeter(Listener):
    async def _serve(self, sock: socket.socket, host: str) -> None:
        with sock:
            await asyncio.get_running_loop().sock_sendall(sock, host.encode())


def test_listener_connection_that_is_gone_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Some systems refuse to set an option of a connection that the client has reset."""
    setsockopt = socket.socket.setsockopt
    faults = [OSError(22, "Invalid argument")]

    def set_option(sock: socket.socket, level: int, option: int, value: Any) -> None:
        if (level, option) == (socket.IPPROTO_TCP, socket.TCP_NODELAY) and faults:
            raise faults.pop()
        setsockopt(sock, level, option, value)

    async def connect() -> list[bytes]:
        listener = Greeter()
        address = await listener.start()
        monkeypatch.setattr(socket.socket, "setsockopt", set_option)
        received = []
        for _unused in range(2):
            reader, writer = await asyncio.open_connection(*address)
            received.append(await asyncio.wait_for(reader.read(), 30))
            writer.close()
        await listener.stop()
        return received

    with caplog.at_level(logging.INFO, "rds_simulator"):
        assert asyncio.run(connect()) == [b"", b"127.0.0.1"]
    assert "connection closed: OSError" in caplog.messages


class Backend:
    """A MariaDB database whose server sends a large result, whatever the client requests."""

    def __init__(self, port: int) -> None:
        self._server = SimpleNamespace(port=port, tokens=SimpleNamespace(connections={}))

    def target(self) -> Any:
        return make_target()

    async def server(self) -> Any:
        return self._server

    def check_token(self, user: str, token: str) -> None:
        raise AssertionError("no token is checked")


async def _send_result(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(GREETING)
        await reader.readexactly(len(FIRST_PACKET))
        writer.write(RESULT)
        await reader.read()
    writer.close()


async def _exchange() -> bytes:
    """Exchange data over a new pair of sockets, which get the lowest free descriptors."""
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    other_reader, other_writer = await asyncio.open_connection(sock=theirs)
    writer.write(b"ping")
    other_writer.write(await other_reader.readexactly(4))
    answer = await reader.readexactly(4)
    writer.close()
    other_writer.close()
    return answer


def test_mariadb_door_stops_while_client_reads_nothing() -> None:
    """The event loop must not keep the descriptor of a connection that is closed with data in its buffer."""

    async def stop_during_result() -> list[bytes]:
        server = await asyncio.start_server(_send_result, "127.0.0.1", 0)
        door = MariadbDoor(Backend(server.sockets[0].getsockname()[1]))
        address = await door.start()
        clients = []
        for _unused in range(3):
            reader, writer = await asyncio.open_connection(*address, limit=1024)
            assert await reader.readexactly(len(GREETING)) == GREETING
            writer.write(FIRST_PACKET)
            await reader.readexactly(1)
            clients.append(writer)
        await asyncio.sleep(0.2)
        await door.stop()
        answers = [await asyncio.wait_for(_exchange(), 30) for _unused in range(10)]
        for writer in clients:
            writer.transport.abort()
        server.close()
        return answers

    assert asyncio.run(stop_during_result()) == [b"ping"] * 10
