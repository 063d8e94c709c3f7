# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Engine versions: the source of the built-in list, and versions from seeds."""

from __future__ import annotations

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rds_simulator.engines.engines import ENGINES, version_key
from rds_simulator.engines.offered_versions import OFFERED, RETIRED

_SOURCE_VERSION = "1.58.0"
_SCHEMAS = "data/schemas/extensions/aws_rds_dbinstance"
_NAMED_BY_MAJOR = ("5.7", "5.7.12", "8.0", "8.4")
_FIRST = {"postgres": (10,), "mysql": (5, 7), "mariadb": (10, 4), "aurora-postgresql": (11,), "aurora-mysql": (5, 7)}
MASTER = {"MasterUsername": "root", "MasterUserPassword": "correct-horse-battery"}


def _listed(file_name: str) -> dict[str, set[str]]:
    """Return the versions of each engine in one of cfn-lint's schemas."""
    cfnlint = pytest.importorskip("cfnlint")
    path = Path(cfnlint.__file__).parent / _SCHEMAS / file_name
    listed = {}
    for rule in json.loads(path.read_text(encoding="utf-8"))["allOf"]:
        asked = rule["if"]["properties"]
        if "EngineVersion" in asked:
            allowed = rule["then"]["properties"] if rule["then"] else asked
            listed[asked["Engine"]["const"]] = set(allowed["EngineVersion"]["enum"])
    return listed


def _is_general(engine: str, version: str) -> bool:
    """Return whether a version is recent, not a bare major version, and not Aurora Limitless Database."""
    whole = re.match(r"\d+\.\w", version) and version not in _NAMED_BY_MAJOR
    return bool(whole) and not version.endswith("limitless") and version_key(version) >= _FIRST[engine]


@pytest.mark.parametrize("engine", sorted(OFFERED))
def test_offered_versions_match_cfn_lint(engine: str) -> None:
    """The list equals the release named as its source, and has no version unknown to a later one."""
    known, deprecated = _listed("engine_version.json")[engine], _listed("engine_version_deprecated.json")
    offered, retired = OFFERED[engine].split(), RETIRED.get(engine, "").split()
    assert {*offered, *retired} <= known
    if importlib.metadata.version("cfn-lint") == _SOURCE_VERSION:
        current = {version for version in known - deprecated.get(engine, set()) if _is_general(engine, version)}
        assert set(offered) == current
        assert set(retired) <= deprecated.get(engine, set())


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_versions_listed_once_oldest_first(engine: str) -> None:
    versions = ENGINES[engine].versions
    assert list(versions) == sorted(set(versions), key=version_key)
    assert ENGINES[engine].default in versions


def test_create_mariadb_with_pinned_version(sim: Any, rds: Any) -> None:
    row = rds.create_db_instance(
        DBInstanceIdentifier="shop",
        Engine="mariadb",
        EngineVersion="11.4.7",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        **MASTER,
    )["DBInstance"]
    assert row["EngineVersion"] == "11.4.7"


def test_seeded_version_offered_everywhere(sim: Any, rds: Any) -> None:
    """In the lists, the orderable options, on creation, and as the default if the seed says so."""
    added = [
        {"engine": "postgres", "version": "19.1"},
        {"engine": "aurora-mysql", "version": "8.4.mysql_aurora.8.4.99", "default": True},
    ]
    sim.seed({"engine_versions": added})
    (row,) = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="19.1")["DBEngineVersions"]
    assert row["DBParameterGroupFamily"] == "postgres19"
    asked = {"Engine": "postgres", "EngineVersion": "19.1", "DBInstanceClass": "db.m6g.large"}
    options = rds.describe_orderable_db_instance_options(**asked)["OrderableDBInstanceOptions"]
    assert all(option["SupportsIAMDatabaseAuthentication"] for option in options)
    assert options
    made = rds.create_db_instance(DBInstanceIdentifier="new", AllocatedStorage=20, **asked, **MASTER)["DBInstance"]
    assert made["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres19"
    (default,) = rds.describe_db_engine_versions(Engine="aurora-mysql", DefaultOnly=True)["DBEngineVersions"]
    assert default["EngineVersion"] == "8.4.mysql_aurora.8.4.99"
    sim.seed({"db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql"}]})
    assert sim.database("cluster", "ledger")["EngineVersion"] == "8.4.mysql_aurora.8.4.99"


def test_reset_removes_seeded_versions(sim: Any, rds: Any) -> None:
    sim.seed({"engine_versions": [{"engine": "postgres", "version": "19.1"}]})
    sim.reset()
    assert rds.describe_db_engine_versions(Engine="postgres", EngineVersion="19.1")["DBEngineVersions"] == []


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"engine": "sqlite", "version": "3.1"}, "unknown engine 'sqlite'"),
        ({"engine": "mysql"}, "'version' is required"),
        ({"engine": "mysql", "version": 8.0}, "Quote numbers"),
        ({"engine": "mysql", "version": "new"}, "not a version of mysql"),
    ],
)
def test_seed_invalid_version_changes_nothing(sim: Any, rds: Any, item: dict[str, Any], text: str) -> None:
    good = {"engine": "postgres", "version": "19.1"}
    with pytest.raises(ValueError, match=text):
        sim.seed({"engine_versions": [good, item]})
    assert rds.describe_db_engine_versions(Engine="postgres", EngineVersion="19.1")["DBEngineVersions"] == []


@pytest.mark.parametrize(
    ("switch", "asked", "shown"),
    [
        ("gp3", {}, ("gp3", 3000, 125)),
        ("gp2", {}, ("gp2", None, None)),
        ("standard", {}, ("standard", None, None)),
        ("gp2", {"Iops": 3000, "AllocatedStorage": 100}, ("io1", 3000, None)),
        ("gp3", {"StorageType": "gp2"}, ("gp2", None, None)),
        ("gp2", {"StorageType": "gp3", "Iops": 4000}, ("gp3", 4000, 125)),
    ],
)
def test_default_storage_type_depends_on_switch(
    sim: Any, rds: Any, switch: str, asked: dict[str, Any], shown: tuple[Any, ...]
) -> None:
    """gp3 in the model of CreateDBInstance (✓), gp2 in ModifyDBInstance (✓), magnetic in reports (△)."""
    sim.settings.update(default_storage_type=switch)
    row = _create(rds, **asked)
    assert (row["StorageType"], row.get("Iops"), row.get("StorageThroughput")) == shown


@pytest.mark.parametrize(
    ("engine", "storage", "size", "smallest", "accepted"),
    [
        ("postgres", "gp3", 20, 20, True),
        ("postgres", "gp3", 19, 20, False),
        ("postgres", "gp2", 5, 5, True),
        ("postgres", "io1", 99, 20, False),
        ("postgres", "io2", 100, 20, True),
        ("postgres", "standard", 5, 20, True),
        ("postgres", "standard", 4, 20, False),
        ("oracle-ee", "standard", 9, 20, False),
        ("sqlserver-se", "standard", 19, 20, False),
        ("custom-sqlserver-se", "gp3", 39, 20, False),
    ],
)
def test_create_storage_minimum_depends_on_type(
    sim: Any, rds: Any, refused: Any, engine: str, storage: str, size: int, smallest: int, accepted: bool
) -> None:
    """Model, AllocatedStorage of CreateDBInstance (✓).

    Older pages state 5 GiB for General Purpose storage: a switch.
    """
    sim.settings.update(smallest_general_storage=smallest)
    asked = {"Engine": engine, "StorageType": storage, "AllocatedStorage": size, "DBInstanceClass": "db.m6i.large"}
    if accepted:
        assert _create(rds, **asked)["AllocatedStorage"] == size
    else:
        assert refused(_create, rds=rds, **asked)[0] == "InvalidParameterValue"


@pytest.mark.parametrize(("keeps", "shown"), [(True, "gp2"), (False, "gp3")])
def test_restored_storage_type_depends_on_switch(sim: Any, rds: Any, keeps: bool, shown: str) -> None:
    """As in the snapshot (user guide ✓), or the default type (model ✓)."""
    sim.settings.update(restore_keeps_storage_type=keeps)
    source = {"identifier": "orders", "engine": "mysql", "extra": {"StorageType": "gp2"}}
    sim.seed({"db_instances": [source], "snapshots": [{"identifier": "kept", "source": "orders"}]})
    row = rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="new", DBSnapshotIdentifier="kept")
    assert row["DBInstance"]["StorageType"] == shown


def _create(rds: Any, **asked: Any) -> dict[str, Any]:
    common = {
        "DBInstanceIdentifier": "new",
        "Engine": "postgres",
        "DBInstanceClass": "db.m6g.large",
        "AllocatedStorage": 20,
        **MASTER,
    }
    row: dict[str, Any] = rds.create_db_instance(**{**common, **asked})["DBInstance"]
    return row
