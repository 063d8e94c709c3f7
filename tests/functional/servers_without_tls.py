# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Servers that speak the first part of the PostgreSQL or MySQL protocol, offer no TLS, and record what they receive."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import typing as t

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
_PASSWORD_REQUEST = b"R" + struct.pack("!ii", 8, 3)
# CLIENT_LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION and PLUGIN_AUTH, without SSL
_CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000


class Recorder:
    """Accepts connections on a port of 127.0.0.1 while in use. ``received`` holds the bytes of all clients."""

    connections = 0

    def __init__(self, talk: t.Callable[[socket.socket, Recorder], None]) -> None:
        self.received = b""
        self._talk = talk
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def read(self, client: socket.socket) -> bytes:
        data = client.recv(65536)
        self.received += data
        return data

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                client.settimeout(5)
                with client, contextlib.suppress(OSError):
                    self._talk(client, self)


def postgresql(client: socket.socket, recorder: Recorder) -> None:
    """Refuse encryption, then ask for a clear text password."""
    while data := recorder.read(client):
        code = struct.unpack("!i", data[4:8])[0] if len(data) >= 8 else 0
        client.sendall(b"N" if code in (_SSL_REQUEST, _GSS_REQUEST) else _PASSWORD_REQUEST)


def mysql(client: socket.socket, recorder: Recorder) -> None:
    """Greet without the capability for TLS, then ask for a clear text password."""
    low, high = struct.pack("<I", _CAPABILITIES)[:2], struct.pack("<I", _CAPABILITIES)[2:]
    greeting = b"\x0a8.4.0\0" + struct.pack("<I", 1) + b"12345678\0" + low + b"\x2d\x02\x00" + high + b"\x15"
    _send(client, 0, greeting + bytes(10) + b"123456789012\0mysql_clear_password\0")
    recorder.read(client)
    _send(client, 2, b"\xfemysql_clear_password\0")
    while recorder.read(client):
        pass


def _send(client: socket.socket, number: int, payload: bytes) -> None:
    client.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)
