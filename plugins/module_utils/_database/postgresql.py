# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Log in to PostgreSQL with psycopg.

This is private to the collection.
"""

from __future__ import annotations

import contextlib
import os
import traceback
import typing as t

from ansible.module_utils.basic import missing_required_lib

from .._model.errors import MissingLibraryError
from .._model.login import AccountFacts, LoginFailed, LoginRequest, LoginSession
from .network import is_reachable, resolve, time_limit, without_secrets

try:
    import psycopg
except ImportError:
    IMPORT_ERROR: str | None = traceback.format_exc()
else:
    IMPORT_ERROR = None

# libpq waits at least this number of seconds
_SHORTEST_TIMEOUT = 2

# a file that cannot exist: libpq then uses no client certificate and no revocation list of the user
_ABSENT = "/dev/null/absent"

# With these settings, libpq never sends a password before it has verified the server.
_FIXED = {
    "sslmode": "verify-full",
    "gssencmode": "disable",
    "ssl_min_protocol_version": "TLSv1.2",
    "sslcert": _ABSENT,
    "sslkey": _ABSENT,
    "sslcrl": _ABSENT,
    "client_encoding": "utf8",
    "application_name": "passwordless.rds",
}

# Without a search path, no function of another user can replace one of pg_catalog in the session of the administrator.
SAFE_PATH = "SELECT pg_catalog.set_config('search_path', '', false)"
_ACCOUNT = """
SELECT r.rolname = %(user)s AS is_exact, r.rolname::text, r.rolcanlogin, r.rolconnlimit,
    COALESCE(r.rolvaliduntil < pg_catalog.now(), false) AS is_expired,
    COALESCE((SELECT pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE')
        FROM pg_catalog.pg_roles g WHERE g.rolname = 'rds_iam'), false) AS is_iam,
    COALESCE((SELECT pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE')
        FROM pg_catalog.pg_roles g WHERE g.rolname = 'rds_ad'), false) AS is_ad
FROM pg_catalog.pg_roles r
WHERE pg_catalog.lower(r.rolname::text) = pg_catalog.lower(%(user)s::text) ORDER BY r.rolname
"""
_DATABASE = """
SELECT pg_catalog.has_database_privilege(%(user)s::name, d.oid, 'CONNECT')
FROM pg_catalog.pg_database d WHERE d.datname = %(database)s
"""
# a role setting of the user changes current_user
_SESSION = "SELECT session_user::text, pg_catalog.current_setting('server_version')"
_TLS = "SELECT version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()"


class PostgresqlServer:
    """Implements the interface to a database server with psycopg."""

    def log_in(self, request: LoginRequest) -> LoginSession:
        """Log in, ask who the user is, and close the connection. Raises LoginFailed."""
        with open_session(request) as connection:
            user, version = connection.execute(_SESSION).fetchone()
            return LoginSession(user=user, server_version=version, tls_version=_tls_version(connection))

    def is_reachable(self, request: LoginRequest) -> bool:
        """Return whether a connection to the port is possible, without a login."""
        return is_reachable(request)

    def account(self, administrator: LoginRequest, user: str, database: str | None) -> AccountFacts:
        """Log in as an administrator, and return what the server shows of a user. Raises LoginFailed."""
        with open_session(administrator) as connection:
            connection.execute(SAFE_PATH)
            rows = connection.execute(_ACCOUNT, {"user": user}).fetchall()
            exact = next((row for row in rows if row[0]), None)
            others = tuple(row[1] for row in rows if not row[0])
            if exact is None:
                return AccountFacts(exists=False, other_spellings=others)
            _is_exact, _name, can_log_in, limit, is_expired, is_iam, is_ad = exact
            # PostgreSQL connects to the database that has the name of the user if the client names none
            named = {"user": user, "database": database or user}
            privilege = connection.execute(_DATABASE, named).fetchone()
            return AccountFacts(
                exists=True,
                other_spellings=others,
                is_iam=is_iam,
                has_rds_ad=is_ad,
                can_log_in=can_log_in,
                is_expired=is_expired,
                connection_limit=None if limit < 0 else limit,
                database_exists=privilege is not None,
                may_connect=privilege[0] if privilege else None,
            )


@contextlib.contextmanager
def open_session(request: LoginRequest) -> t.Iterator[t.Any]:
    """Log in, and close the connection at the end of the block. Every failure becomes a LoginFailed."""
    if IMPORT_ERROR is not None:
        raise MissingLibraryError(missing_required_lib("psycopg"), IMPORT_ERROR)
    try:
        with _without_environment():
            connection = psycopg.connect(autocommit=True, **_parameters(request))
        with connection:
            if not connection.pgconn.ssl_in_use:
                raise LoginFailed("the connection is not encrypted")
            with time_limit(connection.fileno(), request.timeout):
                yield connection
    except (psycopg.Error, OSError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        # a server that is no PostgreSQL server can send anything
        raise LoginFailed(without_secrets(str(error), request)) from None


def _parameters(request: LoginRequest) -> dict[str, t.Any]:
    return {
        **_FIXED,
        **_where(request),
        "port": request.connect_port,
        "user": request.user,
        "password": request.password,
        "dbname": request.database or request.user,
        "sslrootcert": request.ca_cert,
        "connect_timeout": max(_SHORTEST_TIMEOUT, round(request.timeout)),
    }


@contextlib.contextmanager
def _without_environment() -> t.Iterator[None]:
    """Hide the environment variables of libpq, such as PGHOSTADDR and PGSERVICE, which would change the connection."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _where(request: LoginRequest) -> dict[str, str]:
    """Return the name to verify and the addresses to connect to."""
    addresses = resolve(request.connect_host, request.connect_port)
    return {"host": ",".join([request.host] * len(addresses)), "hostaddr": ",".join(addresses)}


def _tls_version(connection: t.Any) -> str | None:
    """Return the version of TLS, or None if the server does not show it to the user."""
    try:
        row = connection.execute(_TLS).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None
