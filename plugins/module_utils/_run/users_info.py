# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_users_info``: log in as an administrator, and report how each user authenticates.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._gateway.clock import Deadline
from .._gateway.database import UserFacts, UserReader
from .._gateway.login import LoginApi
from .._gateway.rds import RdsGateway
from .._gateway.retrying import RetryingGateway
from .._model.database import CLUSTER, Database, DatabaseId
from .._model.errors import InputError, RdsError
from .._model.login import LoginFailed, LoginRequest, UsersNotReadable
from .._model.login_cause import SESSION_TOKEN_MISSING
from .._model.user_facts import PostgresqlFacts
from .._options.login import LoginOptions
from .._rules.database_users import UserReport
from .._rules.login_remedies import login_remedy
from .._rules.mysql_users import report_accounts
from .._rules.postgresql_users import report_roles
from .context import RunContext
from .login_target import describe_target, login_request
from .users_result import UsersResult

# failed calls are retried for this number of seconds, with this delay
_TIMEOUT, _DELAY = 60.0, 2.0
_MASTER = "MasterUsername"


def report_users(
    options: LoginOptions, readers: t.Mapping[str, UserReader], context: RunContext[LoginApi]
) -> UsersResult:
    """Return the users of the server. Nothing is changed.

    Raises InputError if the database does not exist or cannot have such a login, and RdsError if the login fails or
    the administrator may not read the users.
    """
    if options.password is None and context.api.lacks_session_token:
        remedy = login_remedy(SESSION_TOKEN_MISSING, "", {})
        raise InputError(f"session_token: it is missing, and the access key is temporary. {remedy}")
    gateway = RetryingGateway(context.api, Deadline.after(_TIMEOUT, context.clock), _DELAY)
    database = describe_target(options, gateway)
    request = login_request(options, database, context.api)
    owner = _owner(database, gateway)
    facts = _read(readers[request.protocol], request, uses_token=options.password is None)
    return UsersResult(request.host, request.port, owner, _report(facts, owner))


def _owner(database: Database | None, gateway: RdsGateway) -> Database | None:
    """Return the database that owns the setting. The cluster of a member does."""
    if database is None or not database.cluster_identifier:
        return database
    owner_id = DatabaseId(CLUSTER, database.cluster_identifier.lower())
    return gateway.describe([owner_id]).get(owner_id, database)


def _read(reader: UserReader, request: LoginRequest, *, uses_token: bool) -> UserFacts:
    where = f"{request.host}:{request.port}"
    try:
        return reader.users(request)
    except UsersNotReadable as refused:
        raise RdsError(
            f"username: {request.user!r} may not read the users of {where}: {refused.text}. Grant it SELECT on "
            f"{refused.table}, or use the master user."
        ) from None
    except LoginFailed as failed:
        remedy = (
            "A login with a token requires rds-db:connect. Run passwordless.rds.rds_login_check with the same options "
            "to find the cause."
            if uses_token
            else "Check the user name, the password and the connection options."
        )
        raise RdsError(
            f"username: {request.user!r} cannot read the users of {where}: {failed.text}. {remedy}"
        ) from None


def _report(facts: UserFacts, owner: Database | None) -> UserReport:
    master = owner.created_with.get(_MASTER) if owner else None
    return report_roles(facts, master) if isinstance(facts, PostgresqlFacts) else report_accounts(facts, master)
