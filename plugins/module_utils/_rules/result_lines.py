# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The human-readable line for each database in a result or in a preview.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

_DONE = {"applying": "accepted, being applied", "cancelled": "queued change cancelled"}
_PREVIEW = {
    "applied": "would be applied",
    "applying": "would be applied",
    "scheduled": "would be scheduled",
    "cancelled": "queued change would be cancelled",
    "skipped": "would be skipped",
    "failed": "blocked",
}
_RANK = {"failed": 1, "skipped": 2, "unchanged": 3}


def result_lines(databases: t.Iterable[t.Mapping[str, t.Any]], *, preview: bool) -> list[str]:
    """Return a line for each database that is not unchanged: first changes, then failures, then skipped databases."""
    shown = [database for database in databases if database["outcome"] != "unchanged"]
    ordered = sorted(shown, key=lambda database: 0 if database.get("changed") else _RANK.get(database["outcome"], 0))
    return [line(database, preview=preview) for database in ordered]


def line(database: t.Mapping[str, t.Any], *, preview: bool) -> str:
    """Return ``kind/identifier: result: reasons``."""
    parts = [f"{database['kind']}/{database['identifier']}", _phrase(database, preview), reasons(database)]
    return ": ".join(part for part in parts if part)


def reasons(database: t.Mapping[str, t.Any]) -> str:
    """Return the problems of a database, each as ``code: message``."""
    return "; ".join(f"{problem['code']}: {problem['message']}" for problem in database.get("problems") or [])


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun in the singular or plural."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _phrase(database: t.Mapping[str, t.Any], preview: bool) -> str:
    outcome = str(database["outcome"])
    if outcome == "skipped" and not database.get("problems"):
        return "would not be changed: the task would stop" if preview else "not changed: the task stopped"
    return (_PREVIEW if preview else _DONE).get(outcome, outcome)
