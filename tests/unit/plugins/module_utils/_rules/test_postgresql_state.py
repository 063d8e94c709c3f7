# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of a role before and after the changes, as the plan of the role ``database_users`` contains it."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_roles import read_server
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_state import RoleState
from ansible_collections.passwordless.rds.tests.unit.user_migrations import (
    POLICY_NAME,
    PREFIX,
    ROLE,
    member,
    pg_facts,
    pg_role,
    plan,
)

LEGACY = pg_role("legacy", connection_limit=7)
REPLACE = {"name": "app", "replaces": "legacy", "principals": [ROLE]}
UNREAD = [{"item": {"arn": ROLE}, "policies": []}]
# the role app as the role database_users leaves it
APP = {"roles": [pg_role("app", connection_limit=7)], "members": [member("app", "legacy"), member("app", "rds_iam")]}
SETTINGS = [("legacy", "", "work_mem=5MB"), ("legacy", "sales", "lock_timeout=7")]
COPIED = [("app", "", "work_mem=5MB"), ("app", "sales", "lock_timeout=7"), ("app", "", "role=legacy")]


def pg_plan(user, *roles, **facts):
    (found,) = plan([user], pg_facts(*roles, **facts), principals=UNREAD)["users"]
    assert found["problems"] == []
    return found["diff"]


def test_diff_of_new_postgresql_user():
    diff = pg_plan(REPLACE, LEGACY, settings=SETTINGS)
    assert diff["before"] == {"exists": False, "policies": []}
    assert diff["after"] == {
        "exists": True,
        "login": True,
        "mapped_to_iam": True,
        "inherit": True,
        "connection_limit": 7,
        "valid_until": "infinity",
        "member_of": ["legacy"],
        "connect": [],
        "settings": {"all databases": {"work_mem": "5MB", "role": "legacy"}, "sales": {"lock_timeout": "7"}},
        "policies": [ROLE],
    }


def test_diff_after_the_run_equals_the_next_state_of_postgresql():
    predicted = pg_plan(REPLACE, LEGACY, settings=SETTINGS)["after"]
    again = pg_plan(REPLACE, LEGACY, *APP["roles"], members=APP["members"], settings=[*SETTINGS, *COPIED])
    assert {**again["before"], "policies": [ROLE]} == predicted
    assert again["after"] == predicted


@pytest.mark.parametrize(
    ("user", "facts", "changes"),
    [
        (
            {"name": "app", "grants": ["legacy"]},
            {"roles": [pg_role("app")], "members": [member("app", "rds_iam")]},
            {"member_of": ([], ["legacy"])},
        ),
        (
            {"name": "app", "databases": ["sales"]},
            {
                "roles": [pg_role("app")],
                "members": [member("app", "rds_iam")],
                "databases": [{"name": "sales", "readable": True, "grantees": ["x"]}],
            },
            {"connect": ([], ["sales"])},
        ),
        ({"name": "app", "state": "absent"}, APP, {"login": (True, False), "mapped_to_iam": (True, False)}),
        (
            {**REPLACE, "principals": [], "close_replaced": True},
            {**APP, "settings": [("app", "", "role=legacy")]},
            {"replaced_user": ({"name": "legacy", "login": True}, {"name": "legacy", "login": False})},
        ),
        ({"name": "gone", "state": "absent"}, {}, {}),
    ],
)
def test_diff_contains_only_what_changes(user, facts, changes):
    facts = dict(facts)
    diff = pg_plan(user, LEGACY, *facts.pop("roles", ()), **facts)
    assert diff["before"].keys() == diff["after"].keys()
    different = {key: (old, diff["after"][key]) for key, old in diff["before"].items() if old != diff["after"][key]}
    assert different == changes


def test_diff_of_removed_policy():
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": [f"{PREFIX}app", f"{PREFIX}other"]}
    policy = {"policy_name": POLICY_NAME, "policy_document": {"Statement": [statement]}}
    user = {"name": "app", "state": "absent", "principals": [ROLE]}
    for policies, before in (([policy], [ROLE]), ([], [])):
        (found,) = plan([user], pg_facts(), principals=[{"item": {"arn": ROLE}, "policies": policies}])["users"]
        diff = found["diff"]
        assert (diff["before"]["policies"], diff["after"]["policies"]) == (before, [])


def test_changes_of_role_that_is_not_created_are_not_recorded():
    """A user of in_place that does not exist is a problem, and the other decisions go on."""
    state = RoleState(read_server(pg_facts()), "app")
    state.granted("rds_iam")
    state.granted("readers")
    state.may_connect("sales")
    state.configured("", "work_mem", "5MB")
    state.closed()
    assert state.before == state.after == {"exists": False}
