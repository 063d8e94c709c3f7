# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The callers of logins: their credentials, and the policies that apply to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from moto.iam.models import iam_backends
from rds_simulator.state.principals import Credentials, authorize, find_credentials

CONNECT = "rds-db:connect"
USER_ARN = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/app"
ROLE_ARN = "arn:aws:iam::123456789012:role/service/app"


def policy(*effects: str, action: str = CONNECT, resource: str = USER_ARN, **elements: Any) -> str:
    statements = [{"Effect": effect, "Action": action, "Resource": resource, **elements} for effect in effects]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}],
    }
)
ALLOW, OTHER, DENY = policy("Allow"), policy("Allow", action="s3:*", resource="*"), policy("Deny")


@pytest.fixture
def iam(sim: Any, connect: Callable[..., Any]) -> Any:
    return connect(service="iam")


@pytest.fixture
def sts(sim: Any, connect: Callable[..., Any]) -> Any:
    return connect(service="sts")


@pytest.fixture
def key(iam: Any) -> dict[str, str]:
    """The access key of the user ``app``, who has no permission."""
    iam.create_user(UserName="app")
    created: dict[str, str] = iam.create_access_key(UserName="app")["AccessKey"]
    return created


def credentials(sim: Any, access_key_id: str) -> Credentials:
    found = find_credentials(sim.world, access_key_id)
    assert found is not None
    return found


def decide(sim: Any, access_key_id: str, resource: str = USER_ARN, **context: str) -> str:
    return authorize(sim.world, credentials(sim, access_key_id), CONNECT, resource, context).reason


def test_find_credentials_user_key_found(sim: Any, key: dict[str, str]) -> None:
    found = credentials(sim, key["AccessKeyId"])
    assert found.secret_access_key == key["SecretAccessKey"]
    assert (found.session_token, found.expires) == (None, None)
    assert (found.caller_arn, found.account) == ("arn:aws:iam::123456789012:user/app", "123456789012")
    assert key["SecretAccessKey"] not in repr(found)


def test_find_credentials_inactive_key_unknown(sim: Any, iam: Any, key: dict[str, str]) -> None:
    name = {"UserName": "app", "AccessKeyId": key["AccessKeyId"]}
    iam.update_access_key(**name, Status="Inactive")
    assert find_credentials(sim.world, key["AccessKeyId"]) is None
    iam.update_access_key(**name, Status="Active")
    assert find_credentials(sim.world, key["AccessKeyId"]) is not None
    iam.delete_access_key(**name)
    assert find_credentials(sim.world, key["AccessKeyId"]) is None


def test_find_credentials_unknown_key_is_none(sim: Any, iam: Any) -> None:
    """The simulator accepts any credentials for calls of the API, but not for logins."""
    assert find_credentials(sim.world, "AKIAIOSFODNN7EXAMPLE") is None
    assert find_credentials(sim.world, "") is None


def test_find_credentials_reset_forgets(sim: Any, key: dict[str, str]) -> None:
    sim.reset()
    assert find_credentials(sim.world, key["AccessKeyId"]) is None


def test_login_time_ahead_of_real_time(sim: Any) -> None:
    assert abs(sim.world.login_time() - datetime.now(timezone.utc)) < timedelta(seconds=5)
    sim.settings.update(login_clock_ahead=3600)
    assert timedelta(seconds=3590) < sim.world.login_time() - datetime.now(timezone.utc) < timedelta(seconds=3610)


def test_authorize_user_inline_policy(sim: Any, iam: Any, key: dict[str, str]) -> None:
    assert decide(sim, key["AccessKeyId"]) == "implicit_deny"
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    assert decide(sim, key["AccessKeyId"], USER_ARN.replace("/app", "/admin")) == "implicit_deny"
    iam.put_user_policy(UserName="app", PolicyName="never", PolicyDocument=DENY)
    assert decide(sim, key["AccessKeyId"]) == "explicit_deny"


def test_authorize_user_managed_policy_default_version(sim: Any, iam: Any, key: dict[str, str]) -> None:
    arn = iam.create_policy(PolicyName="connect", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="app", PolicyArn=arn)
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=OTHER, SetAsDefault=True)
    assert decide(sim, key["AccessKeyId"]) == "implicit_deny"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert decide(sim, key["AccessKeyId"]) == "allowed"


def test_authorize_user_group_policies(sim: Any, iam: Any, key: dict[str, str]) -> None:
    iam.create_group(GroupName="apps")
    iam.put_group_policy(GroupName="apps", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, key["AccessKeyId"]) == "implicit_deny"
    iam.add_user_to_group(GroupName="apps", UserName="app")
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    arn = iam.create_policy(PolicyName="never", PolicyDocument=DENY)["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="apps", PolicyArn=arn)
    assert decide(sim, key["AccessKeyId"]) == "explicit_deny"


def test_authorize_context_of_user(sim: Any, iam: Any, key: dict[str, str]) -> None:
    document = policy(
        "Allow",
        resource="arn:aws:rds-db:*:*:dbuser:*/${aws:username}",
        Condition={
            "StringEquals": {"aws:PrincipalTag/team": "shop", "aws:PrincipalType": "User"},
            "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/app"},
            "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
            "NumericGreaterThan": {"aws:EpochTime": "1700000000"},
            "Null": {"aws:TokenIssueTime": "true"},
        },
    )
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=document)
    assert decide(sim, key["AccessKeyId"]) == "implicit_deny"
    iam.tag_user(UserName="app", Tags=[{"Key": "team", "Value": "shop"}])
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    assert decide(sim, key["AccessKeyId"], USER_ARN + "s") == "implicit_deny"


@pytest.mark.parametrize("name", ["aws:SourceIp", "AWS:SourceVpc", "aws:UserAgent", "aws:Referer"])
def test_authorize_unsupported_condition_key_absent(sim: Any, iam: Any, key: dict[str, str], name: str) -> None:
    """A policy that requires such a key never allows a login (RDS user guide, IAMPolicy, ✓)."""
    document = policy("Allow", Condition={"StringLike": {name: "*"}})
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=document)
    assert decide(sim, key["AccessKeyId"], **{name: "10.0.0.1"}) == "implicit_deny"


def test_authorize_other_account_denied(sim: Any, iam: Any, key: dict[str, str]) -> None:
    iam.put_user_policy(UserName="app", PolicyName="all", PolicyDocument=policy("Allow", action="*", resource="*"))
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    assert decide(sim, key["AccessKeyId"], USER_ARN.replace("123456789012", "999999999999")) == "implicit_deny"


def test_authorize_invalid_policy_gives_nothing(sim: Any, iam: Any, key: dict[str, str]) -> None:
    """A stored policy that AWS would have refused gives no permission, and the decision names it."""
    iam_backends["123456789012"]["aws"].users["app"].put_policy("odd", policy("allow"))
    decision = authorize(sim.world, credentials(sim, key["AccessKeyId"]), CONNECT, USER_ARN, {})
    assert decision.reason == "implicit_deny"
    assert decision.problems == ("user policy 'odd': Statement[0].Effect: must be Allow or Deny",)


def _assume(iam: Any, sts: Any, **options: Any) -> dict[str, Any]:
    iam.create_role(RoleName="app", Path="/service/", AssumeRolePolicyDocument=TRUST)
    answer = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="web", **options)
    assumed: dict[str, Any] = answer["Credentials"]
    return assumed


def test_find_credentials_assumed_role(sim: Any, iam: Any, sts: Any) -> None:
    given = _assume(iam, sts, DurationSeconds=900)
    found = credentials(sim, given["AccessKeyId"])
    assert found.secret_access_key == given["SecretAccessKey"]
    assert found.session_token == given["SessionToken"]
    assert found.expires is not None
    assert abs(found.expires - given["Expiration"]) < timedelta(seconds=1)
    assert found.caller_arn == "arn:aws:sts::123456789012:assumed-role/app/web"
    assert given["SessionToken"] not in repr(found)


def test_authorize_assumed_role_policies(sim: Any, iam: Any, sts: Any) -> None:
    given = _assume(iam, sts)
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, given["AccessKeyId"]) == "allowed"
    condition = {"ArnEquals": {"aws:PrincipalArn": ROLE_ARN}, "StringLike": {"aws:userid": "*:web"}}
    never = policy("Deny", Condition=condition)
    iam.put_role_policy(RoleName="app", PolicyName="never", PolicyDocument=never)
    assert decide(sim, given["AccessKeyId"]) == "explicit_deny"


def test_authorize_role_boundary_limits(sim: Any, iam: Any, sts: Any) -> None:
    given = _assume(iam, sts)
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    arn = iam.create_policy(PolicyName="boundary", PolicyDocument=OTHER)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="app", PermissionsBoundary=arn)
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=ALLOW, SetAsDefault=True)
    assert decide(sim, given["AccessKeyId"]) == "allowed"
    iam.put_role_permissions_boundary(RoleName="app", PermissionsBoundary=arn.replace("boundary", "missing"))
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"
    iam.delete_role_permissions_boundary(RoleName="app")
    assert decide(sim, given["AccessKeyId"]) == "allowed"


@pytest.mark.parametrize(
    ("session_policy", "reason"), [(ALLOW, "allowed"), (OTHER, "implicit_deny"), (DENY, "explicit_deny")]
)
def test_authorize_session_policy_limits(sim: Any, iam: Any, sts: Any, session_policy: str, reason: str) -> None:
    given = _assume(iam, sts, Policy=session_policy)
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, given["AccessKeyId"]) == reason


def test_authorize_deleted_role_denied(sim: Any, iam: Any, sts: Any) -> None:
    given = _assume(iam, sts)
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, given["AccessKeyId"]) == "allowed"
    iam.delete_role_policy(RoleName="app", PolicyName="connect")
    iam.delete_role(RoleName="app")
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"


@pytest.fixture
def own_sts(key: dict[str, str], connect: Callable[..., Any]) -> Any:
    """STS with the access key of the user."""
    return connect(service="sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def test_assume_role_session_policy_arns_and_tags(sim: Any, iam: Any, sts: Any) -> None:
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=OTHER)["Policy"]["Arn"]
    given = _assume(iam, sts, PolicyArns=[{"arn": arn}])
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=ALLOW, SetAsDefault=True)
    assert decide(sim, given["AccessKeyId"]) == "allowed"
    tagged = policy("Allow", Condition={"StringEquals": {"aws:PrincipalTag/team": "shop"}})
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=tagged)
    iam.tag_role(RoleName="app", Tags=[{"Key": "team", "Value": "stock"}])
    assumed = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="web", Tags=[{"Key": "team", "Value": "shop"}])
    assert decide(sim, assumed["Credentials"]["AccessKeyId"]) == "allowed"
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"


def test_assume_role_invalid_session_policy_refused(iam: Any, sts: Any, refused: Callable[..., Any]) -> None:
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": "web", "Policy": "{}"}
    assert refused(sts.assume_role, **call)[0] == "MalformedPolicyDocument"


@pytest.mark.parametrize(
    ("arn", "error"),
    [
        (ROLE_ARN, ("AccessDenied", f"is not authorized to perform: sts:AssumeRole on resource: {ROLE_ARN}")),
        ("arn:aws:iam::123456789012:user/service/app", ("ValidationError", "Request ARN is invalid")),
    ],
)
def test_assume_role_missing_role_refused(
    sim: Any, own_sts: Any, refused: Callable[..., Any], arn: str, error: tuple[str, str]
) -> None:
    """AWS does not tell a role that is missing from one that does not trust the caller."""
    code, text = refused(own_sts.assume_role, RoleArn=arn, RoleSessionName="web")
    assert (code, error[1] in text) == (error[0], True)
    assert code == "ValidationError" or text.startswith("User: arn:aws:iam::123456789012:user/")
    assert sim.world.sessions == {}


def test_get_session_token_has_policies_of_user(sim: Any, iam: Any, key: dict[str, str], own_sts: Any) -> None:
    given = own_sts.get_session_token(DurationSeconds=900)["Credentials"]
    assert given["AccessKeyId"].startswith("ASIA")
    found = credentials(sim, given["AccessKeyId"])
    assert (found.session_token, found.expires) == (given["SessionToken"], given["Expiration"])
    assert found.caller_arn == "arn:aws:iam::123456789012:user/app"
    remaining = given["Expiration"] - datetime.now(timezone.utc)
    assert timedelta(seconds=890) < remaining <= timedelta(seconds=900)
    assert decide(sim, given["AccessKeyId"]) == "implicit_deny"
    document = policy("Allow", Condition={"Null": {"aws:TokenIssueTime": "false"}})
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=document)
    assert decide(sim, given["AccessKeyId"]) == "allowed"
    assert decide(sim, key["AccessKeyId"]) == "implicit_deny"


def test_get_federation_token_intersects(sim: Any, iam: Any, own_sts: Any) -> None:
    """Without a session policy, a federated user has no permissions (IAM user guide, ✓)."""
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=ALLOW)
    answer = own_sts.get_federation_token(Name="ann", Policy=ALLOW)
    assert answer["FederatedUser"]["Arn"] == "arn:aws:sts::123456789012:federated-user/ann"
    access_key_id = answer["Credentials"]["AccessKeyId"]
    assert credentials(sim, access_key_id).caller_arn == answer["FederatedUser"]["Arn"]
    assert decide(sim, access_key_id) == "allowed"
    bare = own_sts.get_federation_token(Name="ann")["Credentials"]
    assert decide(sim, bare["AccessKeyId"]) == "implicit_deny"
    other = own_sts.get_federation_token(Name="ann", Policy=OTHER)["Credentials"]
    assert decide(sim, other["AccessKeyId"]) == "implicit_deny"


def test_get_session_token_with_session_refused(
    iam: Any, own_sts: Any, connect: Callable[..., Any], refused: Callable[..., Any]
) -> None:
    given = own_sts.get_session_token()["Credentials"]
    client = connect(
        service="sts",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    assert refused(client.get_session_token)[0] == "AccessDenied"
    assert refused(client.get_federation_token, Name="ann")[0] == "AccessDenied"


@pytest.mark.parametrize("operation", ["get_session_token", "get_federation_token"])
def test_get_caller_identity_of_session_is_its_owner(
    sim: Any, key: dict[str, str], own_sts: Any, operation: str
) -> None:
    named = {"Name": "bob"} if operation == "get_federation_token" else {}
    given = getattr(own_sts, operation)(**named)["Credentials"]
    session = boto3.client(
        "sts",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    arn = session.get_caller_identity()["Arn"]
    assert arn == find_credentials(sim.world, given["AccessKeyId"]).caller_arn


def test_get_session_token_of_unknown_key_answered_by_moto(sim: Any, sts: Any) -> None:
    assert sts.get_session_token()["Credentials"]["AccessKeyId"] == "AKIAIOSFODNN7EXAMPLE"
    assert sts.get_federation_token(Name="ann")["FederatedUser"]["Arn"].endswith("federated-user/ann")
    assert find_credentials(sim.world, "AKIAIOSFODNN7EXAMPLE") is None


def test_session_of_deleted_user_does_not_pass_to_namesake(
    sim: Any, iam: Any, key: dict[str, str], connect: Callable[..., Any]
) -> None:
    own = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    session = connect(service="sts", **own).get_session_token()["Credentials"]["AccessKeyId"]
    iam.update_user(UserName="app", NewUserName="renamed")
    iam.put_user_policy(UserName="renamed", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, session) == "allowed"
    iam.create_user(UserName="app")
    iam.put_user_policy(UserName="renamed", PolicyName="connect", PolicyDocument=OTHER)
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, session) == "implicit_deny"


def test_session_of_deleted_role_does_not_pass_to_namesake(sim: Any, iam: Any, sts: Any) -> None:
    role = {"RoleName": "app", "Path": "/service/", "AssumeRolePolicyDocument": TRUST}
    iam.create_role(**role)
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assumed = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="app")["Credentials"]["AccessKeyId"]
    assert decide(sim, assumed) == "allowed"
    iam.delete_role_policy(RoleName="app", PolicyName="connect")
    iam.delete_role(RoleName="app")
    iam.create_role(**role)
    iam.put_role_policy(RoleName="app", PolicyName="connect", PolicyDocument=ALLOW)
    assert decide(sim, assumed) == "implicit_deny"


def test_authorize_resource_in_other_partition_denied(sim: Any, iam: Any, key: dict[str, str]) -> None:
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy("Allow", resource="*"))
    assert decide(sim, key["AccessKeyId"]) == "allowed"
    assert decide(sim, key["AccessKeyId"], USER_ARN.replace("arn:aws:", "arn:aws-cn:")) == "implicit_deny"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:RequestedRegion": USER_ARN.split(":")[3]}}, "allowed"),
        ({"StringEquals": {"aws:RequestedRegion": "ca-central-1"}}, "implicit_deny"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "allowed"),
    ],
)
def test_authorize_login_has_keys_of_every_request(
    sim: Any, iam: Any, key: dict[str, str], condition: dict[str, Any], expected: str
) -> None:
    iam.put_user_policy(UserName="app", PolicyName="connect", PolicyDocument=policy("Allow", Condition=condition))
    assert decide(sim, key["AccessKeyId"]) == expected


@pytest.mark.parametrize("seconds", [129_601, 10**14])
def test_get_session_token_duration_out_of_range_refused(
    own_sts: Any, refused: Callable[..., Any], seconds: int
) -> None:
    assert refused(own_sts.get_session_token, DurationSeconds=seconds)[0] == "ValidationError"
