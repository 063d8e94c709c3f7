# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options that all modules share which change a setting."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.change import (
    CHANGE_SPEC,
    check_numbers,
    read_change_options,
)

DEFAULTS = {
    "enable_iam_database_authentication": True,
    **{option: described["default"] for option, described in CHANGE_SPEC.items()},
}
LARGEST = 2**31 - 1
NESTED = {"scaling": {"type": "dict", "options": {"minimum": {"type": "float"}}}}
NESTED_LIST = {"instances": {"type": "list", "options": {"tier": {"type": "int"}}}}


def test_read_change_options_defaults():
    assert read_change_options(DEFAULTS) == ChangeOptions(desired=True, wait_timeout=1800.0, wait_delay=5.0)


@pytest.mark.parametrize(
    ("params", "field", "expected"),
    [
        ({"enable_iam_database_authentication": False}, "desired", False),
        ({"enable_iam_database_authentication": None}, "desired", False),
        ({"apply_immediately": True}, "apply_immediately", True),
        ({"apply_other_pending_changes": True}, "apply_other_pending_changes", True),
        ({"ssl_parameter": "enforce"}, "ssl_parameter", "enforce"),
        ({"on_problem": "skip"}, "skip_problems", True),
        ({"on_problem": "fail"}, "skip_problems", False),
        ({"include_read_replicas": True}, "include_read_replicas", True),
        ({"max_changes": 0}, "max_changes", 0),
        ({"expect_plan_id": " 0123456789abcdef\n"}, "expect_plan_id", "0123456789abcdef"),
        ({"expect_plan_id": " "}, "expect_plan_id", None),
        ({"return_unchanged": False}, "return_unchanged", False),
        ({"wait": False}, "wait", False),
        ({"wait_timeout": 604800}, "wait_timeout", 604800.0),
        ({"wait_delay": 0.2}, "wait_delay", 0.2),
    ],
)
def test_read_change_options_value(params, field, expected):
    assert getattr(read_change_options({**DEFAULTS, **params}), field) == expected


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("wait_delay", 0.0),
        ("wait_delay", -1.0),
        ("wait_delay", 3600.1),
        ("wait_timeout", 0),
        ("wait_timeout", 604801),
        ("max_changes", -1),
    ],
)
def test_read_change_options_out_of_range_raises(option, value):
    with pytest.raises(InputError, match=option):
        read_change_options({**DEFAULTS, option: value})


@pytest.mark.parametrize(
    ("spec", "params"),
    [
        ({"port": {"type": "int"}}, {"port": LARGEST}),
        ({"port": {"type": "int"}}, {"port": -LARGEST}),
        ({"port": {"type": "int"}}, {"port": None}),
        ({"port": {"type": "int"}}, {}),
        ({"wait": {"type": "bool"}}, {"wait": True}),
        (NESTED, {"scaling": {"minimum": 0.5}}),
        (NESTED_LIST, {"instances": [{"tier": 1}, {}]}),
    ],
)
def test_check_numbers_valid(spec, params):
    check_numbers(spec, params)


@pytest.mark.parametrize(
    ("spec", "params", "option"),
    [
        ({"port": {"type": "int"}}, {"port": LARGEST + 1}, "port"),
        ({"port": {"type": "int"}}, {"port": -LARGEST - 1}, "port"),
        ({"port": {"type": "int"}}, {"port": 10**40}, "port"),
        ({"port": {"type": "int"}}, {"port": True}, "port"),
        ({"delay": {"type": "float"}}, {"delay": float("nan")}, "delay"),
        ({"delay": {"type": "float"}}, {"delay": float("inf")}, "delay"),
        (NESTED, {"scaling": {"minimum": False}}, "minimum"),
        (NESTED_LIST, {"instances": [{"tier": 1}, {"tier": LARGEST + 1}]}, "tier"),
    ],
)
def test_check_numbers_invalid_raises(spec, params, option):
    with pytest.raises(InputError, match=option) as raised:
        check_numbers(spec, params)
    assert len(str(raised.value)) < 120
