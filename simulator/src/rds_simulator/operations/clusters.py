# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeDBClusters and ModifyDBCluster."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ..api.filters import Filter, apply_filters, identifiers
from ..api.paging import last_shown, page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER
from ..rules import refusals, windows
from ..rules.lifecycle import move_window, request_changes
from ..state.backend import Backend, Database
from ..state.lookup import find
from . import log_exports, master_user, request_checks
from .backups import with_window
from .modifications import Plan, plan_changes
from .networks import network_of, refuse_other_vpc
from .parameter_groups import find_group

_DEFERRABLE = {
    "AllocatedStorage": "AllocatedStorage",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "EnableIAMDatabaseAuthentication": refusals.IAM,
    "EngineVersion": "EngineVersion",
    "Iops": "Iops",
    "NewDBClusterIdentifier": "DBClusterIdentifier",
    "StorageType": "StorageType",
}
_AT_ONCE = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DeletionProtection": "DeletionProtection",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "NetworkType": "NetworkType",
    "Port": "Port",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "ServerlessV2ScalingConfiguration": "ServerlessV2ScalingConfiguration",
}
PLAN = Plan(
    identifier="DBClusterIdentifier",
    deferrable=_DEFERRABLE,
    at_once=_AT_ONCE,
    special=("DBClusterParameterGroupName", "VpcSecurityGroupIds", log_exports.PARAMETER),
    unseen=("AllowMajorVersionUpgrade", "MasterUserPassword", *master_user.PARAMETERS),
)
FILTERS: dict[str, Filter[Database]] = {
    "clone-group-id": Filter(lambda database: [str(database.record.get("CloneGroupId"))]),
    "db-cluster-id": Filter(identifiers, arn_type="cluster"),
    "db-cluster-resource-id": Filter(lambda database: [database.record["DbClusterResourceId"].lower()]),
    "domain": Filter(lambda database: [str(item.get("Domain")) for item in database.record["DomainMemberships"]]),
    "engine": Filter(lambda database: [database.engine]),
}


@operation("DescribeDBClusters")
def describe_db_clusters(request: ApiRequest) -> dict[str, Any]:
    """Return one cluster by identifier (name or ARN), or all that pass the filters, in pages."""
    given = request.parameters.get("DBClusterIdentifier")
    database_store: Iterable[Database] = request.backend.clusters.after(last_shown(request))
    if given:
        database_store = [find(request.backend, CLUSTER, given)]
    return page(
        request,
        "DBClusters",
        apply_filters(request, database_store, FILTERS),
        key=lambda database: database.name,
        show=partial(with_window, request.backend),
    )


@operation("ModifyDBCluster")
def modify_db_cluster(request: ApiRequest) -> dict[str, Any]:
    """Modify a cluster: request the changes that can be deferred, and apply the others immediately."""
    backend, parameters = request.backend, request.parameters
    database = find(backend, CLUSTER, parameters["DBClusterIdentifier"])
    changes = plan_changes(PLAN, parameters)
    refusals.refuse_nothing(changes.asked)
    refusals.refuse_state(database, changes.asked, request.world.settings)
    if refusals.IAM in changes.deferrable:
        refusals.refuse_iam(backend, database, changes.deferrable[refusals.IAM])
    master_user.refuse_master_change(request, database)
    request_checks.refuse_retention(parameters.get("BackupRetentionPeriod"), least=1)
    refuse_other_vpc(backend, str(network_of(backend, database.record["DBSubnetGroup"])["VpcId"]), parameters)
    group = _group_to_associate(backend, parameters)
    exports = log_exports.exports_after(database, parameters)
    may_touch = request.world.settings.windows_may_touch
    moved = windows.requested_windows(database.record, changes.at_once, may_touch=may_touch)
    if "Port" in changes.at_once:
        _restart(backend, database, changes.at_once["Port"])
    database.record.update(changes.at_once)
    database.record.update(moved)
    log_exports.set_exports(database, exports)
    master_user.change_master_user(request, database)
    if "VpcSecurityGroupIds" in parameters:
        database.record["VpcSecurityGroups"] = [
            {"VpcSecurityGroupId": name, "Status": "active"} for name in parameters["VpcSecurityGroupIds"]
        ]
    if group is not None and group != database.record["DBClusterParameterGroup"]:
        _associate(request, database, group)
    immediately = parameters.get("ApplyImmediately", False)
    request_changes(backend, database, changes.deferrable, immediately=immediately)
    if windows.MAINTENANCE in moved:
        move_window(backend, database)
    return {"DBCluster": database.record}


def _restart(backend: Backend, database: Database, port: int) -> None:
    """Reboot all members immediately because of a new port (Aurora user guide, Aurora.Modifying ✓)."""
    if port == database.record["Port"]:
        return
    for one in (database, *backend.members(database)):
        one.outages += 1
    for member in backend.members(database):
        member.record["Endpoint"]["Port"] = port


def _group_to_associate(backend: Backend, parameters: dict[str, Any]) -> str | None:
    name = parameters.get("DBClusterParameterGroupName")
    if name is None:
        return None
    group = find_group(backend, CLUSTER, name)
    if group is None:
        raise AwsError("DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {name}")
    return str(group["DBClusterParameterGroupName"])


def _associate(request: ApiRequest, database: Database, name: str) -> None:
    """Associate a parameter group immediately; its values take effect when the members are rebooted.

    Aurora user guide: some values are applied immediately, others after the reboot; it does not specify which (?).
    """
    refusals.keep_in_force(request.backend, database)
    database.record["DBClusterParameterGroup"] = name
    for item in database.record["DBClusterMembers"]:
        item["DBClusterParameterGroupStatus"] = "applying"
        request.world.clock.after(
            request.world.settings.parameter_apply_seconds,
            partial(item.update, DBClusterParameterGroupStatus="pending-reboot"),
        )
