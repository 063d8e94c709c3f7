# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Retry the calls that create databases, in addition to those of ``retrying``.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from .._model.errors import CallError
from .._model.operation import Operation, Request
from .._model.restore_source import RestoreSource, RestoreSourceOption, SourceDatabase
from .provisioning import EngineOffer, ProvisioningApi, Submitted
from .retrying import RetryingGateway


@dataclass(frozen=True)
class RetryingProvisioningGateway(RetryingGateway):
    """A ProvisioningGateway that retries each call until it succeeds or the deadline has passed."""

    inner: ProvisioningApi
    answers: dict[tuple[str, str, str], bool | None] = field(default_factory=dict)

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Return the cached result, which two checks use: whether the class is offered, and whether it supports IAM."""
        key = (engine, engine_version, instance_class)
        if key not in self.answers:
            self.answers[key] = super().supports_iam(*key)
        return self.answers[key]

    def operation(self, name: str) -> Operation:
        return self.inner.operation(name)

    def source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        return self._retry(lambda: self.inner.source(choice))

    def snapshot_names(self, kind: str) -> list[str]:
        return self._retry(lambda: self.inner.snapshot_names(kind))

    def source_database(self, source: RestoreSource) -> SourceDatabase | None:
        return self._retry(lambda: self.inner.source_database(source))

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        return self._retry(lambda: self.inner.engine_offer(engine, version))

    def group_family(self, kind: str, name: str) -> str | None:
        return self._retry(lambda: self.inner.group_family(kind, name))

    def subnet_group_vpc(self, name: str) -> str | None:
        return self._retry(lambda: self.inner.subnet_group_vpc(name))

    def has_option_group(self, name: str) -> bool:
        return self._retry(lambda: self.inner.has_option_group(name))

    def make(self, request: Request) -> Submitted:
        """Request a database. The request is retried while it may still succeed, also after an invalid status."""
        clock = self.deadline.clock
        started, aws_time = clock.monotonic(), self.inner.answered_at() or clock.now()
        lost_at: dt.datetime | None = None
        while True:
            sent_at = aws_time + dt.timedelta(seconds=clock.monotonic() - started)
            try:
                return Submitted(self.inner.make(request))
            except CallError as error:
                lost_at = sent_at if error.outcome_unknown and lost_at is None else lost_at
                left = self.deadline.left
                if left <= 0 or not (error.retryable or error.invalid_state):
                    if lost_at is None:
                        raise
                    return Submitted(sent_at=lost_at, error=error)
                clock.sleep(min(self.delay, left))
