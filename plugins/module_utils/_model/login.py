# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A login to a database: where to connect, the session, and the failure.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

POSTGRESQL = "postgresql"
MYSQL = "mysql"


@dataclass(frozen=True)
class LoginRequest:
    """One login. The certificate is verified against ``host``; the connection goes to ``connect_host``.

    ``timeout`` is in seconds. ``password`` is a token or a password.
    """

    protocol: str
    host: str
    port: int
    connect_host: str
    connect_port: int
    user: str
    password: str = field(repr=False)
    database: str | None
    ca_cert: str
    timeout: float


@dataclass(frozen=True)
class LoginSession:
    """A successful login: the user of the session, and the versions of the server and of TLS.

    ``account_host`` is the host of the account that the server selected in MySQL and MariaDB.
    The server does not always show the version of TLS. The connection is encrypted and verified in any case.
    """

    user: str
    server_version: str
    tls_version: str | None
    account_host: str | None = None


@dataclass(frozen=True)
class AccountFacts:
    """What an administrator sees of one database user. A value is None if the server has no such attribute.

    ``other_spellings``: users whose names differ from that user only in upper and lower case.
    ``authentication``: the plugin of the user in MySQL and MariaDB.
    ``hosts``: the hosts of its accounts in MySQL and MariaDB, which can contain wildcards.
    """

    exists: bool
    other_spellings: t.Tuple[str, ...] = ()
    is_iam: bool = False
    authentication: str | None = None
    has_rds_ad: bool = False
    can_log_in: bool = True
    is_expired: bool = False
    connection_limit: int | None = None
    database_exists: bool | None = None
    may_connect: bool | None = None
    hosts: t.Tuple[str, ...] | None = None


class LoginFailed(Exception):
    """A login that failed, with the text of the server or of the client library, and the error code of MySQL."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


class UsersNotReadable(LoginFailed):
    """The login succeeded, but the user may not read a table that contains the users."""

    def __init__(self, text: str, table: str) -> None:
        super().__init__(text)
        self.table = table
