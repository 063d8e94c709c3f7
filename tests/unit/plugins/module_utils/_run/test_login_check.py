# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of the login check: what is asked, in which order, and what is returned."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError, InputError, RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    MYSQL,
    POSTGRESQL,
    AccountFacts,
    LoginFailed,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import Administrator, LoginOptions
from ansible_collections.passwordless.rds.plugins.module_utils._run.context import RunContext
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_check import check_login
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import (
    ENDPOINT,
    HOST,
    FakeApi,
    FakeClock,
    FakeServer,
    denied,
)

ORDERS = instance(current=True, endpoint=ENDPOINT)
PAM = LoginFailed('FATAL:  PAM authentication failed for user "app"')
OTHER = PolicyFacts("implicitDeny")


def options(**changes):
    plain = {"user": "app", "ca_cert": "/ca.pem", "timeout": 10, "database_id": ORDERS.id, "fail": False}
    return LoginOptions(**{**plain, **changes})


def check(api, server, **changes):
    context = RunContext(api, FakeClock(), [].append, False)
    servers = {POSTGRESQL: server, MYSQL: server}
    return check_login(options(**changes), servers, context)


def test_check_login_success_makes_one_call_and_returns_session():
    api, server = FakeApi(ORDERS), FakeServer()
    result = check(api, server)
    assert api.calls == ["page"]
    (request,) = server.requests
    assert (request.host, request.connect_host, request.port, request.connect_port) == (HOST, HOST, 5432, 5432)
    assert (request.password, request.database, request.timeout) == (f"token for app@{HOST}:5432", "postgres", 10)
    assert (result.session.user, result.failure, result.database) == ("app", None, ORDERS)


def test_check_login_by_host_makes_no_call():
    api, server = FakeApi(), FakeServer()
    assert check(api, server, database_id=None, host=HOST, engine="aurora-mysql").session
    assert api.calls == []
    assert (server.requests[0].port, server.requests[0].database, server.requests[0].protocol) == (3306, None, MYSQL)


def test_check_login_through_tunnel_signs_for_endpoint():
    server = FakeServer()
    check(FakeApi(ORDERS), server, connect_host="127.0.0.1", connect_port=15432)
    (request,) = server.requests
    assert (request.host, request.port, request.connect_host, request.connect_port) == (HOST, 5432, "127.0.0.1", 15432)
    assert request.password == f"token for app@{HOST}:5432"


def test_check_login_cluster_uses_writer_endpoint():
    writer = Endpoint("ledger.cluster-c0ffee.eu-west-1.rds.amazonaws.com", 5433)
    server = FakeServer()
    check(FakeApi(cluster(endpoint=writer)), server, database_id=DatabaseId(CLUSTER, "ledger"), database="sales")
    assert (server.requests[0].host, server.requests[0].port, server.requests[0].database) == (
        *vars(writer).values(),
        "sales",
    )


@pytest.mark.parametrize(
    ("database", "changes", "message"),
    [
        (None, {}, "'orders': there is no such DB instance in Region eu-west-1."),
        (instance(engine="oracle-ee", endpoint=ENDPOINT), {}, "the engine oracle-ee has no such login."),
        (ORDERS, {"user": "a" * 64}, "username: "),
        (ORDERS, {"administrator": Administrator("a" * 64)}, "admin_username: "),
        (ORDERS, {"database_id": DatabaseId(INSTANCE, "orders", "999999999999")}, "is in account 999999999999"),
    ],
)
def test_check_login_invalid_input_raises_before_login(database, changes, message):
    server = FakeServer()
    with pytest.raises(InputError) as raised:
        check(FakeApi(*filter(None, [database])), server, **changes)
    assert message in raised.value.message
    assert server.requests == []


def test_check_login_database_without_endpoint_is_not_attempted():
    server = FakeServer()
    result = check(FakeApi(instance(status="creating", endpoint=None)), server)
    assert (result.failure.cause, result.host, result.database.status) == ("database_not_available", None, "creating")
    assert result.message.endswith("Its status is creating.")
    assert server.requests == []


@pytest.mark.parametrize(
    ("code", "cause"),
    [("ExpiredToken", "credentials_expired"), ("InvalidClientTokenId", "credentials_invalid")],
)
def test_check_login_refused_role_of_profile_is_named(code, cause):
    class Api(FakeApi):
        @property
        def lacks_session_token(self):
            raise CallError(operation="AssumeRole", code=code, message="refused")

        @lacks_session_token.setter
        def lacks_session_token(self, value):
            pass

    server = FakeServer()
    result = check(Api(ORDERS), server)
    assert (result.failure.cause, server.requests) == (cause, [])
    (report,) = result.failure.reports
    assert (report.witness, report.detail) == ("sts", f"AssumeRole: refused ({code})")


def test_check_login_failure_raises_with_result_if_asked():
    with pytest.raises(RdsError) as raised:
        check(FakeApi(instance(endpoint=ENDPOINT)), FakeServer(PAM), fail=True)
    assert raised.value.message.startswith(f"app cannot log in to {HOST}:5432: setting_off. ")
    assert raised.value.render()["cause"] == "setting_off"


def test_check_login_named_cause_does_not_ask_log():
    api = FakeApi(ORDERS, simulate=OTHER, allowed_resources=())
    result = check(api, FakeServer(PAM))
    assert result.failure.cause == "policy_missing"
    assert not {"login_errors", "login_metrics"} & set(api.calls)


def test_check_login_decided_answer_asks_nobody():
    api = FakeApi(ORDERS)
    result = check(api, FakeServer(LoginFailed('FATAL:  role "app" is not permitted to log in')))
    assert result.failure.cause == "user_locked"
    assert api.calls == ["page"]
    assert [report.witness for report in result.failure.reports] == ["server"]


def test_check_login_log_appears_late_is_awaited():
    api = FakeApi(ORDERS, login_errors=[(), (), ("ThrottlingException",)])
    assert check(api, FakeServer(PAM)).failure.cause == "logins_throttled"
    assert api.calls.count("login_errors") == 3


def test_check_login_log_stays_empty_ends_at_timeout():
    api = FakeApi(ORDERS)
    assert check(api, FakeServer(PAM), timeout=4).failure.cause == "unknown"
    assert api.calls.count("login_errors") == 3


def test_check_login_log_denied_is_asked_once():
    api = FakeApi(ORDERS, login_errors=denied("FilterLogEvents"))
    result = check(api, FakeServer(PAM))
    assert result.failure.cause == "unknown"
    assert api.calls.count("login_errors") == 1
    assert "logins_throttled" in result.failure.candidates


@pytest.mark.parametrize(("reachable", "cause"), [(True, "login_timed_out"), (False, "endpoint_unreachable")])
def test_check_login_timeout_tries_the_port_again(reachable, cause):
    server = FakeServer(LoginFailed("connection timeout expired"))
    server.reachable = reachable
    assert check(FakeApi(ORDERS), server).failure.cause == cause


@pytest.mark.parametrize(
    ("administrator", "password"),
    [(Administrator("postgres", "secret"), "secret"), (Administrator("postgres"), f"token for postgres@{HOST}:5432")],
)
def test_check_login_administrator_uses_password_or_token(administrator, password):
    failed = LoginFailed('FATAL:  password authentication failed for user "app"')
    server = FakeServer(failed, AccountFacts(exists=False))
    assert check(FakeApi(ORDERS), server, administrator=administrator).failure.cause == "user_missing"
    assert (server.administrator.user, server.administrator.password) == ("postgres", password)
    assert "secret" not in repr(server.administrator)


@pytest.mark.parametrize(
    ("code", "cause"), [("ExpiredToken", "credentials_expired"), ("InvalidClientTokenId", "credentials_invalid")]
)
def test_check_login_describe_refuses_credentials(code, cause):
    error = CallError(operation="DescribeDBInstances", code=code, message="refused")
    server = FakeServer()
    result = check(FakeApi(page=error), server)
    assert (result.failure.cause, result.host, server.requests) == (cause, None, [])


def test_check_login_describe_denied_raises():
    with pytest.raises(CallError, match="not authorized"):
        check(FakeApi(page=denied("DescribeDBInstances")), FakeServer())


def test_check_login_simulations_reuse_what_the_diagnosis_knows():
    calls = []
    for principals in ((), ("arn:aws:iam::123456789012:role/app",)):
        api = FakeApi(ORDERS)
        check(api, FakeServer(PAM), simulate_principals=principals)
        calls.append(api.calls)
    assert calls[1] == [*calls[0], "simulate"]
