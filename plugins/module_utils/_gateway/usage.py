# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface to the metrics of IAM logins. ``_aws.usage_client`` implements it with boto3.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._model.login_usage import LoginMetric, MetricSum, UsageWindow
from .paging import read_pages
from .rds import RdsApi, RdsGateway
from .retrying import RetryingGateway

# the maximum number of queries in one request (API reference of GetMetricData, MetricDataQueries)
QUERIES = 500

# without this status, a metric that a response omits would look like one without datapoints
_NOT_RETURNED = MetricSum(None, "not returned")


class MetricPage(t.NamedTuple):
    """One page of metrics, and the token of the next page (None: this is the last page)."""

    sums: t.Dict[LoginMetric, MetricSum]
    token: t.Optional[str] = None


class UsageApi(RdsApi, t.Protocol):
    """The API with one method for each call. Each method raises CallError if AWS refuses the call."""

    @property
    def clock_ahead(self) -> float | None:
        """The seconds by which the clock of AWS is ahead of the local clock, or None if no response had a date."""

    def metric_page(self, metrics: t.Sequence[LoginMetric], window: UsageWindow, token: str | None) -> MetricPage:
        """Return one page of the sums of at most ``QUERIES`` metrics."""


class UsageGateway(RdsGateway, t.Protocol):
    """The interface that the workflows use. It returns complete sums and retries failed calls."""

    @property
    def clock_ahead(self) -> float | None:
        """The seconds by which the clock of AWS is ahead of the local clock, or None if no response had a date."""

    def metric_sums(self, metrics: t.Sequence[LoginMetric], window: UsageWindow) -> dict[LoginMetric, MetricSum]:
        """Return the sum of each metric in a window."""


@dataclass(frozen=True)
class RetryingUsageGateway(RetryingGateway):
    """A UsageGateway that retries each page until it succeeds or the deadline has passed."""

    inner: UsageApi

    @property
    def clock_ahead(self) -> float | None:
        return self.inner.clock_ahead

    def metric_sums(self, metrics: t.Sequence[LoginMetric], window: UsageWindow) -> dict[LoginMetric, MetricSum]:
        sums = dict.fromkeys(metrics, _NOT_RETURNED)
        for start in range(0, len(metrics), QUERIES):
            for page in self._metric_pages(metrics[start : start + QUERIES], window):
                for metric, found in page.sums.items():
                    sums[metric] = sums[metric].plus(found)
        return sums

    def _metric_pages(self, metrics: t.Sequence[LoginMetric], window: UsageWindow) -> t.Iterator[MetricPage]:
        return read_pages(
            "GetMetricData",
            lambda token: self._retry(partial(self.inner.metric_page, metrics, window, token)),
            lambda page: page.token,
        )
