# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults at each call of rds_create_iam and rds_restore_iam, and the result of a second run."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_diagonal
from ansible_collections.passwordless.rds.tests.unit.call_faults import (
    ALWAYS_CUT,
    CALL_FAULTS,
    SHORT_READ_TIMEOUT,
    call_points,
)
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.interference import (
    TASKS,
    complete_state,
    counts,
    start,
    target_state,
)

# an instance, a cluster with members and a replica, created and restored
FAULTY_TASKS = ("create_instance", "create_cluster", "create_replica", "snapshot_instance_with_ssl", "snapshot_cluster")
NOTHING = "Nothing was modified"


def calls(sim, *verbs):
    return [call for call in sim.calls if call.operation.startswith(verbs)]


# The calls of a run are divided into parts, which several workers can test.
SHARES = 6
PARTS = list(itertools.product(range(SHARES), FAULTY_TASKS))
CLEAN = {}


def clean_run(sim, runner, name):
    """Return the calls of a run without faults, and the number of databases afterwards. Cached."""
    if name not in CLEAN:
        task = TASKS[name]
        start(sim)
        runner.ok(**task.arguments, wait_timeout=300)
        assert target_state(sim, task) == complete_state(task)
        CLEAN[name] = call_points(call.operation for call in sim.calls), counts(sim)
    return CLEAN[name]


@pytest.mark.parametrize(("fault", "part"), quick_diagonal(CALL_FAULTS, PARTS))
def test_fault_at_each_call_second_run_completes(sim, capsys, fault, part):
    share, name = part
    task = TASKS[name]
    runner = Runner(task.module, sim.url, capsys)
    points, expected = clean_run(sim, runner, name)
    timeout = {"aws_config": SHORT_READ_TIMEOUT} if CALL_FAULTS[fault].times_out else {}
    tried = 0
    for point in points[share::SHARES]:
        start(sim)
        point.inject(sim, CALL_FAULTS[fault])
        first = runner(**task.arguments, **timeout, wait_timeout=300)
        where = (point, first["msg"])
        check_result(sim, task, CALL_FAULTS[fault], first, where)
        sim.faults.clear()
        existed = counts(sim)[task.kind == "cluster"] > counts_at_start()[task.kind == "cluster"]
        second = runner.ok(**task.arguments)
        assert target_state(sim, task) == complete_state(task), where
        assert counts(sim) == expected, where
        assert second[task.verb] is not existed, where
        sim.calls_clear()
        assert runner.ok(**task.arguments)["changed"] is False, where
        assert calls(sim, "Create", "Restore", "Modify") == [], where
        tried += 1
    assert tried == len(range(share, len(points), SHARES)) > 0


def test_matrix_size_is_printed(sim, capsys):
    sizes = {}
    for name in FAULTY_TASKS:
        points, _expected = clean_run(sim, Runner(TASKS[name].module, sim.url, capsys), name)
        sizes[name] = len(points)
    with capsys.disabled():
        print(
            f"make test-all injects {len(CALL_FAULTS)} faults at each of {sum(sizes.values())} calls of rds_create_iam "
            f"and rds_restore_iam: {len(CALL_FAULTS) * sum(sizes.values())} fault points"
        )
    assert min(sizes.values()) >= SHARES


def created_by_first(first):
    """Return whether the first run reports that it may have created the target."""
    return "outcome" in first["msg"] or "may have been carried out" in first["msg"]


def check_result(sim, task, fault, first, where):
    """Check that the result is consistent, and that it agrees with the state in RDS."""
    if fault.must_succeed:
        assert not first.get("failed"), where
        assert (first["changed"], first[task.verb]) == (True, True), where
        return
    if "changed" not in first:  # the task failed before it read the database
        assert counts(sim) == counts_at_start(), where
        return
    unknown = created_by_first(first)
    assert not (unknown and NOTHING in first["msg"]), where
    if unknown:
        assert first["changed"] is True, where
    if first.get("failed"):
        assert first["changed"] is (NOTHING not in first["msg"]), where
    there = counts(sim) > counts_at_start()
    if NOTHING in first["msg"]:
        assert not there, where
    if there:
        assert first["changed"] is True, where


def counts_at_start():
    return (3, 1)


@pytest.mark.parametrize("operation", ["ModifyDBParameterGroup", "RestoreDBInstanceFromDBSnapshot"])
def test_create_request_lost_reports_unknown_outcome(sim, capsys, operation):
    task = TASKS["snapshot_instance_with_ssl"]
    runner = Runner(task.module, sim.url, capsys)
    start(sim)
    runner.ok(**task.arguments)
    known = sim.calls
    number = next(n for n, call in enumerate(known) if call.operation == operation)
    start(sim)
    sim.faults.add(operation="*", after=number, cut="after", times=1)
    sim.faults.add(operation="*", after=number + 1, **ALWAYS_CUT)
    result = runner.fails(**task.arguments, wait_timeout=300)
    assert (result["changed"], result["restored"]) == (True, False)
    assert NOTHING not in result["msg"]
    assert "is unknown" in result["msg"] or "may have been carried out" in result["msg"]
    assert len(result["database"]["problems"]) == 1


@pytest.mark.parametrize("operation", ["DescribeDBParameters", "DescribeDBInstances"])
def test_create_unanswered_read_reports_nothing_modified(sim, capsys, operation):
    """A call that only reads cannot have changed anything."""
    task = TASKS["snapshot_instance_with_ssl"]
    start(sim)
    sim.faults.add(operation=operation, **ALWAYS_CUT)
    result = Runner(task.module, sim.url, capsys).fails(**task.arguments, wait_timeout=60)
    assert "carried out" not in result["msg"]
    assert result.get("changed", False) is False


@pytest.mark.parametrize("check", [True, False])
def test_create_replica_of_same_name_elsewhere_is_refused(sim, capsys, check):
    """The existing instance is a replica of orders here; the task names orders of another Region or account."""
    create = Runner("rds_create_iam", sim.url, capsys)
    start(sim)
    create.ok(**TASKS["create_replica"].arguments)
    for region, account in (("us-east-1", "123456789012"), ("eu-west-1", "999999999999")):
        source = f"arn:aws:rds:{region}:{account}:db:orders"
        result = create.fails(check=check, db_instance_identifier="drill", source_db_instance_identifier=source)
        assert [problem["code"] for problem in result["database"]["problems"]] == ["target_exists"]
        assert "it is a read replica of orders" in result["msg"]
    own = "arn:aws:rds:eu-west-1:123456789012:db:orders"
    assert create.ok(db_instance_identifier="drill", source_db_instance_identifier=own)["changed"] is False
