# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The tasks whose permissions the tests record: one mode of a module each, with the databases that it needs.

Resources have the names of the permissions guide: the DB instance ``orders``, the DB cluster ``ledger`` with the member
``ledger-1``, and their copies.
"""

from __future__ import annotations

import typing as t

from .restores import upload

Task = dict[str, t.Any]


class Mode(t.NamedTuple):
    """``sid`` names the mode in the policy, and ``task`` in the table of the guide.

    ``tasks`` are the options of runs that must succeed, with ``check`` for check mode. ``optional`` are the actions
    without which the runs still succeed, with a warning that names the action.
    """

    sid: str
    task: str
    seed: t.Mapping[str, t.Any]
    tasks: tuple[Task, ...]
    optional: tuple[str, ...] = ()
    prepare: t.Callable[[t.Any], None] | None = None


HOUR = 3600
NOW = {"apply_immediately": True}
OFF = {"enabled": False, **NOW}
INSTANCE: Task = {"db_instance_identifier": "orders"}
CLUSTER: Task = {"db_cluster_identifier": "ledger"}
GROUPS = {
    "db_parameter_groups": [{"name": "orders-pg", "family": "postgres16"}],
    "db_cluster_parameter_groups": [{"name": "ledger-pg", "family": "aurora-postgresql16"}],
}
SSL_OFF = {"parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}


def fleet(
    *, enabled: bool = False, instance: Task | None = None, cluster: Task | None = None, **more: t.Any
) -> dict[str, t.Any]:
    """Return the seed of one DB instance and one DB cluster with a member."""
    setting = {"iam_database_authentication_enabled": enabled}
    orders = {"identifier": "orders", "engine": "postgres", "db_parameter_group": "orders-pg"}
    ledger = {
        "identifier": "ledger",
        "engine": "aurora-postgresql",
        "db_cluster_parameter_group": "ledger-pg",
        "members": [{"identifier": "ledger-1"}],
    }
    return {
        **GROUPS,
        "db_instances": [{**orders, **setting, "extra": {"DbiResourceId": "db-ABCDEFGHIJKL01234"}, **(instance or {})}],
        "db_clusters": [
            {**ledger, **setting, "extra": {"DbClusterResourceId": "cluster-ABCDEFGHIJKL01234"}, **(cluster or {})}
        ],
        **more,
    }


def ssl_off() -> dict[str, t.Any]:
    """Return the seed of databases whose parameter groups disable TLS."""
    seed = fleet()
    return {**seed, **{name: [{**groups[0], **SSL_OFF}] for name, groups in GROUPS.items()}}


IDLE = {"iam_logins": [{"age": 2 * HOUR, "number": 0}]}
SHOP = {"identifier": "shop", "engine": "mysql"}
MEMBER = {"db_instance_identifier": "ledger-1", "db_instance_class": "db.r6g.large"}
NEW_INSTANCE: Task = {
    **INSTANCE,
    "engine": "mysql",
    "db_instance_class": "db.m6g.large",
    "allocated_storage": 20,
    "master_username": "admin",
    "master_user_password": "example-password-1",
}
NEW_CLUSTER: Task = {
    **CLUSTER,
    "engine": "aurora-mysql",
    "master_username": "admin",
    "master_user_password": "example-password-1",
}
MANAGED = {"master_user_password": None, "manage_master_user_password": True}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
NEW_GROUPS = {
    "db_parameter_groups": [{"name": "orders-pg", "family": "mysql8.0"}],
    "db_cluster_parameter_groups": [{"name": "ledger-pg", "family": "aurora-mysql8.0"}],
    "subnet_groups": [{"name": "private"}],
    "option_groups": [{"name": "audit", "engine": "mysql", "engine_version": "8.0"}],
}
COPY: Task = {"db_instance_identifier": "orders-copy"}
CLUSTER_COPY: Task = {"db_cluster_identifier": "ledger-copy"}
COPY_MEMBER = {"db_instance_identifier": "ledger-copy-1", "db_instance_class": "db.r6g.large"}
LATEST = {"use_latest_restorable_time": True}
FROM_SNAPSHOT: Task = {**COPY, "db_snapshot_identifier": "orders-monday"}
CLUSTER_FROM_SNAPSHOT: Task = {**CLUSTER_COPY, "db_cluster_snapshot_identifier": "ledger-monday"}
FROM_S3 = {
    "s3_bucket_name": "backups",
    "s3_ingestion_role_arn": "arn:aws:iam::123456789012:role/ingestion",
    "source_engine": "mysql",
    "source_engine_version": "8.0.40",
    "master_username": "admin",
    "master_user_password": "example-password-1",
}
SNAPSHOTS = {
    "snapshots": [{"identifier": "orders-monday", "source": "orders"}],
    "cluster_snapshots": [{"identifier": "ledger-monday", "source": "ledger"}],
}
RETAINED = {
    "automated_backups": [
        {"source": "orders", "engine": "mysql", "resource_id": "db-ABCDEFGHIJKL01234", "source_region": "us-east-1"}
    ],
    "cluster_automated_backups": [
        {"source": "ledger", "engine": "aurora-mysql", "resource_id": "cluster-ABCDEFGHIJKL01234"}
    ],
}

RDS_IAM_AUTH = (
    Mode("Unchanged", "A run that changes nothing", fleet(enabled=True), (INSTANCE, CLUSTER)),
    Mode(
        "CheckInstance",
        "Check mode, if the setting would be enabled for a DB instance",
        fleet(),
        ({**INSTANCE, "check": True, "ssl_parameter": "ignore"},),
    ),
    Mode(
        "CheckCluster",
        "Check mode, if the setting would be enabled for a DB cluster",
        fleet(),
        ({**CLUSTER, "check": True, "ssl_parameter": "ignore"},),
    ),
    Mode(
        "CheckSsl",
        "The same for PostgreSQL, unless ``ssl_parameter: ignore``",
        fleet(),
        ({**INSTANCE, "check": True}, {**CLUSTER, "check": True}),
    ),
    Mode("EnableInstance", "Enabling the setting for a DB instance with PostgreSQL", fleet(), ({**INSTANCE, **NOW},)),
    Mode("EnableCluster", "Enabling the setting for a DB cluster with PostgreSQL", fleet(), ({**CLUSTER, **NOW},)),
    Mode(
        "EnforceSsl",
        "Enabling the setting with ``ssl_parameter: enforce``",
        ssl_off(),
        tuple({**name, **NOW, "ssl_parameter": "enforce"} for name in (INSTANCE, CLUSTER)),
    ),
    Mode("Disable", "Disabling the setting", fleet(enabled=True), ({**INSTANCE, **OFF}, {**CLUSTER, **OFF})),
    Mode(
        "CheckLogins",
        "Disabling the setting with ``unused_for``",
        fleet(enabled=True, instance=IDLE, cluster={"members": [{"identifier": "ledger-1", **IDLE}]}),
        tuple({**name, **OFF, "unused_for": "24h"} for name in (INSTANCE, CLUSTER)),
    ),
    Mode(
        "FindDatabases",
        "``select``, ``include_read_replicas``, or several databases in one task, in addition to the other actions",
        {
            "db_instances": [{**SHOP, "identifier": name} for name in ("orders", "billing")],
            "db_clusters": [
                {"identifier": name, "engine": "aurora-mysql", "members": 1} for name in ("ledger", "stock")
            ],
        },
        (
            {"db_instance_identifiers": ["orders", "billing"], "enabled": False},
            {"db_cluster_identifiers": ["ledger", "stock"], "enabled": False},
            {"db_instance_identifier": "orders", "include_read_replicas": True, "enabled": False},
            {"select": {"all": True}, "enabled": False},
        ),
    ),
)
RDS_IAM_AUTH_INFO = (
    Mode("Named", "One named DB instance", fleet(), ({**INSTANCE, "check_readiness": False},)),
    Mode(
        "NamedCluster",
        "One named DB cluster, with its members",
        fleet(),
        ({**CLUSTER, "check_readiness": False},),
        optional=("rds:DescribeDBInstances",),
    ),
    Mode(
        "All",
        "All databases of a Region, or ``select``",
        fleet(),
        tuple({"check_readiness": False, **more} for more in ({}, {"select": {"all": True}})),
    ),
    Mode(
        "CheckReadiness",
        "``check_readiness``",
        fleet(),
        ({"check_readiness": True},),
        optional=(
            "rds:DescribeOrderableDBInstanceOptions",
            "rds:DescribeDBParameters",
            "rds:DescribeDBClusterParameters",
        ),
    ),
)
RDS_CREATE_IAM = (
    Mode(
        "Existing",
        "A run that finds the databases",
        fleet(enabled=True),
        tuple(
            {**new, "engine": engine, **extra}
            for new, engine, extra in ((NEW_INSTANCE, "postgres", {}), (NEW_CLUSTER, "aurora-postgresql", {}))
        ),
    ),
    Mode(
        "Preview",
        "Check mode",
        {},
        ({**NEW_INSTANCE, "check": True}, {**NEW_CLUSTER, "cluster_instances": [MEMBER], "check": True}),
    ),
    Mode("CreateInstance", "Creating a DB instance", {}, (NEW_INSTANCE,)),
    Mode(
        "CreateCluster",
        "Creating a DB cluster with ``cluster_instances``",
        {},
        ({**NEW_CLUSTER, "cluster_instances": [MEMBER]},),
    ),
    Mode(
        "CreateReplica",
        "Creating a read replica",
        {"db_instances": [{"identifier": "orders", "engine": "mysql"}]},
        ({"db_instance_identifier": "orders-copy", "source_db_instance_identifier": "orders"},),
    ),
    Mode(
        "OwnGroups",
        "Parameter groups, an option group or a DB subnet group, in addition to the other actions",
        NEW_GROUPS,
        (
            {
                **NEW_INSTANCE,
                "db_parameter_group_name": "orders-pg",
                "option_group_name": "audit",
                "db_subnet_group_name": "private",
            },
            {**NEW_CLUSTER, "db_cluster_parameter_group_name": "ledger-pg", "db_subnet_group_name": "private"},
        ),
    ),
    Mode(
        "OwnPostgresqlGroup",
        "A parameter group for PostgreSQL, unless ``ssl_parameter: ignore``, in addition to the other actions",
        GROUPS,
        (
            {**NEW_INSTANCE, "engine": "postgres", "engine_version": "16.4", "db_parameter_group_name": "orders-pg"},
            {
                **NEW_CLUSTER,
                "engine": "aurora-postgresql",
                "engine_version": "16.4",
                "db_cluster_parameter_group_name": "ledger-pg",
            },
        ),
    ),
    Mode(
        "Tags",
        "``tags``, in addition to the other actions",
        {},
        tuple({**new, "tags": {"team": "pay"}} for new in (NEW_INSTANCE, NEW_CLUSTER)),
    ),
    Mode(
        "ManagedPassword",
        "A password that RDS manages, which is the default",
        {},
        tuple({**new, **MANAGED} for new in (NEW_INSTANCE, NEW_CLUSTER)),
    ),
    Mode(
        "CustomerKey",
        "``kms_key_id``, in addition to the other actions",
        {},
        tuple({**new, "storage_encrypted": True, "kms_key_id": KEY} for new in (NEW_INSTANCE, NEW_CLUSTER)),
    ),
)
RDS_RESTORE_IAM = (
    Mode(
        "PreviewSnapshot",
        "Check mode, from a snapshot",
        fleet(**SNAPSHOTS),
        ({**FROM_SNAPSHOT, "check": True}, {**CLUSTER_FROM_SNAPSHOT, "check": True}),
    ),
    Mode("InstanceSnapshot", "Restoring a DB instance from a snapshot", fleet(**SNAPSHOTS), (FROM_SNAPSHOT,)),
    Mode(
        "ClusterSnapshot",
        "Restoring a DB cluster with ``cluster_instances`` from a snapshot",
        fleet(**SNAPSHOTS),
        ({**CLUSTER_FROM_SNAPSHOT, "cluster_instances": [COPY_MEMBER]},),
    ),
    Mode(
        "InstancePointInTime",
        "Restoring a DB instance to a point in time",
        fleet(),
        ({**COPY, "source_db_instance_identifier": "orders", **LATEST},),
    ),
    Mode(
        "ClusterPointInTime",
        "Restoring a DB cluster with ``cluster_instances`` to a point in time",
        fleet(),
        ({**CLUSTER_COPY, "source_db_cluster_identifier": "ledger", **LATEST, "cluster_instances": [COPY_MEMBER]},),
    ),
    Mode(
        "RetainedBackups",
        "Restoring a deleted database from its automated backups",
        {**RETAINED, "automated_backups": [{**RETAINED["automated_backups"][0], "source_region": "eu-west-1"}]},
        (
            {**COPY, "source_dbi_resource_id": "db-ABCDEFGHIJKL01234", **LATEST},
            {**CLUSTER_COPY, "source_db_cluster_resource_id": "cluster-ABCDEFGHIJKL01234", **LATEST},
        ),
    ),
    Mode(
        "ReplicatedBackups",
        "Restoring a DB instance from automated backups of another Region",
        {"automated_backups": [{**RETAINED["automated_backups"][0], "resource_id": "db-KEPT"}]},
        (
            {
                **COPY,
                "source_db_instance_automated_backups_arn": ("arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-tpek"),
                **LATEST,
            },
        ),
    ),
    Mode(
        "S3",
        "Restoring a database from Amazon S3",
        {},
        (
            {**COPY, **FROM_S3, "engine": "mysql", "db_instance_class": "db.m6g.large"},
            {**CLUSTER_COPY, **FROM_S3, "engine": "aurora-mysql"},
        ),
        prepare=upload,
    ),
    Mode(
        "Inherit",
        "``inherit_settings_from_source``, in addition to the other actions",
        fleet(**SNAPSHOTS),
        tuple({**name, "inherit_settings_from_source": True} for name in (FROM_SNAPSHOT, CLUSTER_FROM_SNAPSHOT)),
    ),
    Mode(
        "Upgrade",
        "Another ``engine`` or ``engine_version``, in addition to the other actions",
        fleet(cluster={"engine_version": "16.3"}, **SNAPSHOTS),
        ({**CLUSTER_FROM_SNAPSHOT, "engine_version": "16.4"},),
    ),
    Mode(
        "Tags",
        "``tags``, in addition to the other actions",
        fleet(**SNAPSHOTS),
        tuple({**name, "tags": {"team": "pay"}} for name in (FROM_SNAPSHOT, CLUSTER_FROM_SNAPSHOT)),
    ),
)
RDS_CONNECT_POLICIES_INFO = (
    Mode(
        "ReadPoliciesAndDatabases",
        "Every run",
        fleet(db_proxies=[{"name": "front", "engine_family": "POSTGRESQL", "resource_id": "prx-front"}]),
        ({},),
    ),
)
MODES: dict[str, tuple[Mode, ...]] = {
    "rds_iam_auth": RDS_IAM_AUTH,
    "rds_iam_auth_info": RDS_IAM_AUTH_INFO,
    "rds_create_iam": RDS_CREATE_IAM,
    "rds_restore_iam": RDS_RESTORE_IAM,
    "rds_connect_policies_info": RDS_CONNECT_POLICIES_INFO,
}
CASES = [(module, mode) for module, modes in MODES.items() for mode in modes]
