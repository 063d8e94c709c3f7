# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a login check returns, for a session and for a failure."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._model.login import LoginSession
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_result import (
    FailedLogin,
    LoginResult,
    WitnessReport,
)
from ansible_collections.passwordless.rds.plugins.modules import rds_login_check
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import HOST
from yaml import safe_load

SESSION = LoginResult("app", HOST, 5432, instance(), 0.04251, session=LoginSession("app", "18.6", None))
REPORT = WitnessReport("server", True, "PAM authentication failed")
FAILED = LoginResult("app", HOST, 5432, None, 0.1, failure=FailedLogin("policy_missing", (), "Allow it.", (REPORT,)))
UNKNOWN = LoginResult("app", None, None, None, 0.0, failure=FailedLogin("unknown", ("a", "b"), "Ask.", ()))


def test_login_result_session_has_no_cause():
    assert SESSION.render() == {
        "changed": False,
        "logged_in": True,
        "user": "app",
        "host": None,
        "endpoint": {"address": HOST, "port": 5432},
        "engine_version": "16.4",
        "server_version": "18.6",
        "tls": {"verified": True, "version": None},
        "seconds": 0.043,
        "cause": None,
        "candidates": [],
        "evidence": [],
        "remedy": None,
        "simulations": [],
        "msg": f"app has logged in to {HOST}:5432 with a token.",
    }


def test_login_result_failure_has_cause_and_evidence():
    found = FAILED.render()
    assert (found["logged_in"], found["user"], found["tls"], found["cause"]) == (False, None, None, "policy_missing")
    assert found["host"] is None
    assert found["evidence"] == [{"witness": "server", "available": True, "detail": "PAM authentication failed"}]
    assert found["msg"] == f"app cannot log in to {HOST}:5432: policy_missing. Allow it."


def test_login_result_unknown_cause_lists_candidates():
    found = UNKNOWN.render()
    assert (found["endpoint"], found["candidates"]) == (None, ["a", "b"])
    assert found["msg"] == "app cannot log in to the database: the cause is unknown. Candidates: a, b."


def test_login_result_keys_are_documented():
    documented = set(safe_load(rds_login_check.RETURN))
    for result in (SESSION, FAILED, UNKNOWN):
        assert set(result.render()) == documented | {"changed"}
