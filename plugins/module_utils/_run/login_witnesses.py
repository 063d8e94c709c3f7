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
from .._rules.login_endpoint import EndpointName, accepts_logins, has_endpoint, parse_endpoint_name
from .._rules.principal import is_simulatable, principal_of
from .login_result import WitnessReport

_T = t.TypeVar("_T")

# the time in a response has a resolution of one second, and the response takes time
_NOTABLE_SECONDS = 5


@dataclass
class Witnesses:
    """The witnesses of one failed login. ``reports`` grows with each witness that is asked."""

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
            # without a connection, the credentials have not been checked
            was_checked = not error.unsent and not error.no_response and error.code != "AccessDenied"
            self.report("sts", error.message, available=was_checked)
            return TokenFacts(self.api.region, missing, region, error.code, was_checked)
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
        self.report("administrator", _account_in_words(account))
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
            return DatabaseFacts(found=False, is_endpoint=False), f"no database has the endpoint {self.request.host}"
        self.owner = owner = self._owner(database)
        is_endpoint = has_endpoint(database, self.request.host, self.request.port)
        facts = DatabaseFacts(
            found=True,
            is_endpoint=is_endpoint,
            status=database.status,
            accepts_logins=accepts_logins(database.status),
            current=owner.current,
            pending=owner.pending,
            resource_id=owner.resource_id,
        )
        return facts, _database_in_words(database, owner, is_endpoint)

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
        try:
            return facts.with_resources(self.api.allowed_resources(principal.arn)), text
        except CallError as error:
            return facts, f"{text}; the policies cannot be read: {error.message}"

    def _log_codes(self) -> tuple[tuple[str, ...] | None, str]:
        if self.owner is None:
            self.log_exists = False
            return None, "the database is not known"
        group = f"/aws/rds/{self.owner.id.kind}/{self.owner.id.identifier}/iam-db-auth-error"
        codes = self.api.login_errors(group, self.request.user, self.since)
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


def _database_in_words(database: Database, owner: Database, is_endpoint: bool) -> str:
    state = "enabled" if owner.current else "disabled"
    pending = "" if owner.pending_change is None else ", a change is pending"
    endpoint = "" if is_endpoint else f"; {database.endpoint} is its endpoint"
    where = "" if owner is database else f" ({owner.id} owns the setting)"
    return (
        f"{database.id}{where}: status {database.status}, IAM database authentication {state}{pending}, "
        f"resource id {owner.resource_id}{endpoint}"
    )


def _account_in_words(account: AccountFacts) -> str:
    if not account.exists:
        others = ", ".join(account.other_spellings)
        return f"the user does not exist; similar: {others}" if others else "the user does not exist"
    parts = ["is mapped to IAM" if account.is_iam else "is not mapped to IAM"]
    if account.authentication:
        parts.append(f"has the plugin {account.authentication}")
    if account.has_rds_ad:
        parts.append("has rds_ad")
    if not account.can_log_in:
        parts.append("may not log in")
    if account.is_expired:
        parts.append("has a password that is no longer valid, which does not affect tokens")
    if account.may_connect is False:
        parts.append("lacks the privilege CONNECT")
    return f"the user {', '.join(parts)}"
