# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Reading the accounts of MySQL 8, which no test server runs, and of servers that count logins."""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import mysql_users
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    MYSQL,
    LoginRequest,
    UsersNotReadable,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.user_facts import (
    AccountEntry,
    AuthenticationMethod,
)

REQUEST = LoginRequest(MYSQL, "db.example.com", 3306, "127.0.0.1", 13306, "admin", "secret", None, "/ca", 10)
SHA2 = "caching_sha2_password"
ROWS = {
    "VERSION()": [("8.0.36", 1_800_000_000, 90, 1)],
    "SHOW GLOBAL STATUS": [("Performance_schema_accounts_lost", "0"), ("Uptime", "60")],
    "FROM mysql.user": [
        ("app", "%", "AWSAuthenticationPlugin", 1, 0, 0, 1_700_000_000, None, "ANY"),
        ("old", "10.%", SHA2, 0, 1, 1, None, 30, ""),
    ],
    "innodb_trx": [],
    "information_schema.processlist": [("app", 2)],
    "performance_schema.accounts": [("app", 7)],
}


class ServerError(Exception):
    """An error with a code, as PyMySQL raises it."""


def read(monkeypatch, **changes):
    """Return the facts. ``changes`` are other rows, or errors, by the part of the query."""
    answers = {**ROWS, **changes}

    def query_rows(connection, query, parameters=()):
        rows = next(rows for part, rows in answers.items() if part in query)
        if isinstance(rows, Exception):
            raise rows
        return rows

    monkeypatch.setattr(mysql_users, "open_session", contextlib.nullcontext)
    monkeypatch.setattr(mysql_users, "query_rows", query_rows)
    return mysql_users.MysqlUserReader().users(REQUEST)


def test_mysql_users_of_mysql_8(monkeypatch):
    facts = read(monkeypatch)
    token = (AuthenticationMethod("AWSAuthenticationPlugin"),)
    assert facts.accounts == (
        AccountEntry("app", "%", token, password_changed=1_700_000_000.0, tls="any"),
        AccountEntry(
            "old",
            "10.%",
            (AuthenticationMethod(SHA2, has_secret=False),),
            is_locked=True,
            is_expired=True,
            password_lifetime=30,
        ),
    )
    assert (facts.server_version, facts.default_lifetime) == ("8.0.36", 90)
    assert (facts.now, facts.started) == (1_800_000_000.0, 1_799_999_940.0)
    assert (facts.sessions, facts.logins) == ({"app": 2}, {"app": 7})


@pytest.mark.parametrize(
    "changes",
    [
        {"VERSION()": [("8.0.36", 1_800_000_000, 0, 0)]},
        {"SHOW GLOBAL STATUS": [("Performance_schema_accounts_lost", "1"), ("Uptime", "60")]},
        {"performance_schema.accounts": ServerError(1142, "SELECT command denied")},
    ],
)
def test_mysql_users_logins_not_counted_are_unknown(monkeypatch, changes):
    facts = read(monkeypatch, **changes)
    assert (facts.logins, facts.sessions) == (None, {"app": 2})


def test_mysql_users_sessions_need_process_privilege(monkeypatch):
    assert read(monkeypatch, innodb_trx=ServerError(1227, "Access denied")).sessions is None


@pytest.mark.parametrize("code", [1142, 1143])
@pytest.mark.parametrize(("version", "table"), [("8.0.36", "mysql.user"), ("11.4.4-MariaDB-log", "mysql.global_priv")])
def test_mysql_users_not_readable_names_table(monkeypatch, code, version, table):
    changes = {"VERSION()": [(version, 1, 0, 0)], f"FROM {table}": ServerError(code, "SELECT command denied")}
    with pytest.raises(UsersNotReadable, match="SELECT command denied") as refused:
        read(monkeypatch, **changes)
    assert refused.value.table == table


@pytest.mark.parametrize("part", ["FROM mysql.user", "innodb_trx", "performance_schema.accounts"])
def test_mysql_users_other_errors_are_not_hidden(monkeypatch, part):
    with pytest.raises(ServerError, match="Lost connection"):
        read(monkeypatch, **{part: ServerError(2013, "Lost connection")})


@pytest.mark.parametrize(
    ("document", "methods"),
    [
        ('{"plugin":"ed25519","authentication_string":"set"}', (("ed25519", True),)),
        ('{"plugin":"mysql_native_password","authentication_string":""}', (("mysql_native_password", False),)),
        (
            '{"plugin":"ed25519","authentication_string":"set","auth_or":[{"plugin":"unix_socket"},{}]}',
            (("unix_socket", False), ("ed25519", True)),
        ),
        ('{"is_role":true}', ()),
        ("{}", (("", False),)),
    ],
)
def test_mysql_users_methods_of_mariadb(monkeypatch, document, methods):
    rows = {"VERSION()": [("11.4.4-MariaDB", 1, 0, 0)], "FROM mysql.global_priv": [("app", "%", document)]}
    assert read(monkeypatch, **rows).accounts[0].methods == methods
