# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""CloudwatchLogsExportConfiguration of ModifyDBInstance and ModifyDBCluster."""

from __future__ import annotations

from typing import Any

import pytest

ENGINES = ["mysql", "postgres", "mariadb", "oracle-ee", "sqlserver-se", "db2-se"]
SEED: dict[str, Any] = {
    "db_instances": [{"identifier": name, "engine": name} for name in ENGINES],
    "db_clusters": [
        {"identifier": "am", "engine": "aurora-mysql", "members": 1},
        {"identifier": "ap", "engine": "aurora-postgresql"},
        {"identifier": "trio", "engine": "mysql"},
    ],
}
IAM = "iam-db-auth-error"
# The valid values in the model (botocore, ModifyDBInstance and ModifyDBCluster ✓).
INSTANCE_LOGS = {
    "mysql": ["error", "general", "slowquery", IAM],
    "postgres": ["postgresql", "upgrade", IAM],
    "am-1": ["audit", "error", "general", "slowquery", IAM],
}
CLUSTER_LOGS = {
    "am": ["audit", "error", "general", "instance", "slowquery", IAM],
    "ap": ["instance", "postgresql", IAM],
    "trio": ["error", "general", "slowquery", IAM],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def export(rds: Any) -> Any:
    """Change the exports of a database; return those in the response."""

    def run(name: str, *, on: list[str] | None = None, off: list[str] | None = None, **more: Any) -> list[str]:
        given = {"EnableLogTypes": on, "DisableLogTypes": off}
        change = {"CloudwatchLogsExportConfiguration": {key: value for key, value in given.items() if value}}
        if name in CLUSTER_LOGS:
            record = rds.modify_db_cluster(DBClusterIdentifier=name, **change, **more)["DBCluster"]
        else:
            record = rds.modify_db_instance(DBInstanceIdentifier=name, **change, **more)["DBInstance"]
        return record.get("EnabledCloudwatchLogsExports", [])

    return run


@pytest.mark.parametrize(("name", "logs"), [*INSTANCE_LOGS.items(), *CLUSTER_LOGS.items()])
def test_log_exports_of_each_engine_accepted(export: Any, name: str, logs: list[str]) -> None:
    """The valid values of each engine (✓ model)."""
    assert export(name, on=logs) == sorted(logs)


def test_log_exports_apply_immediately(rds: Any, instance: Any, export: Any) -> None:
    """ "ApplyImmediately has no effect"; nothing is pending (✓ model)."""
    assert export("mysql", on=["error", IAM], ApplyImmediately=False) == ["error", IAM]
    row = instance("mysql")
    assert (row["EnabledCloudwatchLogsExports"], row["PendingModifiedValues"]) == (["error", IAM], {})
    assert row["DBInstanceStatus"] == "available"
    assert export("mysql", on=["general"], off=["error", "slowquery"]) == ["general", IAM]
    assert export("mysql", off=["general", IAM]) == []
    assert "EnabledCloudwatchLogsExports" not in instance("mysql")


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("postgres", "audit"),
        ("mysql", "postgresql"),
        ("am-1", "instance"),
        ("ap", "upgrade"),
        ("oracle-ee", IAM),
        ("sqlserver-se", IAM),
        ("db2-se", IAM),
    ],
)
def test_log_exports_unknown_log_refused(export: Any, refused: Any, name: str, log: str) -> None:
    """Text: △ (CloudFormation error reports)."""
    code, text = refused(export, name=name, on=[log])
    assert code == "InvalidParameterCombination"
    assert text.startswith(f"You cannot use the log types '{log}' with engine version ")


def test_log_exports_refused_change_changes_nothing(export: Any, refused: Any, instance: Any) -> None:
    """Neither the exports nor the other parameters are changed."""
    both = {"name": "mysql", "on": ["error"], "off": ["error"]}
    assert refused(export, **both, CopyTagsToSnapshot=True)[0] == "InvalidParameterCombination"
    row = instance("mysql")
    assert (row["CopyTagsToSnapshot"], "EnabledCloudwatchLogsExports" in row) == (False, False)


def test_create_with_unknown_log_refused(rds: Any, refused: Any) -> None:
    """Create and restore also check the logs in EnableCloudwatchLogsExports (✓ model)."""
    master = {"MasterUsername": "root_user", "MasterUserPassword": "correct-horse-battery"}
    asked = {"DBClusterIdentifier": "new", "Engine": "aurora-mysql", **master}
    create = rds.create_db_cluster
    assert refused(create, **asked, EnableCloudwatchLogsExports=["postgresql"])[0] == "InvalidParameterCombination"
    row = create(**asked, EnableCloudwatchLogsExports=[IAM, "instance"])["DBCluster"]
    assert row["EnabledCloudwatchLogsExports"] == [IAM, "instance"]
    restore = {"TargetDBInstanceIdentifier": "new", "SourceDBInstanceIdentifier": "mysql"}
    code, _text = refused(
        rds.restore_db_instance_to_point_in_time,
        **restore,
        UseLatestRestorableTime=True,
        EnableCloudwatchLogsExports=["audit", "upgrade"],
    )
    assert code == "InvalidParameterCombination"
