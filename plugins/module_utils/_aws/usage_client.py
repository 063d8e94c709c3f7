# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The boto3 clients of RDS and CloudWatch: describe and change databases, and read how often users logged in.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._gateway.clock import Clock
from .._gateway.usage import MetricPage
from .._model.login_usage import LoginMetric, MetricSum, UsageWindow
from .call import call_operation
from .clock import ServerClock
from .rds_client import RdsClient
from .responses import reads_responses

_NAMESPACE = "AWS/RDS"


@reads_responses
class UsageClient(RdsClient):
    """Implements the API. ``client_of`` creates the boto3 client of another service at the first call."""

    def __init__(self, client: t.Any, region: str, client_of: t.Callable[[str], t.Any], clock: Clock) -> None:
        super().__init__(client, region)
        self._server_clock = ServerClock(clock)
        self._server_clock.observe(client, "rds")
        self._client_of = client_of
        self._cloudwatch: t.Any = None

    @property
    def clock_ahead(self) -> float | None:
        return self._server_clock.ahead

    def metric_page(self, metrics: t.Sequence[LoginMetric], window: UsageWindow, token: str | None) -> MetricPage:
        """Return one page of the sums of metrics."""
        if self._cloudwatch is None:
            self._cloudwatch = self._client_of("cloudwatch")
        by_id = {f"m{number}": metric for number, metric in enumerate(metrics)}
        request = {
            "MetricDataQueries": [_query(query_id, metric, window.period) for query_id, metric in by_id.items()],
            "StartTime": window.start,
            "EndTime": window.end,
            **({"NextToken": token} if token else {}),
        }
        answer = call_operation(self._cloudwatch, "GetMetricData", request)
        sums = {by_id[result["Id"]]: _sum(result) for result in answer.get("MetricDataResults") or []}
        return MetricPage(sums, answer.get("NextToken") or None)


def _query(query_id: str, metric: LoginMetric, period: int) -> dict[str, t.Any]:
    dimensions = [{"Name": "DBInstanceIdentifier", "Value": metric.instance}]
    selected = {"Namespace": _NAMESPACE, "MetricName": metric.name, "Dimensions": dimensions}
    return {"Id": query_id, "MetricStat": {"Metric": selected, "Period": period, "Stat": "Sum"}}


def _sum(result: t.Mapping[str, t.Any]) -> MetricSum:
    values = result.get("Values") or []
    return MetricSum(sum(values) if values else None, str(result.get("StatusCode") or "Complete"))
