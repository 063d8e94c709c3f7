# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each status that AWS publishes, for instances and clusters, by what it means for a change."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

READY = ("available", "storage-optimization")
# Amazon RDS User Guide, "Viewing Amazon RDS DB instance status"; Aurora adds backtracking
OF_INSTANCES = {
    "ready": READY,
    "transitional": (
        "backing-up",
        "backtracking",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "converting-to-vpc",
        "creating",
        "delete-precheck",
        "maintenance",
        "modifying",
        "moving-to-vpc",
        "rebooting",
        "renaming",
        "resetting-master-credentials",
        "starting",
        "stopping",
        "storage-config-upgrade",
        "storage-initialization",
        "upgrading",
    ),
    "terminal": (
        "deleting",
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "incompatible-create",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "insufficient-capacity",
        "restore-error",
        "stopped",
        "storage-full",
        "upgrade-failed",
        # only among the terminal states of the CloudFormation provider of AWS
        "incompatible-credentials",
        "modify-failed",
    ),
}
# Amazon Aurora User Guide, "Viewing DB cluster status"
OF_CLUSTERS = {
    "ready": READY,
    "transitional": (
        "backing-up",
        "backtracking",
        "creating",
        "failing-over",
        "maintenance",
        "migrating",
        "modifying",
        "preparing-data-migration",
        "promoting",
        "renaming",
        "resetting-master-credentials",
        "starting",
        "stopping",
        "update-iam-db-auth",
        "upgrading",
        # not in the guide, but reported by users
        "configuring-iam-database-auth",
        "rebooting",
        "scaling-compute",
        "scaling-storage",
        "a-status-of-next-year",
    ),
    "terminal": (
        "cloning-failed",
        "deleting",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "migration-failed",
        "stopped",
        "upgrade_failed",
        # only among the terminal states of the CloudFormation provider of AWS
        "incompatible-network",
        "incompatible-parameters",
        "incompatible-restore",
        "restore-failed",
    ),
}
# builder of the database, its status, and the group of the status
EVERY_STATUS = [
    pytest.param(build, status, group, id=f"{build.__name__}-{status}")
    for build, published in ((instance, OF_INSTANCES), (cluster, OF_CLUSTERS))
    for group, statuses in published.items()
    for status in statuses
]
