# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The restore methods: how each source is seeded, the options that name it, and the operation that it requires."""

from __future__ import annotations

import types
import typing as t

import boto3


class RestoreCase(t.NamedTuple):
    """``seed``: the records besides the source itself, which is named ``source``.

    ``kept``: what RDS retains of a source that was deleted.
    """

    name: str
    kind: str
    operation: str
    options: dict[str, t.Any]
    seed: t.Mapping[str, t.Any] = types.MappingProxyType({})
    engine: str | None = None
    kept: t.Mapping[str, t.Any] | None = None


ACCOUNT = "123456789012"
LATEST = {"use_latest_restorable_time": True}
S3 = {
    "s3_bucket_name": "backups",
    "s3_ingestion_role_arn": "arn:aws:iam::123456789012:role/ingestion",
    "source_engine": "mysql",
    "source_engine_version": "8.0.40",
    "master_username": "admin",
    "manage_master_user_password": True,
}
RESTORE_CASES = (
    RestoreCase(
        "snapshot",
        "instance",
        "RestoreDBInstanceFromDBSnapshot",
        {"db_snapshot_identifier": "kept"},
        {"snapshots": [{"identifier": "kept", "source": "source"}]},
    ),
    RestoreCase(
        "automated_snapshot",
        "instance",
        "RestoreDBInstanceFromDBSnapshot",
        {"db_snapshot_identifier": "rds:kept"},
        {"snapshots": [{"identifier": "rds:kept", "source": "source", "type": "automated"}]},
    ),
    RestoreCase(
        "multi_az_cluster_snapshot",
        "instance",
        "RestoreDBInstanceFromDBSnapshot",
        {"db_cluster_snapshot_identifier": "kept", "db_instance_class": "db.m6g.large"},
        {"cluster_snapshots": [{"identifier": "kept", "source": "source"}]},
        engine="mysql",
    ),
    RestoreCase(
        "instance_to_a_time",
        "instance",
        "RestoreDBInstanceToPointInTime",
        {"source_db_instance_identifier": "source", **LATEST},
    ),
    RestoreCase(
        "gone_instance_to_a_time",
        "instance",
        "RestoreDBInstanceToPointInTime",
        {"source_dbi_resource_id": "db-KEPT", **LATEST},
        kept={"resource_id": "db-KEPT"},
    ),
    RestoreCase(
        "backups_of_another_region",
        "instance",
        "RestoreDBInstanceToPointInTime",
        {"source_db_instance_automated_backups_arn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:auto-backup:ab-tpek", **LATEST},
        kept={"resource_id": "db-KEPT", "source_region": "us-east-1"},
    ),
    RestoreCase(
        "gone_cluster_to_a_time",
        "cluster",
        "RestoreDBClusterToPointInTime",
        {"source_db_cluster_resource_id": "cluster-KEPT", **LATEST},
        kept={"resource_id": "cluster-KEPT"},
    ),
    RestoreCase(
        "cluster_to_a_time",
        "cluster",
        "RestoreDBClusterToPointInTime",
        {"source_db_cluster_identifier": "source", **LATEST},
    ),
    RestoreCase(
        "cluster_snapshot",
        "cluster",
        "RestoreDBClusterFromSnapshot",
        {"db_cluster_snapshot_identifier": "kept"},
        {"cluster_snapshots": [{"identifier": "kept", "source": "source"}]},
    ),
    RestoreCase(
        "multi_az_cluster_to_a_time",
        "cluster",
        "RestoreDBClusterToPointInTime",
        {"source_db_cluster_identifier": "source", **LATEST},
        engine="mysql",
    ),
    RestoreCase(
        "snapshot_into_aurora",
        "cluster",
        "RestoreDBClusterFromSnapshot",
        {"db_snapshot_identifier": "kept"},
        {"snapshots": [{"identifier": "kept", "source": "source"}]},
    ),
    RestoreCase(
        "instance_from_s3",
        "instance",
        "RestoreDBInstanceFromS3",
        {**S3, "engine": "mysql", "db_instance_class": "db.m6g.large"},
    ),
    RestoreCase("cluster_from_s3", "cluster", "RestoreDBClusterFromS3", {**S3, "engine": "aurora-mysql"}),
)


def seed(sim: t.Any, case: RestoreCase, *, enabled: bool) -> None:
    """Seed the source of a restore method, with its setting."""
    if case.name.endswith("s3"):
        upload(sim)
    sim.seed(fleet(case, enabled=enabled))


def upload(sim: t.Any) -> None:
    """Upload a file to the bucket. The server of the simulator includes the S3 of moto."""
    client = boto3.client(
        "s3",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    names = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    if "backups" not in names:
        client.create_bucket(Bucket="backups", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_object(Bucket="backups", Key="monday/backup.xbstream", Body=b"data")


def fleet(case: RestoreCase, *, enabled: bool) -> dict[str, t.Any]:
    """Return the seed of a restore method, with the setting of the source."""
    document: dict[str, t.Any] = dict(case.seed)
    if case.name.endswith("s3"):
        return document
    from_cluster = "cluster" in case.name
    record = {"identifier": "source", "engine": "mysql", "iam_database_authentication_enabled": enabled}
    if from_cluster:
        record["engine"] = case.engine or "aurora-mysql"
    if case.kept is not None:
        gone = {name: value for name, value in record.items() if name != "identifier"}
        document["cluster_automated_backups" if from_cluster else "automated_backups"] = [
            {"source": "source", **gone, **case.kept}
        ]
        return document
    document["db_clusters" if from_cluster else "db_instances"] = [record]
    return document
