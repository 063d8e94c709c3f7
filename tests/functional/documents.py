# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The code blocks of the README and the guides, so that tests run what a reader copies."""

from __future__ import annotations

import pathlib
import re
import textwrap
import typing as t

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "docsite" / "rst"

_MARKDOWN = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_RST = re.compile(
    r"^\.\. code-block:: (?P<language>[\w+]+)\n(?P<options>(?: +:\w+:.*\n)*)\n(?P<text>(?: +.*\n|\n)+)", re.MULTILINE
)
_CAPTION = re.compile(r":caption: (.+)")


class Block(t.NamedTuple):
    """A code block: its language, its caption if it has one, and its text."""

    language: str
    caption: str | None
    text: str


def readme() -> list[Block]:
    """Return the blocks of README.md."""
    text = (ROOT / "README.md").read_text()
    return [Block(found["language"], None, found["text"]) for found in _MARKDOWN.finditer(text)]


def guide(name: str) -> list[Block]:
    """Return the blocks of one guide of the documentation site."""
    text = (GUIDES / f"{name}.rst").read_text()
    return [_block(found) for found in _RST.finditer(text)]


def captioned(name: str) -> dict[str, str]:
    """Return caption -> text, for the blocks of a guide that have a caption."""
    return {block.caption: block.text for block in guide(name) if block.caption}


def commands(blocks: t.Iterable[Block], program: str) -> list[str]:
    """Return the commands of console blocks. Lines that end with a backslash are joined."""
    lines = [
        line
        for block in blocks
        if block.language in ("console", "shell")
        for line in block.text.replace("\\\n", " ").splitlines()
    ]
    return [line for line in lines if line.startswith(f"{program} ")]


def _block(found: re.Match[str]) -> Block:
    caption = _CAPTION.search(found["options"])
    text = textwrap.dedent(found["text"]).strip("\n") + "\n"
    return Block(found["language"], caption[1].strip() if caption else None, text)
