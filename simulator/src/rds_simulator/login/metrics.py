# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The evidence of logins with IAM authentication: metrics in moto's CloudWatch, and lines in its Logs.

Metrics and texts: "Troubleshooting for IAM DB authentication" in the RDS and Aurora user guides (✓). That page names
FailureThrottling for internal errors, too; the simulator counts them as FailureServerError, as the metric is described.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

from ..kinds import CLUSTER
from .error_log import write_error
from .target import LoginTarget

if TYPE_CHECKING:
    from ..state.world import World

NAMESPACE = "AWS/RDS"
PREFIX = "IamDbAuthConnection"
_FAILURES = {
    "InvalidToken": "FailureInvalidToken",
    "ExpiredToken": "FailureInvalidToken",
    "NotAuthorized": "FailureInsufficientPermissions",
    "ThrottlingException": "FailureThrottling",
}
_SERVER_ERROR = "FailureServerError"


class _Datum(MetricDatum):
    """A value of a metric that only its own set of dimensions selects, as in CloudWatch.

    moto's GetMetricStatistics also selects values that have further dimensions. For a cluster, it would count a login
    twice. ListMetrics, which calls this method with the metrics that it has found, selects by some of the dimensions.
    """

    def filter(
        self, namespace: Any, name: Any, dimensions: Any, already_present_metrics: list[Any] | None = None
    ) -> bool:
        if already_present_metrics is None and dimensions and len(dimensions) != len(self.dimensions):
            return False
        return super().filter(namespace, name, dimensions, already_present_metrics)


def record_login(world: World, target: LoginTarget, user: str, outcome: str | None, caller_arn: str = "") -> None:
    """Record a login. ``outcome`` is the code of the refusal, or None. ``caller_arn`` is the caller, if it is known."""
    with world.lock:
        _add_data(target.account, target.region, _dimensions(target), _names(outcome), world.login_time())
        if outcome is not None:
            write_error(world, target, user, outcome, caller_arn)


class LoginHistory:
    """Past logins that a seed describes. They are not in the log."""

    def __init__(self, account: str, region: str) -> None:
        self._account, self._region = account, region
        self._added: list[MetricDatum] = []

    def add(self, dimensions: list[list[dict[str, str]]], when: datetime, number: int, outcome: str | None) -> None:
        """Add a number of logins at a time. With the number 0, CloudWatch has datapoints whose value is 0."""
        self._added += _add_data(self._account, self._region, dimensions, _names(outcome), when, float(number))

    def undo(self) -> None:
        """Remove all logins that were added."""
        data = cloudwatch_backends[self._account][self._region].metric_data
        data[:] = [datum for datum in data if not any(datum is own for own in self._added)]


def _names(outcome: str | None) -> list[str]:
    if outcome is None:
        return ["Requests", "Success"]
    return ["Requests", "Failure", _FAILURES.get(outcome, _SERVER_ERROR)]


def _add_data(
    account: str,
    region: str,
    dimensions: list[list[dict[str, str]]],
    names: list[str],
    when: datetime,
    value: float = 1.0,
) -> list[MetricDatum]:
    # moto compares times without a time zone, in UTC.
    moment = when.astimezone(timezone.utc).replace(tzinfo=None)
    data: list[MetricDatum] = [
        _Datum(NAMESPACE, f"{PREFIX}{name}", value, named, moment, "Count") for named in dimensions for name in names
    ]
    cloudwatch_backends[account][region].metric_data.extend(data)
    return data


def _dimensions(target: LoginTarget) -> list[list[dict[str, str]]]:
    """Return the sets of dimensions of a metric of a DB instance (Aurora user guide, dimensions.md, ✓)."""
    cluster = target.name if target.kind == CLUSTER else None
    return login_dimensions(target.instance or target.name, cluster, is_reader=target.is_reader)


def login_dimensions(instance: str, cluster: str | None, *, is_reader: bool) -> list[list[dict[str, str]]]:
    """Return the sets of dimensions of a DB instance, or of a member of an Aurora or Multi-AZ DB cluster."""
    own = {"Name": "DBInstanceIdentifier", "Value": instance}
    if cluster is None:
        return [[own]]
    of_cluster = {"Name": "DBClusterIdentifier", "Value": cluster}
    role = {"Name": "Role", "Value": "READER" if is_reader else "WRITER"}
    return [[own], [of_cluster], [of_cluster, role]]
