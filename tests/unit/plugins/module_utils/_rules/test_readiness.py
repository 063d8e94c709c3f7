# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How far a database is from IAM database authentication, and what Security Hub reports for it."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.readiness import (
    READINESS_VALUES,
    database_readiness,
    readiness_summary,
    security_controls,
    security_hub_findings,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.statuses import OF_INSTANCES

PROBLEM = Problem("ssl_disabled", "ssl is 0")


@pytest.mark.parametrize(
    ("database", "problems", "checked", "expected"),
    [
        (instance(), [], True, "ready"),
        (instance(), [], False, "unknown"),
        (instance(), [PROBLEM], True, "blocked"),
        (instance(), [PROBLEM], False, "blocked"),
        (instance(current=True), [PROBLEM], True, "enabled"),
        (instance(current=True), [], False, "enabled"),
        (instance(engine="oracle-ee"), [PROBLEM], True, "not_applicable"),
        (cluster(), [], True, "ready"),
    ],
)
def test_database_readiness(database, problems, checked, expected):
    assert database_readiness(database, problems, checked=checked) == expected


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        (instance(), {"RDS.10": "FAILED"}),
        (instance(current=True), {"RDS.10": "PASSED"}),
        (instance(pending=True), {"RDS.10": "FAILED"}),
        (instance(engine="mysql", status="storage-full"), {"RDS.10": "FAILED"}),
        (instance(status="stopped"), {"RDS.10": "NOT_APPLICABLE"}),
        (instance(engine="mariadb", current=True), {"RDS.10": "PASSED"}),
        (instance(engine="oracle-ee"), {"RDS.10": "NOT_APPLICABLE"}),
        (instance(engine="aurora-mysql", cluster_identifier="ledger", current=True), {"RDS.10": "PASSED"}),
        (instance(cluster_identifier="trio"), {"RDS.10": "FAILED"}),
        (cluster(), {"RDS.12": "FAILED"}),
        (cluster(current=True), {"RDS.12": "PASSED"}),
        # the control for clusters does not depend on the status
        (cluster(status="modifying"), {"RDS.12": "FAILED"}),
        (cluster(status="stopped"), {"RDS.12": "FAILED"}),
        (cluster(engine="neptune"), {"RDS.12": "NOT_APPLICABLE"}),
    ],
)
def test_security_controls(database, expected):
    assert security_controls(database) == expected


def test_security_hub_findings_each_evaluated_database_once():
    member = instance("ledger-1", engine="aurora-postgresql", cluster_identifier="ledger", current=True)
    databases = [cluster(current=True), member, member, instance(pending=True), instance("old", engine="oracle-ee")]
    found = security_hub_findings(databases)
    assert [(entry["control"], entry["resource_arn"].rpartition(":")[2], entry["status"]) for entry in found] == [
        ("RDS.12", "ledger", "PASSED"),
        ("RDS.10", "ledger-1", "PASSED"),
        ("RDS.10", "orders", "FAILED"),
    ]
    reasons = [entry["reason"] for entry in found]
    assert "ledger" in reasons[1]
    assert "pending" in reasons[2]
    assert "pending" not in reasons[0]


@pytest.mark.parametrize(
    ("values", "coverage"),
    [
        ([], 100.0),
        (["not_applicable"], 100.0),
        (["enabled", "not_applicable"], 100.0),
        (["ready"], 0.0),
        (["enabled", "ready", "blocked"], 33.3),
        # 99.95 % is not all of them
        (["enabled"] * 1999 + ["unknown"], 99.9),
        (["enabled"] * 9999 + ["ready"], 99.9),
        (["enabled"] * 9999, 100.0),
        (["ready", "enabled", "enabled", "not_applicable"], 66.7),
    ],
)
def test_readiness_summary_coverage(values, coverage):
    database = instance()
    found = readiness_summary([(database, value) for value in values])
    assert found["coverage_percent"] == coverage
    assert found["total"] == len(values)
    assert {value: found[value] for value in READINESS_VALUES} == {v: values.count(v) for v in READINESS_VALUES}


def test_readiness_summary_pending_counts_only_changes():
    databases = [instance(pending=True), instance(pending=False), instance(current=True, pending=False), instance()]
    assert readiness_summary([(database, "ready") for database in databases])["pending"] == 2


# Source: AWS Config, rule rds-instance-iam-authentication-enabled, and the list of statuses of the RDS User Guide
EVALUATED = ("available", "backing-up", "storage-optimization", "storage-full")
NOT_EVALUATED = [status for statuses in OF_INSTANCES.values() for status in statuses if status not in EVALUATED]


@pytest.mark.parametrize("engine", ["mysql", "postgres", "mariadb", "aurora", "aurora-mysql", "aurora-postgresql"])
@pytest.mark.parametrize("status", [*EVALUATED, *NOT_EVALUATED])
def test_security_controls_by_instance_status(status, engine):
    expected = "FAILED" if status in EVALUATED else "NOT_APPLICABLE"
    assert security_controls(instance(engine=engine, status=status)) == {"RDS.10": expected}
