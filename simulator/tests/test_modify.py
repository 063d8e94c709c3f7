# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The course of ModifyDBInstance and ModifyDBCluster over simulated time."""

from __future__ import annotations

from typing import Any

import pytest

FLEET: dict[str, Any] = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres"},
        {
            "identifier": "queued",
            "engine": "mysql",
            "pending_modified_values": {
                "DBInstanceClass": "db.r6g.large",
                "IAMDatabaseAuthenticationEnabled": True,
            },
        },
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2},
        {"identifier": "trio", "engine": "postgres"},
    ],
}
IAM = "IAMDatabaseAuthenticationEnabled"
PENDING = {IAM: True}
DATABASES = [("instance", "orders"), ("cluster", "ledger"), ("cluster", "trio")]
# A change deferred on Monday noon is due on Sunday at 4:00 (instances) or 5:00 (clusters).
TO_INSTANCE_WINDOW = (6 * 24 - 8) * 3600
TO_CLUSTER_WINDOW = (6 * 24 - 7) * 3600


class Target:
    """An instance or a cluster, with its operations."""

    def __init__(self, sim: Any, rds: Any, kind: str, name: str) -> None:
        self.sim, self.kind, self.name = sim, kind, name
        noun = "DBInstance" if kind == "instance" else "DBCluster"
        self.noun = noun
        self.identifier = {f"{noun}Identifier": name}
        self._describe = rds.describe_db_instances if kind == "instance" else rds.describe_db_clusters
        self._modify = rds.modify_db_instance if kind == "instance" else rds.modify_db_cluster

    def modify(self, value: bool, *, now: bool, **more: Any) -> dict[str, Any]:
        answer = self._modify(**self.identifier, EnableIAMDatabaseAuthentication=value, ApplyImmediately=now, **more)
        row: dict[str, Any] = answer[self.noun]
        return row

    def seen(self) -> tuple[str, bool, dict[str, Any]]:
        row = self._describe(**self.identifier)[f"{self.noun}s"][0]
        status = row["DBInstanceStatus" if self.kind == "instance" else "Status"]
        return status, row[IAM], row.get("PendingModifiedValues", {})


@pytest.fixture(params=DATABASES, ids=lambda pair: pair[1])
def target(request: Any, sim: Any, rds: Any) -> Target:
    sim.seed(FLEET)
    return Target(sim, rds, *request.param)


def test_modify_immediately_applies_setting(sim: Any, target: Target) -> None:
    """Pending while still available, then a status of its own, then in effect.

    The status follows with a delay (△ terraform-provider-aws issues 10197 and 45575; the provider of CloudFormation
    for RDS, issue 56). There is no outage (✓ user guides).
    """
    sim.settings.update(pending_lag=1, status_lag=5, apply_seconds=20)
    target.modify(True, now=True)
    assert target.seen() == ("available", False, {})
    sim.clock.advance(1)
    assert target.seen() == ("available", False, PENDING)
    sim.clock.advance(4)
    assert target.seen() == ("configuring-iam-database-auth", False, PENDING)
    sim.clock.advance(19)
    assert target.seen() == ("configuring-iam-database-auth", False, PENDING)
    sim.clock.advance(1)
    assert target.seen() == ("available", True, {})
    assert sim.outages(target.name, kind=target.kind) == 0


def test_modify_disables_setting(sim: Any, target: Target) -> None:
    """The same course as for enabling it."""
    sim.database(target.kind, target.name)[IAM] = True
    target.modify(False, now=True)
    assert target.seen() == ("available", True, {IAM: False})
    sim.clock.advance(60)
    assert target.seen() == ("available", False, {})


def test_modify_response_shows_pending_value(target: Target) -> None:
    """Modify returns the record with the pending value (model ✓)."""
    assert target.modify(True, now=True)["PendingModifiedValues"] == PENDING


def test_modify_deferred_waits_for_window(sim: Any, target: Target) -> None:
    """Without ApplyImmediately the value is pending until the next window (✓ user guides)."""
    window = TO_INSTANCE_WINDOW if target.kind == "instance" else TO_CLUSTER_WINDOW
    target.modify(True, now=False)
    sim.clock.advance(window - 1)
    assert target.seen() == ("available", False, PENDING)
    sim.clock.advance(1)
    assert target.seen() == ("configuring-iam-database-auth", False, PENDING)
    sim.clock.advance(60)
    assert target.seen() == ("available", True, {})


def test_modify_immediately_applies_pending_value(sim: Any, target: Target) -> None:
    """A second Modify, with ApplyImmediately, applies the queued value."""
    target.modify(True, now=False)
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("available", True, {})


def test_modify_deferred_follows_moved_window(sim: Any, target: Target) -> None:
    """The window at the time of opening counts."""
    target.modify(True, now=False)
    sim.database(target.kind, target.name)["PreferredMaintenanceWindow"] = "mon:13:00-mon:13:30"
    sim.clock.advance(TO_CLUSTER_WINDOW + 60)
    assert target.seen() == ("available", False, PENDING)
    sim.clock.advance(2 * 24 * 3600)
    assert target.seen() == ("available", True, {})


def test_modify_immediately_cancels_pending_value(sim: Any, target: Target) -> None:
    """Back to the current value with ApplyImmediately drops the queued one (✓ user guide)."""
    target.modify(True, now=False)
    target.modify(False, now=True)
    assert target.seen() == ("available", False, {})
    sim.clock.advance(TO_CLUSTER_WINDOW + 3600)
    assert target.seen() == ("available", False, {})


def test_modify_cancel_shows_after_lag(sim: Any, target: Target) -> None:
    target.modify(True, now=False)
    sim.settings.update(pending_lag=3)
    target.modify(False, now=True)
    assert target.seen() == ("available", False, PENDING)
    sim.clock.advance(3)
    assert target.seen() == ("available", False, {})
    sim.clock.advance(60)
    assert target.seen() == ("available", False, {})


@pytest.mark.parametrize(
    ("how", "shown", "in_the_end"),
    [("drops", {}, False), ("stays", PENDING, True), ("equal", {IAM: False}, False)],
)
def test_modify_deferred_cancel_depends_on_switch(
    sim: Any, target: Target, how: str, shown: dict[str, Any], in_the_end: bool
) -> None:
    """Not documented without ApplyImmediately (?): a switch with three values."""
    sim.settings.update(deferred_cancel=how)
    target.modify(True, now=False)
    target.modify(False, now=False)
    assert target.seen() == ("available", False, shown)
    sim.clock.advance(TO_CLUSTER_WINDOW + 3600)
    assert target.seen() == ("available", in_the_end, {})


def test_modify_to_current_value_changes_nothing(sim: Any, target: Target) -> None:
    target.modify(False, now=True)
    sim.clock.advance(5)
    assert target.seen() == ("available", False, {})


def test_modify_lost(sim: Any, target: Target) -> None:
    """Accepted and pending, but never in effect, to test timeouts (a switch, not AWS behaviour)."""
    sim.settings.update(modify_lost=True)
    target.modify(True, now=True)
    sim.clock.advance(TO_CLUSTER_WINDOW + 3600)
    assert target.seen() == ("available", False, PENDING)


def test_modify_returns_pending(sim: Any, target: Target) -> None:
    """Available again with the value still pending, until requested again (△ issue 45575)."""
    sim.settings.update(cluster_returns_pending=True, instance_returns_pending=True)
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("available", False, PENDING)
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("available", True, {})


def test_modify_returns_pending_depends_on_kind(sim: Any, target: Target) -> None:
    """Each kind has its own switch."""
    sim.settings.update(**{f"{target.kind}_returns_pending": False})
    other = "cluster" if target.kind == "instance" else "instance"
    sim.settings.update(**{f"{other}_returns_pending": True})
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("available", True, {})


def test_modify_with_external_status_change_is_dropped(sim: Any, target: Target) -> None:
    """A status set by another client is kept, and the change does not take effect."""
    target.modify(True, now=True)
    sim.clock.advance(5)
    member = "DBInstanceStatus" if target.kind == "instance" else "Status"
    sim.database(target.kind, target.name)[member] = "failed"
    sim.clock.advance(60)
    assert target.seen() == ("failed", False, PENDING)


def test_modify_with_opposite_external_change(sim: Any, target: Target) -> None:
    """The later request wins if the first one has not started."""
    sim.settings.update(status_lag=10)
    sim.at(5, lambda _: target.modify(False, now=True))
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("available", False, {})


def test_modify_database_deleted_meanwhile(sim: Any, target: Target, refused: Any) -> None:
    """The database is deleted during the wait."""
    for name in ("ledger-1", "ledger-2", "trio-1", "trio-2", "trio-3"):
        sim.database("instance", name)["DBInstanceStatus"] = "deleting"
    target.modify(True, now=True)
    delete = getattr(target._describe.__self__, f"delete_db_{target.kind}")
    delete(**target.identifier, SkipFinalSnapshot=True)
    assert target.seen()[0] == "deleting"
    sim.clock.advance(60)
    code, _rest = refused(target._describe, **target.identifier)
    assert code in ("DBInstanceNotFound", "DBClusterNotFoundFault")


def test_modify_instance_immediately_applies_all_pending(sim: Any, rds: Any, instance: Any) -> None:
    """ApplyImmediately applies all pending changes, with an outage (✓ model)."""
    sim.seed(FLEET)
    rds.modify_db_instance(DBInstanceIdentifier="queued", BackupRetentionPeriod=3, ApplyImmediately=True)
    sim.clock.advance(5)
    assert instance("queued")["DBInstanceStatus"] == "modifying"
    sim.clock.advance(60)
    row = instance("queued")
    assert (row["DBInstanceClass"], row["BackupRetentionPeriod"], row[IAM]) == (
        "db.r6g.large",
        3,
        True,
    )
    assert row["PendingModifiedValues"] == {}
    assert sim.outages("queued") == 1


def test_modify_instance_cancel_applies_other_pending(sim: Any, rds: Any, instance: Any) -> None:
    """A cancellation with ApplyImmediately applies the other pending changes."""
    sim.seed(FLEET)
    rds.modify_db_instance(DBInstanceIdentifier="queued", EnableIAMDatabaseAuthentication=False, ApplyImmediately=True)
    sim.clock.advance(60)
    row = instance("queued")
    assert (row["DBInstanceClass"], row[IAM], row["PendingModifiedValues"]) == (
        "db.r6g.large",
        False,
        {},
    )
    assert sim.outages("queued") == 1


@pytest.mark.parametrize(
    ("name", "switch", "flushed"),
    [("ledger", False, False), ("ledger", True, True), ("trio", False, True)],
)
def test_modify_cluster_immediately_depends_on_switch(
    sim: Any, rds: Any, name: str, switch: bool, flushed: bool
) -> None:
    """Aurora: not documented (?), a switch. Multi-AZ DB clusters apply all (✓)."""
    sim.seed(FLEET)
    sim.settings.update(cluster_flushes_pending=switch)
    rds.modify_db_cluster(DBClusterIdentifier=name, BackupRetentionPeriod=3)
    rds.modify_db_cluster(DBClusterIdentifier=name, EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    sim.clock.advance(60)
    record = sim.database("cluster", name)
    assert record[IAM] is True
    assert (record["BackupRetentionPeriod"] == 3) is flushed
    assert (record["PendingModifiedValues"] == {}) is flushed


@pytest.mark.parametrize("status", ["configuring-iam-database-auth", "update-iam-db-auth"])
def test_modify_cluster_status_depends_on_switch(sim: Any, rds: Any, cluster: Any, status: str) -> None:
    """update-iam-db-auth in the Aurora guide, the other in reports (✓/△, a switch)."""
    sim.seed(FLEET)
    sim.settings.update(cluster_iam_status=status)
    rds.modify_db_cluster(DBClusterIdentifier="ledger", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    sim.clock.advance(5)
    assert cluster("ledger")["Status"] == status


def test_modify_cluster_members_follow(sim: Any, rds: Any, instance: Any, cluster: Any) -> None:
    """Members also pass through the status, and can be later than their cluster (△)."""
    sim.seed(FLEET)
    sim.settings.update(member_lag=7)
    rds.modify_db_cluster(DBClusterIdentifier="ledger", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    sim.clock.advance(22)
    assert (cluster("ledger")["Status"], cluster("ledger")[IAM]) == ("available", True)
    assert instance("ledger-2")["DBInstanceStatus"] == "configuring-iam-database-auth"
    assert instance("ledger-2")[IAM] is False
    sim.clock.advance(7)
    assert (instance("ledger-2")["DBInstanceStatus"], instance("ledger-2")[IAM]) == (
        "available",
        True,
    )


def test_modify_applies_some_settings_immediately(sim: Any, rds: Any, instance: Any) -> None:
    """Tags, protection, backup window and others are always immediate (✓ user guide)."""
    sim.seed(FLEET)
    rds.modify_db_instance(
        DBInstanceIdentifier="orders",
        DeletionProtection=True,
        PreferredBackupWindow="01:00-01:30",
        VpcSecurityGroupIds=["sg-2"],
        AllocatedStorage=300,
    )
    row = instance("orders")
    assert (row["DeletionProtection"], row["PreferredBackupWindow"]) == (True, "01:00-01:30")
    assert row["VpcSecurityGroups"] == [{"VpcSecurityGroupId": "sg-2", "Status": "active"}]
    assert (row["AllocatedStorage"], row["PendingModifiedValues"]) == (
        100,
        {"AllocatedStorage": 300},
    )


def test_modify_renames_database(sim: Any, rds: Any, instance: Any, refused: Any) -> None:
    """A new name and endpoint, the same resource id (✓ user guide)."""
    sim.seed(FLEET)
    before = instance("orders")["DbiResourceId"]
    rds.modify_db_instance(DBInstanceIdentifier="orders", NewDBInstanceIdentifier="Shop", ApplyImmediately=True)
    sim.clock.advance(60)
    row = instance("shop")
    assert row["DbiResourceId"] == before
    assert row["Endpoint"]["Address"].startswith("shop.")
    assert refused(instance, name="orders")[0] == "DBInstanceNotFound"


def test_modify_in_storage_optimization_accepted(sim: Any, target: Target) -> None:
    """The database is operational (✓ user guide), and continues to optimize later (?)."""
    member = "DBInstanceStatus" if target.kind == "instance" else "Status"
    sim.database(target.kind, target.name)[member] = "storage-optimization"
    target.modify(True, now=True)
    sim.clock.advance(60)
    assert target.seen() == ("storage-optimization", True, {})


def test_modify_unsupported_parameter_not_implemented(sim: Any, rds: Any, refused: Any) -> None:
    sim.seed(FLEET)
    code, message = refused(rds.modify_db_instance, DBInstanceIdentifier="orders", TdeCredentialArn="arn")
    assert (code, "TdeCredentialArn" in message) == ("SimulatorNotImplemented", True)
