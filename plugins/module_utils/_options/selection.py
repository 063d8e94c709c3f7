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

from .._model.database import Database
from .._model.errors import InputError, quoted, shortened

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


def read_selection(option: t.Mapping[str, t.Any]) -> Selection:
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
    return any(matches(pattern, database) for pattern in patterns)


def matches(pattern: str, database: Database) -> bool:
    return fnmatch.fnmatchcase(database.id.identifier, pattern)
