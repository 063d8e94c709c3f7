# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A session of the superuser over the private socket of a server."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from pathlib import Path

from .binaries import PostgresError
from .template import SUPERUSER

Row = tuple["str | None", ...]
_PROTOCOL = 3 << 16
_TIMEOUT = 60.0


class AdminSession:
    """A lasting session that runs simple queries, one at a time. It is connected at the first query.

    It uses a database of its own, because a session in a user's database would block DROP DATABASE there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def query(self, statement: str, database: str = SUPERUSER) -> list[Row]:
        """Run statements and return their rows; raise PostgresError, or OSError without a connection.

        A statement for another database gets a session of its own.
        """
        request = _message(b"Q", statement.encode() + b"\0")
        if database != SUPERUSER:
            with contextlib.closing(_connect(self._path, database)) as other:
                return _exchange(other, request)
        with self._lock:
            if self._socket is not None:
                # The session may have been terminated since the last query.
                with contextlib.suppress(OSError):
                    return _exchange(self._socket, request)
                self._disconnect()
            self._socket = _connect(self._path, database)
            return _exchange(self._socket, request)

    def close(self) -> None:
        """End the session."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _connect(path: Path, database: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_TIMEOUT)
        connection.connect(str(path))
        parameters = b"".join(
            part.encode() + b"\0" for part in ("user", SUPERUSER, "database", database, "application_name", "RDS")
        )
        body = struct.pack("!I", _PROTOCOL) + parameters + b"\0"
        _exchange(connection, struct.pack("!I", len(body) + 4) + body)
    except BaseException:
        connection.close()
        raise
    return connection


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def _exchange(connection: socket.socket, request: bytes) -> list[Row]:
    """Send a message, and read until the server is ready for the next one."""
    connection.sendall(request)
    rows: list[Row] = []
    failure: PostgresError | None = None
    while True:
        kind, length = struct.unpack("!cI", _read(connection, 5))
        body = _read(connection, length - 4)
        if kind == b"D":
            rows.append(_row(body))
        elif kind == b"E":
            failure = PostgresError(_text(body))
            if b"VFATAL\0" in body:
                raise ConnectionAbortedError(str(failure))
        elif kind == b"Z":
            if failure:
                raise failure
            return rows


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionResetError("the server closed the connection")
        data += part
    return data


def _row(body: bytes) -> Row:
    values: list[str | None] = []
    at = 2
    for _unused in range(struct.unpack_from("!H", body)[0]):
        (size,) = struct.unpack_from("!i", body, at)
        values.append(None if size < 0 else body[at + 4 : at + 4 + size].decode())
        at += 4 + max(size, 0)
    return tuple(values)


def _text(body: bytes) -> str:
    """Return code and message of an error, without the statement."""
    fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
    return f"{fields.get(b'C', '')}: {fields.get(b'M', '')}"
