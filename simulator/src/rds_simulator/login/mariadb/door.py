# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The listener of one endpoint, which passes connections to the server. The server itself ends TLS."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from typing import Protocol

from ..access import accepts_connections, startup_refusal
from ..listener import Listener
from ..negotiation import ClientConnection
from ..relay import relay
from ..server_connection import open_tcp
from ..target import LoginTarget, ServerUnavailable
from .server import MariadbServer
from .token_socket import Connection, TokenChecker

_log = logging.getLogger(__name__)

# The first packet of a client that uses TLS: 32 bytes, with this capability (MariaDB, "Connecting", SSLRequest packet).
_HEADER_SIZE, _FLAGS_SIZE, _SSL_REQUEST_SIZE, _CLIENT_SSL = 4, 4, 32, 0x800


class DoorBackend(TokenChecker, Protocol):
    """What the listener asks about its database."""

    def target(self) -> LoginTarget:
        """Return the current state of the database. It runs in a thread and may wait for the world's lock."""

    async def server(self) -> MariadbServer:
        """Return the server, and start it first if necessary. Raise ServerUnavailable."""


class MariadbDoor(Listener):
    """Passes the connections of one endpoint to the server, as long as the status of the database allows it."""

    def __init__(self, backend: DoorBackend, *, login_timeout: float = 60.0) -> None:
        super().__init__()
        self._backend = backend
        self._login_timeout = login_timeout

    async def _serve(self, sock: socket.socket, host: str) -> None:
        client = ClientConnection(sock, host)
        try:
            target = await asyncio.to_thread(self._backend.target)
            if not accepts_connections(target) or startup_refusal(target):
                client.reset()
                return
            await self._pass_on(client, await self._backend.server())
        except ServerUnavailable as error:
            _log.error("the server does not run: %s", error)
            client.reset()
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            _log.info("connection closed: %s", type(error).__name__)
        except asyncio.CancelledError:
            client.abort()
            raise
        except Exception as error:  # a fault must not end the listener
            _log.error("connection closed after an internal error: %s", type(error).__name__)
        finally:
            client.close()

    async def _pass_on(self, connection: ClientConnection, server: MariadbServer) -> None:
        client = await connection.open_stream(None)
        connections, port = server.tokens.connections, 0
        try:
            upstream = await open_tcp("127.0.0.1", server.port)
            port = upstream.writer.get_extra_info("sockname")[1]
            greeting = await asyncio.wait_for(_read_packet(upstream.reader), self._login_timeout)
            client.writer.write(greeting)
            first, is_tls = await asyncio.wait_for(_read_first(client.reader), self._login_timeout)
            connections[port] = Connection(self._backend, is_tls)
            upstream.writer.write(first)
            await relay(client, upstream)
        finally:
            connections.pop(port, None)
            client.writer.close()
            if port:
                upstream.writer.close()


async def _read_packet(reader: asyncio.StreamReader) -> bytes:
    header = await reader.readexactly(_HEADER_SIZE)
    return header + await reader.readexactly(_size(header))


async def _read_first(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """Return the beginning of the first packet, and whether it requests TLS."""
    header = await reader.readexactly(_HEADER_SIZE)
    if _size(header) != _SSL_REQUEST_SIZE:
        return header, False
    flags = await reader.readexactly(_FLAGS_SIZE)
    return header + flags, bool(struct.unpack("<I", flags)[0] & _CLIENT_SSL)


def _size(header: bytes) -> int:
    return int.from_bytes(header[:3], "little")
