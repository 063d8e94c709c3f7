# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The request for a login: the password or a new token, for the engines that have such a login."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying import RetryingGateway
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import LoginOptions
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_target import (
    default_database,
    describe_target,
    login_request,
)
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import ENDPOINT, HOST, FakeApi, FakeClock

ORDERS = instance(current=True, endpoint=ENDPOINT)


def options(**changes):
    return LoginOptions(**{"user": "app", "ca_cert": "/ca.pem", "timeout": 10, "database_id": ORDERS.id, **changes})


def gateway(*databases):
    return RetryingGateway(FakeApi(*databases), Deadline.after(60.0, FakeClock()), 1.0)


def test_login_request_uses_password_instead_of_token():
    api = FakeApi(ORDERS)
    assert login_request(options(password="secret-1"), ORDERS, api).password == "secret-1"
    assert login_request(options(), ORDERS, api).password == f"token for app@{HOST}:5432"


def test_login_request_by_host_needs_no_database():
    by_host = options(database_id=None, host=HOST, engine="mariadb", password="secret-1")
    assert describe_target(by_host, gateway()) is None
    request = login_request(by_host, None, FakeApi())
    assert (request.host, request.port, request.database, request.protocol) == (HOST, 3306, None, "mysql")


@pytest.mark.parametrize("engine", ["oracle-ee", "sqlserver-se", "db2-se", "custom-oracle-ee"])
def test_login_request_engine_without_login_is_refused(engine):
    database = instance(engine=engine, endpoint=ENDPOINT)
    with pytest.raises(InputError, match=f"the engine {engine} has no such login. Exclude it."):
        login_request(options(), database, FakeApi(database))


def test_login_target_missing_database_is_refused():
    with pytest.raises(InputError, match="there is no such DB instance in Region eu-west-1"):
        describe_target(options(), gateway())


@pytest.mark.parametrize(("protocol", "expected"), [("postgresql", "postgres"), ("mysql", None)])
def test_default_database(protocol, expected):
    assert default_database(protocol) == expected
