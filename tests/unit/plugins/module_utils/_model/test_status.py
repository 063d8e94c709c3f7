# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each status that AWS publishes: whether it allows a change, is transitional, or is terminal."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.status import is_ready, is_terminal
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._rules.verification import ChangeVerification
from ansible_collections.passwordless.rds.plugins.module_utils._run.change_tracker import ChangeTracker
from ansible_collections.passwordless.rds.plugins.module_utils._run.creation_tracker import CreationTracker
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options

NOW = options(apply_immediately=True)
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
EVERY = [
    pytest.param(build, status, group, id=f"{build.__name__}-{status}")
    for build, published in ((instance, OF_INSTANCES), (cluster, OF_CLUSTERS))
    for group, statuses in published.items()
    for status in statuses
]


@pytest.mark.parametrize(("build", "status", "group"), EVERY)
def test_status_published_by_aws_is_classified(build, status, group):
    assert is_ready(status) is (group == "ready")
    assert is_terminal(status) is (group == "terminal")


@pytest.mark.parametrize(("build", "status", "group"), EVERY)
def test_decide_follows_status(build, status, group):
    database = build(status=status)
    tracker = ChangeTracker(Plan(database, decide(database, NOW)), NOW)
    assert (tracker.phase == "ready") is (group == "ready")


@pytest.mark.parametrize(("build", "status", "group"), EVERY)
def test_verify_follows_status(build, status, group):
    before = build()
    _progress, verification = ChangeVerification(before, decide(before, NOW), 0.0).observe(
        build(status=status, current=True), 5.0, NOW
    )
    assert verification.done is (group == "ready")
    assert (verification.problem is not None) is (group == "terminal")


@pytest.mark.parametrize(("build", "status", "group"), EVERY)
def test_creation_follows_status(build, status, group):
    database = build(status=status)
    tracker = CreationTracker(database.id, NOW, "eu-west-1")
    tracker.observe(database, 5.0)
    assert tracker.is_open is (group == "transitional")
    assert bool(tracker.problems) is (group == "terminal")
