# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Checks that raise the errors of AWS.

Marks: ✓ AWS's pages or model, △ field reports or old pages, ? uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Backend, Database
from ..state.records import is_multi_az_cluster
from ..state.settings import Settings

IAM = "IAMDatabaseAuthenticationEnabled"
IAM_LOG = "iam-db-auth-error"
SSL = "ssl"

# Parameters whose present values decide about a setting or a login.
FOLLOWED = (SSL, "rds.force_ssl", "rds.iam_auth_for_replication")
UNSUPPORTED = "IAM Database Authentication is not supported for this configuration."

# A database in storage-optimization is operational and accepts other changes (user guide ✓).
_MODIFIABLE = ("available", "storage-optimization")
STORAGE = {"AllocatedStorage", "Iops", "StorageThroughput", "StorageType"}

# The only changes that a stopped instance accepts (user guide, USER_StopInstance ✓).
_ALLOWED_STOPPED = {"DBParameterGroupName", "OptionGroupName"}

# Settings of an Aurora cluster that its members cannot change (ModifyDBInstance in the model ✓).
_MANAGED_BY_CLUSTER = {
    "EnableIAMDatabaseAuthentication": "Modify iam database authentication for",
    "BackupRetentionPeriod": "Modify backup retention for",
    "MasterUserPassword": "Modify master user password for",
    "PreferredBackupWindow": "Modify backup window for",
    "EngineVersion": "Modify the DB engine version of",
    "DBPortNumber": "Modify database endpoint port number for",
    "DeletionProtection": "Modify deletion protection for",
    "VpcSecurityGroupIds": "Modify vpc security group for",
}
_MEMBER_STORAGE = (
    "The specified DB instance is a member of a DB Cluster. Storage grows based on usage. "
    "You don't need to set it explicitly."
)


def refuse_state(database: Database, changes: Iterable[str], settings: Settings) -> None:
    """Raise InvalidDBInstanceState or InvalidDBClusterStateFault if the database is not available (✓; texts △)."""
    asked = set(changes)
    _refuse_storage_change(database, asked)
    if database.status in _MODIFIABLE or _takes_storage(database, asked, settings):
        return
    if database.kind == CLUSTER:
        raise AwsError(
            "InvalidDBClusterStateFault",
            f"DBCluster {database.name} is not currently in the available state.",
        )
    if database.status == "stopped" and asked <= _ALLOWED_STOPPED:
        return
    raise AwsError("InvalidDBInstanceState", "Database instance is not in available state.")


def _refuse_storage_change(database: Database, asked: set[str]) -> None:
    """Refuse another change of the storage in storage-optimization (user guide ✓).

    Code and text: terraform-provider-aws issue 12493 (△); for clusters ?.
    """
    if database.status == "storage-optimization" and asked & STORAGE:
        raise AwsError(
            "InvalidParameterCombination",
            "You can't currently modify the storage of this DB instance because the previous storage change is "
            "being optimized.",
        )


def _takes_storage(database: Database, asked: set[str], settings: Settings) -> bool:
    """Return whether an instance in storage-full accepts the changes.

    It accepts more storage (user guide ✓). Whether it accepts anything else is unknown (?).
    """
    if database.kind == CLUSTER or database.status != "storage-full":
        return False
    return settings.storage_full_takes_changes or asked <= STORAGE


def refuse_nothing(changes: Iterable[str]) -> None:
    """Refuse a Modify without changes (△)."""
    if not list(changes):
        raise AwsError("InvalidParameterCombination", "No modifications were requested")


def refuse_member(backend: Backend, instance: Database, changes: Iterable[str]) -> None:
    """Refuse changes that a cluster member cannot make; members of a Multi-AZ DB cluster can make none (✓).

    Texts △: crossplane-contrib/provider-aws issues 1529 and 1799, aws/aws-cdk issue 22180, Optum/dce issue 244,
    aws-controllers-k8s/rds-controller pull request 99, aws-controllers-k8s/community issue 1028 (storage). The texts
    about IAM authentication and about members of a Multi-AZ DB cluster are modelled on them (?).
    """
    cluster = backend.cluster_of(instance)
    if cluster is None:
        return
    multi_az = is_multi_az_cluster(cluster.record)
    for name in changes:
        if name == "AllocatedStorage" and not multi_az:
            raise AwsError("InvalidParameterCombination", _MEMBER_STORAGE)
        if multi_az or name in _MANAGED_BY_CLUSTER:
            how = _MANAGED_BY_CLUSTER.get(name, f"Modify {_in_words(name)} for")
            raise AwsError(
                "InvalidParameterCombination",
                f"The specified DB Instance is a member of a cluster. {how} the DB Cluster using the "
                "ModifyDbCluster API",
            )


def _in_words(parameter: str) -> str:
    """Return ``DBInstanceClass`` as ``db instance class``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", parameter).lower()


def refuse_iam(backend: Backend, database: Database, wanted: bool) -> None:
    """Raise AwsError if the database cannot have the requested IAM setting."""
    if wanted == database.record.get(IAM, False):
        return
    if not wanted:
        _refuse_always_on(database)
        return
    _refuse_unsupported(backend, database)
    _refuse_kerberos(database)
    _refuse_without_ssl(backend, database)


def _refuse_always_on(database: Database) -> None:
    """Refuse to disable the setting for a cluster with express configuration (Aurora user guide ✓; text ?)."""
    if database.record.get("InternetAccessGatewayEnabled"):
        raise AwsError(
            "InvalidParameterCombination",
            "IAM database authentication can't be disabled for a DB cluster with an internet access gateway.",
        )


def _refuse_unsupported(backend: Backend, database: Database) -> None:
    """Refuse an unsupported engine, version, class (of any cluster member) or deployment (✓)."""
    record = database.record
    members = backend.members(database) if database.kind == CLUSTER else [database]
    classes = [member.record["DBInstanceClass"] for member in members]
    if (
        _deployed_without(record)
        or not _engine_supports(backend, record)
        or not all(_class_supports(backend, record, db_class) for db_class in classes)
    ):
        raise AwsError("InvalidParameterCombination", UNSUPPORTED)


def _engine_supports(backend: Backend, record: dict[str, Any]) -> bool:
    return catalogue.supports_iam(record["Engine"], record["EngineVersion"], "", backend.region)


def _class_supports(backend: Backend, record: dict[str, Any], db_class: str) -> bool:
    engine, version = record["Engine"], record["EngineVersion"]
    if not catalogue.supports_iam(engine, version, db_class, backend.region):
        return False
    offer = backend.world.engines.get(engine)
    return catalogue.is_orderable(offer, version, db_class) or backend.world.settings.unorderable_supports_iam


def _deployed_without(record: dict[str, Any]) -> bool:
    """Return whether the deployment has no support: Outposts and Aurora Serverless v1 (user guides ✓, △)."""
    if record.get("EngineMode") == "serverless" or record.get("BackupTarget") == "outposts":
        return True
    group = record.get("DBSubnetGroup")
    subnets = group.get("Subnets", []) if isinstance(group, dict) else []
    return any(subnet.get("SubnetOutpost", {}).get("Arn") for subnet in subnets)


def _refuse_kerberos(database: Database) -> None:
    """Refuse IAM and Kerberos together for RDS for PostgreSQL (user guide ✓; text ?).

    Aurora PostgreSQL can have both (✓).
    """
    joined = [
        membership
        for membership in database.record.get("DomainMemberships", [])
        if not membership.get("Status", "").endswith(("failed", "removed"))
    ]
    if joined and database.engine == "postgres":
        raise AwsError(
            "InvalidParameterCombination",
            "IAM database authentication and Kerberos authentication can't be enabled together.",
        )


def _refuse_without_ssl(backend: Backend, database: Database) -> None:
    """Refuse PostgreSQL with ``ssl=0`` (user guide of 2023, later removed: ?; therefore a switch; text ?)."""
    if not backend.world.settings.ssl_enforced or not catalogue.is_postgresql(database.engine):
        return
    if parameter_value(backend, database, SSL) == "0":
        raise AwsError(
            "InvalidParameterCombination",
            "IAM Database Authentication requires the ssl parameter to be enabled.",
        )


def parameter_value(backend: Backend, database: Database, name: str) -> str | None:
    """Return the value of a parameter that is in force, or None if it is not set.

    A group that was associated later, and a change with ApplyMethod pending-reboot, take effect after the reboot
    (user guide, USER_WorkingWithParamGroups ✓).
    """
    if name in database.in_force:
        return database.in_force[name]
    record = database.record
    if database.kind == CLUSTER:
        group_name = record["DBClusterParameterGroup"]
    else:
        group_name = next((g["DBParameterGroupName"] for g in record["DBParameterGroups"]), "")
    group = backend.groups[database.kind].get(group_name)
    row = group["Parameters"].get(name) if group else None
    return row.get("ParameterValue") if row else None


def keep_in_force(backend: Backend, database: Database, *names: str) -> None:
    """Keep the present values of parameters in force until the reboot. Call it before the change.

    names: by default, all parameters that the simulator follows.
    """
    for name in names or FOLLOWED:
        database.in_force.setdefault(name, parameter_value(backend, database, name))


def refuse_ssl_off(settings: Settings, change: dict[str, Any], databases: Iterable[Database]) -> None:
    """Refuse ``ssl=0`` while a database with the group uses IAM authentication (user guide of 2023: ?)."""
    off = change.get("ParameterName") == SSL and change.get("ParameterValue") == "0"
    if not off or not settings.ssl_enforced:
        return
    for database in databases:
        if catalogue.is_postgresql(database.engine) and database.record.get(IAM):
            raise AwsError(
                "InvalidParameterCombination",
                f"The ssl parameter can't be disabled: {database.name} uses IAM Database Authentication.",
            )


def refuse_deletion_protection(database: Database) -> None:
    """Refuse to delete a protected database (△)."""
    if database.record.get("DeletionProtection"):
        what = "DB Instance" if database.kind == INSTANCE else "Cluster"
        raise AwsError(
            "InvalidParameterCombination",
            f"Cannot delete protected {what}, please disable deletion protection and try again.",
        )
