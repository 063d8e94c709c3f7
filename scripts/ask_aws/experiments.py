# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""One experiment for each switch of the simulator that an account can answer, and why the others cannot be asked."""

from __future__ import annotations

import typing as t

from .model import Call, Experiment, Params, Pause, Position, Records, Wait, Watch, member, refused

IAM = "EnableIAMDatabaseAuthentication"
INVALID = ("InvalidParameterValue", "InvalidParameterCombination")
DB, CLUSTER, COPY, SNAPSHOT = "{run}-db", "{run}-cluster", "{run}-copy", "{run}-snapshot"
SETTLE = Pause(300)
# the password is made for the run and never recorded
_USER: Params = {"MasterUsername": "asker", "MasterUserPassword": "{password}"}
_SMALL: Params = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "BackupRetentionPeriod": 1}
_PRIVATE: Params = {"PubliclyAccessible": False}
# hours away, so that no window opens during an experiment
_QUIET: Params = {"PreferredBackupWindow": "{backup}", "PreferredMaintenanceWindow": "{maintenance}"}
_MYSQL: Params = {**_USER, **_SMALL, **_PRIVATE, **_QUIET, "DBInstanceIdentifier": DB, "Engine": "mysql"}


def _instance(**more: t.Any) -> tuple[Call, Wait]:
    return Call("CreateDBInstance", {**_MYSQL, **more}), Wait("instance", DB)


def _cluster(**more: t.Any) -> tuple[Call, Wait]:
    params = {**_USER, **_QUIET, "DBClusterIdentifier": CLUSTER, "Engine": "aurora-postgresql", **more}
    return Call("CreateDBCluster", params), Wait("cluster", CLUSTER)


def _modify(record: str = "", **params: t.Any) -> Call:
    return Call("ModifyDBInstance", {"DBInstanceIdentifier": DB, **params}, record)


def _modify_cluster(record: str = "", **params: t.Any) -> Call:
    return Call("ModifyDBCluster", {"DBClusterIdentifier": CLUSTER, **params}, record)


def _describe(record: str, name: str = DB) -> Call:
    return Call("DescribeDBInstances", {"DBInstanceIdentifier": name}, record)


def _describe_cluster(record: str) -> Call:
    return Call("DescribeDBClusters", {"DBClusterIdentifier": CLUSTER}, record)


def _restored(**params: t.Any) -> tuple[Call | Wait, ...]:
    """Return the steps that take a snapshot, and restore it with these parameters only."""
    snapshot = {"DBInstanceIdentifier": DB, "DBSnapshotIdentifier": SNAPSHOT}
    restore = {"DBInstanceIdentifier": COPY, "DBSnapshotIdentifier": SNAPSHOT, **_PRIVATE, **params}
    return (
        Call("CreateDBSnapshot", snapshot),
        Wait("snapshot", SNAPSHOT),
        Call("RestoreDBInstanceFromDBSnapshot", {"DBInstanceClass": "db.t4g.micro", **restore}),
        Wait("instance", COPY),
        _describe("copy", COPY),
    )


def _enabled(kind: str) -> Watch:
    return Watch(kind, DB if kind == "instance" else CLUSTER, "seen", 600)


def _deferred_cancel(records: Records) -> Position | None:
    response = records.get("after", {}).get("response")
    if not response:
        return None
    pending = response["DBInstances"][0].get("PendingModifiedValues", {}).get("IAMDatabaseAuthenticationEnabled")
    return {None: "drops", True: "stays", False: "equal"}[pending]


def _flushes(records: Records) -> Position | None:
    response, before = records.get("after", {}).get("response"), records.get("before", {}).get("response")
    # without another pending change, the cluster shows nothing
    if not response or not before or "BackupRetentionPeriod" not in _pending(before):
        return None
    return "BackupRetentionPeriod" not in _pending(response)


def _pending(response: t.Any) -> t.Any:
    return response["DBClusters"][0].get("PendingModifiedValues", {})


def _retention_waits(records: Records) -> Position | None:
    response = records.get("after", {}).get("response")
    return None if not response else "BackupRetentionPeriod" in _pending(response)


def _status(records: Records) -> Position | None:
    names = {item["status"] for item in records.get("seen", {}).get("seen", [])}
    found = names & {"configuring-iam-database-auth", "update-iam-db-auth"}
    return found.pop() if len(found) == 1 else None


def _returns_pending(records: Records) -> Position | None:
    """Return whether the database was available and still pending after another status."""
    left = False
    for item in (seen := records.get("seen", {}).get("seen", [])):
        left = left or item["status"] != "available"
        if left and item["status"] == "available" and item["pending"] is True:
            return True
    return False if seen and seen[-1]["current"] is True else None


def _lost(records: Records) -> Position | None:
    seen = records.get("seen", {}).get("seen", [])
    return None if not seen else seen[-1]["current"] is not True


def _first_snapshot(records: Records) -> Position | None:
    response = records.get("snapshots", {}).get("response")
    return None if response is None else ("created" if response["DBClusterSnapshots"] else "window")


def _storage_minimum(records: Records) -> Position | None:
    read = refused("small", INVALID, if_refused=20.0, if_accepted=5.0)
    return t.cast("Position | None", read(records))


ON: dict[str, t.Any] = {IAM: True}
OFF: dict[str, t.Any] = {IAM: False}
BOTH = (True, False)
EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        "deferred_cancel",
        "What does a deferred request for the current value do to a pending value?",
        "documented for ApplyImmediately only (?)",
        (*_instance(), _modify(**ON), _modify(**OFF), SETTLE, _describe("after")),
        ("drops", "stays", "equal"),
        _deferred_cancel,
    ),
    Experiment(
        "cluster_flushes_pending",
        "Does ApplyImmediately on an Aurora cluster apply its other pending changes?",
        "API reference and the guide for Multi-AZ DB clusters differ (?)",
        (
            *_cluster(),
            _modify_cluster(BackupRetentionPeriod=3),
            _describe_cluster("before"),
            _modify_cluster(**ON, ApplyImmediately=True),
            _enabled("cluster"),
            SETTLE,
            _describe_cluster("after"),
        ),
        BOTH,
        _flushes,
    ),
    Experiment(
        "cluster_retention_waits",
        "Does a new BackupRetentionPeriod of an Aurora cluster wait for the maintenance window?",
        "the API reference states it for DB instances only (?)",
        (*_cluster(), _modify_cluster(BackupRetentionPeriod=3), SETTLE, _describe_cluster("after")),
        BOTH,
        _retention_waits,
    ),
    Experiment(
        "windows_may_touch",
        "May a maintenance window start in the minute in which the backup window ends?",
        "NHSDigital/manage-vaccinations-in-schools pull request 3519 (△)",
        (
            *_instance(PreferredBackupWindow="02:00-02:30", PreferredMaintenanceWindow="sun:05:00-sun:05:30"),
            _modify("touching", PreferredMaintenanceWindow="sun:02:30-sun:03:00"),
        ),
        BOTH,
        refused("touching", INVALID, if_refused=False, if_accepted=True),
    ),
    Experiment(
        "password_may_contain_space",
        "May a master password contain a space?",
        "API reference and alphagov/govuk-infrastructure pull request 1270 differ (△)",
        (*_instance(), _modify("space", MasterUserPassword="{password} x")),
        BOTH,
        refused("space", INVALID, if_refused=False, if_accepted=True),
    ),
    Experiment(
        "ssl_enforced",
        "Does RDS for PostgreSQL refuse IAM authentication while ssl is 0?",
        "RDS user guide of 2023, later removed (?)",
        (
            Call(
                "CreateDBParameterGroup",
                {
                    "DBParameterGroupName": "{run}-group",
                    "DBParameterGroupFamily": "postgres13",
                    "Description": "ask-aws {run}",
                },
            ),
            Call(
                "ModifyDBParameterGroup",
                {
                    "DBParameterGroupName": "{run}-group",
                    "Parameters": [{"ParameterName": "ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}],
                },
            ),
            *_instance(Engine="postgres", EngineVersion="13", DBParameterGroupName="{run}-group"),
            _modify("enable", **ON),
        ),
        BOTH,
        refused("enable", INVALID, if_refused=True, if_accepted=False),
    ),
    Experiment(
        "first_cluster_snapshot",
        "Does RDS take an automated snapshot as soon as an Aurora cluster is created?",
        "not documented (?)",
        (
            *_cluster(BackupRetentionPeriod=2),
            Pause(900),
            Call(
                "DescribeDBClusterSnapshots",
                {"DBClusterIdentifier": CLUSTER, "SnapshotType": "automated"},
                "snapshots",
            ),
        ),
        ("window", "created"),
        _first_snapshot,
    ),
    Experiment(
        "default_storage_type",
        "Which storage type does a DB instance have if its request specifies none?",
        "API reference and other pages differ (△)",
        (*_instance(), _describe("after")),
        ("gp3", "gp2", "standard"),
        member("after", "DBInstances.StorageType", {"gp3": "gp3", "gp2": "gp2", "standard": "standard"}),
    ),
    Experiment(
        "smallest_general_storage",
        "Is 5 GiB of General Purpose storage accepted?",
        "API reference and older pages differ (△)",
        (Call("CreateDBInstance", {**_MYSQL, "AllocatedStorage": 5, "StorageType": "gp2"}, "small"),),
        (20.0, 5.0),
        _storage_minimum,
    ),
    Experiment(
        "restore_keeps_storage_type",
        "Does a restore without StorageType use the type of the source?",
        "user guide and API reference differ (?)",
        (*_instance(StorageType="gp2"), *_restored()),
        BOTH,
        member("copy", "DBInstances.StorageType", {"gp2": True, "gp3": False}),
        90,
    ),
    Experiment(
        "restore_inherits",
        "Does a restore without the IAM setting use the value of the source?",
        "user guide and API reference differ (?)",
        (*_instance(**ON), *_restored()),
        BOTH,
        member("copy", "DBInstances.IAMDatabaseAuthenticationEnabled", {True: True, False: False}),
        90,
    ),
    Experiment(
        "restore_ignores_iam",
        "Does a restore ignore the IAM setting of its request?",
        "hashicorp/terraform-provider-aws issue 35189 (△)",
        (*_instance(), *_restored(**ON)),
        BOTH,
        member("copy", "DBInstances.IAMDatabaseAuthenticationEnabled", {True: False, False: True}),
        90,
    ),
    Experiment(
        "replica_inherits",
        "Does a read replica without the IAM setting use the value of its source?",
        "API reference; for restores, pages differ (△)",
        (
            *_instance(**ON),
            Call(
                "CreateDBInstanceReadReplica",
                {"DBInstanceIdentifier": COPY, "SourceDBInstanceIdentifier": DB, **_PRIVATE},
            ),
            Wait("instance", COPY),
            _describe("copy", COPY),
        ),
        BOTH,
        member("copy", "DBInstances.IAMDatabaseAuthenticationEnabled", {True: True, False: False}),
        90,
    ),
    Experiment(
        "clone_needs_time",
        "Does a clone of an Aurora cluster require UseLatestRestorableTime?",
        "the model does not say (?)",
        (
            *_cluster(),
            Call(
                "RestoreDBClusterToPointInTime",
                {"DBClusterIdentifier": COPY, "SourceDBClusterIdentifier": CLUSTER, "RestoreType": "copy-on-write"},
                "clone",
            ),
        ),
        BOTH,
        refused("clone", INVALID, if_refused=True, if_accepted=False),
    ),
    Experiment(
        "cluster_iam_status",
        "Which status does an Aurora cluster have while RDS applies the IAM setting?",
        "Aurora user guide and reports differ (△)",
        (*_cluster(), _modify_cluster(**ON, ApplyImmediately=True), _enabled("cluster")),
        ("configuring-iam-database-auth", "update-iam-db-auth"),
        _status,
    ),
    Experiment(
        "cluster_returns_pending",
        "Is an Aurora cluster available again before the IAM setting has taken effect?",
        "hashicorp/terraform-provider-aws issue 45575 (△)",
        (*_cluster(), _modify_cluster(**ON, ApplyImmediately=True), _enabled("cluster")),
        BOTH,
        _returns_pending,
    ),
    Experiment(
        "instance_returns_pending",
        "Is a DB instance available again before the IAM setting has taken effect?",
        "hashicorp/terraform-provider-aws issue 45575 (△)",
        (*_instance(), _modify(**ON, ApplyImmediately=True), _enabled("instance")),
        BOTH,
        _returns_pending,
    ),
    Experiment(
        "modify_lost",
        "Does the IAM setting of a DB instance never take effect although the request was accepted?",
        "hashicorp/terraform-provider-aws issue 45575 (△)",
        (*_instance(), _modify(**ON, ApplyImmediately=True), _enabled("instance")),
        BOTH,
        _lost,
    ),
)

_LOGIN = "An answer requires a login to the database from the host of the experiment, and so a public endpoint."
NOT_ASKED: dict[str, str] = {
    "cluster_restore_inherits_tags": "A restore without tags creates a cluster that the clean-up cannot find.",
    "storage_full_takes_changes": "The storage of a database has to be filled first.",
    "unorderable_supports_iam": "A database of a class that can no longer be ordered cannot be created.",
    "idle_login_metrics": "CloudWatch needs hours without a login, which costs more than the answer is worth.",
    "iam_membership": _LOGIN,
    "token_endpoint": _LOGIN,
    "disabled_iam": _LOGIN,
    "missing_tls": _LOGIN,
    "kerberos_and_iam": f"{_LOGIN} It also requires a directory.",
    "storage_full_logins": f"{_LOGIN} The storage of a database has to be filled first.",
}
# how the simulator itself runs, which is no question about AWS
NOT_ABOUT_AWS = frozenset({"logins", "check_credentials", "enforce_policies", "endpoints"})
