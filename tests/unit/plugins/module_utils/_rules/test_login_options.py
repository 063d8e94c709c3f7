# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A token is returned alone, or with the login options of the database collections."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._options.token import TokenOptions
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_options import render_token

WRITER = Endpoint("ledger.cluster-x", 5432)


def test_render_token_returns_login_options():
    options = {name: TokenOptions("app", result=name, ca_cert="/ca.pem") for name in ("token", "postgresql", "mysql")}
    shared = {
        "login_host": "ledger.cluster-x",
        "login_port": 5432,
        "login_user": "app",
        "login_password": "secret",
        "ca_cert": "/ca.pem",
    }
    assert render_token("secret", WRITER, options["token"]) == "secret"
    assert render_token("secret", WRITER, options["postgresql"]) == {
        **shared,
        "ssl_mode": "verify-full",
        "connect_params": {"gssencmode": "disable"},
    }
    assert render_token("secret", WRITER, options["mysql"]) == {**shared, "check_hostname": True, "config_file": ""}
