# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Maintenance and backup windows: invalid ones, and when they open."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from api_requests import FLEET as SOURCES
from api_requests import METHODS, REQUESTS, operations_with, upload
from rds_simulator.rules import windows

FLEET: dict[str, Any] = {
    "db_instances": [{"identifier": "orders", "engine": "postgres"}],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2},
        {"identifier": "trio", "engine": "mysql"},
    ],
}
MAINTENANCE = "PreferredMaintenanceWindow"
BACKUP = "PreferredBackupWindow"
DATABASES = [("instance", "orders"), ("cluster", "ledger"), ("cluster", "trio")]
# Rules: botocore's model, PreferredMaintenanceWindow and PreferredBackupWindow; less than 24 hours: moto issue 5838.
INVALID = [
    (MAINTENANCE, ""),
    (MAINTENANCE, "garbage"),
    (MAINTENANCE, "04:00-04:30"),
    (MAINTENANCE, "sim:16:00-sun:16:30"),
    (MAINTENANCE, "sun:16:00-sim:16:30"),
    (MAINTENANCE, "sunday:16:00-sunday:16:30"),
    (MAINTENANCE, "sun:24:00-sun:24:30"),
    (MAINTENANCE, "sun:16:60-sun:17:30"),
    (MAINTENANCE, "sun:4:00-sun:4:30"),
    (MAINTENANCE, " sun:16:00-sun:16:30"),
    (MAINTENANCE, "sun:16:00-sun:16:30\n"),
    (MAINTENANCE, "sun:16:00-sun:16:29"),
    (MAINTENANCE, "sun:16:00-sun:16:00"),
    (MAINTENANCE, "mon:23:30-mon:00:00"),
    (MAINTENANCE, "mon:16:00-tue:16:00"),
    (MAINTENANCE, "tue:16:00-mon:16:00"),
    (MAINTENANCE, "sun:\u0661\u0666:00-sun:16:30"),
    (MAINTENANCE, "sun:01:30-sun:02:01"),
    (MAINTENANCE, "sat:23:00-sun:03:00"),
    (BACKUP, ""),
    (BACKUP, "garbage"),
    (BACKUP, "sun:02:00-sun:02:30"),
    (BACKUP, "24:00-24:30"),
    (BACKUP, "16:00-16:60"),
    (BACKUP, "16:00-16:29"),
    (BACKUP, "16:00-16:00"),
    (BACKUP, "2:00-2:30"),
    (BACKUP, "03:59-05:01"),
]
VALID = [
    (MAINTENANCE, "sun:16:00-sun:16:30", "sun:16:00-sun:16:30"),
    (MAINTENANCE, "Mon:16:00-Tue:01:59", "mon:16:00-tue:01:59"),
    (MAINTENANCE, "SUN:23:45-MON:00:15", "sun:23:45-mon:00:15"),
    (MAINTENANCE, "wed:16:03-wed:16:33", "wed:16:03-wed:16:33"),
    (BACKUP, "16:00-16:30", "16:00-16:30"),
    (BACKUP, "23:45-00:15", "23:45-00:15"),
]


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ("mon:16:00-tue:15:59", None),
        ("mon:16:00-tue:16:00", "must be less than 24 hours"),
        ("mon:16:00-mon:16:30", None),
        ("mon:16:00-mon:16:29", "must be at least 30 minutes"),
        ("mon:23:30-mon:00:00", "cannot end before it begins"),
        ("mon:23:30-mon:24:00", "Invalid day:hour:minute value: mon:24:00"),
        ("mun:23:30-mon:23:59", "Invalid day:hour:minute value: mun:23:30"),
    ],
)
def test_maintenance_window_limits(window: str, text: str | None) -> None:
    """Texts: moto issue 5838, ansible issue 10666 (△)."""
    if text is None:
        assert windows.maintenance_minutes(window)
        return
    with pytest.raises(ValueError, match=text):
        windows.maintenance_minutes(window)


class Target:
    """An instance or a cluster."""

    def __init__(self, rds: Any, kind: str, name: str) -> None:
        noun = "DBInstance" if kind == "instance" else "DBCluster"
        self.identifier = {f"{noun}Identifier": name}
        self.noun = noun
        self._modify = getattr(rds, f"modify_db_{kind}")
        self._describe = getattr(rds, f"describe_db_{kind}s")

    def modify(self, **more: Any) -> dict[str, Any]:
        row: dict[str, Any] = self._modify(**self.identifier, **more)[self.noun]
        return row

    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = self._describe(**self.identifier)[f"{self.noun}s"][0]
        return row


@pytest.fixture(params=DATABASES, ids=lambda pair: pair[1])
def target(request: Any, sim: Any, rds: Any) -> Target:
    sim.seed(FLEET)
    return Target(rds, *request.param)


@pytest.mark.parametrize(("member", "window"), INVALID)
def test_modify_invalid_window_refused(sim: Any, target: Target, refused: Any, member: str, window: str) -> None:
    """InvalidParameterValue (terraform-provider-aws issue 49828 △); nothing changes, the clock advances."""
    before = target.row()[member]
    # The window of the cluster is an hour after that of the instance.
    if (member, window) == (BACKUP, "03:59-05:01") and target.noun == "DBCluster":
        window = "04:59-06:01"
    code, _text = refused(target.modify, **{member: window, "CopyTagsToSnapshot": True})
    assert code == "InvalidParameterValue"
    assert (target.row()[member], target.row()["CopyTagsToSnapshot"]) == (before, False)
    sim.clock.advance(8 * 86400)
    assert target.row()[member] == before


@pytest.mark.parametrize(("member", "window", "shown"), VALID)
def test_modify_valid_window_shown_in_lower_case(target: Target, member: str, window: str, shown: str) -> None:
    """Days in any case (model ✓), immediately, regardless of ApplyImmediately (model ✓)."""
    assert target.modify(**{member: window})[member] == shown
    assert target.row()[member] == shown


def test_modify_both_windows_checked_together(target: Target, refused: Any) -> None:
    """The new windows are compared with each other, not with the replaced ones."""
    target.modify(**{MAINTENANCE: "sun:02:00-sun:02:30", BACKUP: "05:00-05:30"})
    code, text = refused(target.modify, **{MAINTENANCE: "mon:16:00-mon:17:00", BACKUP: "16:30-17:30"})
    assert (code, text) == ("InvalidParameterValue", "The backup window and maintenance window must not overlap.")


@pytest.mark.parametrize("may_touch", [True, False])
def test_modify_adjacent_windows_depends_on_switch(sim: Any, target: Target, refused: Any, may_touch: bool) -> None:
    """Accepted in reports, refused by moto (?).

    Report: NHSDigital/manage-vaccinations-in-schools pull request 3519 (△).
    """
    sim.settings.update(windows_may_touch=may_touch)
    asked = {MAINTENANCE: "sun:02:30-sun:03:00"}
    if may_touch:
        assert target.modify(**asked)[MAINTENANCE] == asked[MAINTENANCE]
    else:
        assert refused(target.modify, **asked)[0] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("maintenance", "backup", "expected"),
    [
        ("sun:23:45-mon:00:15", "00:00-00:30", True),
        ("sun:23:45-mon:00:15", "23:00-23:50", True),
        ("mon:00:00-mon:00:30", "23:45-00:15", True),
        ("sat:22:00-sun:03:00", "02:00-02:30", True),
        ("sun:03:00-sun:04:00", "23:00-01:00", False),
        ("wed:02:30-wed:03:00", "02:00-02:30", False),
    ],
)
def test_overlap_across_midnight_detected(maintenance: str, backup: str, expected: bool) -> None:
    assert windows.overlap(maintenance, backup, may_touch=True) is expected


def test_create_invalid_window_refused(sim: Any, rds: Any, refused: Any) -> None:
    """Nothing is created; for instances, clusters and members."""
    sim.seed(FLEET)
    master = {"MasterUsername": "root", "MasterUserPassword": "correct-horse-battery"}
    instance = {
        "DBInstanceIdentifier": "new",
        "Engine": "postgres",
        "DBInstanceClass": "db.m6g.large",
        "AllocatedStorage": 20,
        **master,
    }
    member = {
        "DBInstanceIdentifier": "new",
        "Engine": "aurora-postgresql",
        "DBInstanceClass": "db.r6g.large",
        "DBClusterIdentifier": "ledger",
    }
    cluster = {"DBClusterIdentifier": "new", "Engine": "aurora-postgresql", **master}
    for call, asked in (
        (rds.create_db_instance, instance),
        (rds.create_db_instance, member),
        (rds.create_db_cluster, cluster),
    ):
        assert refused(call, **asked, **{MAINTENANCE: "sim:16:00-sun:16:30"})[0] == "InvalidParameterValue"
    for call, asked in ((rds.create_db_instance, instance), (rds.create_db_cluster, cluster)):
        assert refused(call, **asked, **{BACKUP: "garbage"})[0] == "InvalidParameterValue"
    assert refused(rds.create_db_instance, **member, **{BACKUP: "16:00-16:30"})[0] == "InvalidParameterCombination"
    assert [row["DBInstanceIdentifier"] for row in rds.describe_db_instances()["DBInstances"]] == [
        "ledger-1",
        "ledger-2",
        "orders",
        "trio-1",
        "trio-2",
        "trio-3",
    ]
    assert len(rds.describe_db_clusters()["DBClusters"]) == 2


@pytest.mark.parametrize(
    ("given", "other"),
    [({MAINTENANCE: "Sun:02:00-Sun:02:30"}, BACKUP), ({BACKUP: "03:00-05:30"}, MAINTENANCE)],
)
def test_create_with_one_window_selects_other_without_conflict(
    sim: Any, rds: Any, given: dict[str, str], other: str
) -> None:
    """RDS selects the other one (model ✓), without an overlap (?)."""
    row = rds.create_db_instance(
        DBInstanceIdentifier="new",
        Engine="postgres",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="correct-horse-battery",
        **given,
    )["DBInstance"]
    assert {member: row[member] for member in given} == {member: window.lower() for member, window in given.items()}
    assert windows.overlap(row[MAINTENANCE], row[BACKUP], may_touch=True) is False
    assert row[other]


def test_restore_with_window_that_conflicts_refused(sim: Any, rds: Any, refused: Any) -> None:
    sim.seed({**FLEET, "snapshots": [{"identifier": "kept", "source": "orders"}]})
    asked = {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "kept"}
    code, _text = refused(rds.restore_db_instance_from_db_snapshot, **asked, **{BACKUP: "16:00-16:10"})
    assert code == "InvalidParameterValue"


@pytest.mark.parametrize("window", ["garbage", ""])
@pytest.mark.parametrize(("operation", "member"), operations_with(MAINTENANCE, BACKUP))
def test_invalid_window_refused_by_every_operation(
    sim: Any, rds: Any, refused: Any, operation: str, member: str, window: str
) -> None:
    """Every operation with a window in botocore's model refuses it.

    The same request without the window is accepted.
    """
    sim.seed(SOURCES)
    if operation.endswith("FromS3"):
        upload(sim)
    call = getattr(rds, METHODS[operation])
    before = rds.describe_db_instances()["DBInstances"], rds.describe_db_clusters()["DBClusters"]
    code, text = refused(call, **REQUESTS[operation], **{member: window})
    assert (code, "window" in text) == ("InvalidParameterValue", True)
    assert (rds.describe_db_instances()["DBInstances"], rds.describe_db_clusters()["DBClusters"]) == before
    more = {"CopyTagsToSnapshot": True} if operation.startswith("Modify") else {}
    assert call(**REQUESTS[operation], **more)


def test_promote_window_that_conflicts_refused(sim: Any, rds: Any, refused: Any) -> None:
    """The maintenance window of the replica stays, and counts for the overlap."""
    sim.seed(SOURCES)
    window = rds.describe_db_instances(DBInstanceIdentifier="replica")["DBInstances"][0][MAINTENANCE]
    hours = f"{window[4:9]}-{window[14:]}"
    code, text = refused(rds.promote_read_replica, **REQUESTS["PromoteReadReplica"], **{BACKUP: hours})
    assert (code, text) == ("InvalidParameterValue", "The backup window and maintenance window must not overlap.")


@pytest.mark.parametrize(
    "extra", [{MAINTENANCE: "garbage"}, {BACKUP: "02:00"}, {MAINTENANCE: "sun:01:00-sun:03:00", BACKUP: "02:00-02:30"}]
)
def test_seed_invalid_window_is_an_error(sim: Any, extra: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"instance 'orders': .*window"):
        sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql", "extra": extra}]})


def test_window_invalid_in_live_record_keeps_clock(sim: Any, target: Target) -> None:
    """An invalid window in a live record never opens, and does not stop the clock."""
    kind = "instance" if target.noun == "DBInstance" else "cluster"
    name = next(iter(target.identifier.values()))
    target.modify(EnableIAMDatabaseAuthentication=True)
    sim.database(kind, name)[MAINTENANCE] = "garbage"
    sim.clock.advance(15 * 86400)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is False
    sim.database(kind, name)[MAINTENANCE] = "wed:16:00-wed:16:30"
    sim.clock.advance(8 * 86400)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is True


def test_moved_window_opens_at_its_new_time(sim: Any, target: Target) -> None:
    """The window no longer opens at its old time."""
    target.modify(EnableIAMDatabaseAuthentication=True)
    target.modify(**{MAINTENANCE: "tue:16:00-tue:16:30"})
    sim.clock.advance(28 * 3600 - 1)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is False
    sim.clock.advance(61)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is True
    target.modify(**{MAINTENANCE: "fri:16:00-fri:16:30"})
    target.modify(EnableIAMDatabaseAuthentication=False)
    sim.clock.advance(3 * 86400 - 120)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is True
    sim.clock.advance(240)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is False


@pytest.mark.parametrize(
    ("window", "applied"),
    [("mon:11:45-mon:12:30", True), ("mon:11:30-mon:12:15", False), ("mon:12:10-mon:12:45", False)],
)
def test_window_moved_to_now_opens_if_30_minutes_remain(sim: Any, target: Target, window: str, applied: bool) -> None:
    """Model, PreferredMaintenanceWindow of ModifyDBInstance (✓; clusters ?). It is Monday noon."""
    target.modify(EnableIAMDatabaseAuthentication=True)
    target.modify(**{MAINTENANCE: window})
    sim.clock.advance(60)
    assert target.row()["IAMDatabaseAuthenticationEnabled"] is applied


@pytest.mark.parametrize(
    ("window", "hour", "left"),
    [
        ("mon:11:00-mon:13:00", 12, 60),
        ("sun:23:00-mon:13:00", 12, 60),
        ("mon:12:00-mon:13:00", 12, 60),
        ("mon:11:00-mon:12:00", 12, 0),
        ("mon:13:00-mon:14:00", 12, 0),
    ],
)
def test_remaining_minutes_of_a_window(window: str, hour: int, left: int) -> None:
    now = datetime(2026, 11, 2, hour, tzinfo=timezone.utc)
    assert windows.remaining(window, now) == timedelta(minutes=left)
