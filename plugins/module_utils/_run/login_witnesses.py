# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Ask the witnesses of a failed login. A witness that AWS or the database refuses is reported as not available.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .._gateway.database import DatabaseServer
from .._gateway.login import LoginApi
from .._gateway.rds import RdsGateway
from .._model.arns import dbuser_arn_prefix
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId
from .._model.errors import CallError
from .._model.login import AccountFacts, LoginFailed, LoginRequest
from .._model.login_evidence import DatabaseFacts, PolicyFacts, TokenFacts
from .._rules.credentials import credential_cause
from .._rules.login_endpoint import EndpointName, accepts_logins, has_endpoint, is_aws_name, parse_endpoint_name
from .._rules.principal import is_simulatable, principal_of
from .login_reports import account_in_words, database_in_words
from .login_result import WitnessReport

_T = t.TypeVar("_T")

# the time in a response has a resolution of one second, and the response takes time
_NOTABLE_SECONDS = 5


@dataclass
class Witnesses:
    """The witnesses of one login. ``reports`` grows with each witness that is asked."""

    api: LoginApi
    gateway: RdsGateway
    request: LoginRequest
    since: dt.datetime
    database: Database | None = None
    reports: list[WitnessReport] = field(default_factory=list)
    principal: str | None = None
    owner: Database | None = None
    log_exists: bool = True

    @property
    def resource_arn(self) -> str | None:
        """The resource that a policy must allow, or None if the database is not known."""
        if self.owner is None:
            return None
        return dbuser_arn_prefix(self.owner.arn, self.owner.resource_id) + self.request.user

    @property
    def is_proxy(self) -> bool:
        """Whether the endpoint is that of RDS Proxy."""
        name = parse_endpoint_name(self.request.host)
        return name is not None and name.is_proxy

    def token(self) -> TokenFacts:
        """Return what is known of the token, and whether AWS accepts its credentials."""
        name = parse_endpoint_name(self.request.host)
        region = name.region if name else None
        missing = self.api.lacks_session_token
        detail = f"signed for Region {self.api.region} and {self.request.host}:{self.request.port}"
        self.report("token", f"{detail}, without the session token that the access key needs" if missing else detail)
        try:
            caller = self.api.caller()
        except CallError as error:
            # throttled, refused or unanswered: the credentials have not been checked
            cause = credential_cause(error.code, error.detail)
            self.report("sts", error.message, available=cause is not None)
            return TokenFacts(self.api.region, missing, region, cause, identity_checked=cause is not None)
        self.principal = caller.arn
        ahead = self.api.clock_ahead
        is_notable = ahead is not None and abs(ahead) >= _NOTABLE_SECONDS
        clock = f"; the clock of AWS is {ahead:+.0f} seconds from the local clock" if is_notable else ""
        self.report("sts", f"the credentials belong to {caller.arn}{clock}")
        return TokenFacts(self.api.region, missing, region, None, identity_checked=True)

    def rds(self) -> DatabaseFacts | None:
        """Return what RDS reports of the database that owns the setting."""
        return self._ask("rds", self._database_facts)

    def network(self, server: DatabaseServer) -> bool:
        """Return whether the port accepts a connection."""
        request = self.request
        found = server.is_reachable(request)
        what = "accepts" if found else "does not accept"
        self.report("network", f"{request.connect_host} port {request.connect_port} {what} connections")
        return found

    def iam(self) -> PolicyFacts | None:
        """Return the decision of IAM, and the resources that the policies allow."""
        return self._ask("iam", self._policy_facts)

    def log(self) -> tuple[str, ...] | None:
        """Return the error codes in the log export, or None if there is no entry for the user."""
        return self._ask("log", self._log_codes)

    def metrics(self) -> dict[str, float] | None:
        """Return the failed logins of all users, by kind."""
        return self._ask("metrics", self._metrics)

    def administrator(self, server: DatabaseServer, administrator: LoginRequest) -> AccountFacts | None:
        """Return what an administrator sees of the user."""
        try:
            account = server.account(administrator, self.request.user, self.request.database)
        except LoginFailed as failed:
            self.report("administrator", failed.text, available=False)
            return None
        self.report("administrator", account_in_words(account))
        return account

    def _ask(self, witness: str, ask: t.Callable[[], tuple[_T | None, str]]) -> _T | None:
        try:
            facts, detail = ask()
        except CallError as error:
            self.log_exists = self.log_exists and witness != "log"
            self.report(witness, error.message, available=False)
            return None
        self.report(witness, detail, available=facts is not None)
        return facts

    def report(self, witness: str, detail: str, *, available: bool = True) -> None:
        """Add a report. It replaces an earlier report of the same witness."""
        self.reports[:] = [report for report in self.reports if report.witness != witness]
        self.reports.append(WitnessReport(witness, available, detail))

    def _database_facts(self) -> tuple[DatabaseFacts | None, str]:
        name = parse_endpoint_name(self.request.host)
        if self.database is None and name is not None and name.database_id is None:
            what = "an RDS Proxy" if name.is_proxy else "a custom endpoint"
            return None, f"{self.request.host} is the endpoint of {what}, which the module does not look up"
        if name is not None and name.region != self.api.region:
            return None, f"{self.request.host} is in Region {name.region}, and the task uses {self.api.region}"
        database = self._find(name)
        if database is None:
            is_other = self.database is None and not is_aws_name(self.request.host)
            text = f"no database of this account and Region has the endpoint {self.request.host}"
            return DatabaseFacts(found=False, is_endpoint=False if is_other else None), text
        self.owner = owner = self._owner(database)
        is_endpoint = has_endpoint(database, self.request.host, self.request.port)
        accepts, serving = self._accepts_logins(database)
        facts = DatabaseFacts(
            found=True,
            is_endpoint=is_endpoint,
            status=database.status,
            accepts_logins=accepts,
            current=owner.current,
            pending=owner.pending,
            resource_id=owner.resource_id,
        )
        return facts, f"{database_in_words(database, owner, is_endpoint)}{serving}"

    def _accepts_logins(self, database: Database) -> tuple[bool | None, str]:
        """Return whether the database accepts connections. The writer of a cluster has a status of its own."""
        if database.id.kind != CLUSTER or not accepts_logins(database.status):
            return accepts_logins(database.status), ""
        writers = [member.identifier.lower() for member in database.members if member.is_writer]
        if not writers:
            return False, "; it has no writer"
        seen = self.gateway.describe([DatabaseId(INSTANCE, name) for name in writers]).values()
        statuses = sorted({writer.status for writer in seen})
        return all(accepts_logins(status) is not False for status in statuses), f"; writer: {', '.join(statuses)}"

    def _find(self, name: EndpointName | None) -> Database | None:
        """Return the database now: its status and its setting may have changed during the login."""
        database_id = self.database.id if self.database else name.database_id if name else None
        if database_id is not None:
            return self.gateway.describe([database_id]).get(database_id)
        listed = [database for kind in (INSTANCE, CLUSTER) for database in self.gateway.describe_all(kind)]
        return next((d for d in listed if has_endpoint(d, self.request.host, self.request.port)), None)

    def _owner(self, database: Database) -> Database:
        if not database.cluster_identifier:
            return database
        owner_id = DatabaseId(CLUSTER, database.cluster_identifier.lower())
        return self.gateway.describe([owner_id]).get(owner_id, database)

    def _policy_facts(self) -> tuple[PolicyFacts | None, str]:
        if self.resource_arn is None or self.principal is None:
            return None, "the resource or the identity is not known"
        principal = principal_of(self.principal)
        if principal.role_name is not None:
            principal = principal.with_arn(self.api.role_arn(principal.role_name))
        if not is_simulatable(principal):
            return None, f"IAM cannot simulate the policies of {self.principal}"
        self.principal = principal.arn
        facts = self.api.simulate(principal.arn, self.resource_arn)
        text = f"{facts.decision} for {principal.arn} on {self.resource_arn}"
        if facts.missing_context:
            return facts, f"{text}, which depends on {', '.join(facts.missing_context)}"
        try:
            return facts.with_resources(self.api.allowed_resources(principal.arn)), text
        except CallError as error:
            return facts, f"{text}; the policies cannot be read: {error.message}"

    def _log_codes(self) -> tuple[tuple[str, ...] | None, str]:
        if self.owner is None:
            self.log_exists = False
            return None, "the database is not known"
        group = f"/aws/rds/{self.owner.id.kind}/{self.owner.id.identifier}/iam-db-auth-error"
        ahead = self.api.clock_ahead or 0.0
        since = self.since + dt.timedelta(seconds=ahead if abs(ahead) >= _NOTABLE_SECONDS else 0.0)
        codes = self.api.login_errors(group, self.request.user, since)
        return codes or None, ", ".join(codes) or f"{group} has no entry for this login yet"

    def _metrics(self) -> tuple[dict[str, float] | None, str]:
        instance = self._instance()
        if instance is None:
            return None, "the DB instance is not known"
        counted = self.api.login_metrics(instance, self.since)
        seen = ", ".join(f"{kind} {count:g}" for kind, count in counted.items() if count)
        return counted, seen or "no failed login is counted yet"

    def _instance(self) -> str | None:
        if self.owner is None:
            return None
        if self.owner.id.kind == INSTANCE:
            return self.owner.id.identifier
        return next((member.identifier for member in self.owner.members if member.is_writer), None)
