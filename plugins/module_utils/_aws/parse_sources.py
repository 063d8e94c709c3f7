# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert the sources of restores in RDS responses to the types of the collection.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER, INSTANCE
from .._model.restore_source import (
    CLUSTER_BACKUP,
    CLUSTER_SNAPSHOT,
    INSTANCE_BACKUP,
    LIVE_CLUSTER,
    LIVE_INSTANCE,
    SNAPSHOT,
    RestoreSource,
    SourceDatabase,
    SourceMember,
)

Described = t.Mapping[str, t.Any]


def parse_snapshot(raw: Described) -> RestoreSource:
    """Translate a ``DBSnapshot``."""
    return RestoreSource(
        kind=SNAPSHOT,
        name=raw["DBSnapshotIdentifier"],
        arn=raw.get("DBSnapshotArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        is_encrypted=bool(raw.get("Encrypted")),
        **_snapshot(raw),
    )


def parse_cluster_snapshot(raw: Described) -> RestoreSource:
    """Translate a ``DBClusterSnapshot``."""
    return RestoreSource(
        kind=CLUSTER_SNAPSHOT,
        name=raw["DBClusterSnapshotIdentifier"],
        arn=raw.get("DBClusterSnapshotArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        is_encrypted=bool(raw.get("StorageEncrypted")),
        **_snapshot(raw),
    )


def parse_instance_source(raw: Described, window: Described) -> RestoreSource:
    """Translate a ``DBInstance`` and the ``RestoreWindow`` of its automated backup."""
    return RestoreSource(
        kind=LIVE_INSTANCE,
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


def parse_cluster_source(raw: Described) -> RestoreSource:
    """Translate a ``DBCluster``."""
    return RestoreSource(
        kind=LIVE_CLUSTER,
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


def parse_instance_backup(raw: Described) -> RestoreSource:
    """Translate a ``DBInstanceAutomatedBackup``."""
    return RestoreSource(
        kind=INSTANCE_BACKUP,
        name=raw.get("DBInstanceIdentifier", ""),
        arn=raw.get("DBInstanceAutomatedBackupsArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        is_encrypted=bool(raw.get("Encrypted")),
        **_backup(raw),
    )


def parse_cluster_backup(raw: Described) -> RestoreSource:
    """Translate a ``DBClusterAutomatedBackup``."""
    return RestoreSource(
        kind=CLUSTER_BACKUP,
        name=raw.get("DBClusterIdentifier", ""),
        arn=raw.get("DBClusterAutomatedBackupsArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        is_encrypted=bool(raw.get("StorageEncrypted")),
        **_backup(raw),
    )


def source_instance(raw: Described) -> SourceDatabase:
    """Translate a ``DBInstance`` into the settings that a restored database can inherit."""
    network = raw.get("DBSubnetGroup") or {}
    return SourceDatabase(
        kind=INSTANCE,
        engine=raw.get("Engine", ""),
        engine_version=raw.get("EngineVersion", ""),
        vpc=network.get("VpcId", ""),
        settings=_filled(
            db_instance_class=raw.get("DBInstanceClass"),
            db_parameter_group_name=_named(raw.get("DBParameterGroups"), "DBParameterGroupName"),
            db_subnet_group_name=network.get("DBSubnetGroupName"),
            multi_az=raw.get("MultiAZ") or None,
            option_group_name=_named(raw.get("OptionGroupMemberships"), "OptionGroupName"),
            vpc_security_group_ids=_security_groups(raw),
        ),
    )


def source_cluster(raw: Described, instances: t.Sequence[Described]) -> SourceDatabase:
    """Translate a ``DBCluster`` and its members into the settings that a restored database can inherit."""
    scaling = raw.get("ServerlessV2ScalingConfiguration") or {}
    described = {instance["DBInstanceIdentifier"]: instance for instance in instances}
    # a DBCluster contains the name of its subnet group, but not the VPC
    networks = [(instance.get("DBSubnetGroup") or {}).get("VpcId") for instance in instances]
    members = [item for item in raw.get("DBClusterMembers") or [] if item["DBInstanceIdentifier"] in described]
    return SourceDatabase(
        kind=CLUSTER,
        engine=raw.get("Engine", ""),
        engine_version=raw.get("EngineVersion", ""),
        vpc=next((vpc for vpc in networks if vpc), ""),
        settings=_filled(
            db_cluster_parameter_group_name=raw.get("DBClusterParameterGroup"),
            db_instance_class=raw.get("DBClusterInstanceClass"),
            db_subnet_group_name=raw.get("DBSubnetGroup"),
            option_group_name=_named(raw.get("DBClusterOptionGroupMemberships"), "DBClusterOptionGroupName"),
            serverless_v2_scaling_configuration=_filled(
                min_capacity=scaling.get("MinCapacity"),
                max_capacity=scaling.get("MaxCapacity"),
                seconds_until_auto_pause=scaling.get("SecondsUntilAutoPause"),
            ),
            vpc_security_group_ids=_security_groups(raw),
        ),
        members=tuple(_member(item, described[item["DBInstanceIdentifier"]]) for item in members),
    )


def _member(item: Described, instance: Described) -> SourceMember:
    tier = instance.get("PromotionTier", item.get("PromotionTier"))
    return SourceMember(
        identifier=item["DBInstanceIdentifier"],
        is_writer=bool(item.get("IsClusterWriter")),
        promotion_tier=1 if tier is None else tier,
        settings=_filled(
            db_instance_class=instance.get("DBInstanceClass"),
            db_parameter_group_name=_named(instance.get("DBParameterGroups"), "DBParameterGroupName"),
            promotion_tier=tier,
            publicly_accessible=instance.get("PubliclyAccessible"),
        ),
    )


def _security_groups(raw: Described) -> list[str]:
    groups = raw.get("VpcSecurityGroups") or []
    return [group["VpcSecurityGroupId"] for group in groups if group.get("Status") != "removing"]


def _named(items: t.Sequence[Described] | None, name: str) -> str | None:
    return next((item.get(name) for item in items or ()), None)


def _filled(**values: t.Any) -> dict[str, t.Any]:
    return {option: value for option, value in values.items() if value not in (None, "", [], {})}


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
        # "Doesn't change when the snapshot is copied"; a DBClusterSnapshot does not have it
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
