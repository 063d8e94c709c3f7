# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inline policies of the principals: one for each principal and database, with the users of earlier runs."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_policies import (
    ATTEMPTS,
    PrincipalPolicies,
    remaining_change,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import (
    ACCOUNT,
    IAM_USER,
    OTHER_ROLE,
    POLICY_NAME,
    PREFIX,
    ROLE,
    target,
)


def document(*users, **changes):
    resources = [f"{PREFIX}{user}" for user in users]
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resources, **changes}
    return {"Version": "2012-10-17", "Statement": [statement]}


def existing(found, name=POLICY_NAME):
    return {"policies": [{"policy_name": name, "policy_document": found}] if found else []}


def plan(found, *users):
    requests, errors = read_user_requests(users, protocol="postgresql", engine="postgres", account=ACCOUNT)
    assert errors == []
    policies = PrincipalPolicies(
        target(), {ROLE: existing(found)} if not isinstance(found, dict) or "Statement" in found else found
    )
    return [policies.plan(request) for request in requests]


@pytest.mark.parametrize(
    ("before", "users", "after"),
    [
        (None, [{"name": "app"}], document("app")),
        (document("other"), [{"name": "app"}], document("app", "other")),
        (document("app"), [{"name": "app"}], "unchanged"),
        (document("app", "other"), [{"name": "app", "state": "absent"}], document("other")),
        (document("app"), [{"name": "app", "state": "absent"}], None),
        (None, [{"name": "app", "state": "absent"}], "unchanged"),
        (document("${*}"), [{"name": "*"}], "unchanged"),
        ({"Statement": document("app")["Statement"][0]}, [{"name": "app"}], "unchanged"),
    ],
)
def test_policy_keeps_users_of_earlier_runs(before, users, after):
    ((changes, problems),) = plan(before, *({**user, "principals": [ROLE]} for user in users))
    assert problems == []
    if after == "unchanged":
        assert changes == []
    else:
        (change,) = changes
        assert (change.iam_type, change.iam_name, change.policy_name) == ("role", "app", POLICY_NAME)
        assert change.document == after


def test_policies_of_one_run_add_up():
    found = plan(None, *({"name": name, "principals": [ROLE]} for name in ("one", "two")))
    assert [change.document for changes, _problems in found for change in changes] == [
        document("one"),
        document("one", "two"),
    ]


def test_each_principal_gets_a_policy_without_its_path():
    found = {ROLE: existing(None), OTHER_ROLE: existing(None), IAM_USER: existing(None)}
    ((changes, problems),) = plan(found, {"name": "app", "principals": [ROLE, OTHER_ROLE, IAM_USER, ROLE]})
    assert problems == []
    assert [(change.iam_type, change.iam_name) for change in changes] == [
        ("role", "app"),
        ("role", "batch"),
        ("user", "deploy"),
    ]


@pytest.mark.parametrize(
    "foreign",
    [
        document("app", Effect="Deny"),
        document("app", Action=["rds-db:connect", "s3:*"]),
        document("app", Resource="*"),
        document("app", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        document("*"),
        {"Statement": [document("a")["Statement"][0], document("b")["Statement"][0]]},
    ],
)
def test_policy_that_others_have_changed_is_not_touched(foreign):
    ((changes, problems),) = plan(foreign, {"name": "app", "principals": [ROLE]})
    assert changes == []
    assert "contains more than rds-db:connect for users of this database" in problems[0]


def test_principal_that_does_not_exist_is_a_problem():
    found = {ROLE: {"changed": False, "msg": "The role with name app cannot be found."}}
    ((_changes, problems),) = plan(found, {"name": "app", "principals": [ROLE]})
    assert problems == [
        f"database_users_users[0].principals: {ROLE}: The role with name app cannot be found. Use a principal that "
        "exists and whose policies the task may read."
    ]


def test_policy_larger_than_the_quota_is_a_problem():
    users = [f"user-with-a-long-name-{number:03}" for number in range(30)]
    found = {IAM_USER: existing(document(*users))}
    ((_changes, problems),) = plan(found, {"name": "app", "principals": [IAM_USER]})
    assert "max_size" in problems[0]


def planned(found, **user):
    ((changes, _problems),) = plan(found, {"name": "app", "principals": [ROLE], **user})
    return changes[0].render()


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (None, document("app")),
        (document("app"), "nothing"),
        # another run has written the policy after it was planned
        (document("other"), document("app", "other")),
        (document("app", "other"), "nothing"),
    ],
)
def test_change_keeps_users_that_other_runs_have_added(now, left):
    change = remaining_change(planned(None), target(), existing(now), [])
    assert change.get("document", "nothing") == left


@pytest.mark.parametrize(
    ("now", "left"),
    [(None, "nothing"), (document("other"), "nothing"), (document("app"), None), (document("app", "b"), document("b"))],
)
def test_removal_keeps_users_that_other_runs_have_added(now, left):
    change = remaining_change(planned(document("app"), state="absent"), target(), existing(now), [])
    assert change.get("document", "nothing") == left


def test_change_of_replaced_policy_is_repeated_with_limit():
    change = planned(None)
    others = [{"arn": OTHER_ROLE}] * ATTEMPTS
    assert remaining_change(change, target(), existing(None), [*others, *[change] * (ATTEMPTS - 1)])
    said = f"another version of the inline policy {POLICY_NAME} after each of {ATTEMPTS} changes"
    with pytest.raises(InputError, match=said):
        remaining_change(change, target(), existing(None), [change] * ATTEMPTS)


def test_change_refuses_statements_that_others_have_added():
    with pytest.raises(InputError, match="contains more than rds-db:connect"):
        remaining_change(planned(None), target(), existing(document("*")), [])
