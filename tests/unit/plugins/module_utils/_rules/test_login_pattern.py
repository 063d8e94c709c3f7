# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The pattern of a resource decides which databases and users a statement is about."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_pattern import LoginPattern, read_pattern
from ansible_collections.passwordless.rds.tests.unit.connect_account import arn, inventory

ORDERS = inventory().targets["db-ORDERS"]


def pattern(text):
    found = read_pattern(text, variables=True)
    assert isinstance(found, LoginPattern)
    return found


@pytest.mark.parametrize(
    ("text", "resource_id", "user", "matches_app"),
    [
        (arn("db-ORDERS/app"), "db-ORDERS", "app", True),
        (arn("db-ORDERS/App"), "db-ORDERS", "App", False),
        (arn("db-ORDERS/*"), "db-ORDERS", None, True),
        (arn("db-ORDERS/a??"), "db-ORDERS", None, True),
        (arn("*/app"), None, "app", True),
        (arn("db-OTHER/app"), "db-OTHER", "app", False),
        (arn("db-ORDERS/app", region="eu-*"), "db-ORDERS", "app", True),
        (arn("db-ORDERS/app", region="us-east-1"), "db-ORDERS", "app", False),
        (arn("db-ORDERS/app", account="999999999999"), "db-ORDERS", "app", False),
        (arn("db-ORDERS/app", partition="aws-cn"), "db-ORDERS", "app", False),
        ("*", None, None, True),
        ("arn:aws:rds-db:*", None, None, True),
    ],
)
def test_pattern_names_resource_id_and_user(text, resource_id, user, matches_app):
    found = pattern(text)
    assert (found.resource_id, found.user, found.matches(ORDERS, "app")) == (resource_id, user, matches_app)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (arn("db-ORDERS/app"), True),
        (arn("db-ORDERS"), False),
        (arn("db-ORDERS/"), False),
        (arn("*"), True),
        (arn("prx-front/app"), False),
    ],
)
def test_pattern_reaches_database_only_with_a_user(text, expected):
    assert pattern(text).reaches(ORDERS) is expected


def test_pattern_without_user_is_incomplete():
    assert [pattern(arn(text)).is_complete for text in ("db-ORDERS", "db-ORDERS/", "db-ORDERS/app", "*")] == [
        False,
        False,
        True,
        True,
    ]


def test_pattern_of_another_service_is_no_login():
    assert not pattern("arn:aws:s3:::bucket").can_be_login
    assert not pattern(arn("db-ORDERS", kind="cluster")).can_be_login
    assert pattern("*").can_be_login
    assert (pattern("*").names_service, pattern(arn("*")).names_service) == (False, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (arn("db-ORDERS/${aws:username}"), "policy variable ${aws:username}"),
        ("db-ORDERS/app", "neither an ARN nor *"),
        ("", "neither an ARN nor *"),
    ],
)
def test_resource_that_cannot_be_analysed_has_reason(text, reason):
    found = read_pattern(text, variables=True)
    assert isinstance(found, str)
    assert reason in found


def test_policy_variable_of_old_version_is_literal():
    found = read_pattern(arn("db-ORDERS/${aws:username}"), variables=False)
    assert isinstance(found, LoginPattern)
    assert found.user == "${aws:username}"
