# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The packages of module_utils import each other in one direction, and the pure ones import nothing external."""

from __future__ import annotations

import ast
import pathlib

import pytest

HERE = pathlib.Path(__file__).parents[4] / "plugins" / "module_utils"
# package -> the packages that it may import, besides itself
IMPORTS = {
    "_model": set(),
    "_options": {"_model"},
    "_rules": {"_model", "_options"},
    "_gateway": {"_model"},
    "_run": {"_model", "_options", "_rules", "_gateway"},
    "_aws": {"_model", "_gateway"},
    "_database": {"_model", "_gateway"},
    "_module": {"_model", "_options", "_rules", "_gateway", "_run", "_aws"},
}
PURE = {"_model", "_options", "_rules", "_gateway", "_run"}
OUTSIDE = {"ansible", "ansible_collections", "boto3", "botocore", "time", "random", "os"}
FILES = sorted(path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.rglob("*.py"))


def package(name):
    return name.partition("/")[0]


def imports(name):
    """Return the imports of a file, as paths in module_utils (``_model/change``) or external modules (``boto3``)."""
    folder = [*name.split("/")[:-1]]
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text())):
        if isinstance(node, ast.Import):
            yield from ((False, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = folder[: len(folder) - node.level + 1]
            yield True, "/".join([*above, *filter(None, (node.module or "").split("."))])
        elif isinstance(node, ast.ImportFrom):
            yield False, node.module


def test_layers_files_belong_to_one_package():
    assert {package(name) for name in FILES} == set(IMPORTS)
    assert list(HERE.rglob("__init__.py")) == []


@pytest.mark.parametrize("name", FILES)
def test_layers_imports_follow_direction_of_packages(name):
    allowed = {package(name), *IMPORTS[package(name)]}
    assert [other for inside, other in imports(name) if inside and package(other) not in allowed] == []


@pytest.mark.parametrize("name", [name for name in FILES if package(name) in PURE])
def test_layers_pure_packages_import_nothing_external(name):
    assert [other for inside, other in imports(name) if not inside and other.split(".")[0] in OUTSIDE] == []


def test_layers_amazon_aws_is_imported_in_one_file():
    users = [name for name in FILES if "ansible_collections.amazon" in (HERE / f"{name}.py").read_text()]
    assert users == ["_module"]


def test_layers_lookups_import_amazon_aws_in_one_file():
    plugins = [path for path in HERE.parent.rglob("*.py") if HERE not in path.parents]
    users = [path.stem for path in plugins if "from ansible_collections.amazon" in path.read_text()]
    assert users == ["rds_auth_token"]


def test_layers_modules_exit_in_one_file():
    users = [path.stem for path in HERE.parent.rglob("*.py") if "fail_json" in path.read_text()]
    assert users == ["_module"]


def test_layers_check_mode_is_decided_once_per_workflow():
    texts = {name: (HERE / f"{name}.py").read_text() for name in FILES}
    decided = {name: text.count(" if self._context.check_mode") for name, text in texts.items()}
    assert {name: count for name, count in decided.items() if count} == {"_run/modify": 1, "_run/provision": 1}
    assert {name for name, text in texts.items() if "ontext.check_mode" in text} == {"_run/modify", "_run/provision"}
