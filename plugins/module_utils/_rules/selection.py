# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

import typing as t

from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import engine_has_setting
from .._model.errors import quoted, shortened
from .._model.similar_names import SimilarNames
from .._options.selection import _NAMED, Selection, _listed, matches


class SelectionResult(t.NamedTuple):
    """What a selection takes; ``objection`` where it cannot have been meant so."""

    databases: t.Tuple[Database, ...]
    objection: t.Optional[str] = None
    warnings: t.Tuple[str, ...] = ()


def select_databases(selection: Selection, region: t.Sequence[Database], name: str) -> SelectionResult:
    """Take from all databases of a region, members included, those that are meant; ``name`` is the region's."""
    owners = [database for database in region if not database.cluster_identifier]
    able = [d for d in owners if selection.every_engine or engine_has_setting(d.engine)]
    found = tuple(database for database in able if selection.takes(database))
    unmatched = [text for text in selection.include if not any(matches(text, database) for database in able)]
    if unmatched:
        return SelectionResult(found, _unmatched(unmatched, able, region, name))
    narrowed = selection.criteria() or (selection.exclude and able)
    if narrowed and not found:
        return SelectionResult(found, _nothing(selection, able, name))
    return SelectionResult(found, warnings=tuple(_odd(selection, able)))


def _unmatched(patterns: t.Sequence[str], able: t.Sequence[Database], region: t.Sequence[Database], name: str) -> str:
    known = SimilarNames(database.id.identifier for database in able)
    reasons = "; ".join(_why_not(pattern, known, region) for pattern in patterns[:_NAMED])
    more = f"; and {len(patterns) - _NAMED} more patterns that match nothing" if len(patterns) > _NAMED else ""
    return f"select: {reasons}{more}. {_looked_at(able, name)}"


def _why_not(pattern: str, known: SimilarNames, region: t.Sequence[Database]) -> str:
    text = f"include: no database matches {quoted(pattern)}"
    others = [database for database in region if matches(pattern, database)]
    clusters = sorted({d.cluster_identifier for d in others if d.cluster_identifier})
    if clusters:
        return f"{text} but members of clusters, which own the setting: {', '.join(clusters)}"
    if others:
        engines = ", ".join(sorted({database.engine for database in others}))
        return f"{text} but such whose engine has no IAM database authentication: {engines}"
    near = known.to(pattern)
    return f"{text}; similar: {', '.join(near)}" if near else text


def _nothing(selection: Selection, able: t.Sequence[Database], name: str) -> str:
    counted = [f"{text}: {sum(map(asked, able))}" for text, asked in selection.criteria()]
    if selection.exclude:
        counted.append(f"exclude {_listed(selection.exclude)}: {sum(map(selection.excludes, able))}")
    return f"select takes no database. {_looked_at(able, name)} Of these have {'; '.join(counted)}"


def _looked_at(able: t.Sequence[Database], name: str) -> str:
    counts = {kind: sum(database.id.kind == kind for database in able) for kind in (INSTANCE, CLUSTER)}
    engines = ", ".join(sorted({database.engine for database in able}))
    return (
        f"Looked at in region {name}: {counts[INSTANCE]} DB instances and {counts[CLUSTER]} DB clusters that own the "
        f"setting{f' ({engines})' if engines else ''}."
    )


def _odd(selection: Selection, able: t.Sequence[Database]) -> t.Iterator[str]:
    engines = {database.engine for database in able}
    for engine in selection.engines:
        if engine not in engines:
            yield f"select: no database has engine {shortened(engine)}"
    for pattern in selection.exclude:
        if able and not any(matches(pattern, database) for database in able):
            yield f"select: exclude: no database matches {quoted(pattern)}"
