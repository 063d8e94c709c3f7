# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Each promise of the guide names tests that exist, a source, and how certain the source is."""

from __future__ import annotations

import ast
import re

from ansible_collections.passwordless.rds.tests.functional import documents

TEXT = (documents.GUIDES / "guide_promises.rst").read_text()
ROW = re.compile(r"^   \* - (.+?)^     - (.+?)^     - (.+?)^     - (.+?)$", re.MULTILINE | re.DOTALL)
ROWS = [tuple(" ".join(cell.split()) for cell in row) for row in ROW.findall(TEXT)]
PROMISES = [row for row in ROWS if row[0] != "Promise"]
TEST = re.compile(r"\| ``([\w/]+\.py)`` \| ``(test_\w+)``")


def defined(path):
    tree = ast.parse((documents.ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_promise_names_tests_that_exist():
    assert len(PROMISES) > 30
    for promise, tests, _source, _mark in PROMISES:
        named = TEST.findall(tests)
        assert named, promise
        assert [(path, name) for path, name in named if name not in defined(path)] == []
        assert TEST.sub("", tests).strip() == ""


def test_each_promise_has_a_source_and_a_mark():
    assert {mark for *_rest, mark in PROMISES} == {"✓", "△", "?"}
    for _promise, _tests, source, mark in PROMISES:
        assert len(source) > 8
        # what rests on the code alone is as certain as its test
        assert mark == "✓" or "No assumption" not in source


def test_guide_says_first_that_aws_was_never_used():
    body = TEXT.split("===\n", 1)[1]
    assert body.strip().startswith("**This collection has never been run against live AWS.**")


def test_readme_links_to_the_guide():
    assert "(docs/docsite/rst/guide_promises.rst)" in (documents.ROOT / "README.md").read_text()
