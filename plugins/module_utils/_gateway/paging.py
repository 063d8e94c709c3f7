# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the pages of a list to its end.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import CallError

# far more than any account has, so that a list without an end cannot block a task
MOST_PAGES = 1000
_P = t.TypeVar("_P")


def read_pages(
    operation: str, read: t.Callable[[str | None], _P], next_marker: t.Callable[[_P], str | None]
) -> t.Iterator[_P]:
    """Yield the pages of a list; each is requested when the caller needs it.

    Raises CallError if a marker repeats, or the list has more than ``MOST_PAGES`` pages. The list would not be
    complete, and a decision must not be based on it.
    """
    marker: str | None = None
    seen: set[str] = set()
    for _number in range(MOST_PAGES):
        page = read(marker)
        yield page
        marker = next_marker(page)
        if not marker:
            return
        if marker in seen:
            raise _endless(operation, "the response refers to a page that was already returned")
        seen.add(marker)
    raise _endless(operation, f"the list does not end after {MOST_PAGES} pages")


def _endless(operation: str, reason: str) -> CallError:
    return CallError(operation=operation, code="InvalidPagination", message=reason, no_response=True)
