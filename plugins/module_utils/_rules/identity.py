# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide whether a database was created by a request of this task.

The RDS operations that create databases have no client token. After a lost response, the error that the identifier is
in use therefore does not show who created the database. Its description is compared with the request instead.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .._model.arns import parse
from .._model.database import INSTANCE, Database, DatabaseId
from .._model.operation import Request
from .._model.problem import Problem

_REPLICA = "CreateDBInstanceReadReplica"
_CREATING = "creating"

# request parameter -> its name in messages
_PROPERTIES = {
    "DBClusterInstanceClass": "class",
    "MasterUsername": "master user",
    "AllocatedStorage": "allocated storage",
    "DBName": "database name",
    "DatabaseName": "database name",
    "Port": "port",
    "DBSubnetGroupName": "subnet group",
}


@dataclass(frozen=True)
class Expectation:
    """The properties of the database that a request creates. None and empty values are not compared.

    ``resource_id`` comes from the response. If it is known, it alone decides. ``not_before`` is the AWS time when the
    request was sent. An older database cannot be its result.
    """

    id: DatabaseId
    resource_id: str = ""
    not_before: dt.datetime | None = None
    engine: str = ""
    instance_class: str = ""
    parameter_group: str = ""
    cluster: str = ""
    source: str = ""
    tags: t.Mapping[str, str] = field(default_factory=dict)
    properties: t.Mapping[str, str] = field(default_factory=dict)


def expectation(
    database_id: DatabaseId, request: Request, *, engine: str, not_before: dt.datetime | None
) -> Expectation:
    """Return the properties of the database that the request creates.

    ``engine`` applies if the request does not name one.
    """
    asked = request.parameters
    return Expectation(
        id=database_id,
        not_before=not_before,
        engine=str(asked.get("Engine") or engine).lower(),
        instance_class=str(asked.get("DBInstanceClass") or "").lower(),
        parameter_group=_requested_group(database_id, asked).lower(),
        cluster=str(asked.get("DBClusterIdentifier") or "").lower() if database_id.kind == INSTANCE else "",
        source=str(asked.get("SourceDBInstanceIdentifier") or "") if request.operation == _REPLICA else "",
        tags={str(tag["Key"]): str(tag.get("Value") or "") for tag in asked.get("Tags") or ()},
        properties={name: str(asked[name]) for name in _PROPERTIES if asked.get(name)},
    )


def identity_mismatch(expected: Expectation, database: Database, *, region: str) -> str | None:
    """Return why the database cannot be the expected one, or None if it can."""
    if expected.resource_id and database.resource_id:
        if expected.resource_id == database.resource_id:
            return None
        return f"its resource ID is {database.resource_id}, not {expected.resource_id}"
    return next((reason for reason in _differences(expected, database, region) if reason), None)


def is_replica_of(database: Database, source: str, *, region: str) -> bool:
    """Whether the instance is a read replica of this source. Region, account and name are compared.

    RDS returns the identifier of a source in the same Region and account, and the ARN of any other. ``region`` is the
    Region of the task.
    """
    if not database.replica_of:
        return False
    own = parse(database.arn)
    account = own.account if own else ""
    return _location(database.replica_of, region, account) == _location(source, region, account)


def foreign_database_problem(expected: Expectation, code: str, reason: str) -> Problem:
    """Return the problem for a database with the expected identifier that this task has not created."""
    return Problem(
        code,
        f"{expected.id}: somebody else created a DB {expected.id.kind} with this identifier while the task ran "
        f"({reason}). Choose another identifier, or delete or rename that database",
    )


def _differences(expected: Expectation, database: Database, region: str) -> t.Iterator[str | None]:
    group = database.parameter_group
    yield _unequal("engine", expected.engine, database.engine)
    yield _unequal("class", expected.instance_class, database.instance_class)
    yield _unequal("parameter group", expected.parameter_group, group.name if group else None)
    if expected.id.kind == INSTANCE:
        yield _other_cluster(expected.cluster, (database.cluster_identifier or "").lower())
    yield _other_source(expected.source, database, region)
    for name, value in expected.properties.items():
        yield _unequal(_PROPERTIES[name], value.lower(), database.created_with.get(name))
    yield _other_tags(expected.tags, database)
    yield _too_old(expected.not_before, database.created_at)


def _unequal(what: str, expected: str, found: str | None) -> str | None:
    if not expected or not found or expected == found.lower():
        return None
    return f"its {what} is {found}, not {expected}"


def _other_cluster(expected: str, found: str) -> str | None:
    if expected == found:
        return None
    return f"it is a member of DB cluster {found}" if found else f"it is not a member of DB cluster {expected}"


def _other_source(source: str, database: Database, region: str) -> str | None:
    if not source or is_replica_of(database, source, region=region):
        return None
    return f"it is a read replica of {database.replica_of}" if database.replica_of else "it is not a read replica"


def _other_tags(expected: t.Mapping[str, str], database: Database) -> str | None:
    found = database.tags
    # RDS may show the tags of a new database with a delay
    late = database.status == _CREATING
    missing = sorted(key for key, value in expected.items() if found.get(key, value if late else None) != value)
    return f"it does not have the tags of the request: {', '.join(missing)}" if missing else None


def _too_old(not_before: dt.datetime | None, created_at: dt.datetime | None) -> str | None:
    # ``not_before`` comes from an HTTP date, which has no fractions of a second
    if not_before is None or created_at is None or created_at >= not_before.replace(microsecond=0):
        return None
    return f"it was created at {created_at.isoformat()}, before the request was sent at {not_before.isoformat()}"


def _requested_group(database_id: DatabaseId, asked: t.Mapping[str, t.Any]) -> str:
    name = "DBParameterGroupName" if database_id.kind == INSTANCE else "DBClusterParameterGroupName"
    return str(asked.get(name) or "")


def _location(name: str, region: str, account: str) -> tuple[str, str, str]:
    arn = parse(name)
    return (arn.region, arn.account, arn.name) if arn else (region.lower(), account, name.lower())
