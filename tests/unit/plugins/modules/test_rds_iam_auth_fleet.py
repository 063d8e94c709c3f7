# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A thousand databases in one task, with every kind of problem."""

from __future__ import annotations

import collections
import json
import threading

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.rds_client import RdsClient

NOW = {"apply_immediately": True}
EVERY = {"select": {"all": True}, **NOW}
OFF_GROUP = {"name": "off", "family": "postgres13", "parameters": {"ssl": "0"}}
DIRECTORY = {"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]}


def some(name, count, engine="mysql", **more):
    return {"identifier": f"{name}-{{n}}", "count": count, "engine": engine, **more}


THOUSAND = {
    "db_parameter_groups": [OFF_GROUP],
    "db_instances": [
        some("on", 300, iam_database_authentication_enabled=True),
        some("plain", 300),
        some("pg", 150, "postgres"),
        some("busy", 20, status="backing-up", status_after={"seconds": 90, "status": "available"}),
        some("queued", 20, pending_modified_values={"IAMDatabaseAuthenticationEnabled": True}),
        some(
            "unqueued",
            20,
            iam_database_authentication_enabled=True,
            pending_modified_values={"IAMDatabaseAuthenticationEnabled": False},
        ),
        some("stopped", 15, status="stopped"),
        some("other", 15, pending_modified_values={"DBInstanceClass": "db.r6g.4xlarge"}),
        some("off", 15, "postgres", engine_version="13.20", db_parameter_group="off"),
        some("kerberos", 15, "postgres", extra=DIRECTORY),
        some("outpost", 10, extra={"DBSubnetGroup": {"Subnets": [{"SubnetOutpost": {"Arn": "arn:aws:outposts:x"}}]}}),
        some("oracle", 30, "oracle-ee"),
    ],
    "db_clusters": [
        some("cluster", 80, "aurora-postgresql", members=2),
        some("small", 10, "aurora-mysql", members=[{"identifier": "small-{n}-1", "db_instance_class": "db.t3.small"}]),
        some("multi", 10, "mysql"),
        some("old", 5, "aurora-mysql", engine_mode="serverless", members=0),
    ],
}
BLOCKED = {
    "not_modifiable": 15,
    "other_pending_changes": 15,
    "ssl_disabled": 15,
    "kerberos_enabled": 15,
    "deployment_unsupported": 15,
    "class_unsupported": 10,
}
# cancelled: the setting is on, and a queued change would disable it
ENDING = {"unchanged": 300, "cancelled": 20, "applied": 580, "skipped": 85}


def counted(result):
    return {outcome: count for outcome, count in result["summary"].items() if count and outcome != "total"}


def counts(sim):
    return collections.Counter(call.operation for call in sim.calls)


@pytest.fixture
def thousand(sim):
    sim.seed(THOUSAND)
    return sim


@pytest.mark.slow
def test_fleet_throttled_and_cut_calls_complete(thousand, run):
    options = {**EVERY, "on_problem": "skip", "wait_timeout": 7200}
    predicted = run.ok(check=True, **options)
    thousand.faults.add(code="Throttling", probability=0.5)
    thousand.faults.add(cut="before", probability=0.02)
    thousand.faults.add(cut="after", probability=0.02)
    real = run.ok(**options)
    assert counted(predicted) == counted(real) == ENDING
    assert collections.Counter(real.codes) == BLOCKED
    assert real.outcomes == predicted.outcomes
    assert real["diff"] == predicted["diff"]
    assert len(real["diff"]["after"]) == 600
    thousand.faults.clear()
    thousand.calls_clear()
    again = run.ok(**options)
    assert again["changed"] is False
    assert counted(again) == {"unchanged": 900, "skipped": 85}
    assert not [operation for operation in counts(thousand) if operation.startswith("Modify")]


def test_fleet_of_a_thousand_calls(thousand, run):
    run.ok(**EVERY, on_problem="skip", wait_delay=30)
    calls = counts(thousand)
    assert calls["ModifyDBInstance"] + calls["ModifyDBCluster"] == 600
    assert calls["DescribeOrderableDBInstanceOptions"] <= 8
    assert calls["DescribeDBParameters"] + calls["DescribeDBClusterParameters"] <= 6
    polls = calls["DescribeDBInstances"] + calls["DescribeDBClusters"]
    assert polls <= 12 + 2 + 5 * 8  # the lists, then the pages of the databases that the task still waits for
    thousand.calls_clear()
    assert run.ok(**EVERY, on_problem="skip")["changed"] is False
    assert counts(thousand)["DescribeDBInstances"] == 11 + 1  # 1,115 with the members
    assert counts(thousand)["DescribeDBClusters"] == 2


def test_fleet_output_is_readable(thousand, run):
    result = run.ok(check=True, **EVERY, on_problem="skip")
    assert "\n" not in result["msg"]
    assert result["msg"] == (
        "580 would be applied, 20 would be cancelled, 85 would be skipped, 300 would stay unchanged."
    )
    assert len(result["warnings"]) < 15
    assert max(map(len, result["warnings"])) < 600
    assert any("would be skipped: kerberos_enabled" in text and "and 5 more" in text for text in result["warnings"])
    blocked = run.fails(check=True, **EVERY)
    for code, count in BLOCKED.items():
        assert f"{code}: {count} databases (" in blocked["msg"]
    assert blocked["msg"].endswith(
        " Nothing was modified. Blocked: 85, not changed because of these: 600, no change required: 300. "
        "Set on_problem to skip to continue without the blocked databases."
    )
    assert len(blocked["msg"]) < 3000
    assert blocked["diff"] == {"before": {}, "after": {}}


def test_fleet_disable_warns_once(sim, run):
    sim.seed({"db_instances": [some("on", 30, iam_database_authentication_enabled=True)]})
    result = run.ok(check=True, select={"all": True}, enabled=False)
    (text,) = result["warnings"]
    assert text.startswith("30 databases (instance/on-1, instance/on-10, ")
    assert text.endswith(" and 20 more): disabling the setting locks out the database users who log in with IAM")


def test_fleet_modifies_run_eight_in_parallel(sim, run, monkeypatch):
    sim.seed({"db_instances": [some("shop", 24)]})
    together, under_way, most = threading.Barrier(8), [], []
    modify = RdsClient.modify

    def watched(self, change):
        under_way.append(change)
        most.append(len(under_way))
        together.wait(timeout=300)  # passes only if eight threads arrive
        resource_id = modify(self, change)
        under_way.remove(change)
        return resource_id

    monkeypatch.setattr(RdsClient, "modify", watched)
    assert counted(run.ok(**EVERY, wait=False)) == {"applying": 24}
    assert max(most) == 8


@pytest.mark.slow
def test_fleet_modify_throttled_until_deadline(sim, run):
    sim.seed({"db_instances": [some("shop", 60)]})
    sim.faults.add(operation="ModifyDBInstance", code="Throttling", times=None)
    began = sim.clock.monotonic()
    result = run.fails(**EVERY, wait_timeout=300)
    assert sim.clock.monotonic() - began < 300 + 60
    assert counted(result) == {"failed": 60}
    assert set(result.codes) == {"timeout"}
    assert result["changed"] is False
    assert "Throttling" in result["databases"][0]["problems"][0]["message"]


def test_fleet_each_call_throttled_until_deadline(sim, run):
    sim.seed({"db_instances": [some("shop", 60)]})
    sim.faults.add(code="Throttling", times=None, after=2)
    result = run.fails(**EVERY, wait_timeout=300)
    assert counted(result) == {"skipped": 60}
    assert result["error"]["code"] == "Throttling"
    assert result["msg"].endswith("Nothing was modified.")


def test_fleet_modify_permission_lost(sim, run):
    sim.seed({"db_instances": [some("shop", 60)]})
    sim.faults.add(operation="ModifyDBInstance", deny=True, after=25)
    result = run.fails(**EVERY)
    assert counted(result) == {"applied": 25, "failed": 35}
    assert set(result.codes) == {"refused"}
    assert "rds:ModifyDBInstance" in result["msg"]
    assert len(result["diff"]["after"]) == 25
    sim.faults.clear()
    assert counted(run.ok(**EVERY)) == {"applied": 35, "unchanged": 25}


def test_fleet_describe_permission_lost(sim, run):
    sim.seed({"db_instances": [some("shop", 3)]})
    sim.faults.add(operation="DescribeDBInstances", deny=True, after=1)
    result = run.fails(**EVERY)
    assert counted(result) == {"failed": 3}
    assert result["changed"] is True
    assert all(database["changed"] for database in result["databases"])
    assert "rds:DescribeDBInstances" in result["msg"]


def test_fleet_one_deleted_while_waiting(sim, run):
    sim.seed({"db_instances": [some("shop", 5)]})
    sim.at(8, lambda simulator: _delete(simulator, "shop-3"))
    result = run.fails(**EVERY)
    assert counted(result) == {"applied": 4, "failed": 1}
    assert result.database("shop-3")["problems"][0]["code"] == "not_found"


def _delete(simulator, name):
    backend = simulator.world.backend()
    backend.instances.remove(backend.instances.get(name))


def test_fleet_deadline_before_all_requests(sim, run):
    sim.seed({"db_instances": [some("shop", 90)]})
    sim.faults.add(operation="ModifyDBInstance", code="Throttling", times=None, probability=0.99)
    result = run.fails(**EVERY, wait_timeout=1)
    assert result["summary"]["failed"] + result["summary"]["applied"] == 90
    messages = [problem["message"] for d in result["databases"] for problem in d["problems"]]
    assert any("the change was not requested within" in message for message in messages)


def test_fleet_output_excludes_unchanged(sim, run):
    sim.seed({"db_instances": [some("on", 500, iam_database_authentication_enabled=True), some("off", 2)]})
    result = run.ok(check=True, **EVERY)
    assert sorted(result["diff"]["after"]) == ["instance/off-1", "instance/off-2"]
    assert result["msg"] == "2 would be applied, 500 would stay unchanged."
    assert len(json.dumps(result["diff"])) < 1000
