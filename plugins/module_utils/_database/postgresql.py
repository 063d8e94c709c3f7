# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Log in to PostgreSQL with psycopg.

This is private to the collection.
"""

from __future__ import annotations

import traceback
import typing as t

from ansible.module_utils.basic import missing_required_lib

from .._model.errors import MissingLibraryError
from .._model.login import AccountFacts, LoginFailed, LoginRequest, LoginSession
from .network import is_reachable, resolve, without_secrets

try:
    import psycopg
except ImportError:
    IMPORT_ERROR: str | None = traceback.format_exc()
else:
    IMPORT_ERROR = None

# libpq waits at least this number of seconds
_SHORTEST_TIMEOUT = 2

# libpq with these settings never sends a password before it has verified the server. Options that the environment
# could change (PGHOSTADDR, PGSSLCERT, PGCHANNELBINDING, PGOPTIONS and others) have explicit values.
_FIXED = {
    "sslmode": "verify-full",
    "gssencmode": "disable",
    "sslcert": "",
    "sslkey": "",
    "channel_binding": "prefer",
    "target_session_attrs": "any",
    "options": "",
    "application_name": "passwordless.rds",
}

_ACCOUNT = """
SELECT r.rolname = %(user)s AS is_exact, r.rolname, r.rolcanlogin, r.rolconnlimit,
    COALESCE(r.rolvaliduntil < now(), false) AS is_expired,
    COALESCE((SELECT pg_has_role(r.oid, g.oid, 'USAGE') FROM pg_roles g WHERE g.rolname = 'rds_iam'), false) AS is_iam,
    COALESCE((SELECT pg_has_role(r.oid, g.oid, 'USAGE') FROM pg_roles g WHERE g.rolname = 'rds_ad'), false) AS is_ad
FROM pg_roles r WHERE lower(r.rolname) = lower(%(user)s) ORDER BY r.rolname
"""
_DATABASE = """
SELECT has_database_privilege(%(user)s, d.oid, 'CONNECT') FROM pg_database d WHERE d.datname = %(database)s
"""


class PostgresqlServer:
    """Implements the interface to a database server with psycopg."""

    def log_in(self, request: LoginRequest) -> LoginSession:
        """Log in, ask who the user is, and close the connection. Raises LoginFailed."""
        with _connect(request) as connection:
            user, version = _row(connection, "SELECT current_user, current_setting('server_version')", {})
            return LoginSession(user=user, server_version=version, tls_version=_tls_version(connection))

    def is_reachable(self, request: LoginRequest) -> bool:
        """Return whether a connection to the port is possible, without a login."""
        return is_reachable(request)

    def account(self, administrator: LoginRequest, user: str, database: str | None) -> AccountFacts:
        """Log in as an administrator, and return what the server shows of a user. Raises LoginFailed."""
        with _connect(administrator) as connection:
            rows = _rows(connection, _ACCOUNT, {"user": user})
            exact = next((row for row in rows if row[0]), None)
            others = tuple(row[1] for row in rows if not row[0])
            if exact is None:
                return AccountFacts(exists=False, other_spellings=others)
            _is_exact, _name, can_log_in, limit, is_expired, is_iam, is_ad = exact
            # PostgreSQL connects to the database that has the name of the user if the client names none
            privileges = _rows(connection, _DATABASE, {"user": user, "database": database or user})
            return AccountFacts(
                exists=True,
                other_spellings=others,
                is_iam=is_iam,
                has_rds_ad=is_ad,
                can_log_in=can_log_in,
                is_expired=is_expired,
                connection_limit=None if limit < 0 else limit,
                database_exists=bool(privileges),
                may_connect=privileges[0][0] if privileges else None,
            )


def _connect(request: LoginRequest) -> t.Any:
    if IMPORT_ERROR is not None:
        raise MissingLibraryError(missing_required_lib("psycopg"), IMPORT_ERROR)
    parameters: dict[str, t.Any] = {
        **_FIXED,
        **_where(request),
        "port": request.connect_port,
        "user": request.user,
        "password": request.password,
        "dbname": request.database or request.user,
        "sslrootcert": request.ca_cert,
        "connect_timeout": max(_SHORTEST_TIMEOUT, round(request.timeout)),
    }
    try:
        return psycopg.connect(autocommit=True, **parameters)
    except (psycopg.Error, UnicodeError, ValueError) as error:
        raise LoginFailed(without_secrets(str(error), request)) from None


def _where(request: LoginRequest) -> dict[str, str]:
    """Return the name to verify and the addresses to connect to. An empty address also overrides PGHOSTADDR."""
    if request.connect_host == request.host:
        return {"host": request.host, "hostaddr": ""}
    addresses = resolve(request.connect_host, request.connect_port)
    return {"host": ",".join([request.host] * len(addresses)), "hostaddr": ",".join(addresses)}


def _tls_version(connection: t.Any) -> str | None:
    rows = _rows(connection, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {})
    return rows[0][0] if rows else None


def _rows(connection: t.Any, query: str, parameters: t.Mapping[str, t.Any]) -> list[t.Any]:
    try:
        rows: list[t.Any] = connection.execute(query, parameters).fetchall()
        return rows
    except psycopg.Error as error:
        raise LoginFailed(str(error)) from None


def _row(connection: t.Any, query: str, parameters: t.Mapping[str, t.Any]) -> t.Any:
    return _rows(connection, query, parameters)[0]
