# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of a database, and its diff, as the modules return them."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import State
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import ReadinessFacts, SslParameter
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import ParameterGroupChange, Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.result import (
    DatabaseResult,
    describe_database,
    described,
    problem_list,
    render_database,
    render_diff,
    render_parameter_group,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options

NOW = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.timezone.utc)
GROUP = ParameterGroup(INSTANCE, "pg16", "in-sync")
SSL = SslParameter(GROUP, Parameter("ssl", "1", modifiable=True, dynamic=True))
QUEUED = {"DBInstanceClass": "db.r6g.large", "MasterUserPassword": "hunter2-secret"}
MASKED = {"DBInstanceClass": "db.r6g.large", "MasterUserPassword": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}
APPLY = options(apply_immediately=True, apply_other_pending_changes=True)


def result_of(before, outcome="applied", *, asked=APPLY, changed=True, **more):
    plan = Plan(before, decide(before, asked), ReadinessFacts(ssl=SSL))
    after = more.pop("after", State(True, None))
    return DatabaseResult(before.id, plan, before, after, outcome, changed=changed, **more)


def test_describe_instance():
    database = instance(
        tags={"env": "prod"},
        other_pending=QUEUED,
        maintenance_window="sun:03:30-sun:04:00",
        endpoint=Endpoint("orders.example", 5432),
    )
    assert describe_database(database, State(True, False), NOW) == {
        "identifier": "orders",
        "kind": "instance",
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
        "resource_id": "db-ORDERS",
        "engine": "postgres",
        "engine_version": "16.4",
        "status": "available",
        "tags": {"env": "prod"},
        "iam_database_authentication_enabled": True,
        "pending_iam_database_authentication": False,
        "other_pending_changes": MASKED,
        "preferred_maintenance_window": "sun:03:30-sun:04:00",
        "next_maintenance_window_start": "2026-11-08T03:30:00Z",
        "endpoint": {"address": "orders.example", "port": 5432},
        "members": [],
        "dbuser_arn_prefix": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/",
    }


def test_describe_cluster_without_endpoint_and_window():
    found = describe_database(cluster(), State(False, None), NOW)
    assert found["members"] == [
        {"identifier": "ledger-1", "is_writer": True},
        {"identifier": "ledger-2", "is_writer": False},
    ]
    assert [found[key] for key in ("preferred_maintenance_window", "next_maintenance_window_start", "endpoint")] == [
        None
    ] * 3


def test_described_shows_replicas_and_ssl():
    elsewhere = "arn:aws:rds:us-east-1:123456789012:db:far"
    replicas = (DatabaseId(INSTANCE, "r1"), DatabaseId(INSTANCE, "r2"))
    database = instance(replicas=replicas, replicas_elsewhere=(elsewhere,))
    found = described(database, State(True, None), SSL, {replicas[0]: True}, NOW)
    assert found["read_replicas"] == [
        {"identifier": "r1", "iam_database_authentication_enabled": True},
        {"identifier": "r2", "iam_database_authentication_enabled": None},
        {"identifier": elsewhere, "iam_database_authentication_enabled": None},
    ]
    assert found["ssl"] == {"parameter_group": "pg16", "value": "1"}
    assert described(instance(), State(True, None), None, {}, NOW)["ssl"] is None


def test_problem_list():
    assert problem_list([Problem("timeout", "why")]) == [{"code": "timeout", "message": "why"}]
    assert problem_list(()) == []


def test_render_database_adds_outcome_and_problems():
    problems = (Problem("timeout", "why"),)
    found = render_database(result_of(instance(), "failed", problems=problems), {}, NOW)
    assert (found["outcome"], found["changed"]) == ("failed", True)
    assert found["problems"] == [{"code": "timeout", "message": "why"}]
    assert found["ssl"] == {"parameter_group": "pg16", "value": "1"}
    assert found["iam_database_authentication_enabled"] is True


def test_render_database_that_does_not_exist_has_every_key():
    absent = DatabaseResult(
        DatabaseId(CLUSTER, "ledger"), None, None, None, "failed", problems=(Problem("not_found", "why"),)
    )
    found = render_database(absent, {}, NOW)
    assert found.keys() == render_database(result_of(instance()), {}, NOW).keys()
    given = {key: value for key, value in found.items() if value is not None}
    assert given == {
        "identifier": "ledger",
        "kind": "cluster",
        "outcome": "failed",
        "changed": False,
        "problems": [{"code": "not_found", "message": "why"}],
    }


@pytest.mark.parametrize(
    ("changed", "unknown", "expected"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_database_result_of_unknown_outcome_counts_as_changed(changed, unknown, expected):
    result = result_of(instance(), changed=changed, outcome_unknown=unknown)
    assert (result.is_changed, render_database(result, {}, NOW)["changed"]) == (expected, expected)


@pytest.mark.parametrize(
    ("before", "outcome", "changed", "applies"),
    [
        (instance(other_pending=QUEUED), "applied", True, True),
        (instance(other_pending=QUEUED), "applied", False, False),
        (instance(other_pending=QUEUED), "failed", True, False),
        (instance(), "applied", True, False),
        # RDS applies only the change of the request to an Aurora cluster
        (cluster(other_pending=QUEUED), "applied", True, False),
    ],
)
def test_other_pending_changes_end_with_the_change(before, outcome, changed, applies):
    result = result_of(before, outcome, changed=changed)
    assert result.applies_other_changes is applies
    shown = render_database(result, {}, NOW)["other_pending_changes"]
    assert shown == ({} if applies or not before.other_pending else MASKED)


def test_render_parameter_group():
    change = ParameterGroupChange(GROUP, "0", ("instance/orders", "instance/shop"))
    assert render_parameter_group(change) == {
        "name": "pg16",
        "kind": "instance",
        "parameter": "ssl",
        "before": "0",
        "after": "1",
        "databases": ["instance/orders", "instance/shop"],
    }


def test_render_diff_shows_changed_databases_and_groups():
    results = [
        result_of(instance()),
        result_of(instance("queued", pending=False, current=True), "scheduled", after=State(False, True)),
        result_of(instance("same", current=True), "unchanged", changed=False),
        DatabaseResult(DatabaseId(INSTANCE, "gone"), None, None, None, "failed", changed=True),
    ]
    assert render_diff([ParameterGroupChange(GROUP, "0", ())], results) == {
        "before": {
            "parameter_group/pg16": {"ssl": "0"},
            "instance/orders": {"iam_database_authentication": "disabled", "pending": None},
            "instance/queued": {"iam_database_authentication": "enabled", "pending": "disabled"},
        },
        "after": {
            "parameter_group/pg16": {"ssl": "1"},
            "instance/orders": {"iam_database_authentication": "enabled", "pending": None},
            "instance/queued": {"iam_database_authentication": "disabled", "pending": "enabled"},
        },
    }


def test_render_diff_hides_secrets_of_other_changes():
    diff = render_diff((), [result_of(instance(other_pending=QUEUED))])
    assert diff["before"]["instance/orders"]["other_pending_changes"] == MASKED
    assert diff["after"]["instance/orders"]["other_pending_changes"] == {}
    assert "hunter2" not in str(diff)


def test_render_diff_of_renamed_database_uses_the_old_name():
    plan = Plan(instance(), decide(instance(), APPLY))
    renamed = instance("renamed", resource_id="db-ORDERS", current=True)
    diff = render_diff((), [DatabaseResult(renamed.id, plan, renamed, State(True, None), "applied", changed=True)])
    assert list(diff["before"]) == list(diff["after"]) == ["instance/orders"]
