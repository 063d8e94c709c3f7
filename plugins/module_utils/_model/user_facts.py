# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The facts about users that a server shows to an administrator.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

RDS_IAM = "rds_iam"
RDS_AD = "rds_ad"


@dataclass(frozen=True)
class Membership:
    """A role that is granted to another one. ``inherits``: whether the member has the privileges of the role."""

    member: str
    role: str
    inherits: bool


@dataclass(frozen=True)
class RoleFacts:
    """A role of PostgreSQL. ``is_iam`` and ``is_kerberos``: whether it inherits rds_iam and rds_ad.

    ``valid_until`` is the end of its password in ISO format; None if there is no end.
    """

    name: str
    can_login: bool = True
    is_iam: bool = False
    is_kerberos: bool = False
    valid_until: str | None = None
    is_expired: bool = False
    sessions: int = 0


@dataclass(frozen=True)
class PostgresqlFacts:
    """The roles of a PostgreSQL server and their memberships."""

    server_version: str
    roles: t.Tuple[RoleFacts, ...]
    memberships: t.Tuple[Membership, ...] = ()


class AuthenticationMethod(t.NamedTuple):
    """A plugin of an account. ``has_secret``: whether a password hash, or other data of the plugin, is stored."""

    plugin: str
    has_secret: bool = True


@dataclass(frozen=True)
class AccountEntry:
    """An account of MySQL or MariaDB. The user can log in with any of its methods.

    ``password_changed`` is a time in seconds since 1970, or None if it is not known. ``password_lifetime`` is in days;
    None is the default of the server, and 0 is unlimited. ``tls`` is ``none``, ``any``, ``x509`` or ``specified``.
    """

    user: str
    host: str
    methods: t.Tuple[AuthenticationMethod, ...] = ()
    is_locked: bool = False
    is_role: bool | None = None
    is_expired: bool = False
    password_changed: float | None = None
    password_lifetime: int | None = None
    tls: str = "none"


@dataclass(frozen=True)
class MysqlFacts:
    """The accounts of a MySQL or MariaDB server, with the sessions and logins of each user name.

    ``sessions`` and ``logins`` are None if the administrator cannot read them, or the server does not count them.
    ``now`` is the time of the server in seconds since 1970, and ``started`` the time at which it started.
    """

    server_version: str
    accounts: t.Tuple[AccountEntry, ...]
    now: float
    started: float
    default_lifetime: int = 0
    sessions: t.Mapping[str, int] | None = None
    logins: t.Mapping[str, int] | None = None
