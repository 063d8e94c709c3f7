# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Changes that do not wait for the window, and storage changes that a status blocks."""

from __future__ import annotations

from typing import Any

import pytest

FLEET: dict[str, Any] = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres"},
        {
            "identifier": "queued",
            "engine": "mysql",
            "pending_modified_values": {"DBInstanceClass": "db.r6g.large"},
        },
        {"identifier": "unsaved", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2},
        {"identifier": "trio", "engine": "postgres"},
    ],
}
TO_EVERY_WINDOW = 7 * 86400


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(FLEET)


@pytest.mark.parametrize("name", ["ledger", "trio"])
def test_cluster_without_pending_changes_omits_pending_values(sim: Any, rds: Any, cluster: Any, name: str) -> None:
    """ "Returned only when there are pending changes" (model ✓).

    This applies to every operation that returns a cluster.
    """
    assert "PendingModifiedValues" not in cluster(name)
    answer = rds.modify_db_cluster(DBClusterIdentifier=name, EnableIAMDatabaseAuthentication=True)
    assert answer["DBCluster"]["PendingModifiedValues"] == {"IAMDatabaseAuthenticationEnabled": True}
    sim.clock.advance(TO_EVERY_WINDOW)
    assert "PendingModifiedValues" not in cluster(name)
    assert "PendingModifiedValues" not in rds.stop_db_cluster(DBClusterIdentifier=name)["DBCluster"]


def test_instance_without_pending_changes_shows_empty_values(instance: Any) -> None:
    """Real responses contain an empty structure (△), unlike the model."""
    assert instance("orders")["PendingModifiedValues"] == {}


@pytest.mark.parametrize("immediately", [True, False])
def test_modify_instance_port_is_applied_immediately(sim: Any, rds: Any, instance: Any, immediately: bool) -> None:
    """The database restarts "regardless of the value of the ApplyImmediately parameter" (model ✓)."""
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBPortNumber=5555, ApplyImmediately=immediately)
    sim.clock.advance(5)
    assert instance("orders")["DBInstanceStatus"] == "modifying"
    sim.clock.advance(60)
    row = instance("orders")
    assert (row["Endpoint"]["Port"], row["PendingModifiedValues"]) == (5555, {})
    assert sim.outages("orders") == 1


def test_modify_instance_port_keeps_other_pending_changes(sim: Any, rds: Any, instance: Any) -> None:
    """Without ApplyImmediately, the other pending changes continue to wait."""
    rds.modify_db_instance(DBInstanceIdentifier="queued", DBPortNumber=5555, EnableIAMDatabaseAuthentication=True)
    sim.clock.advance(60)
    row = instance("queued")
    assert row["Endpoint"]["Port"] == 5555
    assert row["PendingModifiedValues"] == {
        "DBInstanceClass": "db.r6g.large",
        "IAMDatabaseAuthenticationEnabled": True,
    }


def test_modify_cluster_port_reboots_all_members(sim: Any, rds: Any, instance: Any, cluster: Any) -> None:
    """Immediately (Aurora user guide, Aurora.Modifying ✓)."""
    rds.modify_db_cluster(DBClusterIdentifier="ledger", Port=5555)
    assert cluster("ledger")["Port"] == 5555
    for name in ("ledger-1", "ledger-2"):
        assert instance(name)["Endpoint"]["Port"] == 5555
        assert sim.outages(name) == 1
    rds.modify_db_cluster(DBClusterIdentifier="ledger", Port=5555)
    assert sim.outages("ledger-1") == 1


@pytest.mark.parametrize(("name", "days", "waits"), [("orders", 3, False), ("orders", 0, True), ("unsaved", 3, True)])
def test_modify_instance_retention_from_or_to_zero_waits(
    sim: Any, rds: Any, instance: Any, name: str, days: int, waits: bool
) -> None:
    """From one non-zero value to another it is applied as soon as possible (model ✓)."""
    before = instance(name)["BackupRetentionPeriod"]
    rds.modify_db_instance(DBInstanceIdentifier=name, BackupRetentionPeriod=days)
    sim.clock.advance(60)
    row = instance(name)
    assert row["BackupRetentionPeriod"] == (before if waits else days)
    assert row["PendingModifiedValues"] == ({"BackupRetentionPeriod": days} if waits else {})
    sim.clock.advance(TO_EVERY_WINDOW)
    assert instance(name)["BackupRetentionPeriod"] == days


@pytest.mark.parametrize("name", ["ledger", "trio"])
@pytest.mark.parametrize("waits", [True, False])
def test_modify_cluster_retention_depends_on_switch(sim: Any, rds: Any, cluster: Any, name: str, waits: bool) -> None:
    """The model says when only for instances (?)."""
    sim.settings.update(cluster_retention_waits=waits)
    rds.modify_db_cluster(DBClusterIdentifier=name, BackupRetentionPeriod=3)
    sim.clock.advance(60)
    assert cluster(name)["BackupRetentionPeriod"] == (7 if waits else 3)
    sim.clock.advance(TO_EVERY_WINDOW)
    assert cluster(name)["BackupRetentionPeriod"] == 3


STORAGE = [
    {"AllocatedStorage": 200},
    {"AllocatedStorage": 200, "Iops": 4000},
    {"StorageThroughput": 250},
    {"StorageType": "io1", "Iops": 3000},
]


@pytest.mark.parametrize("change", STORAGE)
@pytest.mark.parametrize("more", [{}, {"EnableIAMDatabaseAuthentication": True}])
def test_modify_storage_in_storage_optimization_refused(
    sim: Any, rds: Any, instance: Any, refused: Any, change: dict[str, Any], more: dict[str, Any]
) -> None:
    """User guide ✓; code and text: terraform-provider-aws issue 12493 (△). Other changes are accepted (✓)."""
    sim.database("instance", "orders")["DBInstanceStatus"] = "storage-optimization"
    code, text = refused(rds.modify_db_instance, DBInstanceIdentifier="orders", **change, **more)
    assert (code, "is being optimized" in text) == ("InvalidParameterCombination", True)
    assert instance("orders")["PendingModifiedValues"] == {}
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.r6g.large")


@pytest.mark.parametrize("change", STORAGE)
def test_modify_storage_in_storage_full_accepted(sim: Any, rds: Any, instance: Any, change: dict[str, Any]) -> None:
    """More storage resolves the status (user guide ✓)."""
    sim.database("instance", "orders")["DBInstanceStatus"] = "storage-full"
    rds.modify_db_instance(DBInstanceIdentifier="orders", ApplyImmediately=True, **change)
    sim.clock.advance(60)
    row = instance("orders")
    assert {name: row[name] for name in change} == change
    assert row["DBInstanceStatus"] == "available"


@pytest.mark.parametrize("accepted", [True, False])
def test_modify_other_in_storage_full_depends_on_switch(
    sim: Any, rds: Any, instance: Any, refused: Any, accepted: bool
) -> None:
    """Not documented (?)."""
    sim.settings.update(storage_full_takes_changes=accepted)
    sim.database("instance", "orders")["DBInstanceStatus"] = "storage-full"
    asked = {"DBInstanceIdentifier": "orders", "EnableIAMDatabaseAuthentication": True, "ApplyImmediately": True}
    if not accepted:
        assert refused(rds.modify_db_instance, **asked)[0] == "InvalidDBInstanceState"
        return
    rds.modify_db_instance(**asked)
    sim.clock.advance(60)
    assert instance("orders")["IAMDatabaseAuthenticationEnabled"] is True


@pytest.mark.parametrize("status", ["storage-optimization", "storage-full"])
def test_modify_cluster_in_storage_statuses(sim: Any, rds: Any, cluster: Any, refused: Any, status: str) -> None:
    """A Multi-AZ DB cluster in storage-optimization is similar (?).

    storage-full is not a status of clusters (✓).
    """
    sim.database("cluster", "trio")["Status"] = status
    code, _text = refused(rds.modify_db_cluster, DBClusterIdentifier="trio", AllocatedStorage=200)
    expected = {"storage-optimization": "InvalidParameterCombination", "storage-full": "InvalidDBClusterStateFault"}
    assert code == expected[status]
