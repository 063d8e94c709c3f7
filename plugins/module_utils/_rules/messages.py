# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Human-readable summaries of a task: actual changes, planned changes, and the reasons for a failure.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import DatabaseId
from .._model.outcome import APPLIED, APPLYING, CANCELLED, FAILED, SCHEDULED, SKIPPED, UNCHANGED
from .._model.problem import Problem
from .warnings import databases_in_words

# changes come first
_ORDER = (APPLIED, APPLYING, SCHEDULED, CANCELLED, FAILED, SKIPPED, UNCHANGED)
_PREVIEW = {
    APPLIED: "would be applied",
    APPLYING: "would be applied without waiting",
    SCHEDULED: "would be scheduled",
    CANCELLED: "would be cancelled",
    FAILED: "failed",
    SKIPPED: "would be skipped",
    UNCHANGED: "would stay unchanged",
}

# Up to this number of databases with the same code, each gets a sentence. Beyond it, they are listed with one message.
_SENTENCES = 3
_Found = t.Sequence[t.Tuple[DatabaseId, Problem]]


def outcome_in_words(outcome: str, *, preview: bool) -> str:
    """Return the words for an outcome, after a run or in a preview."""
    return _PREVIEW[outcome] if preview else outcome


def outcome_counts(summary: t.Mapping[str, int], *, preview: bool) -> str:
    """Return the number of databases by outcome: ``2 applied, 1 unchanged``."""
    return ", ".join(
        f"{summary[outcome]} {outcome_in_words(outcome, preview=preview)}" for outcome in _ORDER if summary[outcome]
    )


def blocked_counts(*, blocked: int, not_changed: int, unchanged: int) -> str:
    """Return the number of databases that are blocked, not changed for that reason, and without a required change."""
    parts = [f"Blocked: {blocked}"]
    if not_changed:
        parts.append(f"not changed because of these: {not_changed}")
    if unchanged:
        parts.append(f"no change required: {unchanged}")
    return f"{', '.join(parts)}."


def remedy_for_blocked(*, skippable: bool, absent: bool) -> str:
    """Return how to continue with the databases that are not blocked."""
    parts = ["Set on_problem to skip to continue without the blocked databases."] if skippable else []
    if absent:
        parts.append("Correct or remove the names that do not exist.")
    return " ".join(parts)


def failure_reasons(found: _Found) -> str:
    """Return the problems grouped by code. A large group lists its first databases and counts the others."""
    by_code: dict[str, list[tuple[DatabaseId, Problem]]] = {}
    for database_id, problem in found:
        by_code.setdefault(problem.code, []).append((database_id, problem))
    return "; ".join(_group(code, group) for code, group in by_code.items())


def planned_changes(outcomes: t.Iterable[tuple[DatabaseId, str]], blocked: _Found) -> str:
    """Return the databases by planned outcome, and the blocked ones, for a task that must not start."""
    by_outcome: dict[str, list[DatabaseId]] = {}
    for database_id, outcome in outcomes:
        by_outcome.setdefault(outcome, []).append(database_id)
    parts = [
        f"{outcome_in_words(outcome, preview=True).capitalize()}: {databases_in_words(by_outcome[outcome])}"
        for outcome in _ORDER
        if outcome in by_outcome
    ]
    if blocked:
        parts.append(f"Blocked: {failure_reasons(blocked)}")
    return ". ".join(parts)


def _group(code: str, group: _Found) -> str:
    if len(group) <= _SENTENCES:
        return "; ".join(
            f"{databases_in_words([database_id])}: {code}: {problem.message}" for database_id, problem in group
        )
    first = group[0][1].message
    quoted = first if all(problem.message == first for _ref, problem in group) else f"the first: {first}"
    return f"{code}: {databases_in_words([database_id for database_id, _problem in group])}: {quoted}"
