# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The calls to AWS that the check of ``unused_for`` makes."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.usage import MetricPage
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_usage import MetricSum
from ansible_collections.passwordless.rds.plugins.module_utils._options.unused_for import read_unused_for
from ansible_collections.passwordless.rds.plugins.module_utils._run.usage_check import usage_check
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    NOON,
    FakeRds,
    call_error,
    context_of,
)

OLD = NOON - dt.timedelta(days=90)
OFF = options(desired=False, unused_for=read_unused_for("24h"))


@dataclass
class FakeMetrics(FakeRds):
    """RDS and CloudWatch. ``successes`` is the number of logins on an instance. A page has ``page_size`` metrics."""

    successes: dict[str, float] = field(default_factory=dict)
    page_size: int = 1000
    clock_ahead: float | None = None
    windows: list[t.Any] = field(default_factory=list)

    def metric_page(self, metrics: t.Any, window: t.Any, token: str | None) -> MetricPage:
        self._call("metric_page", len(metrics))
        self.windows.append(window)
        first = int(token or 0)
        sums = {metric: MetricSum(self.successes.get(metric.instance, 0.0), "Complete") for metric in metrics}
        last = first + self.page_size
        page = dict(list(sums.items())[first:last])
        return MetricPage(page, str(last) if last < len(metrics) else None)


def findings(rds, *databases, asked=OFF):
    rds.add(*databases)
    check = usage_check(asked, context_of(rds), Deadline.after(60, rds.clock))
    return {str(key): [problem.code for problem in found.problems] for key, found in check.findings(databases).items()}


def orders(name="orders", **changes):
    return instance(name, **{"current": True, "created_at": OLD, **changes})


def member(number, created_at=OLD):
    return instance(f"ledger-{number}", cluster_identifier="ledger", created_at=created_at)


def test_usage_check_two_queries_for_each_instance():
    rds = FakeMetrics(successes={"used": 1.0})
    assert findings(rds, orders(), orders("used")) == {"instance/orders": [], "instance/used": ["in_use"]}
    assert rds.calls == [("metric_page", 4)]


def test_usage_check_at_most_500_queries_in_a_call():
    rds = FakeMetrics()
    found = findings(rds, *[orders(f"web-{n}") for n in range(600)])
    assert set(map(tuple, found.values())) == {()}
    assert rds.sent("metric_page") == [500, 500, 200]


def test_usage_check_reads_every_page():
    rds = FakeMetrics(successes={"c": 2.0}, page_size=1)
    found = findings(rds, orders("a"), orders("b"), orders("c"))
    assert found == {"instance/a": [], "instance/b": [], "instance/c": ["in_use"]}
    assert rds.count("metric_page") == 6


def test_usage_check_metric_that_is_not_returned_is_unknown():
    class Silent(FakeMetrics):
        def metric_page(self, metrics, window, token):
            return MetricPage({})

    assert findings(Silent(), orders()) == {"instance/orders": ["usage_unknown"]}


def test_usage_check_repeated_token_fails():
    """The same token in every response does not block the task."""

    class Endless(FakeMetrics):
        def metric_page(self, metrics, window, token):
            return MetricPage({}, "same")

    with pytest.raises(CallError, match="GetMetricData: the response refers to a page that was already returned"):
        findings(Endless(), orders())


def test_usage_check_describes_members_of_all_clusters_once():
    rds = FakeMetrics().add(member(1), member(2, NOON))
    other = cluster("other", members=())
    assert findings(rds, cluster(current=True), other) == {
        "cluster/ledger": ["usage_unknown"],
        "cluster/other": ["usage_unknown"],
    }
    assert [name for name, _argument in rds.calls] == ["page", "metric_page"]


def test_usage_check_cached_members_are_not_described():
    rds = FakeMetrics()
    check = usage_check(OFF, context_of(rds), Deadline.after(60, rds.clock))
    check.use_cached_members([member(1), member(2)])
    (found,) = check.findings([cluster(current=True)]).values()
    assert found.problems == ()
    assert "deleted or renamed" in found.warnings[0]
    assert rds.calls == [("metric_page", 4)]


@pytest.mark.parametrize(("ahead", "minutes"), [(None, 0), (600.0, 10), (-600.0, -10)])
def test_usage_check_window_follows_clock_of_aws(ahead, minutes):
    rds = FakeMetrics(clock_ahead=ahead)
    recent = orders("recent", created_at=NOON - dt.timedelta(hours=24) + dt.timedelta(minutes=minutes, seconds=1))
    old = orders("old", created_at=NOON - dt.timedelta(hours=24) + dt.timedelta(minutes=minutes))
    assert findings(rds, recent, old) == {"instance/recent": ["usage_unknown"], "instance/old": []}
    (window,) = rds.windows
    assert window.start == NOON - dt.timedelta(hours=24) + dt.timedelta(minutes=minutes)


def test_usage_check_retries_until_deadline():
    throttled = call_error("GetMetricData", "Throttling", retryable=True)
    rds = FakeMetrics(errors={"metric_page": [throttled] * 3})
    assert findings(rds, orders()) == {"instance/orders": []}
    assert rds.clock.time == 15
    rds = FakeMetrics(errors={"metric_page": [throttled] * 99})
    with pytest.raises(CallError):
        findings(rds, orders())
    assert rds.clock.time == 60


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_usage_check_denied_is_unknown_for_every_database(code):
    rds = FakeMetrics(errors={"metric_page": [call_error("GetMetricData", code)]})
    assert findings(rds, orders(), orders("shop")) == {
        "instance/orders": ["usage_unknown"],
        "instance/shop": ["usage_unknown"],
    }


@pytest.mark.parametrize("asked", [options(desired=False), options(desired=True)])
def test_usage_check_is_off_by_default(asked):
    warnings = []
    rds = FakeMetrics()
    assert usage_check(asked, context_of(rds, warnings), Deadline.after(60, rds.clock)) is None
    assert warnings == []


def test_usage_check_of_enabling_warns():
    warnings = []
    rds = FakeMetrics()
    asked = options(desired=True, unused_for=read_unused_for("24h"))
    assert usage_check(asked, context_of(rds, warnings), Deadline.after(60, rds.clock)) is None
    assert warnings == ["unused_for: the option has no effect, because the task does not disable the setting"]
