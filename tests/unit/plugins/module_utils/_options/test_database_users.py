# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users of the role: bad input is refused with its place and a remedy."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def read(*users, protocol="postgresql"):
    engine = "postgres" if protocol == "postgresql" else "mariadb"
    return read_user_requests(users, protocol=protocol, engine=engine, account=ACCOUNT)


def test_user_has_defaults():
    (request,), errors = read({"name": "app"})
    assert errors == []
    assert (request.strategy, request.host, request.absent, request.close_replaced) == ("alongside", "", False, False)
    (request,), _errors = read({"name": "app", "replaces": "legacy"}, protocol="mysql")
    assert (request.label, request.replaced_label) == ("app@%", "legacy@%")


@pytest.mark.parametrize(
    ("value", "closes"), [(True, True), ("True", True), ("yes", True), ("false", False), ("no", False), ("", False)]
)
def test_close_replaced_may_be_text(value, closes):
    """Ansible checks the options of a role, but does not convert them. Surveys and templates return text."""
    (request,), errors = read({"name": "app", "replaces": "legacy", "close_replaced": value})
    assert (request.close_replaced, errors) == (closes, [])


def test_lists_may_be_text():
    user = {"name": "app", "databases": "sales", "grants": "readers", "principals": ROLE}
    (request,), errors = read(user)
    assert (request.databases, request.grants, errors) == (("sales",), ("readers",), [])
    assert [principal.arn for principal in request.principals] == [ROLE]


@pytest.mark.parametrize("name", ["select", "App", "o'brien", 'a"b', "a.b", "app@10", "Ünï"])
def test_names_are_used_exactly(name):
    (request,), errors = read({"name": name})
    assert (request.name, errors) == (name, [])


@pytest.mark.parametrize(
    ("protocol", "user", "message"),
    [
        ("postgresql", {"name": " "}, "database_users_users[0].name: ' ' is not the name of a database user"),
        ("postgresql", {"name": "a" * 64}, "has 64 bytes"),
        ("mysql", {"name": "a\0"}, "contains a NUL character"),
        ("postgresql", {"name": "'app'@'10.%'"}, "PostgreSQL users have no host. Set name to app."),
        ("mysql", {"name": "'app'@'10.%'"}, "Set name to app and host to 10.%."),
        ("mysql", {"name": "a", "replaces": "`b`@`%`"}, ".replaces: '`b`@`%`' is an account of MySQL"),
        (
            "postgresql",
            {"name": "app", "host": "10.%"},
            "database_users_users[0].host: '10.%': PostgreSQL users have no host",
        ),
        ("postgresql", {"name": "rds_iam"}, "belongs to RDS or to the engine"),
        ("postgresql", {"name": "pg_monitor"}, "belongs to RDS or to the engine"),
        ("mysql", {"name": "mariadb.sys"}, "belongs to RDS or to the engine"),
        ("postgresql", {"name": "app", "replaces": "app"}, "replaces: the user cannot replace itself"),
        ("postgresql", {"name": "a", "replaces": "b", "strategy": "in_place"}, "invalid with strategy in_place"),
        ("postgresql", {"name": "a", "replaces": "b", "grants": ["c"]}, "gets the rights of the replaced user"),
        ("postgresql", {"name": "a", "close_replaced": True}, "close_replaced: it requires replaces"),
        ("postgresql", {"name": "a", "replaces": "b", "close_replaced": True, "state": "absent"}, "the state present"),
        ("mysql", {"name": "a", "grants": ["SELECT ON sales.*"]}, "is not a list of privileges on tables"),
        ("mysql", {"name": "a", "grants": ["sales.*:SELECT/x.*:ALL"]}, "is not a list of privileges on tables"),
        (
            "postgresql",
            {"name": "a", "principals": [f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"]},
            "is a session of a role. Use the ARN of the role app.",
        ),
        ("postgresql", {"name": "a", "principals": ["app"]}, "principals: 'app' is not the ARN of an IAM role or user"),
        ("postgresql", {"name": "a", "principals": [f"arn:aws:iam::{ACCOUNT}:group/x"]}, "is not the ARN"),
        ("postgresql", {"name": "a", "principals": [f"arn:aws:iam::{ACCOUNT}:role/*"]}, "is not the ARN"),
        (
            "postgresql",
            {"name": "a", "principals": ["arn:aws:iam::999999999999:role/app"]},
            f"is in account 999999999999, but the database is in account {ACCOUNT}",
        ),
        (
            "postgresql",
            {"name": "a", "verify_role_arn": ROLE, "principals": [ROLE + "2"]},
            "is not one of the principals",
        ),
        (
            "postgresql",
            {"name": "a", "verify_role_arn": f"arn:aws:iam::{ACCOUNT}:user/x"},
            "is an IAM user, which cannot be assumed",
        ),
    ],
)
def test_invalid_input_is_refused(protocol, user, message):
    requests, errors = read(user, protocol=protocol)
    assert requests == []
    (error,) = errors
    assert error.startswith("database_users_users[0]")
    assert message in error


@pytest.mark.parametrize(
    ("users", "message"),
    [
        ([{"name": "a"}, {"name": "a"}], "database_users_users[1]: 'a': database_users_users[0] is the same user"),
        ([{"name": "a", "replaces": "b"}, {"name": "b"}], "database_users_users[0].replaces: 'b' is the user of"),
        ([{"name": "a"}, {"name": "A"}], None),
    ],
)
def test_users_that_exclude_each_other(users, message):
    _requests, errors = read(*users)
    assert [message in error for error in errors] == ([True] if message else [])


def test_principals_have_name_without_path():
    (request,), _errors = read({"name": "a", "principals": [f"arn:aws:iam::{ACCOUNT}:role/team/x/app", ROLE]})
    assert [(principal.kind, principal.name) for principal in request.principals] == [("role", "app"), ("role", "app")]
