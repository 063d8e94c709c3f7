# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The records of new databases, from a request and from the source that they inherit from."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..api.registry import ApiRequest
from ..engines.engines import Engine
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules import refusals, windows
from ..state.backend import Database
from ..state.login_service import DataImage
from ..state.records import cluster_record, instance_record, set_storage
from . import log_exports, request_checks, request_parameters
from .kms_keys import key_arn
from .login_data import add_data

_INHERITED_BY_BOTH = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "CharacterSetName",
    "EngineLifecycleSupport",
    "Iops",
    "KmsKeyId",
    "MasterUsername",
    "NetworkType",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "StorageType",
)

# What a restored database inherits (user guides, USER_RestoreFromSnapshot, aurora-pitr ✓).
INHERITED = {
    INSTANCE: (
        *_INHERITED_BY_BOTH,
        "DBName",
        "LicenseModel",
        "MultiTenant",
        "NcharCharacterSetName",
        "ProcessorFeatures",
        "StorageThroughput",
        "Timezone",
    ),
    CLUSTER: (*_INHERITED_BY_BOTH, "DatabaseName", "EngineMode", "Port"),
}
_NEW = {"StorageEncrypted": False, "KmsKeyId": None, "BackupRetentionPeriod": 1}


@dataclass(frozen=True)
class NewDatabase:
    """A new database.

    inherited: record members that it inherits from a source. own: parameters that the operation handles itself.
    option_group: the option group that it inherits. iam: its initial IAM setting. data: the data that it inherits, if
    the source accepts logins.
    """

    name: str
    engine: Engine
    version: str
    own: tuple[str, ...] = ()
    inherited: dict[str, Any] = field(default_factory=lambda: dict(_NEW))
    port: int | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    option_group: str | None = None
    iam: bool = False
    data: DataImage | None = None


def inherited_members(kind: str, source: dict[str, Any], *, but: Iterable[str] = ()) -> dict[str, Any]:
    """Return the members of a record that a restored database inherits."""
    names = [name for name in INHERITED[kind] if name not in but]
    return {"KmsKeyId": None, **{name: copy.deepcopy(source[name]) for name in names if name in source}}


def iam_setting(request: ApiRequest, source: bool, *, inherits: bool) -> bool:
    """Return the IAM setting of a new database: the requested one or, if the request omits it, the inherited one.

    AWS's pages contradict each other about inheritance (user guide: as in the source; API reference: off; ?).
    """
    asked = request.parameters.get("EnableIAMDatabaseAuthentication")
    inherited = source and inherits
    return inherited if asked is None or request.world.settings.restore_ignores_iam else bool(asked)


def make_instance(request: ApiRequest, new_database: NewDatabase, db_class: str) -> Database:
    """Return a new instance that is not a cluster member, before it is added; raise AwsError if it is invalid."""
    backend, parameters = request.backend, request.parameters
    request_checks.refuse_class(new_database.engine, new_database.version, db_class)
    request_checks.refuse_retention(parameters.get("BackupRetentionPeriod"), least=0)
    group = request_checks.parameter_group(
        backend, INSTANCE, parameters.get("DBParameterGroupName"), new_database.engine.name, new_database.version
    )
    options = request_checks.option_group(
        backend,
        parameters.get("OptionGroupName") or new_database.option_group,
        new_database.engine.name,
        new_database.version,
    )
    if parameters.get("MultiAZ") and parameters.get("AvailabilityZone"):
        raise AwsError(
            "InvalidParameterCombination",
            "Requesting a specific availability zone is not valid for Multi-AZ instances.",
        )
    network, security_groups = request_parameters.choose_network(backend, parameters)
    record = instance_record(
        backend,
        identifier=new_database.name,
        engine=new_database.engine.name,
        version=new_database.version,
        db_class=db_class,
        parameter_group=group,
    )
    record.update(new_database.inherited)
    record.update(request_parameters.plain_members(parameters, request_parameters.INSTANCE_MEMBERS, new_database.own))
    record.update(
        request_parameters.certificate(parameters),
        DBSubnetGroup=copy.deepcopy(network),
        VpcSecurityGroups=security_groups,
        OptionGroupMemberships=[{"OptionGroupName": options, "Status": "in-sync"}],
        TagList=request_parameters.tags(parameters, new_database.tags),
        DomainMemberships=request_parameters.domain_memberships(parameters),
    )
    _set_storage_type(request, new_database, record)
    record["Endpoint"]["Port"] = parameters.get("Port") or new_database.port or new_database.engine.port
    request_parameters.add_secret(backend, record, parameters, record["DbiResourceId"])
    return _finished(request, new_database, Database(kind=INSTANCE, record=record))


def _set_storage_type(request: ApiRequest, new_database: NewDatabase, record: dict[str, Any]) -> None:
    """Set the storage type: the requested one, that of the source, io1 with Iops, or the default.

    "Default: io1, if the Iops parameter is specified. Otherwise, gp3" (model, CreateDBInstance ✓). ModifyDBInstance
    states gp2, and field reports show magnetic storage (cloudformation-coverage-roadmap issue 177 △), so it is a
    switch. Restores: "as in the snapshot" in the user guide, but the same default in the model, so it is also a
    switch.
    """
    parameters, settings = request.parameters, request.world.settings
    inherited = new_database.inherited.get("StorageType") if settings.restore_keeps_storage_type else None
    usual = "io1" if "Iops" in parameters else settings.default_storage_type
    storage_type = parameters.get("StorageType") or inherited or usual
    known = new_database.inherited if storage_type == new_database.inherited.get("StorageType") else {}
    set_storage(record, storage_type, {**known, **parameters})


def make_cluster(request: ApiRequest, new_database: NewDatabase) -> Database:
    """Return a new cluster without members, before it is added; raise AwsError if it is invalid."""
    backend, parameters = request.backend, request.parameters
    request_checks.refuse_cluster_class(
        new_database.engine, new_database.version, parameters.get("DBClusterInstanceClass")
    )
    request_checks.refuse_retention(parameters.get("BackupRetentionPeriod"), least=1)
    request_parameters.refuse_serverless(parameters)
    group = request_checks.parameter_group(
        backend, CLUSTER, parameters.get("DBClusterParameterGroupName"), new_database.engine.name, new_database.version
    )
    network, security_groups = request_parameters.choose_network(backend, parameters)
    record = cluster_record(
        backend,
        identifier=new_database.name,
        engine=new_database.engine.name,
        version=new_database.version,
        parameter_group=group,
    )
    record.update(new_database.inherited)
    record.update(request_parameters.plain_members(parameters, request_parameters.CLUSTER_MEMBERS, new_database.own))
    record.update(
        DBSubnetGroup=network["DBSubnetGroupName"],
        VpcSecurityGroups=security_groups,
        TagList=request_parameters.tags(parameters, new_database.tags),
        DomainMemberships=request_parameters.domain_memberships(parameters),
    )
    if new_database.engine.aurora:
        record["AllocatedStorage"] = 1
    if "OptionGroupName" in parameters:
        options = request_checks.option_group(
            backend, parameters["OptionGroupName"], new_database.engine.name, new_database.version
        )
        record["DBClusterOptionGroupMemberships"] = [{"DBClusterOptionGroupName": options, "Status": "in-sync"}]
    request_parameters.add_secret(backend, record, parameters, record["DbClusterResourceId"])
    return _finished(request, new_database, Database(kind=CLUSTER, record=record))


def _finished(request: ApiRequest, new_database: NewDatabase, database: Database) -> Database:
    given = {*request.parameters, *new_database.inherited}
    may_touch = request.world.settings.windows_may_touch
    database.record.update(windows.select_windows(database.record, given, may_touch=may_touch))
    request_parameters.set_encryption_key(request.backend, database.record)
    if request.parameters.get("KmsKeyId"):
        database.record["KmsKeyId"] = key_arn(request.backend, request.parameters["KmsKeyId"])
    log_exports.refuse_unknown(database, request.parameters.get("EnableCloudwatchLogsExports", []))
    refusals.refuse_iam(request.backend, database, new_database.iam)
    database.record[refusals.IAM] = new_database.iam
    add_data(request, database, new_database.data)
    return database
