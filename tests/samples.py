# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What ``make test`` tests of a large number of cases. ``make test-all`` tests all of them.

Slow tests have the marker ``slow``, or are the slow cases of a test with the marker ``sample``. TEST_ALL is set for
the full random samples.
"""

from __future__ import annotations

import collections
import os
import typing as t

import pytest


def sample_size(quick: int, full: int) -> int:
    """Return the number of cases to test: a quick sample, or the full one if TEST_ALL is set."""
    return full if os.environ.get("TEST_ALL") else quick


def quick_first(cases: t.Iterable[t.Any], quick: int | t.Container[t.Any] = 1) -> list[t.Any]:
    """Return the cases as parameters. All but the first ``quick``, or those outside ``quick``, are slow.

    A tuple has the values of several parameters.
    """
    found = list(cases)
    kept = found[:quick] if isinstance(quick, int) else quick
    return [case if case in kept else _slow(case) for case in found]


def _slow(case: t.Any) -> t.Any:
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)


def quick_diagonal(
    rows: t.Iterable[t.Any], columns: t.Iterable[t.Any] | t.Callable[[t.Any], t.Iterable[t.Any]]
) -> list[t.Any]:
    """Return each pair as a parameter. All pairs but one of each row are slow. The column rotates from row to row.

    ``columns`` is the same for each row, or a function that returns the columns of a row.
    """
    return [
        pytest.param(
            row,
            column,
            id=f"{name(row)}-{name(column)}",
            marks=() if number % len(choices) == at else pytest.mark.slow,
        )
        for number, row in enumerate(rows)
        for choices in [list(columns(row) if callable(columns) else columns)]
        for at, column in enumerate(choices)
    ]


def mark_slow_cases(items: t.Iterable[pytest.Item]) -> None:
    """Mark all cases but one of ``size`` as slow, in each test with the marker ``sample(size)``.

    The one rotates, so that every value of the outer parameters, and many values of the innermost, stays.
    """
    seen: collections.Counter[str] = collections.Counter()
    for item in items:
        for sample in item.iter_markers("sample"):
            test = item.nodeid.partition("[")[0]
            block, at = divmod(seen[test], sample.args[0])
            seen[test] += 1
            if at != block % sample.args[0]:
                item.add_marker("slow")


def name(value: t.Any) -> str:
    """Return the name of a parameter for the identifier of its test."""
    return str(getattr(value, "name", getattr(value, "__name__", value)))
