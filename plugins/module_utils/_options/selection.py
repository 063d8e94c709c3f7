# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The option ``select``, which selects databases by engine, tags, and shell patterns for the identifier.

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

# patterns can contain brackets, so only these characters separate them
_SEPARATORS = re.compile(r"[,\s]+")

# the number of patterns without a match that an error explains
PATTERNS_NAMED = 10


@dataclass(frozen=True)
class Selection:
    """The criteria that a database must meet. An empty criterion matches every database.

    A tag whose value is None matches any value. ``every_engine`` also selects databases whose engine does not support
    IAM database authentication.
    """

    every: bool = False
    engines: tuple[str, ...] = ()
    tags: t.Mapping[str, t.Optional[str]] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    every_engine: bool = False

    def takes(self, database: Database) -> bool:
        """Whether the selection includes a database that owns the setting."""
        return all(matches_criterion(database) for _text, matches_criterion in self.criteria()) and not self.excludes(
            database
        )

    def criteria(self) -> list[tuple[str, t.Callable[[Database], bool]]]:
        """Return each criterion as a text for messages and as a test of one database."""
        found: list[tuple[str, t.Callable[[Database], bool]]] = []
        if self.engines:
            found.append((f"engines {list_texts(self.engines)}", lambda database: database.engine in self.engines))
        for name, value in self.tags.items():
            text = shortened(f"tag {name}" if value is None else f"tag {name}={value}")
            found.append((text, _tag_test(name, value)))
        if self.include:
            found.append((f"include {list_texts(self.include)}", lambda database: _any_matches(self.include, database)))
        return found

    def excludes(self, database: Database) -> bool:
        """Whether ``exclude`` matches the database."""
        return _any_matches(self.exclude, database)


def read_selection(option: t.Mapping[str, t.Any]) -> Selection:
    """Return the selection that the option ``select`` describes.

    Raises InputError if the option is empty or contradictory, and if the value of a tag is not a string.
    """
    selection = Selection(
        every=bool(option.get("all")),
        engines=_entries(option.get("engines")),
        tags=_tags(option.get("tags") or {}),
        include=_entries(option.get("include")),
        exclude=_entries(option.get("exclude")),
    )
    # not mutually_exclusive in the argument spec, which would refuse blank lists and an explicit false for all
    narrowing = [name for name in ("engines", "tags", "include") if getattr(selection, name)]
    if not (selection.every or narrowing or selection.exclude):
        raise InputError(
            "select: it has no criterion. Set engines, tags, include or exclude, or set all to true to select every "
            "database of the Region."
        )
    if selection.every and narrowing:
        raise InputError(
            f"select: all contradicts {' and '.join(narrowing)}. Remove all, or keep only all and exclude."
        )
    both = [pattern for pattern in selection.include if pattern in selection.exclude]
    if both:
        raise InputError(f"select: {list_texts(both)} is in both include and exclude. Remove it from one of them.")
    return selection


def _entries(option: t.Sequence[str] | None) -> tuple[str, ...]:
    texts = [text.lower() for entry in option or () for text in _SEPARATORS.split(entry) if text]
    return tuple(dict.fromkeys(texts))


def list_texts(texts: t.Sequence[str]) -> str:
    """Return the texts in one line for a message, each shortened."""
    return ", ".join(map(shortened, texts))


def _tags(tags: t.Mapping[str, t.Any]) -> dict[str, str | None]:
    for name, value in tags.items():
        if not (value is None or isinstance(value, str)):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            raise InputError(
                f"select: the value of tag {shortened(name)} is {shortened(text)}, which is not a string. Quote it: "
                f"{shortened(name)}: {quoted(text)}."
            )
    return dict(tags)


def _tag_test(name: str, value: str | None) -> t.Callable[[Database], bool]:
    return lambda database: name in database.tags and value in (None, database.tags[name])


def _any_matches(patterns: t.Sequence[str], database: Database) -> bool:
    return any(matches(pattern, database) for pattern in patterns)


def matches(pattern: str, database: Database) -> bool:
    """Whether the identifier of the database matches the shell pattern."""
    return fnmatch.fnmatchcase(database.id.identifier, pattern)
