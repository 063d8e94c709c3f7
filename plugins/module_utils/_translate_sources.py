# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Turns the sources of restores that RDS describes into the collection's own values.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from . import _sources
from ._sources import Source

Described = t.Mapping[str, t.Any]


def snapshot(raw: Described) -> Source:
    """Translate a ``DBSnapshot``."""
    return Source(
        kind=_sources.SNAPSHOT,
        name=raw["DBSnapshotIdentifier"],
        arn=raw.get("DBSnapshotArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        is_encrypted=bool(raw.get("Encrypted")),
        **_snapshot(raw),
    )


def cluster_snapshot(raw: Described) -> Source:
    """Translate a ``DBClusterSnapshot``."""
    return Source(
        kind=_sources.CLUSTER_SNAPSHOT,
        name=raw["DBClusterSnapshotIdentifier"],
        arn=raw.get("DBClusterSnapshotArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        is_encrypted=bool(raw.get("StorageEncrypted")),
        **_snapshot(raw),
    )


def live_instance(raw: Described, window: Described) -> Source:
    """Translate a ``DBInstance`` and the ``RestoreWindow`` of its automated backup."""
    return Source(
        kind=_sources.LIVE_INSTANCE,
        name=raw["DBInstanceIdentifier"],
        arn=raw.get("DBInstanceArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        status=raw.get("DBInstanceStatus", ""),
        member_of=raw.get("DBClusterIdentifier"),
        instance_class=raw.get("DBInstanceClass"),
        keeps_backups=bool(raw.get("BackupRetentionPeriod")),
        earliest=window.get("EarliestTime"),
        latest=raw.get("LatestRestorableTime") or window.get("LatestTime"),
        **_engine(raw),
    )


def live_cluster(raw: Described) -> Source:
    """Translate a ``DBCluster``."""
    return Source(
        kind=_sources.LIVE_CLUSTER,
        name=raw["DBClusterIdentifier"],
        arn=raw.get("DBClusterArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        status=raw.get("Status", ""),
        instance_class=raw.get("DBClusterInstanceClass"),
        keeps_backups=bool(raw.get("BackupRetentionPeriod")),
        earliest=raw.get("EarliestRestorableTime"),
        latest=raw.get("LatestRestorableTime"),
        **_engine(raw),
    )


def instance_backup(raw: Described) -> Source:
    """Translate a ``DBInstanceAutomatedBackup``."""
    return Source(
        kind=_sources.INSTANCE_BACKUP,
        name=raw.get("DBInstanceIdentifier", ""),
        arn=raw.get("DBInstanceAutomatedBackupsArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        is_encrypted=bool(raw.get("Encrypted")),
        **_backup(raw),
    )


def cluster_backup(raw: Described) -> Source:
    """Translate a ``DBClusterAutomatedBackup``."""
    return Source(
        kind=_sources.CLUSTER_BACKUP,
        name=raw.get("DBClusterIdentifier", ""),
        arn=raw.get("DBClusterAutomatedBackupsArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        is_encrypted=bool(raw.get("StorageEncrypted")),
        **_backup(raw),
    )


def _engine(raw: Described) -> dict[str, t.Any]:
    return {
        "iam": bool(raw.get("IAMDatabaseAuthenticationEnabled")),
        "engine": raw.get("Engine", ""),
        "engine_version": raw.get("EngineVersion", ""),
    }


def _snapshot(raw: Described) -> dict[str, t.Any]:
    return {
        "status": raw.get("Status", ""),
        "is_shared": raw.get("SnapshotType") in ("shared", "public"),
        "moment": raw.get("SnapshotCreateTime"),
        # "Doesn't change when the snapshot is copied"; a DBClusterSnapshot has none
        "snapshot_time": raw.get("OriginalSnapshotCreateTime") or raw.get("SnapshotCreateTime"),
        **_engine(raw),
    }


def _backup(raw: Described) -> dict[str, t.Any]:
    window = raw.get("RestoreWindow") or {}
    return {
        "status": raw.get("Status", ""),
        "earliest": window.get("EarliestTime"),
        "latest": window.get("LatestTime"),
        **_engine(raw),
    }
