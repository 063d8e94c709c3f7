# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert the pages of GetAccountAuthorizationDetails to the types of the collection.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.account_policies import (
    AWS_MANAGED,
    CUSTOMER_MANAGED,
    GROUP,
    INLINE,
    ROLE,
    USER,
    AccountPage,
    Policy,
    Principal,
)

_Raw = t.Mapping[str, t.Any]
_SECTIONS = (
    ("UserDetailList", USER, "UserName", "UserPolicyList"),
    ("GroupDetailList", GROUP, "GroupName", "GroupPolicyList"),
    ("RoleDetailList", ROLE, "RoleName", "RolePolicyList"),
)


def parse_account_page(raw: _Raw) -> AccountPage:
    """Return the principals and managed policies of one page."""
    principals = [
        _principal(entry, kind, entry[name], entry.get(inline) or [])
        for section, kind, name, inline in _SECTIONS
        for entry in raw.get(section) or []
    ]
    managed = [_managed(entry) for entry in raw.get("Policies") or []]
    return AccountPage(tuple(principals), tuple(managed), raw.get("Marker") if raw.get("IsTruncated") else None)


def _principal(raw: _Raw, kind: str, name: str, inline: t.Iterable[_Raw]) -> Principal:
    return Principal(
        kind=kind,
        arn=raw["Arn"],
        name=name,
        inline=tuple(Policy(INLINE, policy["PolicyName"], policy.get("PolicyDocument")) for policy in inline),
        attached=tuple(policy["PolicyArn"] for policy in raw.get("AttachedManagedPolicies") or []),
        groups=tuple(raw.get("GroupList") or ()),
        boundary=(raw.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"),
    )


def _managed(raw: _Raw) -> Policy:
    """Return a managed policy with the document of its default version."""
    arn: str = raw["Arn"]
    versions = raw.get("PolicyVersionList") or []
    document = next((version.get("Document") for version in versions if version.get("IsDefaultVersion")), None)
    # the ARN of a policy of AWS contains "aws" instead of an account
    kind = AWS_MANAGED if ":iam::aws:" in arn else CUSTOMER_MANAGED
    return Policy(kind, raw["PolicyName"], document, arn)
