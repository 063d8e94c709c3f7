# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interfaces to the RDS API, in the types of the collection.

``_aws.rds_client`` implements ``RdsApi`` with boto3. Tests use other implementations.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.change import ModifyRequest
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.parameter_group import Parameter

_T = t.TypeVar("_T")

# The maximum page size of DescribeDBInstances and DescribeDBClusters, and the number of names in one filter. AWS does
# not document a limit for the values of a filter. With this number, one page contains all results.
PAGE = 100


class Query(t.NamedTuple):
    """The databases to list: all of a kind, those with these names or resource ids, or the members of clusters.

    ``names`` and ``resource_ids`` contain at most one page of values.
    """

    kind: str
    names: t.Tuple[str, ...] = ()
    clusters: t.Tuple[str, ...] = ()
    resource_ids: t.Tuple[str, ...] = ()


class Page(t.NamedTuple):
    """One page of a list, and the marker of the next page (None: this is the last page)."""

    databases: t.Tuple[Database, ...]
    marker: t.Optional[str] = None


class _Calls(t.Protocol):
    """The calls that both interfaces share. Each method raises :class:`CallError` if a call fails."""

    @property
    def region(self) -> str:
        """The Region of the calls."""

    def call_parallel(self, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T | CallError]:
        """Make several calls, a limited number of them at the same time.

        Return, in the order given, the result of each call or the error that it raised.
        """

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Return whether the combination supports IAM authentication, or None if RDS does not offer it."""

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        """Return one parameter of a parameter group, or None if the group does not have it."""

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        """Set a dynamic parameter of a parameter group with immediate effect."""

    def modify(self, change: ModifyRequest) -> str:
        """Request the change, and return the resource ID of the database that RDS changes, or an empty string.

        RDS responds before the change takes effect.
        """


class RdsApi(_Calls, t.Protocol):
    """The interface to the API with one method for each call. ``_aws.rds_client`` implements it."""

    def page(self, query: Query, marker: str | None) -> Page:
        """Return one page of a list. It is empty if the named database does not exist."""


class RdsGateway(_Calls, t.Protocol):
    """The interface that the workflows use. It returns complete lists and retries failed calls."""

    def describe(self, database_ids: t.Sequence[DatabaseId]) -> dict[DatabaseId, Database]:
        """Describe these databases in as few pages as possible. A database that does not exist is omitted."""

    def describe_resources(self, kind: str, resource_ids: t.Sequence[str]) -> list[Database]:
        """Describe the instances or clusters with these resource ids, which do not change with a rename."""

    def describe_all(self, kind: str) -> list[Database]:
        """Describe every instance, or every cluster, of the Region."""

    def members(self, clusters: t.Sequence[str]) -> list[Database]:
        """Describe all members of these clusters."""

    def member_classes(self, clusters: t.Sequence[str]) -> dict[str, str]:
        """Return member identifier -> instance class, for all members of these clusters."""


def results_or_raise(gateway: _Calls, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T]:
    """Make calls in parallel and return their results. Raises the first CallError in the order given."""
    results = gateway.call_parallel(calls)
    for result in results:
        if isinstance(result, CallError):
            raise result
    return t.cast("list[_T]", results)
