# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The sources that a database can be restored from, and the API operation for each source and target.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .database import CLUSTER, INSTANCE

SNAPSHOT, CLUSTER_SNAPSHOT = "db_snapshot", "db_cluster_snapshot"
LIVE_INSTANCE, LIVE_CLUSTER = "db_instance", "db_cluster"
INSTANCE_BACKUP, CLUSTER_BACKUP = "db_instance_automated_backup", "db_cluster_automated_backup"
S3 = "s3"


class RestoreMethod(t.NamedTuple):
    """How to restore from one kind of source: the operation, its target and source parameters, and the kind."""

    operation: str
    target: str
    source: str
    kind: str


_PITR_INSTANCE = ("RestoreDBInstanceToPointInTime", "TargetDBInstanceIdentifier")
_PITR_CLUSTER = ("RestoreDBClusterToPointInTime", "DBClusterIdentifier")
_SNAPSHOT_INSTANCE = ("RestoreDBInstanceFromDBSnapshot", "DBInstanceIdentifier")
_SNAPSHOT_CLUSTER = ("RestoreDBClusterFromSnapshot", "DBClusterIdentifier")
RESTORE_METHODS: dict[str, dict[str, RestoreMethod]] = {
    INSTANCE: {
        "db_snapshot_identifier": RestoreMethod(*_SNAPSHOT_INSTANCE, "DBSnapshotIdentifier", SNAPSHOT),
        "db_cluster_snapshot_identifier": RestoreMethod(
            *_SNAPSHOT_INSTANCE, "DBClusterSnapshotIdentifier", CLUSTER_SNAPSHOT
        ),
        "source_db_instance_identifier": RestoreMethod(*_PITR_INSTANCE, "SourceDBInstanceIdentifier", LIVE_INSTANCE),
        "source_dbi_resource_id": RestoreMethod(*_PITR_INSTANCE, "SourceDbiResourceId", INSTANCE_BACKUP),
        "source_db_instance_automated_backups_arn": RestoreMethod(
            *_PITR_INSTANCE, "SourceDBInstanceAutomatedBackupsArn", INSTANCE_BACKUP
        ),
        "s3_bucket_name": RestoreMethod("RestoreDBInstanceFromS3", "DBInstanceIdentifier", "S3BucketName", S3),
    },
    CLUSTER: {
        "db_snapshot_identifier": RestoreMethod(*_SNAPSHOT_CLUSTER, "SnapshotIdentifier", SNAPSHOT),
        "db_cluster_snapshot_identifier": RestoreMethod(*_SNAPSHOT_CLUSTER, "SnapshotIdentifier", CLUSTER_SNAPSHOT),
        "source_db_cluster_identifier": RestoreMethod(*_PITR_CLUSTER, "SourceDBClusterIdentifier", LIVE_CLUSTER),
        "source_db_cluster_resource_id": RestoreMethod(*_PITR_CLUSTER, "SourceDbClusterResourceId", CLUSTER_BACKUP),
        "s3_bucket_name": RestoreMethod("RestoreDBClusterFromS3", "DBClusterIdentifier", "S3BucketName", S3),
    },
}
SOURCE_OPTIONS = tuple(dict.fromkeys(option for methods in RESTORE_METHODS.values() for option in methods))

# further options for a backup in S3: option -> parameter of the API
S3_OPTIONS = {
    "s3_prefix": "S3Prefix",
    "s3_ingestion_role_arn": "S3IngestionRoleArn",
    "source_engine": "SourceEngine",
    "source_engine_version": "SourceEngineVersion",
}
TIME_OPTIONS = {
    "RestoreTime": "restore_time",
    "RestoreToTime": "restore_time",
    "UseLatestRestorableTime": "use_latest_restorable_time",
}
POINT_IN_TIME_OPERATIONS = frozenset((_PITR_INSTANCE[0], _PITR_CLUSTER[0]))
_TIME_PARAMETER = {INSTANCE: "RestoreTime", CLUSTER: "RestoreToTime"}


@dataclass(frozen=True)
class RestoreSource:
    """A source as RDS describes it.

    ``moment`` is the creation time of a snapshot or of this copy of it. ``snapshot_time`` is the time of the original
    snapshot. ``earliest`` and ``latest`` limit the restorable time.
    """

    kind: str
    name: str
    arn: str
    resource_id: str
    iam: bool
    engine: str
    engine_version: str
    status: str
    instance_class: str | None = None
    is_shared: bool = False
    is_encrypted: bool = False
    member_of: str | None = None
    keeps_backups: bool = True
    moment: dt.datetime | None = None
    snapshot_time: dt.datetime | None = None
    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None


@dataclass(frozen=True)
class RestoreSourceOption:
    """The source that a task names, and the time to restore to.

    ``time`` is None for a snapshot, and if ``latest`` requests the latest restorable time.
    """

    kind: str
    option: str
    name: str
    method: RestoreMethod
    time: dt.datetime | None = None
    latest: bool = False

    @property
    def parameters(self) -> dict[str, t.Any]:
        """The parameters of the request for the source and the time."""
        parameters: dict[str, t.Any] = {self.method.source: self.name}
        if self.time is not None:
            parameters[_TIME_PARAMETER[self.kind]] = self.time
        if self.latest:
            parameters["UseLatestRestorableTime"] = True
        return parameters


def source_options_by_parameter(kind: str) -> dict[str, str]:
    """Return parameter of the API -> option, for the options that set the source and the time of a restore."""
    named = {method.source: option for option, method in RESTORE_METHODS[kind].items()}
    return {**named, **{name: option for option, name in S3_OPTIONS.items()}, **TIME_OPTIONS}


@dataclass(frozen=True)
class SourceMember:
    """A DB instance of the source cluster. ``settings`` creates an instance like it: option -> value."""

    identifier: str
    is_writer: bool
    promotion_tier: int
    settings: t.Mapping[str, t.Any]


@dataclass(frozen=True)
class SourceDatabase:
    """The existing database that a snapshot or backup comes from. ``settings``: option -> value."""

    kind: str
    engine: str
    settings: t.Mapping[str, t.Any]
    members: tuple[SourceMember, ...] = field(default=())
    engine_version: str = ""
    vpc: str = ""
