# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Parse the ARNs of databases, and build the ARN prefix of their database users.

The ARN shows the kind, the Region and the account of a database, so that a wrong one is refused early.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .database import CLUSTER, INSTANCE
from .errors import InputError, quoted

_RESOURCE_TYPES = {INSTANCE: "db", CLUSTER: "cluster"}
_KIND_OPTIONS = {INSTANCE: "db_instance_identifiers", CLUSTER: "db_cluster_identifiers"}


class Arn(t.NamedTuple):
    """``arn:partition:rds:region:account:resource_type:name``"""

    partition: str
    region: str
    account: str
    resource_type: str
    name: str


def parse(text: str) -> Arn | None:
    """Return the parts of an RDS ARN, or None if the text is not one."""
    parts = text.split(":", 6)
    if len(parts) != 7 or parts[0].lower() != "arn" or parts[2].lower() != "rds" or not parts[6]:
        return None
    return Arn(parts[1].lower(), parts[3].lower(), parts[4], parts[5].lower(), parts[6].lower())


def identifier_of(text: str, *, kind: str, region: str, option: str | None = None) -> str:
    """Return the identifier in a name or an ARN, in lower case as RDS stores it.

    ``option`` is the option that contains the text. Raises InputError for an invalid ARN, and for an ARN of another
    Region or of another kind of resource.
    """
    if not text.lower().startswith("arn:"):
        return text.lower()
    option = option or _KIND_OPTIONS[kind]
    arn = parse(text)
    if arn is None:
        raise InputError(
            f"{option}: {quoted(text)} is not the ARN of a DB {kind}. "
            f"Use arn:PARTITION:rds:REGION:ACCOUNT:{_RESOURCE_TYPES[kind]}:NAME."
        )
    if arn.resource_type != _RESOURCE_TYPES[kind]:
        right = {v: k for k, v in _RESOURCE_TYPES.items()}.get(arn.resource_type)
        advice = f"Set {_KIND_OPTIONS[right]} instead." if right else f"Use the ARN of a DB {kind}."
        raise InputError(
            f"{option}: {quoted(text)} is the ARN of a {quoted(arn.resource_type)} resource, not of a DB {kind}. "
            f"{advice}"
        )
    if arn.region != region.lower():
        raise InputError(
            f"{option}: {quoted(text)} is in Region {arn.region}, but the task uses {region}. "
            f"Set region to {arn.region}."
        )
    return arn.name


def account_of(text: str) -> str | None:
    """Return the account in an ARN, or None for a plain name."""
    arn = parse(text)
    return arn.account if arn else None


def dbuser_arn_prefix(database_arn: str, resource_id: str) -> str:
    """Return ``arn:PARTITION:rds-db:REGION:ACCOUNT:dbuser:RESOURCE_ID/``. Append the name of a database user to it.

    Return an empty string if ``database_arn`` is not an ARN.

    Source: Amazon RDS User Guide, "Creating and using an IAM policy for IAM database access".
    """
    arn = parse(database_arn)
    if arn is None:
        return ""
    return f"arn:{arn.partition}:rds-db:{arn.region}:{arn.account}:dbuser:{resource_id}/"
