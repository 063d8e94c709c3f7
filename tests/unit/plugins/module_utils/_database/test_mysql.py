# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""PyMySQL gets a TLS context that verifies the server, and versions that could send a token in clear are refused."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import ssl
import struct
from dataclasses import replace

import botocore
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import mysql
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import MissingLibraryError, RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    MYSQL,
    AccountFacts,
    LoginFailed,
    LoginRequest,
    LoginSession,
)

pymysql = pytest.importorskip("pymysql")
CA = str(pathlib.Path(botocore.__file__).parent / "cacert.pem")
REQUEST = LoginRequest(MYSQL, "db.example.com", 3306, "127.0.0.1", 13306, "app", "t0ken-value", None, CA, 10)


class Connection:
    """Answers each query with the rows of the first part that it contains."""

    def __init__(self, answers):
        self.answers = answers
        self._sock = self

    def __enter__(self):
        return self

    def __exit__(self, *_more):
        return None

    def connect(self, sock):
        self.sock = sock
        if isinstance(self.answers, Exception):
            raise self.answers

    def version(self):
        return "TLSv1.3"

    @contextlib.contextmanager
    def cursor(self):
        yield self

    def execute(self, query, parameters):
        self.rows = next(rows for part, rows in self.answers.items() if part in query)

    def fetchall(self):
        return self.rows


@pytest.fixture
def connect(monkeypatch):
    """Return a function that sets the answers, and the parameters of each connection."""
    given = []

    def answer(answers):
        def connect(**parameters):
            given.append(parameters)
            return Connection(answers)

        monkeypatch.setattr(mysql.pymysql, "connect", connect)
        monkeypatch.setattr(mysql, "connect", lambda request: socket.socketpair()[0])
        return given

    return answer


FOUND = {"exists": True, "database_exists": True, "hosts": ("%",)}
LOGGED_IN = {"CURRENT_USER": [("app@%", "8.0.40")]}


@pytest.mark.parametrize(("account", "host"), [("app@%", "%"), ("app@10.%", "10.%"), ("app@b@localhost", "localhost")])
def test_mysql_log_in_returns_whole_account(connect, account, host):
    connect({"CURRENT_USER": [(account, "8.0.40")]})
    user = account[: -len(host) - 1]
    assert mysql.MysqlServer().log_in(REQUEST) == LoginSession(user, "8.0.40", "TLSv1.3", account_host=host)


def test_mysql_verifies_certificate_against_endpoint(connect):
    given = connect(LOGGED_IN)
    mysql.MysqlServer().log_in(REQUEST)
    context = given[0]["ssl"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    # the socket goes to the tunnel, and the name to verify is that of the endpoint
    assert (given[0]["host"], given[0]["port"], given[0]["defer_connect"]) == ("db.example.com", 3306, True)
    assert given[0]["read_default_file"] is None


def test_mysql_password_is_sent_in_utf8(connect):
    """PyMySQL encodes a str as Latin-1, and fails for other characters."""
    given = connect(LOGGED_IN)
    mysql.MysqlServer().log_in(replace(REQUEST, password="pässwörd-€"))
    assert given[0]["password"] == "pässwörd-€".encode()


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (pymysql.OperationalError(1045, "Access denied for t0ken-value"), 1045, "Access denied for ********"),
        (OSError("t0ken-value was reset"), None, "OSError: ******** was reset"),
        (ValueError("bad t0ken-value"), None, "ValueError: bad ********"),
        # PyMySQL raises these for the messages of a server that is no MySQL server
        (IndexError("out of range"), None, "IndexError: out of range"),
        (struct.error("unpack requires 4 bytes"), None, "error: unpack requires 4 bytes"),
    ],
)
def test_mysql_failure_has_code_and_hides_token(connect, error, code, text):
    connect(error)
    with pytest.raises(LoginFailed) as raised:
        mysql.MysqlServer().log_in(REQUEST)
    assert (raised.value.code, raised.value.text) == (code, text)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(("version", "is_accepted"), [((1, 1, 1), False), ((1, 2, 0), True), ((2, 0, 0), True)])
def test_mysql_old_library_is_refused_before_connection(connect, monkeypatch, version, is_accepted):
    given = connect(LOGGED_IN)
    monkeypatch.setattr(pymysql, "VERSION", version)
    if is_accepted:
        assert mysql.MysqlServer().log_in(REQUEST)
    else:
        with pytest.raises(RdsError, match=r"Install PyMySQL 1\.2 or later"):
            mysql.MysqlServer().log_in(REQUEST)
        assert given == []


def test_mysql_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(mysql, "IMPORT_ERROR", "traceback")
    with pytest.raises(MissingLibraryError, match="PyMySQL"):
        mysql.MysqlServer().log_in(REQUEST)


@pytest.mark.parametrize(
    ("rows", "statement", "facts"),
    [
        ([], "", AccountFacts(exists=False)),
        ([("APP", "%", "x"), ("APP", "h", "x")], "", AccountFacts(exists=False, other_spellings=("APP",))),
        (
            [("app", "%", "AWSAuthenticationPlugin")],
            "CREATE USER app REQUIRE SSL ACCOUNT UNLOCK",
            AccountFacts(
                exists=True, is_iam=True, authentication="AWSAuthenticationPlugin", database_exists=True, hosts=("%",)
            ),
        ),
        (
            [("app", "%", "caching_sha2_password")],
            "CREATE USER app ACCOUNT LOCK",
            AccountFacts(
                exists=True,
                authentication="caching_sha2_password",
                can_log_in=False,
                database_exists=True,
                hosts=("%",),
            ),
        ),
    ],
)
def test_mysql_account_of_user(connect, rows, statement, facts):
    connect({"mysql.user": rows, "SHOW CREATE USER": [(statement,)], "schemata": [(1,)]})
    assert mysql.MysqlServer().account(REQUEST, "app", "shop") == facts
