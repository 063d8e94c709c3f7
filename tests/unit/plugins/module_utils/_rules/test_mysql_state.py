# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of an account before and after the changes, as the plan of the role ``database_users`` contains it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_grants import MysqlGrants
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_state import state_after, state_before
from ansible_collections.passwordless.rds.tests.unit.user_migrations import mysql_facts, mysql_user, plan_one

IAM = "AWSAuthenticationPlugin"


def test_diff_of_new_account_equals_the_next_state():
    """``SHOW GRANTS`` of the new account is that of the replaced one with another name."""
    user = {"name": "app", "replaces": "legacy"}
    limits, tls = {"MAX_USER_CONNECTIONS": 7}, {"SSL": None}
    lines = [
        "GRANT `reader` TO `{}`@`%`",
        "SET DEFAULT ROLE `reader` FOR `{}`@`%`",
        "GRANT SELECT, INSERT ON `sales`.* TO `{}`@`%`",
        "GRANT ALL PRIVILEGES ON `log`.* TO `{}`@`%`",
    ]
    grants = {name: [line.format(name) for line in lines] for name in ("legacy", "app")}
    legacy = mysql_user("legacy", resource_limits=limits)
    diff = plan_one(user, mysql_facts(legacy, grants=grants))["diff"]
    assert diff["before"] == {"exists": False, "policies": []}
    assert diff["after"] == {
        "exists": True,
        "locked": False,
        "mapped_to_iam": True,
        "plugin": IAM,
        "require": "SSL",
        "resource_limits": limits,
        "roles": ["`reader`"],
        "default_roles": ["`reader`"],
        "grants": {"`log`.*": ["ALL"], "`sales`.*": ["INSERT", "SELECT"]},
        "policies": [],
    }
    app = mysql_user("app", plugin=IAM, tls_requires=tls, resource_limits=limits)
    again = plan_one(user, mysql_facts(legacy, app, grants=grants))["diff"]
    assert again["before"] == again["after"] == diff["after"]


@pytest.mark.parametrize(
    ("user", "account", "create", "changes"),
    [
        (
            {"name": "app", "strategy": "in_place"},
            mysql_user("app"),
            "",
            {
                "mapped_to_iam": (False, True),
                "plugin": ("mysql_native_password", IAM),
                "require": ("NONE", "SSL"),
            },
        ),
        (
            {"name": "app"},
            mysql_user("app", plugin=IAM),
            "ACCOUNT LOCK",
            {"locked": (True, False), "require": ("NONE", "SSL")},
        ),
        ({"name": "app", "state": "absent"}, mysql_user("app", plugin=IAM), "", {"locked": (False, True)}),
        ({"name": "app", "state": "absent"}, mysql_user("app", plugin=IAM), "ACCOUNT LOCK", {}),
        ({"name": "gone", "state": "absent"}, mysql_user("app", plugin=IAM), "", {}),
    ],
)
def test_diff_of_account_contains_only_what_changes(user, account, create, changes):
    diff = plan_one(user, mysql_facts(account, create={"app": create}))["diff"]
    different = {key: (old, diff["after"][key]) for key, old in diff["before"].items() if old != diff["after"][key]}
    assert different == changes
    assert "SECRET" not in json.dumps(diff)


def test_account_that_is_neither_there_nor_created_has_no_state():
    assert state_before(None) == state_after(None, {}, MysqlGrants()) == {"exists": False}
