# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeDBInstances, ModifyDBInstance, and the orderable options."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from ..api.filters import Filter, apply_filters, identifiers
from ..api.paging import last_shown, page
from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError, not_implemented
from ..kinds import INSTANCE
from ..rules import refusals, windows
from ..rules.lifecycle import move_window, request_changes
from ..state.backend import Backend, Database
from ..state.lookup import find
from . import log_exports, master_user, request_checks
from .backups import with_window
from .modifications import Plan, plan_changes
from .networks import refuse_other_vpc
from .parameter_groups import applied_to, find_group

# Record members that wait for the maintenance window, by request parameter.
_DEFERRABLE = {
    "AllocatedStorage": "AllocatedStorage",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "CACertificateIdentifier": "CACertificateIdentifier",
    "DBInstanceClass": "DBInstanceClass",
    "DBPortNumber": "Port",
    "DBSubnetGroupName": "DBSubnetGroupName",
    "DedicatedLogVolume": "DedicatedLogVolume",
    "EnableIAMDatabaseAuthentication": refusals.IAM,
    "EngineVersion": "EngineVersion",
    "Iops": "Iops",
    "LicenseModel": "LicenseModel",
    "MultiAZ": "MultiAZ",
    "MultiTenant": "MultiTenant",
    "NewDBInstanceIdentifier": "DBInstanceIdentifier",
    "ProcessorFeatures": "ProcessorFeatures",
    "StorageThroughput": "StorageThroughput",
    "StorageType": "StorageType",
}
_AT_ONCE = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DeletionProtection": "DeletionProtection",
    "EnableCustomerOwnedIp": "CustomerOwnedIpEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MaxAllocatedStorage": "MaxAllocatedStorage",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "NetworkType": "NetworkType",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "PromotionTier": "PromotionTier",
    "PubliclyAccessible": "PubliclyAccessible",
}
PLAN = Plan(
    identifier="DBInstanceIdentifier",
    deferrable=_DEFERRABLE,
    at_once=_AT_ONCE,
    special=("DBParameterGroupName", "OptionGroupName", "VpcSecurityGroupIds", log_exports.PARAMETER),
    # Secrets and modifiers of other parameters, which Describe does not show.
    unseen=("AllowMajorVersionUpgrade", "MasterUserPassword", *master_user.PARAMETERS, "UseDefaultProcessorFeatures"),
)


def _by_cluster(database: Database) -> Iterable[str]:
    return [str(database.record.get("DBClusterIdentifier", ""))]


def _domains(database: Database) -> Iterable[str]:
    return [str(item.get("Domain")) for item in database.record["DomainMemberships"]]


FILTERS: dict[str, Filter[Database]] = {
    "db-cluster-id": Filter(_by_cluster, arn_type="cluster"),
    "db-instance-id": Filter(identifiers, arn_type="db"),
    "dbi-resource-id": Filter(lambda database: [database.record["DbiResourceId"].lower()]),
    "domain": Filter(_domains),
    "engine": Filter(lambda database: [database.engine]),
}


@operation("DescribeDBInstances")
def describe_db_instances(request: ApiRequest) -> dict[str, Any]:
    """Return one instance by identifier (name or ARN), or all that pass the filters, in pages."""
    given = request.parameters.get("DBInstanceIdentifier")
    database_store: Iterable[Database] = request.backend.instances.after(last_shown(request))
    if given:
        database_store = [find(request.backend, INSTANCE, given)]
    return page(
        request,
        "DBInstances",
        apply_filters(request, database_store, FILTERS),
        key=lambda database: database.name,
        show=partial(with_window, request.backend),
    )


@operation("ModifyDBInstance")
def modify_db_instance(request: ApiRequest) -> dict[str, Any]:
    """Modify an instance: request the changes that can be deferred, and apply the others immediately."""
    backend, parameters = request.backend, request.parameters
    database = find(backend, INSTANCE, parameters["DBInstanceIdentifier"])
    changes = plan_changes(PLAN, parameters)
    refusals.refuse_nothing(changes.asked)
    refusals.refuse_state(database, changes.asked, request.world.settings)
    refusals.refuse_member(backend, database, changes.asked)
    if refusals.IAM in changes.deferrable:
        refusals.refuse_iam(backend, database, changes.deferrable[refusals.IAM])
    master_user.refuse_master_change(request, database)
    request_checks.refuse_retention(parameters.get("BackupRetentionPeriod"), least=0)
    refuse_other_vpc(backend, str(database.record["DBSubnetGroup"]["VpcId"]), parameters)
    group = _group_to_associate(backend, parameters)
    exports = log_exports.exports_after(database, parameters)
    may_touch = request.world.settings.windows_may_touch
    moved = windows.requested_windows(database.record, changes.at_once, may_touch=may_touch)
    database.record.update(changes.at_once)
    database.record.update(moved)
    log_exports.set_exports(database, exports)
    master_user.change_master_user(request, database)
    if group is not None:
        _associate(request, database, group)
    _set_lists(database, parameters)
    immediately = parameters.get("ApplyImmediately", False)
    request_changes(backend, database, changes.deferrable, immediately=immediately)
    if windows.MAINTENANCE in moved:
        move_window(backend, database)
    return {"DBInstance": database.record}


def _group_to_associate(backend: Backend, parameters: dict[str, Any]) -> str | None:
    name = parameters.get("DBParameterGroupName")
    if name is None:
        return None
    group = find_group(backend, INSTANCE, name)
    if group is None:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    return str(group["DBParameterGroupName"])


def _associate(request: ApiRequest, database: Database, name: str) -> None:
    """Associate a group immediately, regardless of ApplyImmediately; its values wait for a reboot (user guide ✓)."""
    if applied_to(database, name):
        return
    refusals.keep_in_force(request.backend, database)
    item = {"DBParameterGroupName": name, "ParameterApplyStatus": "applying"}
    database.record["DBParameterGroups"] = [item]
    request.world.clock.after(
        request.world.settings.parameter_apply_seconds,
        partial(item.update, ParameterApplyStatus="pending-reboot"),
    )


def _set_lists(database: Database, parameters: dict[str, Any]) -> None:
    if "VpcSecurityGroupIds" in parameters:
        database.record["VpcSecurityGroups"] = [
            {"VpcSecurityGroupId": name, "Status": "active"} for name in parameters["VpcSecurityGroupIds"]
        ]
    if "OptionGroupName" in parameters:
        database.record["OptionGroupMemberships"] = [
            {"OptionGroupName": parameters["OptionGroupName"], "Status": "in-sync"}
        ]


@operation("DescribeOrderableDBInstanceOptions")
def describe_orderable_db_instance_options(request: ApiRequest) -> dict[str, Any]:
    """Return one row per version, class and storage type that is still offered (✓)."""
    parameters = request.parameters
    for name in ("AvailabilityZoneGroup", "Filters"):
        if parameters.get(name):
            raise not_implemented(f"{name} of DescribeOrderableDBInstanceOptions")
    offer = request.world.engines.get(parameters["Engine"].lower())
    version, db_class = parameters.get("EngineVersion"), parameters.get("DBInstanceClass")
    rows = catalogue.orderable(offer, request.backend.region, version, db_class) if offer else iter(())
    return page(
        request,
        "OrderableDBInstanceOptions",
        _numbered(_matching(rows, parameters)),
        key=lambda item: item[0],
        largest=1000,
        show=lambda item: item[1],
    )


def _matching(rows: Iterator[dict[str, Any]], parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if parameters.get("LicenseModel") in (None, row["LicenseModel"]) and parameters.get("Vpc") in (
            None,
            row["Vpc"],
        ):
            yield row


def _numbered(rows: Iterator[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    return zip((f"{number:08d}" for number in itertools.count()), rows, strict=False)
