# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Chooses databases by what they are instead of by name: engine, tags, and shell patterns on the identifier.

This is private to the collection.
"""

from __future__ import annotations

import fnmatch
import re
import typing as t
from dataclasses import dataclass, field

from ._decision import engine_has_setting
from ._errors import InputError, quoted, shortened
from ._model import CLUSTER, INSTANCE, Database
from ._similar import Similar

SELECT_SPEC: dict[str, dict[str, t.Any]] = {
    "all": {"type": "bool", "default": False},
    "engines": {"type": "list", "elements": "str"},
    "exclude": {"type": "list", "elements": "str"},
    "include": {"type": "list", "elements": "str"},
    "tags": {"type": "dict"},
}

# patterns hold brackets, so only these separate them
_SEPARATORS = re.compile(r"[,\s]+")
# how many patterns that match nothing an error explains
_NAMED = 10


@dataclass(frozen=True)
class Selection:
    """What is asked of a database; what is empty asks nothing. A tag whose value is None may have any.

    ``every_engine``: also those that have no IAM database authentication at all.
    """

    every: bool = False
    engines: tuple[str, ...] = ()
    tags: t.Mapping[str, t.Optional[str]] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    every_engine: bool = False

    def takes(self, database: Database) -> bool:
        """Whether a database that owns the setting is meant."""
        return all(asked(database) for _text, asked in self.criteria()) and not self.excludes(database)

    def criteria(self) -> list[tuple[str, t.Callable[[Database], bool]]]:
        """What narrows the selection, in words and as a test."""
        found: list[tuple[str, t.Callable[[Database], bool]]] = []
        if self.engines:
            found.append((f"engines {_listed(self.engines)}", lambda database: database.engine in self.engines))
        for name, value in self.tags.items():
            text = shortened(f"tag {name}" if value is None else f"tag {name}={value}")
            found.append((text, _tag_test(name, value)))
        if self.include:
            found.append((f"include {_listed(self.include)}", lambda database: _any_matches(self.include, database)))
        return found

    def excludes(self, database: Database) -> bool:
        """Whether a database is to be left out, whatever else is asked."""
        return _any_matches(self.exclude, database)


class Chosen(t.NamedTuple):
    """What a selection takes; ``objection`` where it cannot have been meant so."""

    databases: t.Tuple[Database, ...]
    objection: t.Optional[str] = None
    warnings: t.Tuple[str, ...] = ()


def read(option: t.Mapping[str, t.Any]) -> Selection:
    """Read the option ``select``. Raises InputError where it holds nothing, contradicts itself, or a tag is no text."""
    selection = Selection(
        every=bool(option.get("all")),
        engines=_entries(option.get("engines")),
        tags=_tags(option.get("tags") or {}),
        include=_entries(option.get("include")),
        exclude=_entries(option.get("exclude")),
    )
    narrowing = [name for name in ("engines", "tags", "include") if getattr(selection, name)]
    if not (selection.every or narrowing or selection.exclude):
        raise InputError(
            "select holds nothing: set engines, tags, include or exclude, or all to true for every database of the "
            "region"
        )
    if selection.every and narrowing:
        raise InputError(
            f"select: all takes every database, and {' and '.join(narrowing)} would narrow that: leave one out "
            "(exclude goes with either)"
        )
    both = [pattern for pattern in selection.include if pattern in selection.exclude]
    if both:
        raise InputError(f"select: {_listed(both)} stands in include and in exclude: take it out of one of them")
    return selection


def choose(selection: Selection, region: t.Sequence[Database], name: str) -> Chosen:
    """Take from all databases of a region, members included, those that are meant; ``name`` is the region's."""
    owners = [database for database in region if not database.cluster_identifier]
    able = [d for d in owners if selection.every_engine or engine_has_setting(d.engine)]
    found = tuple(database for database in able if selection.takes(database))
    unmatched = [text for text in selection.include if not any(_matches(text, database) for database in able)]
    if unmatched:
        return Chosen(found, _unmatched(unmatched, able, region, name))
    narrowed = selection.criteria() or (selection.exclude and able)
    if narrowed and not found:
        return Chosen(found, _nothing(selection, able, name))
    return Chosen(found, warnings=tuple(_odd(selection, able)))


def _entries(option: t.Sequence[str] | None) -> tuple[str, ...]:
    texts = [text.lower() for entry in option or () for text in _SEPARATORS.split(entry) if text]
    return tuple(dict.fromkeys(texts))


def _listed(texts: t.Sequence[str]) -> str:
    return ", ".join(map(shortened, texts))


def _tags(tags: t.Mapping[str, t.Any]) -> dict[str, str | None]:
    for name, value in tags.items():
        if not (value is None or isinstance(value, str)):
            said = str(value).lower() if isinstance(value, bool) else str(value)
            raise InputError(
                f"select: the value of tag {shortened(name)} is {shortened(said)}, which is no string: quote it "
                f"({shortened(name)}: {quoted(said)})"
            )
    return dict(tags)


def _tag_test(name: str, value: str | None) -> t.Callable[[Database], bool]:
    return lambda database: name in database.tags and value in (None, database.tags[name])


def _any_matches(patterns: t.Sequence[str], database: Database) -> bool:
    return any(_matches(pattern, database) for pattern in patterns)


def _matches(pattern: str, database: Database) -> bool:
    return fnmatch.fnmatchcase(database.ref.identifier, pattern)


def _unmatched(patterns: t.Sequence[str], able: t.Sequence[Database], region: t.Sequence[Database], name: str) -> str:
    known = Similar(database.ref.identifier for database in able)
    reasons = "; ".join(_why_not(pattern, known, region) for pattern in patterns[:_NAMED])
    more = f"; and {len(patterns) - _NAMED} more patterns that match nothing" if len(patterns) > _NAMED else ""
    return f"select: {reasons}{more}. {_looked_at(able, name)}"


def _why_not(pattern: str, known: Similar, region: t.Sequence[Database]) -> str:
    text = f"include: no database matches {quoted(pattern)}"
    others = [database for database in region if _matches(pattern, database)]
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
    counts = {kind: sum(database.ref.kind == kind for database in able) for kind in (INSTANCE, CLUSTER)}
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
        if able and not any(_matches(pattern, database) for database in able):
            yield f"select: exclude: no database matches {quoted(pattern)}"
