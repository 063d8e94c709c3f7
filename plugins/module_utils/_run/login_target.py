# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find the database that a login is for, and build the request for the login.

This is private to the collection.
"""

from __future__ import annotations

from .._gateway.login import LoginApi
from .._gateway.rds import RdsGateway
from .._model.arns import account_of
from .._model.database import Database
from .._model.errors import InputError
from .._model.login import POSTGRESQL, LoginRequest
from .._options.database_user import check_user
from .._options.login import LoginOptions
from .._rules.login_endpoint import default_port, protocol_of

# every user may connect to this database of PostgreSQL by default; a login to MySQL needs none
_DEFAULT_DATABASES = {POSTGRESQL: "postgres"}


def default_database(protocol: str) -> str | None:
    """Return the database on the server to which a login goes if the options name none."""
    return _DEFAULT_DATABASES.get(protocol)


def describe_target(options: LoginOptions, gateway: RdsGateway) -> Database | None:
    """Return the database that the options name, or None if they name an endpoint.

    Raises InputError if the database does not exist, belongs to another account, or cannot have such a user or login.
    """
    database_id = options.database_id
    if database_id is None:
        return None
    database = gateway.describe([database_id]).get(database_id)
    option = f"db_{database_id.kind}_identifier"
    if database is None:
        raise InputError(
            f"{option}: {database_id.identifier!r}: there is no such DB {database_id.kind} in Region "
            f"{gateway.region}. Check the identifier and the Region."
        )
    account, actual = database_id.account, account_of(database.arn)
    if account and actual not in (None, account):
        raise InputError(
            f"{option}: {database_id.identifier!r} is in account {account}, but the credentials belong to account "
            f"{actual}. Use credentials of account {account}."
        )
    check_user(options.user, option="username", engine=database.engine)
    if options.administrator is not None:
        check_user(options.administrator.user, option="admin_username", engine=database.engine)
    _protocol(options, database)
    return database


def _protocol(options: LoginOptions, database: Database | None) -> str:
    """Return the protocol of the login. Raises InputError for an engine without such a login."""
    engine = database.engine if database else options.engine or ""
    protocol = protocol_of(engine)
    if protocol is None:
        raise InputError(f"{database.id if database else engine}: the engine {engine} has no such login. Exclude it.")
    return protocol


def login_request(options: LoginOptions, database: Database | None, api: LoginApi) -> LoginRequest:
    """Return the request for a login with the password of the options, or with a new token.

    Raises InputError for an engine without such a login, and for a database without an endpoint.
    """
    protocol = _protocol(options, database)
    host, port = _endpoint(options, database, protocol)
    return LoginRequest(
        protocol=protocol,
        host=host,
        port=port,
        connect_host=options.connect_host or host,
        connect_port=options.connect_port or port,
        user=options.user,
        password=options.password or api.auth_token(host, port, options.user),
        database=options.database or default_database(protocol),
        ca_cert=options.ca_cert,
        timeout=options.timeout,
    )


def _endpoint(options: LoginOptions, database: Database | None, protocol: str) -> tuple[str, int]:
    if database is None:
        return options.host or "", options.port or default_port(protocol)
    if database.endpoint is None:
        raise InputError(
            f"db_{database.id.kind}_identifier: {database.id.identifier!r} has no endpoint in status "
            f"{database.status}. Wait until its status is available."
        )
    return database.endpoint.address, database.endpoint.port
