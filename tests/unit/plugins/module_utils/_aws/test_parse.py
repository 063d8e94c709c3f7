# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Parsing of descriptions from RDS into the types of the collection."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.parse import parse_cluster, parse_instance
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DatabaseId

INSTANCE = {"DBInstanceIdentifier": "Orders", "Engine": "postgres"}
CLUSTER = {"DBClusterIdentifier": "Ledger", "Engine": "aurora-postgresql", "DBClusterParameterGroup": "own"}
# Amazon RDS User Guide, "Working with parameter groups": ParameterApplyStatus
APPLY_STATUSES = ("failed-to-apply", "applying", "pending-reboot", "pending-database-upgrade")


def instance(**more):
    return parse_instance({**INSTANCE, **more}, region="eu-west-1")


def cluster(*statuses, **more):
    members = [
        {"DBInstanceIdentifier": f"ledger-{n}", "DBClusterParameterGroupStatus": status}
        for n, status in enumerate(statuses)
    ]
    return parse_cluster({**CLUSTER, "DBClusterMembers": members, **more}, region="eu-west-1")


@pytest.mark.parametrize("empty", [None, {}, []])
def test_pending_values_empty_are_omitted(empty):
    pending = {"DBInstanceClass": "db.r6g.large", "ProcessorFeatures": empty}
    assert instance(PendingModifiedValues=pending).other_pending == {"DBInstanceClass": "db.r6g.large"}
    assert cluster(PendingModifiedValues=pending).other_pending == {"DBInstanceClass": "db.r6g.large"}


@pytest.mark.parametrize("value", [False, 0])
def test_pending_values_false_or_zero_are_kept(value):
    assert instance(PendingModifiedValues={"MultiAZ": value}).other_pending == {"MultiAZ": value}


@pytest.mark.parametrize("database", [instance(), cluster(), instance(PendingModifiedValues=None)])
def test_pending_values_absent_are_none(database):
    assert (database.pending, database.other_pending) == (None, {})


def test_replicas_of_kind_cluster_are_clusters():
    found = instance(ReadReplicaDBInstanceIdentifiers=["shop-1"], ReadReplicaDBClusterIdentifiers=["shop-2"])
    assert found.replicas == (DatabaseId("instance", "shop-1"), DatabaseId("cluster", "shop-2"))


@pytest.mark.parametrize("worse", range(len(APPLY_STATUSES)))
def test_apply_status_members_differ_keeps_all_in_order(worse):
    statuses = APPLY_STATUSES[worse:]
    group = cluster("in-sync", *reversed(statuses), *statuses).parameter_group
    assert group.apply_status == statuses[0]
    assert group.unsettled == statuses


def test_apply_status_unknown_comes_first():
    assert cluster("applying", "a-status-of-next-year").parameter_group.unsettled == (
        "a-status-of-next-year",
        "applying",
    )


@pytest.mark.parametrize("statuses", [(), ("in-sync",), ("in-sync", None), ("in-sync", "")])
def test_apply_statuses_settled_are_in_sync(statuses):
    group = cluster(*statuses).parameter_group
    assert (group.apply_status, group.unsettled) == ("in-sync", ())


@pytest.mark.parametrize("status", [*APPLY_STATUSES, "in-sync"])
def test_apply_status_of_an_instance(status):
    groups = [{"DBParameterGroupName": "own", "ParameterApplyStatus": status}]
    assert instance(DBParameterGroups=groups).parameter_group.unsettled == ((status,) if status != "in-sync" else ())
