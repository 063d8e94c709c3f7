# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The places of statements in the text of a policy, as the policy simulator of IAM reports them."""

from __future__ import annotations

import json
from typing import NamedTuple

_BLANKS = " \t\r\n"


class Position(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


def statement_positions(text: str) -> list[tuple[Position, Position]]:
    """Return the start and the end of each statement of a valid policy, as IAM's parser counts them.

    The start is the place after the first character of the element Statement, or after the previous statement of a
    list (?). The end is the place after the last brace. Source: the examples of SimulateCustomPolicy and
    SimulatePrincipalPolicy in the reference of the AWS CLI (△).
    """
    start, end = _statement_element(text)
    ends = _item_ends(text, start) if text[start] == "[" else [end]
    starts = [start + 1, *ends[:-1]]
    return [(_position(text, first), _position(text, last)) for first, last in zip(starts, ends)]


def _statement_element(text: str) -> tuple[int, int]:
    """Return the span of the value of the element Statement."""
    place = _skip(text, 0) + 1
    while True:
        name, place = json.JSONDecoder().raw_decode(text, _skip(text, place))
        start = _skip(text, _skip(text, place) + 1)
        _unused, end = json.JSONDecoder().raw_decode(text, start)
        if name == "Statement":
            return start, end
        place = _skip(text, end) + 1


def _item_ends(text: str, start: int) -> list[int]:
    ends: list[int] = []
    place = start
    while text[place] != "]":
        _unused, end = json.JSONDecoder().raw_decode(text, _skip(text, place + 1))
        ends.append(end)
        place = _skip(text, end)
    return ends


def _skip(text: str, place: int) -> int:
    while text[place] in _BLANKS:
        place += 1
    return place


def _position(text: str, place: int) -> Position:
    line_start = text.rfind("\n", 0, place) + 1
    return Position(text.count("\n", 0, place) + 1, place - line_start + 1)
