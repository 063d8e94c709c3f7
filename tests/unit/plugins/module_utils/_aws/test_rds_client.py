# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The RDS gateway with responses that the simulator does not produce, from the Stubber of botocore."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import boto3
import botocore.endpoint
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from ansible_collections.passwordless.rds.plugins.module_utils._aws.rds_client import RdsClient
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from botocore.config import Config
from botocore.stub import Stubber


@pytest.fixture
def stubbed():
    client = boto3.client(
        "rds",
        region_name="eu-west-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        config=Config(retries={"mode": "standard", "max_attempts": 1}),
    )
    with Stubber(client) as stubber:
        yield RdsClient(client, "eu-west-1"), stubber
        stubber.assert_no_pending_responses()


def orderable(*supported, marker=None):
    rows = [{"Engine": "mysql", "SupportsIAMDatabaseAuthentication": value} for value in supported]
    return {"OrderableDBInstanceOptions": rows, **({"Marker": marker} if marker else {})}


ASKED = {"Engine": "mysql", "EngineVersion": "8.0.40", "DBInstanceClass": "db.r6g.large"}


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([orderable()], None),
        ([orderable(False, False)], False),
        ([orderable(False, True)], True),
        ([orderable(False, marker="next"), orderable(True)], True),
        ([orderable(marker="next"), orderable(False)], False),
    ],
)
def test_orderable_options(stubbed, pages, expected):
    gateway, stubber = stubbed
    stubber.add_response("describe_orderable_db_instance_options", pages[0], ASKED)
    for page in pages[1:]:
        stubber.add_response("describe_orderable_db_instance_options", page, {**ASKED, "Marker": "next"})
    assert gateway.supports_iam("mysql", "8.0.40", "db.r6g.large") is expected


def test_parameter_on_later_page_without_filter_is_found(stubbed):
    gateway, stubber = stubbed
    asked = {"DBParameterGroupName": "own", "Filters": [{"Name": "parameter-name", "Values": ["ssl"]}]}
    first = {"Parameters": [{"ParameterName": "log_statement"}], "Marker": "next"}
    found = {"ParameterName": "ssl", "ParameterValue": "0", "IsModifiable": True, "ApplyType": "dynamic"}
    stubber.add_response("describe_db_parameters", first, asked)
    stubber.add_response("describe_db_parameters", {"Parameters": [found]}, {**asked, "Marker": "next"})
    parameter = gateway.parameter("instance", "own", "ssl")
    assert parameter is not None
    assert (parameter.value, parameter.modifiable, parameter.dynamic) == ("0", True, True)


def test_parameter_absent_from_group_is_none(stubbed):
    gateway, stubber = stubbed
    stubber.add_response("describe_db_cluster_parameters", {"Parameters": []})
    assert gateway.parameter("cluster", "own", "ssl") is None


@pytest.mark.parametrize(
    ("code", "status", "flags"),
    [
        ("Throttling", 400, {"retryable"}),
        ("InternalFailure", 500, {"retryable", "outcome_unknown"}),
        ("SomethingNew", 503, {"retryable", "outcome_unknown"}),
        ("DBInstanceNotFound", 404, {"missing"}),
        ("InvalidDBInstanceState", 400, {"invalid_state"}),
        ("InvalidDBClusterStateFault", 400, {"invalid_state"}),
        ("AccessDenied", 403, set()),
    ],
)
def test_error_is_translated(stubbed, code, status, flags):
    gateway, stubber = stubbed
    stubber.add_client_error("modify_db_parameter_group", code, "no", http_status_code=status)
    with pytest.raises(CallError) as caught:
        gateway.set_parameter("instance", "own", "ssl", "1")
    assert caught.value.code == code
    every = ("retryable", "missing", "invalid_state", "outcome_unknown", "unreachable")
    assert {name for name in every if getattr(caught.value, name)} == flags
    assert caught.value.operation == "ModifyDBParameterGroup"


def test_clock_advances():
    clock = SystemClock()
    before, utc = clock.monotonic(), clock.now()
    clock.sleep(0.001)
    assert clock.monotonic() - before >= 0.001
    assert utc.utcoffset().total_seconds() == 0


class _Cut(BaseHTTPRequestHandler):
    """Closes the first connection without a response, or fails at the first request, and then throttles."""

    asked = 0
    status = 0

    def do_POST(self):
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.asked == 1 and not self.status:
            self.close_connection = True
            return
        failing = self.asked == 1
        body = b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
        if failing:
            body = b""
        self.send_response(self.status if failing else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_more):
        """Nothing."""


@pytest.fixture(scope="module")
def cut_client():
    """A client that sends a request twice, for a server that handles the first one as ``_Cut.status`` says."""
    with HTTPServer(("127.0.0.1", 0), _Cut) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield boto3.client(
            "rds",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name="eu-west-1",
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            config=Config(retries={"mode": "standard", "max_attempts": 2}),
        )
        server.shutdown()


@pytest.mark.parametrize("status", [0, 500, 503])
@pytest.mark.parametrize(("asked", "outcome_unknown"), [(0, True), (1, False)])
def test_call_response_lost_before_retry_is_unknown(monkeypatch, cut_client, asked, outcome_unknown, status):
    monkeypatch.setattr(_Cut, "asked", asked)
    monkeypatch.setattr(_Cut, "status", status)
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _seconds: None))
    with pytest.raises(CallError) as caught:
        RdsClient(cut_client, "eu-west-1").modify(ModifyRequest(DatabaseId("instance", "orders"), True, True))
    assert (caught.value.code, caught.value.retryable, caught.value.outcome_unknown) == (
        "Throttling",
        True,
        outcome_unknown,
    )
