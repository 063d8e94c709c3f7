# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The packages of the simulator import each other in one direction only."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator

import pytest
import rds_simulator

HERE = pathlib.Path(rds_simulator.__file__).parent
# each package imports only from itself and from those before it
ORDER = (
    "errors",
    "kinds",
    "requirements",
    "engines",
    "rules/iam",
    "rules/permissions",
    "state",
    "api",
    "rules",
    "login",
    "operations",
    "seeding",
    "server",
    "__init__",
    "__main__",
)
FILES = sorted(path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.rglob("*.py"))


def _package(name: str) -> str:
    """Return the top-level name; ``from . import __version__`` counts as an import of ``__init__``."""
    if name.startswith("rules/iam"):
        # The evaluation of policies knows nothing about the state. Principals use it.
        return "rules/iam"
    if name == "rules/permissions":
        # The journal records the permissions of each call.
        return name
    package = name.partition("/")[0]
    return "__init__" if package == "__version__" else package


def _imports(name: str) -> Iterator[str]:
    folder = name.split("/")[:-1]
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = folder[: len(folder) - node.level + 1]
            inside = [*above, *filter(None, (node.module or "").split("."))]
            yield from ["/".join(inside)] if inside else [alias.name for alias in node.names]


@pytest.mark.parametrize("name", FILES)
def test_imports_follow_package_order(name: str) -> None:
    here = ORDER.index(_package(name))
    assert [other for other in _imports(name) if ORDER.index(_package(other)) > here] == []
