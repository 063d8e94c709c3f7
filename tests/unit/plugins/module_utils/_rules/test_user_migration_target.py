# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The database of the role, its errors, and the options of the logins."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_target import (
    find_target,
    login_options,
    missing_collections,
    option_errors,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import ACCOUNT, target

OPTIONS = {
    "db_instance_identifier": "orders",
    "timeout": "10",
    "policy_timeout": "60",
    "admin_username": "postgres",
    "ca_cert": "/ca.pem",
    "users": [{"name": "app"}],
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, None),
        ({"db_instance_identifier": ""}, "0 of them are set. Set exactly one of them."),
        ({"login_host": "x"}, "2 of them are set"),
        ({"timeout": 0}, "database_users_timeout: 0: the value is out of range"),
        ({"timeout": 301}, "database_users_timeout: 301"),
        ({"policy_timeout": -1}, "database_users_policy_timeout: -1: the value is out of range. Use 0 to 3600."),
        ({"policy_timeout": "3601"}, "database_users_policy_timeout: 3601: the value is out of range"),
        ({"admin_username": " "}, "database_users_admin_username: it is blank"),
        ({"users": []}, "database_users_users: it contains no user"),
    ],
)
def test_options_are_checked_without_a_call(changes, message):
    errors = option_errors({**OPTIONS, **changes})
    assert [message in error for error in errors] == ([True] if message else [])


def test_target_is_found_by_endpoint():
    other = target(identifier="other", endpoint={"address": "other.c9.eu-west-1.rds.amazonaws.com", "port": 1})
    found = find_target([other, target()], {"login_host": "ORDERS.c9.eu-west-1.rds.amazonaws.com"})
    assert (found["identifier"], found["instance"], found["cluster"]) == ("orders", "orders", "")
    assert (found["protocol"], found["account"], found["region"], found["errors"]) == (
        "postgresql",
        ACCOUNT,
        "eu-west-1",
        [],
    )
    assert "'x' is not an endpoint" in find_target([other], {"login_host": "x"})["errors"][0]


@pytest.mark.parametrize(
    ("database", "options", "message"),
    [
        (
            target(iam_database_authentication_enabled=False),
            {},
            "IAM database authentication is disabled. Enable it with",
        ),
        (target(endpoint=None, status="creating"), {}, "it has no endpoint in status creating"),
        (target(engine="oracle-ee"), {}, "the engine oracle-ee does not support"),
        (target("mysql"), {"connect_host": "127.0.0.1"}, "community.mysql verifies the certificate against the host"),
        (target(), {"connect_host": "localhost"}, "'localhost' is not an IP address"),
        (target(), {"connect_host": "127.0.0.1"}, None),
    ],
)
def test_target_that_cannot_be_used_is_an_error(database, options, message):
    errors = find_target([database], {**OPTIONS, **options})["errors"]
    assert [message in error for error in errors] == ([True] if message else [])


def test_login_options_verify_the_server():
    options = {**OPTIONS, "connect_host": "127.0.0.1", "connect_port": "15432"}
    login = login_options(target(), options)
    assert (login["ssl_mode"], login["login_host"], login["login_port"]) == (
        "verify-full",
        target()["endpoint"]["address"],
        15432,
    )
    assert login["connect_params"] == {"gssencmode": "disable", "connect_timeout": 10, "hostaddr": "127.0.0.1"}
    login = login_options(target("mysql"), {**OPTIONS, "connect_port": "0"})
    assert (login["check_hostname"], login["login_port"], login["config_file"]) == (True, 5432, "")


@pytest.mark.parametrize(
    ("protocol", "installed", "missing"),
    [
        ("postgresql", {"community.postgresql"}, None),
        ("postgresql", {"community.mysql"}, "ansible-galaxy collection install community.postgresql"),
        ("mysql", {"community.mysql", "ansible.mysql"}, None),
        ("mysql", {"community.mysql"}, "ansible-galaxy collection install community.mysql"),
    ],
)
def test_missing_collection_names_the_command(protocol, installed, missing):
    errors = missing_collections(protocol, installed.__contains__)
    assert [error.endswith(f"Run: {missing}") for error in errors] == ([True] if missing else [])


@pytest.mark.parametrize(
    ("has_password", "variable"),
    [
        (True, "database_users_admin_password"),
        ("True", "database_users_admin_password"),
        (False, "_database_users_token"),
        ("False", "_database_users_token"),
        (None, "_database_users_token"),
    ],
)
def test_administrator_without_password_uses_token(has_password, variable):
    found = find_target([target()], {**OPTIONS, "has_admin_password": has_password})
    assert (found["password_variable"], found["errors"]) == (variable, [])
