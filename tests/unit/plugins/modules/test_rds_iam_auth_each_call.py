# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults at each call of rds_iam_auth: the report of the failed run, and the result of a second run."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.auth_tasks import (
    AUTH_TASKS,
    NOTHING_MODIFIED,
    OUTCOME_UNKNOWN,
    assert_next_run_completes,
    changes_since,
    effective,
    state_of,
    states,
)
from ansible_collections.passwordless.rds.tests.unit.call_faults import CALL_FAULTS, SHORT_READ_TIMEOUT, call_points

QUICK = [
    ("instance", "http_500_after"),
    ("cluster", "unreachable_after"),
    ("enforce_ssl", "cut_after_repeatedly"),
    ("unused_instance", "denied"),
    ("cancel", "malformed_after"),
    ("schedule", "no_response_after"),
]
# Cache: the points of an undisturbed run, by task.
POINTS = {}


def points_of(sim, run, name):
    """Return the calls of a run without faults, and check its result."""
    if name not in POINTS:
        task = AUTH_TASKS[name]
        task.start(sim)
        result = run.ok(**task.arguments)
        assert result["changed"] is True
        assert states(sim, task) == task.end
        POINTS[name] = call_points(call.operation for call in sim.calls)
    return POINTS[name]


@pytest.mark.parametrize(("name", "fault"), quick_first(itertools.product(AUTH_TASKS, CALL_FAULTS), QUICK))
def test_fault_at_each_call_report_matches_rds(sim, run, name, fault):
    points = points_of(sim, run, name)
    tried = 0
    for point in points:
        check_fault(sim, run, AUTH_TASKS[name], CALL_FAULTS[fault], point)
        tried += 1
    assert tried == len(points) > 0


def check_fault(sim, run, task, fault, point):
    task.start(sim)
    before = states(sim, task)
    point.inject(sim, fault)
    timeout = {"aws_config": SHORT_READ_TIMEOUT} if fault.times_out else {}
    first = run(**task.arguments, **timeout, wait_timeout=120 if fault.must_succeed else 40)
    where = (point, first["msg"])
    if fault.is_malformed and point.operation == "cloudwatch:GetMetricData":
        # botocore ignores a response that is not JSON, and without numbers the module refuses
        assert first.codes == ["usage_unknown"], where
    elif fault.must_succeed:
        assert not first.get("failed"), where
    sim.faults.clear()
    taken = changes_since(sim, task, before)
    check_report(sim, task, first, taken, where)
    assert_next_run_completes(sim, run, task, taken, where)


def check_report(sim, task, result, taken, where):
    """Check that the result of a run agrees with the state in RDS."""
    is_unknown = OUTCOME_UNKNOWN in result["msg"] or any(map(has_unknown_outcome, result.get("databases", ())))
    is_changed = result.get("changed", False)
    if NOTHING_MODIFIED in result["msg"]:
        assert (is_changed, taken) == (False, set()), where
    if taken:
        assert is_changed is True, where
    elif is_changed:
        assert is_unknown, where
    if result.get("failed") and not is_changed and "changed" in result:
        assert NOTHING_MODIFIED in result["msg"], where
    for database in result.get("databases", ()):
        check_database(sim, task, database, taken, where)


def check_database(sim, task, database, taken, where):
    name = f"{database['kind']}/{database['identifier']}"
    outcome = database["outcome"]
    if outcome in ("applied", "cancelled"):
        assert state_of(sim, name) == task.end[name], where
    if outcome in ("scheduled", "unchanged"):
        assert effective(state_of(sim, name)) is task.desired, where
    if outcome in ("skipped", "unchanged"):
        assert name not in taken, where
    if outcome == "failed":
        assert database["problems"], where
    if name in taken:
        assert database["changed"], where
    if database["changed"] and name not in taken:
        assert has_unknown_outcome(database), where


def has_unknown_outcome(database):
    return any(OUTCOME_UNKNOWN in problem["message"] for problem in database["problems"])


def test_matrix_size_is_printed(sim, run, capsys):
    counts = {name: len(points_of(sim, run, name)) for name in AUTH_TASKS}
    with capsys.disabled():
        print(
            f"make test-all injects {len(CALL_FAULTS)} faults at each of {sum(counts.values())} calls of rds_iam_auth: "
            f"{len(CALL_FAULTS) * sum(counts.values())} fault points"
        )
    assert min(counts.values()) >= 3
