# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The logins of a drill: when they are repeated, and what they prove."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_logins import (
    is_final,
    login_entries,
    refused,
)
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import APP, DENIED, LOGGED_IN, USER

TASK = "arn:aws:iam::123456789012:user/ops"
WITHOUT_ROLE = {**USER, "verify_role_arn": "", "simulate": [APP]}
UNKNOWN = {**DENIED, "cause": "unknown", "remedy": None}


def simulated(allowed, detail="decision"):
    return {**LOGGED_IN, "simulations": [{"principal": APP, "allowed": allowed, "detail": detail}]}


@pytest.mark.parametrize(
    ("result", "final"),
    [
        (LOGGED_IN, True),
        (DENIED, False),
        ({**UNKNOWN, "candidates": ["user_missing", "policy_missing"]}, False),
        ({**UNKNOWN, "candidates": ["user_missing", "user_not_iam"]}, True),
        ({**DENIED, "cause": "endpoint_unreachable"}, False),
        ({**DENIED, "cause": "user_missing"}, True),
        ({"failed": True, "msg": "no driver"}, True),
    ],
)
def test_login_is_repeated_only_for_temporary_causes(result, final):
    assert is_final(result, USER, TASK) is final


@pytest.mark.parametrize(
    ("allowed", "task", "final"),
    [
        (True, TASK, True),
        (False, TASK, False),
        (None, TASK, True),
        (False, "arn:aws:sts::123456789012:assumed-role/app/session", True),
    ],
)
def test_login_is_repeated_while_simulation_denies(allowed, task, final):
    assert is_final(simulated(allowed), WITHOUT_ROLE, task) is final


def test_login_that_the_module_refused_is_not_a_success():
    (entry,) = login_entries([USER], [{"failed": False, "msg": "psycopg is missing"}], None)
    assert (entry["logged_in"], entry["cause"]) == (False, "error")
    assert refused([entry]) == "app did not log in: error: psycopg is missing"


@pytest.mark.parametrize(
    ("user", "result", "task_arn", "verified"),
    [
        (USER, LOGGED_IN, TASK, ("login", [APP], APP)),
        (WITHOUT_ROLE, LOGGED_IN, "arn:aws:sts::123456789012:assumed-role/app/session", ("login", ..., ...)),
        (WITHOUT_ROLE, simulated(True), TASK, ("simulation", [APP], TASK)),
        ({**WITHOUT_ROLE, "principals": [], "simulate": []}, LOGGED_IN, TASK, ("login", [TASK], TASK)),
        (USER, DENIED, TASK, (None, [], APP)),
        (USER, {}, TASK, (None, [], APP)),
    ],
)
def test_login_names_proof_and_identity(user, result, task_arn, verified):
    (entry,) = login_entries([user], [result], task_arn)
    expected = tuple({1: [task_arn], 2: task_arn}[n] if one is ... else one for n, one in enumerate(verified))
    assert (entry["verified_by"], entry["verified_as"], entry["identity"]) == expected


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (simulated(False, "implicitDeny on db-NEW"), f"IAM does not allow it: {APP}: implicitDeny on db-NEW."),
        (simulated(None, "SimulatePrincipalPolicy: denied"), f"{APP}: SimulatePrincipalPolicy: denied. Correct"),
        (LOGGED_IN, f"{APP}: not simulated"),
        ({**LOGGED_IN, "user": "other"}, "the session belongs to other"),
    ],
)
def test_login_of_task_without_allowed_simulation_is_not_verified(result, reason):
    (entry,) = login_entries([WITHOUT_ROLE], [result], TASK)
    assert (entry["logged_in"], entry["verified_by"], entry["verified_as"]) == (True, None, [])
    assert refused([entry]).startswith("app logged in, but is not verified: ")
    assert reason in entry["message"]
    assert "set verify_role_arn" in entry["message"]


@pytest.mark.parametrize(
    ("host", "account", "verified"),
    [
        ("", {}, True),
        ("", {"host": None}, True),
        ("", {"host": "%"}, True),
        ("", {"host": "10.%"}, False),
        ("", {"host": "localhost", "user": ""}, False),
        ("10.%", {"host": "10.%"}, True),
        ("DB.example.com", {"host": "db.example.com"}, True),
        ("10.%", {"host": "%"}, False),
        ("", {"host": "%", "user": "other"}, False),
    ],
)
def test_login_of_another_account_is_not_verified(host, account, verified):
    """As in the role ``database_users``, the default host is %."""
    (entry,) = login_entries([{**USER, "host": host}], [{**LOGGED_IN, **account}], TASK)
    assert (entry["verified_by"] == "login") is verified
    assert bool(refused([entry])) is not verified
    assert ".." not in refused([entry])


def test_login_that_was_not_tried_is_no_success():
    entries = login_entries([USER], [], TASK)
    assert refused(entries) == "app did not log in: the login was not tried"
    assert refused(entries, preview=True) == ""


@pytest.mark.parametrize(
    ("result", "maps", "hint"),
    [
        ({**UNKNOWN, "candidates": ["user_missing", "user_not_iam"]}, False, True),
        ({**UNKNOWN, "candidates": ["user_missing", "policy_missing"]}, False, True),
        ({**DENIED, "cause": "user_not_iam"}, False, True),
        ({**DENIED, "cause": "user_not_iam"}, True, False),
        (DENIED, False, False),
    ],
)
def test_login_of_unmapped_user_names_option(result, maps, hint):
    (entry,) = login_entries([{**USER, "maps": maps}], [result], TASK)
    assert ("set restore_drill_admin_username" in refused([entry])) is hint
