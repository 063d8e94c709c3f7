# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The documentation of each module names exactly the problem codes that the module can return.

Both sides are read from the source: the returned codes from each ``Problem(CODE, ...)`` in the functions and classes
that a module uses, directly or indirectly, and the documented codes from its RETURN section.
"""

from __future__ import annotations

import ast
import functools
import importlib
import pathlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import (
    ALWAYS_ON,
    MEMBER_EXISTS,
    OTHER_PENDING_CHANGES,
    TARGET_EXISTS,
)

PLUGINS = pathlib.Path(__file__).parents[4] / "plugins"
PACKAGE = "ansible_collections.passwordless.rds.plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("rds_*.py"))
_DOCUMENTED = re.compile(r"V\((\w+)\)")
# The module uses the code that creates these problems, but never with the values that lead to them. Readiness
# is checked for enabling the setting in the maintenance window.
# The executor can wait for databases that are created, and rds_iam_auth creates none.
_NEVER = {
    "rds_iam_auth_info": {ALWAYS_ON, OTHER_PENDING_CHANGES},
}


class File(t.NamedTuple):
    """A Python file: its definitions by name, and its relative imports as name -> (file, name)."""

    definitions: dict[str, ast.AST]
    imports: dict[str, tuple[str, str | None]]


@functools.cache
def parsed(name):
    """Read a file, like ``module_utils/_run/create``."""
    definitions, imports = {}, {}
    folder = name.split("/")[:-1]
    for node in ast.parse((PLUGINS / f"{name}.py").read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            above = folder[: len(folder) - node.level + 1]
            source = "/".join([*above, *filter(None, (node.module or "").split("."))])
            is_file = (PLUGINS / f"{source}.py").is_file()
            for alias in node.names:
                shown = alias.asname or alias.name
                imports[shown] = (source, alias.name) if is_file else (f"{source}/{alias.name}", None)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            definitions[node.name] = node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            definitions.update({target.id: node for target in targets if isinstance(target, ast.Name)})
    return File(definitions, imports)


def used(name, definition):
    """Return the definitions that one definition of a file refers to, as (file, name)."""
    file = parsed(name)
    for node in ast.walk(file.definitions[definition]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in file.imports:
            source, inner = file.imports[node.value.id]
            if inner is None:
                yield source, node.attr
        elif isinstance(node, ast.Name) and node.id in file.definitions:
            yield name, node.id
        elif isinstance(node, ast.Name) and file.imports.get(node.id, ("", None))[1]:
            source, inner = file.imports[node.id]
            yield source, inner


def reached(start):
    """Return all definitions that the ``main`` function of a module uses, directly or indirectly."""
    found, todo = {start}, [start]
    while todo:
        news = {one for one in used(*todo.pop()) if one[1] in parsed(one[0]).definitions} - found
        found |= news
        todo += news
    return found


def codes_in(name, definition):
    """Return the codes of the problems that a definition creates."""
    module = importlib.import_module(f"{PACKAGE}.{name.replace('/', '.')}")
    for node in ast.walk(parsed(name).definitions[definition]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
            expression = ast.unparse(node.args[0] if node.args else node.keywords[0].value)
            # `problem.code` rewords a problem that is found elsewhere; `code` is TARGET_EXISTS or MEMBER_EXISTS
            if expression == "code":
                yield from (TARGET_EXISTS, MEMBER_EXISTS)
            elif expression != "problem.code":
                yield functools.reduce(getattr, expression.split("."), module)


def documented(name):
    """Return the codes that the RETURN section of a module names."""
    returned = yaml.safe_load(importlib.import_module(f"{PACKAGE}.modules.{name}").RETURN)
    database = returned.get("database") or returned["databases"]
    text = yaml.safe_dump(database["contains"]["problems"]["contains"]["code"]["description"], width=9999)
    return _DOCUMENTED.findall(text)


# these return no problems: the logins return causes, and the policies findings
OTHER_RESULTS = ("rds_connect_policies_info", "rds_login_check", "rds_users_info")


@pytest.mark.parametrize("name", [name for name in MODULES if name not in OTHER_RESULTS])
def test_problem_codes_documented_equal_those_returned(name):
    possible = {code for one in reached((f"modules/{name}", "main")) for code in codes_in(*one)}
    possible -= _NEVER.get(name, set())
    found = documented(name)
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(possible)


def test_problem_codes_of_restore_include_those_of_every_step():
    """The search finds a code from each step: input, rules, wait and request."""
    possible = {code for one in reached(("modules/rds_restore_iam", "main")) for code in codes_in(*one)}
    assert {"source_not_found", "ssl_disabled", "timeout", "refused", "member_exists"} <= possible
