# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults of the control plane: throttling, broken connections, errors and missing permissions."""

from __future__ import annotations

import re

import pytest
from botocore.exceptions import EndpointConnectionError, SSLError
from botocore.httpsession import URLLib3Session

NOW = {"apply_immediately": True}
MANY = [f"shop-{n}" for n in range(1, 13)]


@pytest.fixture
def shops(sim):
    sim.seed({"db_instances": [{"identifier": "shop-{n}", "count": len(MANY), "engine": "mysql"}]})
    return sim


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "InternalFailure", "ServiceUnavailable"])
def test_each_call_throttled_for_a_while_is_retried(shops, run, code):
    shops.faults.add(operation="*", code=code, probability=0.5, times=None)
    result = run.ok(db_instance_identifiers=MANY, **NOW)
    assert result["summary"]["applied"] == len(MANY)
    shops.faults.clear()
    assert run.ok(db_instance_identifiers=MANY, **NOW)["changed"] is False


@pytest.mark.sample(4)
@pytest.mark.parametrize("code", ["InternalFailure", "ServiceUnavailable"])
@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("times", [1, 9])
@pytest.mark.parametrize("kind", ["instance", "cluster"])
@pytest.mark.parametrize("immediately", [True, False])
def test_modify_internal_error_is_verified(sim, run, code, carried_out, times, kind, immediately):
    """After HTTP 500 or 503, RDS may have carried out the request. The module reads the database to find out."""
    sim.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "mysql"}],
            "db_clusters": [{"identifier": "orders", "engine": "aurora-mysql", "members": 1}],
        }
    )
    sim.settings.update(apply_seconds=0.0, status_lag=0.0)
    sim.faults.add(operation=f"ModifyDB{kind.capitalize()}", code=code, carried_out=carried_out, times=times)
    options = {f"db_{kind}_identifier": "orders", "apply_immediately": immediately}
    predicted, result = run.ok(check=True, **options), run.ok(**options)
    assert result.outcomes == predicted.outcomes == {f"{kind}/orders": "applied" if immediately else "scheduled"}
    assert result["changed"] is True
    assert result["diff"] == predicted["diff"]
    second = run.ok(**options)
    assert (second["changed"], second.outcomes) == (False, {f"{kind}/orders": "unchanged"})


@pytest.mark.sample(2)
@pytest.mark.parametrize("operation", ["DescribeDBInstances", "ModifyDBInstance", "DescribeOrderableDBInstanceOptions"])
@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("times", [1, 9])
def test_each_call_connection_cut_is_retried(sim, run, operation, cut, times):
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "postgres"}]})
    sim.faults.add(operation=operation, cut=cut, times=times)
    result = run.ok(db_instance_identifier="orders", **NOW)
    assert result.outcomes == {"instance/orders": "applied"}
    assert result["changed"] is True


@pytest.mark.parametrize("immediately", [True, False])
def test_modify_lost_answer_is_not_superseded(sim, run, immediately):
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    sim.settings.update(apply_seconds=0.0, status_lag=0.0)
    sim.faults.add(operation="ModifyDBInstance", cut="after", times=5)
    result = run.ok(db_instance_identifier="orders", apply_immediately=immediately)
    assert result.outcomes == {"instance/orders": "applied" if immediately else "scheduled"}
    assert result["changed"] is True
    assert list(result["diff"]["after"]) == ["instance/orders"]


def test_modify_lost_answer_then_invalid_state_is_applied(sim, run):
    """botocore sends the request again, and RDS answers that the status does not allow it."""
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    sim.settings.update(status_lag=0.0)
    sim.faults.add(operation="ModifyDBInstance", cut="after", times=1)
    result = run.ok(db_instance_identifier="orders", **NOW)
    assert result.outcomes == {"instance/orders": "applied"}
    assert result["changed"] is True


def test_modify_network_down_for_a_while_is_retried(shops, run, monkeypatch):
    """After the Modify request, the endpoint cannot be reached for three attempts."""
    real, gone = URLLib3Session.send, []

    def send(session, request):
        if "Action=ModifyDBInstance" in str(request.body) or gone:
            gone.append(request.url)
        if 0 < len(gone) <= 12:
            raise EndpointConnectionError(endpoint_url=request.url)
        return real(session, request)

    monkeypatch.setattr(URLLib3Session, "send", send)
    assert run.ok(db_instance_identifier="shop-1", **NOW).outcomes == {"instance/shop-1": "applied"}
    assert len(gone) > 12


CERTIFICATE = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
TLS_EOF = "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol"


class Breaking:
    """Breaks the responses to some requests after the simulator has carried them out."""

    def __init__(self, monkeypatch):
        self._left = {}
        real = URLLib3Session.send

        def send(session, request):
            error = self._next(str(request.body))
            if error is not None and error[1]:
                raise error[0](endpoint_url=request.url, error=error[2])
            answer = real(session, request)
            if error is not None:
                raise error[0](endpoint_url=request.url, error=error[2])
            return answer

        monkeypatch.setattr(URLLib3Session, "send", send)

    def add(self, operation, *errors):
        self._left[operation] = list(errors)

    def _next(self, body):
        errors = next((found for name, found in self._left.items() if f"Action={name}&" in body), [])
        return errors.pop(0) if errors else None


@pytest.fixture
def breaking(monkeypatch):
    return Breaking(monkeypatch)


LOST = (SSLError, False, TLS_EOF)
NOT_SENT = (EndpointConnectionError, True, None)


@pytest.mark.parametrize("times", [1, 9])
@pytest.mark.parametrize("on_problem", ["fail", "skip"])
def test_modify_tls_error_after_change_is_verified(shops, run, breaking, times, on_problem):
    breaking.add("ModifyDBInstance", *[LOST] * times)
    result = run.ok(db_instance_identifier="shop-1", on_problem=on_problem, **NOW)
    assert (result.outcomes, result["changed"]) == ({"instance/shop-1": "applied"}, True)


@pytest.mark.parametrize("errors", [[LOST] * 9, [LOST, *[NOT_SENT] * 9]], ids=["lost", "then-unreachable"])
@pytest.mark.parametrize("on_problem", ["fail", "skip"])
def test_modify_lost_answer_without_waiting_is_unknown(shops, run, breaking, errors, on_problem):
    breaking.add("ModifyDBInstance", *errors)
    result = run.fails(db_instance_identifier="shop-1", wait=False, on_problem=on_problem, **NOW)
    assert "the response to ModifyDBInstance was lost, and RDS may have carried it out" in result["msg"]
    assert "Nothing was modified" not in result["msg"]
    assert (result.outcomes, result["changed"]) == ({"instance/shop-1": "failed"}, True)
    # the module has not read the new state, so the diff is empty
    assert result["diff"] == {"before": {}, "after": {}}


def test_poll_tls_errors_are_retried(shops, run, breaking):
    shops.at(3, lambda _sim: breaking.add("DescribeDBInstances", *[LOST] * 9))
    assert run.ok(db_instance_identifier="shop-1", **NOW).outcomes == {"instance/shop-1": "applied"}


@pytest.mark.parametrize(
    ("error", "words"),
    [((SSLError, True, CERTIFICATE), "certificate verify failed"), (NOT_SENT, "Could not connect")],
    ids=["certificate", "unreachable"],
)
def test_modify_not_sent_is_not_reported_as_refused(shops, run, breaking, error, words):
    breaking.add("ModifyDBInstance", *[error] * 9)
    result = run.fails(db_instance_identifier="shop-1", wait=False, **NOW)
    assert "ModifyDBInstance could not be sent to AWS: " in result["msg"]
    assert words in result["msg"]
    assert "AWS refused" not in result["msg"]
    assert ("Nothing was modified" in result["msg"], result["changed"]) == (True, False)


@pytest.mark.parametrize("operation", ["DescribeDBInstances", "ModifyDBInstance"])
def test_modify_slow_internal_errors_end_at_deadline(shops, run, monkeypatch, operation):
    """Each response takes 4 seconds. botocore does not repeat the request after the deadline."""
    real = URLLib3Session.send

    def send(session, request):
        if f"Action={operation}&" in str(request.body):
            shops.clock.advance(4)
        return real(session, request)

    monkeypatch.setattr(URLLib3Session, "send", send)
    shops.faults.add(operation=operation, code="ServiceUnavailable", times=None)
    began = shops.clock.monotonic()
    result = run.fails(db_instance_identifier="shop-1", wait_timeout=5, **NOW)
    assert "ServiceUnavailable" in result["msg"]
    # two responses, and the delay of botocore between them
    assert shops.clock.monotonic() - began <= 5 + 4 + 1
    assert result["changed"] is (operation == "ModifyDBInstance")


def test_poll_throttled_until_deadline_fails_with_states(shops, run):
    shops.faults.add(operation="ModifyDBInstance", code="Throttling", times=None)
    began = shops.clock.monotonic()
    result = run.fails(db_instance_identifiers=MANY[:3], wait_timeout=120, **NOW)
    assert result.codes == ["timeout"] * 3
    assert "Throttling" in result["msg"]
    assert "Nothing was modified" in result["msg"]
    assert shops.clock.monotonic() - began < 400


def test_describe_throttled_until_deadline_fails(shops, run):
    shops.faults.add(operation="DescribeDBInstances", code="Throttling", times=None)
    began = shops.clock.monotonic()
    result = run.fails(db_instance_identifiers=MANY[:3], wait_timeout=120, wait_delay=600, **NOW)
    # the retries of botocore are additional
    assert shops.clock.monotonic() - began < 240
    assert result["error"]["code"] == "Throttling"
    assert "Nothing was modified" in result["msg"]


def test_poll_permission_lost_fails(shops, run):
    shops.at(10, lambda s: s.faults.add(operation="DescribeDBInstances", deny=True))
    result = run.fails(db_instance_identifiers=MANY[:2], **NOW)
    assert result.codes == ["refused", "refused"]
    assert "rds:DescribeDBInstances" in result["msg"]
    assert "Nothing was modified" not in result["msg"]
    assert result["changed"] is True


def test_poll_failing_for_a_while_is_retried(shops, run):
    shops.at(6, lambda s: s.faults.add(operation="DescribeDBInstances", code="Throttling", times=30))
    assert run.ok(db_instance_identifiers=MANY[:2], **NOW)["summary"]["applied"] == 2


def test_no_wait_limits_retries(shops, run):
    shops.faults.add(operation="ModifyDBInstance", code="Throttling", times=None)
    result = run.fails(db_instance_identifier="shop-1", wait=False, **NOW)
    assert result.codes == ["refused"]
    assert "Throttling" in result["msg"]


def test_no_wait_lost_answer_is_reported(shops, run):
    shops.faults.add(operation="ModifyDBInstance", cut="after", times=9)
    result = run.fails(db_instance_identifier="shop-1", wait=False, **NOW)
    assert result.codes == ["refused"]
    assert "the response to ModifyDBInstance was lost, and RDS may have carried it out" in result["msg"]
    assert "Nothing was modified" not in result["msg"]
    assert result["changed"] is True


@pytest.mark.parametrize("on_problem", ["fail", "skip"])
def test_modify_unknown_outcome_is_failed_and_changed(shops, run, on_problem):
    """RDS carries out the change, the response is lost, and all later requests fail."""
    shops.faults.add(operation="ModifyDBInstance", cut="after", times=None)
    shops.faults.add(operation="DescribeDBInstances", cut="before", times=None, after=1)
    result = run.fails(db_instance_identifier="shop-1", wait_timeout=60, on_problem=on_problem, **NOW)
    assert shops.database("instance", "shop-1")["IAMDatabaseAuthenticationEnabled"] is True
    assert result.outcomes == {"instance/shop-1": "failed"}
    assert result["changed"] is True
    assert result.codes == ["timeout"]
    assert "RDS may have carried it out" in result["msg"]
    assert "Nothing was modified" not in result["msg"]


WITHOUT_SSL = {
    "db_parameter_groups": [
        {"name": "own", "family": "postgres16", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
    ],
    "db_instances": [{"identifier": "orders", "engine": "postgres", "db_parameter_group": "own"}],
}
LOST_CHANGES = [
    pytest.param({"cut": "after"}, "the response to ModifyDBParameterGroup was lost", id="cut"),
    pytest.param(
        {"code": "InternalFailure", "carried_out": True}, "internal error for ModifyDBParameterGroup", id="500"
    ),
    pytest.param(
        {"code": "ServiceUnavailable", "carried_out": True}, "internal error for ModifyDBParameterGroup", id="503"
    ),
]


@pytest.mark.parametrize(("fault", "words"), LOST_CHANGES)
def test_ssl_outcome_unknown_reports_possible_change(sim, run, fault, words):
    """The permission to read the parameter group is missing afterwards."""
    sim.seed(WITHOUT_SSL)
    sim.faults.add(operation="ModifyDBParameterGroup", times=None, **fault)
    sim.faults.add(operation="DescribeDBParameters", after=1, deny=True)
    result = run.fails(db_instance_identifier="orders", ssl_parameter="enforce", wait_timeout=60, **NOW)
    assert result.codes == ["refused"]
    assert re.search(f"{words}, and (RDS )?may have carried it out", result["msg"])
    assert "Nothing was modified" not in result["msg"]
    assert result["changed"] is True


@pytest.mark.parametrize(("fault", "_words"), LOST_CHANGES)
@pytest.mark.parametrize("times", [1, 9])
def test_ssl_outcome_unknown_is_verified(sim, run, fault, _words, times):
    sim.seed(WITHOUT_SSL)
    sim.faults.add(operation="ModifyDBParameterGroup", times=times, **fault)
    result = run.ok(db_instance_identifier="orders", ssl_parameter="enforce", **NOW)
    assert result.outcomes == {"instance/orders": "applied"}
    assert [group["name"] for group in result["parameter_groups"]] == ["own"]


@pytest.mark.parametrize(("fault", "_words"), LOST_CHANGES)
def test_ssl_change_seen_after_deadline_is_reported(sim, run, fault, _words):
    sim.seed(WITHOUT_SSL)
    sim.faults.add(operation="ModifyDBParameterGroup", times=None, **fault)
    result = run.fails(db_instance_identifier="orders", ssl_parameter="enforce", wait_timeout=60, **NOW)
    assert result.codes == ["timeout"]
    assert "the change was not requested within" in result["msg"]
    assert [group["name"] for group in result["parameter_groups"]] == ["own"]
    assert result["changed"] is True


def test_modify_skipped_late_warns(shops, run):
    shops.faults.add(operation="ModifyDBInstance", identifier="shop-1", deny=True)
    result = run.ok(db_instance_identifiers=MANY[:2], on_problem="skip", **NOW)
    assert result.outcomes == {"instance/shop-1": "skipped", "instance/shop-2": "applied"}
    (warning,) = result["warnings"]
    assert warning.startswith("instance/shop-1 is skipped: refused: AWS refused ModifyDBInstance")


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_modify_database_deleted_after_describe_fails(sim, run, kind):
    sim.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "mysql"}],
            "db_clusters": [{"identifier": "orders", "engine": "aurora-mysql", "members": 1}],
        }
    )
    code = {"instance": "DBInstanceNotFound", "cluster": "DBClusterNotFoundFault"}[kind]
    sim.faults.add(operation=f"ModifyDB{kind.capitalize()}", code=code)
    result = run.fails(on_problem="skip", **{f"db_{kind}_identifier": "orders"}, **NOW)
    assert result.codes == ["not_found"]
