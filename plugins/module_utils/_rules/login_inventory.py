# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The databases and RDS Proxies that exist in the Regions of a task, by the resource ids that policies name.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._model.account_policies import Proxy
from .._model.arns import parse
from .._model.database import CLUSTER, Database
from .._model.engines import engine_has_setting
from .._model.login_database import LoginDatabase
from .._options.connect_policies import Users
from .login_pattern import LoginPattern

PROXY = "proxy"


@dataclass(frozen=True)
class LoginInventory:
    """The databases by resource id.

    ``targets`` are those that a policy may name. ``others`` are members of clusters, and databases whose engine has no
    IAM database authentication. ``users`` are the users by the resource id of a target.
    """

    partition: str
    account: str
    regions: tuple[str, ...]
    targets: t.Mapping[str, LoginDatabase] = field(default_factory=dict)
    others: t.Mapping[str, LoginDatabase] = field(default_factory=dict)
    users: t.Mapping[str, Users] = field(default_factory=dict)
    _reached: dict[LoginPattern, list[LoginDatabase]] = field(default_factory=dict, compare=False, repr=False)

    def find(self, resource_id: str) -> LoginDatabase | None:
        """Return any database with this resource id."""
        return self.targets.get(resource_id) or self.others.get(resource_id)

    def reached_by(self, pattern: LoginPattern) -> list[LoginDatabase]:
        """Return the targets that a pattern is about."""
        if pattern not in self._reached:
            named = pattern.resource_id
            candidates = self.targets.values() if named is None else filter(None, [self.targets.get(named)])
            self._reached[pattern] = [database for database in candidates if pattern.reaches(database)]
        return self._reached[pattern]

    def with_slash_in_users(self) -> list[LoginDatabase]:
        """Return the targets with a user whose name contains a slash, which a wildcard of a resource id may match."""
        return [self.targets[one] for one, users in self.users.items() if one in self.targets and "/" in "".join(users)]

    def named(self, text: str) -> list[LoginDatabase]:
        """Return the targets with this identifier, or with this resource id in another case."""
        lower = text.lower()
        return [one for one in self.targets.values() if lower in (one.identifier, one.resource_id.lower())]

    def owner_of(self, member: LoginDatabase) -> LoginDatabase | None:
        """Return the cluster of a member."""
        name = (member.cluster_identifier or "").lower()
        for one in self.targets.values():
            if one.kind == CLUSTER and one.identifier == name and one.region == member.region:
                return one
        return None

    def users_of(self, database: LoginDatabase) -> Users | None:
        """Return the users of a database, or None if they are unknown."""
        return self.users.get(database.resource_id)


def build_inventory(
    databases: t.Iterable[Database],
    proxies: t.Iterable[Proxy],
    users: t.Mapping[str, Users],
    *,
    partition: str,
    account: str,
    regions: tuple[str, ...],
) -> LoginInventory:
    """Return the inventory. Users of a member of a cluster become users of the cluster."""
    found = [_login_database(database) for database in databases] + [_proxy(proxy) for proxy in proxies]
    targets = {one.resource_id: one for one in found if _is_target(one)}
    others = {one.resource_id: one for one in found if not _is_target(one)}
    inventory = LoginInventory(partition, account, regions, targets, others)
    known: dict[str, Users] = {}
    for resource_id, listed in users.items():
        member = others.get(resource_id)
        owner = inventory.owner_of(member) if member else None
        known.setdefault(owner.resource_id if owner else resource_id, {}).update(listed)
    return LoginInventory(partition, account, regions, targets, others, known)


def _is_target(database: LoginDatabase) -> bool:
    return not database.cluster_identifier and (not database.engine or engine_has_setting(database.engine))


def _login_database(database: Database) -> LoginDatabase:
    partition, region, account = _place(database.arn)
    return LoginDatabase(
        kind=database.id.kind,
        identifier=database.id.identifier,
        partition=partition,
        region=region,
        account=account,
        resource_id=database.resource_id,
        engine=database.engine,
        cluster_identifier=database.cluster_identifier,
    )


def _proxy(proxy: Proxy) -> LoginDatabase:
    partition, region, account = _place(proxy.arn)
    return LoginDatabase(PROXY, proxy.name.lower(), partition, region, account, proxy.arn.rpartition(":")[2])


def _place(text: str) -> tuple[str, str, str]:
    """Return partition, Region and account of an ARN. RDS returns an ARN for every database."""
    arn = parse(text)
    return (arn.partition, arn.region, arn.account) if arn else ("", "", "")
