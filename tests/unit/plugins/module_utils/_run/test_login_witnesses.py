# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each witness of a failed login: its report, and what follows if AWS or the database refuses the question."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.login import Caller
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying import RetryingGateway
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    POSTGRESQL,
    AccountFacts,
    LoginFailed,
    LoginRequest,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_witnesses import Witnesses
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import (
    ENDPOINT,
    HOST,
    RESOURCE,
    USER_ARN,
    FakeApi,
    FakeClock,
    FakeServer,
    denied,
)

ORDERS = instance(current=True, endpoint=ENDPOINT)
MEMBER = "ledger-2.c0ffee.eu-west-1.rds.amazonaws.com"


def make(api, host=HOST, database=None):
    clock = FakeClock()
    request = LoginRequest(POSTGRESQL, host, 5432, host, 5432, "app", "secret", "postgres", "/ca.pem", 10)
    return Witnesses(api, RetryingGateway(api, Deadline.after(60, clock), 2.0), request, clock.now(), database)


def report(witnesses, name):
    (found,) = [report for report in witnesses.reports if report.witness == name]
    return found


def test_witness_token_names_caller_and_region():
    witnesses = make(FakeApi())
    facts = witnesses.token()
    assert (facts.endpoint_region, facts.identity_checked, facts.identity_error) == ("eu-west-1", True, None)
    assert witnesses.principal == USER_ARN
    assert report(witnesses, "sts").detail == f"the credentials belong to {USER_ARN}"


@pytest.mark.parametrize(("ahead", "shown"), [(None, False), (1.0, False), (-4.0, False), (5.0, True), (-1000.0, True)])
def test_witness_sts_shows_only_notable_clock_difference(ahead, shown):
    api = FakeApi()
    api.clock_ahead = ahead
    witnesses = make(api)
    witnesses.token()
    assert ("the clock of AWS" in report(witnesses, "sts").detail) == shown


@pytest.mark.parametrize(
    ("code", "changes", "checked"),
    [
        ("ExpiredToken", {}, True),
        ("InvalidClientTokenId", {}, True),
        ("AccessDenied", {}, False),
        ("EndpointConnectionError", {"unsent": True}, False),
        ("ReadTimeoutError", {"no_response": True}, False),
    ],
)
def test_witness_sts_error_counts_only_as_answer_about_credentials(code, changes, checked):
    error = CallError(operation="GetCallerIdentity", code=code, message="refused", **changes)
    witnesses = make(FakeApi(caller=error))
    facts = witnesses.token()
    assert (facts.identity_error, facts.identity_checked) == (code, checked)
    assert report(witnesses, "sts").available == checked
    assert witnesses.principal is None


def test_witness_token_without_session_token_says_so():
    api = FakeApi()
    api.lacks_session_token = True
    witnesses = make(api)
    assert witnesses.token().lacks_session_token
    assert "without the session token" in report(witnesses, "token").detail


def test_witness_rds_finds_database_by_endpoint_name():
    witnesses = make(FakeApi(ORDERS))
    facts = witnesses.rds()
    assert (facts.found, facts.is_endpoint, facts.current, facts.accepts_logins) == (True, True, True, True)
    assert witnesses.resource_arn == RESOURCE


def test_witness_rds_member_has_resource_and_setting_of_cluster():
    member = instance("ledger-2", cluster_identifier="Ledger", endpoint=Endpoint(MEMBER, 5432))
    witnesses = make(FakeApi(member, cluster(current=True)), MEMBER)
    facts = witnesses.rds()
    assert (facts.current, facts.resource_id) == (True, "cluster-LEDGER")
    assert witnesses.resource_arn.endswith(":dbuser:cluster-LEDGER/app")
    assert "(cluster/ledger owns the setting)" in report(witnesses, "rds").detail


def test_witness_rds_reader_endpoint_belongs_to_cluster():
    host = "ledger.cluster-ro-c0ffee.eu-west-1.rds.amazonaws.com"
    witnesses = make(FakeApi(cluster(reader_endpoint=Endpoint(host, 5432))), host)
    assert witnesses.rds().is_endpoint


def test_witness_rds_other_name_is_searched_in_all_endpoints():
    facts = make(FakeApi(ORDERS, cluster()), "db.example.com").rds()
    assert (facts.found, facts.is_endpoint) == (False, False)
    own = make(FakeApi(instance(endpoint=Endpoint("127.0.3.1", 5432))), "127.0.3.1")
    assert own.rds().is_endpoint


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("app.proxy-c0ffee.eu-west-1.rds.amazonaws.com", "the endpoint of an RDS Proxy"),
        ("part.cluster-custom-c0ffee.eu-west-1.rds.amazonaws.com", "a custom endpoint"),
        ("orders.c0ffee.us-east-1.rds.amazonaws.com", "is in Region us-east-1"),
    ],
)
def test_witness_rds_proxy_or_other_region_is_not_available(host, reason):
    api = FakeApi(ORDERS)
    witnesses = make(api, host)
    assert witnesses.rds() is None
    assert reason in report(witnesses, "rds").detail
    assert not report(witnesses, "rds").available
    assert api.calls == []


def test_witness_denied_is_reported_as_not_available():
    witnesses = make(FakeApi(page=denied("DescribeDBInstances")))
    assert witnesses.rds() is None
    found = report(witnesses, "rds")
    assert (found.available, found.detail) == (False, "DescribeDBInstances: not authorized (AccessDenied)")


def asked(api):
    witnesses = make(api)
    witnesses.token()
    witnesses.rds()
    return witnesses


def test_witness_iam_returns_decision_with_resources():
    api = FakeApi(ORDERS, simulate=PolicyFacts("implicitDeny"))
    facts = asked(api).iam()
    assert (facts.decision, facts.resources) == ("implicitDeny", (RESOURCE,))
    assert api.simulated == (USER_ARN, RESOURCE)


def test_witness_iam_session_of_role_is_simulated_as_role():
    api = FakeApi(ORDERS, caller=Caller("arn:aws:sts::123456789012:assumed-role/login/deploy", "123456789012"))
    asked(api).iam()
    assert api.simulated[0] == "arn:aws:iam::123456789012:role/team/login"


def test_witness_iam_root_cannot_be_simulated():
    api = FakeApi(ORDERS, caller=Caller("arn:aws:iam::123456789012:root", "123456789012"))
    assert asked(api).iam() is None
    assert "simulate" not in api.calls


def test_witness_iam_policies_not_readable_keeps_decision():
    witnesses = asked(FakeApi(ORDERS, allowed_resources=denied("GetAccountAuthorizationDetails")))
    facts = witnesses.iam()
    assert (facts.decision, facts.resources) == ("allowed", None)
    assert "the policies cannot be read" in report(witnesses, "iam").detail


def test_witness_iam_unknown_database_is_not_asked():
    api = FakeApi()
    assert asked(api).iam() is None
    assert "simulate" not in api.calls


def test_witness_log_reads_export_of_owner():
    api = FakeApi(ORDERS, login_errors=("NotAuthorized",))
    assert asked(api).log() == ("NotAuthorized",)
    assert api.group == "/aws/rds/instance/orders/iam-db-auth-error"


@pytest.mark.parametrize(("answer", "exists"), [((), True), (denied("FilterLogEvents"), False)])
def test_witness_log_denied_does_not_exist(answer, exists):
    witnesses = asked(FakeApi(ORDERS, login_errors=answer))
    assert witnesses.log() is None
    assert witnesses.log_exists == exists


def test_witness_metrics_of_cluster_are_those_of_writer():
    host = "ledger.cluster-c0ffee.eu-west-1.rds.amazonaws.com"
    api = FakeApi(cluster(endpoint=Endpoint(host, 5432)), login_metrics={"FailureThrottling": 2.0})
    witnesses = make(api, host)
    witnesses.rds()
    assert witnesses.metrics() == {"FailureThrottling": 2.0}
    assert api.instance == "ledger-1"
    assert report(witnesses, "metrics").detail == "FailureThrottling 2"


@pytest.mark.parametrize(
    ("account", "detail"),
    [
        (AccountFacts(exists=False), "the user does not exist"),
        (AccountFacts(exists=False, other_spellings=("APP",)), "the user does not exist; similar: APP"),
        (AccountFacts(exists=True, is_iam=True), "the user is mapped to IAM"),
        (AccountFacts(exists=True, has_rds_ad=True), "the user is not mapped to IAM, has rds_ad"),
        (AccountFacts(exists=True, can_log_in=False), "the user is not mapped to IAM, may not log in"),
    ],
)
def test_witness_administrator_describes_account(account, detail):
    witnesses = make(FakeApi())
    assert witnesses.administrator(FakeServer(account=account), witnesses.request) == account
    assert report(witnesses, "administrator").detail == detail


def test_witness_administrator_refused_is_not_available():
    witnesses = make(FakeApi())
    assert witnesses.administrator(FakeServer(account=LoginFailed("refused")), witnesses.request) is None
    assert not report(witnesses, "administrator").available


def test_witness_asked_again_replaces_its_report():
    witnesses = asked(FakeApi(ORDERS, login_errors=[(), ("ExpiredToken",)]))
    witnesses.log()
    witnesses.log()
    assert report(witnesses, "log").detail == "ExpiredToken"
