# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The filters as templates use them, with their documentation and their errors."""

from __future__ import annotations

import importlib
import pathlib

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.tests.unit.user_migrations import (
    IDENTITY,
    POLICY_NAME,
    ROLE,
    mysql_facts,
    mysql_user,
    pg_facts,
    pg_role,
    target,
)

SESSION = {"access_key": "A", "secret_key": "B", "session_token": "C"}
FILTERS = sorted(path.stem for path in (pathlib.Path(__file__).parents[4] / "plugins" / "filter").glob("*.py"))


def load(name):
    return importlib.import_module(f"ansible_collections.passwordless.rds.plugins.filter.{name}")


def apply(name, *arguments, **named):
    return load(name).FilterModule().filters()[name](*arguments, **named)


def test_each_filter_is_applied_here():
    """``make test`` requires that the tests reach each plugin. Without this test, it fails only at its end."""
    text = pathlib.Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FILTERS if f'"{name}"' not in text] == []


@pytest.mark.parametrize("name", FILTERS)
def test_filter_is_documented(name):
    module = load(name)
    documentation = yaml.safe_load(module.DOCUMENTATION)
    assert (documentation["name"], list(module.FilterModule().filters())) == (name, [name])
    described = [documentation, *documentation["options"].values(), yaml.safe_load(module.RETURN)["_value"]]
    assert all(isinstance(text, str) for item in described for text in item["description"])
    positional = documentation.get("positional", "").replace(" ", "").split(",")
    assert [option for option in documentation["options"] if option != "_input"] == [p for p in positional if p]
    assert f"passwordless.rds.{name}" in module.EXAMPLES
    assert "_value" in yaml.safe_load(module.RETURN)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("blank_as", (" ", "omit"), "omit"),
        ("blank_as", (False, "omit"), False),
        ("survey_choice", ("", {"on": True}, "on", "setting"), True),
        ("survey_selection", ({"tags": "env"},), {"tags": {"env": None}}),
        ("unknown_variables", (["a_b"], ["a_b"]), []),
        ("approved_plan", ("", {"eu": "abc"}, "eu"), "abc"),
        ("result_table", ([],), []),
        (
            "rollout_plan",
            ([], [], "fail", "skip"),
            {"waves": [], "stopped": "No wave was started: rollout_waves is empty"},
        ),
        (
            "shared_report_path",
            ({"a": {"path": "x"}, "b": {"path": "y"}, "c": {}}, ["a", "b", "c"], "a", "path", "v"),
            "",
        ),
        ("drill_users", ("- name: app", "users"), [{"name": "app"}]),
        ("drill_users", ([{"name": "app"}], "users"), [{"name": "app"}]),
        ("drill_access_problems", ({"principals": [], "roles": []}, [], []), []),
        ("drill_credentials", ({"roles": []}, [], {"verify_role_arn": ""}), {}),
        ("drill_policies", ({}, {"resource_id": None}, []), []),
        ("drill_login_final", ({"logged_in": True, "user": "app"}, {"name": "app"}, "arn"), True),
        ("drill_mapping_users", ({"mapping": []}, {}, "False"), []),
        ("drill_mapping_users", ({"mapping": [{"number": 0, "name": "app"}]}, {}, "True"), []),
        ("drill_mapping_users", ({"mapping": [{"number": 0, "name": "app"}]}, {}, "False"), [{"name": "app"}]),
        ("drill_mapping_errors", ({"mapping": [], "users": []}, {"database": {"engine": "postgres"}}), []),
        (
            "drill_restore_options",
            ({"target_name": "drill", "source_name": "monday"},),
            {
                "db_instance_identifier": "drill",
                "db_snapshot_identifier": "monday",
                "use_latest_restorable_time": False,
            },
        ),
        ("rollout_targets", ({}, {}), {"instance": [], "cluster": []}),
        ("survey_waves", ("- tags: {env: test}\n", "waves"), [{"tags": {"env": "test"}}]),
        ("survey_waves", ('[{"all": true}]', "waves"), [{"all": True}]),
        ("survey_waves", ([{"all": True}], "waves"), [{"all": True}]),
        (
            "survey_waves",
            ([{"engines": "mysql, postgres", "include": "a", "exclude": "ab"}], "waves"),
            [{"engines": "mysql, postgres", "include": "a", "exclude": "ab"}],
        ),
        ("survey_users", ("[{name: app}]",), [{"name": "app"}]),
        ("survey_users", ([{"name": "app"}],), [{"name": "app"}]),
        (
            "database_users_target",
            ([], {"login_host": "x", "timeout": "9", "admin_username": "a", "users": [1]}),
            {"errors": []},
        ),
        (
            "database_users_remaining",
            ([{"label": "a", "actions": ["x"]}, {"label": "b", "actions": ["y"]}], {"label": "b"}),
            ["y"],
        ),
        (
            "database_users_remaining",
            ([{"label": "a", "actions": ["x"], "problems": ["p"]}], {"label": "a"}, "problems"),
            ["p"],
        ),
        (
            "database_users_passwords",
            (
                [
                    {"name": "a", "host": "LOCALHOST", "plugin_hash_string": "*H", "plugin": "x"},
                    {"name": "b", "host": "%", "plugin_hash_string": "*I"},
                    {"name": "c", "host": "%", "plugin_hash_string": "*J"},
                    {"name": "d", "host": "%"},
                ],
                [
                    {"name": "a", "host": "localhost", "invalidates_password": True},
                    {"name": "b", "host": "%", "invalidates_password": False},
                    {"name": "c", "host": "10.%", "invalidates_password": True},
                    {"name": "d", "host": "%", "invalidates_password": True},
                ],
            ),
            [
                {"name": "a", "host": "LOCALHOST", "plugin_hash_string": "*H"},
                {"name": "d", "host": "%", "plugin_hash_string": ""},
            ],
        ),
        (
            "database_users_credentials",
            ([{"item": "r"}, {"item": "s", "sts_creds": {**SESSION, "expiration": "soon"}}], {"verify_role_arn": "s"}),
            {"profile": "", **SESSION},
        ),
        ("database_users_credentials", ([], {"verify_role_arn": ""}), {}),
        (
            "database_users_hash",
            (
                [{"name": "a", "host": "LOCALHOST", "plugin_hash_string": "*H"}],
                {"name": "a", "host": "localhost", "invalidates_password": True},
            ),
            "*H",
        ),
        (
            "database_users_hash",
            (
                [{"name": "a", "host": "%", "plugin_hash_string": "*H"}],
                {"name": "a", "host": "%", "invalidates_password": False},
            ),
            "",
        ),
        ("database_users_summary", ([],), {"lines": [], "failures": []}),
        ("database_users_reverts", ({"invalidates_password": True}, "map", "False"), True),
        ("database_users_reverts", ({"invalidates_password": True}, "map", "True"), False),
    ],
)
def test_filter_returns_the_value(name, arguments, expected):
    assert apply(name, *arguments) == expected


DATABASE = {"arn": "arn:aws:rds:eu-west-1:123456789012:db:orders", "resource_id": "db-ORDERS"}


OLD_PREFIX = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OLD"


def test_rds_connect_policy_accepts_text_numbers_and_booleans():
    policy = apply("rds_connect_policy", [DATABASE], users=["app"])
    assert policy["Statement"][0]["Resource"] == ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app"]
    assert apply("rds_connect_policy", [DATABASE], "app", "2048", "false") == policy
    assert apply("rds_connect_policy", [DATABASE], "app", max_size="2048", split="yes") == [policy]


def test_host_results_host_without_result():
    hostvars = {"a": {"result": {"changed": True, "plan_id": "abc"}}, "b": {}}
    found = apply("host_results", hostvars, ["a", "b"], "result", True)
    assert (found["changed"], found["expect_plan_ids"]) == (True, {"a": "abc", "b": ""})


def test_restore_options_returns_options():
    found = apply("restore_options", {"target_name": "drill", "source_name": "monday"})
    assert (found["db_instance_identifier"], found["db_snapshot_identifier"]) == ("drill", "monday")


def test_rollout_filters_accept_text_numbers():
    report = {"waves": [], "blocked": {}, "failures": [], "stopped": "", "preview": True, "before": {}, "after": {}}
    recorded = apply("rollout_record", report, {"number": 1, "total": 1, "select": {}}, {}, {"max_failures": "2.0"})
    assert apply("rollout_summary", recorded, "1")[-1] == "All waves were previewed."
    assert "Waves without an error: 0 of 1." in apply("rollout_failure", {**recorded, "stopped": "Stopped"}, "1")


def test_database_users_filters_use_one_plan():
    users, found = [{"name": "app", "replaces": "legacy"}], target("postgresql")
    assert apply("database_users_requests", users, found)["errors"] == []
    planned = apply("database_users_plan", users, {"target": found, "facts": pg_facts(pg_role("legacy"))})
    (user,) = planned["users"]
    check = {"logged_in": True, "user": "app"}
    assert apply("database_users_verified", check, user, IDENTITY)
    done = {"steps": ["map", "check"], "check": check, "identity": IDENTITY}
    results = apply("database_users_record", apply("database_users_record", [], user, done), user)
    assert [entry["outcome"] for entry in results] == ["created", "not_started"]
    after = pg_facts(pg_role("legacy"), pg_role("app"))
    diff = apply("database_users_diff", results[:1], user)
    assert diff["before"] == "exists: false\npolicies: []\n"
    assert diff["after"].startswith("exists: true\nlogin: true\nmapped_to_iam: true\n")
    assert apply("database_users_diff", results, user)["after"] == diff["before"]
    left = apply("database_users_left", users, {"target": found, "facts": after, "principals": []}, user)
    assert "create user app" not in left["actions"]
    assert "map it to IAM" in left["actions"]


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        (
            [{"item": "role", "msg": "Unable to assume role: AccessDenied."}],
            "Unable to assume role: AccessDenied. Allow",
        ),
        ([{"item": "other", "sts_creds": SESSION}], "it could not be assumed. Allow the task to assume the role."),
        ([], "it could not be assumed. Allow"),
    ],
)
def test_credentials_of_role_that_was_not_assumed_fail(results, reason):
    with pytest.raises(AnsibleFilterError, match=f"verify_role_arn: role: {reason}"):
        apply("database_users_credentials", results, {"verify_role_arn": "role"})


def test_database_users_target_names_missing_collection(monkeypatch):
    options = {"db_instance_identifier": "orders", "timeout": 9, "admin_username": "a", "ca_cert": "/ca", "users": [1]}
    assert apply("database_users_target", [target()], options)["login"]["login_user"] == "a"
    monkeypatch.setattr(load("database_users_target"), "is_installed", lambda _name: False)
    (error,) = apply("database_users_target", [target()], options)["errors"]
    assert error.endswith("Run: ansible-galaxy collection install community.postgresql")


def test_database_users_target_looks_for_collections():
    is_installed = load("database_users_target").is_installed
    assert is_installed("passwordless.rds")
    assert not is_installed("passwordless.none")
    assert not is_installed("nobody.none")


def test_database_users_mysql_queries():
    accounts = [mysql_user("app"), mysql_user("other")]
    found = apply("database_users_mysql_queries", [{"name": "app"}], target("mysql"), accounts)
    assert found == ["SHOW GRANTS FOR 'app'@'%'", "SHOW CREATE USER 'app'@'%'"]


def test_database_users_mysql_facts_contain_no_password():
    create = {"app": "CREATE USER `app`@`%` IDENTIFIED BY PASSWORD '*SECRET' ACCOUNT LOCK"}
    results = mysql_facts(mysql_user("app"), create=create)
    found = apply("database_users_mysql_facts", [{"name": "app"}], target("mysql"), results)
    assert [(account["name"], account["locked"]) for account in found["accounts"]] == [("app", True)]
    assert "SECRET" in str(results)
    assert "SECRET" not in str(found)


def test_database_users_policy_fails_for_statements_of_others():
    planned = {"arn": ROLE, "iam_type": "role", "iam_name": "app", "user": "app", "absent": False}
    found = apply("database_users_policy", planned, target(), {"policies": []}, [])
    assert (found["state"], found["policy_name"]) == ("present", POLICY_NAME)
    other = {"policy_name": POLICY_NAME, "policy_document": {"Statement": []}}
    with pytest.raises(AnsibleFilterError, match="contains more than"):
        apply("database_users_policy", planned, target(), {"policies": [other]}, [])


def test_drill_old_policies_fails_for_statements_of_others():
    target_name = f"passwordless-rds-{DATABASE['resource_id']}"
    old = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": [f"{OLD_PREFIX}/app"]}
    policies = [{"policy_name": "passwordless-rds-db-OLD", "policy_document": {"Statement": [old]}}]
    finding = {
        "code": "dead",
        "resource": f"{OLD_PREFIX}/app",
        "policy_name": "passwordless-rds-db-OLD",
        "policy_type": "inline",
        "attached_to": [ROLE],
    }
    plan = {"principals": [{"arn": ROLE, "iam_type": "role", "iam_name": "app"}], "old_policies": "repair"}
    receipt = {"source": {"resource_id": "db-OLD"}, "target": DATABASE}
    found = apply("drill_old_policies", plan, receipt, [finding], [{"policies": policies}])
    assert [policy["policy_name"] for policy in found["attach"]] == [target_name]
    other = {"policy_name": target_name, "policy_document": {"Statement": [{**old, "Resource": "*"}]}}
    with pytest.raises(AnsibleFilterError, match="contains more than"):
        apply("drill_old_policies", plan, receipt, [finding], [{"policies": [*policies, other]}])


def test_drill_filters_accept_text_booleans():
    receipt = apply("drill_start", "localhost", "2026-11-24T03:30:00.000000Z", "True", "False")
    assert apply("drill_cleanup", receipt, {}, "False")["instances"] == []
    step, end = {"name": "checks", "start": "2026-11-24T03:30:00.000000Z"}, "2026-11-24T03:30:01.500000Z"
    receipt = apply("drill_step", receipt, step, end, {})
    receipt = apply("drill_cleanup_step", receipt, {"skipped": "previewed"}, step, end, {})
    receipt = apply("drill_finish", receipt, end)
    assert (receipt["outcome"], receipt["seconds"]) == ("previewed", 1.5)
    assert apply("drill_summary", receipt)[0] == "This is a preview: nothing was changed."
    assert apply("drill_page", receipt).startswith("# Restore drill: localhost\n")


def test_drill_plan_accepts_text():
    plan = apply("drill_plan", [{"name": "app"}], {"policy_timeout": "60", "cleanup": "False", "receipt_path": ""})
    assert (plan["users"][0]["name"], plan["login_retries"]) == ("app", 12)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("drill_plan", ([], {}), "restore_drill_users: it contains no user"),
        ("drill_credentials", ({"roles": ["a"]}, [{}], {"verify_role_arn": "a"}), "the role could not be assumed"),
        (
            "drill_policies",
            ({"principals": [], "users": []}, {"resource_id": "db-X"}, []),
            "its ARN and its resource id are unknown",
        ),
        ("drill_restore_options", ({},), "rds_drill_target_name: the name is blank"),
        ("drill_previous", ("{}", "a.json"), "restore_drill_previous: a.json: the file is not the receipt"),
        ("drill_users", ("", "users"), "users: the value is not a list of users"),
        ("drill_users", ("[app]", "users"), "users: an entry is not a dictionary"),
        ("drill_users", ("- name: {", "users"), "users: the text is not valid YAML"),
        ("rds_connect_policy", ([], ["app"]), "databases: it contains no database"),
        ("rds_connect_policy", ([DATABASE], []), "users: it contains no name"),
        ("rds_connect_policy", ([DATABASE], ["app"], "large"), "max_size, split: they must be a number and a boolean"),
        ("rds_connect_policy", ([DATABASE], ["app"], 6144, "often"), "max_size, split: they must be a number"),
        ("survey_choice", ("no", {"on": True}, "on", "setting"), "setting: 'no' is not valid"),
        ("approved_plan", ("", {"eu": "abc"}, "us"), "no approved plan for host us"),
        ("survey_selection", ({"tags": "env=a\nenv=b"},), "env is named more than once"),
        ("restore_options", ({},), "rds_restore_iam_target_name: the name is blank"),
        ("survey_waves", ("", "waves"), "waves: no wave is set"),
        ("survey_waves", (" ", "waves"), "waves: no wave is set"),
        ("survey_waves", (None, "waves"), "waves: no wave is set"),
        ("survey_waves", ("tags: {env: test}", "waves"), "waves: the value is a single selection, not a list"),
        ("survey_waves", ({"all": True}, "waves"), "waves: the value is a single selection, not a list"),
        ("survey_waves", ("test", "waves"), "waves: the value is not a list"),
        ("survey_waves", ([{"all": True}, "prod"], "waves"), "waves: wave 2: 'prod' is not a selection"),
        ("survey_waves", ([{"all": True}, {"tag": {"env": "prod"}}], "waves"), "waves: wave 2: tag. Supported"),
        ("survey_waves", ([{"all": "perhaps"}], "waves"), "waves: wave 1: argument 'all' is of type"),
        ("survey_waves", ([{}], "waves"), "waves: wave 1: select: it has no criterion"),
        ("survey_waves", ("- tags: {env: true}", "waves"), "waves: wave 1: select: the value of tag env is true"),
        ("survey_waves", ("- tags: {env", "waves"), "waves: the text is not valid YAML"),
        ("survey_waves", ([], "waves"), "waves: no wave is set"),
        ("survey_users", ("",), "rds_users_users: no user is set"),
        ("survey_users", ("app",), "rds_users_users: the value is not a list of dictionaries"),
        ("survey_users", ("- {name",), "rds_users_users: the text is not valid YAML"),
    ],
)
def test_filter_invalid_input_raises(name, arguments, error):
    with pytest.raises(AnsibleFilterError, match=error):
        apply(name, *arguments)
