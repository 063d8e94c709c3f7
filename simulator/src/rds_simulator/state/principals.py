# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The callers of logins: credentials that moto's IAM and STS know, and what their policies allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from moto.iam.models import IAMBackend, Role, User, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from ..rules.iam import IMPLICIT_DENY, Decision, PolicySet, Request, evaluate
from .principal_policies import ALLOW_ALL, role_policies, user_policies, with_session_policies
from .sessions import FEDERATED, ROLE, ROOT, USER, Session
from .world import World

# RDS user guide, UsingWithRDS.IAMDBAuth.IAMPolicy (✓): rds-db does not support these condition keys.
UNSUPPORTED_KEYS = frozenset(
    ("aws:referer", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:useragent", "aws:vpcsourceip")
)
_PRINCIPAL_TYPES = {USER: "User", ROLE: "AssumedRole", FEDERATED: "FederatedUser", ROOT: "Account"}


@dataclass(frozen=True)
class Credentials:
    """Valid or expired credentials. ``expires`` is None for access keys of users."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    expires: datetime | None
    caller_arn: str
    account: str


@dataclass(frozen=True)
class Principal:
    """Who signed: the IAM user, role or root user, and the session if there is one."""

    kind: str
    account: str
    partition: str
    arn: str
    entity: User | Role | None
    session: Session | None = None


def find_credentials(world: World, access_key_id: str) -> Credentials | None:
    """Return the credentials with this access key, expired or not.

    Return None for a key that neither IAM nor STS knows, and for a key that is inactive.
    """
    with world.lock:
        found = _user_key(access_key_id)
        if found is not None:
            backend, user, secret = found
            return Credentials(access_key_id, secret, None, None, user.arn, backend.account_id)
        root = world.root_keys.get(access_key_id)
        if root is not None:
            arn = f"arn:{root.partition}:iam::{root.account}:root"
            return Credentials(access_key_id, root.secret_access_key, None, None, arn, root.account)
        session = find_session(world, access_key_id)
    if session is None:
        return None
    return Credentials(
        access_key_id,
        session.secret_access_key,
        session.session_token,
        session.expires,
        session.caller_arn,
        session.account,
    )


def find_session(world: World, access_key_id: str) -> Session | None:
    """Return the session with this access key, or None."""
    known = world.sessions.get(access_key_id)
    if known is not None:
        return known
    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            assumed = backend.get_assumed_role_from_access_key(access_key_id)
            if assumed is not None:
                return assumed_role_session(assumed)
    return None


def assumed_role_session(
    assumed: AssumedRole, policy_arns: Sequence[str] = (), tags: Mapping[str, str] | None = None
) -> Session:
    """Return the session of an assumed role. moto keeps its times in UTC without a time zone."""
    expires = assumed.expiration.replace(tzinfo=timezone.utc)
    return Session(
        access_key_id=assumed.access_key_id,
        secret_access_key=assumed.secret_access_key,
        session_token=assumed.session_token,
        issued=datetime.now(timezone.utc),
        expires=expires,
        caller_arn=assumed.arn,
        account=assumed.account_id,
        kind=ROLE,
        owner=_role_id(assumed),
        name=assumed.session_name,
        policies=(assumed.policy,) if assumed.policy else (),
        policy_arns=tuple(policy_arns),
        tags=tuple((tags or {}).items()),
    )


def _role_id(assumed: AssumedRole) -> str:
    backend = iam_backends[assumed.account_id][assumed.role_arn.split(":")[1]]
    return next((str(role.id) for role in list(backend.roles.values()) if role.arn == assumed.role_arn), "")


def find_principal(world: World, access_key_id: str) -> Principal | None:
    """Return who owns an access key, or None if the user, role or key no longer exists."""
    found = _user_key(access_key_id)
    if found is not None:
        backend, user, _secret = found
        return Principal(USER, backend.account_id, backend.partition, user.arn, user)
    root = world.root_keys.get(access_key_id)
    if root is not None:
        return Principal(ROOT, root.account, root.partition, f"arn:{root.partition}:iam::{root.account}:root", None)
    session = find_session(world, access_key_id)
    return _session_principal(session) if session is not None else None


def _session_principal(session: Session) -> Principal | None:
    partition = session.caller_arn.split(":")[1]
    if session.kind == ROOT:
        return Principal(ROOT, session.account, partition, session.caller_arn, None, session)
    backend = iam_backends[session.account][partition]
    entity: User | Role | None
    if session.kind == ROLE:
        entity = next((role for role in list(backend.roles.values()) if role.id == session.owner), None)
    else:
        entity = next((user for user in list(backend.users.values()) if user.id == session.owner), None)
    if entity is None:
        return None
    arn = session.caller_arn if session.kind == FEDERATED else entity.arn
    return Principal(session.kind, session.account, partition, arn, entity, session)


def authorize(
    world: World,
    credentials: Credentials,
    action: str,
    resource_arn: str,
    context: Mapping[str, str | Sequence[str]] | None = None,
) -> Decision:
    """Return whether the policies of a caller allow an action on a resource.

    A resource in another account or partition is denied: resources of ``rds-db`` have no policies of their own, and the
    caller has to be in the account of the database (RDS user guide, UsingWithRDS.IAMDBAuth.IAMPolicy, ✓).
    """
    with world.lock:
        principal = find_principal(world, credentials.access_key_id)
        parts = resource_arn.split(":", 5)
        if principal is None or len(parts) < 6 or (parts[1], parts[4]) != (principal.partition, principal.account):
            return Decision(allowed=False, reason=IMPLICIT_DENY)
        given = {**principal_context(world, principal), **(context or {})}
        if action.lower().startswith("rds-db:"):
            # Every request has both keys (IAM user guide, global condition keys ✓). Tokens are only accepted over TLS.
            given = {"aws:RequestedRegion": parts[3], "aws:SecureTransport": "true", **given}
            given = {key: value for key, value in given.items() if key.lower() not in UNSUPPORTED_KEYS}
        return evaluate(Request(action, resource_arn, given), principal_policies(principal))


def principal_policies(principal: Principal) -> PolicySet:
    """Return the policies that apply to a principal. Everything is allowed to the root user (✓)."""
    if isinstance(principal.entity, User):
        policies = user_policies(principal.entity)
    elif isinstance(principal.entity, Role):
        policies = role_policies(principal.entity)
    else:
        policies = ALLOW_ALL
    session = principal.session
    if session is None or not session.has_session_policies:
        return policies
    return with_session_policies(policies, iam_backends[session.account][principal.partition], session)


def principal_context(world: World, principal: Principal) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of the principal and of the time (IAM user guide, global condition keys, ✓)."""
    now = world.login_time()
    context: dict[str, str | Sequence[str]] = {
        "aws:PrincipalArn": principal.arn,
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": _PRINCIPAL_TYPES[principal.kind],
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
        "aws:ResourceAccount": principal.account,
        "aws:userid": _user_id(principal),
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        **{f"aws:PrincipalTag/{key}": value for key, value in _tags(principal)},
    }
    if principal.kind == USER and principal.entity is not None:
        context["aws:username"] = principal.entity.name
    session = principal.session
    if session is not None:
        context["aws:TokenIssueTime"] = session.issued.strftime("%Y-%m-%dT%H:%M:%SZ")
        context["aws:MultiFactorAuthPresent"] = "false"
    return context


def _user_id(principal: Principal) -> str:
    """Return the value of ``aws:userid`` (IAM user guide, reference_policies_variables, table of principals, ✓)."""
    session = principal.session
    if principal.kind == FEDERATED and session is not None:
        return f"{principal.account}:{session.name}"
    if principal.entity is None:
        return principal.account
    return f"{principal.entity.id}:{session.name}" if principal.kind == ROLE and session else str(principal.entity.id)


def _tags(principal: Principal) -> Iterator[tuple[str, str]]:
    """Yield the tags of the user or role, then those of the session, which take precedence (✓)."""
    if principal.entity is not None:
        for tag in principal.entity.tags or []:
            yield tag["Key"], tag["Value"]
    if principal.session is not None:
        yield from principal.session.tags


def _user_key(access_key_id: str) -> tuple[IAMBackend, User, str] | None:
    for account in list(iam_backends.values()):
        for backend in list(account.values()):
            for user in list(backend.users.values()):
                for key in user.access_keys:
                    if key.access_key_id == access_key_id and key.status == "Active":
                        return backend, user, key.secret_access_key
    return None
