# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Filters of the Describe operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..errors import AwsError
from ..state.backend import Database
from .registry import ApiRequest

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Filter(Generic[_Item]):
    """A filter that an operation accepts.

    ``values`` returns the values of an item that the filter compares. With ``arn_type``, the filter also accepts ARNs
    of this type.
    """

    values: Callable[[_Item], Iterable[str]]
    arn_type: str | None = None


def identifiers(database: Database) -> Iterable[str]:
    """Return the identifier of a database."""
    return [database.name]


def apply_filters(request: ApiRequest, items: Iterable[_Item], known: dict[str, Filter[_Item]]) -> Iterator[_Item]:
    """Return the items that pass every filter: an item must have one of the filter's values (model ✓).

    A value that no item has results in an empty list. An unknown filter name raises an AwsError.
    """
    tests = []
    for asked in request.parameters.get("Filters", []):
        if asked["Name"] not in known:
            raise AwsError("InvalidParameterValue", f"Unrecognized filter name: {asked['Name']}")
        accepted = known[asked["Name"]]
        tests.append((accepted.values, _names(request, asked["Values"], accepted.arn_type)))
    for item in items:
        if all(any(value in wanted for value in values(item)) for values, wanted in tests):
            yield item


def _names(request: ApiRequest, given: Iterable[str], arn_type: str | None) -> set[str]:
    prefix = request.backend.arn(arn_type, "") if arn_type else None
    lowered = (value.lower() for value in given)
    return {value.removeprefix(prefix) if prefix else value for value in lowered}
