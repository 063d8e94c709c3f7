# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plan of all users: problems of every kind, and the values that the tasks need."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import (
    mysql_queries,
    plan_users,
    read_requests,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import (
    ROLE,
    mysql_user,
    pg_facts,
    pg_role,
    plan,
    target,
)

USER = {"name": "app", "principals": [ROLE], "verify_role_arn": ROLE}
STATE = {
    "principals": [{"item": {"arn": ROLE}, "policies": []}],
    "roles": [{"item": ROLE, "sts_creds": {"access_key": "A"}}],
}


def test_plan_attaches_policy_before_mapping():
    found = plan([USER], pg_facts(), **STATE)
    assert found["problems"] == []
    (user,) = found["users"]
    assert [policy["state"] for policy in user["attach"]] == ["present"]
    assert (user["detach"], user["simulate"]) == ([], [])
    (user,) = plan([{**USER, "verify_role_arn": ""}], pg_facts(), **STATE)["users"]
    assert user["simulate"] == [ROLE]


@pytest.mark.parametrize(
    ("timeout", "policies", "retries"),
    [(60, [], 12), (1, [], 1), ("7", [], 2), (0, [], 0)],
)
def test_denied_login_is_repeated_after_new_policy_only(timeout, policies, retries):
    (user,) = plan([USER], pg_facts(), policy_timeout=timeout, **STATE)["users"]
    assert (user["retries"], user["delay"]) == (retries, 5)
    (user,) = plan([{"name": "app"}], pg_facts(), policy_timeout=timeout)["users"]
    assert user["retries"] == 0


@pytest.mark.parametrize("check_mode", [True, "True", False])
def test_login_is_not_tried_in_check_mode_if_the_user_changes(check_mode):
    new, mapped = {"name": "new"}, {"name": "mapped"}
    facts = pg_facts(
        pg_role("mapped"),
        members=[{"role": "rds_iam", "member": "mapped", "inherits": True, "can_set": True, "grantor": "postgres"}],
    )
    users = plan([new, mapped], facts, check_mode=check_mode)["users"]
    assert [user["verify"] for user in users] == [check_mode is False, True]


def test_role_that_cannot_be_assumed_is_a_problem():
    roles = [{"item": ROLE, "failed": True, "msg": "AccessDenied: not authorized to perform sts:AssumeRole"}]
    (problem,) = plan([USER], pg_facts(), principals=STATE["principals"], roles=roles)["problems"]
    assert "verify_role_arn: " in problem
    assert "not authorized to perform sts:AssumeRole. Allow the task to assume the role." in problem


def test_problem_of_one_user_keeps_plan_of_others():
    found = plan_users([{"name": "app", "replaces": "gone"}, {"name": "ok"}], {"target": target(), "facts": pg_facts()})
    assert [user["outcome"] for user in found["users"]] == ["refused", "created"]
    assert len(found["problems"]) == 1


def test_requests_and_queries_are_read():
    requests, errors = read_requests([{"name": "a"}, {"name": ""}], target("mysql"))
    assert ([request.label for request in requests], len(errors)) == (["a@%"], 1)
    assert mysql_queries([{"name": "a"}], target("mysql"), [mysql_user("a")])[0] == "SHOW GRANTS FOR 'a'@'%'"
