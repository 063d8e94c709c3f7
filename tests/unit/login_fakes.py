# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Stand-ins for AWS, the clock and a database server, for tests of the login check without a network."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._gateway.login import Caller
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.rds import Page
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Database, Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    AccountFacts,
    LoginFailed,
    LoginRequest,
    LoginSession,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts

HOST = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
ENDPOINT = Endpoint(HOST, 5432)
USER_ARN = "arn:aws:iam::123456789012:user/deploy"
RESOURCE = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app"


def denied(operation: str) -> CallError:
    return CallError(operation=operation, code="AccessDenied", message="not authorized")


class FakeClock:
    """A clock that advances only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 2, 12, tzinfo=dt.timezone.utc) + dt.timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class FakeApi:
    """Answers with its attributes, or raises those that are errors. ``calls`` records the names of the calls."""

    region = "eu-west-1"

    def __init__(self, *databases: Database, **answers: t.Any) -> None:
        self.databases = databases
        self.calls: list[str] = []
        self.lacks_session_token = False
        self.clock_ahead: float | None = 0.0
        self.answers: dict[str, t.Any] = {
            "caller": Caller(USER_ARN, "123456789012"),
            "role_arn": "arn:aws:iam::123456789012:role/team/login",
            "simulate": PolicyFacts("allowed"),
            "allowed_resources": (RESOURCE,),
            "login_errors": (),
            "login_metrics": {},
            "page": None,
            **answers,
        }

    def _answer(self, name: str) -> t.Any:
        self.calls.append(name)
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def auth_token(self, host: str, port: int, user: str) -> str:
        return f"token for {user}@{host}:{port}"

    def caller(self) -> Caller:
        return t.cast(Caller, self._answer("caller"))

    def role_arn(self, name: str) -> str:
        return str(self._answer("role_arn"))

    def simulate(self, principal_arn: str, resource_arn: str) -> PolicyFacts:
        self.simulated = (principal_arn, resource_arn)
        return t.cast(PolicyFacts, self._answer("simulate"))

    def allowed_resources(self, principal_arn: str) -> tuple[str, ...]:
        return t.cast("tuple[str, ...]", self._answer("allowed_resources"))

    def login_errors(self, group: str, user: str, since: dt.datetime) -> tuple[str, ...]:
        self.group = group
        return t.cast("tuple[str, ...]", self._answer("login_errors"))

    def login_metrics(self, instance: str, since: dt.datetime) -> dict[str, float]:
        self.instance = instance
        return t.cast("dict[str, float]", self._answer("login_metrics"))

    def call_parallel(self, calls: t.Sequence[t.Callable[[], t.Any]]) -> list[t.Any]:
        results: list[t.Any] = []
        for call in calls:
            try:
                results.append(call())
            except CallError as error:
                results.append(error)
        return results

    def page(self, query: t.Any, marker: str | None) -> Page:
        self._answer("page")
        found = (one for one in self.databases if one.id.kind == query.kind)
        return Page(tuple(one for one in found if not query.names or one.id.identifier in query.names))


class FakeServer:
    """A server that lets everybody in, or raises ``failure``."""

    def __init__(self, failure: LoginFailed | None = None, account: AccountFacts | LoginFailed | None = None) -> None:
        self.failure = failure
        self.facts = account
        self.reachable = True
        self.requests: list[LoginRequest] = []
        self.administrator: LoginRequest | None = None

    def log_in(self, request: LoginRequest) -> LoginSession:
        self.requests.append(request)
        if self.failure is not None:
            raise self.failure
        return LoginSession(request.user, "16.4", "TLSv1.3")

    def is_reachable(self, request: LoginRequest) -> bool:
        return self.reachable

    def account(self, administrator: LoginRequest, user: str, database: str | None) -> AccountFacts:
        self.administrator = administrator
        if isinstance(self.facts, LoginFailed):
            raise self.facts
        return t.cast(AccountFacts, self.facts)
