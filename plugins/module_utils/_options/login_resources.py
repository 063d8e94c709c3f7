# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the resources that an IAM policy for logins names: DB instances, DB clusters and RDS Proxies.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._model.arns import dbuser_arn_prefix, parse
from .._model.database import CLUSTER, INSTANCE
from .._model.engines import engine_has_setting
from .._model.errors import InputError, quoted

_OPTION = "databases"
# Source: Amazon RDS User Guide, "Creating and using an IAM policy for IAM database access"; partitions of rds-db.
# No part contains a wildcard, so that a value cannot widen the policy.
_PREFIX = re.compile(
    r"arn:aws[a-z0-9-]*:rds-db:[a-z]{2,}(?:-[a-z]+)+-[0-9]+:[0-9]{12}:dbuser:(?:db|cluster|prx)-[A-Za-z0-9]+/"
)
_PROXY = "db-proxy"


@dataclass(frozen=True)
class LoginResource:
    """The prefix of the ARNs of a database's users, and the engine of the database (empty if it is unknown)."""

    prefix: str
    engine: str = ""


def read_login_resources(databases: t.Any) -> tuple[LoginResource, ...]:
    """Return one resource for each database, without duplicates, in the order of their ARNs.

    A member of a cluster stands for its cluster. Raises InputError for a value from which no ARN can be built.
    """
    listed = [databases] if isinstance(databases, t.Mapping) else databases
    if isinstance(listed, str) or not isinstance(listed, t.Sequence) or not listed:
        raise InputError(f"{_OPTION}: it contains no database. Use the databases that rds_iam_auth_info returns.")
    for database in listed:
        if not isinstance(database, t.Mapping):
            raise InputError(
                f"{_OPTION}: {quoted(str(database))} is not a dictionary. Use the databases that rds_iam_auth_info "
                "returns."
            )
    owners = _owners(listed)
    found = {resource.prefix: resource for resource in (_resource(database, owners) for database in listed)}
    return tuple(found[prefix] for prefix in sorted(found))


def _resource(database: t.Mapping[str, t.Any], owners: t.Mapping[tuple[str, str], str]) -> LoginResource:
    name, engine = _name(database), str(database.get("engine") or "")
    if engine and not engine_has_setting(engine):
        raise InputError(
            f"{_OPTION}: {name}: the engine {engine} does not support IAM database authentication. Exclude it."
        )
    prefix = _prefix(database, owners)
    if _PREFIX.fullmatch(prefix) is None:
        raise InputError(
            f"{_OPTION}: {name}: its ARN and its resource id are unknown or invalid. Use a database that exists, as "
            "rds_iam_auth_info returns it."
        )
    if ":dbuser:db-" in prefix and _is_member(database, engine):
        raise InputError(
            f"{_OPTION}: {name} is a member of a DB cluster, and a policy must name the resource id of the cluster. "
            "Use the cluster instead."
        )
    return LoginResource(prefix, engine)


def _prefix(database: t.Mapping[str, t.Any], owners: t.Mapping[tuple[str, str], str]) -> str:
    """Return the prefix that a module has returned, that of the owning cluster, or one built from ARN and id."""
    given = str(database.get("dbuser_arn_prefix") or "")
    if given and ":dbuser:db-" not in given:
        return given
    owner = owners.get(_member_key(database))
    arn = str(database.get("arn") or "")
    return owner or given or dbuser_arn_prefix(arn, _resource_id(database, arn))


def _resource_id(database: t.Mapping[str, t.Any], arn: str) -> str:
    """Return the resource id. The ARN of an RDS Proxy contains it."""
    parsed = parse(arn)
    if parsed is not None and parsed.resource_type == _PROXY:
        return arn.rpartition(":")[2]
    return str(database.get("resource_id") or "")


def _owners(databases: t.Sequence[t.Mapping[str, t.Any]]) -> dict[tuple[str, str], str]:
    """Return (place, member) -> prefix of its cluster, for the members of the clusters in the list."""
    owners: dict[tuple[str, str], str] = {}
    for database in databases:
        if database.get("kind") == CLUSTER:
            place, _name = _member_key(database)
            prefix = _prefix(database, {})
            for member in database.get("members") or []:
                owners[place, str(member.get("identifier")).lower()] = prefix
    return owners


def _member_key(database: t.Mapping[str, t.Any]) -> tuple[str, str]:
    """Return the partition, Region and account of a database, and its identifier."""
    arn = parse(str(database.get("arn") or ""))
    place = f"{arn.partition}:{arn.region}:{arn.account}" if arn else ""
    return place, str(database.get("identifier")).lower() if database.get("kind") == INSTANCE else ""


def _is_member(database: t.Mapping[str, t.Any], engine: str) -> bool:
    """Whether a DB instance belongs to a cluster: Aurora has no other instances, and info returns the cluster."""
    return engine.startswith("aurora") or bool(database.get("db_cluster_identifier"))


def _name(database: t.Mapping[str, t.Any]) -> str:
    name = f"{database.get('kind') or 'database'}/{database.get('identifier') or '?'}"
    return quoted(name)[1:-1]
