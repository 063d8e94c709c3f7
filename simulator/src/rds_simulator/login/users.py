# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The roles and databases of a new PostgreSQL database, as SQL statements."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

RESERVED_ROLES = ("rdsadmin", "rds_ad", "rds_iam", "rds_superuser", "public", "none")

# RDS grants these; stock PostgreSQL 16 and later let nobody grant a role without ADMIN OPTION (△).
_ADMIN_ONLY = "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"


@dataclass(frozen=True)
class User:
    """A database user.

    iam: whether it is a member of ``rds_iam``. grants: the roles that it is a member of. valid_until: a timestamp
    that PostgreSQL can read; it applies to the password. connection_limit: -1 for no limit.
    """

    name: str
    password: str | None = field(default=None, repr=False)
    iam: bool = False
    grants: tuple[str, ...] = ()
    can_login: bool = True
    valid_until: str | None = None
    connection_limit: int = -1


@dataclass(frozen=True)
class Accounts:
    """The users and databases that a database starts with.

    by_iam: whether the master user logs in with a token (MasterUserAuthenticationType ``iam-db-auth``).
    """

    master: str
    password: str | None = field(default=None, repr=False)
    by_iam: bool = False
    users: tuple[User, ...] = ()
    databases: tuple[str, ...] = ()

    def with_password(self, password: str) -> Accounts:
        """Return the accounts with another password of the master user."""
        return replace(self, password=password)

    def statements(self) -> list[str]:
        """Return the statements that create everything in a copy of the template."""
        roles = [_create_role(user) for user in self.users]
        grants = [statement for user in self.users for statement in self._grants(user)]
        managed = [
            f"GRANT {identifier(user.name)} TO {identifier(self.master)} {_ADMIN_ONLY}"
            for user in self.users
            if self.master not in user.grants
        ]
        master = identifier(self.master)
        databases = [f"CREATE DATABASE {identifier(name)} OWNER {master}" for name in self.databases]
        return [*self._master(), *roles, *managed, *grants, *databases]

    def _grants(self, user: User) -> list[str]:
        """Make a user a member of its roles.

        The master user is the grantor where it can be: otherwise, its REVOKE would have no effect.
        """
        manageable = {"rds_iam", *(other.name for other in self.users)}
        statements = []
        for role in (*(["rds_iam"] if user.iam else []), *user.grants):
            by = f" GRANTED BY {identifier(self.master)}" if role in manageable else ""
            statements.append(f"GRANT {identifier(role)} TO {identifier(user.name)} WITH INHERIT TRUE{by}")
        return statements

    def _master(self) -> list[str]:
        """Create the master user: no superuser, a member of rds_superuser (user guide, master user account ✓).

        It owns the database ``postgres``, and can grant rds_iam and every seeded role, which it does not inherit.
        """
        name = identifier(self.master)
        return [
            f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB {_password(self.password)} VALID UNTIL 'infinity'",
            f"GRANT rds_superuser TO {name}",
            f"GRANT rds_iam TO {name} {_ADMIN_ONLY}",
            f"ALTER DATABASE postgres OWNER TO {name}",
            *([use_tokens(self.master)] if self.by_iam else []),
        ]


def set_password(user: str, password: str) -> str:
    """Return the statement that sets the password of a user."""
    return f"ALTER ROLE {identifier(user)} {_password(password)}"


def use_tokens(user: str) -> str:
    """Return the statement that makes a user log in with a token."""
    return f"GRANT rds_iam TO {identifier(user)} WITH INHERIT TRUE, SET TRUE"


def is_member(user: str, role: str, *, any_membership: bool = False) -> str:
    """Return the query for whether a user is a member of a role such as rds_iam, and no superuser.

    A membership counts if the user inherits it. With ``any_membership``, one that only carries ADMIN OPTION counts,
    too. AWS does not say which (?). A role that does not exist has no members: the master user can rename rds_iam.
    """
    privilege = "MEMBER" if any_membership else "USAGE"
    return (
        f"SELECT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = {literal(role)} "
        f"AND pg_has_role(u.oid, r.oid, '{privilege}')) FROM pg_roles u "
        f"WHERE u.rolname = {literal(user)} AND NOT u.rolsuper"
    )


def literal(text: str) -> str:
    """Return an SQL literal, which does not depend on standard_conforming_strings."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'" if "\\" in text else f"'{escaped}'"


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def _password(password: str | None) -> str:
    return "PASSWORD NULL" if password is None else f"PASSWORD {literal(password)}"


def _create_role(user: User) -> str:
    login = "LOGIN" if user.can_login else "NOLOGIN"
    until = f" VALID UNTIL {literal(user.valid_until)}" if user.valid_until else ""
    limit = f" CONNECTION LIMIT {user.connection_limit}" if user.connection_limit != -1 else ""
    return f"CREATE ROLE {identifier(user.name)} {login} {_password(user.password)}{until}{limit}"
