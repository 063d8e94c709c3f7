# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The proposed policy allows existing databases and mapped users, and lists what it could not replace."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_policy import size
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_proposals import Proposer
from ansible_collections.passwordless.rds.tests.unit.connect_account import (
    PRINCIPAL,
    arn,
    document,
    inventory,
    proposal,
    statement,
)

USERS = {
    "db-ORDERS": {"app": True, "a*b": True, "old": False, "both": None},
    "cluster-LEDGER": {"app": True},
    "prx-front": {"app": True},
    "db-STOCK": {"app": True, "stock": True},
}
US = {"region": "us-east-1"}


def resources(found):
    return [text for policy in found.policies for item in policy["Statement"] for text in item["Resource"]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([arn("db-ORDERS/app")], [arn("db-ORDERS/app")]),
        ([arn("db-ORDERS/*")], [arn("db-ORDERS/a${*}b"), arn("db-ORDERS/app"), arn("db-ORDERS/both")]),
        ([arn("db-ORDERS/a*")], [arn("db-ORDERS/a${*}b"), arn("db-ORDERS/app")]),
        ([arn("db-ORDERS/a${*}b")], [arn("db-ORDERS/a${*}b")]),
        ([arn("db-ORDERS/old"), arn("db-ORDERS/nobody")], []),
        ([arn("*/app")], [arn("cluster-LEDGER/app"), arn("db-ORDERS/app"), arn("prx-front/app")]),
        ([arn("db-*/app"), arn("db-ORDERS/app")], [arn("db-ORDERS/app")]),
        ([arn("db-GONE/app"), arn("db-MEMBER/app"), arn("db-ERP/app")], []),
        ([arn("db-STOCK/app")], []),
        ([arn("db-STOCK/*", **US)], [arn("db-STOCK/app", **US), arn("db-STOCK/stock", **US)]),
        ([arn("db-ORDERS/app", account="999999999999")], []),
    ],
)
def test_proposal_contains_mapped_users_of_existing_databases(given, expected):
    found = proposal(inventory(USERS), document(statement(*given)))
    assert resources(found) == expected
    assert found.unresolved == ()
    assert found.is_minimal == (sorted(given) == expected)


def test_proposal_without_deleted_databases_is_minimal():
    assert proposal(inventory(USERS), document(statement(arn("db-ORDERS/app")))).is_minimal


def test_proposal_of_several_policies_is_one():
    first, second = document(statement(arn("db-ORDERS/app"))), document(statement(arn("prx-front/app")))
    found = proposal(inventory(USERS), first, second)
    assert resources(found) == [arn("db-ORDERS/app"), arn("prx-front/app")]
    assert found.is_minimal


@pytest.mark.parametrize("action", ["rds-db:connect", "rds-db:*"])
def test_proposal_replaces_every_resource_of_logins(action):
    found = proposal(inventory(USERS), document(statement("*", Action=action)))
    assert len(resources(found)) == 7
    assert [tuple(one) for one in found.unresolved] == [("*", "it matches Regions that were not read")]


@pytest.mark.parametrize("content", [document(statement("*", Action="*")), document(statement("*", effect="Deny"))])
def test_no_proposal_for_wider_permissions(content):
    assert proposal(inventory(USERS), content) is None


def test_denied_logins_are_not_needed():
    content = document(statement(arn("*/app")), statement(arn("db-*/*"), effect="Deny"))
    assert resources(proposal(inventory(USERS), content)) == [arn("cluster-LEDGER/app"), arn("prx-front/app")]


def test_denial_with_condition_is_ignored():
    denied = statement(arn("db-*/*"), effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    found = proposal(inventory(USERS), document(statement(arn("db-ORDERS/app")), denied))
    assert resources(found) == [arn("db-ORDERS/app")]


@pytest.mark.parametrize(
    ("resource", "expected", "reason"),
    [
        (arn("db-ORDERS/app"), [arn("db-ORDERS/app")], None),
        (arn("db-ORDERS/*"), [], "the users of instance/orders are unknown"),
        (arn("db-ORDERS/${aws:username}"), [], "whose value depends on the request"),
        (arn("db-GONE/app", region="*"), [], "it matches Regions that were not read"),
        (arn("db-GONE/app", region="ap-south-1"), [], "it matches Regions that were not read"),
    ],
)
def test_proposal_without_users_lists_unresolved(resource, expected, reason):
    found = proposal(inventory(), document(statement(resource)))
    assert resources(found) == expected
    reasons = [why for _resource, why in found.unresolved]
    assert (reasons == []) if reason is None else (reason in reasons[0])
    assert found.is_minimal == (reason is None)


@pytest.mark.parametrize(
    "element",
    [{"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, {"Effect": "Maybe"}, {"Resource": None}],
)
def test_statement_that_cannot_be_analysed_is_unresolved(element):
    found = proposal(inventory(USERS), document(statement(arn("db-ORDERS/app"), **element)))
    assert found.policies == ()
    assert len(found.unresolved) == 1
    assert found.unresolved[0].resource is None


def test_name_that_a_policy_cannot_contain_is_unresolved():
    found = proposal(inventory({"db-ORDERS": {"zażółć": True, "app": True}}), document(statement(arn("db-ORDERS/*"))))
    assert resources(found) == [arn("db-ORDERS/app")]
    assert [one.resource for one in found.unresolved] == [arn("db-ORDERS/zażółć")]


def test_large_proposal_is_split():
    users = {"db-ORDERS": {f"user_{number:03}": True for number in range(200)}}
    found = proposal(inventory(users), document(statement(arn("db-ORDERS/*"))))
    assert len(found.policies) > 1
    assert max(map(size, found.policies)) <= 6144
    assert len(resources(found)) == 200


def test_proposal_of_principal_without_statements_is_none():
    assert Proposer(inventory(USERS)).propose(PRINCIPAL, []) is None
