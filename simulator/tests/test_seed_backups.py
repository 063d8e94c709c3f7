# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Seeds of snapshots, backups, groups and ages: their keys, and invalid ones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
GOOD = """
subnet_groups: [{name: Private, vpc: vpc-0feed}]
option_groups: [{name: tde, engine: oracle-ee, permanent: true}]
db_instances:
  - {identifier: orders, engine: postgres, age: 3600, tags: {env: prod}, iam_database_authentication_enabled: true}
  - identifier: fixed
    engine: mysql
    extra: {LatestRestorableTime: 2026-10-01T00:00:00Z}
db_clusters:
  - {identifier: ledger, engine: aurora-mysql, age: 7200}
snapshots:
  - {identifier: "night-{n}", source: orders, count: 2, age: 60, status: creating,
     status_after: {seconds: 30, status: available}}
  - {identifier: before, source: orders, iam_database_authentication_enabled: false, encrypted: false}
  - {identifier: of-old, source: Legacy, engine: postgres, engine_version: "13.20", db_instance_class: db.t3.micro,
     owner: "999999999999", extra: {PercentProgress: 40}, source_extra: {DBName: shop, AllocatedStorage: 55}}
cluster_snapshots:
  - {identifier: c, source: ledger, tags: {a: 1}}
automated_backups:
  - {source: gone, engine: mysql, resource_id: db-GONE, earliest_age: 7200, latest_age: 3600}
cluster_automated_backups:
  - {source: gone, engine: aurora-mysql, source_region: us-east-1}
"""


def test_seed_example_of_documentation(sim: Any) -> None:
    """The example in README.md is a valid seed."""
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    sim.seed(readme.partition("```yaml")[2].partition("```")[0])
    assert sim.snapshot("cluster", "ledger-friday")["IAMDatabaseAuthenticationEnabled"] is True


def test_seed_snapshots(sim: Any, rds: Any) -> None:
    """Snapshots of an existing database, with values that the seed overrides, and of a deleted one."""
    sim.seed(GOOD)
    night, before = sim.snapshot("instance", "night-2"), sim.snapshot("instance", "BEFORE")
    assert (night["Status"], night["IAMDatabaseAuthenticationEnabled"]) == ("creating", True)
    assert night["SnapshotCreateTime"] == NOW - timedelta(seconds=60)
    assert (before["IAMDatabaseAuthenticationEnabled"], before["Encrypted"], "KmsKeyId" in before) == (
        False,
        False,
        False,
    )
    sim.clock.advance(30)
    assert sim.snapshot("instance", "night-2")["Status"] == "available"
    (shared,) = rds.describe_db_snapshots(SnapshotType="shared")["DBSnapshots"]
    assert (shared["DBInstanceIdentifier"], shared["AllocatedStorage"], shared["PercentProgress"]) == ("legacy", 55, 40)
    row = rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="new", DBSnapshotIdentifier="before")
    assert row["DBInstance"]["TagList"] == [{"Key": "env", "Value": "prod"}]
    assert sim.snapshot("cluster", "c")["TagList"] == [{"Key": "a", "Value": "1"}]
    with pytest.raises(KeyError):
        sim.snapshot("cluster", "nope")


def test_seed_ages_and_windows(sim: Any, instance: Any, cluster: Any) -> None:
    """Databases are one month old by default; a given LatestRestorableTime is fixed."""
    sim.seed(GOOD)
    sim.clock.advance(600)
    assert instance("orders")["InstanceCreateTime"] == NOW - timedelta(hours=1)
    assert instance("fixed")["InstanceCreateTime"] == NOW - timedelta(days=30)
    assert instance("fixed")["LatestRestorableTime"] == datetime(2026, 10, 1, tzinfo=timezone.utc)
    assert cluster("ledger")["EarliestRestorableTime"] == NOW - timedelta(hours=2)


def test_seed_automated_backups(sim: Any, rds: Any) -> None:
    """Backups of deleted databases, and backups replicated from other Regions."""
    sim.seed(GOOD)
    asked = {"DbiResourceId": "db-GONE"}
    (row,) = rds.describe_db_instance_automated_backups(**asked)["DBInstanceAutomatedBackups"]
    window = {"EarliestTime": NOW - timedelta(hours=2), "LatestTime": NOW - timedelta(hours=1)}
    assert (row["Status"], row["RestoreWindow"]) == ("retained", window)
    rows = rds.describe_db_cluster_automated_backups(DBClusterIdentifier="gone")["DBClusterAutomatedBackups"]
    assert [(row["Region"], ":us-east-1:" in row["DBClusterArn"]) for row in rows] == [("us-east-1", True)]


ONE = {"identifier": "a", "source": "x", "engine": "mysql"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"snapshots": [{"identifier": "a"}]}, "'source' is required"),
    ({"snapshots": [{"identifier": "a", "source": "nope"}]}, "source 'nope': DB instance does not exist"),
    ({"snapshots": [{**ONE, "colour": "blue"}]}, "unknown key 'colour'"),
    ({"snapshots": [{**ONE, "engine": "sqlite"}]}, "unknown engine 'sqlite'"),
    ({"snapshots": [{**ONE, "engine": "aurora-mysql"}]}, "List it in cluster_snapshots"),
    ({"cluster_snapshots": [{**ONE, "engine": "mariadb"}]}, "mariadb has no DB clusters"),
    ({"snapshots": [{**ONE, "type": "shared"}]}, "type in .*'shared' is not one of"),
    ({"snapshots": [{**ONE, "type": "automated"}]}, "must start with 'rds:'"),
    ({"snapshots": [{**ONE, "age": "old"}]}, "wrong type"),
    ({"snapshots": [ONE, ONE]}, "snapshot 'a': already exists"),
    ({"snapshots": [{**ONE, "count": 2}]}, r"requires \{n\} in the identifier"),
    ({"snapshots": [{**ONE, "status_after": {"status": "available"}}]}, "must have the keys 'seconds' and 'status'"),
    ({"snapshots": [{**ONE, "extra": {"Colour": 1}}]}, "DBSnapshot has no member Colour"),
    ({"snapshots": [{**ONE, "source_extra": {"Colour": 1}}]}, "DBInstance has no member Colour"),
    ({"snapshots": [{**ONE, "engine_version": "new"}]}, "not a version of mysql"),
    ({"automated_backups": [{"source": "fine", "engine": "mysql"}]}, "an existing database has its own backups"),
    ({"automated_backups": [{"source": "x", "engine": "mysql", "status": "old"}]}, "'old' is not one of"),
    (
        {"automated_backups": [{"source": "x", "engine": "mysql", "earliest_age": 1, "latest_age": 2}]},
        "earliest_age must not be less",
    ),
    ({"subnet_groups": [{"name": "a"}, {"name": "A"}]}, "DB subnet group 'a': already exists"),
    ({"option_groups": [{"name": "a", "engine": "sqlite"}]}, "unknown engine"),
]


@pytest.mark.parametrize(("bad", "text"), BAD)
def test_seed_invalid_backup_changes_nothing(sim: Any, rds: Any, bad: dict[str, Any], text: str) -> None:
    """A ValueError names the mistake, and no part of the seed is added."""
    good: dict[str, Any] = {
        "subnet_groups": [{"name": "fine"}],
        "db_instances": [{"identifier": "fine", "engine": "mysql"}],
        "snapshots": [{"identifier": "fine", "source": "fine"}],
        "automated_backups": [{"source": "gone", "engine": "mysql"}],
    }
    seed = {key: [*good.get(key, []), *bad.get(key, [])] for key in {**good, **bad}}
    with pytest.raises(ValueError, match=text):
        sim.seed(seed)
    assert rds.describe_db_instances()["DBInstances"] == []
    assert rds.describe_db_snapshots()["DBSnapshots"] == []
    assert rds.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"] == []
    assert [row["DBSubnetGroupName"] for row in rds.describe_db_subnet_groups()["DBSubnetGroups"]] == ["default"]
