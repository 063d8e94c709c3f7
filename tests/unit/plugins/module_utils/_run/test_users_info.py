# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of the report about users: which database is described, and the messages of failures."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError, RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    MYSQL,
    POSTGRESQL,
    LoginFailed,
    UsersNotReadable,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.user_facts import (
    AccountEntry,
    MysqlFacts,
    PostgresqlFacts,
    RoleFacts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import LoginOptions
from ansible_collections.passwordless.rds.plugins.module_utils._run.context import RunContext
from ansible_collections.passwordless.rds.plugins.module_utils._run.users_info import report_users
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import ENDPOINT, HOST, FakeApi, FakeClock

ORDERS = instance(current=True, endpoint=ENDPOINT, created_with={"MasterUsername": "postgres"})
ROLES = PostgresqlFacts("16.4", (RoleFacts("postgres"), RoleFacts("app", is_iam=True)))


class FakeReader:
    """Returns the facts, or raises them."""

    def __init__(self, facts):
        self.facts = facts
        self.requests = []

    def users(self, administrator):
        self.requests.append(administrator)
        if isinstance(self.facts, Exception):
            raise self.facts
        return self.facts


def report(api, reader, **changes):
    options = {"user": "postgres", "ca_cert": "/ca.pem", "timeout": 10, "database_id": ORDERS.id, **changes}
    context = RunContext(api, FakeClock(), [].append, False)
    return report_users(LoginOptions(**options), {POSTGRESQL: reader, MYSQL: reader}, context)


def test_report_users_makes_one_call_and_knows_master():
    api, reader = FakeApi(ORDERS), FakeReader(ROLES)
    result = report(api, reader, password="secret-1")
    assert api.calls == ["page"]
    assert [(user.user, user.is_master) for user in result.report.users] == [("app", False), ("postgres", True)]
    assert result.owner == ORDERS
    assert [(one.user, one.password, one.database) for one in reader.requests] == [("postgres", "secret-1", "postgres")]


def test_report_users_by_host_makes_no_call():
    api, reader = FakeApi(), FakeReader(MysqlFacts("8.0.36", (AccountEntry("admin", "%"),), 1.0, 1.0))
    result = report(api, reader, user="admin", database_id=None, host=HOST, engine="aurora-mysql")
    assert api.calls == []
    assert [user.is_master for user in result.report.users] == [None]
    assert reader.requests[0].password == f"token for admin@{HOST}:3306"


def test_report_users_of_member_returns_setting_of_its_cluster():
    owner = cluster("ledger", current=True, pending=False, created_with={"MasterUsername": "app"})
    member = instance("ledger-1", engine="aurora-postgresql", endpoint=ENDPOINT, cluster_identifier="Ledger")
    result = report(FakeApi(owner, member), FakeReader(ROLES), database_id=DatabaseId(INSTANCE, "ledger-1"))
    assert (result.owner, result.host) == (owner, HOST)
    assert [user.is_master for user in result.report.users] == [True, False]


@pytest.mark.parametrize(
    ("password", "remedy"),
    [
        ("secret-1", "Check the user name, the password and the connection options."),
        (
            None,
            "A login with a token requires rds-db:connect. "
            "Run passwordless.rds.rds_login_check with the same options to find the cause.",
        ),
    ],
)
def test_report_users_failed_login_names_remedy(password, remedy):
    with pytest.raises(RdsError) as failed:
        report(FakeApi(ORDERS), FakeReader(LoginFailed("no entry")), password=password)
    assert failed.value.message == (f"username: 'postgres' cannot read the users of {HOST}:5432: no entry. {remedy}")


def test_report_users_without_privilege_names_table():
    with pytest.raises(RdsError) as failed:
        report(FakeApi(ORDERS), FakeReader(UsersNotReadable("SELECT command denied", "mysql.user")))
    assert failed.value.message == (
        f"username: 'postgres' may not read the users of {HOST}:5432: SELECT command denied. Grant it SELECT on "
        "mysql.user, or use the master user."
    )


def test_report_users_missing_session_token_concerns_tokens_only():
    api, reader = FakeApi(ORDERS), FakeReader(ROLES)
    api.lacks_session_token = True
    with pytest.raises(InputError, match="session_token: it is missing, and the access key is temporary"):
        report(api, reader)
    assert (api.calls, reader.requests) == ([], [])
    assert report(api, reader, password="secret-1").report.users
