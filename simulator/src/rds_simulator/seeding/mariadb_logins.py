# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users and databases of seeded MySQL, MariaDB and Aurora MySQL databases that accept logins."""

from __future__ import annotations

from typing import Any

from ..login.mariadb.users import EXISTING_DATABASES, GRANT, RESERVED_USERS, MariadbAccounts, MariadbUser

ENGINES = ("mysql", "mariadb", "aurora-mysql")

# The longest names in characters: those of users in MySQL and in MariaDB, and those of databases and hosts.
_LONGEST_USER = {"mariadb": 80}
_LONGEST_MYSQL_USER = 32
_LONGEST_DATABASE = 64
_LONGEST_HOST = 60


def check_mariadb_logins(item: dict[str, Any], where: str) -> None:
    """Raise ValueError, with the position, if users or databases are invalid. Types were checked before."""
    longest = _LONGEST_USER.get(item["engine"], _LONGEST_MYSQL_USER)
    accounts: set[tuple[str, str]] = set()
    for user in item.get("users", []):
        _check_user(user, longest, f"{user['name']!r} in {where}")
        account = (user["name"], user.get("host", "%").lower())
        if account in accounts:
            raise ValueError(f"users in {where}: {user['name']!r}: already exists")
        accounts.add(account)
    names = list(EXISTING_DATABASES)
    for name in item.get("databases", []):
        if not isinstance(name, str):
            raise ValueError(f"databases in {where}: {name!r}: must be a string")
        _check_name(name, _LONGEST_DATABASE, f"databases in {where}")
        if name in names:
            raise ValueError(f"databases in {where}: {name!r}: already exists")
        names.append(name)


def _check_user(user: dict[str, Any], longest: int, where: str) -> None:
    if user["name"] in RESERVED_USERS:
        raise ValueError(f"user {where}: the name is reserved")
    _check_name(user["name"], longest, f"user {where}")
    _check_name(user.get("host", "%"), _LONGEST_HOST, f"host of {where}")
    if "valid_until" in user:
        raise ValueError(f"valid_until of {where}: requires a PostgreSQL engine")
    if user.get("iam") and "password" in user:
        raise ValueError(f"password of {where}: a user with iam: true has no password. Remove one of the two.")
    if "\0" in user.get("password", ""):
        raise ValueError(f"password of {where}: must not contain a NUL character")
    for grant in user.get("grants", []):
        if not isinstance(grant, str) or not GRANT.fullmatch(grant):
            raise ValueError(f"grants of {where}: {grant!r} is not a grant. Use a value such as 'SELECT ON sales.*'.")
    if user.get("connection_limit", -1) < -1:
        raise ValueError(f"connection_limit of {where}: must be -1 or more")


def _check_name(name: str, longest: int, where: str) -> None:
    if not 1 <= len(name) <= longest or "\0" in name or name != name.rstrip(" "):
        raise ValueError(f"{where}: {name!r}: must have 1 to {longest} characters, no NUL, and no space at the end")


def mariadb_accounts(item: dict[str, Any], master: str, databases: tuple[str, ...]) -> MariadbAccounts:
    """Return the users and databases of a seeded database. databases: the first one, and those of the seed."""
    return MariadbAccounts(
        master=master,
        password=item.get("master_user_password"),
        users=tuple(MariadbUser(**{**user, "grants": tuple(user.get("grants", ()))}) for user in item.get("users", [])),
        databases=tuple(name for name in databases if name not in EXISTING_DATABASES),
    )
