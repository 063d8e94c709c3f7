# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Which databases are in use, and for which it is unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_usage import MetricSum
from ansible_collections.passwordless.rds.plugins.module_utils._options.unused_for import read_unused_for
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_usage import (
    UsedInstance,
    denied_problem,
    usage_problems,
    usage_warnings,
    usage_window,
)

NOW = dt.datetime(2026, 11, 2, 12, 3, 20, tzinfo=dt.timezone.utc)
OLD = NOW - dt.timedelta(days=90)
OMIT = "omit unused_for to disable the setting without this check"


def at(day, hour, minute):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("time", "start", "end", "period"),
    [
        ("1h", at(2, 11, 0), at(2, 12, 20), 300),
        ("24h", at(1, 12, 0), at(2, 12, 20), 300),
        ("15d", at(2, 12, 0) - dt.timedelta(days=15), at(2, 12, 20), 300),
        ("361h", at(2, 11, 0) - dt.timedelta(days=15), at(2, 13, 0), 3600),
        ("63d", at(2, 12, 0) - dt.timedelta(days=63), at(2, 13, 0), 3600),
    ],
)
def test_usage_window_covers_time_in_whole_periods(time, start, end, period):
    window = usage_window(read_unused_for(time), NOW)
    assert window == (start, end, period)
    assert window.start <= NOW - read_unused_for(time).time
    assert window.end >= NOW + dt.timedelta(minutes=15)


def member(name="orders", *, created_at=OLD, requests=0.0, success=None, status="Complete"):
    """Return an instance and the sums of its metrics."""
    one = UsedInstance(name, created_at)
    return one, dict(zip(one.metrics, (MetricSum(requests, status), MetricSum(success, status))))


YOUNG = NOW - dt.timedelta(hours=23, minutes=59)
SILENT = {"requests": None}
TABLE = [
    ("requests failed", [member(requests=4.0, success=0.0)], []),
    (
        "requests with unknown success",
        [member(requests=4.0)],
        [("usage_unknown", "no datapoint of IamDbAuthConnectionSuccess for orders")],
    ),
    ("published zeros", [member(success=0.0)], []),
    ("just old enough", [member(created_at=NOW - dt.timedelta(hours=24))], []),
    (
        "one login",
        [member(requests=1.0, success=1.0)],
        [("in_use", "counts 1 successful IAM login in the last 24h. Configure")],
    ),
    (
        "many logins",
        [member(success=1234567.0)],
        [("in_use", "counts 1234567 successful IAM logins in the last 24h. Configure")],
    ),
    (
        "members",
        [member("a", success=2.0), member("b"), member("c", success=1.0), member("d", **SILENT)],
        [("in_use", "counts 3 successful IAM logins in the last 24h (a: 2, c: 1). Configure")],
    ),
    ("used though young", [member(created_at=YOUNG, success=1.0)], [("in_use", "counts 1 ")]),
    ("used though incomplete", [member(success=1.0, status="PartialData")], [("in_use", "counts 1 ")]),
    ("young", [member(created_at=YOUNG)], [("usage_unknown", "orders did not exist for all of the last 24h")]),
    ("of unknown age", [member(created_at=None)], [("usage_unknown", "orders did not exist")]),
    ("no datapoint", [member(**SILENT)], [("usage_unknown", "no datapoint of IamDbAuthConnectionRequests for orders")]),
    (
        "incomplete",
        [member(status="InternalError"), member("b", status="Forbidden"), member("c")],
        [
            (
                "usage_unknown",
                "did not return all metrics of orders, b (Forbidden, InternalError). Run the task again, or",
            )
        ],
    ),
    (
        "each reason",
        [
            member("a", created_at=YOUNG, **SILENT),
            member("b", **SILENT),
            member("c", status="PartialData"),
            member("d"),
        ],
        [
            ("usage_unknown", "a did not exist"),
            ("usage_unknown", "of c (PartialData)"),
            ("usage_unknown", "for b in the"),
        ],
    ),
    ("no member", [], [("usage_unknown", "the cluster has no DB instance")]),
]


@pytest.mark.parametrize(("members", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_usage_problems(members, expected):
    sums = {metric: found for _one, own in members for metric, found in own.items()}
    problems = usage_problems([one for one, _own in members], sums, read_unused_for("24h"), NOW)
    assert [problem.code for problem in problems] == [code for code, _text in expected]
    for problem, (_code, text) in zip(problems, expected):
        assert text in problem.message
        assert problem.message.startswith("unused_for: ")
        assert problem.message.endswith(f"or {OMIT}")


def test_denied_problem_names_action():
    problem = denied_problem("GetMetricData: no (AccessDenied)")
    assert problem.code == "usage_unknown"
    assert f"GetMetricData: no (AccessDenied). Allow the action cloudwatch:GetMetricData, or {OMIT}" in problem.message


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (INSTANCE, "if the DB instance was renamed in the last 14d, IAM logins under its earlier name do not count"),
        (CLUSTER, "IAM logins to members that were deleted or renamed in the last 14d do not count"),
    ],
)
def test_usage_warnings_name_logins_that_are_not_counted(kind, text):
    assert usage_warnings(DatabaseId(kind, "ledger"), read_unused_for("14d")) == [f"unused_for: {text}"]
