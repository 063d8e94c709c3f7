# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Functions and files stay small. ruff limits the complexity of functions, but it has no limit for lines."""

from __future__ import annotations

import ast
import io
import pathlib
import tokenize

ROOT = pathlib.Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
SOURCES = (PLUGINS, ROOT / "simulator" / "src", ROOT / "scripts", ROOT / "benchmarks", ROOT / "demo")
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def files(*folders):
    found = sorted(path for folder in folders for path in folder.rglob("*.py"))
    assert found
    return found


def documentation(text):
    """Return the numbers of the lines that hold documentation of Ansible."""
    return {
        number
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & DOCUMENTATION
        for number in range(node.lineno, node.end_lineno + 1)
    }


def lines_of_code(text):
    """Return the numbers of the lines that hold code: neither documentation, comments nor blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {
        number for token in tokens if token.type not in IGNORED for number in range(token.start[0], token.end[0] + 1)
    }
    return code - documentation(text)


def functions(text):
    """Yield the name and the number of lines of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.end_lineno - node.lineno + 1


def test_documentation_and_code_are_told_apart():
    text = 'DOCUMENTATION = r"""\na\n"""\n\n# why\nLIMIT = (\n    1,\n)\n'
    assert documentation(text) == {1, 2, 3}
    assert lines_of_code(text) == {6, 7, 8}


def test_functions_have_at_most_50_lines():
    assert [
        f"{path.relative_to(ROOT)}: {name}: {lines}"
        for path in files(*SOURCES)
        for name, lines in functions(path.read_text())
        if lines > 50
    ] == []


def test_plugin_files_have_at_most_250_lines():
    texts = {path: path.read_text() for path in files(PLUGINS)}
    counts = {path: len(text.splitlines()) - len(documentation(text)) for path, text in texts.items()}
    assert {str(path.relative_to(ROOT)): lines for path, lines in counts.items() if lines > 250} == {}


def test_module_files_have_at_most_60_lines_of_code():
    counts = {path.name: len(lines_of_code(path.read_text())) for path in files(PLUGINS / "modules")}
    assert {name: lines for name, lines in counts.items() if lines > 60} == {}
