# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The calls that the collection makes, in its own types. ``_rds`` makes them for real; tests hand in others.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.change import ModifyRequest
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.parameter_group import Parameter

_T = t.TypeVar("_T")

# The largest page of DescribeDBInstances and DescribeDBClusters, and how many names one filter is given. AWS documents
# no bound for the values of a filter, and its API model has none; so many names are answered by one page.
PAGE = 100


class Query(t.NamedTuple):
    """Which databases to list: those of a kind, of these names or resource ids (at most one page of them), or members
    of clusters."""

    kind: str
    names: t.Tuple[str, ...] = ()
    clusters: t.Tuple[str, ...] = ()
    resource_ids: t.Tuple[str, ...] = ()


class Page(t.NamedTuple):
    """One page of a list, and the marker of the next one; None at the end."""

    databases: t.Tuple[Database, ...]
    marker: t.Optional[str] = None


class _Calls(t.Protocol):
    """RDS as the collection needs it. Each method raises :class:`CallError` where AWS refuses."""

    @property
    def region(self) -> str:
        """The region that the calls go to."""

    def call_parallel(self, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T | CallError]:
        """Make calls at the same time, a bounded number of them; in the order given, what each returned, or the
        error that it raised."""

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Ask RDS whether the combination supports IAM authentication; None where RDS lists no such combination."""

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        """Read one parameter of an instance (or cluster) parameter group; None where the group has none such."""

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        """Set a dynamic parameter of a group, with immediate effect."""

    def modify(self, change: ModifyRequest) -> None:
        """Ask for the change; RDS answers before it takes effect."""


class RdsApi(_Calls, t.Protocol):
    """The API call by call, as ``_rds`` makes them."""

    def page(self, query: Query, marker: str | None) -> Page:
        """One page of a list; empty where a name does not exist."""


class RdsGateway(_Calls, t.Protocol):
    """What the flows ask: whole lists, however many pages and attempts they take."""

    def describe(self, database_ids: t.Sequence[DatabaseId]) -> dict[DatabaseId, Database]:
        """Describe these databases in as few pages as possible; one that does not exist is left out."""

    def describe_resources(self, kind: str, resource_ids: t.Sequence[str]) -> list[Database]:
        """Describe the instances or clusters with these resource ids, whatever their names are now."""

    def describe_all(self, kind: str) -> list[Database]:
        """Describe every instance, or every cluster, of the region."""

    def members(self, clusters: t.Sequence[str]) -> list[Database]:
        """Describe all members of these clusters."""

    def member_classes(self, clusters: t.Sequence[str]) -> dict[str, str]:
        """Return member identifier -> instance class, for all members of these clusters."""


def results_or_raise(gateway: _Calls, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T]:
    """What calls return that are made side by side. Raises the first CallError, in the order given."""
    answers = gateway.call_parallel(calls)
    for answer in answers:
        if isinstance(answer, CallError):
            raise answer
    return t.cast("list[_T]", answers)
