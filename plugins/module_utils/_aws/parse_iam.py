# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert IAM responses to the types of the collection.

This is private to the collection.
"""

from __future__ import annotations

import fnmatch
import typing as t

from .._model.login_evidence import PolicyFacts

ACTION = "rds-db:connect"
_Statements = t.Iterable[t.Mapping[str, t.Any]]


def parse_decision(raw: t.Mapping[str, t.Any]) -> PolicyFacts:
    """Translate an ``EvaluationResult`` of SimulatePrincipalPolicy for one resource.

    The decision about the resource itself has precedence over the decision about the action (API reference of
    EvaluationResult).
    """
    specific = (raw.get("ResourceSpecificResults") or [{}])[0]
    boundary = (specific or raw).get("PermissionsBoundaryDecisionDetail") or {}
    organization = raw.get("OrganizationsDecisionDetail") or {}
    return PolicyFacts(
        decision=specific.get("EvalResourceDecision") or raw.get("EvalDecision", ""),
        allowed_by_boundary=boundary.get("AllowedByPermissionsBoundary"),
        allowed_by_organization=organization.get("AllowedByOrganizations"),
        missing_context=tuple(specific.get("MissingContextValues") or raw.get("MissingContextValues") or ()),
    )


def allowed_resources(documents: t.Iterable[t.Any]) -> tuple[str, ...]:
    """Return the resources for which the policy documents allow ``rds-db:connect``, without duplicates."""
    found = [
        resource
        for document in documents
        for statement in _list(document.get("Statement"))
        if statement.get("Effect") == "Allow" and _has_action(statement)
        for resource in _list(statement.get("Resource"))
    ]
    return tuple(dict.fromkeys(str(resource) for resource in found))


def principal_documents(pages: t.Sequence[t.Mapping[str, t.Any]], principal_arn: str) -> list[t.Any]:
    """Return all policy documents of a user or a role, from the pages of GetAccountAuthorizationDetails."""
    users, roles = _joined(pages, "UserDetailList"), _joined(pages, "RoleDetailList")
    groups = {group["GroupName"]: group for group in _joined(pages, "GroupDetailList")}
    principal = next((entry for entry in [*users, *roles] if entry.get("Arn") == principal_arn), None)
    if principal is None:
        return []
    owners = [principal, *(groups[name] for name in principal.get("GroupList") or [] if name in groups)]
    managed = {policy["Arn"]: policy for policy in _joined(pages, "Policies")}
    return [document for owner in owners for document in _documents(owner, managed)]


def _documents(owner: t.Mapping[str, t.Any], managed: t.Mapping[str, t.Any]) -> t.Iterator[t.Any]:
    for kind in ("UserPolicyList", "RolePolicyList", "GroupPolicyList"):
        for policy in owner.get(kind) or []:
            yield policy["PolicyDocument"]
    for attached in owner.get("AttachedManagedPolicies") or []:
        policy = managed.get(attached["PolicyArn"], {})
        for version in policy.get("PolicyVersionList") or []:
            if version.get("IsDefaultVersion"):
                yield version["Document"]


def _joined(pages: t.Sequence[t.Mapping[str, t.Any]], key: str) -> list[t.Any]:
    return [entry for page in pages for entry in page.get(key) or []]


def _has_action(statement: t.Mapping[str, t.Any]) -> bool:
    return any(fnmatch.fnmatchcase(ACTION, str(action).lower()) for action in _list(statement.get("Action")))


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
