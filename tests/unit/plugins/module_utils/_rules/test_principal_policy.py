# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inline policy of the roles is recognized, and no other policy is."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_resources import read_login_resources
from ansible_collections.passwordless.rds.plugins.module_utils._rules.principal_policy import (
    find_document,
    policy_document,
    policy_name,
    statements_of,
    users_of_statement,
)
from ansible_collections.passwordless.rds.tests.unit.login_databases import ORDERS

(RESOURCE,) = read_login_resources([ORDERS])
PREFIX = RESOURCE.prefix
USERS = {"app", "a*b", "a?b", "a$b"}


def test_policy_is_read_back():
    document = policy_document(RESOURCE, USERS, "role")
    (statement,) = statements_of(document)
    assert users_of_statement(statement, PREFIX) == USERS


def test_policy_is_found_by_name():
    found = [{"policy_name": policy_name(one), "policy_document": {"Id": one}} for one in ("db-A", "db-B")]
    assert find_document(found, "passwordless-rds-db-B") == {"Id": "db-B"}
    assert find_document(found, "passwordless-rds-db-C") is None


def test_single_statement_is_a_list():
    assert [statements_of(document) for document in ({"Statement": {"Sid": "A"}}, {})] == [[{"Sid": "A"}], []]


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Action": "rds-db:*"},
        {"Action": ["rds-db:connect", "s3:GetObject"]},
        {"Condition": {}},
        {"Resource": [f"{PREFIX}*"]},
        {"Resource": [f"{PREFIX}${{aws:username}}"]},
        {"Resource": [f"{PREFIX}app", "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OTHER/app"]},
    ],
)
def test_statement_of_others_is_not_read(changes):
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": f"{PREFIX}app"}
    assert users_of_statement({"Sid": "A", **statement}, PREFIX) == {"app"}
    assert users_of_statement({**statement, **changes}, PREFIX) is None
