# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Whether a login proves that a user can log in, and the entries of the result."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules import user_migration_result as rules
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_result import (
    is_same_principal,
    verify,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import IDENTITY, OTHER_ROLE, ROLE

SESSION = "arn:aws:sts::123456789012:assumed-role/app/controller"
ATTACH = {"text": "attach the policy"}
USER = {
    "name": "app",
    "host": "",
    "label": "app",
    "absent": False,
    "outcome": "created",
    "verify_role_arn": "",
    "principals": [],
    "attach": [ATTACH],
    "detach": [],
    "actions": ["create user app"],
    "statements": [],
    "close_actions": [],
    "may_have_lost_password": False,
    "restore_password": "",
    "problems": [],
}
LOGGED_IN = {"logged_in": True, "user": "app", "msg": "in"}
DENIED = {"logged_in": False, "user": None, "msg": "app cannot log in: policy_missing."}


def simulated(*decisions):
    entries = [{"principal": arn, "allowed": allowed, "detail": "decided"} for arn, allowed in decisions]
    return {**LOGGED_IN, "simulations": entries}


@pytest.mark.parametrize(
    ("user", "check", "identity", "proved"),
    [
        ({}, LOGGED_IN, IDENTITY, ([IDENTITY], "login")),
        ({"verify_role_arn": ROLE, "principals": [ROLE, OTHER_ROLE]}, LOGGED_IN, IDENTITY, ([ROLE], "login")),
        ({"principals": [ROLE]}, simulated((ROLE, True)), IDENTITY, ([ROLE], "simulation")),
        ({"principals": [ROLE]}, LOGGED_IN, SESSION, ([SESSION], "login")),
        (
            {"principals": [ROLE, OTHER_ROLE]},
            simulated((ROLE, True), (OTHER_ROLE, True)),
            SESSION,
            ([OTHER_ROLE], "simulation"),
        ),
        ({"principals": [ROLE]}, simulated((ROLE, False)), IDENTITY, None),
        ({"principals": [ROLE]}, simulated((ROLE, None)), IDENTITY, None),
        ({"principals": [ROLE]}, LOGGED_IN, IDENTITY, None),
        ({"principals": [ROLE, OTHER_ROLE]}, simulated((ROLE, True), (OTHER_ROLE, False)), IDENTITY, None),
        ({}, DENIED, IDENTITY, None),
        ({}, {**LOGGED_IN, "user": "legacy"}, IDENTITY, None),
        ({"host": "10.%"}, {**LOGGED_IN, "host": "10.%"}, IDENTITY, ([IDENTITY], "login")),
        ({"host": "DB.example.com"}, {**LOGGED_IN, "host": "db.example.com"}, IDENTITY, ([IDENTITY], "login")),
        ({"host": "10.%"}, {**LOGGED_IN, "host": "%"}, IDENTITY, None),
        ({"host": "%"}, {**LOGGED_IN, "host": "localhost"}, IDENTITY, None),
        ({"host": "%"}, {**LOGGED_IN, "user": "", "host": "%"}, IDENTITY, None),
        ({"host": "%"}, LOGGED_IN, IDENTITY, None),
        ({}, {"failed": True, "msg": "no"}, IDENTITY, None),
        ({}, {}, IDENTITY, None),
    ],
)
def test_verification_by_login_and_simulation(user, check, identity, proved):
    found = verify({**USER, **user}, check, identity)
    assert found["verified"] is (proved is not None)
    assert (found["verified_as"], found["verified_by"]) == (proved or ([], None))
    assert bool(found["msg"]) is (proved is None)


@pytest.mark.parametrize(
    ("arn", "identity", "same"),
    [
        (ROLE, ROLE, True),
        (ROLE, SESSION, True),
        (OTHER_ROLE, SESSION.replace("/app/", "/batch/"), True),
        (OTHER_ROLE, SESSION, False),
        (ROLE, SESSION.replace("123456789012", "999999999999"), False),
        ("arn:aws:iam::123456789012:user/app", SESSION, False),
    ],
)
def test_session_belongs_to_its_role(arn, identity, same):
    assert is_same_principal(arn, identity) is same


ATTACHED = [ATTACH, ATTACH]


@pytest.mark.parametrize(
    ("user", "done", "outcome", "actions"),
    [
        (
            {},
            {"steps": ["map", "check"], "check": LOGGED_IN, "policies": ATTACHED},
            "created",
            ["attach the policy", "create user app"],
        ),
        ({}, {"check_mode": True}, "created", ["attach the policy", "create user app"]),
        ({}, {"check_mode": "True"}, "created", ["attach the policy", "create user app"]),
        (
            {},
            {"steps": ["map", "check", "undo"], "check": DENIED, "policies": ATTACHED},
            "rolled_back",
            ["attach the policy", "create user app", "revert the mapping"],
        ),
        ({}, {"steps": [], "error": "Attach the policies: denied"}, "failed", []),
        ({}, {"steps": [], "error": "Change the user: no", "policies": ATTACHED}, "failed", ["attach the policy"]),
        ({}, {"steps": ["map", "check"], "check": DENIED, "error": "Take back: no"}, "failed", ["create user app"]),
        ({"actions": [], "outcome": "unchanged"}, {"steps": ["check"], "check": DENIED}, "failed", []),
        ({"actions": [], "may_have_lost_password": True}, {"steps": ["check"], "check": DENIED}, "password_lost", []),
        (
            {"actions": [], "may_have_lost_password": True, "outcome": "unchanged"},
            {"steps": ["check"], "check": LOGGED_IN},
            "unchanged",
            [],
        ),
        (
            {"actions": [], "close_actions": ["close"], "outcome": "closed"},
            {"steps": ["check", "close"], "check": LOGGED_IN},
            "closed",
            ["close"],
        ),
        (
            {"actions": [], "close_actions": ["close"], "outcome": "closed"},
            {"steps": ["check"], "check": LOGGED_IN, "error": "Close: no"},
            "failed",
            [],
        ),
    ],
)
def test_record_contains_performed_actions(user, done, outcome, actions):
    entry = rules.record({**USER, **user}, {"identity": IDENTITY, **done})
    assert (entry["outcome"], entry["actions"]) == (outcome, actions)
    assert bool(entry["msg"]) is (outcome in ("failed", "rolled_back", "password_lost"))
    assert entry["changed"] is bool(actions)


LEFT = {"actions": [], "close_actions": [], "policies": [], "is_mapped": False}
UNKNOWN_MAP = "It is not known which of these changes were made: create user app; grant it the role r."


@pytest.mark.parametrize(
    ("steps", "left", "actions", "unknown"),
    [
        ([], {"map": {**LEFT, "actions": ["create user app", "grant it the role r"]}}, [], ""),
        ([], {"map": {**LEFT, "actions": ["grant it the role r"]}}, ["create user app"], ""),
        ([], {"map": LEFT}, ["create user app", "grant it the role r"], ""),
        ([], {"map": {}}, [], UNKNOWN_MAP),
        (
            ["undo"],
            {"map": {**LEFT, "actions": ["grant it the role r"]}},
            ["create user app", "revert the mapping"],
            "",
        ),
        (["undo"], {"map": {}}, ["revert the mapping"], UNKNOWN_MAP),
        (["map"], {}, ["create user app", "grant it the role r"], ""),
    ],
)
def test_record_contains_actions_of_unfinished_mapping(steps, left, actions, unknown):
    """An account exists although a statement after its creation failed."""
    user = {**USER, "host": "%", "actions": ["create user app", "grant it the role r"], "attach": []}
    entry = rules.record(user, {"identity": IDENTITY, "steps": steps, "left": left, "error": "Grant: denied"})
    assert (entry["actions"], entry["changed"]) == (actions, bool(actions or unknown))
    assert unknown in entry["msg"]
    assert ("It is not known" in entry["msg"]) is bool(unknown)


def test_failed_login_of_mapped_user_names_revoke_statement():
    user = {**USER, "actions": [], "restore_password": 'REVOKE "rds_iam" FROM "app"'}
    entry = rules.record(user, {"steps": ["check"], "check": DENIED, "identity": IDENTITY})
    assert entry["outcome"] == "failed"
    assert entry["msg"].endswith('or make the password valid with: REVOKE "rds_iam" FROM "app"')
    assert rules.record(user, {"steps": ["check"], "check": LOGGED_IN, "identity": IDENTITY})["msg"] == ""


def test_user_that_was_not_changed_has_its_problems():
    assert rules.not_started(USER)["outcome"] == "not_started"
    refused = rules.not_started({**USER, "problems": ["one.", "two."]})
    assert (refused["outcome"], refused["msg"]) == ("refused", "one. two.")


def test_summary_names_user_proof_actions_and_reason():
    results = [
        rules.record(USER, {"steps": ["map", "check"], "check": LOGGED_IN, "identity": IDENTITY}),
        rules.record({**USER, "host": "%"}, {"steps": ["map", "check", "undo"], "check": DENIED, "identity": IDENTITY}),
        rules.not_started(USER),
    ]
    assert rules.lines(results, check_mode=False) == [
        f"app: created, verified by login as {IDENTITY}: create user app",
        "app@%: rolled_back: create user app; revert the mapping (app cannot log in: policy_missing. The mapping "
        "was reverted, and the user can log in as before.)",
        "app: not_started",
    ]
    assert rules.lines([], check_mode=True) == ["This is a preview: nothing was changed."]
    (failure,) = rules.failures(results)
    assert failure.startswith("app@%: rolled_back: app cannot log in")


def test_record_of_removal_detaches_after_the_mapping():
    user = {**USER, "absent": True, "actions": ["lock it"], "outcome": "removed"}
    entry = rules.record(user, {"steps": ["map"], "policies": ATTACHED, "identity": IDENTITY})
    assert entry["actions"] == ["lock it", "attach the policy"]


@pytest.mark.parametrize(
    ("done", "source"),
    [
        ({"steps": ["check", "close"], "check": LOGGED_IN}, "sessions_now"),
        ({"check_mode": True}, "sessions_now"),
        ({"steps": ["check"], "check": LOGGED_IN, "error": "Close: 'legacy' has 1 session(s)"}, None),
    ],
)
def test_record_of_closed_user_names_its_evidence(done, source):
    user = {**USER, "actions": [], "close_actions": ["close"], "outcome": "closed"}
    assert rules.record(user, {"identity": IDENTITY, **done})["unused_by"] == source
    assert rules.record(USER, {"identity": IDENTITY, "check_mode": True})["unused_by"] is None
    assert rules.not_started(user)["unused_by"] is None
