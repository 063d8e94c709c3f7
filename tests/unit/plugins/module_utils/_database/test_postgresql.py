# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""psycopg gets settings with which libpq verifies the server before it sends a token. No server takes part."""

from __future__ import annotations

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
REQUEST = LoginRequest(POSTGRESQL, "db.example.com", 5432, "db.example.com", 5432, "app", "TOKEN", "sales", "/ca", 10)


class Connection:
    """Answers each query with the rows of the first word that it contains."""

    def __init__(self, answers):
        self.answers = answers

    def __enter__(self):
        return self

    def __exit__(self, *_more):
        return None

    def execute(self, query, _parameters):
        self.rows = next(rows for part, rows in self.answers.items() if part in query)
        if isinstance(self.rows, Exception):
            raise self.rows
        return self

    def fetchall(self):
        return self.rows


@pytest.fixture
def connect(monkeypatch):
    """Return a function that sets the answers, and the parameters of each connection."""
    given = []

    def answer(answers):
        def connect(**parameters):
            given.append(parameters)
            if isinstance(answers, Exception):
                raise answers
            return Connection(answers)

        monkeypatch.setattr(postgresql.psycopg, "connect", connect)
        return given

    return answer


LOGGED_IN = {"current_user": [("app", "16.4")], "pg_stat_ssl": [("TLSv1.3",)]}


def test_postgresql_log_in_returns_session(connect):
    connect(LOGGED_IN)
    assert postgresql.PostgresqlServer().log_in(REQUEST) == LoginSession("app", "16.4", "TLSv1.3")


def test_postgresql_verifies_server_whatever_the_environment_says(connect):
    parameters = connect(LOGGED_IN)
    postgresql.PostgresqlServer().log_in(REQUEST)
    (given,) = parameters
    assert (given["sslmode"], given["sslrootcert"], given["gssencmode"]) == ("verify-full", "/ca", "disable")
    assert (given["host"], given["hostaddr"], given["port"]) == ("db.example.com", "", 5432)
    assert (given["user"], given["password"], given["dbname"], given["options"]) == ("app", "TOKEN", "sales", "")


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


@pytest.mark.parametrize("error", [psycopg.OperationalError("bad TOKEN"), ValueError("bad TOKEN")])
def test_postgresql_failure_hides_token(connect, error):
    connect(error)
    with pytest.raises(LoginFailed) as raised:
        postgresql.PostgresqlServer().log_in(REQUEST)
    assert raised.value.text == "bad ********"
    assert raised.value.__cause__ is None


def test_postgresql_query_failure_is_failed_login(connect):
    connect({"current_user": psycopg.OperationalError("server closed the connection unexpectedly")})
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
