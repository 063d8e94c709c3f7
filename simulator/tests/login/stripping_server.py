# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A server that offers no TLS and records every byte, for tests that no token travels in clear."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import TracebackType

from rds_simulator.login.wire import CLEARTEXT_PASSWORD_REQUEST, GSSENC_REQUEST, SSL_REQUEST

_POSTGRESQL_REQUESTS = (SSL_REQUEST, GSSENC_REQUEST)
# Protocol 10, version, connection id, 8 bytes of salt, capabilities without CLIENT_SSL, and mysql_clear_password.
_MYSQL_CAPABILITIES = 0x000FFFFF & ~0x0800
_MYSQL_GREETING = (
    b"\x0a8.0.40\0"
    + struct.pack("<I", 7)
    + b"saltsalt\0"
    + struct.pack("<HBHHB", _MYSQL_CAPABILITIES & 0xFFFF, 45, 2, _MYSQL_CAPABILITIES >> 16, 21)
    + bytes(10)
    + b"saltsaltsalt\0"
    + b"mysql_clear_password\0"
)
_MYSQL_AUTH_SWITCH_REQUEST = b"\xfemysql_clear_password\0"


class TlsStrippingServer:
    """Accepts connections as a PostgreSQL or MySQL server without TLS, and asks for a password in clear.

    ``received`` holds every byte of every client. Use it as a context manager.
    """

    def __init__(self, engine: str = "postgres") -> None:
        self.received = bytearray()
        self._is_mysql = engine != "postgres"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> TlsStrippingServer:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # close() alone does not wake a thread that waits in accept()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _unused = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=[connection], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            if self._is_mysql:
                connection.sendall(_mysql_packet(0, _MYSQL_GREETING))
            answer = b""
            while answer is not None and (data := connection.recv(65_536)):
                self.received += data
                answer = _answer_mysql(data) if self._is_mysql else _answer_postgresql(data)
                connection.sendall(answer or b"")


def _answer_postgresql(data: bytes) -> bytes | None:
    """Return the answer to a message, or None after a password."""
    if len(data) == 8 and struct.unpack("!II", data)[1] in _POSTGRESQL_REQUESTS:
        return b"N"
    return None if data[:1] == b"p" else CLEARTEXT_PASSWORD_REQUEST


def _answer_mysql(data: bytes) -> bytes | None:
    is_handshake_response = len(data) > 3 and data[3] == 1
    return _mysql_packet(2, _MYSQL_AUTH_SWITCH_REQUEST) if is_handshake_response else None


def _mysql_packet(sequence: int, payload: bytes) -> bytes:
    return struct.pack("<I", len(payload) | sequence << 24) + payload
