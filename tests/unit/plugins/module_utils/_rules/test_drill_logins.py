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
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import DENIED, LOGGED_IN, USER


@pytest.mark.parametrize(
    ("result", "final"),
    [
        (LOGGED_IN, True),
        (DENIED, False),
        ({**DENIED, "cause": "unknown", "candidates": ["user_missing", "policy_missing"]}, False),
        ({**DENIED, "cause": "unknown", "candidates": ["user_missing", "user_not_iam"]}, True),
        ({**DENIED, "cause": "endpoint_unreachable"}, False),
        ({**DENIED, "cause": "user_missing"}, True),
        ({"failed": True, "msg": "no driver"}, True),
    ],
)
def test_login_is_repeated_only_for_temporary_causes(result, final):
    assert is_final(result) is final


def test_login_that_the_module_refused_is_not_a_success():
    (entry,) = login_entries([USER], [{"failed": False, "msg": "psycopg is missing"}], None)
    assert (entry["logged_in"], entry["cause"]) == (False, "error")
    assert refused([entry]) == "app did not log in: error: psycopg is missing"


@pytest.mark.parametrize(
    ("task_arn", "verified_by"),
    [
        ("arn:aws:sts::123456789012:assumed-role/app/session", "principal"),
        ("arn:aws:sts::999999999999:assumed-role/app/session", "task"),
        ("arn:aws:iam::123456789012:user/app", "task"),
        (None, "task"),
    ],
)
def test_login_of_the_task_verifies_only_its_own_principal(task_arn, verified_by):
    (entry,) = login_entries([{**USER, "verify_role_arn": ""}], [LOGGED_IN], task_arn)
    assert (entry["verified_by"], entry["verified_as"]) == (verified_by, task_arn)
