# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Classify the answer to a failed login: the text of a server, of libpq or of PyMySQL.

This is private to the collection.
"""

from __future__ import annotations

import re

from .._model.login import MYSQL, LoginFailed

NOT_RESOLVED = "not_resolved"
UNREACHABLE = "unreachable"
TIMED_OUT = "timed_out"
CLOSED = "closed"
NO_TLS = "no_tls"
CA_UNKNOWN = "ca_unknown"
NAME_MISMATCH = "name_mismatch"
STARTING = "starting"
PASSWORD_REFUSED = "password_refused"
TOKEN_REFUSED = "token_refused"
HBA_REFUSED = "hba_refused"
ROLE_MISSING = "role_missing"
ROLE_LOCKED = "role_locked"
LIMIT_REACHED = "limit_reached"
DATABASE_UNKNOWN = "database_unknown"
CONNECT_DENIED = "connect_denied"
DATABASE_DENIED = "database_denied"
ACCESS_DENIED = "access_denied"
PLUGIN_MISSING = "plugin_missing"
PLUGIN_UNSUPPORTED = "plugin_unsupported"
HOST_REFUSED = "host_refused"
HOST_BLOCKED = "host_blocked"
UNRECOGNIZED = "unrecognized"

# Messages of libpq and of PostgreSQL (src/interfaces/libpq/fe-connect.c, fe-secure-openssl.c, src/backend/libpq/auth.c,
# src/backend/utils/init/postinit.c and miscinit.c). libpq shows no SQLSTATE for a connection that fails.
_POSTGRESQL = (
    (CA_UNKNOWN, r"certificate verify failed|could not read root certificate file|root certificate file .* not exist"),
    (NAME_MISMATCH, r"server certificate for .* does not match host name"),
    (NO_TLS, r"server does not support SSL|server does not support encryption"),
    (TOKEN_REFUSED, r"PAM authentication failed for user"),
    (PASSWORD_REFUSED, r"password authentication failed for user|authentication method requirement .* failed"),
    (HBA_REFUSED, r"pg_hba\.conf (rejects|entry)|no pg_hba\.conf entry"),
    (ROLE_LOCKED, r"role .* is not permitted to log in"),
    (ROLE_MISSING, r"role .* does not exist"),
    (LIMIT_REACHED, r"too many (clients|connections)|remaining connection slots are reserved"),
    (DATABASE_UNKNOWN, r"database .* does not exist"),
    (CONNECT_DENIED, r"permission denied for database|User does not have CONNECT privilege"),
    (STARTING, r"the database system is (starting up|shutting down|in recovery|not (yet )?accepting)"),
    (NOT_RESOLVED, r"could not translate host name|failed to resolve host|Name or service not known"),
    (TIMED_OUT, r"timeout expired|timed out"),
    (UNREACHABLE, r"Connection refused|No route to host|Network is unreachable"),
    (CLOSED, r"server closed the connection|Connection reset|SSL SYSCALL error|unexpected eof"),
)

# Error codes of MySQL and MariaDB (MySQL Error Message Reference; MariaDB Error Code Reference)
_MYSQL_CODES = {
    1040: LIMIT_REACHED,
    # also if the database does not exist, unless the user has global privileges (MariaDB, sql_db.cc: mysql_change_db)
    1044: DATABASE_DENIED,
    1045: ACCESS_DENIED,
    1049: DATABASE_UNKNOWN,
    1053: STARTING,  # the server is shutting down
    1129: HOST_BLOCKED,
    1130: HOST_REFUSED,
    1203: LIMIT_REACHED,
    1226: LIMIT_REACHED,
    1524: PLUGIN_MISSING,
    1698: ACCESS_DENIED,
    2059: PLUGIN_UNSUPPORTED,  # the user has a plugin that PyMySQL does not have
    3118: ROLE_LOCKED,
    4151: ROLE_LOCKED,
}
_MYSQL_TEXTS = (
    (CA_UNKNOWN, r"certificate verify failed: (?!Hostname mismatch|IP address mismatch)|No such file or directory"),
    (NAME_MISMATCH, r"(Hostname|IP address) mismatch"),
    (NO_TLS, r"server doesn't support (it|SSL)|does not support SSL|SSL connection error: SSL is required"),
    (PLUGIN_UNSUPPORTED, r"package is required for \w+ auth method"),
    (NOT_RESOLVED, r"could not translate host name"),
    (TIMED_OUT, r"timed out"),
    (UNREACHABLE, r"refused|No route to host|Network is unreachable"),
    (CLOSED, r"Lost connection|Connection reset|EOF occurred"),
)


def classify_answer(protocol: str, failure: LoginFailed) -> str:
    """Return the class of the answer, or ``unrecognized``."""
    if protocol == MYSQL and failure.code in _MYSQL_CODES:
        return _MYSQL_CODES[failure.code]
    patterns = _MYSQL_TEXTS if protocol == MYSQL else _POSTGRESQL
    # the name of a user or a database can contain any text
    text = failure.text if protocol == MYSQL else re.sub(r'"[^"]*"', '""', failure.text)
    return next((answer for answer, pattern in patterns if re.search(pattern, text)), UNRECOGNIZED)


# the server has accepted the token, or the client has not sent it: the answer decides the cause
_DECIDED = (ROLE_LOCKED, LIMIT_REACHED, DATABASE_UNKNOWN, CONNECT_DENIED, HOST_REFUSED)
_BEFORE_USER = (
    NOT_RESOLVED,
    UNREACHABLE,
    TIMED_OUT,
    CLOSED,
    HOST_BLOCKED,
    NO_TLS,
    CA_UNKNOWN,
    NAME_MISMATCH,
    STARTING,
)


def is_decided(answer: str) -> bool:
    """Return whether the answer alone decides the cause."""
    return answer in _DECIDED


def is_about_user(answer: str) -> bool:
    """Return whether the server knew the name of the user when it refused the login."""
    return answer not in _BEFORE_USER
