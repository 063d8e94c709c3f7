# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The number of IAM logins in CloudWatch, and the time range of the query.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass


@dataclass(frozen=True)
class UnusedFor:
    """The time without IAM logins that the task requires, and the text of the option."""

    time: dt.timedelta
    text: str


class UsageWindow(t.NamedTuple):
    """The time range of a query to CloudWatch, and its period in seconds."""

    start: dt.datetime
    end: dt.datetime
    period: int


class LoginMetric(t.NamedTuple):
    """A metric of one DB instance, such as ``IamDbAuthConnectionSuccess``."""

    instance: str
    name: str


class MetricSum(t.NamedTuple):
    """The sum of a metric. ``total`` is None if there is no datapoint. ``status`` is the status that AWS returned."""

    total: t.Optional[float]
    status: str

    @property
    def complete(self) -> bool:
        """Whether AWS returned all datapoints."""
        return self.status == "Complete"

    def plus(self, later: MetricSum) -> MetricSum:
        """Return the sum with the datapoints of a later page."""
        totals = [total for total in (self.total, later.total) if total is not None]
        return MetricSum(sum(totals) if totals else None, later.status)
