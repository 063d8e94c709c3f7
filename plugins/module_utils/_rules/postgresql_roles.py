# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The facts about roles that the role ``database_users`` reads from the catalogs of a PostgreSQL server.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

RDS_IAM, RDS_AD = "rds_iam", "rds_ad"
PUBLIC = "PUBLIC"
# since this version, each membership has its own INHERIT and SET option, and only its grantor can revoke it
_MEMBERSHIP_OPTIONS = 160000


@dataclass(frozen=True)
class PgRole:
    """A row of ``pg_roles``. ``valid_until`` is empty if there is no limit, and ``connection_limit`` is -1."""

    name: str
    can_login: bool
    inherits: bool
    attributes: tuple[str, ...]
    connection_limit: int
    valid_until: str


@dataclass(frozen=True)
class Membership:
    """A row of ``pg_auth_members``."""

    role: str
    member: str
    inherits: bool
    can_set: bool
    grantor: str


@dataclass(frozen=True)
class PgDatabase:
    """A database. ``grantees`` may connect to it, and ``readable`` tells whether the administrator may."""

    name: str
    readable: bool
    grantees: frozenset[str]


@dataclass(frozen=True)
class PgServer:
    """The facts about a server. ``settings`` has the key (role, database), with an empty name for all databases."""

    version: int
    administrator: str
    is_reader: bool
    roles: t.Mapping[str, PgRole]
    memberships: tuple[Membership, ...]
    settings: t.Mapping[tuple[str, str], t.Mapping[str, str]]
    databases: t.Mapping[str, PgDatabase]
    sessions: t.Mapping[str, int] = field(default_factory=dict)

    @property
    def has_membership_options(self) -> bool:
        return self.version >= _MEMBERSHIP_OPTIONS

    def inherited(self, name: str) -> frozenset[str]:
        """Return the role itself and all roles whose rights it inherits."""
        found, waiting = {name}, [name]
        while waiting:
            member = waiting.pop()
            for row in self.memberships:
                if row.member == member and row.inherits and row.role not in found:
                    found.add(row.role)
                    waiting.append(row.role)
        return frozenset(found)

    def members(self, name: str) -> list[str]:
        """Return the roles that inherit the rights of a role, directly or through other roles."""
        return sorted(other for other in self.roles if other != name and name in self.inherited(other))

    def granted_through(self, name: str, role: str) -> str | None:
        """Return the role through which ``name`` inherits ``role``: ``name`` itself if it is a direct member."""
        if any(row.member == name and row.role == role and row.inherits for row in self.memberships):
            return name
        direct = {row.member for row in self.memberships if row.role == role and row.inherits}
        return next(iter(sorted((self.inherited(name) - {role}) & direct)), None)

    def is_iam(self, name: str) -> bool:
        return RDS_IAM in self.inherited(name)

    def similar(self, name: str) -> list[str]:
        """Return the roles whose names differ from a name in upper and lower case only."""
        return sorted(other for other in self.roles if other.lower() == name.lower() and other != name)


def read_server(facts: t.Sequence[t.Any]) -> PgServer:
    """Return the server, from the results of the queries of the role, in their order."""
    server, roles, memberships, settings, databases, sessions = (rows or [] for rows in facts)
    about = server[0]
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in settings:
        name, _equals, value = row["setting"].partition("=")
        found.setdefault((row["role"], row["database"]), {})[name] = value
    return PgServer(
        version=int(about["version"]),
        administrator=about["administrator"],
        is_reader=about["is_reader"],
        roles={row["name"]: _role(row) for row in roles},
        memberships=tuple(Membership(**row) for row in memberships),
        settings=found,
        databases={
            row["name"]: PgDatabase(row["name"], row["readable"], frozenset(row["grantees"])) for row in databases
        },
        sessions={row["name"]: int(row["sessions"]) for row in sessions},
    )


def _role(row: t.Mapping[str, t.Any]) -> PgRole:
    return PgRole(
        name=row["name"],
        can_login=row["can_login"],
        inherits=row["inherits"],
        attributes=tuple(row["attributes"]),
        connection_limit=int(row["connection_limit"]),
        # no statement sets the validity back to NULL, and infinity means the same
        valid_until="" if row["valid_until"] in (None, "infinity") else row["valid_until"],
    )
