# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide whether a database is still in use by users who log in with IAM, before the setting is disabled.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.database import CLUSTER, DatabaseId
from .._model.login_usage import LoginMetric, MetricSum, UnusedFor, UsageWindow
from .._model.problem import IN_USE, USAGE_UNKNOWN, Problem
from .result_lines import count

# Amazon RDS User Guide, "IAM DB authentication CloudWatch metrics". The page "Amazon CloudWatch metrics for Amazon RDS"
# states that the requests apply to all engines. There is therefore no list of engines without these metrics.
_REQUESTS, _SUCCESS = "IamDbAuthConnectionRequests", "IamDbAuthConnectionSuccess"

# To limit the number of datapoints: periods of 5 minutes up to 15 days, and of one hour beyond.
_FINE, _COARSE, _LONGEST_FINE = 300, 3600, dt.timedelta(days=15)

# AWS refuses requests that are signed with a clock that differs by more (AWS General Reference, "Signature Version 4")
_CLOCK_DIFFERENCE = dt.timedelta(minutes=15)
_WITHOUT_CHECK = "omit unused_for to disable the setting without this check"


@dataclass(frozen=True)
class UsedInstance:
    """A DB instance, or a member of a cluster. ``created_at`` is None if RDS does not show it."""

    identifier: str
    created_at: dt.datetime | None

    @property
    def metrics(self) -> tuple[LoginMetric, LoginMetric]:
        """The metrics that the decision needs."""
        return LoginMetric(self.identifier, _REQUESTS), LoginMetric(self.identifier, _SUCCESS)


def usage_window(unused_for: UnusedFor, now: dt.datetime) -> UsageWindow:
    """Return the window before ``now``, in whole periods.

    It begins up to one period earlier, and ends later in case ``now`` is the time of a host whose clock is slow.
    """
    period = _FINE if unused_for.time <= _LONGEST_FINE else _COARSE
    end = now + _CLOCK_DIFFERENCE
    return UsageWindow(
        _floor(now - unused_for.time, period), _floor(end, period) + dt.timedelta(seconds=period), period
    )


def _floor(moment: dt.datetime, period: int) -> dt.datetime:
    seconds = int(moment.timestamp())
    return dt.datetime.fromtimestamp(seconds - seconds % period, dt.timezone.utc)


def usage_problems(
    instances: t.Sequence[UsedInstance],
    sums: t.Mapping[LoginMetric, MetricSum],
    unused_for: UnusedFor,
    now: dt.datetime,
) -> list[Problem]:
    """Return why the setting must not be disabled on the database of these instances: it is in use, or may be."""
    if not instances:
        return [
            _usage_unknown("the cluster has no DB instance, and the metrics of deleted ones do not count. Wait, or")
        ]
    logins = {one.identifier: sums[one.metrics[1]].total or 0.0 for one in instances}
    used = {name: number for name, number in logins.items() if number}
    if used:
        return [_in_use(used, len(instances) > 1, unused_for)]
    recent = [one for one in instances if one.created_at is None or one.created_at > now - unused_for.time]
    older = [one for one in instances if one not in recent]
    return [*_too_recent(recent, unused_for), *_incomplete(older, sums), *_without_datapoint(older, sums, unused_for)]


def denied_problem(refusal: str) -> Problem:
    """Return the problem for credentials that may not read the metrics."""
    return Problem(
        USAGE_UNKNOWN,
        f"unused_for: the metrics of IAM logins cannot be read: {refusal}. Allow the action cloudwatch:GetMetricData, "
        f"or {_WITHOUT_CHECK}",
    )


def usage_warnings(database_id: DatabaseId, unused_for: UnusedFor) -> list[str]:
    """Return the warnings for a database without IAM logins."""
    time = f"in the last {unused_for.text}"
    if database_id.kind == CLUSTER:
        return [f"unused_for: IAM logins to members that were deleted or renamed {time} do not count"]
    return [f"unused_for: if the DB instance was renamed {time}, IAM logins under its earlier name do not count"]


def _in_use(used: t.Mapping[str, float], named: bool, unused_for: UnusedFor) -> Problem:
    total = count(round(sum(used.values())), "successful IAM login")
    members = ", ".join(f"{name}: {number:.0f}" for name, number in used.items())
    return Problem(
        IN_USE,
        f"unused_for: CloudWatch counts {total} in the last {unused_for.text}{f' ({members})' if named else ''}. "
        f"Configure another authentication method for these users first, or {_WITHOUT_CHECK}",
    )


def _too_recent(recent: t.Sequence[UsedInstance], unused_for: UnusedFor) -> t.Iterator[Problem]:
    if recent:
        yield _usage_unknown(
            f"{_names(recent)} did not exist for all of the last {unused_for.text}. Use a shorter time, wait, or"
        )


def _incomplete(instances: t.Sequence[UsedInstance], sums: t.Mapping[LoginMetric, MetricSum]) -> t.Iterator[Problem]:
    partial = [one for one in instances if not _is_complete(one, sums)]
    if partial:
        statuses = sorted({sums[metric].status for one in partial for metric in one.metrics} - {"Complete"})
        yield _usage_unknown(
            f"CloudWatch did not return all metrics of {_names(partial)} ({', '.join(statuses)}). Run the task again, "
            "or"
        )


def _without_datapoint(
    instances: t.Sequence[UsedInstance], sums: t.Mapping[LoginMetric, MetricSum], unused_for: UnusedFor
) -> t.Iterator[Problem]:
    complete = [one for one in instances if _is_complete(one, sums)]
    silent = [one for one in complete if sums[one.metrics[0]].total is None]
    # requests without a datapoint of their success may have succeeded
    undecided = [one for one in complete if sums[one.metrics[0]].total and sums[one.metrics[1]].total is None]
    for metric, empty in ((_REQUESTS, silent), (_SUCCESS, undecided)):
        if empty:
            yield _usage_unknown(
                f"CloudWatch has no datapoint of {metric} for {_names(empty)} in the last {unused_for.text}, so it is "
                "unknown whether users log in with IAM. Use a longer time, or"
            )


def _is_complete(one: UsedInstance, sums: t.Mapping[LoginMetric, MetricSum]) -> bool:
    return all(sums[metric].complete for metric in one.metrics)


def _usage_unknown(text: str) -> Problem:
    return Problem(USAGE_UNKNOWN, f"unused_for: {text} {_WITHOUT_CHECK}")


def _names(instances: t.Sequence[UsedInstance]) -> str:
    return ", ".join(one.identifier for one in instances)
