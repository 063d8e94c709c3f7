# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each resource of a statement is compared with the databases and users that exist."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_findings import implied_reasons
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_grants import connect_grants
from ansible_collections.passwordless.rds.tests.unit.connect_account import (
    account_of,
    arn,
    document,
    findings,
    inventory,
    statement,
)

USERS = {
    "db-ORDERS": {"app": True, "Reports": False, "old": False, "both": None},
    "cluster-LEDGER": {"app": False, "ledger": True},
    "prx-front": {"app": True},
    "db-STOCK": {"app": True},
}


def codes(resource, users=None, **elements):
    return [code for code, _resource, _message in findings(inventory(users), document(statement(resource, **elements)))]


@pytest.mark.parametrize(
    "resource",
    [
        arn("db-ORDERS/app"),
        arn("cluster-LEDGER/app"),
        arn("prx-front/app"),
        arn("db-STOCK/app", region="us-east-1"),
        arn("db-ORDERS/app", region="*", account="*"),
        arn("db-ORDERS/app", region="eu-*-?", account="1234*"),
        arn("db-ORDERS/${*}"),
    ],
)
def test_resource_of_existing_database_has_no_finding(resource):
    assert codes(resource) == []


@pytest.mark.parametrize(
    ("resource", "code", "message"),
    [
        (arn("db-GONE/app"), "dead", "db-GONE does not exist in eu-west-1"),
        (arn("db-GONE/*"), "dead", "db-GONE does not exist in eu-west-1"),
        (arn("cluster-GONE/app", region="us-east-1"), "dead", "does not exist in us-east-1"),
        (arn("db-MEMBER/app"), "other_database", "Use cluster-LEDGER"),
        (arn("db-ERP/app"), "other_database", "oracle-ee"),
        (arn("orders/app"), "other_database", "Use db-ORDERS (instance/orders)"),
        (arn("db-orders/app"), "other_database", "Use db-ORDERS (instance/orders)"),
        (arn("db-STOCK/app"), "other_database", "is in Region us-east-1"),
        (arn("db-STOCK/app", region="eu-*"), "other_database", "is in Region us-east-1"),
        (arn("db-ORDERS/app", region="ap-south-1"), "other_database", "is in Region eu-west-1"),
        (arn("db-ORDERS"), "other_database", "no resource id and user"),
        (arn("db-ORDERS/"), "other_database", "no resource id and user"),
        (arn("db-GONE/app", region="ap-south-1"), "unknown", "its Region was not read"),
        (arn("*/app", region="ap-south-1"), "unknown", "its Region was not read"),
        (arn("db-GONE/app", region="*"), "unknown", "other Regions were not read"),
        (arn("db-GONE/app", region="eu-*"), "unknown", "other Regions were not read"),
        (arn("db-GONE/app", account="999999999999"), "unknown", "an account other than 123456789012"),
        (arn("db-ORDERS/app", account="999999999999"), "unknown", "an account other than 123456789012"),
        (arn("db-GONE/app", partition="aws-cn"), "unknown", "a partition other than aws"),
        (arn("*/*", account="*", region="*"), "wildcard", "and on each new one"),
        (arn("*"), "wildcard", "instance/orders, cluster/ledger, proxy/front"),
        (arn("db-*/app"), "wildcard", "currently instance/orders, and"),
        (arn("db-ORDER?/app"), "wildcard", "currently instance/orders, and"),
        (arn("db-X*/app"), "wildcard", "currently none, and"),
        (arn("db-ORDERS/*"), "wildcard", "the users of instance/orders are unknown"),
        (arn("db-ORDERS/${aws:username}"), "not_analysed", "${aws:username}"),
        ("arn:aws:rds-db:*", "wildcard", "and on each new one"),
        ("db-ORDERS/app", "not_analysed", "neither an ARN nor *"),
    ],
)
def test_resource_has_finding(resource, code, message):
    ((found, text, why),) = findings(inventory(), document(statement(resource)))
    assert (found, text) == (code, resource)
    assert message in why


@pytest.mark.parametrize(
    ("resource", "code", "message"),
    [
        (arn("db-ORDERS/App"), "user_missing", "Similar: app"),
        (arn("db-ORDERS/nobody"), "user_missing", "Create the user, or remove the resource"),
        (arn("db-ORDERS/old"), "user_not_mapped", "Map the user to IAM"),
        (arn("cluster-LEDGER/app"), "user_not_mapped", "Map the user to IAM"),
    ],
)
def test_user_has_finding(resource, code, message):
    ((found, _resource, why),) = findings(inventory(USERS), document(statement(resource)))
    assert found == code
    assert message in why


def test_user_without_reported_authentication_has_no_finding():
    assert codes(arn("db-ORDERS/both"), USERS) == []


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("app", ["wildcard"]),
        ("nobody", ["wildcard", "user_missing"]),
        ("old", ["wildcard", "user_not_mapped"]),
    ],
)
def test_user_on_every_database_is_checked_once(user, expected):
    assert codes(arn(f"*/{user}", region="*"), USERS) == expected


def test_user_is_not_missing_if_users_are_unknown():
    assert codes(arn("*/nobody"), {"db-ORDERS": USERS["db-ORDERS"]}) == ["wildcard"]


def test_wildcard_names_mapped_users():
    ((_code, _resource, message),) = findings(inventory(USERS), document(statement(arn("db-ORDERS/*"))))
    assert "mapped users that match: 'app', 'both'" in message


def test_deny_is_reported_and_not_compared():
    assert codes(arn("db-GONE/app"), effect="Deny") == ["deny"]
    assert codes("*", effect="Deny", Action="*") == ["deny"]
    assert codes("*", effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}) == ["not_analysed"]


@pytest.mark.parametrize(
    ("elements", "reasons"),
    [
        ({}, ["it allows the resource *"]),
        ({"Action": "*"}, ["it allows *", "it allows the resource *"]),
        ({"Action": ["rds-db:*", "s3:*"]}, ["it allows rds-db:*", "it allows the resource *"]),
        ({"Action": "RDS-DB:Connect"}, ["it allows the resource *"]),
        ({"Resource": "arn:*", "Action": "*"}, ["it allows *", "it allows the resource arn:*"]),
        ({"Resource": arn("db-ORDERS/app"), "Action": "rds-db:*"}, ["it allows rds-db:*"]),
        ({"Resource": arn("db-ORDERS/app")}, []),
        ({"Effect": "Deny"}, []),
        ({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, []),
    ],
)
def test_implied_statements_are_separate(elements, reasons):
    content = document(statement(**{"Resource": "*", **elements}))
    (grant,) = connect_grants(account_of(content))
    assert implied_reasons(grant.statement) == reasons
    found = [code for code, _resource, _message in findings(inventory(), content)]
    assert found in ([], ["deny"], ["not_analysed"])


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_other_partitions(partition, region):
    where = inventory(partition=partition, regions=(region,))
    here = {"partition": partition, "region": region}
    content = document(statement(*(arn(f"{one}/app", **here) for one in ("db-ORDERS", "db-GONE"))))
    assert [code for code, _resource, _message in findings(where, content)] == ["dead"]
