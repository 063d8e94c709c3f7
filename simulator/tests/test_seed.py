# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Seeds: their keys, and that an invalid seed changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

GOOD = """
db_parameter_groups:
  - {name: Legacy-PG16, family: postgres16, parameters: {ssl: "0"}, modifiable: {ssl: true}}
db_instances:
  - identifier: App-{n}
    engine: postgres
    count: 3
    db_parameter_group: legacy-pg16
    parameter_apply_status: pending-reboot
    tags: {number: "{n}", size: 3}
    pending_modified_values: {DBInstanceClass: db.r6g.large}
  - identifier: orders
    engine: mysql
    engine_version: "8.0.40"
    db_instance_class: db.t3.micro
    status: creating
    status_after: {seconds: 30, status: available}
    iam_database_authentication_enabled: true
    extra: {PreferredMaintenanceWindow: "tue:01:00-tue:01:30"}
db_clusters:
  - identifier: ledger
    engine: aurora-postgresql
    iam_database_authentication_enabled: true
    members: [{identifier: Ledger-A, db_instance_class: db.serverless}, {identifier: ledger-b}]
"""


@pytest.mark.parametrize("form", ["text", "file"])
def test_seed_yaml(sim: Any, tmp_path: Path, form: str) -> None:
    """YAML text, or a file."""
    path = tmp_path / "fleet.yml"
    path.write_text(GOOD, encoding="utf-8")
    sim.seed(GOOD if form == "text" else path)
    app = sim.database("instance", "APP-2")
    assert app["TagList"] == [{"Key": "number", "Value": "2"}, {"Key": "size", "Value": "3"}]
    assert app["PendingModifiedValues"] == {"DBInstanceClass": "db.r6g.large"}
    assert app["DBParameterGroups"] == [
        {"DBParameterGroupName": "legacy-pg16", "ParameterApplyStatus": "pending-reboot"}
    ]
    row = sim.parameter_group("instance", "legacy-pg16")["Parameters"]["ssl"]
    assert (row["ParameterValue"], row["IsModifiable"], row["Source"]) == ("0", True, "user")
    member = sim.database("instance", "ledger-a")
    assert member["DBInstanceClass"] == "db.serverless"
    assert member["IAMDatabaseAuthenticationEnabled"] is True


def test_seed_status_after(sim: Any) -> None:
    sim.seed(GOOD)
    assert sim.database("instance", "orders")["DBInstanceStatus"] == "creating"
    sim.clock.advance(30)
    assert sim.database("instance", "orders")["DBInstanceStatus"] == "available"


def test_seed_pending_values_apply_in_window(sim: Any) -> None:
    sim.seed(GOOD)
    sim.clock.advance(7 * 24 * 3600)
    app = sim.database("instance", "app-1")
    assert (app["DBInstanceClass"], app["PendingModifiedValues"]) == ("db.r6g.large", {})
    assert sim.outages("app-1") == 1


def test_seed_multi_az_cluster(sim: Any) -> None:
    """MySQL or PostgreSQL with three instances (✓ user guide)."""
    sim.seed({"db_clusters": [{"identifier": "trio", "engine": "postgres"}]})
    assert len(sim.database("cluster", "trio")["DBClusterMembers"]) == 3
    assert sim.database("cluster", "trio")["DBClusterParameterGroup"] == "default.postgres16"


def test_seed_source_after_replica_accepted(sim: Any) -> None:
    sim.seed(
        {
            "db_instances": [
                {"identifier": "a-copy", "engine": "mysql", "source": "b"},
                {"identifier": "b", "engine": "mysql"},
            ]
        }
    )
    assert sim.database("instance", "b")["ReadReplicaDBInstanceIdentifiers"] == ["a-copy"]


def test_seed_twice_adds_databases(sim: Any) -> None:
    sim.seed({"db_instances": [{"identifier": "a", "engine": "mysql"}]})
    sim.seed({"db_instances": [{"identifier": "b", "engine": "mysql", "source": "A"}]})
    assert sim.database("instance", "a")["ReadReplicaDBInstanceIdentifiers"] == ["b"]


def test_seed_count_keeps_nested_keys(sim: Any) -> None:
    tags = {"count": "{n}", "owner": "team-{n}"}
    sim.seed({"db_instances": [{"identifier": "app-{n}", "engine": "mysql", "count": 2, "tags": tags}]})
    assert sim.database("instance", "app-2")["TagList"] == [
        {"Key": "count", "Value": "2"},
        {"Key": "owner", "Value": "team-2"},
    ]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"colour": []}, "unknown key 'colour' in the seed"),
    ({"db_instances": "x"}, "must be a list"),
    ({"db_instances": ["x"]}, r"db_instances\[0\] must be a dictionary"),
    ({"db_instances": [{"engine": "mysql"}]}, "'identifier' is required"),
    ({"db_instances": [{"identifier": "a", "engine": "mysql", "colour": 1}]}, "unknown key"),
    ({"db_instances": [{"identifier": "a", "engine": "sqlite"}]}, "unknown engine 'sqlite'"),
    ({"db_instances": [{"identifier": "a", "engine": "aurora-mysql"}]}, "List them in db_clusters"),
    ({"db_clusters": [{"identifier": "a", "engine": "mariadb"}]}, "mariadb has no DB clusters"),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "engine_version": 8.0}]},
        "Quote numbers",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "engine_version": "new"}]},
        "not a version of mysql",
    ),
    ({"db_instances": [{"identifier": "a", "engine": "mysql", "count": 2}]}, r"requires \{n\}"),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql"}] * 2},
        "DB instance 'a': already exists",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "source": "b"}]},
        "DB instance 'b' does not exist",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "db_parameter_group": "b"}]},
        "parameter group 'b' does not exist",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "extra": {"Colour": 1}}]},
        "instance 'a': DBInstance has no member Colour",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "extra": {"MultiAZ": "no"}}]},
        "must be true or false",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "pending_modified_values": {"Class": 1}}]},
        "PendingModifiedValues has no member Class",
    ),
    (
        {"db_instances": [{"identifier": "a", "engine": "mysql", "status_after": {"seconds": 1}}]},
        "must have the keys 'seconds' and 'status'",
    ),
    ({"db_parameter_groups": [{"name": "a", "family": "mysql"}]}, "unknown parameter group family"),
    (
        {"db_parameter_groups": [{"name": "default.mysql8.0", "family": "mysql8.0"}]},
        "parameter group .*: already exists",
    ),
    (
        {"db_parameter_groups": [{"name": "a", "family": "mysql8.0", "parameters": {"ssl": 1}}]},
        "parameter 'ssl': does not exist in the family mysql8.0",
    ),
    (
        {"db_clusters": [{"identifier": "a", "engine": "neptune", "members": [{"engine": "x"}]}]},
        r"members\[0\]",
    ),
]


@pytest.mark.parametrize(("bad", "text"), BAD)
def test_seed_invalid_changes_nothing(sim: Any, rds: Any, bad: dict[str, Any], text: str) -> None:
    """A ValueError names the mistake, and no part of the seed is added."""
    bad = {
        "db_cluster_parameter_groups": [{"name": "fine", "family": "aurora-mysql8.0"}],
        "db_clusters": [{"identifier": "fine", "engine": "aurora-mysql"}],
        **bad,
    }
    with pytest.raises(ValueError, match=text):
        sim.seed(bad)
    assert rds.describe_db_instances()["DBInstances"] == []
    assert rds.describe_db_clusters()["DBClusters"] == []
    with pytest.raises(KeyError):
        sim.parameter_group("cluster", "fine")


def test_seed_not_a_dictionary_is_an_error(sim: Any, tmp_path: Path) -> None:
    path = tmp_path / "fleet.yml"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match="dictionary"):
        sim.seed(path)


def test_lookup_of_unknown_database_is_an_error(sim: Any) -> None:
    for observe in (sim.database, sim.parameter_group):
        with pytest.raises(KeyError):
            observe("instance", "nope")


BROKEN = [
    ("db_instances:\n  - {identifier: a\n    engine: mysql}\n", 3),
    ("db_instances:\n  - identifier: a\n   engine: mysql\n", 3),
    ("db_instances:\n\t- identifier: a\n", 2),
    ("db_instances:\n  - identifier: *nobody\n", 2),
    ("db_instances:\n  - !!python/object:os.system {}\n", 2),
    ("db_instances: []\n---\ndb_clusters: []\n", 2),
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
@pytest.mark.parametrize("form", ["text", "file"])
def test_seed_invalid_yaml_error_names_line_and_reason(
    sim: Any, tmp_path: Path, form: str, text: str, line: int
) -> None:
    path = tmp_path / "fleet.yml"
    path.write_text(text, encoding="utf-8")
    where = "seed" if form == "text" else str(path)
    with pytest.raises(ValueError, match=rf"line {line}, column \d+: invalid YAML: \w") as caught:
        sim.seed(text if form == "text" else path)
    assert str(caught.value).startswith(f"{where}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"a: \xff\n", "invalid UTF-8"), (b"a: \x07\n", "invalid YAML"), (b"", "a dictionary")]
)
def test_seed_file_that_is_not_yaml_is_an_error(sim: Any, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "fleet.yml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as caught:
        sim.seed(path)
    assert str(path) in str(caught.value)
