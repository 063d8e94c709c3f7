# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CreateDBInstance: a separate instance, or a member of an Aurora cluster."""

from __future__ import annotations

import copy
from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules import windows
from ..rules.refusals import IAM, UNSUPPORTED
from ..state.backend import Database
from ..state.lookup import find
from ..state.records import add_member, instance_record, is_multi_az_cluster
from ..state.settings import Settings
from . import request_checks, request_parameters
from .creation import NewDatabase, iam_setting, make_instance
from .creation_stages import start_creation
from .master_user import refuse_iam_master
from .networks import network_of

# Minimum GiB by storage type; a switch for General Purpose (model, AllocatedStorage of CreateDBInstance ✓).
_SMALLEST_PROVISIONED = 100
_SMALLEST_MAGNETIC = {"oracle": 10, "sqlserver": 20}
_SMALLEST_CUSTOM = 40

# Settings that the cluster manages (model: "managed by the DB cluster" ✓; the text of the first
# two: community.aws issue 850 △, of the others ?).
_OF_THE_CLUSTER = {
    "MasterUserPassword": "master user password",
    "MasterUsername": "master user name",
    "AllocatedStorage": "allocated storage",
    "BackupRetentionPeriod": "backup retention period",
    "DBName": "database name",
    "EnableIAMDatabaseAuthentication": "IAM database authentication",
    "KmsKeyId": "KMS key",
    "ManageMasterUserPassword": "master user password management",
    "Port": "port",
    "PreferredBackupWindow": "backup window",
    "StorageEncrypted": "storage encryption",
    "VpcSecurityGroupIds": "VPC security groups",
}
_LIKE_THE_CLUSTER = (
    "BackupRetentionPeriod",
    "KmsKeyId",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "StorageType",
    "VpcSecurityGroups",
)


@operation("CreateDBInstance")
def create_db_instance(request: ApiRequest) -> dict[str, Any]:
    """Start to create a DB instance; raise AwsError if the request is invalid (model ✓)."""
    parameters = request.parameters
    name = request_checks.unused_name(
        request.backend, INSTANCE, "DBInstanceIdentifier", parameters["DBInstanceIdentifier"]
    )
    engine = request_checks.find_engine(request.backend, parameters["Engine"], clustered=False)
    if "DBClusterIdentifier" in parameters:
        cluster = find(request.backend, CLUSTER, parameters["DBClusterIdentifier"])
        database = _member(request, name, cluster)
        add_member(cluster, database.record)
    else:
        request_checks.refuse_master(request, INSTANCE, engine.name)
        refuse_iam_master(parameters, engine.name, iam=bool(parameters.get("EnableIAMDatabaseAuthentication")))
        if engine.aurora:
            raise AwsError("InvalidParameterCombination", f"{engine.name} instances need a DBClusterIdentifier.")
        _refuse_storage(parameters, engine.name, request.world.settings)
        new_database = NewDatabase(
            name=name,
            engine=engine,
            version=request_checks.choose_version(engine, parameters.get("EngineVersion")),
            iam=iam_setting(request, source=False, inherits=False),
        )
        database = make_instance(request, new_database, parameters["DBInstanceClass"])
    start_creation(request.backend, database)
    return {"DBInstance": database.record}


def _refuse_storage(parameters: dict[str, Any], engine: str, settings: Settings) -> None:
    """Refuse missing or too little storage (model ✓; texts: cloudformation-coverage-roadmap issue 1557 △).

    Older pages state 5 GiB for General Purpose storage (△), so it is a switch.
    """
    size = parameters.get("AllocatedStorage")
    if size is None:
        text = "The parameter AllocatedStorage must be provided and must not be null."
        raise AwsError("InvalidParameterValue", text)
    usual = "io1" if "Iops" in parameters else settings.default_storage_type
    storage = parameters.get("StorageType") or usual
    if size < _smallest_storage(engine, storage, settings):
        text = f"Invalid storage size for engine name {engine} and storage type {storage}: {size}"
        raise AwsError("InvalidParameterValue", text)


def _smallest_storage(engine: str, storage: str, settings: Settings) -> float:
    if engine.startswith("custom-"):
        return _SMALLEST_CUSTOM
    if storage.startswith("io"):
        return _SMALLEST_PROVISIONED
    if storage == "standard":
        return _SMALLEST_MAGNETIC.get(engine.partition("-")[0], 5)
    return settings.smallest_general_storage


def _member(request: ApiRequest, name: str, cluster: Database) -> Database:
    """Create a member of an Aurora cluster, which shows the setting of its cluster."""
    backend, parameters = request.backend, request.parameters
    engine = request_checks.find_engine(request.backend, parameters["Engine"], clustered=True)
    _refuse_membership(request, cluster)
    version, db_class = str(cluster.record["EngineVersion"]), parameters["DBInstanceClass"]
    request_checks.refuse_class(engine, version, db_class)
    _refuse_class_in(request, cluster, db_class)
    group = request_checks.parameter_group(
        backend, INSTANCE, parameters.get("DBParameterGroupName"), engine.name, version
    )
    record = member_record(request, name, cluster, db_class=db_class, group=group)
    record.update(request_parameters.plain_members(parameters, request_parameters.INSTANCE_MEMBERS, ()))
    record.update(request_parameters.certificate(parameters))
    record["TagList"] = request_parameters.tags(parameters, [])
    given = {windows.BACKUP, *parameters}
    record.update(windows.select_windows(record, given, may_touch=request.world.settings.windows_may_touch))
    return Database(kind=INSTANCE, record=record)


def member_record(request: ApiRequest, name: str, cluster: Database, *, db_class: str, group: str) -> dict[str, Any]:
    """Return the record of a member, with the values that its cluster determines."""
    record = instance_record(
        request.backend,
        identifier=name,
        engine=cluster.engine,
        version=str(cluster.record["EngineVersion"]),
        db_class=db_class,
        parameter_group=group,
        cluster=cluster.record,
    )
    record.update({key: cluster.record.get(key) for key in _LIKE_THE_CLUSTER if key in cluster.record})
    if not record["StorageEncrypted"]:
        record.pop("KmsKeyId", None)
    record["Endpoint"]["Port"] = cluster.record["Port"]
    record["DBSubnetGroup"] = copy.deepcopy(network_of(request.backend, cluster.record["DBSubnetGroup"]))
    return record


def _refuse_membership(request: ApiRequest, cluster: Database) -> None:
    parameters = request.parameters
    if is_multi_az_cluster(cluster.record):
        # cloudposse/terraform-aws-rds-cluster issue 206 (△).
        raise AwsError(
            "InvalidParameterValue",
            "CreateDBInstance can't be used to create a DB instance in a Multi-AZ DB cluster. "
            "Use CreateDBCluster instead.",
        )
    if parameters["Engine"].lower() != cluster.engine:
        raise AwsError(
            "InvalidParameterCombination",
            f"The engine name requested for your DB instance ({parameters['Engine']}) doesn't match the engine name "
            f"of your DB cluster ({cluster.engine}).",
        )
    if parameters.get("EngineVersion") not in (None, cluster.record["EngineVersion"]):
        raise AwsError(
            "InvalidParameterCombination",
            "The engine version that you requested for your DB instance does not match the engine version of your "
            "DB cluster.",
        )
    for parameter, what in _OF_THE_CLUSTER.items():
        if parameter in parameters:
            text = f"The requested DB Instance will be a member of a DB Cluster. Set {what} for the DB Cluster."
            raise AwsError("InvalidParameterCombination", text)
    if cluster.status not in ("available", "storage-optimization"):
        # Members can be created once the cluster is available (Aurora user guide ✓; text ?).
        raise AwsError(
            "InvalidDBClusterStateFault", f"DBCluster {cluster.name} is not currently in the available state."
        )


def _refuse_class_in(request: ApiRequest, cluster: Database, db_class: str) -> None:
    if db_class == "db.serverless" and "ServerlessV2ScalingConfiguration" not in cluster.record:
        # terraform-aws-rds-aurora issue 537 (△).
        raise AwsError(
            "InvalidDBClusterStateFault",
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 "
            "DB instance.",
        )
    version, region = str(cluster.record["EngineVersion"]), request.backend.region
    if cluster.record.get(IAM) and not catalogue.supports_iam(cluster.engine, version, db_class, region):
        # A cluster with IAM authentication requires compatible members (Aurora user guide ✓; code and text ?).
        raise AwsError("InvalidParameterCombination", UNSUPPORTED)
