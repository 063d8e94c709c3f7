# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The server that strips TLS records what a client sends, so that its silence proves something."""

from __future__ import annotations

import contextlib

import psycopg
import pytest
from login.stripping_server import TlsStrippingServer
from login.tokens import HOST, make_token


def log_in(server: TlsStrippingServer, token: str, sslmode: str) -> None:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(
            host=HOST,
            hostaddr=server.host,
            port=server.port,
            user="app_user",
            password=token,
            dbname="postgres",
            sslmode=sslmode,
            connect_timeout=3,
        )


@pytest.mark.parametrize("sslmode", ["disable", "prefer"])
def test_client_that_does_not_require_tls_sends_token(sslmode: str) -> None:
    token = make_token()
    with TlsStrippingServer() as server:
        log_in(server, token, sslmode)
    assert token.encode() in server.received


@pytest.mark.parametrize("sslmode", ["require", "verify-ca", "verify-full"])
def test_client_that_requires_tls_sends_no_token(sslmode: str) -> None:
    with TlsStrippingServer() as server:
        log_in(server, make_token(), sslmode)
    assert server.received
    assert b"X-Amz" not in server.received


def test_mysql_client_without_tls_sends_token() -> None:
    pymysql = pytest.importorskip("pymysql")
    token = make_token(port=3306)
    with TlsStrippingServer("mysql") as server, contextlib.suppress(pymysql.MySQLError):
        pymysql.connect(host=server.host, port=server.port, user="app_user", password=token, connect_timeout=3)
    assert token.encode() in server.received


def test_mysql_client_that_requires_tls_sends_no_token(tmp_path: object) -> None:
    pymysql = pytest.importorskip("pymysql")
    with TlsStrippingServer("mysql") as server, pytest.raises(pymysql.MySQLError):
        pymysql.connect(
            host=server.host,
            port=server.port,
            user="app_user",
            password=make_token(port=3306),
            ssl={"check_hostname": True},
            connect_timeout=3,
        )
    assert b"X-Amz" not in server.received
