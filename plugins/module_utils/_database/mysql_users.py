# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the accounts of a MySQL or MariaDB server, without their password hashes.

Sources: MySQL Reference Manual, "Grant Tables" and "Connection Tables"; MariaDB, "mysql.global_priv Table".

This is private to the collection.
"""

from __future__ import annotations

import json
import typing as t

from .._model.login import LoginRequest, UsersNotReadable
from .._model.user_facts import AccountEntry, AuthenticationMethod, MysqlFacts
from .mysql import open_session, query_rows

# "SELECT command denied to user" for a table and for a column, and "Access denied; you need (at least one of) the ...
# privilege(s)" (MySQL Error Message Reference)
_TABLE_DENIED = (1142, 1143)
_PRIVILEGE_DENIED = 1227

_SERVER = "SELECT VERSION(), UNIX_TIMESTAMP(), @@default_password_lifetime, @@performance_schema"
_STATUS = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Performance_schema_accounts_lost')"
_MYSQL_TABLE, _MARIADB_TABLE = "mysql.user", "mysql.global_priv"
_MYSQL_ACCOUNTS = """
SELECT user, host, plugin, COALESCE(authentication_string, '') <> '', account_locked = 'Y', password_expired = 'Y',
    UNIX_TIMESTAMP(password_last_changed), password_lifetime, ssl_type
FROM mysql.user
"""

# the server replaces the hashes before it sends the document
_MARIADB_ACCOUNTS = "SELECT user, host, REGEXP_REPLACE(priv, %s, %s) FROM mysql.global_priv"
_SECRET = r'"authentication_string"\s*:\s*"(?:[^"\\]|\\.)+"'
_WITHOUT_SECRET = '"authentication_string":"set"'

# Without the privilege PROCESS, a server shows only the sessions of the administrator, but it refuses this table.
_NEEDS_PROCESS = "SELECT 1 FROM information_schema.innodb_trx LIMIT 1"
# The collation of the column ignores case and accents, and would merge different users.
_SESSIONS = """
SELECT MIN(user), COUNT(*) FROM information_schema.processlist WHERE id <> CONNECTION_ID()
GROUP BY CAST(user AS BINARY)
"""
_LOGINS = "SELECT user, SUM(total_connections) FROM performance_schema.accounts WHERE user IS NOT NULL GROUP BY user"
_MARIADB_TLS = ("none", "any", "x509", "specified")


class MysqlUserReader:
    """Implements the interface to the users of a server with PyMySQL."""

    def users(self, administrator: LoginRequest) -> MysqlFacts:
        """Log in as an administrator, and return the accounts. Raises LoginFailed and UsersNotReadable."""
        with open_session(administrator) as connection:
            version, now, lifetime, has_counters = query_rows(connection, _SERVER)[0]
            status = dict(query_rows(connection, _STATUS))
            is_complete = has_counters and not int(status.get("Performance_schema_accounts_lost", 0))
            return MysqlFacts(
                server_version=version,
                accounts=_accounts(connection, "mariadb" in version.lower()),
                now=float(now),
                started=float(now) - int(status["Uptime"]),
                default_lifetime=int(lifetime),
                sessions=_sessions(connection),
                logins=_logins(connection) if is_complete else None,
            )


def _accounts(connection: t.Any, is_mariadb: bool) -> tuple[AccountEntry, ...]:
    try:
        if is_mariadb:
            rows = query_rows(connection, _MARIADB_ACCOUNTS, (_SECRET, _WITHOUT_SECRET))
            return tuple(_mariadb_account(*row) for row in rows)
        return tuple(_mysql_account(row) for row in query_rows(connection, _MYSQL_ACCOUNTS))
    except Exception as error:
        if _code(error) in _TABLE_DENIED:
            raise UsersNotReadable(str(error.args[1]), _MARIADB_TABLE if is_mariadb else _MYSQL_TABLE) from None
        raise


def _mysql_account(row: t.Sequence[t.Any]) -> AccountEntry:
    user, host, plugin, has_secret, is_locked, is_expired, changed, lifetime, tls = row
    return AccountEntry(
        user=user,
        host=host,
        methods=(AuthenticationMethod(plugin or "", bool(has_secret)),),
        is_locked=bool(is_locked),
        is_expired=bool(is_expired),
        password_changed=None if changed is None else float(changed),
        password_lifetime=lifetime,
        tls=(tls or "none").lower(),
    )


def _mariadb_account(user: str, host: str, document: str) -> AccountEntry:
    stored = json.loads(document)
    changed, lifetime = stored.get("password_last_changed"), stored.get("password_lifetime", -1)
    return AccountEntry(
        user=user,
        host=host,
        methods=() if stored.get("is_role") else _methods(stored),
        is_locked=bool(stored.get("account_locked")),
        is_role=bool(stored.get("is_role")),
        # PASSWORD EXPIRE sets the time of the last change to 0
        is_expired=changed == 0,
        password_changed=changed,
        password_lifetime=None if lifetime == -1 else lifetime,
        tls=_MARIADB_TLS[stored.get("ssl_type", 0)],
    )


def _methods(stored: t.Mapping[str, t.Any]) -> tuple[AuthenticationMethod, ...]:
    """Return the methods of an account. An empty alternative is the method in the document itself."""
    alternatives = [alternative or stored for alternative in stored.get("auth_or") or [stored]]
    return tuple(
        AuthenticationMethod(one.get("plugin", ""), bool(one.get("authentication_string"))) for one in alternatives
    )


def _sessions(connection: t.Any) -> dict[str, int] | None:
    try:
        query_rows(connection, _NEEDS_PROCESS)
    except Exception as error:
        if _code(error) == _PRIVILEGE_DENIED:
            return None
        raise
    return {user: int(count) for user, count in query_rows(connection, _SESSIONS)}


def _logins(connection: t.Any) -> dict[str, int] | None:
    try:
        return {user: int(count) for user, count in query_rows(connection, _LOGINS)}
    except Exception as error:
        if _code(error) in _TABLE_DENIED:
            return None
        raise


def _code(error: Exception) -> t.Any:
    return error.args[0] if error.args else None
