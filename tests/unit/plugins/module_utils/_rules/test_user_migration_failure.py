# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a failed step has changed, and whether the mapping is reverted."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_failure import (
    changes_of,
    left_to_do,
    reverts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import (
    mysql_facts as read_facts,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import (
    POLICY_NAME,
    ROLE,
    member,
    mysql_facts,
    mysql_user,
    pg_facts,
    pg_role,
    plan,
    target,
)

USER = {
    "absent": False,
    "attach": [{"text": "attach P"}],
    "detach": [],
    "actions": ["create user app", "grant it r"],
    "close_actions": ["close legacy"],
}
LEFT = {"actions": [], "close_actions": [], "policies": [], "is_mapped": False}
POLICIES_UNKNOWN = ("It is not known which of these changes were made: attach P.",)
REVERT_UNKNOWN = ("It is not known whether the mapping was reverted.",)
REVERTED = ("revert the mapping",)


@pytest.mark.parametrize("step", ["map", "undo", "close", ""])
@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("invalidates", [True, False])
def test_mapping_is_reverted_only_for_passwords(invalidates, step, check_mode):
    expected = invalidates and not check_mode and step in ("map", "undo")
    assert reverts({"invalidates_password": invalidates}, step, check_mode=check_mode) is expected


@pytest.mark.parametrize(
    ("written", "left", "performed", "unknown"),
    [
        ([], {}, (), ()),
        (["attach P", "attach P"], {}, ("attach P",), ()),
        ([], {"": {**LEFT, "policies": ["attach P"]}}, (), ()),
        # IAM carried out the request, but the answer was lost
        ([], {"": LEFT}, ("attach P",), ()),
        ([], {"": {**LEFT, "policies": None}}, (), POLICIES_UNKNOWN),
        ([], {"": {}}, (), POLICIES_UNKNOWN),
        # IAM can return an earlier version
        (["attach P"], {"": {**LEFT, "policies": ["attach P"]}}, ("attach P",), ()),
        (["attach P"], {"map": {**LEFT, "policies": None}}, ("attach P",), ()),
    ],
)
def test_changes_of_policies_after_a_failure(written, left, performed, unknown):
    found = changes_of(USER, [], written, left)
    assert (found.policies, found.unknown) == (performed, unknown)


@pytest.mark.parametrize(
    ("steps", "left", "reverted", "unknown"),
    [
        (["map"], {}, (), ()),
        (["map", "undo"], {}, REVERTED, ()),
        (["map"], {"undo": {**LEFT, "is_mapped": True}}, REVERTED, ()),
        (["map"], {"undo": LEFT}, (), ()),
        (["map"], {"undo": {}}, (), REVERT_UNKNOWN),
        # the mapping failed before it had an effect, so there was nothing to revert
        ([], {"map": {**LEFT, "is_mapped": True}, "undo": {**LEFT, "is_mapped": True}}, (), ()),
        ([], {"map": LEFT, "undo": {**LEFT, "is_mapped": True}}, REVERTED, ()),
    ],
)
def test_failed_revert_is_reported_as_it_is(steps, left, reverted, unknown):
    found = changes_of({**USER, "attach": []}, steps, [], left)
    assert (found.reverted, found.unknown) == (reverted, unknown)


@pytest.mark.parametrize(
    ("steps", "left", "closed", "unknown"),
    [
        (["close"], {}, ("close legacy",), ()),
        ([], {"close": LEFT}, ("close legacy",), ()),
        ([], {"close": {**LEFT, "close_actions": ["close legacy"]}}, (), ()),
        ([], {"close": {}}, (), ("It is not known which of these changes were made: close legacy.",)),
    ],
)
def test_failed_closing_is_reported_as_it_is(steps, left, closed, unknown):
    found = changes_of({**USER, "attach": []}, steps, [], left)
    assert (found.closing, found.unknown) == (closed, unknown)


def test_actions_are_in_the_order_of_the_steps():
    found = changes_of(USER, ["map", "undo", "close"], ["attach P"], {})
    mapping = ["create user app", "grant it r", *REVERTED]
    assert found.actions(USER) == ["attach P", *mapping, "close legacy"]
    assert found.actions({**USER, "absent": True}) == [*mapping, "attach P", "close legacy"]


def test_left_to_do_after_half_done_mapping_of_account():
    """The account was created, but the administrator may not grant the role."""
    users = [{"name": "app", "replaces": "legacy", "principals": [ROLE]}]
    grants = {"legacy": ["GRANT `r` TO `legacy`@`%`"]}
    (before,) = plan(users, mysql_facts(mysql_user("legacy"), grants=grants))["users"]
    app = mysql_user("app", plugin="AWSAuthenticationPlugin", tls_requires={"SSL": None})
    facts = read_facts(users, target("mysql"), mysql_facts(mysql_user("legacy"), app, grants=grants))
    state = {"target": target("mysql"), "facts": facts, "principals": [{"item": {"arn": ROLE}, "policies": []}]}
    found = left_to_do(users, state, before)
    assert found["actions"] == ["grant it the role `r`"]
    assert found["policies"] == [f"attach the inline policy {POLICY_NAME} to role app"]
    assert left_to_do(users, {**state, "principals": [{"item": {"arn": ROLE}}]}, before)["policies"] is None
    changes = changes_of({**before, "attach": []}, [], [], {"map": found})
    assert changes.mapping == ("create user app@% with AWSAuthenticationPlugin",)


def test_left_to_do_after_commit_without_answer():
    """PostgreSQL carried out the transaction, but the connection ended before the answer."""
    users = [{"name": "app", "grants": ["readers"]}]
    readers = pg_role("readers", login=False)
    (before,) = plan(users, pg_facts(readers))["users"]
    after = pg_facts(readers, pg_role("app"), members=[member("app", "readers"), member("app", "rds_iam")])
    found = left_to_do(users, {"target": target(), "facts": after, "principals": []}, before)
    assert (found["actions"], found["is_mapped"], found["policies"]) == ([], False, [])
    assert changes_of(before, [], [], {"map": found}).mapping == tuple(before["actions"])
