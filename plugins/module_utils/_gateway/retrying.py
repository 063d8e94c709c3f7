# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Retry calls that AWS throttles or cuts off, until a deadline.

The retries of botocore last only seconds. This gateway handles a control plane that is busy for minutes.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._model.change import ModifyRequest
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId
from .._model.errors import CallError
from .._model.parameter_group import Parameter
from .clock import Deadline
from .paging import read_pages
from .rds import PAGE, Query, RdsApi, results_or_raise

_T = t.TypeVar("_T")


@dataclass(frozen=True)
class RetryingGateway:
    """An RdsGateway that retries each call, page by page, until it succeeds or the deadline has passed.

    ``modify`` is not retried, because the workflow must decide again whether the change is still needed.
    """

    inner: RdsApi
    deadline: Deadline
    delay: float

    @property
    def region(self) -> str:
        return self.inner.region

    def call_parallel(self, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T | CallError]:
        return self.inner.call_parallel(calls)

    def describe(self, database_ids: t.Sequence[DatabaseId]) -> dict[DatabaseId, Database]:
        queries = []
        for kind in (INSTANCE, CLUSTER):
            names = [database_id.identifier for database_id in database_ids if database_id.kind == kind]
            queries += [Query(kind, names=batch) for batch in _batches(names)]
        found = {database.id: database for database in self._list(queries)}
        return {database_id: found[database_id] for database_id in database_ids if database_id in found}

    def describe_resources(self, kind: str, resource_ids: t.Sequence[str]) -> list[Database]:
        return self._list([Query(kind, resource_ids=batch) for batch in _batches(resource_ids)])

    def describe_all(self, kind: str) -> list[Database]:
        return self._list([Query(kind)])

    def members(self, clusters: t.Sequence[str]) -> list[Database]:
        return self._list([Query(INSTANCE, clusters=batch) for batch in _batches(clusters)])

    def member_classes(self, clusters: t.Sequence[str]) -> dict[str, str]:
        return {m.id.identifier: m.instance_class for m in self.members(clusters) if m.instance_class}

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        return self._retry(lambda: self.inner.supports_iam(engine, engine_version, instance_class))

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        return self._retry(lambda: self.inner.parameter(kind, group, name))

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        self._retry(lambda: self.inner.set_parameter(kind, group, name, value))

    def modify(self, change: ModifyRequest) -> str:
        return self.inner.modify(change)

    def _list(self, queries: t.Sequence[Query]) -> list[Database]:
        lists = results_or_raise(self, [partial(self._pages, query) for query in queries])
        return [database for listed in lists for database in listed]

    def _pages(self, query: Query) -> list[Database]:
        operation = f"DescribeDB{'Clusters' if query.kind == CLUSTER else 'Instances'}"
        pages = read_pages(
            operation,
            lambda marker: self._retry(partial(self.inner.page, query, marker)),
            lambda page: page.marker,
        )
        return [database for page in pages for database in page.databases]

    def _retry(self, call: t.Callable[[], _T]) -> _T:
        lost = False
        while True:
            try:
                return call()
            except CallError as error:
                # the outcome of an earlier attempt stays unknown, regardless of the error of the last attempt
                lost = error.outcome_unknown = error.outcome_unknown or lost
                left = self.deadline.left
                if not error.retryable or left <= 0:
                    raise
                self.deadline.clock.sleep(min(self.delay, left))


def _batches(names: t.Sequence[str]) -> t.Iterator[tuple[str, ...]]:
    for start in range(0, len(names), PAGE):
        yield tuple(names[start : start + PAGE])
