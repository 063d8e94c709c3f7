# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_login_check``: log in with a new token, and find the cause if the login fails.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.clock import Deadline
from .._gateway.database import DatabaseServer
from .._gateway.login import LoginApi
from .._gateway.retrying import RetryingGateway
from .._model.database import Database
from .._model.errors import CallError, InputError, RdsError
from .._model.login import LoginFailed, LoginRequest
from .._model.login_cause import DATABASE_NOT_AVAILABLE, SESSION_TOKEN_MISSING, UNKNOWN
from .._model.login_evidence import LoginEvidence, TokenFacts
from .._options.login import LoginOptions
from .._rules.account_host import client_host
from .._rules.credentials import credential_cause
from .._rules.login_answer import DATABASE_DENIED, TIMED_OUT, classify_answer, is_about_user, is_decided
from .._rules.login_diagnosis import diagnose
from .._rules.login_endpoint import protocol_of
from .._rules.login_remedies import login_remedy, remedy_values
from .context import RunContext
from .login_result import FailedLogin, LoginResult, WitnessReport
from .login_simulations import simulate_principals
from .login_target import default_database, describe_target, login_request
from .login_witnesses import Witnesses

Servers = t.Mapping[str, DatabaseServer]

# failed calls are retried for this number of seconds, with this delay
_TIMEOUT, _DELAY = 60.0, 2.0
_NO_SESSION_TOKEN = "the access key is temporary, and there is no session token"


def check_login(options: LoginOptions, servers: Servers, context: RunContext[LoginApi]) -> LoginResult:
    """Log in, and return the session or the cause of the failure.

    Raises InputError if the database does not exist or cannot have such a login, and RdsError with the result if the
    login fails and the options ask for it.
    """
    result = _LoginCheck(options, servers, context).run()
    if result.failure is not None and options.fail:
        raise RdsError(result.message, result=result)
    return result


class _LoginCheck:
    def __init__(self, options: LoginOptions, servers: Servers, context: RunContext[LoginApi]) -> None:
        self._options = options
        self._servers = servers
        self._context = context
        self._gateway = RetryingGateway(context.api, Deadline.after(_TIMEOUT, context.clock), _DELAY)

    def run(self) -> LoginResult:
        options = self._options
        try:
            if self._context.api.lacks_session_token:
                return self._refused_credentials(SESSION_TOKEN_MISSING, "token", _NO_SESSION_TOKEN)
            database = describe_target(options, self._gateway)
        except CallError as error:
            cause = credential_cause(error.code, error.detail)
            if cause is None:
                raise
            witness = "sts" if error.operation.startswith("AssumeRole") else "rds"
            return self._refused_credentials(cause, witness, error.message)
        if database is not None and database.endpoint is None:
            return self._without_endpoint(database)
        request = login_request(options, database, self._context.api)
        since, began = self._context.clock.now(), self._context.clock.monotonic()
        witnesses = Witnesses(self._context.api, self._gateway, request, since, database)
        try:
            session = self._servers[request.protocol].log_in(request)
        except LoginFailed as failed:
            seconds = self._context.clock.monotonic() - began
            failure = self._diagnose(failed, witnesses)
            result = LoginResult(options.user, request.host, request.port, database, seconds, failure=failure)
        else:
            seconds = self._context.clock.monotonic() - began
            result = LoginResult(options.user, request.host, request.port, database, seconds, session=session)
        return replace(result, simulations=simulate_principals(options.simulate_principals, witnesses))

    def _refused_credentials(self, cause: str, witness: str, detail: str) -> LoginResult:
        return self._not_attempted(cause, {}, WitnessReport(witness, True, detail))

    def _without_endpoint(self, database: Database) -> LoginResult:
        detail = f"{database.id}: status {database.status}, no endpoint yet"
        report = WitnessReport("rds", True, detail)
        return self._not_attempted(DATABASE_NOT_AVAILABLE, {"status": database.status}, report, database)

    def _not_attempted(
        self, cause: str, values: t.Mapping[str, str], report: WitnessReport, database: Database | None = None
    ) -> LoginResult:
        """Return the result of a login that was not attempted, because the cause is already known."""
        failure = FailedLogin(cause, (), login_remedy(cause, "", values), (report,))
        return LoginResult(self._options.user, None, None, database, 0.0, failure=failure)

    def _diagnose(self, failed: LoginFailed, witnesses: Witnesses) -> FailedLogin:
        request = witnesses.request
        answer = classify_answer(request.protocol, failed)
        witnesses.report("server", failed.text)
        evidence = self._evidence(answer, witnesses, client_host(failed.text))
        diagnosis = diagnose(evidence)
        values = remedy_values(request, evidence, diagnosis, witnesses.owner, witnesses.principal)
        remedy = login_remedy(diagnosis.cause, request.protocol, values)
        return FailedLogin(diagnosis.cause, diagnosis.candidates, remedy, tuple(witnesses.reports))

    def _evidence(self, answer: str, witnesses: Witnesses, host: str | None) -> LoginEvidence:
        request = witnesses.request
        token = TokenFacts(self._context.api.region)
        evidence = LoginEvidence(request.protocol, answer, request.user, token, client_host=host)
        if is_decided(answer):
            return evidence
        if answer == DATABASE_DENIED:  # the server has accepted the token
            return self._with_account(evidence, witnesses)
        evidence = replace(evidence, token=witnesses.token(), database=witnesses.rds())
        self._check_engine(witnesses.owner)
        evidence = replace(evidence, clock_ahead=self._context.api.clock_ahead, resource_arn=witnesses.resource_arn)
        evidence = replace(evidence, is_proxy=witnesses.is_proxy)
        if answer == TIMED_OUT:
            evidence = replace(evidence, reachable=witnesses.network(self._servers[request.protocol]))
        if not is_about_user(answer):
            return evidence
        evidence = replace(self._with_account(evidence, witnesses), policy=witnesses.iam())
        if diagnose(evidence).cause != UNKNOWN:
            return evidence
        evidence = replace(evidence, log_codes=self._wait_for_log(witnesses))
        witnesses.metrics()  # a report only: the metrics count the failed logins of all users
        return evidence

    def _with_account(self, evidence: LoginEvidence, witnesses: Witnesses) -> LoginEvidence:
        """Add what an administrator sees of the user, if the options name one."""
        administrator = self._administrator(witnesses.request)
        if administrator is None:
            return evidence
        account = witnesses.administrator(self._servers[evidence.protocol], administrator)
        return replace(evidence, account=account)

    def _check_engine(self, owner: Database | None) -> None:
        """Raise InputError if the database at login_host has another protocol than the option engine says."""
        engine = self._options.engine
        if owner is not None and engine and protocol_of(owner.engine) != protocol_of(engine):
            raise InputError(
                f"engine: {engine}: {owner.id} has the engine {owner.engine}. Set engine to {owner.engine}."
            )

    def _wait_for_log(self, witnesses: Witnesses) -> tuple[str, ...] | None:
        """Wait for an entry in the log export, which RDS publishes some seconds after the login."""
        deadline = Deadline.after(self._options.timeout, self._context.clock)
        while True:
            codes = witnesses.log()
            if codes or not witnesses.log_exists or deadline.left <= 0:
                return codes
            self._context.clock.sleep(min(_DELAY, max(deadline.left, 0.0)))

    def _administrator(self, request: LoginRequest) -> LoginRequest | None:
        administrator = self._options.administrator
        if administrator is None:
            return None
        name = administrator.user
        password = administrator.password or self._context.api.auth_token(request.host, request.port, name)
        # the database of the user may not exist, or may not be open to the administrator
        return replace(request, user=name, password=password, database=default_database(request.protocol))
