# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The accounts of a MySQL or MariaDB server, and the queries for their rights."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_accounts import (
    literal,
    queries,
    read_mysql_server,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import mysql_facts, mysql_user


def requests(*users):
    return read_user_requests(users, protocol="mysql", engine="mariadb", account="")[0]


def test_queries_concern_named_accounts_that_exist():
    accounts = [
        mysql_user("app"),
        mysql_user("app", host="10.%"),
        mysql_user("legacy", host="LOCALHOST"),
        mysql_user("x"),
    ]
    asked = requests({"name": "app"}, {"name": "new", "replaces": "legacy", "host": "localhost"})
    assert queries(accounts, asked) == [
        "SHOW GRANTS FOR 'app'@'%'",
        "SHOW CREATE USER 'app'@'%'",
        "SHOW GRANTS FOR 'legacy'@'LOCALHOST'",
        "SHOW CREATE USER 'legacy'@'LOCALHOST'",
    ]


def test_server_is_read():
    facts = mysql_facts(
        mysql_user("app"), create={"app": "CREATE USER x ACCOUNT LOCK"}, sessions={"app": 2}, read_only="ON"
    )
    server = read_mysql_server(facts, requests({"name": "app"}))
    account = server.account("app", "%")
    assert (account.locked, account.is_iam, account.plugin) == (True, False, "mysql_native_password")
    assert (server.administrator, server.is_read_only, server.sessions) == ("admin", True, {"app": 2})
    assert server.account("app", "10.%") is None
    assert server.account("App", "%") is None
    assert "SECRET" not in repr(server)


@pytest.mark.parametrize(("text", "written"), [("a", "'a'"), ("o'b", "'o''b'"), ("a\\", "'a\\\\'"), ("", "''")])
def test_literal_is_escaped(text, written):
    assert literal(text) == written
