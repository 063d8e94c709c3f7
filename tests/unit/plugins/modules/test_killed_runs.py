# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A module process is killed between any two of its calls. A second run completes the change, and repeats nothing.

The simulator stalls a call before or after it is carried out, so that no test has to wait for the right moment.
"""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.auth_tasks import (
    AUTH_TASKS,
    assert_next_run_completes,
    changes_since,
    states,
)
from ansible_collections.passwordless.rds.tests.unit.call_faults import call_points
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS, Runner
from ansible_collections.passwordless.rds.tests.unit.interference import (
    TASKS,
    complete_state,
    counts,
    start,
    target_state,
)
from ansible_collections.passwordless.rds.tests.unit.module_process import ModuleProcesses

# how long a process may take until its next call, in real seconds, on a busy host
CALL_TIMEOUT = 120
WHEN = ("before", "after")
# The kills of a task are divided into parts, of which make test runs few.
SHARES = 8
QUICK_AUTH = [("instance", 4)]
QUICK_TASKS = [("create_cluster", 5)]
# Cache: the calls of an undisturbed run, by task.
POINTS = {}


@pytest.fixture(scope="module")
def processes():
    started = ModuleProcesses()
    yield started
    started.close()


def points_of(sim, runner, name, task, prepare):
    """Return the calls of a run that is not killed."""
    if name not in POINTS:
        prepare(sim)
        assert runner.ok(**task.arguments)["changed"] is True
        POINTS[name] = call_points(call.operation for call in sim.calls)
    return POINTS[name]


def kill_at(sim, processes, module, arguments, point, when):
    """Run a module in a process, and kill it at a call, which is carried out or not."""
    sim.faults.add(operation=point.operation, after=point.number, stall=when)
    processes.start(module, sim.url, **CREDENTIALS, **arguments)
    assert sim.faults.stalls.wait(CALL_TIMEOUT), point
    processes.kill()
    sim.faults.clear()


def kills_of(points, share):
    """Return the points of a share, each with the moment of the kill."""
    return [(point, when) for point in points for when in WHEN][share::SHARES]


@pytest.mark.parametrize(("name", "share"), quick_first(itertools.product(AUTH_TASKS, range(SHARES)), QUICK_AUTH))
def test_kill_at_each_call_next_run_completes_change(sim, run, processes, name, share):
    task = AUTH_TASKS[name]
    points = points_of(sim, run, name, task, task.start)
    for point, when in kills_of(points, share):
        task.start(sim)
        before = states(sim, task)
        kill_at(sim, processes, "rds_iam_auth", task.arguments, point, when)
        assert_next_run_completes(sim, run, task, changes_since(sim, task, before), (point, when))


@pytest.mark.parametrize(("name", "share"), quick_first(itertools.product(TASKS, range(SHARES)), QUICK_TASKS))
def test_kill_at_each_call_next_run_completes_database(sim, capsys, processes, name, share):
    task = TASKS[name]
    runner = Runner(task.module, sim.url, capsys)
    points = points_of(sim, runner, name, task, start)
    start(sim)
    at_start = counts(sim)
    complete = at_start[0] + (len(task.members) or task.kind == "instance"), at_start[1] + (task.kind == "cluster")
    for point, when in kills_of(points, share):
        start(sim)
        kill_at(sim, processes, task.module, task.arguments, point, when)
        existed = counts(sim)[task.kind == "cluster"] > at_start[task.kind == "cluster"]
        second = runner.ok(**task.arguments)
        assert second[task.verb] is not existed, (point, when)
        assert (target_state(sim, task), counts(sim)) == (complete_state(task), complete), (point, when)
        sim.calls_clear()
        assert runner.ok(**task.arguments)["changed"] is False, (point, when)
        assert [call for call in sim.calls if not call.operation.startswith("Describe")] == [], (point, when)


@pytest.mark.slow
def test_number_of_kills_is_printed(sim, run, capsys):
    auth = sum(len(points_of(sim, run, name, task, task.start)) for name, task in AUTH_TASKS.items())
    databases = sum(
        len(points_of(sim, Runner(task.module, sim.url, capsys), name, task, start)) for name, task in TASKS.items()
    )
    with capsys.disabled():
        print(
            f"make test-all kills rds_iam_auth {len(WHEN) * auth} times, and rds_create_iam and rds_restore_iam "
            f"{len(WHEN) * databases} times"
        )
    assert min(auth, databases) >= 30
