# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Suggest existing names for a name that does not exist.

Comparing every unknown name with every existing one in full is too slow for a large Region.

This is private to the collection.
"""

from __future__ import annotations

import collections
import difflib
import heapq
import typing as t

# the number of names that get suggestions, and of candidates that each is compared with in full
_MAX_SEARCHES = 100
_MAX_CANDIDATES = 20
_MAX_SUGGESTIONS = 3


class SimilarNames:
    """Searches a fixed set of names. Only the first hundred searches return suggestions.

    The candidates are the names that share the most pairs of letters. Only candidates are compared in full.
    """

    def __init__(self, names: t.Iterable[str]) -> None:
        self.names = frozenset(names)
        self._left = _MAX_SEARCHES
        self._holders: dict[str, list[str]] | None = None

    def to(self, name: str) -> list[str]:
        """Return up to three names that resemble this one, the most similar first."""
        if self._left <= 0 or not self.names:
            return []
        self._left -= 1
        return difflib.get_close_matches(name, self._candidates(name), n=_MAX_SUGGESTIONS)

    def _candidates(self, name: str) -> list[str]:
        if self._holders is None:
            self._holders = _holders(self.names)
        shared: collections.Counter[str] = collections.Counter()
        for pair in _pairs(name):
            shared.update(self._holders.get(pair, ()))
        return heapq.nsmallest(
            _MAX_CANDIDATES, shared, key=lambda known: (-_overlap(shared[known], known, name), known)
        )


def _holders(names: t.Iterable[str]) -> dict[str, list[str]]:
    holders: dict[str, list[str]] = {}
    for name in names:
        for pair in _pairs(name):
            holders.setdefault(pair, []).append(name)
    return holders


def _pairs(name: str) -> set[str]:
    """Return the pairs of adjacent letters. A mark at each end also pairs the first and the last letter."""
    marked = f"^{name}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}


def _overlap(shared: int, one: str, other: str) -> float:
    return 2 * shared / (len(one) + len(other) + 2)
