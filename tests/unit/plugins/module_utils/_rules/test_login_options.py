# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A token as text, and as the login options of the database collections."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._options.token import (
    MYSQL,
    POSTGRESQL,
    TOKEN,
    TokenOptions,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_options import render_token

ENDPOINT = Endpoint("orders.c0ffee.eu-west-1.rds.amazonaws.com", 5432)
COMMON = {
    "login_host": ENDPOINT.address,
    "login_port": 5432,
    "login_user": "app",
    "login_password": "TOKEN",
    "ca_cert": "/ca.pem",
}


@pytest.mark.parametrize(
    ("result", "rendered"),
    [
        (TOKEN, "TOKEN"),
        (POSTGRESQL, {**COMMON, "ssl_mode": "verify-full", "connect_params": {"gssencmode": "disable"}}),
        (MYSQL, {**COMMON, "check_hostname": True, "config_file": ""}),
    ],
)
def test_render_token_as_result(result, rendered):
    assert render_token("TOKEN", ENDPOINT, TokenOptions("app", result=result, ca_cert="/ca.pem")) == rendered
