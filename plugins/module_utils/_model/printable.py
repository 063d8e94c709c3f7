# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Make texts of AWS, of database servers and of options safe to print in a terminal and in a log.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

# a line break and the blanks around it become one space, so that a message stays on one line
_LINES = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_MESSAGES = ("detail", "message", "msg", "remedy")


def printable(text: str) -> str:
    """Return a text in one line, with control characters and invisible characters as escape sequences."""
    if text.isprintable():
        return text
    line = _LINES.sub(" ", text.strip("\r\n")).replace("\t", " ")
    return "".join(character if character.isprintable() else _escaped(character) for character in line)


def printable_messages(value: t.Any) -> t.Any:
    """Return a result whose messages are printable. Other values are data, and stay as they are."""
    if isinstance(value, t.Mapping):
        return {name: _member(name, inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_messages(inner) for inner in value]
    return value


def _member(name: t.Any, value: t.Any) -> t.Any:
    return printable(value) if name in _MESSAGES and isinstance(value, str) else printable_messages(value)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "replace").decode("ascii")
