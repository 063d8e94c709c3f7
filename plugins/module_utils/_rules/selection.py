# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Apply the option ``select`` to the databases of a Region, and explain a selection that matches nothing.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import engine_has_setting
from .._model.errors import quoted, shortened
from .._model.similar_names import SimilarNames
from .._options.selection import PATTERNS_NAMED, Selection, list_texts, matches


class SelectionResult(t.NamedTuple):
    """The selected databases. ``objection`` is the error for a selection that matches nothing."""

    databases: t.Tuple[Database, ...]
    objection: t.Optional[str] = None
    warnings: t.Tuple[str, ...] = ()


def select_databases(selection: Selection, region: t.Sequence[Database], name: str) -> SelectionResult:
    """Return the databases that the selection includes.

    ``region`` contains all databases of the Region including members of clusters, and ``name`` is the name of the
    Region.
    """
    owners = [database for database in region if not database.cluster_identifier]
    able = [d for d in owners if selection.every_engine or engine_has_setting(d.engine)]
    found = tuple(database for database in able if selection.takes(database))
    unmatched = [text for text in selection.include if not any(matches(text, database) for database in able)]
    if unmatched:
        return SelectionResult(found, _unmatched(unmatched, able, region, name))
    narrowed = selection.criteria() or (selection.exclude and able)
    if narrowed and not found:
        return SelectionResult(found, _no_match(selection, able, name))
    return SelectionResult(found, warnings=tuple(_unmatched_criteria(selection, able)))


def _unmatched(patterns: t.Sequence[str], able: t.Sequence[Database], region: t.Sequence[Database], name: str) -> str:
    known = SimilarNames(database.id.identifier for database in able)
    reasons = "; ".join(_no_match_reason(pattern, known, region) for pattern in patterns[:PATTERNS_NAMED])
    more = f"; and {len(patterns) - PATTERNS_NAMED} more patterns" if len(patterns) > PATTERNS_NAMED else ""
    return f"select: {reasons}{more}. {_searched(able, name)}"


def _no_match_reason(pattern: str, known: SimilarNames, region: t.Sequence[Database]) -> str:
    text = f"include: no database matches {quoted(pattern)}"
    others = [database for database in region if matches(pattern, database)]
    clusters = sorted({d.cluster_identifier for d in others if d.cluster_identifier})
    if clusters:
        return f"{text} except members of clusters, which own the setting: {', '.join(clusters)}"
    if others:
        engines = ", ".join(sorted({database.engine for database in others}))
        return f"{text} except those whose engine does not support IAM database authentication: {engines}"
    near = known.to(pattern)
    return f"{text}. Similar: {', '.join(near)}" if near else text


def _no_match(selection: Selection, able: t.Sequence[Database], name: str) -> str:
    counted = [f"{text}: {sum(map(matches_it, able))}" for text, matches_it in selection.criteria()]
    if selection.exclude:
        counted.append(f"exclude {list_texts(selection.exclude)}: {sum(map(selection.excludes, able))}")
    return f"select: no database matches. {_searched(able, name)} Matches by criterion: {'; '.join(counted)}"


def _searched(able: t.Sequence[Database], name: str) -> str:
    counts = {kind: sum(database.id.kind == kind for database in able) for kind in (INSTANCE, CLUSTER)}
    engines = ", ".join(sorted({database.engine for database in able}))
    return (
        f"Searched in Region {name}: {counts[INSTANCE]} DB instances and {counts[CLUSTER]} DB clusters that own the "
        f"setting{f' ({engines})' if engines else ''}."
    )


def _unmatched_criteria(selection: Selection, able: t.Sequence[Database]) -> t.Iterator[str]:
    engines = {database.engine for database in able}
    for engine in selection.engines:
        if engine not in engines:
            yield f"select: no database has engine {shortened(engine)}"
    for pattern in selection.exclude:
        if able and not any(matches(pattern, database) for database in able):
            yield f"select: exclude: no database matches {quoted(pattern)}"
