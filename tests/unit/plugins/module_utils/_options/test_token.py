# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of the lookup for tokens."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.token import TokenOptions, read_token_options

GIVEN = {"username": "app", "reader": False, "min_validity": 0, "result": "token", "ca_cert": None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, TokenOptions("app")),
        ({"min_validity": 900, "reader": True}, TokenOptions("app", reader=True, min_validity=900)),
        ({"username": "a" * 64}, TokenOptions("a" * 64)),
        ({"result": "mysql", "ca_cert": " /ca.pem "}, TokenOptions("app", result="mysql", ca_cert="/ca.pem")),
    ],
)
def test_token_options_valid_are_returned(changes, expected):
    assert read_token_options({**GIVEN, **changes}) == expected


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"username": ""}, "username: '' is not"),
        ({"min_validity": -1}, "min_validity: '-1' is out of range"),
        ({"min_validity": 901}, "A token is valid for 900 seconds. Use 0 to 900"),
        ({"result": "postgresql"}, "ca_cert: it is required with result=postgresql"),
        ({"result": "mysql", "ca_cert": " "}, "ca_cert: it is required with result=mysql"),
        ({"result": "postgresql", "ca_cert": "/ca.pem", "username": "a" * 64}, "PostgreSQL accepts 63 bytes"),
    ],
)
def test_token_options_invalid_raise(changes, error):
    with pytest.raises(InputError) as raised:
        read_token_options({**GIVEN, **changes})
    assert error in raised.value.message
