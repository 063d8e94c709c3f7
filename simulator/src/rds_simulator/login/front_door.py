# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The listener in front of a database server. It logs users in as Amazon RDS does."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable
from typing import TypeVar

from . import wire
from .access import (
    LoginMethod,
    LoginRequest,
    Refusal,
    accepts_connections,
    decide_login,
    pam_refusal,
    startup_refusal,
)
from .listener import Listener
from .negotiation import ClientConnection, Stream
from .relay import relay
from .server_connection import open_tcp, open_unix
from .target import LoginBackend, LoginTarget, ServerUnavailable
from .token import TokenRefused

_Answer = TypeVar("_Answer")

_log = logging.getLogger(__name__)
_UNAVAILABLE = Refusal("57P03", "the database system is starting up")


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class FrontDoor(Listener):
    """The listener of one endpoint.

    It ends TLS, checks the tokens of members of rds_iam, and opens a session as that user over the server's private
    Unix socket. Password logins of all other users are passed through to the server.
    """

    def __init__(self, backend: LoginBackend, tls: ssl.SSLContext, *, login_timeout: float = 60.0) -> None:
        super().__init__()
        self._backend = backend
        self._tls = tls
        self._login_timeout = login_timeout
        self._sessions = 0

    async def _serve(self, sock: socket.socket, host: str) -> None:
        client = ClientConnection(sock, host)
        try:
            server = await asyncio.wait_for(self._log_in(client), self._login_timeout)
            if server and client.stream:
                await self._run_session(client.stream, server)
        except (OSError, EOFError, wire.ProtocolError, ServerUnavailable, asyncio.TimeoutError) as error:
            _log.info("connection closed: %s", type(error).__name__)
        except asyncio.CancelledError:
            client.abort()
            raise
        except Exception as error:  # a fault must not end the listener
            _log.error("connection closed after an internal error: %s", type(error).__name__)
        finally:
            client.close()

    async def _run_session(self, client: Stream, server: Stream) -> None:
        self._sessions += 1
        try:
            await relay(client, server)
        finally:
            self._sessions -= 1

    async def _log_in(self, client: ClientConnection) -> Stream | None:
        """Return a connection to the server that expects the client's next message, or None if there is none."""
        if not accepts_connections(await self._target()):
            client.reset()
            return None
        code, packet = await client.negotiate(self._tls)
        if code == wire.CANCEL_REQUEST:
            await self._cancel(packet)
            return None
        try:
            return await self._open_session(client, wire.decode_startup(code, packet))
        except _Refused as refused:
            await self._send_fatal(client, refused.refusal)
        except wire.ProtocolError as error:
            if error.refusal is None:
                raise
            await self._send_fatal(client, error.refusal)
        return None

    async def _target(self) -> LoginTarget:
        # in a thread: whoever holds the lock of the world may be waiting for this event loop
        return await asyncio.to_thread(self._backend.target)

    async def _send_fatal(self, client: ClientConnection, refusal: Refusal) -> None:
        if client.stream:
            client.stream.writer.write(wire.encode_fatal(refusal))
            await client.stream.writer.drain()

    async def _open_session(self, client: ClientConnection, packet: wire.StartupPacket) -> Stream:
        target = await self._target()
        decision = await self._decide(client, packet, target)
        if decision is not LoginMethod.PASSWORD:
            user = _decode_name("role", packet.user)
            await self._authenticate(client, user, is_refused=decision is LoginMethod.REFUSED_TOKEN)
            # The client may have taken its time to send the token.
            target = await self._target()
            if await self._decide(client, packet, target) is not LoginMethod.TOKEN:
                raise _Refused(pam_refusal(user))
        if target.is_reader:
            packet = packet.read_only()
        if decision is LoginMethod.PASSWORD:
            host, port = await self._available(self._backend.password_address())
            return await self._connect(open_tcp(host, port), packet)
        path = await self._available(self._backend.socket_path())
        return await self._connect(open_unix(path), packet)

    async def _decide(self, client: ClientConnection, packet: wire.StartupPacket, target: LoginTarget) -> LoginMethod:
        """Return how the user is authenticated. Raise _Refused if the database or its rules refuse the user."""
        if refusal := startup_refusal(target):
            raise _Refused(refusal)
        if not accepts_connections(target):
            raise _Refused(_UNAVAILABLE)
        request = await self._describe(client, packet)
        decision = decide_login(target, request)
        if isinstance(decision, Refusal):
            _log.info("user %r refused: %s", request.user, decision.sqlstate)
            raise _Refused(decision)
        return decision

    async def _describe(self, client: ClientConnection, packet: wire.StartupPacket) -> LoginRequest:
        """Return the request with the memberships of its user."""
        user, database = _decode_name("role", packet.user), _decode_name("database", packet.database)
        is_iam_member = await self._available(self._backend.is_iam_member(user))
        return LoginRequest(
            user=user,
            database=database,
            client_host=client.host,
            is_tls=client.is_tls,
            replication=packet.replication,
            is_iam_member=is_iam_member,
            is_ad_member=is_iam_member and await self._available(self._backend.is_ad_member(user)),
        )

    async def _authenticate(self, client: ClientConnection, user: str, *, is_refused: bool) -> None:
        """Ask for a token and check it. Raise _Refused if it is not accepted."""
        stream = client.stream
        if stream is None or not client.is_tls:
            raise wire.ProtocolError("a token is never requested without TLS")
        stream.writer.write(wire.CLEARTEXT_PASSWORD_REQUEST)
        password = await wire.read_password(stream.reader.readexactly)
        if is_refused or not await self._accepts(user, password.decode("utf-8", "replace")):
            raise _Refused(pam_refusal(user))
        _log.info("user %r accepted", user)

    async def _accepts(self, user: str, token: str) -> bool:
        """Return whether the token is accepted. A fault in the check accepts nothing."""
        try:
            await asyncio.to_thread(self._backend.check_token, user, token)
        except TokenRefused as refused:
            _log.info("user %r refused: %s", user, refused.code)
            return False
        except Exception as error:
            _log.error("user %r refused after an internal error: %s", user, type(error).__name__)
            return False
        return True

    async def _available(self, answer: Awaitable[_Answer]) -> _Answer:
        """Return the answer of the backend. Raise _Refused if its server does not run."""
        try:
            return await answer
        except ServerUnavailable:
            raise _Refused(_UNAVAILABLE) from None

    async def _connect(self, connection: Awaitable[Stream], packet: wire.StartupPacket) -> Stream:
        try:
            stream = await connection
        except (ConnectionRefusedError, FileNotFoundError):
            raise _Refused(_UNAVAILABLE) from None
        stream.writer.write(packet.encode())
        return stream

    async def _cancel(self, packet: bytes) -> None:
        """Pass a cancel request on to the server, which checks its key and answers nothing."""
        if not self._sessions:
            return
        server = await open_unix(await self._backend.socket_path())
        try:
            server.writer.write(packet)
            await server.reader.read()
        finally:
            server.writer.close()


def _decode_name(kind: str, name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        # Databases of RDS use UTF-8 for the names in shared catalogs, so that no such name exists.
        text = name.decode("utf-8", "replace")
    raise _Refused(Refusal("28000" if kind == "role" else "3D000", f'{kind} "{text}" does not exist'))
