# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users and databases of seeded databases that accept logins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..engines import catalogue
from ..login.mariadb.users import MariadbAccounts
from ..login.users import RESERVED_ROLES, Accounts, User
from . import mariadb_logins

# The keys that need `login: true`, and their types.
KEYS = {"login": bool, "master_user_password": str, "users": list, "databases": list}
USER_KEYS: dict[str, Any] = {
    "name": str,
    "host": str,
    "password": str,
    "iam": bool,
    "grants": list,
    "can_login": bool,
    "valid_until": str,
    "connection_limit": int,
}

# PostgreSQL silently truncates longer names (NAMEDATALEN).
_LONGEST_NAME = 63
_EXISTING_DATABASES = ("postgres", "rdsadmin", "template0", "template1")

# RDS does not grant the roles for programs and files of the server. Here, they would reach every simulated database.
PREDEFINED_ROLES = frozenset(
    (
        "pg_checkpoint",
        "pg_create_subscription",
        "pg_maintain",
        "pg_monitor",
        "pg_read_all_data",
        "pg_read_all_settings",
        "pg_read_all_stats",
        "pg_signal_autovacuum_worker",
        "pg_signal_backend",
        "pg_stat_scan_tables",
        "pg_use_reserved_connections",
        "pg_write_all_data",
    )
)
_GRANTABLE = PREDEFINED_ROLES | {"rds_superuser", "rds_ad"}


def check_logins(item: dict[str, Any], where: str) -> None:
    """Raise ValueError, with the position, if users or databases are invalid. Types were checked before."""
    if not item.get("login"):
        given = [key for key in KEYS if key != "login" and key in item]
        if given:
            raise ValueError(f"{given[0]} in {where}: requires login: true")
        return
    if item["engine"] in mariadb_logins.ENGINES:
        mariadb_logins.check_mariadb_logins(item, where)
        return
    if not catalogue.is_postgresql(item["engine"]):
        raise ValueError(
            f"login in {where}: {item['engine']} is not supported. Logins require PostgreSQL, MySQL or MariaDB."
        )
    names = [_checked_name(user["name"], f"users in {where}") for user in item.get("users", [])]
    _refuse_duplicates(names, f"users in {where}")
    for user in item.get("users", []):
        _check_user(user, names, f"{user['name']!r} in {where}")
    _refuse_cycles({user["name"]: user.get("grants", []) for user in item.get("users", [])}, f"grants in {where}")
    for name in item.get("databases", []):
        if not isinstance(name, str):
            raise ValueError(f"databases in {where}: {name!r}: must be a string")
    databases = [_checked_name(name, f"databases in {where}") for name in item.get("databases", [])]
    _refuse_duplicates([*_EXISTING_DATABASES, *databases], f"databases in {where}")


def _check_user(user: dict[str, Any], names: list[str], where: str) -> None:
    if user["name"] in RESERVED_ROLES or user["name"].startswith("pg_"):
        raise ValueError(f"user {where}: the name is reserved")
    if "host" in user:
        raise ValueError(f"host of {where}: requires MySQL or MariaDB")
    if "\0" in user.get("password", ""):
        raise ValueError(f"password of {where}: must not contain a NUL character")
    for role in user.get("grants", []):
        if not isinstance(role, str) or role not in _GRANTABLE.union(names):
            raise ValueError(
                f"grants of {where}: {role!r} is not a role. List it under users, with can_login: false for a group, "
                "or use a predefined role such as pg_read_all_data. For rds_iam, set iam: true."
            )
    if user.get("connection_limit", -1) < -1:
        raise ValueError(f"connection_limit of {where}: must be -1 or more")
    _check_time(user.get("valid_until", "infinity"), where)


def _refuse_cycles(grants: dict[str, list[str]], where: str) -> None:
    """Raise ValueError if a user is a member of itself, which PostgreSQL does not allow."""
    for name, granted in grants.items():
        reached: set[str] = set()
        pending = list(granted)
        while pending:
            role = pending.pop()
            if role == name:
                raise ValueError(f"{where}: {name!r} would be a member of itself")
            if role not in reached:
                reached.add(role)
                pending += grants.get(role, [])


def _check_time(given: str, where: str) -> None:
    if given == "infinity":
        return
    try:
        datetime.fromisoformat(given.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(
            f"valid_until of {where}: {given!r} is not a time. Use a value such as '2026-11-02T12:00:00Z'."
        ) from None


def _checked_name(name: str, where: str) -> str:
    size = len(name.encode())
    if not name or size > _LONGEST_NAME or "\0" in name:
        raise ValueError(f"{where}: {name!r}: a name has 1 to {_LONGEST_NAME} bytes and no NUL character")
    return name


def _refuse_duplicates(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{where}: {name!r}: already exists")
        seen.add(name)


def accounts_of(item: dict[str, Any], record: dict[str, Any]) -> Accounts | MariadbAccounts:
    """Return the users and databases of a seeded database; raise ValueError if a user has the master user's name."""
    master = str(record["MasterUsername"])
    if any(user["name"] == master for user in item.get("users", [])):
        raise ValueError(f"users of {item['identifier']!r}: {master!r} is the master user")
    first = record.get("DBName") or record.get("DatabaseName")
    if item["engine"] in mariadb_logins.ENGINES:
        seeded = dict.fromkeys((*([first] if first else []), *item.get("databases", [])))
        return mariadb_logins.mariadb_accounts(item, master, tuple(seeded))
    databases = [*([first] if first and first not in _EXISTING_DATABASES else []), *item.get("databases", [])]
    return Accounts(
        master=master,
        password=item.get("master_user_password"),
        users=tuple(_user(user) for user in item.get("users", [])),
        databases=tuple(dict.fromkeys(databases)),
    )


def _user(given: dict[str, Any]) -> User:
    return User(**{**given, "grants": tuple(given.get("grants", ()))})
