# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Requests require the permissions of the Service Authorization Reference, and ``enforce_policies`` checks them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from rds_simulator.api.registry import implemented
from rds_simulator.rules.permissions import Permission, Scope, required_permissions

KEYS = {"access_key_id": "AKIAAUTOMATION00001", "secret_access_key": "automation"}
RDS = "arn:aws:rds:eu-west-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/apps/orders-service"
SCOPE = Scope("aws", "eu-west-1", "123456789012")


def allow(*actions: str, resource: Any = "*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def as_user(sim: Any) -> Any:
    """Return a function that makes a client of a user with one policy."""

    def start(policy: dict[str, Any], service: str = "rds", **more: Any) -> Any:
        trust = {"AWS": "arn:aws:iam::123456789012:root"}
        sim.seed(
            {
                "db_instances": [{"identifier": name, "engine": "mysql"} for name in ("orders", "billing")],
                "iam_users": [
                    {"name": "automation", "policies": {"given": policy}, "access_keys": [KEYS], **more},
                ],
                "iam_roles": [{"name": "orders-service", "path": "/apps/", "trust": _trust(trust)}],
            }
        )
        sim.settings.update(enforce_policies=True)
        return client(sim, service)

    return start


def _trust(principal: dict[str, str]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return {"Version": "2012-10-17", "Statement": [statement]}


def client(sim: Any, service: str, keys: dict[str, str] = KEYS) -> Any:
    return boto3.client(
        service,
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def denied(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    response = raised.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert response["Error"]["Code"] == "AccessDenied"
    return str(response["Error"]["Message"])


def test_enforce_policies_limits_describe_to_the_resource(as_user: Any) -> None:
    rds = as_user(allow("rds:DescribeDBInstances", resource=f"{RDS}:db:orders"))
    rds.describe_db_instances(DBInstanceIdentifier="Orders")
    for parameters, resource in (({"DBInstanceIdentifier": "billing"}, "billing"), ({}, "*")):
        assert denied(rds.describe_db_instances, **parameters) == (
            "User: arn:aws:iam::123456789012:user/automation is not authorized to perform: rds:DescribeDBInstances "
            f"on resource: {RDS}:db:{resource} because no identity-based policy allows the rds:DescribeDBInstances "
            "action"
        )


def test_enforce_policies_denied_modify_changes_nothing(sim: Any, as_user: Any) -> None:
    rds = as_user(allow("rds:ModifyDBInstance", resource=f"{RDS}:db:orders"))
    asked = {"DBInstanceIdentifier": "orders", "EnableIAMDatabaseAuthentication": True}
    assert f"{RDS}:db:billing because" in denied(rds.modify_db_instance, **{**asked, "DBInstanceIdentifier": "billing"})
    rds.modify_db_instance(**asked)
    assert f"{RDS}:og:special because" in denied(rds.modify_db_instance, **asked, OptionGroupName="special")
    assert sim.database("instance", "billing")["PendingModifiedValues"] == {}


def test_enforce_policies_explicit_deny_and_boundary_are_named(as_user: Any, sim: Any) -> None:
    policy = allow("rds:*")
    policy["Statement"].append({"Effect": "Deny", "Action": "rds:Describe*", "Resource": f"{RDS}:db:orders"})
    rds = as_user(policy)
    text = denied(rds.describe_db_instances, DBInstanceIdentifier="orders")
    assert text.endswith("with an explicit deny in an identity-based policy")
    rds.describe_db_instances(DBInstanceIdentifier="billing")


def test_enforce_policies_permissions_boundary_is_named(as_user: Any, sim: Any) -> None:
    sim.seed({"iam_policies": [{"name": "limit", "document": allow("rds:DescribeDBClusters")}]})
    rds = as_user(allow("rds:*"), permissions_boundary="arn:aws:iam::123456789012:policy/limit")
    assert "because no permissions boundary allows the rds:DescribeDBInstances" in denied(rds.describe_db_instances)
    rds.describe_db_clusters()


@pytest.mark.parametrize("is_checked", [True, False])
def test_enforce_policies_tags_need_their_own_action(as_user: Any, sim: Any, is_checked: bool) -> None:
    resources = [f"{RDS}:{name}" for name in ("db:new", "pg:default*", "og:default*", "subgrp:default")]
    rds = as_user(allow("rds:CreateDBInstance", resource=resources))
    sim.settings.update(enforce_policies=is_checked)
    asked: dict[str, Any] = {
        "DBInstanceIdentifier": "new",
        "Engine": "mysql",
        "DBInstanceClass": "db.t3.medium",
        "AllocatedStorage": 20,
        "MasterUsername": "admin",
        "MasterUserPassword": "Example-Pass-1",
        "Tags": [{"Key": "team", "Value": "pay"}],
    }
    if is_checked:
        assert f"rds:AddTagsToResource on resource: {RDS}:db:new" in denied(rds.create_db_instance, **asked)
        del asked["Tags"]
    rds.create_db_instance(**asked)


def test_enforce_policies_condition_on_request_tag(as_user: Any) -> None:
    policy = allow("rds:AddTagsToResource")
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:RequestTag/team": "pay"}}
    rds = as_user(policy)
    named = {"ResourceName": f"{RDS}:db:orders"}
    rds.add_tags_to_resource(**named, Tags=[{"Key": "team", "Value": "pay"}])
    assert "rds:AddTagsToResource" in denied(rds.add_tags_to_resource, **named, Tags=[{"Key": "team", "Value": "no"}])


OTHER_CALLS = [
    ("iam", "iam:ListRolePolicies", ROLE, lambda iam: iam.list_role_policies(RoleName="orders-service")),
    (
        "iam",
        "iam:SimulatePrincipalPolicy",
        ROLE,
        lambda iam: iam.simulate_principal_policy(PolicySourceArn=ROLE, ActionNames=["rds-db:connect"]),
    ),
    ("iam", "iam:GetAccountAuthorizationDetails", "*", lambda iam: iam.get_account_authorization_details()),
    ("sts", "sts:AssumeRole", ROLE, lambda sts: sts.assume_role(RoleArn=ROLE, RoleSessionName="test")),
    ("cloudwatch", "cloudwatch:ListMetrics", "*", lambda cloudwatch: cloudwatch.list_metrics()),
]


@pytest.mark.parametrize(("service", "action", "resource", "call"), OTHER_CALLS)
def test_enforce_policies_other_services(
    sim: Any, as_user: Any, service: str, action: str, resource: str, call: Any
) -> None:
    limited = as_user(allow(action, resource=resource), service)
    call(limited)
    assert sim.calls[-1].permissions == (Permission(action, resource),)
    sim.seed({"iam_users": [{"name": "visitor", "access_keys": [{**KEYS, "access_key_id": "AKIAVISITOR000000"}]}]})
    visitor = client(sim, service, {**KEYS, "access_key_id": "AKIAVISITOR000000"})
    with pytest.raises(ClientError, match=f"perform: {action} on resource: ") as raised:
        call(visitor)
    assert raised.value.response["Error"]["Code"] == "AccessDenied"


def test_enforce_policies_follows_the_session_of_a_role(sim: Any, as_user: Any) -> None:
    sts = as_user(allow("sts:AssumeRole", resource=ROLE), "sts")
    session = sts.assume_role(RoleArn=ROLE, RoleSessionName="drill")["Credentials"]
    rds = boto3.client(
        "rds",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    assert denied(rds.describe_db_clusters).startswith(
        "User: arn:aws:sts::123456789012:assumed-role/orders-service/drill is not authorized"
    )
    sts.get_caller_identity()


def test_enforce_policies_unknown_keys_are_not_checked(as_user: Any, sim: Any) -> None:
    as_user(allow("rds:DescribeDBClusters"))
    client(sim, "rds", {"access_key_id": "any", "secret_access_key": "any"}).describe_db_instances()


def test_calls_list_required_permissions(sim: Any, rds: Any, refused: Any) -> None:
    refused(rds.describe_db_parameters, DBParameterGroupName="none")
    (shown,) = json.loads(json.dumps([call.as_dict() for call in sim.calls], default=str))
    assert shown["permissions"] == [{"action": "rds:DescribeDBParameters", "resource": f"{RDS}:pg:none"}]


def test_permissions_of_restore_name_source_target_and_groups() -> None:
    asked = {"SourceDBInstanceIdentifier": "orders", "TargetDBInstanceIdentifier": "copy", "OptionGroupName": "own"}
    found = required_permissions("RestoreDBInstanceToPointInTime", asked, SCOPE)
    assert [permission.resource.removeprefix(f"{RDS}:") for permission in found] == [
        "db:copy",
        "db:orders",
        "og:own",
        "pg:default.",
        "subgrp:default",
    ]


def test_permissions_of_dependent_actions() -> None:
    asked = {
        "DBInstanceIdentifier": "new",
        "ManageMasterUserPassword": True,
        "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "MonitoringRoleArn": ROLE,
    }
    found = {item.action: item.resource for item in required_permissions("ModifyDBInstance", asked, SCOPE)}
    assert found["iam:PassRole"] == ROLE
    assert found["kms:CreateGrant"] == asked["KmsKeyId"]
    assert found["secretsmanager:CreateSecret"] == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!"


@pytest.mark.parametrize("operation", implemented())
def test_permissions_of_every_operation_have_an_action(operation: str) -> None:
    found = required_permissions(operation, {}, SCOPE)
    assert found[0].action == f"rds:{operation}"
    assert all(item.resource == "*" or item.resource.startswith("arn:aws:") for item in found)
