# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""PutMetricData of CloudWatch, which refuses the namespaces of AWS, and GetMetricData for the metrics of RDS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.models import MetricDatum
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model

from ..api.required_members import missing_member
from ..login.metrics import PREFIX
from ..rules.refusals import IAM
from ..state.world import World
from .metric_data import Dimensions, MetricRequest, Value, is_supported, metric_data

OPERATIONS = frozenset(("PutMetricData", "GetMetricData"))


class CloudWatchService(CloudWatchResponse):
    """moto's CloudWatch with the check of namespaces, and the login metrics that RDS publishes."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def put_metric_data(self) -> ActionResult:
        """PutMetricData. A namespace cannot begin with ``AWS/`` (API reference ✓; text: Eucalyptus's tests △)."""
        namespace = self._get_param("Namespace") or ""
        if namespace.startswith("AWS/"):
            raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
        return super().put_metric_data()

    def get_metric_data(self) -> ActionResult:
        """GetMetricData. moto answers requests for other namespaces, and expressions."""
        given = self._get_params()
        model = get_service_model("cloudwatch").operation_model("GetMetricData")
        missing = missing_member(model.input_shape, given)
        if missing is not None:  # code and text: moto's tests of a query without MetricStat, verified with AWS (△)
            raise ValidationError(f"The parameter {missing} is required.\n")
        queries = given["MetricDataQueries"]
        if not is_supported(queries):
            return super().get_metric_data()
        page = max(int(given.get("MaxDatapoints") or self.world.settings.metric_page), 1)
        request = MetricRequest(
            start=_utc(given["StartTime"]),
            end=_utc(given["EndTime"]),
            queries=queries,
            token=given.get("NextToken"),
            page=page,
            ascending=given.get("ScanBy") == "TimestampAscending",
        )
        return ActionResult(metric_data(request, self._values, self._now))

    @property
    def _now(self) -> datetime:
        return self.world.clock.now()

    def _values(self, name: str, dimensions: Dimensions, start: datetime, period: int) -> Iterator[Value]:
        for datum in self.cloudwatch_backend.metric_data:
            own = tuple(sorted((dimension.name, dimension.value) for dimension in datum.dimensions))
            if isinstance(datum, MetricDatum) and (datum.namespace, datum.name, own) == ("AWS/RDS", name, dimensions):
                yield Value(_utc(datum.timestamp), datum.value)
        if name.startswith(PREFIX) and self.world.settings.idle_login_metrics:
            yield from self._zeros(dimensions, start, period)

    def _zeros(self, dimensions: Dimensions, start: datetime, period: int) -> Iterator[Value]:
        """Yield a zero for each period in which the instance exists, if its setting is on (? unknown)."""
        if len(dimensions) != 1 or dimensions[0][0] != "DBInstanceIdentifier":
            return
        backend = self.world.backend(self.current_account, self.region)
        database = backend.instances.get(dimensions[0][1])
        if database is None or not database.record[IAM]:
            return
        moment = max(database.record["InstanceCreateTime"], start)
        while moment <= self._now:
            yield Value(moment, 0.0)
            moment += timedelta(seconds=period)


def _utc(moment: datetime) -> datetime:
    """Return a time with its zone. moto stores and parses times in UTC without one."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
