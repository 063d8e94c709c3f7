# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Filters of the Describe operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .api import ApiRequest
from .backend import Database
from .errors import AwsError


@dataclass(frozen=True)
class Filter:
    """values: what of a database is compared; arn_type: ARNs of this type are accepted, too."""

    values: Callable[[Database], Iterable[str]]
    arn_type: str | None = None


def identifiers(database: Database) -> Iterable[str]:
    """A database's own name."""
    return [database.name]


def filtered(request: ApiRequest, databases: Iterable[Database], known: dict[str, Filter]) -> Iterator[Database]:
    """The databases that pass every filter: each has one of its values (model ✓).

    A value that nothing has gives an empty list, a filter that does not exist an AwsError.
    """
    tests = []
    for item in request.parameters.get("Filters", []):
        if item["Name"] not in known:
            raise AwsError("InvalidParameterValue", f"Unrecognized filter name: {item['Name']}")
        accepted = known[item["Name"]]
        tests.append((accepted.values, _names(request, item["Values"], accepted.arn_type)))
    for database in databases:
        if all(any(value in wanted for value in values(database)) for values, wanted in tests):
            yield database


def _names(request: ApiRequest, given: Iterable[str], arn_type: str | None) -> set[str]:
    prefix = request.backend.arn(arn_type, "") if arn_type else None
    lowered = (value.lower() for value in given)
    return {value.removeprefix(prefix) if prefix else value for value in lowered}
