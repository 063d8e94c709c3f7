# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""SimulatePrincipalPolicy and SimulateCustomPolicy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rds_simulator.rules.iam.positions import statement_positions

ACCOUNT = "123456789012"
CONNECT = "rds-db:connect"
APP = f"arn:aws:rds-db:eu-west-1:{ACCOUNT}:dbuser:db-ABC/app"
ADMIN = f"arn:aws:rds-db:eu-west-1:{ACCOUNT}:dbuser:db-ABC/admin"
TEMPLATE = "arn:${Partition}:rds-db:${Region}:${Account}:dbuser:${DbiResourceId}/${DbUserName}"


def policy(effect: str = "Allow", action: str = CONNECT, resource: str = APP, **elements: Any) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Action": action, "Resource": resource, **elements}],
        }
    )


@pytest.fixture
def iam(sim: Any, connect: Callable[..., Any]) -> Any:
    """IAM with the user app in the group apps, and the role app."""
    client = connect(service="iam")
    client.create_user(UserName="app", Path="/team/")
    client.create_group(GroupName="apps")
    client.add_user_to_group(GroupName="apps", UserName="app")
    client.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    return client


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
    }
)
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/team/app"
GROUP_ARN = f"arn:aws:iam::{ACCOUNT}:group/apps"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/app"


def simulate(iam: Any, arn: str = USER_ARN, **options: Any) -> dict[str, Any]:
    parameters = {"ActionNames": [CONNECT], "ResourceArns": [APP], **options}
    answer: dict[str, Any] = iam.simulate_principal_policy(PolicySourceArn=arn, **parameters)
    return answer


def result(iam: Any, arn: str = USER_ARN, **options: Any) -> dict[str, Any]:
    (only,) = simulate(iam, arn, **options)["EvaluationResults"]
    found: dict[str, Any] = only
    return found


def test_simulate_user_decisions(iam: Any) -> None:
    assert result(iam)["EvalDecision"] == "implicitDeny"
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy())
    assert result(iam)["EvalDecision"] == "allowed"
    iam.put_group_policy(GroupName="apps", PolicyName="never", PolicyDocument=policy("Deny"))
    found = result(iam)
    assert found["EvalDecision"] == "explicitDeny"
    (matched,) = found["MatchedStatements"]
    assert (matched["SourcePolicyId"], matched["SourcePolicyType"]) == ("never", "group")


@pytest.mark.parametrize(("arn", "put", "name"), [(GROUP_ARN, "group", "apps"), (ROLE_ARN, "role", "app")])
def test_simulate_group_and_role(iam: Any, arn: str, put: str, name: str) -> None:
    names = {f"{put.title()}Name": name, "PolicyName": "connect"}
    assert result(iam, arn)["EvalDecision"] == "implicitDeny"
    getattr(iam, f"put_{put}_policy")(**names, PolicyDocument=policy())
    found = result(iam, arn)
    assert found["EvalDecision"] == "allowed"
    assert found["MatchedStatements"][0]["SourcePolicyType"] == put


def test_simulate_managed_policy_names_it(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="connect", PolicyDocument=policy())["Policy"]["Arn"]
    iam.attach_user_policy(UserName="app", PolicyArn=arn)
    iam.attach_role_policy(RoleName="app", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    matched = [result(iam, arn)["MatchedStatements"][0] for arn in (USER_ARN, ROLE_ARN)]
    assert [(item["SourcePolicyId"], item["SourcePolicyType"]) for item in matched] == [
        ("connect", "user-managed"),
        ("AdministratorAccess", "aws-managed"),
    ]


def test_simulate_resources_have_own_results(iam: Any) -> None:
    """EvalResourceName is the ARN template (model of botocore 1.44)."""
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy())
    found = result(iam, ResourceArns=[APP, ADMIN])
    assert found["EvalResourceName"] == TEMPLATE
    assert found["EvalDecision"] == "implicitDeny"
    decisions = {item["EvalResourceName"]: item["EvalResourceDecision"] for item in found["ResourceSpecificResults"]}
    assert decisions == {APP: "allowed", ADMIN: "implicitDeny"}
    assert found["ResourceSpecificResults"][0]["MatchedStatements"][0]["SourcePolicyId"] == "connect"
    assert found["ResourceSpecificResults"][1]["MatchedStatements"] == []


def test_simulate_without_resources_evaluates_all(iam: Any) -> None:
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy())
    call = {"PolicySourceArn": USER_ARN, "ActionNames": [CONNECT]}
    (found,) = iam.simulate_principal_policy(**call)["EvaluationResults"]
    assert (found["EvalResourceName"], found["EvalDecision"]) == ("*", "implicitDeny")
    assert "ResourceSpecificResults" not in found
    iam.put_user_policy(UserName="app", PolicyName="all", PolicyDocument=policy(resource="*"))
    (found,) = iam.simulate_principal_policy(**call)["EvaluationResults"]
    assert found["EvalDecision"] == "allowed"


def test_simulate_pages_follow_marker(iam: Any) -> None:
    actions = [f"s3:Get{number}" for number in range(5)]
    first = simulate(iam, ActionNames=actions, MaxItems=2)
    assert first["IsTruncated"] is True
    assert [item["EvalActionName"] for item in first["EvaluationResults"]] == actions[:2]
    pages = iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=USER_ARN, ActionNames=actions, PaginationConfig={"PageSize": 2}
    )
    assert [item["EvalActionName"] for page in pages for item in page["EvaluationResults"]] == actions


def test_simulate_input_policies_are_added(iam: Any) -> None:
    found = result(iam, PolicyInputList=[policy(action="s3:*", resource="*"), policy()])
    assert found["EvalDecision"] == "allowed"
    assert found["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.2"


def test_simulate_context_entries(iam: Any) -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "shop"}, "Bool": {"aws:SecureTransport": "true"}}
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy(Condition=condition))
    found = result(iam)
    assert found["EvalDecision"] == "implicitDeny"
    missing = ["aws:RequestTag/team", "aws:SecureTransport"]
    assert found["MissingContextValues"] == missing
    assert found["ResourceSpecificResults"][0]["MissingContextValues"] == missing
    entries = [
        {"ContextKeyName": "aws:RequestTag/team", "ContextKeyValues": ["shop"], "ContextKeyType": "string"},
        {"ContextKeyName": "aws:securetransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
    ]
    assert result(iam, ContextEntries=entries)["EvalDecision"] == "allowed"
    assert result(iam, ContextEntries=entries[:1])["MissingContextValues"] == ["aws:SecureTransport"]


def test_simulate_principal_keys_of_source_and_caller(iam: Any) -> None:
    iam.create_user(UserName="other")
    resource = APP.replace("/app", "/${aws:username}")
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy(resource=resource))
    assert result(iam)["EvalDecision"] == "allowed"
    other = f"arn:aws:iam::{ACCOUNT}:user/other"
    assert result(iam, CallerArn=other)["EvalDecision"] == "implicitDeny"


def test_simulate_user_boundary(iam: Any, refused: Callable[..., tuple[str, str]]) -> None:
    """moto has no permissions boundaries of users."""
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy())
    assert "PermissionsBoundaryDecisionDetail" not in result(iam)
    arn = iam.create_policy(PolicyName="boundary", PolicyDocument=policy(action="s3:*", resource="*"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="app", PermissionsBoundary=arn)
    shown = iam.get_user(UserName="app")["User"]["PermissionsBoundary"]
    assert shown["PermissionsBoundaryArn"] == arn
    assert "PermissionsBoundary" not in iam.list_users()["Users"][0]
    found = result(iam)
    assert found["EvalDecision"] == "implicitDeny"
    assert found["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    replaced = result(iam, PermissionsBoundaryPolicyInputList=[policy()])
    assert replaced["EvalDecision"] == "allowed"
    assert replaced["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}
    iam.delete_user_permissions_boundary(UserName="app")
    assert "PermissionsBoundary" not in iam.get_user(UserName="app")["User"]
    assert result(iam)["EvalDecision"] == "allowed"
    missing = {"PermissionsBoundary": arn + "s"}
    assert refused(iam.put_user_permissions_boundary, UserName="app", **missing)[0] == "NoSuchEntity"
    assert refused(iam.put_user_permissions_boundary, UserName="nobody", PermissionsBoundary=arn)[0] == "NoSuchEntity"
    assert refused(iam.create_user, UserName="new", **missing)[0] == "NoSuchEntity"
    assert refused(iam.get_user, UserName="new")[0] == "NoSuchEntity"
    iam.create_user(UserName="new", PermissionsBoundary=arn)
    assert iam.get_user(UserName="new")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn


def test_simulate_invalid_input_refused(iam: Any, refused: Callable[..., tuple[str, str]]) -> None:
    call = iam.simulate_principal_policy
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/web"
    assert refused(call, PolicySourceArn=session, ActionNames=[CONNECT]) == (
        "InvalidInput",
        f"Invalid Entity Arn: {session} does not clearly define entity type and name.",
    )
    for kind in ("user", "group", "role"):
        arn = f"arn:aws:iam::{ACCOUNT}:{kind}/missing"
        code, text = refused(call, PolicySourceArn=arn, ActionNames=[CONNECT])
        assert (code, text) == ("NoSuchEntity", f"The {kind} with name missing cannot be found.")
    # The path is part of the ARN.
    without_path = USER_ARN.replace("/team", "")
    assert refused(call, PolicySourceArn=without_path, ActionNames=[CONNECT])[0] == "NoSuchEntity"
    known = {"PolicySourceArn": USER_ARN, "ActionNames": [CONNECT]}
    for options in (
        {"ActionNames": ["connect"]},
        {"ResourceArns": ["db-ABC"]},
        {"PolicyInputList": ["{}"]},
        {"Marker": "?"},
        {"Marker": "LTE="},
        {"Marker": "OTk="},
        {"CallerArn": session},
    ):
        assert refused(call, **{**known, **options})[0] == "InvalidInput"
    assert refused(call, **known, ResourcePolicy=policy())[0] == "SimulatorNotImplemented"


def test_simulate_custom_policy(iam: Any, refused: Callable[..., tuple[str, str]]) -> None:
    call = {"ActionNames": [CONNECT], "ResourceArns": [APP]}
    (found,) = iam.simulate_custom_policy(PolicyInputList=[policy()], **call)["EvaluationResults"]
    assert found["EvalDecision"] == "allowed"
    boundary = {"PermissionsBoundaryPolicyInputList": [policy("Deny")]}
    (found,) = iam.simulate_custom_policy(PolicyInputList=[policy()], **boundary, **call)["EvaluationResults"]
    assert found["EvalDecision"] == "explicitDeny"
    assert refused(iam.simulate_custom_policy, PolicyInputList=["x"], **call)[0] == "InvalidInput"


POSITIONS = [
    (  # the example of simulate-custom-policy in the reference of the AWS CLI
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":'
        '{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}',
        [((1, 38), (1, 167))],
    ),
    (  # the place that simulate-principal-policy shows there
        '{\n    "Version": "2012-10-17",\n    "Statement": [\n        {\n"a":\n1,\n"b":\n2\n        }\n    ]\n}',
        [((3, 19), (9, 10))],
    ),
    ('{"Statement": [{"a": 1} , {"b": "]"}], "Version": "x"}', [((1, 16), (1, 24)), ((1, 24), (1, 37))]),
]


@pytest.mark.parametrize(("text", "places"), POSITIONS)
def test_statement_positions_as_iam_counts(text: str, places: list[Any]) -> None:
    assert statement_positions(text) == places
