# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A session of the administrator over the private socket of a server."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymysql

from .installation import MariadbError
from .template import Credentials

_SECONDS = 60
# MariaDB Error Code Reference: errors of the client, after which the connection cannot be used
_CLIENT_ERRORS = range(2000, 3000)


class AdminSession:
    """A lasting session that runs statements, one at a time. It is connected at the first statement."""

    def __init__(self, path: Path, credentials: Credentials) -> None:
        self._path = path
        self._credentials = credentials
        self._lock = threading.Lock()
        self._connection: Any = None

    def run(self, statements: Sequence[str]) -> None:
        """Run statements; raise MariadbError, or OSError without a connection."""
        with self._lock:
            for statement in statements:
                self._execute(statement)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows; raise MariadbError, or OSError without a connection."""
        with self._lock:
            return self._execute(statement)

    def close(self) -> None:
        """End the session."""
        with self._lock:
            self._disconnect()

    def _execute(self, statement: str) -> list[tuple[Any, ...]]:
        if self._connection is not None:
            # The session may have been terminated since the last statement.
            with contextlib.suppress(OSError):
                return self._send(statement)
            self._disconnect()
        return self._send(statement)

    def _send(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement. The message of an error can quote the statement, so only its number is kept."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall())
        except pymysql.MySQLError as error:
            number = error.args[0] if error.args else 0
            if not isinstance(number, int) or number in _CLIENT_ERRORS or number == 0:
                raise ConnectionAbortedError(f"mariadb: error {number}") from None
            raise MariadbError(f"mariadb: error {number}") from None

    def _connect(self) -> Any:
        return pymysql.connect(
            unix_socket=str(self._path),
            user=self._credentials.user,
            password=self._credentials.password,
            autocommit=True,
            charset="utf8mb4",
            read_default_file=None,
            connect_timeout=_SECONDS,
            read_timeout=_SECONDS,
            ssl_disabled=True,
        )

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection._force_close()
