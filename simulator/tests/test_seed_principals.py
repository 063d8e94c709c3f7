# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Seeds of IAM users, groups, roles, policies and access keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rds_simulator.state.principals import authorize, find_credentials

KEY = "AKIAEXAMPLEAPP000001"
SECRET = "secret-of-app/EXAMPLEKEY"
USER = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app"
SEED = """
iam_policies:
  - name: connect
    document: &connect
      Version: "2012-10-17"
      Statement: {Effect: Allow, Action: "rds-db:connect", Resource: "arn:aws:rds-db:*:*:dbuser:db-ORDERS/*"}
  - {name: limit, path: /limits/, document: *connect}
iam_groups:
  - {name: apps, policies: {connect: *connect}}
iam_users:
  - name: app
    path: /team/
    groups: [apps]
    tags: {team: shop}
    access_keys:
      - {access_key_id: AKIAEXAMPLEAPP000001, secret_access_key: secret-of-app/EXAMPLEKEY}
      - {access_key_id: AKIAEXAMPLEAPP000002, secret_access_key: other, active: false}
  - {name: admin, managed_policies: ["arn:aws:iam::aws:policy/AdministratorAccess"], permissions_boundary: limit}
iam_roles:
  - {name: app, path: /service/, managed_policies: [connect], tags: {team: shop}}
  - {name: limited, policies: {connect: *connect}, permissions_boundary: connect, trust: {Version: "2012-10-17"}}
root_access_keys:
  - {access_key_id: AKIAEXAMPLEROOT00001, secret_access_key: secret-of-root}
"""


@pytest.fixture
def iam(sim: Any, connect: Callable[..., Any]) -> Any:
    return connect(service="iam")


def decide(sim: Any, access_key_id: str) -> str:
    credentials = find_credentials(sim.world, access_key_id)
    assert credentials is not None
    return authorize(sim.world, credentials, "rds-db:connect", USER, {}).reason


def test_seed_principals_have_permissions(sim: Any, iam: Any, connect: Callable[..., Any]) -> None:
    sim.seed(SEED)
    assert decide(sim, KEY) == "allowed"
    assert find_credentials(sim.world, "AKIAEXAMPLEAPP000002") is None
    root = find_credentials(sim.world, "AKIAEXAMPLEROOT00001")
    assert root is not None
    assert root.caller_arn == "arn:aws:iam::123456789012:root"
    assert decide(sim, "AKIAEXAMPLEROOT00001") == "allowed"
    assumed = connect(service="sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/service/app", RoleSessionName="web"
    )
    assert decide(sim, assumed["Credentials"]["AccessKeyId"]) == "allowed"


def test_seed_principals_shown_by_iam(sim: Any, iam: Any) -> None:
    sim.seed(SEED)
    assert iam.get_user(UserName="app")["User"]["Arn"] == "arn:aws:iam::123456789012:user/team/app"
    assert iam.list_user_tags(UserName="app")["Tags"] == [{"Key": "team", "Value": "shop"}]
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName="app")["Groups"]] == ["apps"]
    assert {key["Status"] for key in iam.list_access_keys(UserName="app")["AccessKeyMetadata"]} == {
        "Active",
        "Inactive",
    }
    boundary = iam.get_user(UserName="admin")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == "arn:aws:iam::123456789012:policy/limits/limit"
    attached = iam.list_attached_user_policies(UserName="admin")["AttachedPolicies"]
    assert [item["PolicyName"] for item in attached] == ["AdministratorAccess"]
    role = iam.get_role(RoleName="limited")["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/connect")
    assert iam.get_role(RoleName="app")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow"


def test_seed_key_signs_for_its_account(sim: Any, connect: Callable[..., Any]) -> None:
    sim.seed({"account": "999999999999", "iam_users": [{"name": "app", "access_keys": [key_pair()]}]})
    sts = connect(service="sts", aws_access_key_id=KEY, aws_secret_access_key=SECRET)
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::999999999999:user/app"
    assert sts.get_session_token()["Credentials"]["AccessKeyId"].startswith("ASIA")


def test_root_session_token_allows_everything(sim: Any, connect: Callable[..., Any]) -> None:
    sim.seed({"root_access_keys": [key_pair()]})
    sts = connect(service="sts", aws_access_key_id=KEY, aws_secret_access_key=SECRET)
    assert decide(sim, sts.get_session_token()["Credentials"]["AccessKeyId"]) == "allowed"


def key_pair(**changes: Any) -> dict[str, Any]:
    return {"access_key_id": KEY, "secret_access_key": SECRET, **changes}


def user(**elements: Any) -> dict[str, Any]:
    return {"iam_users": [{"name": "new", **elements}]}


POLICY = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"iam_users": [{}]}, r"iam_users\[\d\]: 'name' is required"),
    ({"iam_users": [{"name": "a", "colour": 1}]}, r"unknown key 'colour' in iam_users\[\d\]"),
    ({"iam_users": [{"name": "a b"}]}, r"name in iam_users\[\d\]: 'a b'"),
    (user(path="team"), r"path in iam_users\[\d\]: 'team': must begin and end with a slash"),
    (user(policies={"p": {"Statement": []}}), r"policies.p in iam_users\[\d\]: Statement: must be an object"),
    (user(policies={"p": 1}), r"policies.p in iam_users\[\d\]: must be a dictionary or JSON"),
    (user(policies={"p": "{"}), r"policies.p in iam_users\[\d\]: invalid JSON"),
    (user(groups=["missing"]), r"iam_users\[\d\]: Group missing not found"),
    (user(groups=[1]), r"groups in iam_users\[\d\]: 1: must be a string"),
    (user(managed_policies=["missing"]), r"iam_users\[\d\]: managed policy 'missing': does not exist"),
    (user(managed_policies=["arn:aws:iam::aws:policy/Missing"]), r"iam_users\[\d\]: Policy arn:.* not found"),
    (user(permissions_boundary="missing"), r"managed policy 'missing': does not exist"),
    (user(access_keys=key_pair()), r"access_keys in iam_users\[\d\]: the value has the wrong type"),
    (user(access_keys=[key_pair(secret_access_key=1)]), r"secret_access_key in .*: the value has the wrong type"),
    (user(access_keys=[{"access_key_id": KEY}]), r"access_keys\[\d\]: 'secret_access_key' is required"),
    (user(access_keys=[key_pair(access_key_id="short")]), r"access_key_id in .*: must have 16 to 128"),
    (user(access_keys=[key_pair(secret_access_key="")]), r"secret_access_key in .*: must not be empty"),
    (user(access_keys=[key_pair()] * 2), f"access key {KEY}: already exists"),
    (user(access_keys=[key_pair(access_key_id=f"{KEY}{n}") for n in "abc"]), "at most 2 access keys"),
    ({"iam_users": [{"name": "a"}, {"name": "a"}]}, r"iam_users\[\d\]: User a already exists"),
    ({"iam_groups": [{"name": "a"}, {"name": "a"}]}, r"iam_groups\[\d\]: Group a already exists"),
    ({"iam_roles": [{"name": "a"}, {"name": "a"}]}, r"iam_roles\[\d\]: Role with name a already exists"),
    (
        {"iam_policies": [{"name": "a", "document": POLICY}] * 2},
        r"iam_policies\[\d\]: A policy called a already exists",
    ),
    ({"iam_policies": [{"name": "a"}]}, "'document' is required"),
    ({"root_access_keys": [key_pair()] * 2}, f"access key {KEY}: already exists"),
]


@pytest.mark.parametrize(("bad", "text"), BAD)
def test_seed_principals_invalid_changes_nothing(sim: Any, iam: Any, bad: dict[str, Any], text: str) -> None:
    """Everything that the seed lists before the invalid item is removed again."""
    good = {
        "db_instances": [{"identifier": "orders", "engine": "postgres"}],
        "iam_policies": [{"name": "first", "document": json.dumps(POLICY)}],
        "iam_groups": [{"name": "first", "managed_policies": ["first"]}],
        "iam_users": [{"name": "first", "groups": ["first"], "tags": {"a": "b"}}],
        "iam_roles": [{"name": "first", "managed_policies": ["first"]}],
    }
    document = {**good, **{section: [*good.get(section, []), *items] for section, items in bad.items()}}
    with pytest.raises(ValueError, match=text) as caught:
        sim.seed(document)
    assert SECRET not in str(caught.value)
    with pytest.raises(KeyError):
        sim.database("instance", "orders")
    assert iam.list_users()["Users"] == iam.list_groups()["Groups"] == iam.list_roles()["Roles"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert find_credentials(sim.world, KEY) is None
    sim.seed(good)


def test_seed_password_wrong_type_not_shown(sim: Any) -> None:
    bad = {"identifier": "a", "engine": "postgres", "login": True, "master_user_password": 12345678}
    with pytest.raises(ValueError, match=r"master_user_password in .*: the value has the wrong type") as caught:
        sim.seed({"db_instances": [bad]})
    assert "12345678" not in str(caught.value)
