# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Log in to MySQL and MariaDB with PyMySQL.

This is private to the collection.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import traceback
import typing as t
from dataclasses import replace

from ansible.module_utils.basic import missing_required_lib

from .._model.errors import MissingLibraryError, RdsError
from .._model.login import AccountFacts, LoginFailed, LoginRequest, LoginSession
from .network import connect, is_reachable, time_limit, without_secrets

try:
    import pymysql
except ImportError:
    IMPORT_ERROR: str | None = traceback.format_exc()
else:
    IMPORT_ERROR = None

# Older versions continue without TLS, and send the token unencrypted, if the server does not offer TLS.
OLDEST_PYMYSQL = (1, 2)
IAM_PLUGIN = "AWSAuthenticationPlugin"

_ACCOUNTS = "SELECT user, host, plugin FROM mysql.user WHERE LOWER(user) = LOWER(%s) ORDER BY user, host"
_LOCKED = re.compile(r"\bACCOUNT LOCK\b")


class MysqlServer:
    """Implements the interface to a database server with PyMySQL."""

    def log_in(self, request: LoginRequest) -> LoginSession:
        """Log in, ask who the user is, and close the connection. Raises LoginFailed."""
        with open_session(request) as connection:
            account, version = query_rows(connection, "SELECT CURRENT_USER(), VERSION()", ())[0]
            user, _at, host = account.rpartition("@")
            return LoginSession(user, version, connection._sock.version(), account_host=host)

    def is_reachable(self, request: LoginRequest) -> bool:
        """Return whether a connection to the port is possible, without a login."""
        return is_reachable(request)

    def account(self, administrator: LoginRequest, user: str, database: str | None) -> AccountFacts:
        """Log in as an administrator, and return what the server shows of a user. Raises LoginFailed."""
        # the database may not exist, and a login needs none
        with open_session(replace(administrator, database=None)) as connection:
            rows = query_rows(connection, _ACCOUNTS, (user,))
            exact = [row for row in rows if row[0] == user]
            others = tuple(dict.fromkeys(row[0] for row in rows if row[0] != user))
            if not exact:
                return AccountFacts(exists=False, other_spellings=others)
            plugins = sorted({str(row[2]) for row in exact})
            locked = [_is_locked(connection, name, host) for name, host, _plugin in exact]
            return AccountFacts(
                exists=True,
                other_spellings=others,
                is_iam=any(plugin.lower() == IAM_PLUGIN.lower() for plugin in plugins),
                authentication=", ".join(plugins),
                hosts=tuple(str(row[1]) for row in exact),
                can_log_in=not all(locked),
                database_exists=_has_database(connection, database) if database else None,
            )


def _is_locked(connection: t.Any, name: str, host: str) -> bool:
    statement = query_rows(connection, "SHOW CREATE USER %s@%s", (name, host))[0][0]
    return _LOCKED.search(str(statement)) is not None


def _has_database(connection: t.Any, database: str) -> bool:
    return bool(query_rows(connection, "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", (database,)))


def _check_library() -> None:
    if IMPORT_ERROR is not None:
        raise MissingLibraryError(missing_required_lib("PyMySQL"), IMPORT_ERROR)
    if tuple(pymysql.VERSION[:2]) < OLDEST_PYMYSQL:
        raise RdsError(
            f"PyMySQL: version {pymysql.__version__} may send a token without TLS. Install PyMySQL 1.2 or later."
        )


@contextlib.contextmanager
def open_session(request: LoginRequest) -> t.Iterator[t.Any]:
    """Log in, and close the connection at the end of the block. Every failure becomes a LoginFailed."""
    _check_library()
    with contextlib.closing(connect(request)) as transport, time_limit(transport.fileno(), request.timeout):
        try:
            connection = _connection(request)
            # PyMySQL verifies the certificate against its own host, also if it gets a socket to another one
            connection.connect(transport)
            with connection:
                yield connection
        except LoginFailed:
            raise
        except pymysql.MySQLError as error:
            code, text = _parts(error)
            raise LoginFailed(without_secrets(text, request), code) from None
        except Exception as error:
            # PyMySQL parses what the server sends, and fails with many kinds of errors if it is not a MySQL server
            text = f"{type(error).__name__}: {error}"
            raise LoginFailed(without_secrets(text, request)) from None


def _connection(request: LoginRequest) -> t.Any:
    return pymysql.connect(
        host=request.host,
        port=request.port,
        user=request.user,
        # PyMySQL encodes a str as Latin-1, but other clients send passwords in UTF-8
        password=request.password.encode(),
        database=request.database,
        ssl=_verified_tls(request.ca_cert),
        read_default_file=None,
        connect_timeout=request.timeout,
        read_timeout=request.timeout,
        write_timeout=request.timeout,
        defer_connect=True,
    )


def _verified_tls(ca_cert: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_cert)
    return context


def _parts(error: Exception) -> tuple[int | None, str]:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else None
    text = str(error.args[1]) if len(error.args) > 1 else str(error)
    return code, text


def query_rows(connection: t.Any, query: str, parameters: t.Sequence[t.Any] = ()) -> list[t.Any]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
