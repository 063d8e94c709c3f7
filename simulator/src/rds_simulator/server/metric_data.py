# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""GetMetricData of CloudWatch for metrics of RDS: aligned periods, retention, limits and pages.

moto aligns periods with StartTime, returns every datapoint in one page, and keeps datapoints of one minute forever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from moto.cloudwatch.exceptions import ValidationError

# "The maximum number of queries", API reference of GetMetricData, MetricDataQueries (✓); text of the error: △
_MOST_QUERIES = 500

# The longest age of datapoints by the length of their period (CloudWatch user guide, "Metrics retention", ✓). A sum of
# longer periods contains the datapoints of shorter ones, so the age depends on the period of the query.
_RETENTION = ((3600, timedelta(days=455)), (300, timedelta(days=63)), (60, timedelta(days=15)))

# "1, 5, 10, 20, 30, 60, or any multiple of 60" (API reference of MetricStat, Period, ✓)
_SHORT_PERIODS = (1, 5, 10, 20, 30)

_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "SampleCount": len,
    "Minimum": min,
    "Maximum": max,
    "Average": lambda values: sum(values) / len(values),
}
Dimensions = tuple[tuple[str, str], ...]


class Value(NamedTuple):
    """A value of a metric, at a time in UTC."""

    time: datetime
    value: float


# the values of a metric: name, sorted dimensions, beginning of the first period, seconds of a period
ValuesOf = Callable[[str, Dimensions, datetime, int], Iterable[Value]]


@dataclass(frozen=True)
class MetricRequest:
    """A request of GetMetricData. ``page`` is the number of datapoints after which a response ends."""

    start: datetime
    end: datetime
    queries: list[dict[str, Any]]
    token: str | None
    page: int
    ascending: bool


def is_supported(queries: list[dict[str, Any]]) -> bool:
    """Return whether all queries select metrics of RDS, with a plain statistic."""
    stats = [query.get("MetricStat") for query in queries]
    return bool(stats) and all(
        stat is not None and stat["Metric"].get("Namespace") == "AWS/RDS" and stat["Stat"] in _STATISTICS
        for stat in stats
    )


def metric_data(request: MetricRequest, values_of: ValuesOf, now: datetime) -> dict[str, Any]:
    """Return the response. Raise ValidationError for an invalid request (texts of the errors: △)."""
    if len(request.queries) > _MOST_QUERIES:
        raise ValidationError(f"The collection MetricDataQueries must not have a size greater than {_MOST_QUERIES}.")
    if request.start >= request.end:
        raise ValidationError("The parameter StartTime must be less than the parameter EndTime.")
    if request.token and not request.token.isdecimal():
        raise ValidationError("The value for parameter NextToken is invalid.")
    for query in request.queries:
        _check_period(int(query["MetricStat"]["Period"]))
    points = [
        (query["Id"], *point)
        for query in request.queries
        for point in _points(query["MetricStat"], request, values_of, now)
    ]
    first = int(request.token or 0)
    last = first + request.page
    page = points[first:last]
    unfinished = {query_id for query_id, _time, _value in points[last:]}
    results = [_result(query, page, query["Id"] in unfinished) for query in request.queries]
    more = {"NextToken": str(last)} if unfinished else {}
    return {"MetricDataResults": results, "Messages": [], **more}


def _check_period(seconds: int) -> None:
    if seconds not in _SHORT_PERIODS and (seconds < 1 or seconds % 60):
        raise ValidationError(f"Period {seconds} is invalid: it must be 1, 5, 10, 20, 30 or a multiple of 60.")


def _points(
    stat: dict[str, Any],
    request: MetricRequest,
    values_of: ValuesOf,
    now: datetime,
) -> list[tuple[datetime, float]]:
    """Return the datapoints of one metric, at the beginning of their periods (API reference: both times align, ✓)."""
    metric, period = stat["Metric"], int(stat["Period"])
    dimensions = tuple(sorted((one["Name"], one["Value"]) for one in metric.get("Dimensions", [])))
    start, end = _floor(request.start, period), request.end
    oldest = now - next((age for length, age in _RETENTION if period % length == 0), timedelta())
    buckets: dict[datetime, list[float]] = defaultdict(list)
    for value in values_of(metric["MetricName"], dimensions, start, period):
        if start <= value.time < end and value.time >= oldest:
            buckets[_floor(value.time, period)].append(value.value)
    ordered = sorted(buckets, reverse=not request.ascending)
    return [(moment, float(_STATISTICS[stat["Stat"]](buckets[moment]))) for moment in ordered]


def _floor(moment: datetime, period: int) -> datetime:
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % period, timezone.utc)


def _result(query: dict[str, Any], page: list[tuple[str, datetime, float]], unfinished: bool) -> dict[str, Any]:
    own = [(moment, value) for query_id, moment, value in page if query_id == query["Id"]]
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or query["MetricStat"]["Metric"]["MetricName"],
        "Timestamps": [moment for moment, _value in own],
        "Values": [value for _moment, value in own],
        "StatusCode": "PartialData" if unfinished else "Complete",
    }
