# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Create the target and its members: send the requests, and wait until the databases are available.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._gateway.retrying_provisioning import RetryingProvisioningGateway
from .._model.change import ChangeOptions
from .._model.database import Database, DatabaseId
from .._model.errors import CallError
from .._model.operation import Request
from .._model.problem import MEMBER_EXISTS, TARGET_EXISTS, Problem
from .._options.cluster_instances import ClusterInstance
from .._rules.identity import Expectation
from .._rules.new_database import ProvisionRequest, member_parameters
from .._rules.plan import ParameterGroupChange, Plan, parameter_group_change
from .creation_tracker import CreationTracker
from .executor import Executor
from .planner import Planner
from .submission import Submission, SubmissionFailed


class Abort(Exception):
    """Raised to end the task with these problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


@dataclass
class Creation:
    """The databases that the task has created so far, and the latest description of the target."""

    wanted: ProvisionRequest
    options: ChangeOptions
    gateway: RetryingProvisioningGateway
    planner: Planner
    warn: t.Callable[[str], None]
    database: Database | None = None
    was_made: bool = False
    new_members: list[DatabaseId] = field(default_factory=list)
    group_changes: list[ParameterGroupChange] = field(default_factory=list)
    outcome_unknown: bool = False
    is_replaced: bool = False
    _expected: dict[DatabaseId, Expectation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.wanted.existing

    def predict(self, plan: Plan | None) -> None:
        """Record everything that the task would create as created."""
        wanted = parameter_group_change(plan) if plan else None
        self.group_changes = [wanted] if wanted else []
        self.was_made = self.wanted.existing is None
        self.new_members = [member.id for member in self.wanted.missing_members]

    def make_target(self, plan: Plan | None) -> None:
        """Set ``ssl`` in the parameter group if the plan requires it, and create the target.

        Raises Abort and CallError.
        """
        self._enforce(plan)
        self._submit(self.wanted.target, self._request(), TARGET_EXISTS)
        self.was_made = True

    def await_target(self) -> None:
        """Wait until the target is available. Raises Abort."""
        self._await([self.wanted.target])

    def describe_target(self) -> None:
        """Describe the target as it is now. Raises CallError."""
        self.database = self.gateway.describe([self.wanted.target]).get(self.wanted.target)

    def make_members(self) -> None:
        """Create the missing members and wait until all are available. Raises Abort and CallError."""
        for member in self.wanted.missing_members:
            self._submit(member.id, _member_request(self.wanted, member), MEMBER_EXISTS)
            self.new_members.append(member.id)
        if self.wanted.members:
            self._await([self.wanted.target, *(member.id for member in self.wanted.members)])

    def _enforce(self, plan: Plan | None) -> None:
        wanted = parameter_group_change(plan) if plan else None
        if wanted is not None:
            try:
                self.gateway.set_parameter(wanted.group.kind, wanted.group.name, "ssl", "1")
            except CallError as error:
                self.outcome_unknown = error.outcome_unknown
                raise
            self.group_changes.append(wanted)

    def _request(self) -> Request:
        if self.wanted.request is None:
            raise ValueError("a target that does not exist requires a request")
        return self.wanted.request

    def _submit(self, database_id: DatabaseId, request: Request, taken: str) -> None:
        submission = Submission(database_id, request, self.wanted.engine, taken)
        try:
            self._expected[database_id] = submission.send(self.gateway, self.warn)
        except SubmissionFailed as failure:
            self.outcome_unknown = failure.outcome_unknown
            raise Abort(failure.problem) from failure

    def _tracker(self, database_id: DatabaseId) -> CreationTracker:
        taken = TARGET_EXISTS if database_id == self.wanted.target else MEMBER_EXISTS
        return CreationTracker(
            database_id, self.options, self.gateway.region, expected=self._expected.get(database_id), taken=taken
        )

    def _await(self, database_ids: t.Sequence[DatabaseId]) -> None:
        trackers = [self._tracker(database_id) for database_id in database_ids]
        Executor(self.gateway, self.planner, self.options, self.gateway.deadline).run(trackers)
        for tracker in trackers:
            if tracker.id == self.wanted.target:
                self.database = tracker.database or self.database
            if tracker.created_by_others or tracker.is_replaced:
                self._give_up(tracker)
        problems = [problem for tracker in trackers for problem in tracker.problems]
        if problems:
            raise Abort(*problems)

    def _give_up(self, tracker: CreationTracker) -> None:
        """Do not report a database of somebody else as created by this task."""
        self.is_replaced = self.is_replaced or tracker.is_replaced
        if tracker.id == self.wanted.target:
            self.was_made = False
        elif tracker.id in self.new_members:
            self.new_members.remove(tracker.id)


def _member_request(wanted: ProvisionRequest, member: ClusterInstance) -> Request:
    """Return the CreateDBInstance request for a member."""
    parameters = member_parameters(wanted, member)
    return Request("CreateDBInstance", parameters)
