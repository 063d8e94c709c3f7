# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decisions for users of MySQL and MariaDB, and the rights that cannot be copied."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_accounts import read_mysql_server
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_grants import read_grants
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_mysql import MysqlMigration
from ansible_collections.passwordless.rds.tests.unit.user_migrations import mysql_facts, mysql_user, plan_one

IAM = "AWSAuthenticationPlugin"
TLS = {"SSL": None}
USAGE = "GRANT USAGE ON *.* TO `legacy`@`%` IDENTIFIED BY PASSWORD '*SECRET'"
SELECT = "GRANT SELECT, INSERT ON `sales`.* TO `legacy`@`%`"
REPLACE = {"name": "app", "replaces": "legacy"}
LEGACY = mysql_user("legacy", resource_limits={"MAX_USER_CONNECTIONS": 7})


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("GRANT PROXY ON ''@'%' TO `legacy`@`%` WITH GRANT OPTION", "PROXY on ''@'%'"),
        ("GRANT SELECT (id, `name`) ON `sales`.`items` TO `legacy`@`%`", "column privileges on `sales`.`items`"),
        ("GRANT EXECUTE ON PROCEDURE `sales`.`p` TO `legacy`@`%`", "EXECUTE on the routine PROCEDURE `sales`.`p`"),
        ("GRANT EXECUTE ON FUNCTION `sales`.`f` TO `legacy`@`%`", "EXECUTE on the routine FUNCTION `sales`.`f`"),
        ("GRANT SELECT ON `sales`.* TO `legacy`@`%` WITH GRANT OPTION", "GRANT OPTION on `sales`.*"),
        ("GRANT USAGE ON *.* TO `legacy`@`%` WITH GRANT OPTION", "GRANT OPTION on *.*"),
        ("GRANT `reader` TO `legacy`@`%` WITH ADMIN OPTION", "ADMIN OPTION for the role `reader`"),
        ("GRANT SELECT ON `a/b`.* TO `legacy`@`%`", "special character"),
        ("GRANT SELECT ON `a:b`.`c` TO `legacy`@`%`", "special character"),
        ("SOMETHING ELSE", "a right that cannot be read"),
    ],
)
def test_rights_that_cannot_be_copied_are_refused_by_name(line, refused):
    assert refused in " ".join(read_grants([USAGE, line]).refused)
    found = plan_one(REPLACE, mysql_facts(LEGACY, grants={"legacy": [USAGE, line]}))
    assert found["outcome"] == "refused"
    assert refused in " ".join(found["problems"])


def test_alongside_new_user_copies_everything():
    facts = mysql_facts(LEGACY, grants={"legacy": [USAGE, SELECT, "GRANT `reader` TO `legacy`@`%`"]})
    found = plan_one(REPLACE, facts)
    assert found["account"]["change"] == {
        "name": "app",
        "host": "%",
        "tls_requires": TLS,
        "plugin": IAM,
        "plugin_hash_string": "RDS",
        "priv": {"`sales`.*": "INSERT,SELECT"},
        "append_privs": True,
        "resource_limits": {"MAX_USER_CONNECTIONS": 7},
    }
    assert found["statements"] == ["GRANT `reader` TO 'app'@'%'"]
    assert found["account"]["undo"] == {"name": "app", "host": "%", "tls_requires": TLS, "locked": True}
    assert (found["outcome"], found["is_mapped"], found["problems"]) == ("created", True, [])
    assert "SECRET" not in json.dumps(found)


def test_alongside_tls_requirement_is_copied():
    old = mysql_user("legacy", tls_requires={"X509": None})
    assert plan_one(REPLACE, mysql_facts(old))["account"]["change"]["tls_requires"] == {"X509": None}


@pytest.mark.parametrize(
    ("user", "old", "account", "expected", "actions"),
    [
        (REPLACE, {}, {"X509": None}, {"X509": None}, []),
        (REPLACE, TLS, {"ISSUER": "/CN=ca"}, {"ISSUER": "/CN=ca"}, []),
        (REPLACE, {"X509": None}, TLS, {"X509": None}, ["require X509"]),
        (
            REPLACE,
            {"SUBJECT": "/CN=a"},
            {"CIPHER": "A"},
            {"SUBJECT": "/CN=a", "CIPHER": "A"},
            ["require CIPHER 'A' AND SUBJECT '/CN=a'"],
        ),
        (REPLACE, {}, {}, TLS, ["require SSL"]),
        ({"name": "app"}, {}, {"CIPHER": "A"}, {"CIPHER": "A"}, []),
    ],
)
def test_stronger_tls_requirement_of_existing_account_is_kept(user, old, account, expected, actions):
    legacy, app = mysql_user("legacy", tls_requires=old), mysql_user("app", plugin=IAM, tls_requires=account)
    found = plan_one(user, mysql_facts(legacy, app))
    assert (found["actions"], found["problems"]) == (actions, [])
    assert found["account"]["change"].get("tls_requires", account) == expected


def test_in_place_keeps_the_tls_requirement():
    account = mysql_user("app", tls_requires={"ISSUER": "/CN=ca"})
    found = plan_one({"name": "app", "strategy": "in_place"}, mysql_facts(account))["account"]
    assert found["change"]["tls_requires"] == found["undo"]["tls_requires"] == {"ISSUER": "/CN=ca"}


def test_alongside_second_run_changes_nothing():
    app = mysql_user("app", plugin=IAM, tls_requires=TLS, resource_limits={"MAX_USER_CONNECTIONS": 7})
    grants = {"legacy": [USAGE, SELECT], "app": [SELECT.replace("legacy", "app")]}
    assert plan_one(REPLACE, mysql_facts(LEGACY, app, grants=grants))["outcome"] == "unchanged"
    grants["app"] = []
    left = plan_one(REPLACE, mysql_facts(LEGACY, app, grants=grants))
    assert (left["outcome"], left["actions"]) == ("updated", ["grant it INSERT,SELECT on `sales`.*"])


def test_alongside_default_role_of_each_engine():
    for role, word in (("`reader`", "FOR"), ("`reader`@`%`", "TO")):
        lines = [f"GRANT {role} TO `legacy`@`%`", f"SET DEFAULT ROLE {role} FOR `legacy`@`%`"]
        found = plan_one(REPLACE, mysql_facts(LEGACY, grants={"legacy": lines}))
        assert found["statements"] == [f"GRANT {role} TO 'app'@'%'", f"SET DEFAULT ROLE {role} {word} 'app'@'%'"]


@pytest.mark.parametrize(
    ("user", "facts", "message"),
    [
        (REPLACE, mysql_facts(), "there is no account 'legacy@%'."),
        ({**REPLACE, "host": "10.%"}, mysql_facts(LEGACY), "there is no account 'legacy@10.%'. Similar: legacy."),
        (REPLACE, mysql_facts(LEGACY, mysql_user("app")), "the user exists and logs in with a password"),
        (REPLACE, mysql_facts(mysql_user("legacy", plugin=IAM)), f"already uses {IAM}"),
        (
            REPLACE,
            mysql_facts(
                mysql_user("legacy", tls_requires={"X509": None}),
                mysql_user("app", plugin=IAM, tls_requires={"CIPHER": "A"}),
            ),
            "'legacy@%' requires X509, and the account requires CIPHER 'A'. No account can require both.",
        ),
        (REPLACE, mysql_facts(LEGACY, read_only="ON"), "the server is read-only"),
        ({"name": "app", "strategy": "in_place"}, mysql_facts(), "there is no account 'app@%'"),
        *(
            (
                {"name": "app", "strategy": "in_place"},
                mysql_facts(mysql_user("app", plugin=plugin)),
                f"the account has the plugin {plugin}, and its password could not be restored",
            )
            for plugin in ("caching_sha2_password", "sha256_password", "unix_socket", "ed25519")
        ),
        (
            {"name": "app", "strategy": "in_place"},
            mysql_facts(
                mysql_user("app"),
                create={
                    "app": "CREATE USER `app`@`%` IDENTIFIED VIA ed25519 USING 'x' OR mysql_native_password USING 'y'"
                },
            ),
            "several authentication methods",
        ),
        ({"name": "admin", "strategy": "in_place"}, mysql_facts(mysql_user("admin")), "is the administrator of"),
        ({"name": "admin", "state": "absent"}, mysql_facts(mysql_user("admin")), "is the administrator of"),
        ({**REPLACE, "close_replaced": True}, mysql_facts(LEGACY), "this run creates or changes the user"),
        (
            {**REPLACE, "close_replaced": True},
            mysql_facts(mysql_user("legacy"), mysql_user("app", plugin=IAM, tls_requires=TLS), sessions={"legacy": 1}),
            "'legacy' has 1 session(s) (source: information_schema.processlist",
        ),
    ],
)
def test_user_is_refused_with_reason(user, facts, message):
    found = plan_one(user, facts)
    assert found["outcome"] == "refused"
    assert message in " ".join(found["problems"])


def test_in_place_undo_names_plugin_and_keeps_tls():
    plugin = "mysql_native_password"
    found = plan_one({"name": "app", "strategy": "in_place"}, mysql_facts(mysql_user("app", plugin=plugin)))
    assert found["account"]["change"]["plugin"] == IAM
    assert found["account"]["undo"] == {"name": "app", "host": "%", "tls_requires": None, "plugin": plugin}
    assert (found["outcome"], found["invalidates_password"], found["may_have_lost_password"]) == ("mapped", True, False)


def test_in_place_mapped_user_may_have_lost_password():
    facts = mysql_facts(mysql_user("app", plugin=IAM, tls_requires=TLS))
    found = plan_one({"name": "app", "strategy": "in_place"}, facts)
    assert (found["outcome"], found["may_have_lost_password"]) == ("unchanged", True)
    assert not plan_one({"name": "app"}, facts)["may_have_lost_password"]


def test_close_and_absent_lock_and_keep_tls():
    legacy = mysql_user("legacy", tls_requires={"X509": None})
    app = mysql_user("app", plugin=IAM, tls_requires={"X509": None})
    closed = plan_one({**REPLACE, "close_replaced": True}, mysql_facts(legacy, app))
    assert closed["outcome"] == "closed"
    assert closed["account"]["close"] == {"name": "legacy", "host": "%", "tls_requires": {"X509": None}, "locked": True}
    removed = plan_one({"name": "app", "state": "absent"}, mysql_facts(app))
    assert removed["account"]["change"] == {"name": "app", "host": "%", "tls_requires": {"X509": None}, "locked": True}
    again = mysql_facts(app, create={"app": "CREATE USER `app`@`%` ACCOUNT LOCK"})
    assert plan_one({"name": "app", "state": "absent"}, again)["outcome"] == "unchanged"
    opened = plan_one({"name": "app"}, again)
    assert (opened["actions"], opened["outcome"]) == (["unlock it"], "created")


@pytest.mark.parametrize("strategy", ["alongside", "in_place"])
def test_revert_locks_account_that_an_earlier_run_locked(strategy):
    app = mysql_user("app", plugin=IAM, tls_requires=TLS)
    facts = mysql_facts(app, create={"app": "CREATE USER `app`@`%` ACCOUNT LOCK"})
    found = plan_one({"name": "app", "strategy": strategy}, facts)
    assert found["account"]["undo"] == {"name": "app", "host": "%", "tls_requires": TLS, "locked": True}
    assert (found["is_mapped"], found["invalidates_password"]) == (True, False)


def test_plan_of_one_user_contains_no_password():
    facts = mysql_facts(mysql_user("app"))
    user = {"name": "app", "strategy": "in_place"}
    (request,), _errors = read_user_requests([user], protocol="mysql", engine="mariadb", account="")
    found, problems = MysqlMigration(read_mysql_server(facts, [request])).plan(request)
    assert (found.actions, problems) == (("map it to IAM",), [])
    assert "SECRET" not in str(found)


def test_closing_needs_the_privilege_to_see_sessions():
    app = mysql_user("app", plugin=IAM, tls_requires=TLS)
    user = {**REPLACE, "close_replaced": True}
    for administrator in ("GRANT CREATE USER ON *.* TO `dba`@`%`", "GRANT PROCESSES ON *.* TO `dba`@`%`"):
        (problem,) = plan_one(user, mysql_facts(app, mysql_user("legacy"), administrator=administrator))["problems"]
        assert "the administrator lacks PROCESS" in problem
    for administrator in ("GRANT ALL PRIVILEGES ON *.* TO `a`@`%`", "GRANT RELOAD, PROCESS ON *.* TO `a`@`%`"):
        facts = mysql_facts(app, mysql_user("legacy"), administrator=administrator)
        assert plan_one(user, facts)["outcome"] == "closed"


def test_revert_locks_account_that_was_locked():
    facts = mysql_facts(mysql_user("app"), create={"app": "CREATE USER `app`@`%` ACCOUNT LOCK"})
    account = plan_one({"name": "app", "strategy": "in_place"}, facts)["account"]
    assert (account["change"]["locked"], account["undo"]["locked"]) == (False, True)
