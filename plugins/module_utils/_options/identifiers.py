# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Reads the names of databases as playbooks, ad hoc commands and AWX surveys give them.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.arns import account_of, identifier_of
from .._model.database import CLUSTER, INSTANCE, DatabaseId
from .._model.errors import InputError, quoted

# identifiers and ARNs hold none of these, so all of them may separate names; brackets and quotes come from lists that
# were typed as text, as in an ad hoc command: db_instance_identifiers=['orders','shop']
_SEPARATORS = re.compile(r"[,\s\[\]\"']+")

# Source: API reference of CreateDBInstance and CreateDBCluster, DBInstanceIdentifier / DBClusterIdentifier
_IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,62}")


def read_identifiers(
    *, instances: t.Sequence[str] | None, clusters: t.Sequence[str] | None, region: str
) -> tuple[DatabaseId, ...]:
    """Return the databases that two options name, each once, in the order given.

    Raises InputError for a name that no database can have, for an ARN of another kind or region, and where nothing
    is named once blanks are dropped.
    """
    database_ids = _of_kind(INSTANCE, instances, region) + _of_kind(CLUSTER, clusters, region)
    if not database_ids:
        raise InputError(
            "no database is named: set db_instance_identifiers or db_cluster_identifiers, or select (blank entries "
            "count as none)"
        )
    return _each_once(database_ids)


def read_identifier(*, option: str, kind: str, text: str, region: str) -> DatabaseId:
    """Return the one database that an option names. Raises InputError like ``named``."""
    return DatabaseId(kind, _checked(kind, text.strip(), region, option))


def read_target(params: t.Mapping[str, t.Any], *, region: str) -> DatabaseId:
    """Return the one database that ``db_instance_identifier`` or ``db_cluster_identifier`` names."""
    given = {kind: str(params[f"db_{kind}_identifier"] or "").strip() for kind in (INSTANCE, CLUSTER)}
    kinds = [kind for kind, text in given.items() if text]
    if len(kinds) != 1:
        raise InputError("exactly one of db_instance_identifier and db_cluster_identifier has to name the target")
    (kind,) = kinds
    return read_identifier(option=f"db_{kind}_identifier", kind=kind, text=given[kind], region=region)


def has_names(entries: t.Sequence[str] | None) -> bool:
    """Whether anything is left of an option once blanks are dropped."""
    return bool(_texts(entries))


def _texts(entries: t.Sequence[str] | None) -> list[str]:
    return [text for entry in entries or () for text in _SEPARATORS.split(entry) if text]


def _of_kind(kind: str, entries: t.Sequence[str] | None, region: str) -> list[DatabaseId]:
    option = f"db_{kind}_identifiers"
    return [DatabaseId(kind, _checked(kind, text, region, option), account_of(text)) for text in _texts(entries)]


def _each_once(database_ids: t.Iterable[DatabaseId]) -> tuple[DatabaseId, ...]:
    """A name and an ARN of the same database count as one; the account of the ARN is kept."""
    known: dict[DatabaseId, DatabaseId] = {}
    for database_id in database_ids:
        before = known.setdefault(database_id, database_id)
        if before.account is None:
            known[database_id] = database_id
        elif database_id.account not in (None, before.account):
            raise InputError(
                f"db_{database_id.kind}_identifiers: {database_id.identifier!r} is named in two accounts, "
                f"{before.account} and {database_id.account}. Use one task for each account"
            )
    return tuple(known.values())


def _checked(kind: str, text: str, region: str, option: str) -> str:
    identifier = identifier_of(text, kind=kind, region=region, option=option)
    if _IDENTIFIER.fullmatch(identifier) is None:
        raise InputError(
            f"{option}: {quoted(text)} is not an identifier that a DB {kind} can have "
            "(a letter, then letters, digits and hyphens, at most 63 in all)"
        )
    return identifier
