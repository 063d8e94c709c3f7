# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""``rds_connect_policies_info`` with a simulated account: policies of every kind, databases in two Regions, faults."""

from __future__ import annotations

from collections import Counter

import boto3
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws import policies_client
from ansible_collections.passwordless.rds.tests.unit.connect_account import arn, document, statement
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS, Runner

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ROLE = "arn:aws:iam::123456789012:role/service/app"
IAM = "iam:GetAccountAuthorizationDetails"
READS = ("DescribeDBInstances", "DescribeDBClusters", "DescribeDBProxies")
SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "extra": {"DbiResourceId": "db-ORDERS"}},
        {"identifier": "erp", "engine": "oracle-ee", "extra": {"DbiResourceId": "db-ERP"}},
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-mysql",
            "members": [{"identifier": "ledger-1", "extra": {"DbiResourceId": "db-MEMBER"}}],
            "extra": {"DbClusterResourceId": "cluster-LEDGER"},
        }
    ],
    "db_proxies": [{"name": "front", "engine_family": "POSTGRESQL", "resource_id": "prx-front"}],
    "iam_policies": [
        {"name": "shared", "document": document(statement(arn("db-MEMBER/app"), arn("prx-front/app")))},
        {"name": "limit", "document": document(statement("*"))},
    ],
    "iam_groups": [{"name": "team", "policies": {"team": document(statement(arn("db-ORDERS/*"), Sid="Team"))}}],
    "iam_users": [
        {"name": "ann", "groups": ["team"], "policies": {"own": document(statement(arn("db-GONE/app")))}},
        {"name": "root-like", "managed_policies": [ADMIN]},
    ],
    "iam_roles": [
        {"name": "app", "path": "/service/", "managed_policies": ["shared"], "permissions_boundary": "limit"},
        {"name": "guard", "policies": {"deny": document(statement("*", effect="Deny", Action="rds-db:*"))}},
    ],
}
US = {
    "region": "us-east-1",
    "db_instances": [{"identifier": "stock", "engine": "mysql", "extra": {"DbiResourceId": "db-STOCK"}}],
    "iam_users": [{"name": "bob", "policies": {"us": document(statement(arn("db-STOCK/app", region="us-east-1")))}}],
}
USERS = [
    {
        "database": {"resource_id": "db-ORDERS"},
        "users": [{"user": "app", "authentication": "iam"}, {"user": "old", "authentication": "password_possible"}],
    },
    {"resource_id": "db-MEMBER", "user": "app", "authentication": "iam"},
]


@pytest.fixture
def info(sim, capsys):
    sim.seed(SEED)
    sim.seed(US)
    sim.calls_clear()
    return Runner("rds_connect_policies_info", sim.url, capsys)


def codes(result):
    return [(found["code"], found["policy_name"], found["resource"]) for found in result["findings"]]


def proposed(result, name):
    (found,) = [one for one in result["proposed"] if one["principal"].endswith(f"/{name}")]
    return found


def resources(found):
    return [text for policy in found["policies"] for item in policy["Statement"] for text in item["Resource"]]


def test_policies_are_compared_with_databases_and_users(sim, info):
    result = info.ok(users=USERS)
    assert codes(result) == [
        ("dead", "own", arn("db-GONE/app")),
        ("other_database", "shared", arn("db-MEMBER/app")),
        ("wildcard", "team", arn("db-ORDERS/*")),
        ("unknown", "us", arn("db-STOCK/app", region="us-east-1")),
        ("deny", "deny", "*"),
    ]
    assert [one["policy_name"] for one in result["implied"]] == ["AdministratorAccess"]
    ann = proposed(result, "ann")
    assert resources(ann) == [arn("db-ORDERS/app")]
    assert (ann["complete"], ann["minimal"]) == (True, False)
    role = proposed(result, "app")
    assert resources(role) == [arn("prx-front/app")]
    assert role["permissions_boundary"].endswith(":policy/limit")
    assert result["boundaries"] == [{"principal": ROLE, "policy_arn": role["permissions_boundary"]}]
    assert proposed(result, "bob")["complete"] is False
    assert result["summary"]["dead"] == 1
    assert result["msg"].startswith("6 statements about rds-db:connect: 1 dead, 1 other_database, 1 wildcard")
    team = next(one for one in result["statements"] if one["sid"] == "Team")
    assert team["attached_to"] == ["arn:aws:iam::123456789012:group/team"]
    assert team["principals"] == ["arn:aws:iam::123456789012:user/ann"]
    assert result["changed"] is False
    assert CREDENTIALS["secret_key"] not in info.output


def test_check_mode_and_second_run_return_the_same(info):
    first, second, checked = info.ok(), info.ok(), info.ok(check=True)
    assert first == second == checked


@pytest.mark.parametrize("regions", [["eu-west-1"], ["eu-west-1", "us-east-1"]])
def test_calls_are_one_to_iam_and_three_for_each_region(sim, info, regions):
    result = info.ok(regions=regions)
    calls = Counter((call.operation, call.region) for call in sim.calls)
    expected = {(name, region): 1 for name in READS for region in regions}
    assert {key: count for key, count in calls.items() if key[0] != IAM} == expected
    assert sum(count for key, count in calls.items() if key[0] == IAM) == 1
    assert result["regions"] == regions
    assert ("unknown" in [code for code, _policy, _resource in codes(result)]) == (len(regions) == 1)


def test_every_page_is_read(sim, info, monkeypatch):
    expected = info.ok()
    sim.calls_clear()
    monkeypatch.setattr(policies_client, "_MAX_ITEMS", 2)
    assert info.ok() == expected
    assert [call.operation for call in sim.calls].count(IAM) == 5


def test_principals_limit_the_report(info):
    result = info.ok(principals=[ROLE])
    assert [one["policy_name"] for one in result["statements"]] == ["shared"]
    assert [one["principal"] for one in result["proposed"]] == [ROLE]


def test_policy_changed_by_others_shows_in_next_run(sim, info):
    iam = boto3.client(
        "iam",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    iam.delete_user_policy(UserName="ann", PolicyName="own")
    assert "dead" not in [code for code, _policy, _resource in codes(info.ok())]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"regions": ["no-where-1"]}, "regions: 'no-where-1' is not an AWS Region. Use a name such as eu-west-1."),
        ({"regions": ["europe"]}, "regions: 'europe' is not an AWS Region. Use a name such as eu-west-1."),
        ({"principals": [f"{ROLE}2"]}, f"principals: '{ROLE}2' does not exist in the account of the credentials."),
        ({"principals": ["app"]}, "principals: 'app' is not the ARN of an IAM user, group or role."),
        ({"users": [{"user": "app"}]}, "users: entry 0: the resource id of the database is unknown."),
        ({"users": "app"}, "users"),
        ({"region": None}, "region"),
        ({"access_key": None, "secret_key": None}, "credentials"),
    ],
)
def test_invalid_input_is_refused(info, options, message):
    assert message in info.fails(**options)["msg"]


@pytest.mark.parametrize("operation", READS)
def test_region_that_cannot_be_read_is_named(sim, info, operation):
    sim.faults.add(operation=operation, deny=True, after=1)
    result = info.fails(regions=["eu-west-1", "us-east-1"])
    assert result["msg"].startswith(f"regions: us-east-1: {operation}: ")
    assert result["error"]["operation"] == operation


def test_iam_that_cannot_be_read_fails(sim, info):
    sim.faults.add(operation=IAM, deny=True)
    assert info.fails()["msg"].startswith("GetAccountAuthorizationDetails: ")


@pytest.mark.parametrize("operation", [IAM, *READS])
def test_throttled_call_is_retried(sim, info, operation):
    expected = info.ok()
    sim.faults.add(operation=operation, code="Throttling", times=7)
    assert info.ok() == expected


def test_empty_account(sim, capsys):
    result = Runner("rds_connect_policies_info", sim.url, capsys).ok()
    assert result["msg"] == "No statement allows or denies rds-db:connect."
    assert (result["statements"], result["findings"], result["proposed"]) == ([], [], [])
