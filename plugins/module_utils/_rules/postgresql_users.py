# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide how each role of a PostgreSQL server authenticates.

Sources: Amazon RDS User Guide, "Database authentication with Amazon RDS" (one of rds_iam, rds_ad and a password for
each user, also by nested grants) and "Creating a database account using IAM authentication"; PostgreSQL, "Role
Membership".

This is private to the collection.
"""

from __future__ import annotations

import collections
import typing as t
from collections import defaultdict

from .._model.user_facts import RDS_AD, RDS_IAM, Membership, PostgresqlFacts, RoleFacts
from .database_users import (
    IAM,
    KERBEROS,
    NONE,
    PASSWORD_POSSIBLE,
    UNKNOWN,
    DatabaseUser,
    GrantedRole,
    Grants,
    UserReport,
    master_name,
)
from .system_users import is_postgresql_system_role

_DECIDING = (RDS_IAM, RDS_AD)
_BOTH = "is a member of both rds_iam and rds_ad, which AWS does not support. Revoke one of them"
_NOT_INHERITED = "is a member of {role}, but does not inherit it, so the membership does not count"
_EXPIRED = "the password has expired, and the user has no other method"
_EXPIRED_ALONE = "the password has expired. This does not affect the other methods"
_NOTES = (
    "PostgreSQL does not show whether a role has a password. Roles that may log in without rds_iam and rds_ad have the "
    "authentication password_possible.",
    "PostgreSQL stores neither the time of the last login nor the number of logins. Only current sessions are known.",
)
_NO_IAM_ROLE = "The role rds_iam does not exist on this server, so no user can log in with a token."


def report_roles(facts: PostgresqlFacts, master: str | None) -> UserReport:
    """Return every role, ordered by name. ``master``: the name of the master user; None if it is not known."""
    graph = _Graph(facts.memberships)
    names = [role.name for role in facts.roles]
    actual_master = master_name(master, names)
    users = [_user(role, graph, None if master is None else role.name == actual_master) for role in facts.roles]
    notes = _NOTES if RDS_IAM in names else (_NO_IAM_ROLE, *_NOTES)
    return UserReport(facts.server_version, tuple(sorted(users, key=lambda user: user.user)), notes)


def _user(role: RoleFacts, graph: _Graph, is_master: bool | None) -> DatabaseUser:
    counted = [name for name, counts in zip(_DECIDING, (role.is_iam, role.is_kerberos)) if counts and name != role.name]
    authentication, notes = _authentication(role, counted)
    uncounted = [name for name in _DECIDING if name not in counted and graph.reaches(role.name, name)]
    return DatabaseUser(
        user=role.name,
        host=None,
        authentication=authentication,
        is_master=is_master,
        is_system=is_postgresql_system_role(role.name),
        can_login=role.can_login,
        granted=Grants(roles=tuple(path for name in counted for path in graph.paths(role.name, name))),
        valid_until=role.valid_until,
        password_expired=role.is_expired,
        sessions=role.sessions,
        notes=(*notes, *(_NOT_INHERITED.format(role=name) for name in uncounted)),
    )


def _authentication(role: RoleFacts, counted: t.Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the authentication of a role, and the notes about it. The end of a password concerns only the password."""
    if not role.can_login:
        return NONE, ()
    if len(counted) > 1:
        return UNKNOWN, (_BOTH,)
    if counted:
        return IAM if counted[0] == RDS_IAM else KERBEROS, (_EXPIRED_ALONE,) if role.is_expired else ()
    return (NONE, (_EXPIRED,)) if role.is_expired else (PASSWORD_POSSIBLE, ())


class _Graph:
    """The memberships of all roles."""

    def __init__(self, memberships: t.Iterable[Membership]) -> None:
        self._inherited: dict[str, list[str]] = defaultdict(list)
        self._granted: dict[str, list[str]] = defaultdict(list)
        for one in sorted(memberships, key=lambda one: (one.member, one.role)):
            self._granted[one.member].append(one.role)
            if one.inherits:
                self._inherited[one.member].append(one.role)

    def reaches(self, member: str, role: str) -> bool:
        """Return whether a role is granted to a member, directly or through other roles, inherited or not."""
        return any(_shortest(self._granted, first, role) is not None for first in self._granted.get(member, ()))

    def paths(self, member: str, role: str) -> list[GrantedRole]:
        """Return the shortest path to a role for each role that is granted to the member: the direct one first."""
        found = [_shortest(self._inherited, first, role) for first in self._inherited.get(member, ())]
        paths = sorted((path for path in found if path is not None), key=lambda path: (len(path), path))
        return [GrantedRole(role, path) for path in paths]


def _shortest(granted: t.Mapping[str, t.Sequence[str]], first: str, role: str) -> tuple[str, ...] | None:
    """Return the roles from ``first`` to the last one before ``role``, or None if none leads there."""
    if first == role:
        return ()
    paths: dict[str, tuple[str, ...]] = {first: (first,)}
    waiting = collections.deque([first])
    while waiting:
        name = waiting.popleft()
        for above in granted.get(name, ()):
            if above == role:
                return paths[name]
            if above not in paths:
                paths[above] = (*paths[name], above)
                waiting.append(above)
    return None
