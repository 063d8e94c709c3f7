# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Match the patterns of IAM policies, in which ``*`` and ``?`` are wildcards.

The time is at most proportional to the product of both lengths. That of a regular expression can grow exponentially
with the number of ``*``, and a policy may contain thousands of them.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t


class Symbol(t.NamedTuple):
    """A character of a pattern, and whether it is a wildcard."""

    character: str
    is_wildcard: bool = False


Symbols = t.Sequence[Symbol]
STAR = Symbol("*", True)
ANY_CHARACTER = Symbol("?", True)
_WILDCARDS = {"*": STAR, "?": ANY_CHARACTER}

# ${*}, ${?} and ${$} stand for the characters themselves (IAM User Guide, "Policy variables", special characters)
_ESCAPED_OR_ONE = re.compile(r"\$\{([*?$])\}|(.)", re.DOTALL)
_VARIABLE = re.compile(r"\$\{(?![*?$]\})[^}]*\}")


def symbols_of(pattern: str, *, escapes: bool = False) -> list[Symbol]:
    """Return the symbols of a pattern. With ``escapes``, ``${*}``, ``${?}`` and ``${$}`` are literal characters."""
    if not escapes:
        return [_WILDCARDS.get(character, Symbol(character)) for character in pattern]
    return [
        Symbol(escaped) if escaped else _WILDCARDS.get(character, Symbol(character))
        for escaped, character in _ESCAPED_OR_ONE.findall(pattern)
    ]


def variable_in(pattern: str) -> str | None:
    """Return the first policy variable of a pattern, such as ``${aws:username}``, or None."""
    match = _VARIABLE.search(pattern)
    return match[0] if match else None


def literal_of(symbols: Symbols) -> str | None:
    """Return the only text that the symbols match, or None if they contain a wildcard."""
    if any(symbol.is_wildcard for symbol in symbols):
        return None
    return "".join(symbol.character for symbol in symbols)


def symbols_match(symbols: Symbols, text: str) -> bool:
    """Return whether the symbols match the complete text.

    After a mismatch, only the latest ``*`` matches one more character.
    """
    position = index = 0
    star, resumed = -1, 0
    while index < len(text):
        symbol = symbols[position] if position < len(symbols) else None
        if symbol == STAR:
            star, resumed = position, index
            position += 1
        elif symbol is not None and (symbol.is_wildcard or symbol.character == text[index]):
            position, index = position + 1, index + 1
        elif star >= 0:
            resumed += 1
            position, index = star + 1, resumed
        else:
            return False
    return all(symbol == STAR for symbol in symbols[position:])


def symbols_can_continue(symbols: Symbols, start: str) -> bool:
    """Return whether the symbols match some text that begins with ``start`` and is longer.

    Bit n of a number stands for the position before symbol n. An account can have many patterns for many databases.
    """
    stars, anything, literals, end = _positions(symbols)
    reached = _after_stars(1, stars)
    for character in start:
        advanced = (reached & (anything | literals.get(character, 0))) << 1
        reached = _after_stars(advanced | (reached & stars), stars)
    return reached & (end - 1) != 0


def _positions(symbols: Symbols) -> tuple[int, int, dict[str, int], int]:
    """Return the positions before a ``*``, a ``?`` and each literal character, and the position at the end.

    Successive ``*`` count as one.
    """
    stars = anything = 0
    literals: dict[str, int] = {}
    position, previous = 1, None
    for symbol in symbols:
        if symbol == STAR and previous == STAR:
            continue
        if symbol == STAR:
            stars |= position
        elif symbol == ANY_CHARACTER:
            anything |= position
        else:
            literals[symbol.character] = literals.get(symbol.character, 0) | position
        position, previous = position << 1, symbol
    return stars, anything, literals, position


def _after_stars(reached: int, stars: int) -> int:
    """Return the positions and those after their ``*``, which may match nothing."""
    return reached | (reached & stars) << 1
