# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""psycopg gets settings with which libpq verifies the server before it sends a token. No server takes part."""

from __future__ import annotations

import os
import socket
import types
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import postgresql
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import MissingLibraryError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    POSTGRESQL,
    AccountFacts,
    LoginFailed,
    LoginRequest,
    LoginSession,
)

psycopg = pytest.importorskip("psycopg")
REQUEST = LoginRequest(
    POSTGRESQL, "db.example.com", 5432, "db.example.com", 5432, "app", "t0ken-value", "sales", "/ca", 10
)


class Connection:
    """Answers each query with the rows of the first word that it contains."""

    pgconn = types.SimpleNamespace(ssl_in_use=True)

    def __init__(self, answers):
        self.answers = answers
        self._sockets = socket.socketpair()

    def __enter__(self):
        return self

    def __exit__(self, *_more):
        for end in self._sockets:
            end.close()

    def fileno(self):
        return self._sockets[0].fileno()

    def execute(self, query, _parameters=None):
        self.rows = next((rows for part, rows in self.answers.items() if part in query), [])
        if isinstance(self.rows, Exception):
            raise self.rows
        return self

    def fetchall(self):
        return self.rows

    def fetchone(self):
        return self.rows[0] if self.rows else None


@pytest.fixture
def connect(monkeypatch):
    """Return a function that sets the answers, and the parameters of each connection."""
    given = []
    monkeypatch.setattr(postgresql, "resolve", lambda host, port: ["192.0.2.1"])

    def answer(answers):
        def connect(**parameters):
            given.append(parameters)
            if isinstance(answers, Exception):
                raise answers
            return Connection(answers)

        monkeypatch.setattr(postgresql.psycopg, "connect", connect)
        return given

    return answer


LOGGED_IN = {"session_user": [("app", "16.4")], "pg_stat_ssl": [("TLSv1.3",)]}


def test_postgresql_log_in_returns_session(connect):
    connect(LOGGED_IN)
    assert postgresql.PostgresqlServer().log_in(REQUEST) == LoginSession("app", "16.4", "TLSv1.3")


def test_postgresql_verifies_server_whatever_the_environment_says(connect):
    parameters = connect(LOGGED_IN)
    postgresql.PostgresqlServer().log_in(REQUEST)
    (given,) = parameters
    assert (given["sslmode"], given["sslrootcert"], given["gssencmode"]) == ("verify-full", "/ca", "disable")
    assert (given["host"], given["hostaddr"], given["port"]) == ("db.example.com", "192.0.2.1", 5432)
    assert (given["user"], given["password"], given["dbname"]) == ("app", "t0ken-value", "sales")


def test_postgresql_through_tunnel_verifies_name_of_endpoint(connect, monkeypatch):
    monkeypatch.setattr(postgresql, "resolve", lambda host, port: ["::1", "127.0.0.1"])
    given = connect(LOGGED_IN)
    postgresql.PostgresqlServer().log_in(replace(REQUEST, connect_host="tunnel", connect_port=15432))
    assert (given[0]["host"], given[0]["hostaddr"]) == ("db.example.com,db.example.com", "::1,127.0.0.1")
    assert given[0]["port"] == 15432


@pytest.mark.parametrize(("timeout", "seconds"), [(1, 2), (2, 2), (10, 10)])
def test_postgresql_timeout_is_at_least_that_of_libpq(connect, timeout, seconds):
    given = connect(LOGGED_IN)
    postgresql.PostgresqlServer().log_in(replace(REQUEST, timeout=timeout, database=None))
    assert (given[0]["connect_timeout"], given[0]["dbname"]) == (seconds, "app")


@pytest.mark.parametrize("error", [psycopg.OperationalError("bad t0ken-value"), ValueError("bad t0ken-value")])
def test_postgresql_failure_hides_token(connect, error):
    connect(error)
    with pytest.raises(LoginFailed) as raised:
        postgresql.PostgresqlServer().log_in(REQUEST)
    assert raised.value.text == "bad ********"
    assert raised.value.__cause__ is None


def test_postgresql_environment_of_libpq_is_hidden(connect, monkeypatch):
    seen = []
    for name in ("PGHOSTADDR", "PGSERVICE", "PGSSLCRL", "PGREQUIREAUTH"):
        monkeypatch.setenv(name, "other")
    connect(LOGGED_IN)
    inner = postgresql.psycopg.connect

    def note(**parameters):
        seen.extend(name for name in os.environ if name.startswith("PG"))
        return inner(**parameters)

    monkeypatch.setattr(postgresql.psycopg, "connect", note)
    assert postgresql.PostgresqlServer().log_in(REQUEST)
    assert seen == []
    assert os.environ["PGSERVICE"] == "other"


def test_postgresql_without_encryption_is_failed_login(connect, monkeypatch):
    connect(LOGGED_IN)
    monkeypatch.setattr(Connection, "pgconn", types.SimpleNamespace(ssl_in_use=False))
    with pytest.raises(LoginFailed, match="not encrypted"):
        postgresql.PostgresqlServer().log_in(REQUEST)


def test_postgresql_hidden_tls_version_is_none(connect):
    connect({"session_user": [("app", "16.4")], "pg_stat_ssl": psycopg.errors.InsufficientPrivilege("denied")})
    assert postgresql.PostgresqlServer().log_in(REQUEST).tls_version is None


def test_postgresql_administrator_uses_no_search_path(connect):
    connect({"pg_roles": []})
    queries = []
    execute = Connection.execute
    Connection.execute = lambda self, query, parameters=None: queries.append(query) or execute(self, query, parameters)
    try:
        postgresql.PostgresqlServer().account(REQUEST, "app", "sales")
    finally:
        Connection.execute = execute
    assert "set_config('search_path', ''" in queries[0]


def test_postgresql_query_failure_is_failed_login(connect):
    connect({"session_user": psycopg.OperationalError("server closed the connection unexpectedly")})
    with pytest.raises(LoginFailed, match="server closed the connection"):
        postgresql.PostgresqlServer().log_in(REQUEST)


def test_postgresql_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(postgresql, "IMPORT_ERROR", "traceback")
    with pytest.raises(MissingLibraryError, match="psycopg") as raised:
        postgresql.PostgresqlServer().log_in(REQUEST)
    assert raised.value.render() == {"exception": "traceback"}


EXACT = (True, "app", True, -1, False, True, False)


@pytest.mark.parametrize(
    ("rows", "privileges", "facts"),
    [
        ([], [], AccountFacts(exists=False)),
        ([(False, "APP", *EXACT[2:])], [], AccountFacts(exists=False, other_spellings=("APP",))),
        (
            [EXACT],
            [(True,)],
            AccountFacts(exists=True, is_iam=True, database_exists=True, may_connect=True),
        ),
        (
            [(True, "app", False, 0, True, False, True)],
            [],
            AccountFacts(
                exists=True,
                has_rds_ad=True,
                can_log_in=False,
                is_expired=True,
                connection_limit=0,
                database_exists=False,
            ),
        ),
    ],
)
def test_postgresql_account_of_user(connect, rows, privileges, facts):
    connect({"pg_roles": rows, "pg_database": privileges})
    assert postgresql.PostgresqlServer().account(REQUEST, "app", "sales") == facts
