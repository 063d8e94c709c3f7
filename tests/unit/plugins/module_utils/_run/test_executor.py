# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Many databases under one deadline, without AWS: requests, renamed databases, and the end of the time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.change_tracker import ChangeTracker
from ansible_collections.passwordless.rds.plugins.module_utils._run.executor import Executor
from ansible_collections.passwordless.rds.plugins.module_utils._run.planner import Planner
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeClock

GONE = CallError(operation="DescribeDBInstances", code="AccessDenied", message="no")
BUSY = CallError(operation="DescribeDBInstances", code="Throttling", message="later", retryable=True)


class Gateway:
    """A fake RDS with ``databases``. Each Modify takes ``seconds`` and applies at once, under ``new_name``."""

    def __init__(self, databases, *, seconds=0.0, new_name=None, refusals=()):
        self.clock = FakeClock()
        self.databases = {database.resource_id: database for database in databases}
        self.modified = []
        self.asked = []
        self._seconds, self._new_name, self._refusals = seconds, new_name, list(refusals)

    def call_parallel(self, calls):
        return [call() for call in calls]

    def modify(self, change):
        self.clock.sleep(self._seconds)
        self.modified.append(change.id.identifier)
        (found,) = (database for database in self.databases.values() if database.id == change.id)
        database_id = DatabaseId(found.id.kind, self._new_name) if self._new_name else found.id
        self.databases[found.resource_id] = replace(found, id=database_id, current=change.enable)
        return found.resource_id

    def describe(self, database_ids):
        return {database.id: database for database in self.databases.values() if database.id in database_ids}

    def describe_resources(self, kind, resource_ids):
        self.asked.append((kind, tuple(resource_ids)))
        if self._refusals:
            raise self._refusals.pop(0)
        return [self.databases[one] for one in resource_ids if one in self.databases]


def run(gateway, databases, **changes):
    asked = options(apply_immediately=True, **changes)
    trackers = [ChangeTracker(Plan(database, decide(database, asked)), asked) for database in databases]
    deadline = Deadline.after(asked.wait_timeout, gateway.clock)
    Executor(gateway, Planner(gateway, asked), asked, deadline).run(trackers)
    return trackers


@pytest.mark.parametrize("wait", [True, False])
def test_execute_deadline_leaves_remaining_requests_unsent(wait):
    databases = [instance(f"shop-{n}") for n in range(5)]
    gateway = Gateway(databases, seconds=30.0)
    trackers = run(gateway, databases, wait=wait, wait_timeout=60.0)
    assert gateway.modified == ["shop-0", "shop-1"]
    assert [problem.code for tracker in trackers[2:] for problem in tracker.problems] == ["timeout"] * 3
    assert not any(tracker.changed for tracker in trackers[2:])


@pytest.mark.parametrize("database", [instance(), cluster()])
@pytest.mark.parametrize("refusals", [(), (BUSY,), (BUSY, BUSY)])
def test_describe_renamed_database_is_found_by_resource_id(database, refusals):
    gateway = Gateway([database], new_name="renamed", refusals=refusals)
    (tracker,) = run(gateway, [database])
    assert (tracker.outcome, tracker.id) == ("applied", DatabaseId(database.id.kind, "renamed"))
    assert gateway.asked == [(database.id.kind, (database.resource_id,))] * (1 + len(refusals))


def test_describe_old_name_reused_finds_renamed_database():
    database = instance()
    gateway = Gateway(
        [database, instance(resource_id="db-OTHER", id=DatabaseId("instance", "other"))], new_name="renamed"
    )
    (tracker,) = run(gateway, [database])
    assert tracker.outcome == "applied"
    gateway.databases["db-OTHER"] = replace(gateway.databases["db-OTHER"], id=database.id)
    assert not tracker.is_database(gateway.describe([database.id])[database.id])


@pytest.mark.parametrize("refusals", [(), (GONE,)])
def test_describe_deleted_database_is_not_found(refusals):
    database = instance()
    gateway = Gateway([database], refusals=refusals, new_name="renamed")
    if not refusals:
        gateway.describe_resources = lambda kind, ids: []
    (tracker,) = run(gateway, [database])
    assert (tracker.outcome, [problem.code for problem in tracker.problems]) == ("failed", ["not_found"])


def test_describe_found_by_name_needs_no_further_call():
    database = instance()
    gateway = Gateway([database])
    run(gateway, [database])
    assert gateway.asked == []
