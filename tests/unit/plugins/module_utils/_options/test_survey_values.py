# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Answers of surveys: text for numbers and booleans, and blank text for no answer."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import (
    approved_plan,
    blank_as,
    choice,
    entries,
    is_true,
    selection,
    whole_number,
)

OMIT = object()


@pytest.mark.parametrize("blank", [None, "", " ", " \n\t "])
def test_blank_as_blank_returns_replacement(blank):
    assert blank_as(blank, OMIT) is OMIT


@pytest.mark.parametrize("value", [False, True, 0, 0.0, 5, [], {}, {"env": None}, ["a"]])
def test_blank_as_other_value_returns_it(value):
    assert blank_as(value, OMIT) is value


@pytest.mark.parametrize(
    ("text", "expected"), [("false", "false"), (" true ", "true"), ("0", "0"), (" 600\n", "600"), ("None", "None")]
)
def test_blank_as_text_strips_it(text, expected):
    assert blank_as(text, OMIT) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        ("True", True),
        (" yes ", True),
        ("False", False),
        ("off", False),
        ("", False),
        (None, False),
        ("None", False),
        (" null ", False),
        (0, False),
        ("1", True),
        # not a boolean: the module refuses it
        ("perhaps", True),
    ],
)
def test_is_true(value, expected):
    assert is_true(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2, 2), ("2", 2), ("2.0", 2), (2.0, 2), (" 3 ", 3), ("", 0), (None, 0), ("1e1", 10), (True, 1)],
)
def test_whole_number(value, expected):
    assert whole_number(value) == expected


CHOICES = {"enabled": True, "disabled": False, "inherit": ""}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("enabled", True), (" Disabled\n", False), ("INHERIT", ""), ("", True), (None, True), ("  ", True)],
)
def test_choice_valid_word_returns_its_value(answer, expected):
    assert choice(answer, CHOICES, default="enabled", variable="setting") is expected


@pytest.mark.parametrize("answer", [False, True, "false", "on", 0])
def test_choice_invalid_word_names_variable(answer):
    with pytest.raises(InputError, match=r"setting: '.+' is not valid\. Use one of: enabled, disabled, inherit\."):
        choice(answer, CHOICES, default="enabled", variable="setting")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, []),
        ("", []),
        (" , \n", []),
        ("sg-1, sg-2\nsg-3", ["sg-1", "sg-2", "sg-3"]),
        (["sg-1", " sg-2 ", "", None], ["sg-1", "sg-2"]),
    ],
)
def test_entries(answer, expected):
    assert entries(answer) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, None),
        ({"all": "", "engines": " ", "include": [], "exclude": " , ", "tags": "\n"}, None),
        ({"all": None, "engines": None, "include": None, "exclude": None, "tags": None}, None),
        ({"all": "false"}, None),
        ({"all": False, "tags": {}}, None),
        ({"all": "True", "exclude": "shop"}, {"all": "True", "exclude": "shop"}),
        ({"all": "perhaps"}, {"all": "perhaps"}),
        ({"engines": "mysql, postgres"}, {"engines": "mysql, postgres"}),
        ({"include": ["web-*"]}, {"include": ["web-*"]}),
        ({"tags": "env = prod\n\nteam\n"}, {"tags": {"env": "prod", "team": None}}),
        ({"tags": "cost=a=b"}, {"tags": {"cost": "a=b"}}),
        ({"tags": "empty="}, {"tags": {"empty": ""}}),
        ({"tags": {"env": "prod"}}, {"tags": {"env": "prod"}}),
    ],
)
def test_selection(answers, expected):
    assert selection(answers) == expected


@pytest.mark.parametrize("tags", ["env=prod\nenv=test", "env\nteam\n env = prod"])
def test_selection_tag_named_twice_is_an_error(tags):
    with pytest.raises(InputError, match=r"rds_iam_auth_select_tags: env is named more than once\."):
        selection({"tags": tags})


@pytest.mark.parametrize(
    ("plan", "plans", "expected"),
    [
        ("", {}, ""),
        (None, None, ""),
        ("", "", ""),
        (" abc ", {"eu": "def"}, "abc"),
        ("", {"eu": "def", "us": "ghi"}, "def"),
        (" abc ", {"eu": ""}, "abc"),
    ],
)
def test_approved_plan(plan, plans, expected):
    assert approved_plan(plan, plans, "eu", required=True) == expected


@pytest.mark.parametrize("plans", [{"us": "ghi", "eu": ""}, {"us": "ghi"}, {"eu": ""}, {"eu": None}, {"us": ""}])
def test_approved_plan_missing_for_host_is_an_error(plans):
    with pytest.raises(InputError, match="no approved plan for host eu"):
        approved_plan("", plans, "eu", required=True)
    assert approved_plan("", plans, "eu", required=False) == ""


@pytest.mark.parametrize("plans", ['{"eu": "abc"}', ["abc"]])
def test_approved_plan_not_a_dictionary_is_an_error(plans):
    with pytest.raises(InputError, match="the value is not a dictionary"):
        approved_plan("", plans, "eu", required=True)


@pytest.mark.parametrize("text", ["1e999999999", "9" * 5000, "nan", "Infinity", "two", "1,5", "[1]"])
def test_whole_number_other_text_is_refused(text):
    with pytest.raises(InputError, match="is not a whole number"):
        whole_number(text)
