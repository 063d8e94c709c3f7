# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the identifiers and ARNs of databases from playbooks, ad hoc commands and AWX surveys.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.arns import account_of, identifier_of
from .._model.database import CLUSTER, INSTANCE, DatabaseId
from .._model.errors import InputError, quoted

# Identifiers and ARNs contain none of these characters. Brackets and quotation marks come from lists that are written
# as text, as in an ad hoc command: db_instance_identifiers=['orders','shop']
_SEPARATORS = re.compile(r"[,\s\[\]\"']+")

# Source: API reference of CreateDBInstance and CreateDBCluster, DBInstanceIdentifier / DBClusterIdentifier
_IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,62}")


def read_identifiers(
    *, instances: t.Sequence[str] | None, clusters: t.Sequence[str] | None, region: str
) -> tuple[DatabaseId, ...]:
    """Return the databases that the two options name, without duplicates, in the order given.

    Raises InputError for an invalid identifier, for an ARN of another kind or Region, and if every entry is blank.
    """
    database_ids = _of_kind(INSTANCE, instances, region) + _of_kind(CLUSTER, clusters, region)
    if not database_ids:
        raise InputError(
            "db_instance_identifiers, db_cluster_identifiers: no database is named, because blank entries are ignored. "
            "Set one of them, or select."
        )
    return _each_once(database_ids)


def read_identifier(*, option: str, kind: str, text: str, region: str) -> DatabaseId:
    """Return the database that an option names. Raises InputError for an invalid identifier or ARN."""
    return DatabaseId(kind, _checked(kind, text.strip(), region, option))


def read_target(params: t.Mapping[str, t.Any], *, region: str) -> DatabaseId:
    """Return the database that ``db_instance_identifier`` or ``db_cluster_identifier`` names.

    Raises InputError if both or neither are set, and for an invalid identifier.
    """
    # not mutually_exclusive in the argument spec, because a survey passes the unused one as a blank
    given = {kind: str(params[f"db_{kind}_identifier"] or "").strip() for kind in (INSTANCE, CLUSTER)}
    kinds = [kind for kind, text in given.items() if text]
    if len(kinds) != 1:
        raise InputError(
            "db_instance_identifier, db_cluster_identifier: the target must be named once. Set exactly one of them."
        )
    (kind,) = kinds
    found = read_identifier(option=f"db_{kind}_identifier", kind=kind, text=given[kind], region=region)
    return DatabaseId(found.kind, found.identifier, account_of(given[kind]))


def has_names(entries: t.Sequence[str] | None) -> bool:
    """Whether an option contains an entry that is not blank."""
    return bool(_texts(entries))


def _texts(entries: t.Sequence[str] | None) -> list[str]:
    return [text for entry in entries or () for text in _SEPARATORS.split(entry) if text]


def _of_kind(kind: str, entries: t.Sequence[str] | None, region: str) -> list[DatabaseId]:
    option = f"db_{kind}_identifiers"
    return [DatabaseId(kind, _checked(kind, text, region, option), account_of(text)) for text in _texts(entries)]


def _each_once(database_ids: t.Iterable[DatabaseId]) -> tuple[DatabaseId, ...]:
    """Return each database once. A name and an ARN of one database are combined; the account of the ARN is kept."""
    known: dict[DatabaseId, DatabaseId] = {}
    for database_id in database_ids:
        before = known.setdefault(database_id, database_id)
        if before.account is None:
            known[database_id] = database_id
        elif database_id.account not in (None, before.account):
            raise InputError(
                f"db_{database_id.kind}_identifiers: {database_id.identifier!r} is named in two accounts, "
                f"{before.account} and {database_id.account}. Use one task for each account."
            )
    return tuple(known.values())


def _checked(kind: str, text: str, region: str, option: str) -> str:
    identifier = identifier_of(text, kind=kind, region=region, option=option)
    if _IDENTIFIER.fullmatch(identifier) is None:
        raise InputError(
            f"{option}: {quoted(text)} is not a valid identifier of a DB {kind}. "
            "Use 1 to 63 letters, digits and hyphens, starting with a letter."
        )
    return identifier
