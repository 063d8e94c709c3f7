# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each file of the options, the rules and the workflows has a test file of its own, and that file tests it."""

from __future__ import annotations

import ast
import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
SOURCES = HERE.parents[3] / "plugins" / "module_utils"
PACKAGE = "ansible_collections.passwordless.rds.plugins.module_utils"
MIRRORED = ("_options", "_rules", "_run")
TEST_FILES = sorted(path for package in MIRRORED for path in (HERE / package).glob("test_*.py"))


def stems(folder, pattern):
    return {path.stem for path in folder.glob(pattern)}


@pytest.mark.parametrize("package", MIRRORED)
def test_mirrors_each_source_file_has_one_test_file(package):
    expected = {f"test_{stem}" for stem in stems(SOURCES / package, "*.py")}
    assert expected
    assert stems(HERE / package, "test_*.py") == expected


@pytest.mark.parametrize("path", TEST_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_mirrors_test_file_imports_its_source_file(path):
    nodes = list(ast.walk(ast.parse(path.read_text())))
    source = f"{PACKAGE}.{path.parent.name}.{path.stem[len('test_') :]}"
    assert source in {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in nodes)
