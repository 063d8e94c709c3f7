# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""GetAccountAuthorizationDetails: pages, filters and documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*"},
}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
SEED = {
    "iam_policies": [{"name": "limit", "document": DOCUMENT}],
    "iam_groups": [{"name": "apps", "policies": {"connect": DOCUMENT}}],
    "iam_users": [
        {"name": f"user-{n}", "groups": ["apps"], "managed_policies": [ADMIN], "permissions_boundary": "limit"}
        for n in range(3)
    ],
    "iam_roles": [{"name": "app", "managed_policies": ["limit"]}],
}


@pytest.fixture
def iam(sim: Any, connect: Callable[..., Any]) -> Any:
    sim.seed(SEED)
    return connect(service="iam")


def pages(iam: Any, **options: Any) -> list[dict[str, Any]]:
    found = [iam.get_account_authorization_details(**options)]
    while found[-1]["IsTruncated"]:
        found.append(iam.get_account_authorization_details(**options, Marker=found[-1]["Marker"]))
    return found


def arns(page: dict[str, Any]) -> list[str]:
    keys = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    return [entry["Arn"].rpartition("/")[2] for key in keys for entry in page[key]]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_account_details_pages_contain_everything_once(iam: Any, size: int) -> None:
    found = pages(iam, MaxItems=size)
    assert [len(arns(page)) <= size for page in found] == [True] * len(found)
    everything = [arn for page in found for arn in arns(page)]
    assert everything == ["user-0", "user-1", "user-2", "apps", "app", "limit", "AdministratorAccess"]


def test_account_details_are_complete(iam: Any) -> None:
    page = iam.get_account_authorization_details()
    user, group, role = page["UserDetailList"][0], page["GroupDetailList"][0], page["RoleDetailList"][0]
    assert user["GroupList"] == ["apps"]
    assert user["AttachedManagedPolicies"] == [{"PolicyName": "AdministratorAccess", "PolicyArn": ADMIN}]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/limit")
    assert group["GroupPolicyList"] == [{"PolicyName": "connect", "PolicyDocument": DOCUMENT}]
    assert role["AttachedManagedPolicies"][0]["PolicyName"] == "limit"
    policies = {policy["PolicyName"]: policy for policy in page["Policies"]}
    assert set(policies) == {"limit", "AdministratorAccess"}
    (version,) = policies["limit"]["PolicyVersionList"]
    assert version["IsDefaultVersion"]
    assert version["Document"] == DOCUMENT


def test_account_details_filter(iam: Any) -> None:
    assert arns(iam.get_account_authorization_details(Filter=["Group", "LocalManagedPolicy"])) == ["apps", "limit"]
    assert arns(iam.get_account_authorization_details(Filter=["AWSManagedPolicy"])) == ["AdministratorAccess"]


def test_account_details_default_version_follows(iam: Any) -> None:
    arn = "arn:aws:iam::123456789012:policy/limit"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(DOCUMENT))
    for expected in ("v1", "v2"):
        iam.set_default_policy_version(PolicyArn=arn, VersionId=expected)
        (policy,) = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])["Policies"]
        defaults = [version["VersionId"] for version in policy["PolicyVersionList"] if version["IsDefaultVersion"]]
        assert (policy["DefaultVersionId"], defaults) == (expected, [expected])


def test_account_details_invalid_request_is_refused(iam: Any, refused: Any) -> None:
    assert refused(iam.get_account_authorization_details, Marker="no marker")[0] == "ValidationError"
    assert refused(iam.get_account_authorization_details, Filter=["Users"])[0] == "ValidationError"
