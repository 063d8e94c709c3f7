# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults and other clients between any two calls of a module, and the tasks that create databases under them."""

from __future__ import annotations

import copy
import typing as t

import boto3
from botocore.exceptions import ClientError
from rds_simulator.state.faults import Fault, Faults

IAM = "IAMDatabaseAuthenticationEnabled"
MEMBERS = [
    {"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"},
    {"db_instance_identifier": "drill-2", "db_instance_class": "db.r6g.large"},
]
LEGACY = {"name": "legacy", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
FLEET: dict[str, t.Any] = {
    "db_parameter_groups": [LEGACY],
    "db_instances": [
        {"identifier": "orders", "engine": "mysql", "iam_database_authentication_enabled": True},
        {"identifier": "old", "engine": "postgres", "engine_version": "13.20"},
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-mysql",
            "members": 1,
            "iam_database_authentication_enabled": True,
        }
    ],
    "snapshots": [{"identifier": "monday", "source": "orders"}, {"identifier": "old-monday", "source": "old"}],
    "cluster_snapshots": [{"identifier": "monday", "source": "ledger"}],
}


class Task(t.NamedTuple):
    """A module run that creates a database. ``names``: the databases that exist afterwards, by kind."""

    module: str
    verb: str
    kind: str
    options: dict[str, t.Any]
    operation: str
    members: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, t.Any]:
        return {f"db_{self.kind}_identifier": "drill", "wait_delay": 60, **self.options}

    @property
    def other_client_engine(self) -> dict[str, str]:
        """Return the engine with which another client creates a database like the one of this task."""
        if "old-monday" in self.options.values():
            return {"Engine": "postgres", "EngineVersion": "13.20", "DBParameterGroupName": "legacy"}
        return {"Engine": "aurora-mysql" if self.kind == "cluster" else "mysql"}

    @property
    def other_engine(self) -> dict[str, str]:
        """Return an engine with which a database cannot be the result of this task."""
        if self.kind == "cluster":
            return {"Engine": "aurora-postgresql"}
        return {"Engine": "mariadb" if "old-monday" in self.options.values() else "postgres"}


_INSTANCE = {
    "engine": "mysql",
    "db_instance_class": "db.m6g.large",
    "allocated_storage": 20,
    "master_username": "admin",
}
_CLUSTER = {"engine": "aurora-mysql", "master_username": "admin", "cluster_instances": MEMBERS}
_LATEST = {"use_latest_restorable_time": True}
_SSL = {"db_parameter_group_name": "legacy", "ssl_parameter": "enforce", "enabled": True}
NAMES = ("drill-1", "drill-2")
TASKS = {
    "create_instance": Task("rds_create_iam", "created", "instance", _INSTANCE, "CreateDBInstance"),
    "create_cluster": Task("rds_create_iam", "created", "cluster", _CLUSTER, "CreateDBCluster", NAMES),
    "create_replica": Task(
        "rds_create_iam",
        "created",
        "instance",
        {"source_db_instance_identifier": "orders"},
        "CreateDBInstanceReadReplica",
    ),
    "snapshot_instance": Task(
        "rds_restore_iam",
        "restored",
        "instance",
        {"db_snapshot_identifier": "monday", "enabled": True},
        "RestoreDBInstanceFromDBSnapshot",
    ),
    "snapshot_instance_with_ssl": Task(
        "rds_restore_iam",
        "restored",
        "instance",
        {"db_snapshot_identifier": "old-monday", **_SSL},
        "RestoreDBInstanceFromDBSnapshot",
    ),
    "snapshot_cluster": Task(
        "rds_restore_iam",
        "restored",
        "cluster",
        {"db_cluster_snapshot_identifier": "monday", "cluster_instances": MEMBERS, "enabled": True},
        "RestoreDBClusterFromSnapshot",
        NAMES,
    ),
    "instance_to_a_time": Task(
        "rds_restore_iam",
        "restored",
        "instance",
        {"source_db_instance_identifier": "orders", **_LATEST, "enabled": True},
        "RestoreDBInstanceToPointInTime",
    ),
    "cluster_to_a_time": Task(
        "rds_restore_iam",
        "restored",
        "cluster",
        {"source_db_cluster_identifier": "ledger", **_LATEST, "cluster_instances": MEMBERS, "enabled": True},
        "RestoreDBClusterToPointInTime",
        NAMES,
    ),
}


def start(sim: t.Any) -> None:
    """Seed the initial fleet. Short waits keep the number of calls of a run low."""
    sim.reset()
    sim.seed(FLEET)
    sim.settings.update(create_seconds=30.0, apply_seconds=15.0, backup_seconds=15.0)


def target_state(sim: t.Any, task: Task) -> tuple[str, bool, list[tuple[str, str]]]:
    """Return the status and setting of the target, and the status of each member."""
    target = sim.database(task.kind, "drill")
    if task.kind == "instance":
        return target["DBInstanceStatus"], target[IAM], []
    members = [member["DBInstanceIdentifier"] for member in target["DBClusterMembers"]]
    return (
        target["Status"],
        target[IAM],
        [(name, sim.database("instance", name)["DBInstanceStatus"]) for name in sorted(members)],
    )


def complete_state(task: Task) -> tuple[str, bool, list[tuple[str, str]]]:
    """Return the state of the target after a complete run."""
    return "available", True, [(name, "available") for name in task.members]


def counts(sim: t.Any) -> tuple[int, int]:
    """Return the number of instances and clusters, to detect one that was created twice."""
    backend = sim.world.backend("123456789012", "eu-west-1")
    return len(list(backend.instances)), len(list(backend.clusters))


class OtherClient:
    """Another client of the same account. It acts before a call of the module. Its own calls are not counted."""

    def __init__(self, sim: t.Any, monkeypatch: t.Any) -> None:
        self._sim = sim
        self._calls = 0
        self._acting = False
        self._acts: dict[int, t.Callable[[], object]] = {}
        self.client = boto3.client(
            "rds",
            endpoint_url=sim.url,
            region_name="eu-west-1",
            aws_access_key_id="AKIAI44QH8DHBEXAMPLE",
            aws_secret_access_key="je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
        )
        strike = Faults.strike
        other_client = self

        def watched(faults: Faults, operation: str, parameters: dict[str, t.Any]) -> list[Fault]:
            return [] if other_client._acting else other_client._watch(strike, faults, operation, parameters)

        monkeypatch.setattr(Faults, "strike", watched)

    def _watch(
        self,
        strike: t.Callable[[Faults, str, dict[str, t.Any]], list[Fault]],
        faults: Faults,
        operation: str,
        parameters: dict[str, t.Any],
    ) -> list[Fault]:
        number, self._calls = self._calls, self._calls + 1
        act = self._acts.pop(number, None)
        if act is not None:
            self._acting = True
            try:
                act()
            finally:
                self._acting = False
        return strike(faults, operation, parameters)

    def restart(self) -> None:
        """Count the calls from 0 again, and act before none of them."""
        self._calls = 0
        self._acts.clear()

    def before(self, number: int, act: t.Callable[[], object]) -> None:
        """Act before the call of the module with this number, counted from 0."""
        self._acts[number] = act

    def create(self, kind: str, name: str, **more: t.Any) -> None:
        """Create a database of that name, unless it exists."""
        try:
            if kind == "cluster":
                self.client.create_db_cluster(
                    **{
                        "DBClusterIdentifier": name,
                        "Engine": "aurora-mysql",
                        "MasterUsername": "someone",
                        "MasterUserPassword": "their-own-secret",
                        **more,
                    }
                )
            else:
                plain = {"AllocatedStorage": 20, "MasterUsername": "someone", "MasterUserPassword": "their-own-secret"}
                self.client.create_db_instance(
                    **{
                        "DBInstanceIdentifier": name,
                        "Engine": "mysql",
                        "DBInstanceClass": "db.m6g.large",
                        **({} if "DBClusterIdentifier" in more else plain),
                        **more,
                    }
                )
        except ClientError as error:
            if "AlreadyExists" not in error.response["Error"]["Code"]:
                raise


def snapshot_of(sim: t.Any, kind: str, name: str) -> dict[str, t.Any] | None:
    """Return a copy of the identity and the setting of a database, or None if it does not exist."""
    try:
        record = sim.database(kind, name)
    except KeyError:
        return None
    resource_id = record["DbClusterResourceId" if kind == "cluster" else "DbiResourceId"]
    return copy.deepcopy({"resource_id": resource_id, "iam": record.get(IAM), "engine": record["Engine"]})
