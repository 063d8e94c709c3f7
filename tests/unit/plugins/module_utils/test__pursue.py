# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Many databases under one deadline, without AWS: what is sent, what is followed, and what is given up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model import Ref
from ansible_collections.passwordless.rds.plugins.module_utils._patience import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._plan import Plan, Planner
from ansible_collections.passwordless.rds.plugins.module_utils._pursue import Pursuit
from ansible_collections.passwordless.rds.plugins.module_utils._track import Track
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, wish

GONE = CallError(operation="DescribeDBInstances", code="AccessDenied", message="no")
BUSY = CallError(operation="DescribeDBInstances", code="Throttling", message="later", passing=True)


class Clock:
    def __init__(self):
        self.time = 0.0

    def monotonic(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


class Gateway:
    """RDS that holds ``databases``; each Modify takes ``seconds`` and takes effect at once, under ``new_name``."""

    def __init__(self, databases, *, seconds=0.0, new_name=None, refusals=()):
        self.clock = Clock()
        self.databases = {database.resource_id: database for database in databases}
        self.modified = []
        self.asked = []
        self._seconds, self._new_name, self._refusals = seconds, new_name, list(refusals)

    def side_by_side(self, calls):
        return [call() for call in calls]

    def modify(self, change):
        self.clock.sleep(self._seconds)
        self.modified.append(change.ref.identifier)
        (found,) = (database for database in self.databases.values() if database.ref == change.ref)
        ref = Ref(found.ref.kind, self._new_name) if self._new_name else found.ref
        self.databases[found.resource_id] = replace(found, ref=ref, current=change.enable)

    def describe(self, refs):
        return {database.ref: database for database in self.databases.values() if database.ref in refs}

    def describe_resources(self, kind, resource_ids):
        self.asked.append((kind, tuple(resource_ids)))
        if self._refusals:
            raise self._refusals.pop(0)
        return [self.databases[one] for one in resource_ids if one in self.databases]


def run(gateway, databases, **options):
    asked = wish(apply_immediately=True, **options)
    tracks = [Track(Plan(database, decide(database, asked)), asked) for database in databases]
    deadline = Deadline.after(asked.wait_timeout, gateway.clock)
    Pursuit(gateway, Planner(gateway, asked), asked, deadline).run(tracks)
    return tracks


@pytest.mark.parametrize("wait", [True, False])
def test_requests_that_use_up_the_time_leave_the_rest_unsent(wait):
    databases = [instance(f"shop-{n}") for n in range(5)]
    gateway = Gateway(databases, seconds=30.0)
    tracks = run(gateway, databases, wait=wait, wait_timeout=60.0)
    assert gateway.modified == ["shop-0", "shop-1"]
    assert [problem.code for track in tracks[2:] for problem in track.problems] == ["timeout"] * 3
    assert not any(track.changed for track in tracks[2:])


@pytest.mark.parametrize("database", [instance(), cluster()])
@pytest.mark.parametrize("refusals", [(), (BUSY,), (BUSY, BUSY)])
def test_database_renamed_is_found_by_its_resource_id(database, refusals):
    gateway = Gateway([database], new_name="renamed", refusals=refusals)
    (track,) = run(gateway, [database])
    assert (track.outcome, track.ref) == ("applied", Ref(database.ref.kind, "renamed"))
    assert gateway.asked == [(database.ref.kind, (database.resource_id,))] * (1 + len(refusals))


def test_describe_old_name_reused_finds_renamed_database():
    database = instance()
    gateway = Gateway([database, instance(resource_id="db-OTHER", ref=Ref("instance", "other"))], new_name="renamed")
    (track,) = run(gateway, [database])
    assert track.outcome == "applied"
    gateway.databases["db-OTHER"] = replace(gateway.databases["db-OTHER"], ref=database.ref)
    assert not track.is_database(gateway.describe([database.ref])[database.ref])


@pytest.mark.parametrize("refusals", [(), (GONE,)])
def test_database_deleted_is_not_found(refusals):
    database = instance()
    gateway = Gateway([database], refusals=refusals, new_name="renamed")
    if not refusals:
        gateway.describe_resources = lambda kind, ids: []
    (track,) = run(gateway, [database])
    assert (track.outcome, [problem.code for problem in track.problems]) == ("failed", ["not_found"])


def test_databases_found_under_their_names_cost_no_further_call():
    database = instance()
    gateway = Gateway([database])
    run(gateway, [database])
    assert gateway.asked == []
