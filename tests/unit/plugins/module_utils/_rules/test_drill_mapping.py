# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users that a restore drill maps with the role ``database_users``."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_mapping import (
    attached_policies,
    mapping_entries,
    mapping_errors,
    mapping_requests,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import drill_plan
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import (
    finish_receipt,
    record_step,
    start_receipt,
)
from ansible_collections.passwordless.rds.tests.unit.drill_plans import APP, REPORTS
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import POLICY, at, step

SOURCE = {"database": {"engine": "postgres"}, "source": {"arn": "arn:aws:rds:eu-west-1:123456789012:db:orders"}}
LIVE = {"resource_id": "db-NEW", "iam_database_authentication_enabled": True}
MAPPED = {
    "name": "app",
    "host": "",
    "outcome": "created",
    "changed": True,
    "verified_as": [APP],
    "verified_by": "login",
    "actions": ["create the user"],
    "msg": "",
}


def plan(*users, **options):
    return drill_plan(list(users), {"policy_timeout": 0, "admin_username": "postgres", **options})


def requests(*users):
    return mapping_requests(plan(*users), LIVE, check_mode=False)


def installed(_collection):
    return True


def test_mapping_has_options_of_database_users():
    user = {"name": "app", "replaces": "legacy", "strategy": "alongside", "principals": [APP], "verify_role_arn": APP}
    assert requests(user) == [{**user, "databases": []}]
    assert requests({"name": "app", "grants": ["readers"], "host": " ", "database": "sales"}) == [
        {"name": "app", "grants": ["readers"], "databases": ["sales"], "principals": []}
    ]


def test_mapping_of_several_databases_is_one_user():
    first, second = {"name": "app", "database": "sales", "principals": [APP]}, {"name": "app", "database": "stock"}
    (found,) = requests(first, {**second, "principals": [APP, REPORTS]})
    assert (found["databases"], found["principals"]) == (["sales", "stock"], [APP, REPORTS])


@pytest.mark.parametrize("other", [{"replaces": "old"}, {"verify_role_arn": APP}])
def test_mapping_of_contradictory_entries_raises(other):
    with pytest.raises(InputError, match=r"restore_drill_users\[1\]: 'app' differs from restore_drill_users\[0\]"):
        plan({"name": "app"}, {"name": "app", "database": "sales", **other})


@pytest.mark.parametrize(
    ("users", "options", "error"),
    [
        (
            [{"name": "app", "replaces": "old"}],
            {},
            r"restore_drill_users\[0\].replaces: it requires restore_drill_admin",
        ),
        ([{"name": "app"}], {"admin_password": "True"}, "restore_drill_admin_password: it requires"),
        ([{"name": "app"}], {"database": "off"}, "restore_drill_database: it requires"),
    ],
)
def test_mapping_options_without_administrator_raise(users, options, error):
    with pytest.raises(InputError, match=error):
        plan(*users, **{**options, "admin_username": " "})


def test_mapping_without_administrator_is_empty():
    assert plan({"name": "app"}, admin_username="")["mapping"] == []


@pytest.mark.parametrize(
    ("database", "check_mode", "number"),
    [
        (LIVE, True, 1),
        ({**LIVE, "resource_id": ""}, True, 0),
        ({**LIVE, "iam_database_authentication_enabled": False}, True, 0),
        ({**LIVE, "iam_database_authentication_enabled": False}, False, 1),
        # the preview of the restore would enable the setting of an existing target
        ({**LIVE, "changed": True}, True, 0),
        ({**LIVE, "changed": True}, False, 1),
    ],
)
def test_mapping_is_previewed_only_on_database_that_accepts_tokens(database, check_mode, number):
    assert len(mapping_requests(plan({"name": "app"}), database, check_mode=check_mode)) == number


ERRORS = [
    ({"name": "rdsadmin"}, "restore_drill_users[2].name: 'rdsadmin' belongs to RDS"),
    ({"name": "new", "host": "%"}, "restore_drill_users[2].host: '%': PostgreSQL users have no host"),
    ({"name": "new", "replaces": "new"}, "restore_drill_users[2].replaces: the user cannot replace itself"),
    (
        {"name": "new", "principals": ["arn:aws:iam::999999999999:role/app"]},
        "restore_drill_users[2].principals: 'arn:aws:iam::999999999999:role/app' is in account 999999999999",
    ),
]


@pytest.mark.parametrize(("user", "error"), ERRORS)
def test_mapping_errors_name_the_option_of_the_drill(user, error):
    users = plan({"name": "app"}, {"name": "app", "database": "sales"}, user)
    (found,) = mapping_errors(users, SOURCE, installed)
    assert found.startswith(error)


def test_mapping_errors_name_missing_collection():
    users = plan({"name": "app"})
    assert mapping_errors(users, SOURCE, installed) == []
    (found,) = mapping_errors(users, SOURCE, lambda _collection: False)
    assert "ansible-galaxy collection install community.postgresql" in found
    (found,) = mapping_errors(users, {"database": {"engine": "mariadb"}, "source": None}, lambda _collection: False)
    assert "ansible-galaxy collection install community.mysql" in found


def test_mapping_without_result_is_not_checked():
    (entry,) = mapping_entries({"mapping": [{"name": "app", "number": 0}]})
    assert (entry["name"], entry["outcome"], entry["actions"]) == ("app", "not_checked", None)


@pytest.mark.parametrize(("existed", "outcome"), [(False, "attached"), (True, "unchanged")])
def test_policies_after_mapping_are_those_that_exist(existed, outcome):
    planned = [{**POLICY, "existed": existed}, {**POLICY, "arn": REPORTS}]
    document = {"policy_name": POLICY["policy_name"], "policy_document": {}}
    (policy,) = attached_policies({"planned": planned, "found": [{"policies": [document]}, {"policies": []}]})
    assert (policy["principal"], policy["outcome"], policy["existed"]) == (POLICY["arn"], outcome, existed)


def test_policies_that_cannot_be_read_after_the_mapping_may_exist():
    planned = [POLICY, {**POLICY, "existed": True}]
    found = attached_policies({"planned": planned, "found": [{"failed": True, "msg": "denied"}] * 2})
    assert [policy["outcome"] for policy in found] == ["unknown", "unchanged"]


@pytest.mark.parametrize(("engine", "errors"), [("postgres", 1), ("mariadb", 0), ("aurora-mysql", 0)])
def test_host_of_user_that_is_not_mapped(engine, errors):
    """The host selects the account whose login is verified."""
    plan = drill_plan([{"name": "app", "host": "10.%"}], {"policy_timeout": 0})
    assert (plan["mapping"], plan["users"][0]["host"]) == ([], "10.%")
    found = mapping_errors(plan, {**SOURCE, "database": {"engine": engine}}, lambda _name: True)
    assert found == ["restore_drill_users[0].host: PostgreSQL users have no host. Remove it."][:errors]


def receipt(*, preview=False, **result):
    started = start_receipt("localhost", at(0), preview=preview, cleanup=False)
    found = {"mapping": [{"name": "app", "number": 0}], **result}
    return finish_receipt(record_step(started, step("users", 0), at(1), found), at(2))


def test_receipt_of_mapping_has_time_and_actions():
    found = receipt(mapped=[MAPPED])
    assert [(one["name"], one["seconds"], one["outcome"]) for one in found["steps"]] == [("users", 60, "succeeded")]
    assert found["mappings"] == [MAPPED]
    assert "app: created: create the user" in summary(found)
    assert "| app | created | create the user |  |" in page(found)


@pytest.mark.parametrize(
    ("existed", "result", "outcome"),
    [
        (False, {"item": {**POLICY, "existed": True}, "changed": False}, "attached"),
        (False, {"item": {**POLICY, "existed": True}, "failed": True, "msg": "denied"}, "attached"),
        (True, {"item": {**POLICY, "existed": True}, "changed": False}, "unchanged"),
        # the task that reads the policies again has failed
        (False, {"item": {"arn": POLICY["arn"], "iam_type": "role", "iam_name": "app"}, "failed": True}, "attached"),
    ],
)
def test_receipt_keeps_policies_that_the_mapping_attached(existed, result, outcome):
    """The clean-up deletes the policies of the receipt that did not exist before the drill."""
    document = {"policy_name": POLICY["policy_name"], "policy_document": {}}
    mapped = {
        "mapping": [{"name": "app", "number": 0}],
        "planned": [{**POLICY, "existed": existed}],
        "found": [{"policies": [document]}],
    }
    started = record_step(
        start_receipt("localhost", at(0), preview=False, cleanup=True), step("users", 0), at(1), mapped
    )
    failed = result.get("failed", False)
    found = record_step(started, step("policies", 1), at(2), {"results": [result], "failed": failed})
    (policy,) = found["policies"]
    assert (policy["outcome"], policy["existed"]) == (outcome, existed)
    assert found["failed_step"] == ("policies" if failed else None)


def test_receipt_of_failed_mapping_names_reason():
    found = receipt(failed=True, msg="app: rolled_back: denied", mapped=[{**MAPPED, "outcome": "rolled_back"}])
    assert (found["outcome"], found["failed_step"], found["message"]) == ("failed", "users", "app: rolled_back: denied")


def test_receipt_of_preview_without_target_says_so():
    found = receipt(preview=True)
    assert found["steps"][0]["outcome"] == "previewed"
    assert "app would be mapped to IAM. This can be checked only after the restore." in summary(found)
