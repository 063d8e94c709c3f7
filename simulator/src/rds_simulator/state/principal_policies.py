# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The policies of users, groups and roles in moto's IAM, and permissions boundaries, which moto has for roles only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User, iam_backends
from moto.utilities.utils import get_partition

from ..rules.iam import Policy, PolicyError, PolicySet, parse_policy
from .sessions import Session

ALLOW_ALL = PolicySet(
    identity=(
        parse_policy(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, name="root"
        ),
    )
)
_BOUNDARY = "permissions_boundary"


class PolicySource(NamedTuple):
    """A document with its name and the type that SimulatePrincipalPolicy shows."""

    document: str
    name: str
    source: str


def user_boundary(user: User) -> str | None:
    """Return the ARN of the permissions boundary of a user, or None."""
    boundary = getattr(user, _BOUNDARY, None)
    return boundary["PermissionsBoundaryArn"] if boundary else None


def set_user_boundary(user: User, arn: str | None) -> None:
    """Set or remove the permissions boundary of a user. moto's GetUser returns the attribute as it is."""
    if arn:
        setattr(
            user, _BOUNDARY, {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
        )
    elif hasattr(user, _BOUNDARY):
        delattr(user, _BOUNDARY)


def user_policies(user: User) -> PolicySet:
    """Return the policies of a user and of its groups."""
    backend = iam_backends[user.account_id][get_partition(user.region_name)]
    sources = [*_attached(user, "user")]
    for group in list(backend.groups.values()):
        if user in group.users:
            sources.extend(_attached(group, "group"))
    return _policy_set(backend, sources, user_boundary(user))


def group_policies(group: Group) -> PolicySet:
    """Return the policies of a group."""
    backend = iam_backends[group.account_id][group.partition]
    return _policy_set(backend, _attached(group, "group"), None)


def role_policies(role: Role) -> PolicySet:
    """Return the policies of a role."""
    backend = iam_backends[role.account_id][role.partition]
    return _policy_set(backend, _attached(role, "role"), role.permissions_boundary_arn)


def with_session_policies(policies: PolicySet, backend: IAMBackend, session: Session) -> PolicySet:
    """Return a policy set that session policies limit. An unknown managed policy gives no permission."""
    sources = [PolicySource(document, "session", "none") for document in session.policies]
    sources.extend(_managed(backend, arn) for arn in session.policy_arns)
    parsed, problems = parse_all(sources)
    return replace(policies, session=parsed, problems=policies.problems + problems)


def parse_all(sources: Iterable[PolicySource]) -> tuple[tuple[Policy, ...], tuple[str, ...]]:
    """Return the valid policies, and one line for each invalid policy."""
    parsed: list[Policy] = []
    problems: list[str] = []
    for source in sources:
        try:
            parsed.append(parse_policy(source.document, name=source.name, source=source.source))
        except PolicyError as error:
            problems.append(f"{source.source} policy {source.name!r}: {error}")
    return tuple(parsed), tuple(problems)


def _policy_set(backend: IAMBackend, sources: Iterable[PolicySource], boundary_arn: str | None) -> PolicySet:
    identity, problems = parse_all(sources)
    if not boundary_arn:
        return PolicySet(identity, problems=problems)
    boundary, boundary_problems = parse_all([_managed(backend, boundary_arn)])
    return PolicySet(identity, boundary=boundary, problems=problems + boundary_problems)


def _attached(entity: User | Group | Role, source: str) -> Iterator[PolicySource]:
    """Yield the policies of an entity. moto may add others meanwhile, without the lock of the world."""
    for name, document in list(entity.policies.items()):
        yield PolicySource(document, name, source)
    for policy in list(entity.managed_policies.values()):
        yield _managed_source(policy)


def _managed(backend: IAMBackend, arn: str) -> PolicySource:
    """Return the default version of a managed policy. A policy that does not exist has an empty, invalid document."""
    policy = backend.managed_policies.get(arn)
    return PolicySource("", arn, "user-managed") if policy is None else _managed_source(policy)


def _managed_source(policy: ManagedPolicy) -> PolicySource:
    source = "aws-managed" if ":iam::aws:policy" in policy.arn else "user-managed"
    document = next((item.document for item in policy.versions if item.version_id == policy.default_version_id), "")
    return PolicySource(document, policy.name, source)
