# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The policies that a restore drill puts."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import drill_plan
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_policies import drill_policies
from ansible_collections.passwordless.rds.tests.unit.drill_plans import APP, REPORTS, planned
from ansible_collections.passwordless.rds.tests.unit.login_databases import ORDERS, PREFIX

POLICY = "passwordless-rds-db-ORDERS"


def document(*users, prefix=f"{PREFIX}db-ORDERS/", **changes):
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": [f"{prefix}{user}" for user in users]}
    return {"Version": "2012-10-17", "Statement": [{**statement, **changes}]}


def with_policy(content, name=POLICY):
    return {"policies": [{"policy_name": name, "policy_document": content}]}


def test_policies_contain_the_users_of_each_principal():
    first, second = drill_policies(planned(), ORDERS, [{"policies": []}, {"policies": []}])
    assert (first["policy_name"], first["users"], first["existed"]) == (POLICY, ["app", "reports"], False)
    assert first["document"] == document("app", "reports")
    assert second["document"] == document("reports")


def test_policies_keep_users_of_earlier_runs():
    name = "a${*}b"
    found = [with_policy(document(name)), with_policy(document("other"), "another-policy")]
    first, second = drill_policies(planned(), ORDERS, found)
    assert (first["existed"], second["existed"]) == (True, False)
    assert first["document"] == document(name, "app", "reports")


def test_policies_of_unknown_resource_id_are_not_predicted():
    assert drill_policies(planned(), {**ORDERS, "resource_id": None}, [{}, {}]) == []


@pytest.mark.parametrize(
    "content",
    [
        document("app", Effect="Deny"),
        document("app", Action=["rds-db:connect", "s3:GetObject"]),
        document("app", Condition={}),
        document("app", prefix=f"{PREFIX}db-OTHER/"),
        document("*"),
    ],
)
def test_policies_of_others_are_not_replaced(content):
    with pytest.raises(InputError, match=f"{APP}: {POLICY}: the inline policy exists and contains more than"):
        drill_policies(planned(), ORDERS, [with_policy(content), {"policies": []}])


def test_policy_beyond_the_quota_raises():
    users = [{"name": f"user_{number:03}", "principals": [REPORTS]} for number in range(40)]
    with pytest.raises(InputError, match="max_size is 2048"):
        drill_policies(drill_plan(users, {"policy_timeout": 0}), ORDERS, [{"policies": []}])
