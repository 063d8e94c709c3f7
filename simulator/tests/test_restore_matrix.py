# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The IAM setting of new databases: requested on, requested off or omitted, inherited or not, for every operation.

AWS's pages contradict each other about an omitted setting (user guides: as in the source; API reference: off; ?), so
it is a switch. A requested setting is applied (✓ model).
"""

from __future__ import annotations

from typing import Any

import pytest

IAM = "IAMDatabaseAuthenticationEnabled"
GONE = "db-GONEGONEGONEGONEGONEGONE12"
CLUSTER_GONE = "cluster-GONEGONEGONEGONEGONEGONE12"
AB = "arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-21enogenogenogenogenogenog"
LATEST = {"UseLatestRestorableTime": True}
TARGET = {"TargetDBInstanceIdentifier": "new", **LATEST}
CLUSTER = {"DBClusterIdentifier": "new"}
MULTI_AZ = {**CLUSTER, "DBClusterInstanceClass": "db.m6gd.large"}
RESTORES: list[tuple[str, dict[str, Any]]] = [
    ("restore_db_instance_from_db_snapshot", {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "one"}),
    ("restore_db_instance_from_db_snapshot", {"DBInstanceIdentifier": "new", "DBClusterSnapshotIdentifier": "trio"}),
    ("restore_db_instance_to_point_in_time", {**TARGET, "SourceDBInstanceIdentifier": "orders"}),
    ("restore_db_instance_to_point_in_time", {**TARGET, "SourceDbiResourceId": GONE}),
    ("restore_db_instance_to_point_in_time", {**TARGET, "SourceDBInstanceAutomatedBackupsArn": AB}),
    (
        "restore_db_cluster_from_snapshot",
        {**CLUSTER, "SnapshotIdentifier": "many", "Engine": "aurora-postgresql"},
    ),
    ("restore_db_cluster_from_snapshot", {**MULTI_AZ, "SnapshotIdentifier": "trio", "Engine": "mysql"}),
    (
        "restore_db_cluster_from_snapshot",
        {
            **CLUSTER,
            "SnapshotIdentifier": "arn:aws:rds:eu-west-1:123456789012:snapshot:one",
            "Engine": "aurora-postgresql",
        },
    ),
    ("restore_db_cluster_to_point_in_time", {**CLUSTER, **LATEST, "SourceDBClusterIdentifier": "ledger"}),
    ("restore_db_cluster_to_point_in_time", {**MULTI_AZ, **LATEST, "SourceDBClusterIdentifier": "trio"}),
    ("restore_db_cluster_to_point_in_time", {**CLUSTER, **LATEST, "SourceDbClusterResourceId": CLUSTER_GONE}),
    (
        "restore_db_cluster_to_point_in_time",
        {**CLUSTER, "SourceDBClusterIdentifier": "ledger", "RestoreType": "copy-on-write"},
    ),
]


def _seed(sim: Any, *, on: bool) -> None:
    iam = {"iam_database_authentication_enabled": on}
    sim.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "postgres", **iam}],
            "db_clusters": [
                {"identifier": "ledger", "engine": "aurora-postgresql", **iam},
                {"identifier": "trio", "engine": "mysql", **iam},
            ],
            "snapshots": [{"identifier": "one", "source": "orders"}],
            "cluster_snapshots": [
                {"identifier": "many", "source": "ledger"},
                {"identifier": "trio", "source": "trio"},
            ],
            "automated_backups": [{"source": "gone", "engine": "mysql", "resource_id": GONE, **iam}],
            "cluster_automated_backups": [
                {"source": "gone", "engine": "aurora-mysql", "resource_id": CLUSTER_GONE, **iam}
            ],
        }
    )


def _made(sim: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the record after all pending events."""
    sim.clock.advance(600)
    kind = "instance" if "DBInstance" in answer else "cluster"
    record: dict[str, Any] = sim.database(kind, "new")
    assert record["DBInstanceStatus" if kind == "instance" else "Status"] == "available"
    for member in record.get("DBClusterMembers", ()):
        shown = sim.database("instance", member["DBInstanceIdentifier"])
        assert (shown["DBInstanceStatus"], shown[IAM]) == ("available", record[IAM])
    return record


@pytest.mark.parametrize("inherits", [True, False])
@pytest.mark.parametrize("asked", [True, False, None])
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize(("method", "request_"), RESTORES, ids=[f"{m}-{n}" for n, (m, _r) in enumerate(RESTORES)])
def test_restore_iam_setting(
    sim: Any, rds: Any, method: str, request_: dict[str, Any], on: bool, asked: bool | None, inherits: bool
) -> None:
    """Source on or off; requested on, off or omitted; inherited or not. The resource id is new (✓ user guide)."""
    _seed(sim, on=on)
    sim.settings.update(restore_inherits=inherits)
    option = {} if asked is None else {"EnableIAMDatabaseAuthentication": asked}
    record = _made(sim, getattr(rds, method)(**request_, **option))
    assert record[IAM] is ((on and inherits) if asked is None else asked)
    ids = [r.get("DbiResourceId", r.get("DbClusterResourceId")) for r in _originals(sim)]
    assert record.get("DbiResourceId", record.get("DbClusterResourceId")) not in [*ids, GONE, CLUSTER_GONE]


def _originals(sim: Any) -> list[dict[str, Any]]:
    return [sim.database("instance", "orders"), sim.database("cluster", "ledger"), sim.database("cluster", "trio")]


@pytest.mark.parametrize("asked", [True, False])
def test_restore_ignores_iam_setting_by_switch(sim: Any, rds: Any, asked: bool) -> None:
    """A switch: the requested setting is lost, and the client must correct it (inferred ?)."""
    _seed(sim, on=not asked)
    sim.settings.update(restore_ignores_iam=True)
    method, request = RESTORES[0]
    record = _made(sim, getattr(rds, method)(**request, EnableIAMDatabaseAuthentication=asked))
    assert record[IAM] is (not asked)
    rds.modify_db_instance(DBInstanceIdentifier="new", EnableIAMDatabaseAuthentication=asked, ApplyImmediately=True)
    sim.clock.advance(60)
    assert sim.database("instance", "new")[IAM] is asked


@pytest.mark.parametrize("inherits", [True, False])
@pytest.mark.parametrize("asked", [True, False, None])
def test_create_replica_iam_setting(sim: Any, rds: Any, asked: bool | None, inherits: bool) -> None:
    """Its own, off by default (✓ model).

    The same page says "other attributes are inherited": a switch (?).
    """
    _seed(sim, on=True)
    sim.settings.update(replica_inherits=inherits)
    option = {} if asked is None else {"EnableIAMDatabaseAuthentication": asked}
    for source in ({"SourceDBInstanceIdentifier": "orders"}, {"SourceDBClusterIdentifier": "trio"}):
        name = next(iter(source.values()))
        row = rds.create_db_instance_read_replica(DBInstanceIdentifier=f"{name}-copy", **source, **option)
        assert row["DBInstance"][IAM] is (inherits if asked is None else asked)
