# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Propose the smallest policy that keeps the logins that a principal needs.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.login_database import LoginDatabase
from .._options.login_resources import LoginResource
from .connect_grants import ConnectGrant
from .connect_policy import Policy, connect_policies_of, is_writable
from .connect_statements import ALLOW, DENY
from .login_inventory import LoginInventory
from .login_pattern import LoginPattern

# "maximum size of a managed policy" (IAM User Guide, "IAM and AWS STS quotas")
_MAX_SIZE = 6144

Login = t.Tuple[LoginDatabase, str]


class Unresolved(t.NamedTuple):
    """A part of the current permissions that the proposal cannot replace, and why."""

    resource: t.Optional[str]
    reason: str


@dataclass(frozen=True)
class Proposal:
    """The logins that a principal needs, and the policies that allow them and nothing else.

    ``unresolved`` is empty if the proposal covers everything that is needed. ``is_minimal``: the current statements
    name the same resources.
    """

    principal: str
    needed: tuple[Login, ...]
    policies: tuple[Policy, ...]
    unresolved: tuple[Unresolved, ...]
    is_minimal: bool


class Proposer:
    """Proposes policies for principals. Principals with the same policy share the work."""

    def __init__(self, inventory: LoginInventory) -> None:
        self._inventory = inventory
        self._covered: dict[LoginPattern, tuple[list[Login], list[Unresolved]]] = {}

    def propose(self, principal: str, grants: t.Sequence[ConnectGrant]) -> Proposal | None:
        """Return the proposal for a principal, or None if no statement is only about logins.

        A login is needed if a statement allows it, no statement without a condition denies it, the database exists, and
        the user is mapped to IAM. If the users of a database are unknown, those that the statements name count as
        mapped.
        """
        allowed, denied = _patterns(grants)
        unread = _unread(grants)
        if not allowed and not unread:
            return None
        needed: dict[tuple[str, str], Login] = {}
        unresolved: dict[Unresolved, None] = dict.fromkeys(unread)
        for pattern in allowed:
            found, missing = self._coverage(pattern)
            needed.update({(database.prefix, user): (database, user) for database, user in found})
            unresolved.update(dict.fromkeys(missing))
        logins = [needed[key] for key in sorted(needed) if not any(other.matches(*needed[key]) for other in denied)]
        writable = tuple((database, user) for database, user in logins if is_writable(user))
        for database, user in logins:
            if not is_writable(user):
                arn = f"{database.prefix}{user}"
                unresolved[Unresolved(arn, "a policy cannot contain a character of the name of the user")] = None
        policies = _policies(writable)
        is_minimal = not unresolved and _resources(policies) == sorted({pattern.text for pattern in allowed})
        return Proposal(principal, writable, policies, tuple(unresolved), is_minimal)

    def _coverage(self, pattern: LoginPattern) -> tuple[list[Login], list[Unresolved]]:
        if pattern not in self._covered:
            self._covered[pattern] = _covered(pattern, self._inventory)
        return self._covered[pattern]


def _patterns(grants: t.Sequence[ConnectGrant]) -> tuple[list[LoginPattern], list[LoginPattern]]:
    """Return the resources that are allowed for logins only, and those that are denied."""
    statements = [grant.statement for grant in grants if grant.statement.reason is None]
    allowed = [
        pattern
        for statement in statements
        if statement.effect == ALLOW
        for pattern in statement.patterns
        if statement.is_dedicated(pattern)
    ]
    denied = [pattern for statement in statements if statement.effect == DENY for pattern in statement.patterns]
    return allowed, denied


def _unread(grants: t.Sequence[ConnectGrant]) -> list[Unresolved]:
    """Return what customer policies allow, or may allow, but cannot be analysed."""
    found: list[Unresolved] = []
    for grant in grants:
        statement = grant.statement
        if statement.is_aws_managed or statement.effect == DENY:
            continue
        if statement.reason is not None:
            found.append(Unresolved(None, statement.reason))
        found += [Unresolved(text, reason) for text, reason in statement.unread]
    return found


def _covered(pattern: LoginPattern, inventory: LoginInventory) -> tuple[list[Login], list[Unresolved]]:
    """Return the needed logins that a resource covers, and the parts that are unknown."""
    found: list[Login] = []
    missing: list[Unresolved] = []
    for database in dict.fromkeys((*inventory.reached_by(pattern), *inventory.with_slash_in_users())):
        users = inventory.users_of(database)
        if users is not None:
            found += [(database, user) for user, mapped in users.items() if mapped is not False and user]
        elif pattern.user is not None:
            found.append((database, pattern.user))
        else:
            missing.append(Unresolved(pattern.text, f"the users of {database} are unknown"))
    found = [(database, user) for database, user in found if pattern.matches(database, user)]
    return found, [*missing, *_other_regions(pattern, inventory)]


def _other_regions(pattern: LoginPattern, inventory: LoginInventory) -> list[Unresolved]:
    """Return the resource if it also matches databases in Regions that were not read."""
    if not (pattern.matches_partition(inventory.partition) and pattern.matches_account(inventory.account)):
        return []  # it grants nothing to principals of this account
    if pattern.region in inventory.regions or (pattern.resource_id and inventory.find(pattern.resource_id)):
        return []
    return [Unresolved(pattern.text, "it matches Regions that were not read")]


def _policies(logins: t.Sequence[Login]) -> tuple[Policy, ...]:
    pairs = [(LoginResource(database.prefix, database.engine), user) for database, user in logins]
    return tuple(connect_policies_of(pairs, max_size=_MAX_SIZE)) if pairs else ()


def _resources(policies: t.Iterable[Policy]) -> list[str]:
    return sorted(
        resource for policy in policies for statement in policy["Statement"] for resource in statement["Resource"]
    )
