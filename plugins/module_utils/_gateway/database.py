# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface to a database server. ``_database`` implements it with psycopg and PyMySQL.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.login import AccountFacts, LoginRequest, LoginSession
from .._model.user_facts import MysqlFacts, PostgresqlFacts

UserFacts = t.Union[PostgresqlFacts, MysqlFacts]


class DatabaseServer(t.Protocol):
    """Log in to a server that speaks one protocol. ``log_in`` and ``account`` raise LoginFailed if the login fails."""

    def log_in(self, request: LoginRequest) -> LoginSession:
        """Log in, ask who the user is, and close the connection."""

    def is_reachable(self, request: LoginRequest) -> bool:
        """Return whether a connection to the port is possible, without a login."""

    def account(self, administrator: LoginRequest, user: str, database: str | None) -> AccountFacts:
        """Log in as an administrator, and return what the server shows of a user."""


class UserReader(t.Protocol):
    """Read all users of a server that speaks one protocol."""

    def users(self, administrator: LoginRequest) -> UserFacts:
        """Log in as an administrator, and return the facts about the users.

        Raises UsersNotReadable if the administrator may not read the users, and LoginFailed for every other failure.
        """
