# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DescribeEvents."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
SEED: dict[str, Any] = {
    "db_instances": [{"identifier": "orders", "engine": "postgres"}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql"}],
}
MASTER = {"MasterUsername": "root_user", "MasterUserPassword": "correct-horse-battery"}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def _messages(rds: Any, **asked: Any) -> list[str]:
    return [row["Message"] for row in rds.describe_events(**asked)["Events"]]


def _make(rds: Any) -> None:
    rds.create_db_instance(
        DBInstanceIdentifier="new", DBInstanceClass="db.m6g.large", Engine="mysql", AllocatedStorage=20, **MASTER
    )


def test_events_of_new_instance(sim: Any, rds: Any) -> None:
    """Created and backed up, in order; a seeded instance has no events (✓ user guide; wording △)."""
    assert _messages(rds) == []
    _make(rds)
    sim.clock.advance(300)
    (first, *rest) = rds.describe_events(SourceIdentifier="NEW", SourceType="db-instance")["Events"]
    assert first == {
        "SourceIdentifier": "new",
        "SourceType": "db-instance",
        "Message": "DB instance created",
        "EventCategories": ["creation"],
        "Date": NOW + timedelta(seconds=120),
        "SourceArn": "arn:aws:rds:eu-west-1:123456789012:db:new",
    }
    assert [row["Message"] for row in rest] == ["Backing up DB instance", "Finished DB Instance backup"]
    assert _messages(rds, SourceType="db-snapshot") == ["Automated snapshot created"]


def test_events_of_instance_from_start_to_deletion(sim: Any, rds: Any) -> None:
    """Stop, start, reboot, snapshot, copy, delete."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("stop_db_instance", {"DBInstanceIdentifier": "orders"}),
        ("start_db_instance", {"DBInstanceIdentifier": "orders"}),
        ("reboot_db_instance", {"DBInstanceIdentifier": "orders"}),
        ("create_db_snapshot", {"DBInstanceIdentifier": "orders", "DBSnapshotIdentifier": "one"}),
        ("copy_db_snapshot", {"SourceDBSnapshotIdentifier": "one", "TargetDBSnapshotIdentifier": "two"}),
        ("delete_db_snapshot", {"DBSnapshotIdentifier": "one"}),
        ("delete_db_instance", {"DBInstanceIdentifier": "orders", "SkipFinalSnapshot": True}),
    ]
    for method, asked in calls:
        getattr(rds, method)(**asked)
        sim.clock.advance(120)
    assert _messages(rds, SourceType="db-instance") == [
        "DB instance stopped",
        "DB instance started",
        "DB instance restarted",
        "DB instance deleted",
    ]
    assert _messages(rds, SourceIdentifier="two", SourceType="db-snapshot") == [
        "Creating manual snapshot",
        "Manual snapshot created",
    ]
    assert _messages(rds, EventCategories=["deletion"]) == ["Deleted user snapshot", "DB instance deleted"]


def test_events_of_clusters(sim: Any, rds: Any) -> None:
    """Clusters and their snapshots have their own source types (✓ model)."""
    rds.create_db_cluster(DBClusterIdentifier="new", Engine="aurora-mysql", **MASTER)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="ledger", DBClusterSnapshotIdentifier="one")
    sim.clock.advance(200)
    assert _messages(rds, SourceType="db-cluster") == ["DB cluster created."]
    assert _messages(rds, SourceType="db-cluster-snapshot", SourceIdentifier="one") == [
        "Creating manual cluster snapshot.",
        "Manual cluster snapshot created.",
    ]


def test_events_by_time(sim: Any, rds: Any, refused: Any) -> None:
    """The last hour by default; events are kept for 14 days (✓ model)."""
    _make(rds)
    sim.clock.advance(3 * 3600)
    assert _messages(rds) == []
    assert len(_messages(rds, Duration=240)) == 4
    assert _messages(rds, StartTime=NOW, EndTime=NOW + timedelta(seconds=125))[0] == "DB instance created"
    assert len(_messages(rds, StartTime=NOW)) == 4
    assert len(_messages(rds, StartTime=NOW, Duration=1)) == 0
    sim.clock.advance(14 * 86400)
    assert _messages(rds, Duration=20160, SourceType="db-instance") == []
    before = {"StartTime": NOW, "EndTime": NOW - timedelta(hours=1)}
    assert refused(rds.describe_events, **before)[0] == "InvalidParameterCombination"


def test_events_invalid_request_refused(rds: Any, refused: Any) -> None:
    """An identifier requires its type (✓ model; code ?)."""
    assert refused(rds.describe_events, SourceIdentifier="orders")[0] == "InvalidParameterCombination"
    assert refused(rds.describe_events, SourceType="db")[0] == "InvalidParameterValue"


def test_events_in_pages(sim: Any, rds: Any) -> None:
    """Pages of 20 to 100 (✓ model)."""
    for _time in range(25):
        rds.reboot_db_instance(DBInstanceIdentifier="orders")
        sim.clock.advance(60)
    pages = list(rds.get_paginator("describe_events").paginate(Duration=60, PaginationConfig={"PageSize": 20}))
    assert [len(page["Events"]) for page in pages] == [20, 5]


@pytest.mark.parametrize("minutes", [-(2**31), -1, 20161, 2**31 - 1])
def test_events_duration_out_of_range_refused(rds: Any, refused: Any, minutes: int) -> None:
    """Events are kept for 14 days (model ✓; the refusal of other durations ?)."""
    code, text = refused(rds.describe_events, Duration=minutes)
    assert (code, str(minutes) in text) == ("InvalidParameterValue", True)


@pytest.mark.parametrize("minutes", [0, 1, 20160])
def test_events_duration_within_range_accepted(rds: Any, minutes: int) -> None:
    assert rds.describe_events(Duration=minutes)["Events"] == []


def test_events_time_beyond_calendar_refused(rds: Any, refused: Any) -> None:
    asked = {"StartTime": datetime(9999, 12, 31, tzinfo=timezone.utc), "Duration": 20160}
    assert refused(rds.describe_events, **asked)[0] == "InvalidParameterValue"
