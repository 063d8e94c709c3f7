# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The permissions that a request to RDS requires: actions, and the ARNs of the resources that it names.

Source: resource types and dependent actions of the Service Authorization Reference for Amazon RDS (✓),
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html. Which of the named resources AWS
checks for an operation with several of them is not documented (△): the simulator checks all of them, so that a policy
that is sufficient here allows every one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Permission:
    """An action on a resource."""

    action: str
    resource: str


@dataclass(frozen=True)
class Scope:
    """Where a request is sent to."""

    partition: str
    region: str
    account: str

    def arn(self, resource_type: str, name: str) -> str:
        """Return the ARN of a resource of RDS. A name that is an ARN is returned as it is, in lower case."""
        given = name.lower()
        return given if given.startswith("arn:") else f"{self._prefix}:rds:{self._place}:{resource_type}:{given}"

    def role_arn(self, name: str) -> str:
        """Return the ARN of a role of IAM, from its ARN or its name."""
        return name if name.startswith("arn:") else f"{self._prefix}:iam::{self.account}:role/{name}"

    def managed_secret_arn(self) -> str:
        """Return the beginning of the ARNs of secrets that RDS manages (user guide, rds-secrets-manager ✓)."""
        return f"{self._prefix}:secretsmanager:{self._place}:secret:rds!"

    @property
    def _prefix(self) -> str:
        return f"arn:{self.partition}"

    @property
    def _place(self) -> str:
        return f"{self.region}:{self.account}"


# parameter -> resource type; the new database first, because errors name the first resource that is not allowed
_TYPES = {
    "TargetDBInstanceIdentifier": "db",
    "DBInstanceIdentifier": "db",
    "DBClusterIdentifier": "cluster",
    "SourceDBInstanceIdentifier": "db",
    "SourceDBClusterIdentifier": "cluster",
    "TargetDBSnapshotIdentifier": "snapshot",
    "SourceDBSnapshotIdentifier": "snapshot",
    "DBSnapshotIdentifier": "snapshot",
    "SnapshotIdentifier": "cluster-snapshot",
    "TargetDBClusterSnapshotIdentifier": "cluster-snapshot",
    "SourceDBClusterSnapshotIdentifier": "cluster-snapshot",
    "DBClusterSnapshotIdentifier": "cluster-snapshot",
    "SourceDBInstanceAutomatedBackupsArn": "auto-backup",
    "DBInstanceAutomatedBackupsArn": "auto-backup",
    "DBParameterGroupName": "pg",
    "DBInstanceParameterGroupName": "pg",
    "DBClusterParameterGroupName": "cluster-pg",
    "OptionGroupName": "og",
    "DBSubnetGroupName": "subgrp",
    "DBProxyName": "db-proxy",
    "ResourceName": "",
    "ResourceIdentifier": "",
}
_FINAL_SNAPSHOTS = {"DeleteDBInstance": "snapshot", "DeleteDBCluster": "cluster-snapshot"}

# operations without resource types: their permission requires the resource *
_UNLIMITED = frozenset(
    (
        "DescribeCertificates",
        "DescribeDBEngineVersions",
        "DescribeEvents",
        "DescribeOptionGroupOptions",
        "DescribeOrderableDBInstanceOptions",
    )
)

# what a request for a list requires: every resource of these types, as RDS names them in its errors (△)
_LISTS = {
    "DescribeDBInstances": ("db",),
    "DescribeDBClusters": ("cluster",),
    "DescribeDBSnapshots": ("snapshot",),
    "DescribeDBClusterSnapshots": ("cluster-snapshot",),
    "DescribeDBInstanceAutomatedBackups": ("auto-backup",),
    "DescribeDBClusterAutomatedBackups": ("cluster-auto-backup",),
    "DescribeDBParameterGroups": ("pg",),
    "DescribeDBClusterParameterGroups": ("cluster-pg",),
    "DescribeDBSubnetGroups": ("subgrp",),
    "DescribeOptionGroups": ("og",),
    "DescribeDBProxies": ("db-proxy",),
    "DescribePendingMaintenanceActions": ("db", "cluster"),
}

# A new database uses the default group of each type that its request does not name. The user guide allows
# pg:default*, og:default* and subgrp:default in its example for creating an instance (UsingWithRDS.IAM ✓). Whether AWS
# checks them for every operation is not documented (△).
_INSTANCE_GROUPS = {"DBParameterGroupName": "pg", "OptionGroupName": "og", "DBSubnetGroupName": "subgrp"}
_CLUSTER_GROUPS = {"DBClusterParameterGroupName": "cluster-pg", "OptionGroupName": "og", "DBSubnetGroupName": "subgrp"}
_DEFAULT_NAMES = {"pg": "default.", "cluster-pg": "default.", "og": "default:", "subgrp": "default"}
_DEFAULT_GROUPS = {
    "CreateDBInstance": _INSTANCE_GROUPS,
    "CreateDBInstanceReadReplica": _INSTANCE_GROUPS,
    "RestoreDBInstanceFromDBSnapshot": _INSTANCE_GROUPS,
    "RestoreDBInstanceFromS3": _INSTANCE_GROUPS,
    "RestoreDBInstanceToPointInTime": _INSTANCE_GROUPS,
    "CreateDBCluster": _CLUSTER_GROUPS,
    "RestoreDBClusterFromS3": _CLUSTER_GROUPS,
    "RestoreDBClusterFromSnapshot": _CLUSTER_GROUPS,
    "RestoreDBClusterToPointInTime": _CLUSTER_GROUPS,
}
_ROLES = ("S3IngestionRoleArn", "MonitoringRoleArn", "DomainIAMRoleName")


def required_permissions(operation: str, parameters: Mapping[str, Any], scope: Scope) -> tuple[Permission, ...]:
    """Return the permissions that a request requires, each once."""
    action = f"rds:{operation}"
    resources = list(_resources(operation, parameters, scope)) or ["*"]
    own = [Permission(action, resource) for resource in resources]
    return tuple(dict.fromkeys([*own, *_dependent(operation, parameters, resources[0], scope)]))


def _resources(operation: str, parameters: Mapping[str, Any], scope: Scope) -> Iterator[str]:
    if operation in _UNLIMITED:
        return
    named = [scope.arn(kind, str(parameters[name])) for name, kind in _TYPES.items() if parameters.get(name)]
    if operation in _LISTS and not named:
        named = [scope.arn(kind, "*") for kind in _LISTS[operation]]
    yield from named
    if operation in _FINAL_SNAPSHOTS and parameters.get("FinalDBSnapshotIdentifier"):
        yield scope.arn(_FINAL_SNAPSHOTS[operation], parameters["FinalDBSnapshotIdentifier"])
    for name, kind in _DEFAULT_GROUPS.get(operation, {}).items():
        if not parameters.get(name):
            yield scope.arn(kind, _DEFAULT_NAMES[kind])


def _dependent(operation: str, parameters: Mapping[str, Any], database: str, scope: Scope) -> Iterator[Permission]:
    """Yield the dependent actions that a parameter requires (Service Authorization Reference ✓).

    The reference also lists rds:CreateDBInstance and rds:ModifyDBInstance for clusters, without a condition. They are
    not checked (△).
    """
    if parameters.get("Tags") and operation != "AddTagsToResource":
        yield Permission("rds:AddTagsToResource", database)
    if parameters.get("ManageMasterUserPassword"):
        for action in ("CreateSecret", "TagResource"):
            yield Permission(f"secretsmanager:{action}", scope.managed_secret_arn())
        yield Permission("kms:DescribeKey", str(parameters.get("MasterUserSecretKmsKeyId") or "*"))
    if parameters.get("KmsKeyId"):
        for action in ("CreateGrant", "DescribeKey"):
            yield Permission(f"kms:{action}", str(parameters["KmsKeyId"]))
    for name in _ROLES:
        if parameters.get(name):
            yield Permission("iam:PassRole", scope.role_arn(str(parameters[name])))
