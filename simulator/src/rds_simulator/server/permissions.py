# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The permissions of a request, and their check against the policies of the caller."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from moto.utilities.utils import get_partition

from ..errors import AwsError
from ..rules.iam import EXPLICIT_DENY, Decision, Request, evaluate
from ..rules.permissions import Permission, Scope
from ..state.world import DEFAULT_ACCOUNT, World
from .request_credentials import access_key_of

# signing name -> prefix of its actions
ACTION_PREFIXES = {"iam": "iam", "logs": "logs", "monitoring": "cloudwatch", "sts": "sts"}
# Every identity may call them (STS API reference ✓), whatever its policies allow.
_FREE = frozenset(("sts:GetCallerIdentity", "sts:GetSessionToken"))


def caller_account(world: World, environ: dict[str, Any]) -> str:
    """Return the account of the caller, or the default account if the access key is unknown."""
    from ..state.principals import find_principal  # it imports the IAM of moto, which takes time

    principal = find_principal(world, access_key_of(environ))
    return principal.account if principal is not None else DEFAULT_ACCOUNT


def other_permissions(
    world: World, service: str, action: str, region: str, body: bytes, account: str
) -> tuple[Permission, ...]:
    """Return the permissions that a request to another service requires (Service Authorization Reference ✓)."""
    if service not in ACTION_PREFIXES:
        return ()
    name = f"{ACTION_PREFIXES[service]}:{action}"
    if name in _FREE:
        return ()
    scope = Scope(get_partition(region), region, account)
    return tuple(Permission(name, resource) for resource in _other_resources(service, action, body, scope))


def _other_resources(service: str, action: str, body: bytes, scope: Scope) -> Iterator[str]:
    if service == "logs":
        group = json.loads(body or b"{}").get("logGroupName")
        # the form in the errors of CloudWatch Logs (△)
        prefix = f"arn:{scope.partition}:logs:{scope.region}:{scope.account}"
        yield f"{prefix}:log-group:{group}:log-stream:" if group else "*"
        return
    given = {key: values[0] for key, values in parse_qs(body.decode("latin-1")).items()}
    if "PolicySourceArn" in given or "RoleArn" in given:
        yield given.get("PolicySourceArn") or given["RoleArn"]
    elif service == "iam" and ("RoleName" in given or "UserName" in given):
        kind = "role" if "RoleName" in given else "user"
        yield _entity_arn(scope, kind, given.get("RoleName") or given["UserName"])
    else:
        yield "*"


def _entity_arn(scope: Scope, kind: str, name: str) -> str:
    """Return the ARN of a role or user, with its path. One that does not exist has no path."""
    from moto.iam.models import iam_backends

    backend = iam_backends[scope.account][scope.partition]
    entities: Sequence[Any] = list((backend.roles if kind == "role" else backend.users).values())
    arns = [str(entity.arn) for entity in entities if entity.name == name]
    return arns[0] if arns else f"arn:{scope.partition}:iam::{scope.account}:{kind}/{name}"


def permission_error(
    world: World,
    environ: dict[str, Any],
    region: str,
    permissions: Sequence[Permission],
    parameters: Mapping[str, Any] | None = None,
) -> AwsError | None:
    """Return AccessDenied for the first permission that the caller lacks, or None. Checks with ``enforce_policies``.

    An unknown access key has no policies and is not checked: ``check_credentials`` refuses it.
    """
    if not world.settings.enforce_policies:
        return None
    from ..state.principals import find_principal, principal_context, principal_policies

    with world.lock:
        principal = find_principal(world, access_key_of(environ))
        if principal is None:
            return None
        policies = principal_policies(principal)
        context = {**principal_context(world, principal), **_request_context(region, parameters or {})}
        caller = principal.session.caller_arn if principal.session is not None else principal.arn
        for permission in permissions:
            decision = evaluate(Request(permission.action, permission.resource, context), policies)
            if not decision.allowed:
                return AwsError("AccessDenied", denied_text(caller, permission, _reason(decision, permission)))
    return None


def denied_text(caller: str, permission: Permission, reason: str = "") -> str:
    """Return the text of AccessDenied (IAM user guide, troubleshoot_access-denied ✓)."""
    reason = reason or f"because no identity-based policy allows the {permission.action} action"
    action, resource = permission.action, permission.resource
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}"


def _reason(decision: Decision, permission: Permission) -> str:
    if decision.reason == EXPLICIT_DENY:
        return "with an explicit deny in an identity-based policy"
    if decision.boundary_allows is False:
        return f"because no permissions boundary allows the {permission.action} action"
    return ""


def _request_context(region: str, parameters: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of the request (IAM user guide, global condition keys ✓)."""
    tags = {str(tag.get("Key")): str(tag.get("Value", "")) for tag in parameters.get("Tags") or []}
    context: dict[str, str | Sequence[str]] = {"aws:RequestedRegion": region, "aws:SecureTransport": "true"}
    if tags:
        context["aws:TagKeys"] = list(tags)
        context.update({f"aws:RequestTag/{key}": value for key, value in tags.items()})
    return context
