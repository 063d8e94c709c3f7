# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Answers of servers and client libraries are classified by their texts and codes."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import MYSQL, POSTGRESQL, LoginFailed
from ansible_collections.passwordless.rds.plugins.module_utils._rules import login_answer as answer
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_answer import classify_answer

AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '

# libpq 18 (fe-connect.c, fe-secure-common.c, fe-secure-openssl.c) and PostgreSQL 18 (auth.c, postinit.c, miscinit.c)
POSTGRESQL_TEXTS = (
    (AT + 'FATAL:  PAM authentication failed for user "app"', answer.TOKEN_REFUSED),
    (AT + 'FATAL:  password authentication failed for user "app"', answer.PASSWORD_REFUSED),
    (AT + 'FATAL:  pg_hba.conf rejects connection for host "10.0.0.1", user "app"', answer.HBA_REFUSED),
    (AT + 'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "app", database "x"', answer.HBA_REFUSED),
    (AT + 'FATAL:  role "app" is not permitted to log in', answer.ROLE_LOCKED),
    (AT + 'FATAL:  role "app" does not exist', answer.ROLE_MISSING),
    (AT + "FATAL:  sorry, too many clients already", answer.LIMIT_REACHED),
    (AT + 'FATAL:  too many connections for role "app"', answer.LIMIT_REACHED),
    (AT + 'FATAL:  too many connections for database "orders"', answer.LIMIT_REACHED),
    (
        AT + "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        answer.LIMIT_REACHED,
    ),
    (AT + 'FATAL:  database "orders" does not exist', answer.DATABASE_UNKNOWN),
    (
        AT + 'FATAL:  permission denied for database "orders"\nDETAIL:  User does not have CONNECT privilege.',
        answer.CONNECT_DENIED,
    ),
    (AT + "FATAL:  the database system is starting up", answer.STARTING),
    (AT + "FATAL:  the database system is shutting down", answer.STARTING),
    (AT + "Connection refused", answer.UNREACHABLE),
    ("connection timeout expired", answer.TIMED_OUT),
    (AT + "server does not support SSL, but SSL was required", answer.NO_TLS),
    (AT + "SSL error: certificate verify failed", answer.CA_UNKNOWN),
    (AT + 'could not read root certificate file "/x": no certificate or crl found', answer.CA_UNKNOWN),
    (AT + 'server certificate for "a.example" does not match host name "b.example"', answer.NAME_MISMATCH),
    ('could not translate host name "x" to address: Name or service not known', answer.NOT_RESOLVED),
    (AT + "server closed the connection unexpectedly", answer.CLOSED),
    (AT + "FATAL:  la autentificación PAM falló para el usuario «app»", answer.UNRECOGNIZED),
)

# MySQL 8.4 Error Message Reference, MariaDB 11.4 error codes
MYSQL_FAILURES = (
    (1045, "Access denied for user 'app'@'10.0.0.1' (using password: YES)", answer.ACCESS_DENIED),
    (1524, "Plugin 'AWSAuthenticationPlugin' is not loaded", answer.PLUGIN_MISSING),
    (1040, "Too many connections", answer.LIMIT_REACHED),
    (1226, "User 'app' has exceeded the 'max_user_connections' resource", answer.LIMIT_REACHED),
    (1044, "Access denied for user 'app'@'%' to database 'orders'", answer.DATABASE_DENIED),
    (1049, "Unknown database 'orders'", answer.DATABASE_UNKNOWN),
    (1053, "Server shutdown in progress", answer.STARTING),
    (1129, "Host '10.0.0.1' is blocked because of many connection errors", answer.HOST_BLOCKED),
    (2059, "Authentication plugin 'auth_gssapi_client' not configured", answer.PLUGIN_UNSUPPORTED),
    # PyMySQL 1.2, _auth.py
    (
        None,
        "RuntimeError: 'pynacl' package is required for ed25519_password auth method",
        answer.PLUGIN_UNSUPPORTED,
    ),
    (1130, "Host '10.0.0.1' is not allowed to connect to this MariaDB server", answer.HOST_REFUSED),
    (3118, "Access denied for user 'app'. Account is locked.", answer.ROLE_LOCKED),
    (4151, "Access denied, this account is locked", answer.ROLE_LOCKED),
    (2003, "Can't connect to MySQL server on 'x' ([Errno 111] Connection refused)", answer.UNREACHABLE),
    (2003, "Can't connect to MySQL server on 'x' (timed out)", answer.TIMED_OUT),
    (2003, "('x' certificate verify failed: unable to get local issuer certificate)", answer.CA_UNKNOWN),
    (2003, "certificate verify failed: Hostname mismatch, certificate is not valid for 'x'", answer.NAME_MISMATCH),
    (2003, "certificate verify failed: IP address mismatch, certificate is not valid for '::1'", answer.NAME_MISMATCH),
    (2026, "SSL is required but the server doesn't support it", answer.NO_TLS),
    (2013, "Lost connection to MySQL server during query", answer.CLOSED),
    (None, 'could not translate host name "x" to address: no such name', answer.NOT_RESOLVED),
    (9999, "something else", answer.UNRECOGNIZED),
)


@pytest.mark.parametrize(("text", "expected"), POSTGRESQL_TEXTS)
def test_classify_postgresql_text_returns_answer(text, expected):
    assert classify_answer(POSTGRESQL, LoginFailed(text)) == expected


@pytest.mark.parametrize(("code", "text", "expected"), MYSQL_FAILURES)
def test_classify_mysql_failure_returns_answer(code, text, expected):
    assert classify_answer(MYSQL, LoginFailed(text, code)) == expected
