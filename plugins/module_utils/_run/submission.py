# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Send a request that creates a database, and determine its outcome if the response was lost.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .._gateway.provisioning import Submitted
from .._gateway.retrying_provisioning import RetryingProvisioningGateway
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.operation import Request
from .._model.problem import TIMEOUT, Problem
from .._rules.identity import Expectation, expectation, foreign_database_problem, identity_mismatch
from .change_tracker import refusal_problem


class SubmissionFailed(Exception):
    """The request did not create the database, or its outcome is unknown (``outcome_unknown``)."""

    def __init__(self, problem: Problem, *, outcome_unknown: bool = False) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.outcome_unknown = outcome_unknown


@dataclass(frozen=True)
class Submission:
    """A request to create a database. ``taken`` is the problem code if somebody else uses the identifier."""

    id: DatabaseId
    request: Request
    engine: str
    taken: str

    def send(self, gateway: RetryingProvisioningGateway, warn: t.Callable[[str], None]) -> Expectation:
        """Send the request and return the properties of the new database.

        Raises SubmissionFailed if the identifier is in use or the outcome is unknown, and CallError otherwise.
        """
        try:
            sent = gateway.make(self.request)
        except CallError as error:
            if not error.exists:
                raise
            raise SubmissionFailed(
                self._taken_problem(self._expected(None), f"{error.detail}; {error.code}")
            ) from error
        if sent.error is None:
            return replace(self._expected(sent), resource_id=sent.resource_id)
        return self._identify(gateway, sent, sent.error, warn)

    def _identify(
        self, gateway: RetryingProvisioningGateway, sent: Submitted, error: CallError, warn: t.Callable[[str], None]
    ) -> Expectation:
        """Return the properties after a lost response, if the database that exists now matches the request."""
        expected = self._expected(sent)
        found = self._find(gateway, error)
        if found is None:
            raise SubmissionFailed(self._unknown(error, gateway), outcome_unknown=True) from error
        reason = identity_mismatch(expected, found, region=gateway.region)
        if reason is not None:
            raise SubmissionFailed(self._taken_problem(expected, reason)) from error
        warn(
            f"{self.id}: the response to {self.request.operation} was lost. The DB {self.id.kind} that exists now "
            "matches the request in every property that can be compared, so the module treats it as the result"
        )
        return expected

    def _find(self, gateway: RetryingProvisioningGateway, error: CallError) -> Database | None:
        """Return the database, or None. If it must exist, wait for it, because RDS may list it with a delay."""
        while True:
            try:
                found = gateway.describe([self.id]).get(self.id)
            except CallError:
                return None
            left = gateway.deadline.left
            if found is not None or not error.exists or left <= 0:
                return found
            gateway.deadline.clock.sleep(min(gateway.delay, left))

    def _expected(self, sent: Submitted | None) -> Expectation:
        not_before = sent.sent_at if sent else None
        return expectation(self.id, self.request, engine=self.engine, not_before=not_before)

    def _taken_problem(self, expected: Expectation, reason: str) -> Problem:
        return foreign_database_problem(expected, self.taken, reason)

    def _unknown(self, error: CallError, gateway: RetryingProvisioningGateway) -> Problem:
        if gateway.deadline.left > 0:
            return refusal_problem(error)
        return Problem(
            TIMEOUT,
            f"{self.id}: the outcome of {self.request.operation} is unknown: its response was lost, and RDS does not "
            f"list the database. Run the task again to determine the outcome and to continue (last error: {error})",
        )
