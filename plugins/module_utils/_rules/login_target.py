# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Choose the database and the endpoint for a login, and explain why there is none.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.arns import account_of
from .._model.database import CLUSTER, Database, DatabaseId, Endpoint
from .._model.engines import engine_family, engine_has_setting
from .._model.errors import InputError, quoted
from .._model.status import is_terminal, remedy
from .._options.database_user import check_user
from .._options.login_terms import DatabaseTerm
from .._options.token import TOKEN, TokenOptions

_FAMILIES = {"postgresql": ("postgres",), "mysql": ("mysql", "mariadb")}


@dataclass(frozen=True)
class LoginTarget:
    """The endpoint of a login, and warnings about its database."""

    endpoint: Endpoint
    warnings: tuple[str, ...] = ()


def choose_database(term: DatabaseTerm, seen: t.Mapping[DatabaseId, Database]) -> Database | None:
    """Return the database that a term names, or None if it does not exist.

    Raises InputError for a name of both a DB instance and a DB cluster, and for an ARN of another account.
    """
    found = [seen[candidate] for candidate in term.candidates if candidate in seen]
    if len(found) > 1:
        instance, cluster = (database.id for database in found)
        raise InputError(
            f"_terms: {quoted(term.text)} is the name of a DB instance and of a DB cluster. "
            f"Use {instance} or {cluster}."
        )
    if not found:
        return None
    (database,) = found
    account, actual = term.candidates[0].account, account_of(database.arn)
    if account and actual not in (None, account):
        raise InputError(
            f"_terms: {quoted(term.text)} is in account {account}, but the credentials belong to account {actual}. "
            f"Use credentials of account {account}."
        )
    return database


def login_target(database: Database, options: TokenOptions) -> LoginTarget:
    """Return the endpoint at which the user logs in. Raises InputError if the database cannot have such a login."""
    name = str(database.id)
    if not engine_has_setting(database.engine):
        raise InputError(
            f"_terms: {name}: the engine {database.engine} does not support IAM database authentication. Exclude it."
        )
    _check_result(name, database.engine, options.result)
    check_user(options.username, option="username", engine=database.engine)
    endpoint = _reader(database) if options.reader else database.endpoint
    if endpoint is None or not endpoint.port:
        raise InputError(f"_terms: {name} has no endpoint in status {database.status}. {_advice(database.status)}")
    return LoginTarget(endpoint, _warnings(database))


def _check_result(name: str, engine: str, result: str) -> None:
    if result != TOKEN and engine_family(engine) not in _FAMILIES[result]:
        right = "postgresql" if engine_family(engine) == "postgres" else "mysql"
        raise InputError(f"result: {result}: {name} has the engine {engine}. Set result to {right}.")


def _reader(database: Database) -> Endpoint | None:
    if database.id.kind != CLUSTER:
        raise InputError(
            f"reader: {database.id} is a DB instance, and only a DB cluster has a reader endpoint. "
            f"Name the cluster, or remove reader."
        )
    if database.endpoint is not None and database.reader_endpoint is None:
        raise InputError(f"reader: {database.id} has no reader endpoint. Remove reader to use its writer endpoint.")
    return database.reader_endpoint


def _advice(status: str) -> str:
    if is_terminal(status):
        action = remedy(status)
        return f"{action[0].upper()}{action[1:]}."
    return "Wait until its status is available."


def _warnings(database: Database) -> tuple[str, ...]:
    # the setting of a member is that of its cluster, which was not described
    if database.current or database.cluster_identifier:
        return ()
    state = "is pending" if database.pending else "is disabled"
    return (f"{database.id}: IAM database authentication {state}, so RDS refuses the token. Enable it first",)
