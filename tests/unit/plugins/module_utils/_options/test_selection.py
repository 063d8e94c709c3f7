# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Selections: the databases that they match, and the errors for invalid ones."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection, read_selection
from ansible_collections.passwordless.rds.plugins.module_utils._options.targets import read_targets
from ansible_collections.passwordless.rds.tests.unit.builders import instance

ORDERS = instance("orders", engine="mysql", tags={"env": "prod", "empty": ""})


@pytest.mark.parametrize(
    ("option", "takes"),
    [
        ({"all": True}, True),
        ({"all": True, "exclude": ["ord*"]}, False),
        ({"engines": ["MySQL, mariadb"]}, True),
        ({"engines": ["postgres"]}, False),
        ({"tags": {"env": "prod"}}, True),
        ({"tags": {"env": None}}, True),
        ({"tags": {"empty": ""}}, True),
        ({"tags": {"env": "PROD"}}, False),
        ({"tags": {"env": "prod", "team": None}}, False),
        ({"include": ["web\nORDER?"]}, True),
        ({"include": ["order"]}, False),
        ({"include": ["orders"], "engines": ["postgres"]}, False),
        ({"include": ["orders"], "exclude": ["orders*"]}, False),
    ],
)
def test_selection_takes_database_that_meets_every_criterion(option, takes):
    assert read_selection(option).takes(ORDERS) is takes


def test_selection_criteria_are_described():
    selection = read_selection({"engines": ["mysql"], "tags": {"env": "prod", "team": None}, "include": ["o*"]})
    assert [(text, meets(ORDERS)) for text, meets in selection.criteria()] == [
        ("engines mysql", True),
        ("tag env=prod", True),
        ("tag team", False),
        ("include o*", True),
    ]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({}, "select: it has no criterion"),
        ({"all": False}, "select: it has no criterion"),
        ({"engines": [], "include": [" ", ""], "tags": {}, "all": None}, "select: it has no criterion"),
        ({"all": True, "engines": ["mysql"]}, "all contradicts engines"),
        ({"all": True, "include": ["a"], "tags": {"b": "c"}}, "all contradicts tags and include"),
        ({"include": ["orders", "ledger"], "exclude": ["Orders"]}, "orders is in both include and exclude"),
        ({"tags": {"prod": True}}, "the value of tag prod is true, which is not a string. Quote it: prod: 'true'"),
        ({"tags": {"tier": 1}}, "the value of tag tier is 1, which is not a string. Quote it: tier: '1'"),
        ({"tags": {"env": ["prod"]}}, "the value of tag env is ['prod'], which is not a string"),
    ],
)
def test_select_invalid_is_refused(option, words):
    with pytest.raises(InputError) as caught:
        read_selection(option)
    assert words in caught.value.message


NONE = {"db_instance_identifiers": None, "db_cluster_identifiers": None, "select": None}


def test_read_targets_accepts_names_or_select():
    targets = read_targets({**NONE, "db_instance_identifiers": ["a"]}, region="eu-west-1")
    assert [str(database_id) for database_id in targets] == ["instance/a"]
    blank = {**NONE, "db_instance_identifiers": [" "], "select": {"all": True}}
    assert read_targets(blank, region="eu-west-1") == Selection(every=True)
    with pytest.raises(InputError, match="name or select"):
        read_targets({**NONE, "db_cluster_identifiers": ["a"], "select": {"all": True}}, region="eu-west-1")


def test_read_targets_without_names_or_select():
    everything = Selection(every=True, every_engine=True)
    assert read_targets(NONE, region="eu-west-1", otherwise=everything) is everything
    for options in (NONE, {**NONE, "db_instance_identifiers": [""]}):
        with pytest.raises(InputError, match="no database is named"):
            read_targets(options, region="eu-west-1", otherwise=None if options is NONE else everything)
    with pytest.raises(InputError, match="select: it has no criterion"):
        read_targets({**NONE, "select": {}}, region="eu-west-1", otherwise=everything)
