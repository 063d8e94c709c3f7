# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The evidence of logins with IAM authentication: metrics in moto's CloudWatch, and lines in its Logs.

Metrics and texts: "Troubleshooting for IAM DB authentication" in the RDS and Aurora user guides (✓). That page names
FailureThrottling for internal errors, too; the simulator counts them as FailureServerError, as the metric is described.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

from ..kinds import CLUSTER
from .error_log import write_error
from .target import LoginTarget

if TYPE_CHECKING:
    from ..state.world import World

NAMESPACE = "AWS/RDS"
_PREFIX = "IamDbAuthConnection"
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
    names = (
        ["Requests", "Success"] if outcome is None else ["Requests", "Failure", _FAILURES.get(outcome, _SERVER_ERROR)]
    )
    with world.lock:
        # moto compares times without a time zone, in UTC.
        now = world.login_time().replace(tzinfo=None)
        cloudwatch_backends[target.account][target.region].metric_data.extend(
            _Datum(NAMESPACE, f"{_PREFIX}{name}", 1.0, dimensions, now, "Count")
            for dimensions in _dimensions(target)
            for name in names
        )
        if outcome is not None:
            write_error(world, target, user, outcome, caller_arn)


def _dimensions(target: LoginTarget) -> list[list[dict[str, str]]]:
    """Return the sets of dimensions of a metric of a DB instance (Aurora user guide, dimensions.md, ✓)."""
    instance = {"Name": "DBInstanceIdentifier", "Value": target.instance or target.name}
    if target.kind != CLUSTER:
        return [[instance]]
    cluster = {"Name": "DBClusterIdentifier", "Value": target.name}
    role = {"Name": "Role", "Value": "READER" if target.is_reader else "WRITER"}
    return [[instance], [cluster], [cluster, role]]
