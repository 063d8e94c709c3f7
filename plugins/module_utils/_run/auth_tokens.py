# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Sign a token for each endpoint or database that a lookup names.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._gateway.rds import RdsGateway, results_or_raise
from .._gateway.tokens import TokenSigner
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId, Endpoint
from .._model.errors import CallError, InputError, quoted
from .._model.similar_names import SimilarNames
from .._options.login_terms import DatabaseTerm, read_term
from .._options.token import TokenOptions, read_token_options
from .._rules.login_options import render_token
from .._rules.login_target import LoginTarget, choose_database, login_target

# what AWS returns for temporary credentials after their expiry
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")


@dataclass(frozen=True)
class TokenContext:
    """The environment of the lookup. ``gateway`` is called only if a term names a database."""

    signer: TokenSigner
    gateway: t.Callable[[], RdsGateway]
    warn: t.Callable[[str], None]


def auth_tokens(
    terms: t.Sequence[t.Any], params: t.Mapping[str, t.Any], context: TokenContext
) -> list[str | dict[str, t.Any]]:
    """Return one result for each term, in the order given. Raises RdsError for the first term without a result."""
    options = read_token_options(params)
    if not terms:
        raise InputError("_terms: no database is named. Use HOST:PORT or the identifier of a database.")
    read = [read_term(term, region=context.signer.region) for term in terms]
    if options.reader and not all(isinstance(term, DatabaseTerm) for term in read):
        raise InputError(
            "reader: it needs the name of a DB cluster. For HOST:PORT, use the host of the reader endpoint."
        )
    context.signer.check_validity(options.min_validity)
    targets = _targets(read, options, context)
    for text in dict.fromkeys(text for target in targets for text in target.warnings):
        context.warn(text)
    return [
        render_token(context.signer.sign(target.endpoint, options.username), target.endpoint, options)
        for target in targets
    ]


def _targets(
    terms: t.Sequence[Endpoint | DatabaseTerm], options: TokenOptions, context: TokenContext
) -> list[LoginTarget]:
    named = [term for term in terms if isinstance(term, DatabaseTerm)]
    databases = _find(named, context.gateway()) if named else {}
    return [
        login_target(databases[term], options) if isinstance(term, DatabaseTerm) else LoginTarget(term)
        for term in terms
    ]


def _find(terms: t.Sequence[DatabaseTerm], gateway: RdsGateway) -> dict[DatabaseTerm, Database]:
    """Return the database of each term: one page of DB instances and one of DB clusters, if both are possible."""
    candidates = list(dict.fromkeys(candidate for term in terms for candidate in term.candidates))
    try:
        seen = gateway.describe(candidates)
    except CallError as error:
        raise InputError(f"_terms: {terms[0].text}: {error.message}.{_hint(error, terms)}") from error
    found: dict[DatabaseTerm, Database] = {}
    for term in terms:
        database = choose_database(term, seen)
        if database is None:
            raise InputError(_not_found(term, gateway))
        found[term] = database
    return found


def _hint(error: CallError, terms: t.Sequence[DatabaseTerm]) -> str:
    if error.code in _EXPIRED:
        return " The session credentials have expired. Get new ones."
    if error.denied and any(len(term.candidates) > 1 for term in terms):
        return " Use instance/NAME or cluster/NAME to describe only one kind, or HOST:PORT to describe nothing."
    return ""


def _not_found(term: DatabaseTerm, gateway: RdsGateway) -> str:
    kinds = [candidate.kind for candidate in term.candidates]
    what = " or ".join(f"DB {kind}" for kind in kinds)
    text = f"_terms: {quoted(term.text)}: there is no {what} with this identifier in Region {gateway.region}."
    near = _similar(term.candidates[0], gateway)
    return f"{text} Similar: {', '.join(near)}." if near else f"{text} Check the identifier and the Region."


def _similar(wanted: DatabaseId, gateway: RdsGateway) -> list[str]:
    """Return similar names as terms, for example ``cluster/ledger``."""
    try:
        lists = results_or_raise(gateway, [partial(gateway.describe_all, kind) for kind in (INSTANCE, CLUSTER)])
    except CallError:
        return []  # the lists only help the message
    ids = [database.id for databases in lists for database in databases]
    names = SimilarNames(database_id.identifier for database_id in ids).to(wanted.identifier)
    return [str(database_id) for name in names for database_id in ids if database_id.identifier == name]
