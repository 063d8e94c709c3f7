# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Attribute the statements about ``rds-db:connect`` to the principals that they apply to.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.account_policies import AWS_MANAGED, GROUP, Account, Policy, Principal
from .connect_statements import ConnectStatement, read_statements


@dataclass(frozen=True)
class ConnectGrant:
    """A statement, the principals that its policy belongs to, and the users and roles that it applies to (ARNs)."""

    statement: ConnectStatement
    owners: tuple[str, ...]
    principals: tuple[str, ...]


def connect_grants(account: Account) -> list[ConnectGrant]:
    """Return all statements about ``rds-db:connect``: those of inline policies, then those of managed policies.

    Managed policies that are attached to nothing grant nothing. Those of AWS, and those that only limit principals as
    permissions boundaries, are omitted. Others have no principals.
    """
    members = _members(account)
    boundaries = {principal.boundary for principal in account.principals}
    attached: dict[str, list[Principal]] = {arn: [] for arn in account.managed}
    found: list[ConnectGrant] = []
    for principal in account.principals:
        for policy in principal.inline:
            found += _grants(policy, [principal], members)
        for arn in principal.attached:
            attached.setdefault(arn, []).append(principal)
    for arn, owners in attached.items():
        managed = account.managed.get(arn)
        is_unused = not owners and (arn in boundaries or (managed is not None and managed.kind == AWS_MANAGED))
        if managed is not None and not is_unused:
            found += _grants(managed, owners, members)
    return found


def limited_to(grants: t.Iterable[ConnectGrant], arns: t.Collection[str]) -> list[ConnectGrant]:
    """Return the statements of these principals, without the other principals they also apply to."""
    return [
        ConnectGrant(grant.statement, grant.owners, tuple(arn for arn in grant.principals if arn in arns))
        for grant in grants
        if set(arns).intersection((*grant.principals, *grant.owners))
    ]


def _grants(policy: Policy, owners: t.Sequence[Principal], members: t.Mapping[str, list[str]]) -> list[ConnectGrant]:
    arns = [arn for owner in owners for arn in (members.get(owner.name, []) if owner.kind == GROUP else [owner.arn])]
    return [
        ConnectGrant(statement, tuple(owner.arn for owner in owners), tuple(dict.fromkeys(arns)))
        for statement in read_statements(policy)
    ]


def _members(account: Account) -> dict[str, list[str]]:
    """Return the ARNs of the users of each group, by its name."""
    members: dict[str, list[str]] = {}
    for principal in account.principals:
        for name in principal.groups:
            members.setdefault(name, []).append(principal.arn)
    return members
