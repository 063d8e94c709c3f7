# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""GetMetricData for the login metrics of RDS, and logins in seeds.

Sources: API reference of GetMetricData, and "Metrics retention" in the Amazon CloudWatch user guide (✓).
"""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
DAY = 86400
ORDERS = {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True}


@pytest.fixture
def read(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls GetMetricData for the successful logins of one instance."""
    client = connect(service="cloudwatch")

    def call(
        instance: str = "orders",
        *,
        start: datetime = NOON - timedelta(days=90),
        end: datetime = NOON + timedelta(minutes=1),
        period: int = 3600,
        name: str = "Success",
        stat: str = "Sum",
        number: int = 1,
        dimension: str = "DBInstanceIdentifier",
        **more: Any,
    ) -> Any:
        metric = {
            "Namespace": "AWS/RDS",
            "MetricName": f"IamDbAuthConnection{name}",
            "Dimensions": [{"Name": dimension, "Value": instance}],
        }
        queries = [
            {"Id": f"m{n}", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}} for n in range(number)
        ]
        return client.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end, **more)

    return call


def only(answer: Any) -> dict[datetime, float]:
    (result,) = answer["MetricDataResults"]
    assert result["StatusCode"] == "Complete"
    return dict(zip(result["Timestamps"], result["Values"]))


def seed(sim: Any, *logins: dict[str, Any], **more: Any) -> None:
    sim.seed({"db_instances": [{**ORDERS, "iam_logins": list(logins), **more}]})


def test_seed_logins_are_counted_in_aligned_periods(sim: Any, read: Any) -> None:
    seed(sim, {"age": 60}, {"age": 200, "number": 2}, {"age": 400}, {"age": 4000, "outcome": "NotAuthorized"})
    assert only(read(period=300, start=NOON - timedelta(hours=1, minutes=2))) == {
        NOON - timedelta(minutes=5): 3,
        NOON - timedelta(minutes=10): 1,
    }
    # the first period is complete, although the request begins in the middle of it
    assert only(read(period=3600, start=NOON - timedelta(minutes=1))) == {NOON - timedelta(hours=1): 4}
    assert only(read(name="Requests")) == {NOON - timedelta(hours=1): 4, NOON - timedelta(hours=2): 1}
    assert only(read(name="FailureInsufficientPermissions")) == {NOON - timedelta(hours=2): 1}
    assert only(read("orders", dimension="DBClusterIdentifier")) == {}


def test_get_metric_data_end_is_exclusive(sim: Any, read: Any) -> None:
    seed(sim, {"age": 0})
    assert only(read(end=NOON)) == {}
    assert only(read(end=NOON + timedelta(seconds=1))) == {NOON: 1}


@pytest.mark.parametrize(
    ("stat", "value"), [("Sum", 4), ("SampleCount", 2), ("Minimum", 1), ("Maximum", 3), ("Average", 2)]
)
def test_get_metric_data_statistics(sim: Any, read: Any, stat: str, value: float) -> None:
    seed(sim, {"age": 10}, {"age": 20, "number": 3})
    assert only(read(stat=stat)) == {NOON - timedelta(hours=1): value}


@pytest.mark.parametrize(("period", "days"), [(60, 15), (300, 63), (3600, 455)])
def test_get_metric_data_retention_depends_on_period(sim: Any, read: Any, period: int, days: int) -> None:
    seed(sim, {"age": days * DAY}, {"age": days * DAY + 1})
    long_ago = NOON - timedelta(days=500)
    assert sum(only(read(period=period, start=long_ago)).values()) == 1


def test_seed_zero_logins_are_datapoints(sim: Any, read: Any) -> None:
    seed(sim, {"age": 60, "number": 0})
    for name in ("Requests", "Success"):
        assert only(read(name=name)) == {NOON - timedelta(hours=1): 0}
    assert only(read(name="Failure")) == {}


def test_seed_logins_of_cluster_and_members(sim: Any, read: Any) -> None:
    members = [{"identifier": "ledger-1"}, {"identifier": "ledger-2", "iam_logins": [{"age": 60, "number": 2}]}]
    logins = [{"age": 60}]
    sim.seed(
        {
            "db_clusters": [
                {"identifier": "ledger", "engine": "aurora-mysql", "members": members, "iam_logins": logins},
                {"identifier": "trio-{n}", "count": 1, "engine": "mysql", "iam_logins": logins},
            ]
        }
    )
    assert [sum(only(read(name)).values()) for name in ("ledger-1", "ledger-2", "trio-1-1")] == [1, 2, 1]
    assert sum(only(read("ledger", dimension="DBClusterIdentifier")).values()) == 3


def test_get_metric_data_pages(sim: Any, read: Any) -> None:
    seed(sim, *({"age": 60 + hour * 3600} for hour in range(5)))
    sim.settings.update(metric_page=4)
    first = read(number=2)
    assert [(len(r["Values"]), r["StatusCode"]) for r in first["MetricDataResults"]] == [
        (4, "PartialData"),
        (0, "PartialData"),
    ]
    second = read(number=2, NextToken=first["NextToken"])
    assert [(len(r["Values"]), r["StatusCode"]) for r in second["MetricDataResults"]] == [
        (1, "Complete"),
        (3, "PartialData"),
    ]
    last = read(number=2, NextToken=second["NextToken"])
    assert [len(r["Values"]) for r in last["MetricDataResults"]] == [0, 2]
    assert "NextToken" not in last
    assert len(read(MaxDatapoints=3)["MetricDataResults"][0]["Values"]) == 3


def test_get_metric_data_order(sim: Any, read: Any) -> None:
    seed(sim, {"age": 60}, {"age": 7200})
    newest_first = list(only(read()))
    assert newest_first == sorted(newest_first, reverse=True)
    assert list(only(read(ScanBy="TimestampAscending"))) == sorted(newest_first)


def test_get_metric_data_at_most_500_queries(sim: Any, read: Any, refused: Any) -> None:
    seed(sim, {"age": 60})
    assert len(read(number=500)["MetricDataResults"]) == 500
    code, message = refused(read, number=501)[:2]
    assert (code, "must not have a size greater than 500" in message) == ("ValidationError", True)
    assert refused(read, start=NOON, end=NOON)[0] == "ValidationError"


@pytest.mark.parametrize(
    ("invalid", "reason"),
    [({"NextToken": "abc"}, "NextToken"), ({"NextToken": "-5"}, "NextToken"), ({"period": 7}, "Period 7")],
)
def test_get_metric_data_invalid_request_is_refused(
    sim: Any, read: Any, refused: Any, invalid: dict[str, Any], reason: str
) -> None:
    seed(sim, {"age": 60})
    code, message = refused(read, **invalid)[:2]
    assert (code, reason in message) == ("ValidationError", True)


@pytest.mark.parametrize("idle", [True, False])
def test_idle_login_metrics_setting_publishes_zeros(sim: Any, read: Any, idle: bool) -> None:
    sim.settings.update(idle_login_metrics=idle)
    sim.seed(
        {
            "db_instances": [
                {**ORDERS, "age": 7200, "iam_logins": [{"age": 60}]},
                {**ORDERS, "identifier": "off", "iam_database_authentication_enabled": False},
            ]
        }
    )
    hours = [NOON - timedelta(hours=hour) for hour in range(3)]
    expected = {hours[0]: 0, hours[1]: 1, hours[2]: 0} if idle else {hours[1]: 1}
    assert only(read(period=3600)) == expected
    assert only(read("off")) == only(read("missing")) == {}


@pytest.mark.parametrize(
    ("logins", "reason"),
    [
        ([{"number": 1}], "'age' is required"),
        ([{"age": -1}], "age and number must not be negative"),
        ([{"age": 1, "number": -1}], "age and number must not be negative"),
        ([{"age": 1, "number": "3"}], "wrong type"),
        ([{"age": 1, "outcome": "Denied"}], "'Denied' is not one of Success, InvalidToken"),
        ([{"age": 1, "count": 2}], "unknown key 'count'"),
        (["now"], "must be a dictionary"),
    ],
)
def test_seed_invalid_logins_refused(sim: Any, logins: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        seed(sim, *logins)


def test_seed_invalid_principal_removes_logins(sim: Any, read: Any) -> None:
    broken = {"iam_users": [{"name": "ops", "managed_policies": ["missing"]}]}
    with pytest.raises(ValueError, match="missing"):
        sim.seed({"db_instances": [{**ORDERS, "iam_logins": [{"age": 60}]}], **broken})
    assert only(read()) == {}
    without = {"identifier": "ledger", "engine": "aurora-mysql", "members": 0, "iam_logins": [{"age": 60}]}
    with pytest.raises(ValueError, match="the cluster has no members"):
        sim.seed({"db_instances": [{**ORDERS, "iam_logins": [{"age": 60}]}], "db_clusters": [without]})
    assert only(read()) == {}


QUERY = {
    "MetricDataQueries.member.1.Id": "m0",
    "MetricDataQueries.member.1.MetricStat.Metric.Namespace": "AWS/RDS",
    "MetricDataQueries.member.1.MetricStat.Metric.MetricName": "IamDbAuthConnectionSuccess",
    "MetricDataQueries.member.1.MetricStat.Period": "300",
    "MetricDataQueries.member.1.MetricStat.Stat": "Sum",
    "StartTime": "2026-11-02T11:00:00Z",
    "EndTime": "2026-11-02T12:00:00Z",
}
MISSING = {
    "StartTime": "StartTime",
    "EndTime": "EndTime",
    "MetricDataQueries.member.1.Id": "MetricDataQueries.member.1.Id",
    "MetricDataQueries.member.1.MetricStat.Stat": "MetricDataQueries.member.1.MetricStat.Stat",
    "MetricDataQueries": "MetricDataQueries",
}


def post(sim: Any, form: dict[str, str]) -> tuple[int, str]:
    """Send a request that boto3 would refuse, in the query protocol."""
    scope = "20261102/eu-west-1/monitoring/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/{scope}, SignedHeaders=host, Signature=0"
    body = urllib.parse.urlencode({"Action": "GetMetricData", "Version": "2010-08-01", **form})
    request = urllib.request.Request(sim.url, body.encode(), {"Authorization": signed})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.mark.parametrize("left_out", MISSING)
def test_get_metric_data_missing_parameter_refused(sim: Any, left_out: str) -> None:
    form = {name: value for name, value in QUERY.items() if not name.startswith(left_out)}
    status, body = post(sim, form)
    assert status == 400
    assert "<Code>ValidationError</Code>" in body
    assert f"The parameter {MISSING[left_out]} is required." in body


def test_get_metric_data_query_protocol_accepted(sim: Any) -> None:
    status, body = post(sim, QUERY)
    assert (status, "<Id>m0</Id>" in body) == (200, True)
