# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The times that a restore returns: the time of the data, of the snapshot, and the duration of each step."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.parse_sources import (
    parse_cluster_snapshot,
    parse_snapshot,
)
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

TO_TIME = {"db_instance_identifier": "drill", "source_db_instance_identifier": "orders"}
MONDAY = {"db_instance_identifier": "drill", "db_snapshot_identifier": "monday"}
CLUSTER = {
    "db_cluster_identifier": "drill",
    "source_db_cluster_identifier": "ledger",
    "use_latest_restorable_time": True,
    "cluster_instances": [{"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"}],
}


@pytest.fixture
def restore(sim, capsys):
    """Return a function that runs rds_restore_iam against the simulator."""
    sim.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "mysql"}],
            "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 1}],
            "snapshots": [{"identifier": "monday", "source": "orders"}],
        }
    )
    return Runner("rds_restore_iam", sim.url, capsys)


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_restore_to_time_returns_it(sim, restore):
    time = text(sim.clock.now() - dt.timedelta(minutes=30))
    for options in ({"check": True}, {}, {}):
        source = restore.ok(**options, **TO_TIME, restore_time=time)["source"]
        assert (source["restored_to"], source["snapshot_time"]) == (time, None)


def test_restore_to_latest_time_returns_what_rds_reported(sim, restore):
    options = {**TO_TIME, "use_latest_restorable_time": True}
    before = sim.clock.now()
    predicted, real = restore.ok(check=True, **options), restore.ok(**options)
    for result in (predicted, real):
        assert text(before - dt.timedelta(minutes=10)) <= result["source"]["restored_to"] <= text(before)
    assert restore.ok(**options)["source"]["restored_to"] is None


def test_restore_of_snapshot_returns_its_time(sim, restore):
    taken = sim.database("instance", "orders")["InstanceCreateTime"]
    for options in ({"check": True}, {}, {}):
        source = restore.ok(**options, **MONDAY)["source"]
        assert source["restored_to"] is None
        assert text(taken) <= source["snapshot_time"] <= text(sim.clock.now())


@pytest.mark.parametrize("translate", [parse_snapshot, parse_cluster_snapshot])
def test_snapshot_time_of_copy_is_that_of_the_original(translate):
    """API reference of DBSnapshot: OriginalSnapshotCreateTime "doesn't change when the snapshot is copied"."""
    original, copied = (dt.datetime(2026, 11, day, tzinfo=dt.timezone.utc) for day in (1, 9))
    raw = {"DBSnapshotIdentifier": "x", "DBClusterSnapshotIdentifier": "x", "SnapshotCreateTime": copied}
    assert translate(raw).snapshot_time == copied
    found = translate({**raw, "OriginalSnapshotCreateTime": original})
    assert (found.snapshot_time, found.moment) == (original, copied)


def test_seconds_of_cluster_with_member_count_each_step(restore):
    seconds = restore.ok(**CLUSTER)["seconds"]
    assert list(seconds) == ["checks", "database", "cluster_instances", "setting", "total"]
    assert seconds["database"] >= 120
    assert seconds["cluster_instances"] >= 120
    assert seconds["total"] == pytest.approx(sum(value for step, value in seconds.items() if step != "total"), abs=0.01)


def test_seconds_without_waiting_have_no_steps(restore):
    assert list(restore.ok(check=True, **CLUSTER)["seconds"]) == ["checks", "total"]
    assert list(restore.ok(**MONDAY, wait=False)["seconds"]) == ["checks", "total"]


def test_seconds_of_second_run_exclude_creation(restore):
    restore.ok(**MONDAY)
    assert list(restore.ok(**MONDAY)["seconds"]) == ["checks", "total"]
    assert list(restore.ok(**MONDAY, enabled=True, apply_immediately=True)["seconds"]) == ["checks", "setting", "total"]


def test_seconds_of_failure_include_completed_steps(sim, restore):
    sim.faults.add(operation="CreateDBInstance", deny=True)
    seconds = restore.fails(**CLUSTER)["seconds"]
    assert list(seconds) == ["checks", "database", "total"]
    assert list(restore.fails(**TO_TIME, restore_time="2020-01-01T00:00:00Z")["seconds"]) == ["total"]
