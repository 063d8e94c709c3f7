# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Pages of GetAccountAuthorizationDetails, as botocore returns them."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.parse_account import parse_account_page
from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import (
    AWS_MANAGED,
    CUSTOMER_MANAGED,
    INLINE,
    USER,
    AccountPage,
    Policy,
    Principal,
)

ARN = "arn:aws:iam::123456789012:user/a"


def managed(arn, *versions):
    return {
        "Policies": [
            {
                "PolicyName": "login",
                "Arn": arn,
                "PolicyVersionList": [
                    {"Document": name, "IsDefaultVersion": is_default} for name, is_default in versions
                ],
            }
        ]
    }


def test_page_without_entries_is_empty():
    assert parse_account_page({}) == AccountPage()


def test_principal_has_everything():
    raw = {
        "UserName": "a",
        "Arn": ARN,
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": "%7Bbroken"}],
        "AttachedManagedPolicies": [{"PolicyName": "shared", "PolicyArn": "arn:shared"}],
        "GroupList": ["team"],
        "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:limit"},
    }
    (found,) = parse_account_page({"UserDetailList": [raw]}).principals
    policies = (Policy(INLINE, "own", "%7Bbroken"),)
    assert found == Principal(USER, ARN, "a", policies, ("arn:shared",), ("team",), "arn:limit")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", AWS_MANAGED),
        ("arn:aws-cn:iam::aws:policy/service-role/X", AWS_MANAGED),
        ("arn:aws:iam::123456789012:policy/aws/login", CUSTOMER_MANAGED),
    ],
)
def test_managed_policy_has_default_version(arn, kind):
    page = parse_account_page(managed(arn, ("v1", False), ("v2", True), ("v3", False)))
    assert page.managed == (Policy(kind, "login", "v2", arn),)


def test_managed_policy_without_default_version_has_no_document():
    assert parse_account_page(managed("arn:aws:iam::1:policy/a")).managed[0].document is None


@pytest.mark.parametrize(("truncated", "expected"), [(True, "next"), (False, None)])
def test_marker_counts_only_if_truncated(truncated, expected):
    assert parse_account_page({"IsTruncated": truncated, "Marker": "next"}).marker == expected
