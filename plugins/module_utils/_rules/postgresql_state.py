# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of a role of PostgreSQL before and after the changes of the role ``database_users``, for the diff.

This is private to the collection.
"""

from __future__ import annotations

import copy
import typing as t

from .postgresql_roles import RDS_IAM, PgRole, PgServer

# the key of the settings that apply to all databases
ALL_DATABASES = "all databases"
_ABSENT: dict[str, t.Any] = {"exists": False}
_NEW: dict[str, t.Any] = {
    "exists": True,
    "login": True,
    "mapped_to_iam": False,
    "inherit": True,
    "connection_limit": -1,
    "valid_until": "infinity",
    "member_of": [],
    "connect": [],
    "settings": {},
}


class RoleState:
    """``before`` is the state that the server shows, and ``after`` contains the changes that were recorded so far."""

    def __init__(self, server: PgServer, name: str) -> None:
        self.before = _read(server, name)
        self.after = copy.deepcopy(self.before)

    def opened(self, *, inherits: bool, source: PgRole | None) -> None:
        """Record that the role is created or opened, with the limits of the role that it replaces."""
        if not self.after["exists"]:
            self.after = copy.deepcopy(_NEW)
        self.after["login"] = True
        self.after["inherit"] = self.after["inherit"] or inherits
        if source is not None:
            self.after.update(_limits(source))

    def granted(self, role: str) -> None:
        if role == RDS_IAM:
            self._set(mapped_to_iam=True)
        else:
            self._add("member_of", role)

    def may_connect(self, database: str) -> None:
        self._add("connect", database)

    def configured(self, database: str, setting: str, value: str) -> None:
        if self.after["exists"]:
            self.after["settings"].setdefault(database or ALL_DATABASES, {})[setting] = value

    def unmapped(self) -> None:
        self._set(mapped_to_iam=False)

    def closed(self) -> None:
        self._set(login=False)

    def _set(self, **changes: t.Any) -> None:
        """Record changes. A role that is not created, because of a problem, has none."""
        if self.after["exists"]:
            self.after.update(changes)

    def _add(self, key: str, value: str) -> None:
        if self.after["exists"]:
            self.after[key] = sorted({*self.after[key], value})


def _read(server: PgServer, name: str) -> dict[str, t.Any]:
    role = server.roles.get(name)
    if role is None:
        return dict(_ABSENT)
    return {
        "exists": True,
        "login": role.can_login,
        "mapped_to_iam": server.is_iam(name),
        "inherit": role.inherits,
        **_limits(role),
        # the mapping has a key of its own
        "member_of": sorted({row.role for row in server.memberships if row.member == name} - {RDS_IAM}),
        "connect": sorted(database.name for database in server.databases.values() if name in database.grantees),
        "settings": {
            database or ALL_DATABASES: dict(values)
            for (role_name, database), values in sorted(server.settings.items())
            if role_name == name
        },
    }


def _limits(role: PgRole) -> dict[str, t.Any]:
    return {"connection_limit": role.connection_limit, "valid_until": role.valid_until or "infinity"}
