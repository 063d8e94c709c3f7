# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Lookup of databases by name or ARN, ignoring case."""

from __future__ import annotations

from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from .backend import ARN_TYPE, Backend, Database

_NOT_FOUND = {
    INSTANCE: ("DBInstanceNotFound", "DBInstance {name} not found."),
    CLUSTER: ("DBClusterNotFoundFault", "DBCluster {name} not found."),
}


def local_name(backend: Backend, kind: str, given: str) -> str | None:
    """Return the name in a name or ARN; None if the ARN is for another account, Region or kind."""
    lowered = given.lower()
    if not lowered.startswith("arn:"):
        return lowered
    prefix = backend.arn(ARN_TYPE[kind], "")
    return lowered[len(prefix) :] if lowered.startswith(prefix) else None


def not_found(kind: str, given: str) -> AwsError:
    """Return DBInstanceNotFound or DBClusterNotFoundFault (codes: botocore's model)."""
    code, text = _NOT_FOUND[kind]
    return AwsError(code, text.format(name=given))


def find(backend: Backend, kind: str, given: str) -> Database:
    """Return the database; raise AwsError if it does not exist."""
    name = local_name(backend, kind, given)
    database = backend.database_store(kind).get(name) if name else None
    if database is None:
        raise not_found(kind, given)
    return database


def find_by_arn(backend: Backend, arn: str) -> Database | None:
    """Return the instance or cluster with this ARN, or None if the ARN is for another resource."""
    for kind in (INSTANCE, CLUSTER):
        name = local_name(backend, kind, arn) if arn.lower().startswith("arn:") else None
        if name:
            return find(backend, kind, arn)
    return None
