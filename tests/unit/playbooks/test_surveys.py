# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each survey matches its playbook, and the module accepts every possible answer."""

from __future__ import annotations

import importlib
import json
import pathlib
import re

import pytest
import yaml
from ansible.module_utils.parsing.convert_bool import boolean

PLAYBOOKS = pathlib.Path(__file__).parents[3] / "playbooks"
ROLES = PLAYBOOKS.parent / "roles"
SURVEYS = sorted(path.name.removesuffix("_survey.json") for path in PLAYBOOKS.glob("*_survey.json"))
MODULES = {
    "drill": "rds_drill",
    "enable": "rds_iam_auth",
    "restore": "rds_restore_iam",
    "rollout": "rds_rollout",
    "users": "rds_users",
}
# questions whose choices differ from the values of the option
TARGET_AND_SOURCE = {
    "target_kind": ["instance", "cluster"],
    "source_kind": ["snapshot", "cluster_snapshot", "database", "resource_id"],
    "target_name": "",
    "source_name": "",
    "member_class": "",
}
WORDS = {
    "drill": {**TARGET_AND_SOURCE, "ca_cert": ""},
    "enable": {"setting": ["enabled", "disabled"]},
    "restore": {"setting": ["inherit", "enabled", "disabled"], **TARGET_AND_SOURCE},
    "rollout": {},
    "users": {"db_instance": "", "db_cluster": "", "ca_cert": ""},
}
# the roles that playbooks run, with the prefix of their variables
ROLE_OF = {"drill": "restore_drill", "rollout": "rollout", "users": "database_users"}
OTHER_NAMES = {"instances": "db_instance_identifiers", "clusters": "db_cluster_identifiers"}
# set by another question, or only available to other playbooks
NOT_ASKED = {"enable": {"enable_iam_database_authentication", "return_unchanged", "wait", "wait_delay"}}
# the survey serializer of AWX accepts these types and requires each of these keys
TYPES = {"text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"}
KEYS = {"question_name", "question_description", "required", "type", "variable", "min", "max", "default", "choices"}


def questions(name):
    return json.loads((PLAYBOOKS / f"{name}_survey.json").read_text())["spec"]


def every_question():
    return [pytest.param(name, q, id=f"{name}-{q['variable']}") for name in SURVEYS for q in questions(name)]


def suffix(name, question):
    return question["variable"].removeprefix(f"{MODULES[name]}_")


def spec_of(name):
    """Return the options of the module or the role that a playbook runs."""
    role = ROLE_OF.get(name)
    if role:
        specs = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text())
        options = specs["argument_specs"]["main"]["options"]
        return {option.removeprefix(f"{role}_"): spec for option, spec in options.items()}
    return importlib.import_module(
        f"ansible_collections.passwordless.rds.plugins.modules.{MODULES[name]}"
    ).ARGUMENT_SPEC


def option_of(name, asked):
    """Return the option that an answer sets. select_all is one of the keys of select."""
    spec = spec_of(name)
    if name == "drill" and asked in spec["restore"]["options"]:
        return spec["restore"]["options"][asked]
    if asked.startswith("select_"):
        return spec["select"]["options"][asked.removeprefix("select_")]
    return spec[OTHER_NAMES.get(asked, asked)]


def test_survey_exists_for_each_playbook_with_answers():
    assert sorted(path.stem for path in PLAYBOOKS.glob("*.yml")) == SURVEYS


@pytest.mark.parametrize(("name", "question"), every_question())
def test_survey_question_is_valid_for_awx(name, question):
    assert set(question) == KEYS
    assert question["type"] in TYPES
    assert isinstance(question["min"], int)
    assert isinstance(question["max"], int)
    if question["type"] == "multiplechoice":
        assert question["default"] in question["choices"]
    else:
        assert question["choices"] == ""


@pytest.mark.parametrize(("name", "question"), every_question())
def test_survey_answer_is_used_by_playbook(name, question):
    assert question["variable"] in (PLAYBOOKS / f"{name}.yml").read_text()


@pytest.mark.parametrize(("name", "question"), every_question())
def test_survey_answers_are_accepted_by_module(name, question):
    asked = suffix(name, question)
    if asked in WORDS[name]:
        assert question["choices"] == WORDS[name][asked]
        return
    if asked == "region":
        return  # documented in a fragment of amazon.aws
    spec = option_of(name, asked)
    if "choices" in spec:
        assert question["choices"] == spec["choices"]
        assert question["default"] == spec["default"]
    elif spec["type"] == "bool":
        assert [boolean(choice) for choice in question["choices"]] == [False, True]
        assert boolean(question["default"]) is spec["default"]
    elif spec["type"] == "int" and "default" in spec:
        assert question["type"] == "integer"
        assert question["default"] == spec["default"]
    else:
        # an optional number is a text question, because AWX accepts no blank integer
        fitting = (("list", "textarea"), ("dict", "textarea"), ("str", "text"), ("int", "text"), ("str", "password"))
        assert (spec["type"], question["type"]) in fitting
        assert spec.get("no_log", False) is (question["type"] == "password")


@pytest.mark.parametrize("name", SURVEYS)
def test_survey_variables_are_unique(name):
    asked = [question["variable"] for question in questions(name)]
    assert len(asked) == len(set(asked))


def variables(path):
    """Return the variables that a playbook or a role accepts under its prefix."""
    content = yaml.safe_load(path.read_text())
    values = content if isinstance(content, dict) else {k: v for play in content for k, v in play["vars"].items()}
    (names,) = (value for name, value in values.items() if name.endswith("_variables"))
    assert names == list(dict.fromkeys(names))
    return set(names)


@pytest.mark.parametrize("name", SURVEYS)
def test_playbook_variables_in_use_are_accepted(name):
    text = (PLAYBOOKS / f"{name}.yml").read_text()
    used = set(re.findall(rf"(?<![\w.]){MODULES[name]}_\w+", text.partition("\n- ")[2]))
    assert used == variables(PLAYBOOKS / f"{name}.yml")
    assert {question["variable"] for question in questions(name)} <= used


@pytest.mark.parametrize(
    ("name", "handed_on"),
    [
        ("drill", {"restore_drill_receipt", "restore_drill_receipts"}),
        ("rollout", {"rollout_report", "rollout_reports"}),
        ("users", {"database_users_result", "database_users_results"}),
    ],
)
def test_role_accepts_each_of_its_options(name, handed_on):
    options = {f"{ROLE_OF[name]}_{option}" for option in spec_of(name)}
    assert variables(ROLES / ROLE_OF[name] / "vars" / "main.yml") == options | handed_on


def test_survey_of_users_covers_role_options():
    others = {"db_instance_identifier": "db_instance", "db_cluster_identifier": "db_cluster"}
    options = {others.get(name, name) for name in spec_of("users")}
    known = {name.removeprefix("rds_users_") for name in variables(PLAYBOOKS / "users.yml")}
    assert options == known - {"hosts"}
    asked = {suffix("users", question) for question in questions("users")}
    assert options - asked == {"login_host", "region", "connect_host", "connect_port", "timeout"}


def typed(spec):
    """Return the options with their types, values and suboptions. The specification of a role has no aliases."""
    ignored = ("description", "suboptions", "no_log", "aliases")
    return {
        name: {
            **{key: value for key, value in option.items() if key not in (*ignored, "options")},
            "options": typed(option.get("options") or {}),
        }
        for name, option in spec.items()
    }


def test_restore_of_drill_equals_options_of_module():
    module = typed(spec_of("restore"))
    del module["enable_iam_database_authentication"], module["wait"]  # the drill requires both
    assert typed(spec_of("drill")["restore"]["options"]) == module


def test_survey_of_drill_covers_role_options():
    asked = {suffix("drill", question) for question in questions("drill")}
    assert set(spec_of("drill")) - {"restore"} <= asked | {"region"}


def test_rollout_wave_options_equal_select():
    waves, select = spec_of("rollout")["waves"]["options"], spec_of("enable")["select"]["options"]
    kinds = {name: (spec["type"], spec.get("elements")) for name, spec in select.items()}
    assert {name: (spec["type"], spec.get("elements")) for name, spec in waves.items()} == kinds


def test_survey_of_enable_covers_module_options():
    asked = {OTHER_NAMES.get(suffix("enable", q), suffix("enable", q)) for q in questions("enable")}
    keys = {f"select_{key}" for key in spec_of("enable")["select"]["options"]}
    assert keys <= asked
    assert set(spec_of("enable")) - {"select"} == (asked | NOT_ASKED["enable"]) - {"region", "setting", *keys}


def test_survey_of_rollout_covers_role_options():
    asked = {suffix("rollout", question) for question in questions("rollout")}
    assert set(spec_of("rollout")) == asked | {"region", "wait_delay", "report_path"}


def test_survey_of_rollout_overrides_no_host_variable():
    # AWX passes a blank answer as an extra variable, which overrides a variable of a host
    assert not {suffix("rollout", question) for question in questions("rollout")} & {"region", "role_arn"}


@pytest.mark.parametrize("name", sorted(ROLE_OF))
def test_role_defaults_equal_documented_defaults(name):
    role, blanks = ROLE_OF[name], {"int": 0}
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text())
    documented = {
        f"{role}_{option}": spec.get("default", blanks.get(spec["type"], ""))
        for option, spec in spec_of(name).items()
        if not spec.get("required")
    }
    assert defaults == documented
