# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users and databases of a new MariaDB database, as SQL statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

PLUGIN = "AWSAuthenticationPlugin"
INSTALL_PLUGIN = f"INSTALL PLUGIN IF NOT EXISTS {PLUGIN} SONAME 'aws_authentication'"
UNINSTALL_PLUGIN = f"UNINSTALL PLUGIN IF EXISTS {PLUGIN}"
PLUGIN_LOADED = f"SELECT 1 FROM information_schema.plugins WHERE plugin_name = '{PLUGIN}' AND plugin_status = 'ACTIVE'"
RESERVED_USERS = ("rdsadmin", "mariadb.sys", "root", "")
EXISTING_DATABASES = ("mysql", "information_schema", "performance_schema", "sys")

# A grant of a seeded user: privileges, and the database or the table that they are for.
GRANT = re.compile(r"[A-Za-z][A-Za-z ,]* ON (\*\.\*|[\w$]+\.(\*|[\w$]+))", re.ASCII)

# The privileges of the master user (RDS user guide, "Master user account privileges", RDS for MariaDB 10.11 △).
_MASTER_PRIVILEGES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
    "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, "
    "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER"
)


@dataclass(frozen=True)
class MariadbUser:
    """A database user.

    iam: whether it logs in with a token. grants: privileges such as ``SELECT ON sales.*``. can_login: False locks the
    account. connection_limit: -1 for no limit.
    """

    name: str
    host: str = "%"
    password: str | None = field(default=None, repr=False)
    iam: bool = False
    grants: tuple[str, ...] = ()
    can_login: bool = True
    connection_limit: int = -1


@dataclass(frozen=True)
class MariadbAccounts:
    """The users and databases that a database starts with.

    by_iam: whether the master user logs in with a token (MasterUserAuthenticationType ``iam-db-auth``).
    """

    master: str
    password: str | None = field(default=None, repr=False)
    by_iam: bool = False
    users: tuple[MariadbUser, ...] = ()
    databases: tuple[str, ...] = ()

    def with_password(self, password: str) -> MariadbAccounts:
        """Return the accounts with another password of the master user."""
        return replace(self, password=password)

    def statements(self) -> list[str]:
        """Return the statements that create everything in a copy of the template."""
        master = MariadbUser(self.master, password=self.password, iam=self.by_iam)
        return [
            INSTALL_PLUGIN,
            *(f"CREATE DATABASE {identifier(name)}" for name in self.databases),
            _create_user(master),
            f"GRANT {_MASTER_PRIVILEGES} ON *.* TO {account(self.master)} WITH GRANT OPTION",
            *(statement for user in self.users for statement in (_create_user(user), *_grants(user))),
        ]


def set_password(user: str, password: str) -> list[str]:
    """Return the statement that sets the password of a user."""
    return [f"ALTER USER {account(user)} IDENTIFIED BY {literal(password)}"]


def use_tokens(user: str) -> list[str]:
    """Return the statements that make a user log in with a token."""
    return [INSTALL_PLUGIN, f"ALTER USER {account(user)} IDENTIFIED WITH {PLUGIN} AS 'RDS' REQUIRE SSL"]


def literal(text: str) -> str:
    """Return an SQL literal, for sessions without the mode NO_BACKSLASH_ESCAPES."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    return "`" + name.replace("`", "``") + "`"


def account(name: str, host: str = "%") -> str:
    """Return the name of an account."""
    return f"{literal(name)}@{literal(host)}"


def _create_user(user: MariadbUser) -> str:
    limit = f" WITH MAX_USER_CONNECTIONS {user.connection_limit}" if user.connection_limit != -1 else ""
    lock = "" if user.can_login else " ACCOUNT LOCK"
    return f"CREATE USER {account(user.name, user.host)} {_authentication(user)}{limit}{lock}"


def _authentication(user: MariadbUser) -> str:
    if user.iam:
        return f"IDENTIFIED WITH {PLUGIN} AS 'RDS' REQUIRE SSL"
    # Without a password, a user could log in with an empty one.
    if not user.password:
        return "IDENTIFIED WITH mysql_native_password AS 'invalid'"
    return f"IDENTIFIED BY {literal(user.password)}"


def _grants(user: MariadbUser) -> list[str]:
    return [f"GRANT {grant} TO {account(user.name, user.host)}" for grant in user.grants]
