# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of ``rds_users_info``: the users of a server, and the database that owns the setting.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

from .._model.arns import dbuser_arn_prefix
from .._model.database import Database
from .._rules.database_users import DatabaseUser, UserReport, describe_summary, summarize_users


@dataclass(frozen=True)
class UsersResult:
    """The users of the server at an endpoint. ``owner`` is None if only the endpoint is known."""

    host: str
    port: int
    owner: Database | None
    report: UserReport

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        summary = summarize_users(self.report.users)
        name = str(self.owner.id) if self.owner else f"{self.host}:{self.port}"
        return {
            "changed": False,
            "users": [_user(user) for user in self.report.users],
            "summary": summary,
            "database": None if self.owner is None else _database(self.owner),
            "endpoint": {"address": self.host, "port": self.port},
            "server_version": self.report.server_version,
            "notes": list(self.report.notes),
            "msg": f"{name}: {describe_summary(summary)}{_setting(self.owner)}",
        }


def _user(user: DatabaseUser) -> dict[str, t.Any]:
    rendered = asdict(user)
    rendered["granted"] = {
        "roles": [{"role": one.role, "through": list(one.through)} for one in user.granted.roles],
        "plugins": list(user.granted.plugins),
        "tls": user.granted.tls,
    }
    rendered["notes"] = list(user.notes)
    return rendered


def _database(database: Database) -> dict[str, t.Any]:
    return {
        "identifier": database.id.identifier,
        "kind": database.id.kind,
        "arn": database.arn,
        "resource_id": database.resource_id,
        "engine": database.engine,
        "engine_version": database.engine_version,
        "status": database.status,
        "iam_database_authentication_enabled": database.current,
        "pending_iam_database_authentication": database.pending_change,
        "dbuser_arn_prefix": dbuser_arn_prefix(database.arn, database.resource_id),
    }


def _setting(database: Database | None) -> str:
    if database is None:
        return ""
    state = "enabled" if database.current else "disabled"
    if database.pending_change is not None:
        return f" IAM database authentication is {state}, and a change is pending."
    return "" if database.current else f" IAM database authentication is {state}."
