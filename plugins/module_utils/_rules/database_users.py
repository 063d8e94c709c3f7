# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users of a database and how they authenticate, for every engine.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

IAM = "iam"
PASSWORD = "password"
PASSWORD_POSSIBLE = "password_possible"
KERBEROS = "kerberos"
NONE = "none"
UNKNOWN = "unknown"
AUTHENTICATIONS = (IAM, PASSWORD, PASSWORD_POSSIBLE, KERBEROS, NONE, UNKNOWN)


class GrantedRole(t.NamedTuple):
    """A membership in rds_iam or rds_ad that counts. ``through``: the roles between the user and that role."""

    role: str
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grants:
    """The roles (PostgreSQL), or plugins and TLS requirement (MySQL, MariaDB), that determine the authentication."""

    roles: tuple[GrantedRole, ...] = ()
    plugins: tuple[str, ...] = ()
    tls: str | None = None


@dataclass(frozen=True)
class DatabaseUser:
    """One user, as the module returns it. A value is None if the engine does not have or does not report it."""

    user: str
    host: str | None
    authentication: str
    is_master: bool | None
    is_system: bool
    can_login: bool
    granted: Grants
    valid_until: str | None = None
    password_expired: bool = False
    locked: bool | None = None
    is_role: bool | None = None
    sessions: int | None = None
    login_count: int | None = None
    login_count_since: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class UserReport:
    """All users of a server, and notes about missing information."""

    server_version: str
    users: tuple[DatabaseUser, ...]
    notes: tuple[str, ...]


def summarize_users(users: t.Iterable[DatabaseUser]) -> dict[str, int]:
    """Return the number of users by authentication. System users are counted separately."""
    listed = list(users)
    own = [user for user in listed if not user.is_system]
    counts = {name: sum(user.authentication == name for user in own) for name in AUTHENTICATIONS}
    return {
        **counts,
        "password_users": counts[PASSWORD] + counts[PASSWORD_POSSIBLE],
        "system": len(listed) - len(own),
        "total": len(listed),
    }


def describe_summary(summary: t.Mapping[str, int]) -> str:
    """Return the summary as one sentence, without system users and without authentications that no user has."""
    counts = ", ".join(f"{summary[name]} {name}" for name in AUTHENTICATIONS if summary[name])
    own = summary["total"] - summary["system"]
    text = f"{summary['password_users']} of {own} users can or may log in with a password"
    return f"{text}; {counts}." if counts else f"{text}."


def master_name(master: str | None, names: t.Iterable[str]) -> str | None:
    """Return the name of the master user on the server, or None if the server has no such user.

    RDS can show another case than the server, because an engine can convert names to lower case.
    """
    if master is None:
        return None
    known = list(names)
    if master in known:
        return master
    return next((name for name in known if name.lower() == master.lower()), None)
