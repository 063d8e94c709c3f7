# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Records of databases in the shape of the API, with the values that RDS sets by default."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from ..engines import catalogue
from .backend import Backend, Database

_ALPHABET = string.ascii_uppercase + string.digits

# The part of every endpoint that is the same for one account in one Region.
_ACCOUNT_LABEL = "c9akciq32rgh"
INSTANCE_WINDOW = "sun:04:00-sun:04:30"
CLUSTER_WINDOW = "sun:05:00-sun:05:30"
DEFAULT_SECURITY_GROUP = "sg-0a1b2c3d4e5f60001"
BACKUP_WINDOW = "02:00-02:30"

# Amazon RDS User Guide, "gp3 storage": the baseline of volumes that are not striped
_GP3: dict[str, Any] = {"Iops": 3000, "StorageThroughput": 125}
_HOSTED_ZONE = "Z29XKXDKYMONMX"
_AUTHORITY = "rds-ca-rsa2048-g1"
_AURORA_STORAGE: dict[str, Any] = {"AllocatedStorage": 1, "MultiAZ": False}
_MULTI_AZ_STORAGE: dict[str, Any] = {
    "AllocatedStorage": 100,
    "MultiAZ": True,
    "DBClusterInstanceClass": "db.m6gd.large",
    "StorageType": "io1",
    "Iops": 3000,
    "PubliclyAccessible": False,
}


def resource_id(backend: Backend, prefix: str) -> str:
    """Return a new resource id: ``db-…`` or ``cluster-…``, unique and never reused."""
    letters = "".join(backend.world.random.choices(_ALPHABET, k=26))
    return f"{prefix}-{letters}"


def endpoint_address(backend: Backend, name: str, infix: str = "") -> str:
    """Return the host name of a database; ``infix`` is ``cluster-`` or ``cluster-ro-`` for clusters.

    With the setting ``endpoints: loopback``, it is the loopback address that stands for this name.
    """
    suffix = "amazonaws.com.cn" if backend.partition == "aws-cn" else "amazonaws.com"
    host = f"{name}.{infix}{_ACCOUNT_LABEL}.{backend.region}.rds.{suffix}"
    if backend.world.settings.endpoints == "loopback":
        return backend.world.loopback.address(f"{backend.account}:{host}")
    return host


def default_network(backend: Backend) -> dict[str, Any]:
    """Return the default DB subnet group, which exists from the start."""
    subnets = [
        {
            "SubnetIdentifier": f"subnet-0a1b2c3d4e5f6000{number}",
            "SubnetAvailabilityZone": {"Name": f"{backend.region}{letter}"},
            "SubnetOutpost": {},
            "SubnetStatus": "Active",
        }
        for number, letter in enumerate("abc")
    ]
    return {
        "DBSubnetGroupName": "default",
        "DBSubnetGroupDescription": "default",
        "VpcId": "vpc-0a1b2c3d4e5f60001",
        "SubnetGroupStatus": "Complete",
        "Subnets": subnets,
    }


def _common(backend: Backend, engine_name: str, version: str, arn: str) -> dict[str, Any]:
    """Return the members that instance and cluster records share."""
    return {
        "Engine": engine_name,
        "EngineVersion": version,
        "IAMDatabaseAuthenticationEnabled": False,
        "PendingModifiedValues": {},
        "BackupRetentionPeriod": 7,
        "PreferredBackupWindow": BACKUP_WINDOW,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": DEFAULT_SECURITY_GROUP, "Status": "active"}],
        "StorageEncrypted": True,
        "KmsKeyId": arn.replace(":rds:", ":kms:").rsplit(":", 2)[0] + ":key/0f7c1e2a-5b3d-4c6e-8f90-a1b2c3d4e5f6",
        "AssociatedRoles": [],
        "CopyTagsToSnapshot": False,
        "DeletionProtection": False,
        "DomainMemberships": [],
        "TagList": [],
        "NetworkType": "IPV4",
        "DatabaseInsightsMode": "standard",
        "EngineLifecycleSupport": "open-source-rds-extended-support",
        "AutoMinorVersionUpgrade": True,
        "MonitoringInterval": 0,
    }


def instance_record(
    backend: Backend,
    *,
    identifier: str,
    engine: str,
    version: str,
    db_class: str,
    parameter_group: str,
    cluster: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the record of a DB instance; ``cluster`` is the record of its cluster, if it has one."""
    offer = catalogue.engine(engine)
    arn = backend.arn("db", identifier)
    now = backend.world.clock.now()
    record = {
        **_common(backend, engine, version, arn),
        **_instance_defaults(engine, version, parameter_group),
        "DBInstanceIdentifier": identifier,
        "DBInstanceArn": arn,
        "DbiResourceId": resource_id(backend, "db"),
        "DBInstanceClass": db_class,
        "DBInstanceStatus": "available",
        "MasterUsername": offer.username,
        "Endpoint": {
            "Address": endpoint_address(backend, identifier),
            "Port": offer.port,
            "HostedZoneId": _HOSTED_ZONE,
        },
        "AvailabilityZone": f"{backend.region}a",
        "DBSubnetGroup": default_network(backend),
        "InstanceCreateTime": now,
        "LatestRestorableTime": now,
        "LicenseModel": offer.licence,
        "StorageType": offer.storage[0],
    }
    if not offer.aurora:
        set_storage(record, backend.world.settings.default_storage_type, {})
    if cluster is not None:
        _join(record, cluster)
    return record


def set_storage(record: dict[str, Any], storage_type: str, given: Mapping[str, Any]) -> None:
    """Set the storage type in the record of an instance, with the values that depend on it.

    ``given`` contains Iops and StorageThroughput if they are known. gp3 has a baseline.
    """
    baseline = _GP3 if storage_type == "gp3" else {}
    record["StorageType"] = storage_type
    for member in _GP3:
        value = given.get(member, baseline.get(member))
        record.pop(member, None)
        if value is not None:
            record[member] = value


def _instance_defaults(engine: str, version: str, parameter_group: str) -> dict[str, Any]:
    """Return the values that are the same for every new instance."""
    option_group = catalogue.default_option_group(engine, version)
    defaults = {
        "AllocatedStorage": 100,
        "DBSecurityGroups": [],
        "DBParameterGroups": [{"DBParameterGroupName": parameter_group, "ParameterApplyStatus": "in-sync"}],
        "PreferredMaintenanceWindow": INSTANCE_WINDOW,
        "MultiAZ": False,
        "ReadReplicaDBInstanceIdentifiers": [],
        "OptionGroupMemberships": [{"OptionGroupName": option_group, "Status": "in-sync"}],
        "PubliclyAccessible": False,
        "DbInstancePort": 0,
        "CACertificateIdentifier": _AUTHORITY,
        "CertificateDetails": {"CAIdentifier": _AUTHORITY},
        "PerformanceInsightsEnabled": False,
        "CustomerOwnedIpEnabled": False,
        "BackupTarget": "region",
        "ActivityStreamStatus": "stopped",
        "DedicatedLogVolume": False,
        "IsStorageConfigUpgradeAvailable": False,
    }
    tenants = {"MultiTenant": False} if engine.startswith("oracle") else {}
    return {**defaults, **tenants}


def _join(record: dict[str, Any], cluster: dict[str, Any]) -> None:
    record["DBClusterIdentifier"] = cluster["DBClusterIdentifier"]
    record["AllocatedStorage"] = cluster["AllocatedStorage"]
    record["PromotionTier"] = 1
    # A member shows the setting of its cluster.
    record["IAMDatabaseAuthenticationEnabled"] = cluster["IAMDatabaseAuthenticationEnabled"]
    record.pop("LatestRestorableTime")


def cluster_record(
    backend: Backend,
    *,
    identifier: str,
    engine: str,
    version: str,
    parameter_group: str,
    engine_mode: str = "provisioned",
) -> dict[str, Any]:
    """Return the record of a DB cluster without members: Aurora (or similar), or a Multi-AZ DB cluster."""
    offer = catalogue.engine(engine)
    arn = backend.arn("cluster", identifier)
    now = backend.world.clock.now()
    return {
        **_common(backend, engine, version, arn),
        **(_AURORA_STORAGE if offer.aurora else _MULTI_AZ_STORAGE),
        "DBClusterIdentifier": identifier,
        "DBClusterArn": arn,
        "DbClusterResourceId": resource_id(backend, "cluster"),
        "Status": "available",
        "AvailabilityZones": [f"{backend.region}{letter}" for letter in "abc"],
        "DBClusterParameterGroup": parameter_group,
        "DBSubnetGroup": "default",
        "ClusterCreateTime": now,
        "EarliestRestorableTime": now,
        "LatestRestorableTime": now,
        "Endpoint": endpoint_address(backend, identifier, "cluster-"),
        "ReaderEndpoint": endpoint_address(backend, identifier, "cluster-ro-"),
        "HostedZoneId": _HOSTED_ZONE,
        "Port": offer.port,
        "MasterUsername": offer.username,
        "PreferredMaintenanceWindow": CLUSTER_WINDOW,
        "ReadReplicaIdentifiers": [],
        "DBClusterMembers": [],
        "EngineMode": engine_mode,
        "HttpEndpointEnabled": False,
        "CrossAccountClone": False,
    }


def add_member(cluster: Database, instance: dict[str, Any]) -> None:
    """Add an instance to the members of a cluster. The first member is the writer."""
    members = cluster.record["DBClusterMembers"]
    members.append(
        {
            "DBInstanceIdentifier": instance["DBInstanceIdentifier"],
            "IsClusterWriter": not members,
            "DBClusterParameterGroupStatus": "in-sync",
            "PromotionTier": instance["PromotionTier"],
        }
    )


def is_multi_az_cluster(record: dict[str, Any]) -> bool:
    """Return whether a cluster is a Multi-AZ DB cluster: MySQL or PostgreSQL with two readable standbys."""
    return record["Engine"] in catalogue.MULTI_AZ_ENGINES
