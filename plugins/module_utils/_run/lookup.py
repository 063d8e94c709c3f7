# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find the databases that a task names or selects, with their read replicas, and explain names that do not exist.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from functools import partial

from .._gateway.rds import RdsGateway, results_or_raise
from .._model.arns import account_of
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId
from .._model.errors import CallError
from .._model.problem import NOT_FOUND, Problem
from .._model.similar_names import SimilarNames
from .._options.selection import Selection
from .._options.targets import Targets
from .._rules.selection import select_databases

Warn = t.Callable[[str], None]


@dataclass(frozen=True)
class LookupResult:
    """The databases that were found, and a problem for each name that does not exist.

    ``region`` contains all databases of the Region including members of clusters, if they were described. ``objection``
    is the error for a selection that matches nothing.
    """

    databases: t.Mapping[DatabaseId, Database] = field(default_factory=dict)
    absent: t.Mapping[DatabaseId, Problem] = field(default_factory=dict)
    region: t.Sequence[Database] = ()
    objection: str | None = None

    @property
    def seen(self) -> dict[DatabaseId, Database]:
        """Every database that was described, including those outside the selection."""
        return {**{database.id: database for database in self.region}, **self.databases}


def find_databases(targets: Targets, *, gateway: RdsGateway, warn: Warn, replicas: bool = False) -> LookupResult:
    """Return the databases that a task names or selects, with their read replicas if ``replicas`` is true.

    Raises CallError if a call fails.
    """
    lookup = _selected(targets, gateway, warn) if isinstance(targets, Selection) else _named(targets, gateway)
    if not replicas:
        return lookup
    reached = _with_replicas(lookup, gateway=gateway, warn=warn)
    if isinstance(targets, Selection):
        reached = {database_id: database for database_id, database in reached.items() if not targets.excludes(database)}
    return replace(lookup, databases=reached)


def _named(database_ids: t.Sequence[DatabaseId], gateway: RdsGateway) -> LookupResult:
    seen = gateway.describe(database_ids)
    elsewhere = _in_other_accounts(seen)
    absent = _missing([database_id for database_id in database_ids if database_id not in seen], gateway=gateway)
    return LookupResult(
        {database_id: seen[database_id] for database_id in seen if database_id not in elsewhere},
        {**absent, **elsewhere},
    )


def _selected(selection: Selection, gateway: RdsGateway, warn: Warn) -> LookupResult:
    lists = results_or_raise(gateway, [partial(gateway.describe_all, kind) for kind in (INSTANCE, CLUSTER)])
    region = [database for listed in lists for database in listed]
    chosen = select_databases(selection, region, gateway.region)
    for text in chosen.warnings:
        warn(text)
    return LookupResult({d.id: d for d in chosen.databases}, region=region, objection=chosen.objection)


def _with_replicas(lookup: LookupResult, *, gateway: RdsGateway, warn: Warn) -> dict[DatabaseId, Database]:
    """Return the databases with their read replicas, recursively. Warn about replicas in another Region."""
    found, known = lookup.databases, {database.id: database for database in lookup.region}
    reached = dict(found)
    latest: t.Collection[Database] = list(found.values())
    while latest:
        for database in latest:
            for arn in database.replicas_elsewhere:
                warn(f"{database.id}: read replica {arn} is in another Region. Run the task in that Region, too")
        wanted = dict.fromkeys(
            database_id for database in latest for database_id in database.replicas if database_id not in reached
        )
        seen = {database_id: known[database_id] for database_id in wanted if database_id in known}
        unseen = [database_id for database_id in wanted if database_id not in known]
        seen.update(gateway.describe(unseen) if unseen and not known else {})
        reached.update(seen)
        latest = seen.values()
    return reached


def _missing(database_ids: t.Sequence[DatabaseId], *, gateway: RdsGateway) -> dict[DatabaseId, Problem]:
    """Return a problem for each name that does not exist, with similar names."""
    known = _known_names(gateway) if database_ids else {}
    return {
        database_id: Problem(NOT_FOUND, _not_found(database_id, known, gateway.region)) for database_id in database_ids
    }


def _in_other_accounts(found: t.Mapping[DatabaseId, Database]) -> dict[DatabaseId, Problem]:
    """Return a problem for each ARN of another account, where only the identifier matches a database here."""
    return {
        database_id: Problem(
            NOT_FOUND,
            f"its ARN names account {database_id.account}, but the credentials of the task belong to account "
            f"{account_of(database.arn)}. Use credentials of account {database_id.account}",
        )
        for database_id, database in found.items()
        if database_id.account and account_of(database.arn) not in (None, database_id.account)
    }


def _known_names(gateway: RdsGateway) -> dict[str, SimilarNames]:
    names: dict[str, SimilarNames] = {}
    for kind in (INSTANCE, CLUSTER):
        try:
            names[kind] = SimilarNames(database.id.identifier for database in gateway.describe_all(kind))
        except CallError:
            names[kind] = SimilarNames(())  # the list is used only for the message
    return names


def _not_found(database_id: DatabaseId, known: t.Mapping[str, SimilarNames], region: str) -> str:
    text = f"there is no DB {database_id.kind} with this identifier in Region {region}"
    other = CLUSTER if database_id.kind == INSTANCE else INSTANCE
    if database_id.identifier in known[other].names:
        return f"{text}, but there is a DB {other}. Name it in db_{other}_identifiers instead"
    near = known[database_id.kind].to(database_id.identifier)
    return f"{text}. Similar: {', '.join(near)}" if near else f"{text}. Check the identifier and the Region"
