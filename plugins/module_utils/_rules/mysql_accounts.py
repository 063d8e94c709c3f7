# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The facts about accounts that the role ``database_users`` reads from a MySQL or MariaDB server.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .._options.database_users import UserRequest
from .mysql_grants import MysqlGrants, has_several_methods, read_grants

Values = t.Mapping[str, t.Any]
PLUGIN = "AWSAuthenticationPlugin"
# without PROCESS, the server shows nobody else's sessions
_SEES_SESSIONS = re.compile(r"GRANT (?:ALL PRIVILEGES|(?:.*, )?PROCESS(?:,.*)?) ON \*\.\* ")


@dataclass(frozen=True)
class MysqlAccount:
    """An account, without its password. ``several_methods``: whether MariaDB accepts one of several methods."""

    name: str
    host: str
    plugin: str
    locked: bool
    tls: Values
    limits: Values
    grants: MysqlGrants
    several_methods: bool = False

    @property
    def is_iam(self) -> bool:
        return self.plugin.lower() == PLUGIN.lower()

    def render(self) -> dict[str, t.Any]:
        return {**vars(self), "tls": dict(self.tls), "limits": dict(self.limits), "grants": self.grants.render()}


@dataclass(frozen=True)
class MysqlServerFacts:
    """The facts about a server. The key of ``accounts`` is (name, host in lower case)."""

    administrator: str
    is_read_only: bool
    accounts: t.Mapping[tuple[str, str], MysqlAccount]
    names: frozenset[str]
    sessions: t.Mapping[str, int] = field(default_factory=dict)
    sees_sessions: bool = False

    def account(self, name: str, host: str) -> MysqlAccount | None:
        return self.accounts.get((name, host.lower()))

    def render(self) -> dict[str, t.Any]:
        """Return the facts without the password hashes of the answers that they were read from."""
        return {
            "administrator": self.administrator,
            "is_read_only": self.is_read_only,
            "accounts": [account.render() for account in self.accounts.values()],
            "names": sorted(self.names),
            "sessions": dict(self.sessions),
            "sees_sessions": self.sees_sessions,
        }

    @classmethod
    def load(cls, values: Values) -> MysqlServerFacts:
        """Return the facts from the result of ``render``."""
        accounts = [MysqlAccount(**{**one, "grants": MysqlGrants.load(one["grants"])}) for one in values["accounts"]]
        keyed = {(account.name, account.host.lower()): account for account in accounts}
        return cls(**{**values, "accounts": keyed, "names": frozenset(values["names"])})


def queries(users_info: t.Sequence[Values], requests: t.Sequence[UserRequest]) -> list[str]:
    """Return the queries for the rights of the accounts that the task concerns, two for each account."""
    return [
        f"{statement} {literal(user['name'])}@{literal(user['host'])}"
        for user in _concerned(users_info, requests)
        for statement in ("SHOW GRANTS FOR", "SHOW CREATE USER")
    ]


def read_mysql_server(facts: Values, requests: t.Sequence[UserRequest]) -> MysqlServerFacts:
    """Return the facts from ``users_info``, and from the results ``server`` and ``rights`` of two queries."""
    about, variables, sessions, own_grants = facts["server"]
    users_info, rights = facts["users_info"], facts["rights"]
    accounts: dict[tuple[str, str], MysqlAccount] = {}
    for number, user in enumerate(_concerned(users_info, requests)):
        lines = [str(value) for row in rights[2 * number] for value in row.values()]
        create = " ".join(str(value) for row in rights[2 * number + 1] for value in row.values())
        accounts[user["name"], user["host"].lower()] = MysqlAccount(
            name=user["name"],
            host=user["host"],
            plugin=str(user.get("plugin") or ""),
            locked="ACCOUNT LOCK" in create,
            tls=user.get("tls_requires") or {},
            limits=user.get("resource_limits") or {},
            grants=read_grants(lines, create),
            several_methods=has_several_methods(create),
        )
    return MysqlServerFacts(
        administrator=str(about[0]["administrator"]).rpartition("@")[0],
        is_read_only=any(str(row.get("Value")).upper() in ("ON", "1") for row in variables),
        accounts=accounts,
        names=frozenset(str(user["name"]) for user in users_info),
        sessions={str(row["name"]): int(row["sessions"]) for row in sessions},
        sees_sessions=any(_SEES_SESSIONS.match(str(text)) for row in own_grants for text in row.values()),
    )


def literal(text: str) -> str:
    """Return an SQL literal, for sessions without the mode NO_BACKSLASH_ESCAPES."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _concerned(users_info: t.Sequence[Values], requests: t.Sequence[UserRequest]) -> list[Values]:
    wanted = {(name, request.host.lower()) for request in requests for name in (request.name, request.replaces)}
    return [user for user in users_info if (user["name"], str(user["host"]).lower()) in wanted]
