# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The first bytes of a connection: requests for encryption, and the switch to TLS."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
import struct
from dataclasses import dataclass

from . import wire

_TLS_HANDSHAKE = b"\x16"
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Stream:
    """Both directions of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class ClientConnection:
    """A client's connection, before and after the switch to TLS."""

    def __init__(self, sock: socket.socket, host: str) -> None:
        self.host = host
        self.is_tls = False
        self.stream: Stream | None = None
        self._sock = sock

    async def negotiate(self, tls: ssl.SSLContext) -> tuple[int, bytes]:
        """Answer the requests for encryption; return the code and all bytes of the first packet after them.

        The bare socket is read to the byte. Bytes that follow an SSLRequest therefore become part of the TLS handshake.
        A StreamReader would keep them across ``start_tls`` and return them as if they had been encrypted, as in
        CVE-2021-23214.
        """
        loop = asyncio.get_running_loop()
        read_exactly = functools.partial(_read_exactly, self._sock)
        if await _peek(self._sock) == _TLS_HANDSHAKE:
            return await self._start_direct_tls(tls)
        code, packet = await wire.read_packet(read_exactly)
        if code == wire.GSSENC_REQUEST:
            await loop.sock_sendall(self._sock, b"N")
            code, packet = await wire.read_packet(read_exactly)
        if code == wire.SSL_REQUEST:
            await loop.sock_sendall(self._sock, b"S")
            stream = await self._start_tls(tls)
            return await wire.read_packet(stream.reader.readexactly)
        await self.open_stream(None)
        return code, packet

    def close(self) -> None:
        """Close the connection once everything that was written is sent."""
        if self.stream:
            self.stream.writer.close()
        else:
            self._sock.close()

    def abort(self) -> None:
        """Close the connection at once."""
        if self.stream:
            self.stream.writer.transport.abort()
        else:
            self._sock.close()

    def reset(self) -> None:
        """Close the connection so that the client sees a reset, before anything was read."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._sock.close()

    async def _start_direct_tls(self, tls: ssl.SSLContext) -> tuple[int, bytes]:
        """Start TLS for a client that sends no SSLRequest, such as libpq with sslnegotiation=direct."""
        stream = await self._start_tls(tls)
        if stream.writer.get_extra_info("ssl_object").selected_alpn_protocol() != "postgresql":
            raise wire.ProtocolError("direct TLS connection without ALPN")
        return await wire.read_packet(stream.reader.readexactly)

    async def _start_tls(self, tls: ssl.SSLContext) -> Stream:
        stream = await self.open_stream(tls)
        self.is_tls = True
        return stream

    async def open_stream(self, tls: ssl.SSLContext | None) -> Stream:
        """Hand the socket over to the event loop, which alone may close it from then on."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _unused = await loop.connect_accepted_socket(lambda: protocol, self._sock, ssl=tls)
        self.stream = Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
        return self.stream


async def _read_exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = await asyncio.get_running_loop().sock_recv(sock, count - len(data))
        if not chunk:
            raise EOFError("connection closed")
        data += chunk
    return data


async def _peek(sock: socket.socket) -> bytes:
    """Return the first byte that the peer sends, and leave it in the socket."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sock, _set_ready, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)
    return sock.recv(1, socket.MSG_PEEK)


def _set_ready(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
