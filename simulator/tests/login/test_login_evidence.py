# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What logins leave in CloudWatch and in its Logs, and faults of logins."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from login.tokens import Key, make_target, make_token, seconds_ago
from rds_simulator.login.endpoints import MEMBER, READER, WRITER, Endpoint, login_target
from rds_simulator.login.metrics import record_login
from rds_simulator.login.target import LoginTarget
from rds_simulator.login.token import TokenRefused
from rds_simulator.login.token_check import TokenCheck

IAM_LOG = "iam-db-auth-error"
EXPORTS = {"extra": {"EnabledCloudwatchLogsExports": [IAM_LOG]}}
METRICS = (
    "Requests",
    "Success",
    "Failure",
    "FailureInvalidToken",
    "FailureInsufficientPermissions",
    "FailureThrottling",
    "FailureServerError",
)
INSTANCE = {"DBInstanceIdentifier": "orders"}
GROUP = f"/aws/rds/instance/orders/{IAM_LOG}"
CLUSTER = make_target(kind="cluster", name="ledger", instance="ledger-2", is_reader=True)


@pytest.fixture
def fleet(sim: Any) -> Any:
    sim.seed(
        {
            "db_instances": [
                {"identifier": "orders", "engine": "postgres", **EXPORTS},
                {"identifier": "silent", "engine": "postgres"},
            ],
            "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, **EXPORTS}],
        }
    )
    return sim


@pytest.fixture
def metrics(connect: Callable[..., Any]) -> Callable[..., dict[str, float]]:
    """Return a function that reads the sums of all metrics with a set of dimensions."""
    client = connect(service="cloudwatch")

    def read(dimensions: dict[str, str], ahead: float = 0) -> dict[str, float]:
        now = datetime.now(timezone.utc) + timedelta(seconds=ahead)
        listed = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        queries = [
            {
                "Id": f"m{number}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/RDS",
                        "MetricName": f"IamDbAuthConnection{name}",
                        "Dimensions": listed,
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
            for number, name in enumerate(METRICS)
        ]
        answer = client.get_metric_data(
            MetricDataQueries=queries, StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=1)
        )
        results = {item["Id"]: sum(item["Values"]) for item in answer["MetricDataResults"]}
        sums = {name: results[f"m{number}"] for number, name in enumerate(METRICS)}
        return {name: value for name, value in sums.items() if value}

    return read


@pytest.fixture
def lines(connect: Callable[..., Any]) -> Callable[[str], list[str]]:
    """Return a function that reads the lines of a log group, or fails if there is none."""
    client = connect(service="logs")

    def read(group: str) -> list[str]:
        return [event["message"] for event in client.filter_log_events(logGroupName=group)["events"]]

    return read


@pytest.mark.parametrize(
    ("kind", "name", "role", "instance"),
    [
        ("instance", "orders", MEMBER, "orders"),
        ("instance", "ledger-2", MEMBER, "ledger-2"),
        ("cluster", "ledger", WRITER, "ledger-1"),
        ("cluster", "ledger", READER, "ledger-1"),
    ],
)
def test_login_target_names_instance(fleet: Any, kind: str, name: str, role: str, instance: str) -> None:
    home = fleet.world.backend()
    endpoint = Endpoint(home, home.database_store(kind).get(name), role)
    assert login_target(endpoint, fleet.settings).instance == instance


OUTCOMES = [
    (None, "Success"),
    ("InvalidToken", "FailureInvalidToken"),
    ("ExpiredToken", "FailureInvalidToken"),
    ("NotAuthorized", "FailureInsufficientPermissions"),
    ("ThrottlingException", "FailureThrottling"),
    ("InternalError", "FailureServerError"),
]


@pytest.mark.parametrize(("outcome", "metric"), OUTCOMES)
def test_record_login_metrics(fleet: Any, metrics: Any, outcome: str | None, metric: str) -> None:
    for _unused in range(2):
        record_login(fleet.world, make_target(), "app", outcome)
    expected = {"Requests": 2, metric: 2, **({} if outcome is None else {"Failure": 2})}
    assert metrics(INSTANCE) == expected
    assert metrics({"DBInstanceIdentifier": "silent"}) == {}


def test_record_login_metrics_of_cluster(fleet: Any, metrics: Any, connect: Callable[..., Any]) -> None:
    record_login(fleet.world, CLUSTER, "app", None)
    for dimensions in (
        {"DBInstanceIdentifier": "ledger-2"},
        {"DBClusterIdentifier": "ledger"},
        {"DBClusterIdentifier": "ledger", "Role": "READER"},
    ):
        assert metrics(dimensions) == {"Requests": 1, "Success": 1}, dimensions
        listed = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        now = datetime.now(timezone.utc)
        points = connect(service="cloudwatch").get_metric_statistics(
            Namespace="AWS/RDS",
            MetricName="IamDbAuthConnectionSuccess",
            Dimensions=listed,
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        assert [point["Sum"] for point in points] == [1], dimensions
    assert metrics({"DBInstanceIdentifier": "ledger"}) == {}
    assert metrics({"DBClusterIdentifier": "ledger", "Role": "WRITER"}) == {}


def test_record_login_clock_ahead(fleet: Any, metrics: Any, lines: Any) -> None:
    fleet.settings.update(login_clock_ahead=86400)
    record_login(fleet.world, make_target(), "app", "InternalError")
    assert metrics(INSTANCE) == {}
    assert metrics(INSTANCE, ahead=86400)["FailureServerError"] == 1
    assert len(lines(GROUP)) == 1


LINES = [
    (
        "InvalidToken",
        "[ERROR] Failed to authenticate the connection request for user app because the provided token is malformed "
        "or otherwise invalid. (Status Code: 400, Error Code: InvalidToken)",
    ),
    (
        "ExpiredToken",
        "[ERROR] Failed to authenticate the connection request for user app because the token age is longer than 15 "
        "minutes. (Status Code: 400, Error Code:ExpiredToken)",
    ),
    (
        "NotAuthorized",
        "[ERROR] Failed to authorize the connection request for user app because the IAM policy assumed by the caller "
        "'arn:aws:iam::123456789012:user/app' is not authorized to perform `rds-db:connect` on the DB instance. "
        "(Status Code: 403, Error Code:NotAuthorized)",
    ),
    (
        "ThrottlingException",
        "[ERROR] Failed to authorize the connection request for user app due to IAM DB authentication throttling. "
        "(Status Code: 429, Error Code: ThrottlingException)",
    ),
    (
        "InternalError",
        "[ERROR] Failed to authorize the connection request for user app due to an internal IAM DB authentication "
        "error. (Status Code: 500, Error Code: InternalError)",
    ),
]


@pytest.mark.parametrize(("code", "line"), LINES)
def test_record_login_error_line_as_documented(fleet: Any, lines: Any, code: str, line: str) -> None:
    record_login(fleet.world, make_target(), "app", code, "arn:aws:iam::123456789012:user/app")
    assert lines(GROUP) == [line]


def test_record_login_log_of_cluster(fleet: Any, lines: Any, connect: Any) -> None:
    record_login(fleet.world, CLUSTER, "app", "InvalidToken")
    group = f"/aws/rds/cluster/ledger/{IAM_LOG}"
    assert len(lines(group)) == 1
    streams = connect(service="logs").describe_log_streams(logGroupName=group)["logStreams"]
    assert [stream["logStreamName"] for stream in streams] == ["ledger-2"]


def test_record_login_without_export_or_failure_writes_no_log(fleet: Any, connect: Any, rds: Any) -> None:
    def groups() -> list[str]:
        return [item["logGroupName"] for item in connect(service="logs").describe_log_groups()["logGroups"]]

    record_login(fleet.world, make_target(), "app", None)
    record_login(fleet.world, make_target(name="silent"), "app", "InvalidToken")
    record_login(fleet.world, make_target(name="deleted"), "app", "InvalidToken")
    assert groups() == []
    rds.modify_db_instance(
        DBInstanceIdentifier="silent", CloudwatchLogsExportConfiguration={"EnableLogTypes": [IAM_LOG]}
    )
    record_login(fleet.world, make_target(name="silent"), "app", "InvalidToken")
    assert groups() == [f"/aws/rds/instance/silent/{IAM_LOG}"]


def test_record_login_user_name_cannot_forge_lines(fleet: Any, lines: Any) -> None:
    record_login(fleet.world, make_target(), "app\n[ERROR] {user}\x00", "InvalidToken")
    (line,) = lines(GROUP)
    assert "for user app?[ERROR] {user}? because" in line


def test_put_metric_data_aws_namespace_refused(fleet: Any, connect: Any, refused: Any) -> None:
    client = connect(service="cloudwatch")
    data = [{"MetricName": "IamDbAuthConnectionSuccess", "Value": 1.0}]
    assert refused(client.put_metric_data, Namespace="AWS/RDS", MetricData=data) == (
        "InvalidParameterValue",
        "The value AWS/ for parameter Namespace is invalid.",
    )
    assert client.list_metrics(Namespace="AWS/RDS")["Metrics"] == []
    client.put_metric_data(Namespace="Shop", MetricData=data)
    assert len(client.list_metrics(Namespace="Shop")["Metrics"]) == 1


@pytest.fixture
def key(fleet: Any, connect: Callable[..., Any]) -> Key:
    """The access key of a user who may log in as app_user."""
    iam = connect(service="iam")
    iam.create_user(UserName="app")
    resource = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ/app_user"
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=document)
    created = iam.create_access_key(UserName="app")["AccessKey"]
    return Key(created["AccessKeyId"], created["SecretAccessKey"])


def check(sim: Any, token: str, user: str = "app_user", target: LoginTarget | None = None) -> str | None:
    try:
        TokenCheck(sim.world).check(target or make_target(), user, token)
    except TokenRefused as error:
        return error.code
    return None


def test_token_check_outcomes_leave_evidence(fleet: Any, metrics: Any, lines: Any, key: Key) -> None:
    assert check(fleet, make_token(key)) is None
    assert check(fleet, make_token(key, user="admin"), "admin") == "NotAuthorized"
    assert check(fleet, make_token(key, signed_at=seconds_ago(1000))) == "ExpiredToken"
    assert check(fleet, make_token(Key("AKIAUNKNOWN", key.secret_access_key))) == "InvalidToken"
    assert metrics(INSTANCE) == {
        "Requests": 4,
        "Success": 1,
        "Failure": 3,
        "FailureInvalidToken": 2,
        "FailureInsufficientPermissions": 1,
    }
    written = "\n".join(lines(GROUP))
    assert "user admin because the IAM policy assumed by the caller 'arn:aws:iam::123456789012:user/app'" in written
    for secret in (key.access_key_id, key.secret_access_key, "X-Amz-Signature"):
        assert secret not in written


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        ({"code": "ThrottlingException"}, "ThrottlingException"),
        ({"code": "InternalError"}, "InternalError"),
        ({"deny": True, "times": 1}, "NotAuthorized"),
    ],
)
def test_login_fault_refuses(fleet: Any, metrics: Any, key: Key, effect: dict[str, Any], code: str) -> None:
    fleet.faults.add(operation="rds-db:connect", identifier="orders", **effect)
    assert check(fleet, make_token(key), target=make_target(name="silent")) is None
    assert check(fleet, make_token(key)) == code
    assert check(fleet, make_token(key)) is None
    assert metrics(INSTANCE)["Failure"] == 1


def test_login_fault_identifier_of_cluster_or_instance(fleet: Any, key: Key) -> None:
    for identifier in ("ledger", "ledger-2"):
        fleet.faults.add(operation="rds-db:connect", identifier=identifier, code="ThrottlingException")
        assert check(fleet, make_token(key), target=CLUSTER) == "ThrottlingException"
        assert check(fleet, make_token(key), target=CLUSTER) is None


def test_login_fault_latency_delays(fleet: Any, key: Key) -> None:
    fleet.faults.add(operation="rds-db:connect", latency=0.2, times=1)
    began = time.monotonic()
    assert check(fleet, make_token(key)) is None
    assert time.monotonic() - began >= 0.2


def test_login_fault_separate_from_calls(fleet: Any, rds: Any, key: Key) -> None:
    fleet.faults.add(operation="*", code="Throttling")
    assert check(fleet, make_token(key)) is None
    fleet.faults.clear()
    fleet.faults.add(operation="rds-db:connect", code="ThrottlingException")
    rds.describe_db_instances()
    assert check(fleet, make_token(key)) == "ThrottlingException"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"code": "Throttling"}, "code: 'Throttling': must be one of"),
        ({"cut": "before"}, "cut: not available"),
        ({"code": "InternalError", "carried_out": True}, "carried_out: not available"),
    ],
)
def test_login_fault_invalid_refused(sim: Any, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        sim.faults.add(operation="rds-db:connect", **options)
