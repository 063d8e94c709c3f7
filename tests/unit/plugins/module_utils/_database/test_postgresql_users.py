# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Which memberships are read as inherited by the versions of PostgreSQL. The test server runs only one of them."""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import postgresql_users
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import POSTGRESQL, LoginRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.user_facts import Membership, RoleFacts

REQUEST = LoginRequest(POSTGRESQL, "db", 5432, "db", 5432, "postgres", "secret", "postgres", "/ca", 10)


class Connection:
    """Records the statements, and answers them."""

    def __init__(self, version):
        self.version = version
        self.statements = []

    def execute(self, statement, _parameters=None):
        self.statements.append(statement)
        return self

    def fetchone(self):
        return ("any", self.version)

    def fetchall(self):
        if "pg_auth_members" in self.statements[-1]:
            return [("app", "rds_iam", True)]
        return [("app", True, True, False, None, False, 2)]


@pytest.mark.parametrize(
    ("version", "column"),
    [(110022, "m.rolinherit"), (150010, "m.rolinherit"), (160000, "a.inherit_option"), (180000, "a.inherit_option")],
)
def test_postgresql_users_inherit_by_version(monkeypatch, version, column):
    connection = Connection(version)
    monkeypatch.setattr(postgresql_users, "open_session", lambda _request: contextlib.nullcontext(connection))
    facts = postgresql_users.PostgresqlUserReader().users(REQUEST)
    assert facts.roles == (RoleFacts("app", is_iam=True, sessions=2),)
    assert facts.memberships == (Membership("app", "rds_iam", True),)
    assert f"bool_or({column})" in connection.statements[-1]


def test_postgresql_users_are_read_in_one_read_only_snapshot(monkeypatch):
    connection = Connection(160004)
    monkeypatch.setattr(postgresql_users, "open_session", lambda _request: contextlib.nullcontext(connection))
    postgresql_users.PostgresqlUserReader().users(REQUEST)
    path, snapshot, *queries = connection.statements
    assert "search_path" in path
    assert snapshot == "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    assert len(queries) == 3
    assert not any("pg_authid" in query or "pg_shadow" in query for query in queries)
