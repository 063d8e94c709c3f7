# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Wildcards, policy variables and ARNs in policies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

Context = Mapping[str, Sequence[str]]

_TOKEN = re.compile(r"\$\{([^}]*)\}|([*?])")
_ESCAPES = ("*", "?", "$")
_ARN_PARTS = 6


class Token(NamedTuple):
    """A part of a pattern: literal text, a wildcard, or a policy variable with its default value."""

    kind: str
    text: str
    default: str | None = None


_STAR, _ANY_CHARACTER = Token("wildcard", "*"), Token("wildcard", "?")


def normalize_context(context: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return a request context with lower-case keys: the names of condition keys are not case-sensitive (✓)."""
    return {key.lower(): (value,) if isinstance(value, str) else tuple(value) for key, value in context.items()}


@lru_cache(maxsize=4096)
def tokenize(pattern: str, variables: bool) -> tuple[Token, ...]:
    """Return the parts of a pattern.

    ``${*}``, ``${?}`` and ``${$}`` are literal characters. Without ``variables`` (version 2008-10-17), ``${…}`` is text
    (IAM user guide, reference_policies_variables, ✓).
    """
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(pattern):
        if match.group(2) is None and not variables:
            continue
        if match.start() > end:
            tokens.append(Token("text", pattern[end : match.start()]))
        tokens.append(_token(match))
        end = match.end()
    if end < len(pattern):
        tokens.append(Token("text", pattern[end:]))
    return tuple(tokens)


def _token(match: re.Match[str]) -> Token:
    if match.group(2) is not None:
        return Token("wildcard", match.group(2))
    inner = match.group(1)
    if inner in _ESCAPES:
        return Token("text", inner)
    name, comma, default = (part.strip() for part in inner.partition(","))
    is_quoted = len(default) > 1 and default[0] == default[-1] == "'"
    if not name or (comma and not is_quoted):
        return Token("text", match.group(0))
    return Token("variable", name, default[1:-1] if comma else None)


def variable_names(pattern: str) -> list[str]:
    """Return the names of the policy variables without a default value."""
    return [token.text for token in tokenize(pattern, True) if token.kind == "variable" and token.default is None]


def resolve(pattern: str, context: Context, *, variables: bool) -> str | None:
    """Return a text with its variables replaced and its wildcards as they are, or None if a variable has no value."""
    parts = [_value(token, context) for token in tokenize(pattern, variables)]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _value(token: Token, context: Context) -> str | None:
    """Return the text of a token. A variable without exactly one value is null and matches nothing (✓)."""
    if token.kind != "variable":
        return token.text
    values = context.get(token.text.lower(), ())
    return values[0] if len(values) == 1 else token.default


def matches(pattern: str, value: str, context: Context, *, variables: bool = True) -> bool:
    """Return whether a pattern with wildcards and variables matches a complete value."""
    return _tokens_match(tokenize(pattern, variables), value, context)


def matches_action(pattern: str, action: str) -> bool:
    """Return whether an action pattern matches. Actions are not case-sensitive and have no variables (✓)."""
    return matches(pattern.lower(), action.lower(), {}, variables=False)


def matches_arn(pattern: str, arn: str, context: Context, *, variables: bool, complete: bool) -> bool:
    """Return whether an ARN pattern matches an ARN, part by part: a wildcard does not cross the first five colons (✓).

    With ``complete``, missing parts of the pattern are ``*``, as in Resource elements (IAM user guide,
    reference_policies_elements_resource, ✓).
    """
    if pattern == "*":
        return True
    value_parts = arn.split(":", _ARN_PARTS - 1)
    pattern_parts = _split(tokenize(pattern, variables))
    if complete:
        pattern_parts += [[_STAR]] * (_ARN_PARTS - len(pattern_parts))
    if len(value_parts) != _ARN_PARTS or len(pattern_parts) != _ARN_PARTS:
        return False
    return all(_tokens_match(part, value, context) for part, value in zip(pattern_parts, value_parts))


def _tokens_match(tokens: Sequence[Token], value: str, context: Context) -> bool:
    """Return whether the tokens match a complete value.

    The time is at most proportional to the product of both lengths; that of a regular expression grows exponentially
    with the number of ``*``.
    """
    symbols: list[Token] = []
    for token in tokens:
        text = _value(token, context)
        if text is None:
            return False
        symbols += [token] if token.kind == "wildcard" else [Token("text", character) for character in text]
    return _symbols_match(symbols, value)


def _symbols_match(symbols: Sequence[Token], value: str) -> bool:
    """Match characters and wildcards. After a mismatch, only the latest ``*`` matches one more character."""
    position = index = 0
    star, resumed = -1, 0
    while index < len(value):
        symbol = symbols[position] if position < len(symbols) else None
        if symbol == _STAR:
            star, resumed = position, index
            position += 1
        elif symbol is not None and (symbol == _ANY_CHARACTER or symbol == Token("text", value[index])):
            position, index = position + 1, index + 1
        elif star >= 0:
            resumed += 1
            position, index = star + 1, resumed
        else:
            return False
    return all(symbol == _STAR for symbol in symbols[position:])


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split a pattern at its first five colons; colons in the values of variables do not count."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind != "text":
            parts[-1].append(token)
            continue
        texts = token.text.split(":", _ARN_PARTS - len(parts))
        parts[-1].append(Token("text", texts[0]))
        parts.extend([Token("text", text)] for text in texts[1:])
    return parts
