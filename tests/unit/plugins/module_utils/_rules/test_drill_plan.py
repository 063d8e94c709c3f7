# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plan of a restore drill."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import (
    access_problems,
    session_credentials,
)
from ansible_collections.passwordless.rds.tests.unit.drill_plans import APP, REPORTS, planned


def test_drill_plan_lists_each_principal_and_role_once():
    plan = planned()
    assert [(found["iam_type"], found["iam_name"]) for found in plan["principals"]] == [
        ("role", "app"),
        ("user", "reports"),
    ]
    assert plan["roles"] == [APP]
    assert [(user["name"], user["database"], user["verify_role_arn"]) for user in plan["users"]] == [
        ("app", "", APP),
        ("reports", "sales", ""),
    ]


@pytest.mark.parametrize(("seconds", "retries"), [(0, 0), ("1", 1), (60, 12), (61, 13)])
def test_drill_plan_repeats_logins_for_the_whole_timeout(seconds, retries):
    plan = planned(policy_timeout=seconds)
    assert plan["login_retries"] == retries
    assert plan["login_retries"] * plan["login_delay"] >= int(seconds)


def test_drill_plan_wait_timeout_applies_to_deletion():
    plan = planned(restore={"wait_timeout": "100", "wait_delay": 0.5})
    assert (plan["delete_retries"], plan["delete_delay"]) == (100, 1)
    assert planned()["delete_retries"] == 360


@pytest.mark.parametrize(("path", "page"), [("", ""), ("a/drill.json", "a/drill.md"), ("drill", "drill.md")])
def test_drill_plan_page_has_path_of_receipt(path, page):
    assert planned(receipt_path=path)["page_path"] == page


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"policy_timeout": -1}, "restore_drill_policy_timeout: -1: the value is out of range"),
        ({"policy_timeout": 3601}, "restore_drill_policy_timeout: 3601: the value is out of range"),
        ({"cleanup_on_failure": "true"}, "restore_drill_cleanup_on_failure: it has no effect"),
        ({"cleanup": True, "restore": {"deletion_protection": "yes"}}, "restore_drill_cleanup: .*deletion protection"),
        ({"receipt_path": "drill.md"}, "restore_drill_receipt_path: drill.md: "),
    ],
)
def test_drill_plan_invalid_options_raise(options, error):
    with pytest.raises(InputError, match=error):
        planned(**options)


def test_access_problems_name_principal_and_role():
    found = access_problems(planned(), [{"policies": []}, {"msg": "no such user"}], [{"msg": "denied."}])
    assert found == [
        f"restore_drill_users: principal {REPORTS}: no such user. Use a principal that exists and whose policies the "
        "task may read.",
        f"restore_drill_users: verify_role_arn {APP}: denied. Allow the task to assume the role.",
    ]


def test_credentials_are_those_of_the_role_or_of_the_task():
    plan = planned()
    keys = {"access_key": "A", "secret_key": "S", "session_token": "T"}
    sessions = [{"sts_creds": {**keys, "expiration": "later"}}]
    assert session_credentials(plan, sessions, plan["users"][0]) == {"profile": "", **keys}
    assert session_credentials(plan, sessions, plan["users"][1]) == {}
    with pytest.raises(InputError, match="the role could not be assumed"):
        session_credentials(plan, [{"msg": "denied"}], plan["users"][0])
