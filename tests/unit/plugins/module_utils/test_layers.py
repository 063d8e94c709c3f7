# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Dependencies point inwards: the pure core knows neither Ansible, boto3 nor the clock; each floor only those below."""

from __future__ import annotations

import ast
import pathlib

import pytest

HERE = pathlib.Path(__file__).parents[4] / "plugins" / "module_utils"
FLOORS = (
    ("_model", "_errors", "_secrets", "_similar"),
    (
        "_status",
        "_window",
        "_arns",
        "_names",
        "_select",
        "_aim",
        "_decision",
        "_problems",
        "_cautions",
        "_readiness",
        "_options",
        "_password",
        "_settings",
        "_request",
        "_master_user",
        "_sources",
        "_inherit",
        "_members",
        "_gateway",
        "_gateway_make",
        "_translate",
        "_translate_sources",
        "_identity",
        "_survey_values",
        "_variable_names",
        "_result_lines",
        "_host_results",
        "_restore_answers",
        "_rollout_plan",
        "_rollout_record",
        "_rollout_summary",
    ),
    (
        "_patience",
        "_patience_make",
        "_stopwatch",
        "_targets",
        "_near_sources",
        "_plan",
        "_blueprint",
        "_preflight",
        "_progress",
        "_track",
        "_arrival",
        "_submission",
        "_pursue",
        "_result",
        "_make_result",
        "_messages",
    ),
    ("_clock", "_call_errors", "_rds", "_rds_make"),
    ("_switch",),
    ("_survey", "_make", "_errand", "_restore", "_create"),
    ("_aws",),
)
EDGES = ("_clock", "_call_errors", "_rds", "_rds_make", "_aws")
FLOOR_OF = {name: number for number, floor in enumerate(FLOORS) for name in floor}


def imports(name):
    """The modules that a file imports: ('', 'boto3') from elsewhere, ('.', '_model') from beside it."""
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text())):
        if isinstance(node, ast.Import):
            yield from (("", alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level and node.module is None:
                yield from ((".", alias.name) for alias in node.names)
            else:
                yield ("." * node.level, node.module)


def test_every_file_has_a_floor():
    assert {path.stem for path in HERE.glob("*.py")} == set(FLOOR_OF)


@pytest.mark.parametrize("name", sorted(FLOOR_OF))
def test_no_file_imports_from_above(name):
    above = [other for level, other in imports(name) if level and FLOOR_OF[other] > FLOOR_OF[name]]
    assert above == []


@pytest.mark.parametrize("name", sorted(set(FLOOR_OF) - set(EDGES)))
def test_the_core_knows_no_outside_world(name):
    outside = {"ansible", "ansible_collections", "boto3", "botocore", "time", "random", "os"}
    assert [other for level, other in imports(name) if not level and other.split(".")[0] in outside] == []


def test_amazon_aws_is_imported_in_one_place():
    users = [path.stem for path in HERE.glob("*.py") if "ansible_collections.amazon" in path.read_text()]
    assert users == ["_aws"]


def test_one_place_fails_a_module():
    users = [path.stem for path in HERE.parent.rglob("*.py") if "fail_json" in path.read_text()]
    assert users == ["_aws"]


def test_check_mode_is_asked_for_once_in_each_flow():
    asked = {path.stem: path.read_text().count(" if self._around.check_mode") for path in HERE.glob("*.py")}
    assert {name: count for name, count in asked.items() if count} == {"_switch": 1, "_make": 1}
    others = [path.stem for path in HERE.glob("*.py") if "around.check_mode" in path.read_text()]
    assert sorted(others) == ["_make", "_switch"]
