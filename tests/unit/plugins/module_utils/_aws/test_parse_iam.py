# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Policy documents and decisions of IAM are translated."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.parse_iam import (
    allowed_resources,
    parse_decision,
    principal_documents,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts


def allow(resource, action="rds-db:connect"):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("a"), ("a",)),
        (allow(["a", "b", "a"]), ("a", "b")),
        ([allow("a"), allow("b", ["s3:*", "RDS-DB:Connect"])], ("a", "b")),
        (allow("a", "rds-db:*"), ("a",)),
        (allow("a", "*"), ("a",)),
        (allow("a", "rds:connect"), ()),
        ({"Effect": "Deny", "Action": "rds-db:connect", "Resource": "a"}, ()),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "a"}, ()),
        ({"Effect": "Allow", "Action": "rds-db:connect", "NotResource": "a"}, ()),
    ],
)
def test_allowed_resources_statement_is_read(statement, expected):
    assert allowed_resources([{"Statement": statement}]) == expected


PAGES = (
    {
        "UserDetailList": [
            {
                "Arn": "arn:user",
                "GroupList": ["team", "gone"],
                "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"id": "own"}}],
                "AttachedManagedPolicies": [{"PolicyArn": "arn:policy"}],
            }
        ],
        "RoleDetailList": [
            {"Arn": "arn:role", "RolePolicyList": [{"PolicyName": "r", "PolicyDocument": {"id": "role"}}]}
        ],
    },
    {
        "GroupDetailList": [
            {"GroupName": "team", "GroupPolicyList": [{"PolicyName": "g", "PolicyDocument": {"id": "group"}}]}
        ],
        "Policies": [
            {
                "Arn": "arn:policy",
                "PolicyVersionList": [
                    {"IsDefaultVersion": False, "Document": {"id": "old"}},
                    {"IsDefaultVersion": True, "Document": {"id": "managed"}},
                ],
            }
        ],
    },
)


@pytest.mark.parametrize(
    ("arn", "expected"), [("arn:user", ["own", "managed", "group"]), ("arn:role", ["role"]), ("arn:other", [])]
)
def test_principal_documents_pages_are_joined(arn, expected):
    assert [document["id"] for document in principal_documents(PAGES, arn)] == expected


def test_parse_decision_reads_boundary_and_organization():
    raw = {
        "EvalDecision": "implicitDeny",
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
    }
    assert parse_decision(raw) == PolicyFacts("implicitDeny", allowed_by_boundary=False, allowed_by_organization=True)
    assert parse_decision({"EvalDecision": "allowed"}) == PolicyFacts("allowed")


def test_parse_decision_of_resource_has_precedence():
    specific = {
        "EvalResourceDecision": "implicitDeny",
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
    }
    raw = {"EvalDecision": "allowed", "ResourceSpecificResults": [specific]}
    assert parse_decision(raw) == PolicyFacts("implicitDeny", allowed_by_boundary=False)
