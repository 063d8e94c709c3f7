# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision: allowed, denied implicitly, or denied explicitly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .conditions import holds
from .documents import Policy, Statement
from .patterns import matches_action, matches_arn, normalize_context, variable_names

ALLOWED = "allowed"
IMPLICIT_DENY = "implicit_deny"
EXPLICIT_DENY = "explicit_deny"


@dataclass(frozen=True)
class Request:
    """An action on a resource, with the values of the condition keys."""

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PolicySet:
    """The policies of a principal.

    ``boundary`` and ``session`` limit the permissions unless they are None. ``problems`` names the policies that could
    not be parsed: they give no permission.
    """

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A statement that decided."""

    policy: Policy
    statement: Statement

    @property
    def id(self) -> str:
        """The name of the policy with the statement ID, or with the number of the statement."""
        return f"{self.policy.name}/{self.statement.sid or self.statement.number}"


@dataclass(frozen=True)
class Decision:
    """A decision, and the statements that led to it.

    ``boundary_allows`` is None without a permissions boundary. ``missing`` are the condition keys that the policies use
    and the request does not have.
    """

    allowed: bool
    reason: str
    matched: tuple[Match, ...] = ()
    boundary_allows: bool | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


_Context = dict[str, tuple[str, ...]]


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Return the decision for a request of a principal to a resource in its own account.

    The order of "Policy evaluation logic" (IAM user guide, ✓): an explicit deny in any policy; then the permissions
    boundary, the session policies and the identity-based policies each have to allow the request. Policies of
    AWS Organizations and resource-based policies do not take part: resources of ``rds-db`` have none.
    """
    context = normalize_context(request.context)
    limits = [limit for limit in (policies.boundary, policies.session) if limit is not None]
    everything = [policy for group in (policies.identity, *limits) for policy in group]
    boundary_allows = None if policies.boundary is None else _permits(policies.boundary, request, context)
    denied = tuple(_matches(everything, "Deny", request, context))
    granted = tuple(_matches(policies.identity, "Allow", request, context))
    allowed = not denied and bool(granted) and all(_permits(limit, request, context) for limit in limits)
    return Decision(
        allowed=allowed,
        reason=EXPLICIT_DENY if denied else ALLOWED if allowed else IMPLICIT_DENY,
        matched=denied or (granted if allowed else ()),
        boundary_allows=boundary_allows,
        missing=_missing(everything, request, context),
        problems=policies.problems,
    )


def _permits(policies: Iterable[Policy], request: Request, context: _Context) -> bool:
    policies = tuple(policies)
    if any(_matches(policies, "Deny", request, context)):
        return False
    return any(_matches(policies, "Allow", request, context))


def _matches(policies: Iterable[Policy], effect: str, request: Request, context: _Context) -> Iterator[Match]:
    for policy in policies:
        for statement in policy.statements:
            if statement.effect == effect and _applies(policy, statement, request, context):
                yield Match(policy, statement)


def _applies(policy: Policy, statement: Statement, request: Request, context: _Context) -> bool:
    return (
        _concerns_action(statement, request.action)
        and _concerns_resource(policy, statement, request.resource, context)
        and all(holds(condition, context, variables=policy.variables) for condition in statement.conditions)
    )


def _concerns_action(statement: Statement, action: str) -> bool:
    return any(matches_action(item, action) for item in statement.actions) is not statement.negated_actions


def _concerns_resource(policy: Policy, statement: Statement, resource: str, context: _Context) -> bool:
    listed = any(
        matches_arn(item, resource, context, variables=policy.variables, complete=True) for item in statement.resources
    )
    return listed is not statement.negated_resources


def _missing(policies: Iterable[Policy], request: Request, context: _Context) -> tuple[str, ...]:
    """Return the keys that statements about this action use and that the request does not have, as they are spelled."""
    used: dict[str, str] = {}
    for policy in policies:
        for statement in policy.statements:
            if _concerns_action(statement, request.action):
                for key in _keys(policy, statement):
                    used.setdefault(key.lower(), key)
    return tuple(name for key, name in used.items() if key not in context)


def _keys(policy: Policy, statement: Statement) -> Iterator[str]:
    texts = [*statement.resources]
    for condition in statement.conditions:
        yield condition.key
        texts.extend(condition.values)
    if policy.variables:
        for text in texts:
            yield from variable_names(text)
