# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Two runs of rds_iam_auth change the same databases, in every order of their calls."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first, sample_size
from ansible_collections.passwordless.rds.tests.unit.auth_tasks import AUTH_TASKS
from ansible_collections.passwordless.rds.tests.unit.interference import OtherClient
from ansible_collections.passwordless.rds.tests.unit.module_process import ModuleProcesses
from ansible_collections.passwordless.rds.tests.unit.two_clients import FIRST, LONGEST_RUN, SECOND, ClientLog

A, B = FIRST["access_key"], SECOND["access_key"]
NOW = {"apply_immediately": True}
# the options of the second run, while the first one enables the setting
SECOND_OPTIONS = {
    "off_now": {"enabled": False, **NOW},
    "off_later": {"enabled": False},
    "on_now": {"enabled": True, **NOW},
    "on_later": {"enabled": True},
}
RACED = ("instance", "cluster", "several", "schedule")
CASES = [(name, other) for name in RACED for other in SECOND_OPTIONS]
# Cache: the number of calls of an undisturbed run, by task.
POINTS = {}


def points_of(sim, run, name):
    """Return the number of calls of a run without another client."""
    if name not in POINTS:
        task = AUTH_TASKS[name]
        task.start(sim)
        run.ok(**task.arguments)
        POINTS[name] = len(sim.calls)
    return POINTS[name]


def names_of(result):
    return {f"{d['kind']}/{d['identifier']}": d for d in result["databases"]}


def check_report(log, client, desired, result, where):
    """Check the report of a run against the responses of RDS."""
    calls = log.of(client)
    assert len(calls) <= LONGEST_RUN, where
    for name, database in names_of(result).items():
        assert "timeout" not in [problem["code"] for problem in database["problems"]], (where, result["msg"])
        sent = [number for number, call in enumerate(calls) if call.target == name and call.accepted]
        assert database["changed"] is bool(sent), (where, name, result["msg"])
        observed = [call.states[name] for call in calls[sent[0] if sent else 0 :] if name in call.described]
        current, pending = observed[-1]
        if database["outcome"] == "applied":
            assert (current, pending in (None, desired)) == (desired, True), (where, name)
        elif database["outcome"] in ("scheduled", "cancelled"):
            assert desired in (current, pending), (where, name)
        elif database["outcome"] == "unchanged":
            assert any(desired in call.states[name] for call in calls), (where, name)
        else:
            assert [problem["code"] for problem in database["problems"]] == ["superseded"], (where, result["msg"])
            check_superseded(observed, desired, where)


def check_superseded(observed, desired, where):
    """Check that the run ended when it first observed the change of the other run."""
    assert (not desired) in observed[-1], where
    assert [state for state in observed[:-1] if state[1] is (not desired)] == [], where


def other_options(name, other):
    """Return the options of the second run: the same databases, and another desired setting."""
    options = {**AUTH_TASKS[name].arguments, **SECOND_OPTIONS[other]}
    return options if "apply_immediately" in SECOND_OPTIONS[other] else {**options, "apply_immediately": False}


@pytest.mark.parametrize(("name", "other"), quick_first(CASES, [("instance", "off_now")]))
def test_race_second_run_between_any_two_calls(sim, run, monkeypatch, name, other):
    """The second run starts and ends between two calls of the first one."""
    task, points = AUTH_TASKS[name], points_of(sim, run, name)
    other_client, log = OtherClient(sim, monkeypatch), ClientLog(sim, monkeypatch, task.end)
    second = {**SECOND, **other_options(name, other)}
    tried = 0
    for number in range(points):
        task.start(sim)
        other_client.restart()
        log.restart()
        results = {}
        other_client.before(number, partial(lambda results: results.update({B: run(**second)}), results))
        results[A] = run(**task.arguments)
        where = (number, results[A]["msg"], results[B]["msg"])
        check_report(log, A, task.desired, results[A], where)
        check_report(log, B, second["enabled"], results[B], where)
        if second["enabled"] is not task.desired:
            check_first_is_superseded(log, results[A], where)
        tried += 1
    assert tried == points > 0


def check_first_is_superseded(log, result, where):
    """Check that the first run reports each database that the second run has changed after it as superseded."""
    for name, database in names_of(result).items():
        is_superseded = database["changed"] and log.saw_change(A, name)
        assert [problem["code"] for problem in database["problems"]] == ["superseded"] * is_superseded, (where, name)


def test_number_of_races_is_printed(sim, run, capsys):
    points = {name: points_of(sim, run, name) for name in RACED}
    total = len(SECOND_OPTIONS) * sum(points.values())
    with capsys.disabled():
        print(
            f"make test-all runs rds_iam_auth a second time between any two calls, {total} times, "
            f"and in two processes at once {12 * len(CASES)} times"
        )
    assert min(points.values()) >= 2


@pytest.fixture(scope="module")
def two_processes():
    started = [ModuleProcesses(), ModuleProcesses()]
    yield started
    for processes in started:
        processes.close()


def turns(number):
    """Return an order of the calls of two runs. The first one alternates."""
    if number == 0:
        return [A, B] * 20
    chooser = random.Random(number)
    return [chooser.choice((A, B)) for _turn in range(40)]


def race(sim, log, processes, runs):
    """Run a module in two processes at the same time, and return the results."""

    def run(process, options):
        process.start("rds_iam_auth", sim.url, **options)
        result = process.result()
        log.end(options["access_key"])
        return result

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, processes, runs))


@pytest.mark.parametrize(("name", "other"), quick_first(CASES, [("instance", "off_now")]))
def test_race_calls_in_any_order(sim, run, monkeypatch, two_processes, name, other):
    """Two processes run at the same time, and their calls alternate in many orders."""
    task = AUTH_TASKS[name]
    log = ClientLog(sim, monkeypatch, task.end)
    second = {**SECOND, **other_options(name, other)}
    for number in range(sample_size(3, 12)):
        task.start(sim)
        log.restart(turns(number))
        first_result, second_result = race(sim, log, two_processes, [{**FIRST, **task.arguments}, second])
        where = (number, first_result["msg"], second_result["msg"], [(c.client[-3:], c.operation) for c in log.calls])
        check_report(log, A, task.desired, first_result, where)
        check_report(log, B, second["enabled"], second_result, where)
