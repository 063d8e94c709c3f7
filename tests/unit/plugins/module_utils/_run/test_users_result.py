# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of the report about users, which has every documented key."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.database_users import (
    DatabaseUser,
    GrantedRole,
    Grants,
    UserReport,
)
from ansible_collections.passwordless.rds.plugins.module_utils._run.users_result import UsersResult
from ansible_collections.passwordless.rds.plugins.modules import rds_users_info
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import HOST
from yaml import safe_load

USER = DatabaseUser(
    "app", None, "iam", False, False, True, Grants(roles=(GrantedRole("rds_iam", ("team",)),)), notes=("a note",)
)
REPORT = UserReport("16.4", (USER,), ("One.", "Two."))


def test_users_result_has_documented_keys():
    documented = safe_load(rds_users_info.RETURN)
    rendered = UsersResult(HOST, 5432, instance(current=True), REPORT).render()
    assert set(rendered) == {*documented, "changed"}
    assert set(rendered["database"]) == set(documented["database"]["contains"])
    (user,) = rendered["users"]
    of_user = documented["users"]["contains"]
    assert list(user) == list(of_user)
    assert set(user["granted"]) == set(of_user["granted"]["contains"])
    assert user["granted"]["roles"] == [{"role": "rds_iam", "through": ["team"]}]
    assert set(documented["summary"]["sample"]) == set(rendered["summary"])


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"current": True}, ""),
        ({"current": False}, " IAM database authentication is disabled."),
        ({"current": False, "pending": True}, " IAM database authentication is disabled, and a change is pending."),
        ({"current": True, "pending": False}, " IAM database authentication is enabled, and a change is pending."),
    ],
)
def test_users_result_setting_does_not_change_authentication(setting, expected):
    rendered = UsersResult(HOST, 5432, instance(**setting), REPORT).render()
    assert rendered["msg"] == f"instance/orders: 0 of 1 users can or may log in with a password; 1 iam.{expected}"
    assert rendered["users"][0]["authentication"] == "iam"
    found = rendered["database"]
    assert found["iam_database_authentication_enabled"] == setting["current"]
    assert found["pending_iam_database_authentication"] == setting.get("pending")


def test_users_result_by_host_has_no_database():
    rendered = UsersResult(HOST, 5432, None, REPORT).render()
    assert (rendered["database"], rendered["endpoint"]) == (None, {"address": HOST, "port": 5432})
    assert rendered["msg"].startswith(f"{HOST}:5432: ")
