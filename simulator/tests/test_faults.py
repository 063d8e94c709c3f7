# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Faults that tests request, throttling, and latency."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from rds_simulator.server import responses
from rds_simulator.state.faults import Faults, TokenBucket

SEED: dict[str, Any] = {"db_instances": [{"identifier": f"db-{n}", "engine": "mysql"} for n in (1, 2)]}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def _modify(rds: Any, name: str = "db-1") -> Any:
    return rds.modify_db_instance(DBInstanceIdentifier=name, EnableIAMDatabaseAuthentication=True)


def test_fault_error_occurs_once_and_changes_nothing(sim: Any, rds: Any, refused: Any) -> None:
    sim.faults.add(operation="ModifyDBInstance", code="Throttling")
    assert refused(_modify, rds=rds) == ("Throttling", "Rate exceeded")
    assert sim.database("instance", "db-1")["PendingModifiedValues"] == {}
    _modify(rds)
    errors = [(call.operation, call.error) for call in sim.calls]
    assert errors == [("ModifyDBInstance", "Throttling"), ("ModifyDBInstance", None)]


def test_fault_http_status_depends_on_code(sim: Any, rds: Any) -> None:
    """The statuses in the model (✓), or those of "Common errors" (✓)."""
    expected = {
        "DBInstanceNotFound": 404,
        "InvalidDBInstanceState": 400,
        "AccessDenied": 403,
        "InternalFailure": 500,
        "ServiceUnavailable": 503,
        "Throttling": 400,
    }
    found = {}
    for code in expected:
        sim.faults.add(operation="*", code=code, message="text")
        try:
            rds.describe_db_instances()
        except rds.exceptions.ClientError as error:
            found[error.response["Error"]["Code"]] = error.response["ResponseMetadata"]["HTTPStatusCode"]
    assert found == expected


def test_fault_after_times_and_identifier(sim: Any, rds: Any, refused: Any) -> None:
    """A number of calls succeeds first, then a number fails, for one database."""
    sim.faults.add(
        operation="ModifyDBInstance",
        code="InvalidDBInstanceState",
        message="Not now.",
        after=1,
        times=2,
        identifier="DB-2",
    )
    _modify(rds, "db-2")
    for _count in range(2):
        _modify(rds, "db-1")
        assert refused(_modify, rds=rds, name="db-2") == ("InvalidDBInstanceState", "Not now.")
    _modify(rds, "db-2")


def test_fault_deny_returns_access_denied(sim: Any, rds: Any, refused: Any) -> None:
    """The text of AWS names user, action and resource (✓ user guide, troubleshooting). It persists."""
    sim.faults.add(operation="ModifyDBInstance", deny=True)
    for _count in range(2):
        assert refused(_modify, rds=rds) == (
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/automation is not authorized to perform: "
            "rds:ModifyDBInstance on resource: arn:aws:rds:eu-west-1:123456789012:db:db-1 because "
            "no identity-based policy allows the rds:ModifyDBInstance action",
        )
    sim.faults.clear()
    _modify(rds)


def test_fault_deny_without_resource(sim: Any, rds: Any, refused: Any) -> None:
    sim.faults.add(operation="DescribeOrderableDBInstanceOptions", deny=True)
    ask = rds.describe_orderable_db_instance_options
    assert "on resource: * because" in refused(ask, Engine="mysql")[1]


@pytest.mark.parametrize(("when", "carried_out"), [("before", False), ("after", True)])
def test_fault_cut_closes_the_connection(sim: Any, rds: Any, when: str, carried_out: bool) -> None:
    """The connection closes without a response, before or after the request is executed."""
    sim.faults.add(operation="*", cut=when)
    with pytest.raises(ConnectionClosedError):
        _modify(rds)
    assert sim.calls[0].error == "cut"
    assert bool(sim.database("instance", "db-1")["PendingModifiedValues"]) is carried_out
    _modify(rds)


@pytest.mark.parametrize(("when", "carried_out"), [("before", False), ("after", True)])
def test_fault_malformed_response_is_not_xml(sim: Any, rds: Any, when: str, carried_out: bool) -> None:
    sim.faults.add(operation="*", malformed=when)
    with pytest.raises(ResponseParserError):
        _modify(rds)
    assert sim.calls[0].error == "malformed"
    assert bool(sim.database("instance", "db-1")["PendingModifiedValues"]) is carried_out


def test_fault_malformed_response_of_other_service(sim: Any, connect: Any) -> None:
    sim.faults.add(operation="sts:GetCallerIdentity", malformed="after")
    with pytest.raises(ResponseParserError):
        connect(service="sts").get_caller_identity()


@pytest.mark.parametrize(("when", "carried_out"), [("before", False), ("after", True)])
def test_fault_stall_keeps_request_until_released(
    sim: Any, rds: Any, connect: Any, when: str, carried_out: bool
) -> None:
    """A test can act between two calls of a client. Other requests are answered meanwhile."""
    sim.faults.add(operation="ModifyDBInstance", stall=when)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_modify, connect())
        assert sim.faults.stalls.wait(60)
        found = rds.describe_db_instances(DBInstanceIdentifier="db-1")["DBInstances"][0]
        assert bool(found.get("PendingModifiedValues")) is carried_out
        assert not answer.done()
        assert sim.faults.stalls.release() == 1
        assert answer.result()["DBInstance"]["DBInstanceIdentifier"] == "db-1"
    assert sim.database("instance", "db-1")["PendingModifiedValues"] != {}


@pytest.mark.parametrize(("when", "carried_out"), [("before", False), ("after", True)])
def test_fault_stall_is_dropped_when_cleared(sim: Any, connect: Any, when: str, carried_out: bool) -> None:
    """Without a release, the client never receives an answer, and the request is not carried out later."""
    client = connect(config=Config(read_timeout=0.2, retries={"total_max_attempts": 1}))
    sim.faults.add(operation="ModifyDBInstance", stall=when)
    with pytest.raises(ReadTimeoutError):
        _modify(client)
    sim.faults.clear()
    assert not sim.faults.stalls.wait(0)
    assert bool(sim.database("instance", "db-1")["PendingModifiedValues"]) is carried_out


@pytest.mark.parametrize(("code", "status"), [("InternalFailure", 500), ("ServiceUnavailable", 503)])
@pytest.mark.parametrize("carried_out", [True, False])
def test_fault_internal_error_before_and_after_request(
    sim: Any, rds: Any, code: str, status: int, carried_out: bool
) -> None:
    """An internal error of AWS does not say whether the request was executed."""
    sim.faults.add(operation="ModifyDBInstance", code=code, carried_out=carried_out)
    with pytest.raises(rds.exceptions.ClientError) as caught:
        _modify(rds)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert sim.calls[0].error == code
    assert bool(sim.database("instance", "db-1")["PendingModifiedValues"]) is carried_out


def test_fault_cut_or_throttling_is_retried_by_client(sim: Any, connect: Any, monkeypatch: Any) -> None:
    """botocore retries the same errors as with AWS (✓ botocore)."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    patient = connect(config=Config(retries={"total_max_attempts": 4, "mode": "standard"}))
    sim.faults.add(operation="*", cut="before")
    sim.faults.add(operation="*", code="Throttling", times=2)
    assert len(patient.describe_db_instances()["DBInstances"]) == 2
    assert [call.error for call in sim.calls] == ["cut", "Throttling", "Throttling", None]


def test_fault_with_probability_hits_half_of_the_calls(sim: Any, rds: Any) -> None:
    """The random source is seeded, so that a run is repeatable."""

    def run() -> list[str | None]:
        sim.faults.clear()
        sim.calls_clear()
        sim.faults.add(operation="DescribeDBInstances", code="Throttling", probability=0.5)
        for _count in range(60):
            with contextlib.suppress(rds.exceptions.ClientError):
                rds.describe_db_instances(DBInstanceIdentifier="db-1")
        return [call.error for call in sim.calls]

    first = run()
    assert 20 < first.count("Throttling") < 40
    assert run() == first


def test_rate_limit_throttles_calls(sim: Any, rds: Any, refused: Any) -> None:
    """A token bucket per account and Region; off by default. AWS does not publish its rate (?)."""
    sim.settings.update(rate=0.001, burst=3)
    for _count in range(3):
        rds.describe_db_instances()
    assert refused(rds.describe_db_instances) == ("Throttling", "Rate exceeded")
    sim.settings.update(rate=0)
    rds.describe_db_instances()


def test_token_bucket_refills_at_rate() -> None:
    now = [0.0]
    bucket = TokenBucket(now=lambda: now[0])

    def take() -> bool:
        return bucket.take(rate=2, burst=2)

    assert [take() for _count in range(3)] == [True, True, False]
    now[0] = 0.5
    assert [take() for _count in range(2)] == [True, False]
    now[0] = 100
    assert [take() for _count in range(3)] == [True, True, False]


def test_latency_does_not_block_other_calls(sim: Any, rds: Any, monkeypatch: Any) -> None:
    """Slow calls wait in parallel. The setting and faults add up."""
    slept = []

    def sleep(seconds: float) -> None:
        slept.append((seconds, sim.world.lock._is_owned()))

    monkeypatch.setattr(responses.time, "sleep", sleep)
    sim.settings.update(latency=0.25)
    sim.faults.add(operation="DescribeDBInstances", latency=0.5)
    rds.describe_db_instances()
    rds.describe_db_clusters()
    assert slept == [(0.75, False), (0.25, False)]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"code": "X", "deny": True},
        {"code": "X", "operation": "DescribeColours"},
        {"cut": "sideways"},
        {"cut": "before", "carried_out": True},
        {"malformed": "before", "stall": "after"},
        {"stall": "sideways"},
        {"stall": "before", "operation": "rds-db:connect"},
        {"code": "X", "probability": 2},
        {"code": "X", "colour": "blue"},
    ],
)
def test_fault_invalid_is_an_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Faults().add(**options)
