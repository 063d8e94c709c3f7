# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A survey fits its playbook, and what can be answered is what the module takes."""

from __future__ import annotations

import importlib
import json
import pathlib
import re

import pytest
import yaml
from ansible.module_utils.parsing.convert_bool import boolean

PLAYBOOKS = pathlib.Path(__file__).parents[3] / "playbooks"
SURVEYS = sorted(path.name.removesuffix("_survey.json") for path in PLAYBOOKS.glob("*_survey.json"))
MODULES = {"enable": "rds_iam_auth"}
WORDS = {"setting": {"enabled", "disabled"}}
# AWX's serializer of surveys takes these, and wants each of these keys
TYPES = {"text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"}
KEYS = {"question_name", "question_description", "required", "type", "variable", "min", "max", "default", "choices"}


def questions(name):
    return json.loads((PLAYBOOKS / f"{name}_survey.json").read_text())["spec"]


def every_question():
    return [pytest.param(name, q, id=f"{name}-{q['variable']}") for name in SURVEYS for q in questions(name)]


def options_of(name):
    """Each variable of the playbook -> the module's option that it sets."""
    play = yaml.safe_load((PLAYBOOKS / f"{name}.yml").read_text())[0]
    module = f"passwordless.rds.{MODULES[name]}"
    (task,) = (inner[module] for task in play["tasks"] for inner in task.get("block", []) if module in inner)
    prefix = f"{MODULES[name]}_"
    return {found: option for option, text in task.items() for found in re.findall(rf"\b{prefix}\w+", str(text))}


def spec_of(name):
    return importlib.import_module(
        f"ansible_collections.passwordless.rds.plugins.modules.{MODULES[name]}"
    ).ARGUMENT_SPEC


def test_every_playbook_that_takes_answers_has_a_survey():
    assert sorted(path.stem for path in PLAYBOOKS.glob("*.yml")) == SURVEYS


@pytest.mark.parametrize(("name", "question"), every_question())
def test_awx_takes_the_question(name, question):
    assert set(question) == KEYS
    assert question["type"] in TYPES
    assert isinstance(question["min"], int)
    assert isinstance(question["max"], int)
    if question["type"] == "multiplechoice":
        assert question["default"] in question["choices"]
    else:
        assert question["choices"] == ""


@pytest.mark.parametrize(("name", "question"), every_question())
def test_the_module_takes_every_answer(name, question):
    variable = question["variable"]
    if variable.removeprefix(f"{MODULES[name]}_") in WORDS:
        assert set(question["choices"]) == WORDS[variable.removeprefix(f"{MODULES[name]}_")]
        return
    option = options_of(name)[variable]
    if option == "region":
        return  # the fragment of amazon.aws has it
    spec = spec_of(name)[option]
    if "choices" in spec:
        assert question["choices"] == spec["choices"]
        assert question["default"] == spec["default"]
    elif spec["type"] == "bool":
        assert [boolean(choice) for choice in question["choices"]] == [False, True]
        assert boolean(question["default"]) is spec["default"]
    elif spec["type"] == "int":
        assert question["type"] == "integer"
        assert question["default"] == spec["default"]
    else:
        assert (spec["type"], question["type"]) == ("list", "textarea")


@pytest.mark.parametrize("name", SURVEYS)
def test_no_variable_is_asked_twice_and_no_option_has_none(name):
    asked = [question["variable"] for question in questions(name)]
    assert len(asked) == len(set(asked))
    assert set(spec_of(name)) == set(options_of(name).values()) - {"region"}
