# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""SimulatePrincipalPolicy and SimulateCustomPolicy of IAM, which moto does not have."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import Group, IAMBackend, Role, User

from ..rules.iam import EXPLICIT_DENY, IMPLICIT_DENY, Decision, PolicySet, Request, evaluate
from ..rules.iam.evaluation import Match
from ..rules.iam.positions import Position, statement_positions
from ..state.principal_policies import PolicySource, group_policies, parse_all, role_policies, user_policies
from ..state.principals import Principal, principal_context
from ..state.sessions import ROLE, USER
from ..state.world import World

_Parameters = Mapping[str, Any]
_ENTITY = re.compile(r"arn:[^:]+:iam::\d{12}:(user|group|role)/(?:.+/)?([^/]+)")
_DECISIONS = {EXPLICIT_DENY: "explicitDeny", IMPLICIT_DENY: "implicitDeny"}
_STRICTEST = ("explicitDeny", "implicitDeny", "allowed")
# Service authorization reference, rds-db (✓). The simulator has no such list for other services.
_ARN_TEMPLATES = {
    "rds-db:connect": "arn:${Partition}:rds-db:${Region}:${Account}:dbuser:${DbiResourceId}/${DbUserName}"
}
_PAGE = 100
_NOT_SUPPORTED = (
    "OrderedOrganizationPolicyInputList",
    "PolicyExclusionList",
    "ResourceHandlingOption",
    "ResourceOwner",
    "ResourcePolicy",
)


class InvalidInput(ServiceException):
    """InvalidInputException."""

    code = "InvalidInput"


class NoSuchEntity(ServiceException):
    """NoSuchEntityException."""

    code = "NoSuchEntity"


class NotImplementedHere(ServiceException):
    """A parameter that the simulator does not implement."""

    code = "SimulatorNotImplemented"


def simulate_principal_policy(world: World, backend: IAMBackend, parameters: _Parameters) -> dict[str, Any]:
    """Return the answers for the policies of a user, group or role and for additional policies.

    Session policies do not take part, and the ARN of an assumed role is refused (API reference ✓, text △).
    """
    entity = _find_entity(backend, parameters["PolicySourceArn"])
    policies = _entity_policies(entity)
    caller = _find_entity(backend, parameters["CallerArn"]) if "CallerArn" in parameters else entity
    identity = (*policies.identity, *_input_policies(parameters, "PolicyInputList"))
    boundary = policies.boundary
    if "PermissionsBoundaryPolicyInputList" in parameters:
        boundary = _input_policies(parameters, "PermissionsBoundaryPolicyInputList")
    return _simulate(PolicySet(identity, boundary), _entity_context(world, backend, caller), parameters)


def simulate_custom_policy(parameters: _Parameters) -> dict[str, Any]:
    """Return the answers for the policies of the request."""
    boundary = None
    if "PermissionsBoundaryPolicyInputList" in parameters:
        boundary = _input_policies(parameters, "PermissionsBoundaryPolicyInputList")
    return _simulate(PolicySet(_input_policies(parameters, "PolicyInputList"), boundary), {}, parameters)


def _find_entity(backend: IAMBackend, arn: str) -> User | Group | Role:
    match = _ENTITY.fullmatch(arn)
    if match is None:
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    kind, name = match.groups()
    entities: dict[str, Iterable[Any]] = {
        "user": backend.users.values(),
        "group": backend.groups.values(),
        "role": backend.roles.values(),
    }
    for entity in entities[kind]:
        if entity.arn == arn:
            found: User | Group | Role = entity
            return found
    raise NoSuchEntity(f"The {kind} with name {name} cannot be found.")


def _entity_policies(entity: User | Group | Role) -> PolicySet:
    if isinstance(entity, User):
        return user_policies(entity)
    return role_policies(entity) if isinstance(entity, Role) else group_policies(entity)


def _entity_context(world: World, backend: IAMBackend, entity: User | Group | Role) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of the simulated caller. A group cannot be a principal and has none."""
    if isinstance(entity, Group):
        return {}
    kind = USER if isinstance(entity, User) else ROLE
    return principal_context(world, Principal(kind, backend.account_id, backend.partition, entity.arn, entity))


def _input_policies(parameters: _Parameters, name: str) -> tuple[Any, ...]:
    documents = parameters.get(name, [])
    parsed, problems = parse_all(
        PolicySource(document, f"{name}.{number}", "none") for number, document in enumerate(documents, 1)
    )
    if problems:
        raise InvalidInput(f"Syntax errors in policy. {problems[0]}")
    return parsed


def _simulate(
    policies: PolicySet, principal: Mapping[str, str | Sequence[str]], parameters: _Parameters
) -> dict[str, Any]:
    for name in _NOT_SUPPORTED:
        if name in parameters:
            raise NotImplementedHere(f"The simulator does not implement the parameter {name}.")
    actions, resources = _actions(parameters), _resources(parameters)
    context = {**principal, **_context_entries(parameters)}

    def decide(action: str, resource: str) -> Decision:
        return evaluate(Request(action, resource, context), policies)

    return _page(parameters, actions, lambda action: _result(action, resources, decide))


def _actions(parameters: _Parameters) -> list[str]:
    actions = list(parameters["ActionNames"])
    invalid = [action for action in actions if not re.fullmatch(r"[\w-]+:\w+", action)]
    if invalid:
        raise InvalidInput(f"Invalid Input Actions: [{','.join(invalid)}]")
    return actions


def _resources(parameters: _Parameters) -> list[str]:
    resources = list(parameters.get("ResourceArns") or ["*"])
    for resource in resources:
        if resource != "*" and not (resource.startswith("arn:") and resource.count(":") >= 5):
            raise InvalidInput(f"ResourceNames are not in a valid ARN format: {resource}.")
    return resources


def _context_entries(parameters: _Parameters) -> dict[str, list[str]]:
    return {
        entry["ContextKeyName"]: entry.get("ContextKeyValues", []) for entry in parameters.get("ContextEntries", [])
    }


def _page(parameters: _Parameters, actions: list[str], result: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Return one page of results, one for each action. The marker is the number of the next action."""
    start, size = 0, parameters.get("MaxItems", _PAGE)
    if "Marker" in parameters:
        try:
            start = int(base64.b64decode(parameters["Marker"], validate=True))
        except (binascii.Error, ValueError):
            raise InvalidInput("Invalid Marker.") from None
        if not 0 < start < len(actions):
            raise InvalidInput("Invalid Marker.")
    end = start + int(size)
    page: dict[str, Any] = {
        "EvaluationResults": [result(action) for action in actions[start:end]],
        "IsTruncated": end < len(actions),
    }
    if end < len(actions):
        page["Marker"] = base64.b64encode(str(end).encode()).decode()
    return page


def _result(action: str, resources: list[str], decide: Callable[[str, str], Decision]) -> dict[str, Any]:
    """Return the result for one action.

    With resources, EvalResourceName is the ARN template of the action, and ResourceSpecificResults has the decision
    for each resource (model of botocore 1.44, ✓). The decision for the action is the strictest of them (?).
    """
    decisions = {resource: decide(action, resource) for resource in resources}
    answers = {resource: _answer(decision) for resource, decision in decisions.items()}
    strictest = min(answers.values(), key=_STRICTEST.index)
    deciding = [decision for decision in decisions.values() if _answer(decision) == strictest]
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": "*" if resources == ["*"] else _ARN_TEMPLATES.get(action.lower(), "*"),
        "EvalDecision": strictest,
        "MatchedStatements": _statements(match for decision in deciding for match in decision.matched),
        "MissingContextValues": sorted({name for decision in decisions.values() for name in decision.missing}),
        **_boundary_detail(deciding[0]),
    }
    if resources != ["*"]:
        result["EvalDecisionDetails"] = {}
        result["ResourceSpecificResults"] = [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": answers[resource],
                "MatchedStatements": _statements(decision.matched),
                "MissingContextValues": sorted(decision.missing),
                **_boundary_detail(decision),
            }
            for resource, decision in decisions.items()
        ]
    return result


def _answer(decision: Decision) -> str:
    return _DECISIONS.get(decision.reason, "allowed")


def _boundary_detail(decision: Decision) -> dict[str, Any]:
    if decision.boundary_allows is None:
        return {}
    return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": decision.boundary_allows}}


def _statements(matches: Iterable[Match]) -> list[dict[str, Any]]:
    """Return each statement once. SourcePolicyType follows the enumeration of the model (✓)."""
    shown: list[dict[str, Any]] = []
    for match in matches:
        start, end = statement_positions(match.policy.text)[match.statement.number]
        statement = {
            "SourcePolicyId": match.policy.name,
            "SourcePolicyType": match.policy.source,
            "StartPosition": _place(start),
            "EndPosition": _place(end),
        }
        if statement not in shown:
            shown.append(statement)
    return shown


def _place(position: Position) -> dict[str, int]:
    return {"Line": position.line, "Column": position.column}
