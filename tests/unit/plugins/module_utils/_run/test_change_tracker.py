# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of one database in a run, from its plan over observations and errors to its outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import State
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.outcome import FAILED
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.change_tracker import (
    ENDED,
    READY,
    SENT,
    WAITING,
    ChangeTracker,
    refusal_problem,
)
from ansible_collections.passwordless.rds.tests.unit.builders import instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import call_error
from ansible_collections.passwordless.rds.tests.unit.statuses import EVERY_STATUS

NOW = options(apply_immediately=True, wait_timeout=60.0)
BLOCKED = Problem("ssl_disabled", "ssl is 0")
ON, OFF = instance(current=True), instance()
SWITCHING = instance(status="configuring-iam-database-auth", pending=True)
THROTTLED = call_error("ModifyDBInstance", "Throttling", retryable=True)
BUSY = call_error("ModifyDBInstance", "InvalidDBInstanceState", invalid_state=True)
LOST = call_error("ModifyDBInstance", "ReadTimeoutError", retryable=True, outcome_unknown=True)
DENIED = call_error("ModifyDBInstance")


def plan_of(database=OFF, asked=NOW, *problems):
    return Plan(database, decide(database, asked), problems=problems)


def tracker_of(database=OFF, asked=NOW, *problems):
    return ChangeTracker(plan_of(database, asked, *problems), asked)


def sent(database=OFF, asked=NOW):
    tracker = tracker_of(database, asked)
    tracker.sent(0.0)
    return tracker


def state(tracker):
    return tracker.phase, tracker.outcome, [problem.code for problem in tracker.problems]


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("skip_problems", [True, False])
def test_sent_to_other_database_fails(wait, skip_problems):
    """Another client has renamed the database, and has given its identifier to another one."""
    tracker = tracker_of(OFF, options(True, apply_immediately=True, wait=wait, skip_problems=skip_problems))
    tracker.sent(0.0, "db-THEIRS")
    assert state(tracker) == (ENDED, FAILED, ["superseded"])
    assert (tracker.changed, "db-THEIRS" in tracker.problems[0].message) == (True, True)


@pytest.mark.parametrize("resource_id", ["", OFF.resource_id])
def test_sent_to_same_or_unknown_database_waits(resource_id):
    tracker = tracker_of()
    tracker.sent(0.0, resource_id)
    assert state(tracker)[0] == SENT


@pytest.mark.parametrize(("build", "status", "group"), EVERY_STATUS)
def test_decide_follows_status(build, status, group):
    database = build(status=status)
    tracker = ChangeTracker(Plan(database, decide(database, NOW)), NOW)
    assert (tracker.phase == "ready") is (group == "ready")


@pytest.mark.parametrize(
    ("database", "asked", "problems", "expected"),
    [
        (OFF, NOW, [], (READY, "unchanged", [])),
        (instance(status="backing-up"), NOW, [], (WAITING, "unchanged", [])),
        (ON, NOW, [], (ENDED, "unchanged", [])),
        (OFF, NOW, [BLOCKED], (ENDED, "failed", ["ssl_disabled"])),
        (OFF, replace(NOW, skip_problems=True), [BLOCKED], (ENDED, "skipped", ["ssl_disabled"])),
        (
            OFF,
            replace(NOW, skip_problems=True),
            [BLOCKED, Problem("not_found", "")],
            (ENDED, "failed", ["ssl_disabled", "not_found"]),
        ),
        # RDS makes the change already
        (SWITCHING, NOW, [], (WAITING, "unchanged", [])),
        (SWITCHING, replace(NOW, wait=False), [], (ENDED, "unchanged", [])),
        (SWITCHING, options(), [], (ENDED, "unchanged", [])),
    ],
)
def test_start_phase_follows_plan(database, asked, problems, expected):
    tracker = tracker_of(database, asked, *problems)
    assert state(tracker) == expected
    assert tracker.is_open is (expected[0] != ENDED)
    assert (tracker.changed, tracker.outcome_unknown) == (False, False)


def test_apply_is_done_once_the_value_took_effect():
    tracker = sent()
    assert (state(tracker), tracker.changed) == ((SENT, "unchanged", []), True)
    for seconds, seen in ((5.0, OFF), (10.0, SWITCHING), (15.0, instance(current=True, status="modifying"))):
        tracker.observe(seen, seconds)
        assert tracker.phase == SENT
    tracker.observe(ON, 20.0)
    assert (state(tracker), tracker.after) == ((ENDED, "applied", []), State(True, None))


def test_apply_without_waiting_ends_when_sent():
    tracker = sent(asked=replace(NOW, wait=False))
    assert (state(tracker), tracker.changed) == ((ENDED, "applying", []), True)
    assert tracker.after == State(False, True)


def test_after_is_predicted_only_until_the_request_was_observed():
    tracker = tracker_of()
    assert tracker.after == State(False, None)
    tracker.sent(0.0)
    assert tracker.after == State(True, None)
    tracker.observe(instance(pending=True), 5.0)
    assert tracker.after == State(False, True)


def test_needs_new_plan_only_before_the_request():
    tracker = tracker_of(instance(status="backing-up"))
    assert not tracker.needs_new_plan
    tracker.observe(OFF, 5.0)
    assert (tracker.phase, tracker.needs_new_plan) == (READY, True)
    tracker.start(plan_of())
    tracker.sent(5.0)
    assert not tracker.needs_new_plan


def test_request_is_sent_again_if_rds_ignores_it():
    tracker = sent()
    tracker.observe(instance(pending=True, status="modifying"), 5.0)
    tracker.observe(instance(pending=True), 10.0)
    assert (tracker.phase, tracker.needs_new_plan) == (READY, False)
    tracker.sent(10.0)
    assert tracker.phase == SENT


@pytest.mark.parametrize(
    ("seen", "code"),
    [(None, "not_found"), (instance(status="stopped"), "not_modifiable"), (instance(pending=False), "superseded")],
)
def test_observation_after_the_request_can_fail(seen, code):
    tracker = sent(asked=replace(NOW, skip_problems=True))
    tracker.observe(seen, 5.0)
    # the change was requested, so the database is not skipped
    assert state(tracker) == (ENDED, "failed", [code])


@pytest.mark.parametrize(
    ("seen", "code", "words"),
    [
        (
            None,
            "not_found",
            "while the task waited for its status, the database was no longer found under this identifier",
        ),
        (instance(status="stopped"), "not_modifiable", "Start it first"),
    ],
)
def test_observation_while_waiting_can_fail(seen, code, words):
    tracker = tracker_of(instance(status="stopping"))
    tracker.observe(seen, 5.0)
    assert state(tracker) == (ENDED, "failed", [code])
    assert words in tracker.problems[0].message


def test_parameter_group_is_waited_for():
    def applying(status):
        return instance(parameter_group=ParameterGroup(INSTANCE, "pg16", status))

    tracker = tracker_of()
    tracker.wait_for_parameter_group()
    tracker.observe(applying("applying"), 5.0)
    assert tracker.phase == WAITING
    tracker.observe(applying("in-sync"), 10.0)
    assert tracker.phase == READY


def test_parameter_group_of_others_is_not_waited_for():
    tracker = tracker_of(instance(status="backing-up"))
    tracker.observe(instance(parameter_group=ParameterGroup(INSTANCE, "pg16", "applying")), 5.0)
    assert tracker.phase == READY


@pytest.mark.parametrize("error", [THROTTLED, BUSY, LOST, call_error(unreachable=True)])
def test_request_failed_is_retried_after_an_observation(error):
    tracker = tracker_of()
    tracker.on_request_failed(error)
    assert state(tracker) == (WAITING, "unchanged", [])
    tracker.observe(OFF, 5.0)
    assert tracker.phase == READY
    assert tracker.outcome_unknown is error.outcome_unknown


def test_request_failed_after_an_accepted_one_keeps_verifying():
    tracker = sent()
    tracker.on_request_failed(THROTTLED)
    assert tracker.phase == SENT
    tracker.observe(ON, 5.0)
    assert tracker.outcome == "applied"


@pytest.mark.parametrize(
    ("error", "wait", "code", "words"),
    [
        (DENIED, True, "refused", "AWS refused ModifyDBInstance: the reason (AccessDenied)"),
        (THROTTLED, False, "refused", "AWS refused ModifyDBInstance: the reason (Throttling)"),
        (
            BUSY,
            False,
            "not_modifiable",
            "RDS does not accept a change now: the reason (InvalidDBInstanceState). Run the task again later",
        ),
        (
            call_error("ModifyDBInstance", "DBInstanceNotFound", missing=True),
            True,
            "not_found",
            "it no longer exists (DBInstanceNotFound). Check the identifier",
        ),
        (LOST, False, "refused", "the response to ModifyDBInstance was lost, and RDS may have carried it out"),
    ],
)
def test_request_failed_is_final(error, wait, code, words):
    tracker = tracker_of(asked=replace(NOW, wait=wait))
    tracker.on_request_failed(error)
    assert state(tracker) == (ENDED, "failed", [code])
    assert words in tracker.problems[0].message
    assert tracker.changed is False


@pytest.mark.parametrize(
    ("error", "outcome"), [(DENIED, "skipped"), (call_error("ModifyDBInstance", outcome_unknown=True), "failed")]
)
def test_request_failed_is_skipped_only_if_nothing_was_changed(error, outcome):
    tracker = tracker_of(asked=replace(NOW, skip_problems=True))
    tracker.on_request_failed(error)
    assert (tracker.outcome, tracker.outcome_unknown) == (outcome, error.outcome_unknown)


def test_lost_response_counts_as_changed_once_the_value_is_there():
    tracker = tracker_of()
    tracker.on_request_failed(LOST)
    tracker.observe(ON, 5.0)
    tracker.start(plan_of(ON))
    assert (state(tracker), tracker.changed, tracker.outcome_unknown) == ((ENDED, "applied", []), True, False)
    assert (tracker.plan.before, tracker.after) == (OFF, State(True, None))


def test_lost_response_shows_the_observed_state():
    tracker = tracker_of()
    tracker.on_request_failed(LOST)
    shown = instance(current=True, pending=True)
    tracker.observe(shown, 5.0)
    tracker.start(plan_of(shown))
    assert (tracker.outcome, tracker.after) == ("applied", State(True, True))


def test_value_set_by_others_while_waiting_is_no_change():
    tracker = tracker_of(instance(status="backing-up"))
    tracker.observe(ON, 5.0)
    tracker.start(plan_of(ON))
    assert (state(tracker), tracker.changed) == ((ENDED, "unchanged", []), False)


def test_accepted_request_ends_the_doubt_of_a_lost_response():
    tracker = tracker_of()
    tracker.on_request_failed(LOST)
    tracker.observe(OFF, 5.0)
    tracker.start(plan_of())
    tracker.sent(5.0)
    assert (tracker.changed, tracker.outcome_unknown) == (True, False)


def timed_out(tracker):
    tracker.on_timeout()
    assert (tracker.phase, tracker.outcome) == (ENDED, "failed")
    (problem,) = tracker.problems
    return problem


@pytest.mark.parametrize(
    ("error", "status", "code", "words"),
    [
        (None, "backing-up", "not_modifiable", "its status is 'backing-up'"),
        (None, "available", "timeout", "the change was not requested within 60 seconds. Increase wait_timeout"),
        (THROTTLED, "available", "timeout", "RDS did not accept the request within 60 seconds. The last error: "),
        (LOST, "available", "timeout", "was lost, and RDS may have carried it out, but the change did not take effect"),
        (BUSY, "available", "not_modifiable", "This did not change within 60 seconds. Increase wait_timeout"),
        (BUSY, "modifying", "not_modifiable", "its status is 'modifying'"),
    ],
)
def test_timeout_before_the_request_was_accepted(error, status, code, words):
    tracker = tracker_of(instance(status=status))
    if error is not None:
        tracker.start(plan_of())
        tracker.on_request_failed(error)
        tracker.observe(instance(status=status), 5.0)
    problem = timed_out(tracker)
    assert problem.code == code
    assert words in problem.message


def test_timeout_after_the_request_was_accepted():
    tracker = sent()
    tracker.observe(instance(pending=True), 5.0)
    problem = timed_out(tracker)
    assert problem.code == "timeout"
    assert "RDS accepted the change, but it did not take effect within 60 seconds" in problem.message


def test_timeout_while_the_parameter_group_is_applied():
    tracker = tracker_of()
    tracker.wait_for_parameter_group()
    tracker.observe(instance(parameter_group=ParameterGroup(INSTANCE, "pg16", "applying")), 5.0)
    problem = timed_out(tracker)
    assert (problem.code, problem.message) == (
        "timeout",
        "parameter group pg16 is still 'applying' after 60 seconds. Run the task again to continue",
    )


def test_timeout_after_the_parameter_group_was_changed():
    tracker = tracker_of()
    tracker.wait_for_parameter_group()
    assert "the change was not requested within 60 seconds" in timed_out(tracker).message


@pytest.mark.parametrize(("database", "outcome"), [(OFF, "skipped"), (ON, "unchanged"), (SWITCHING, "unchanged")])
def test_skip_because_of_another_database(database, outcome):
    tracker = tracker_of(database)
    tracker.skip()
    assert state(tracker) == (ENDED, outcome, [])


def test_fail_adds_to_the_problems():
    tracker = tracker_of(OFF, NOW, BLOCKED)
    tracker.fail(Problem("timeout", "it took too long"))
    assert state(tracker) == (ENDED, "failed", ["ssl_disabled", "timeout"])


def test_fail_with_keeps_that_the_outcome_is_unknown():
    tracker = tracker_of()
    tracker.fail_with(LOST)
    assert (state(tracker), tracker.outcome_unknown) == ((ENDED, "failed", ["refused"]), True)
    tracker.fail_with(DENIED)
    assert tracker.outcome_unknown


@pytest.mark.parametrize(
    ("found", "is_same"),
    [
        (OFF, True),
        (instance("renamed", resource_id="db-ORDERS"), True),
        (instance(resource_id="db-NEW"), False),
        (None, False),
    ],
)
def test_is_database_compares_resource_ids(found, is_same):
    assert tracker_of().is_database(found) is is_same


def test_id_is_that_of_the_latest_observation():
    tracker = sent()
    tracker.observe(instance("renamed", resource_id="db-ORDERS"), 5.0)
    assert tracker.id.identifier == "renamed"
    tracker.observe(None, 10.0)
    assert tracker.database.id.identifier == "renamed"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DENIED, "AWS refused ModifyDBInstance: the reason (AccessDenied)"),
        (call_error(unsent=True), "DescribeDBInstances could not be sent to AWS: the reason (AccessDenied)"),
        (call_error(no_response=True), "there was no valid response to DescribeDBInstances: the reason (AccessDenied)"),
        (
            LOST,
            "the response to ModifyDBInstance was lost, and RDS may have carried it out (the reason; "
            "ReadTimeoutError). Run the task again",
        ),
        (
            call_error("ModifyDBInstance", "InternalFailure", outcome_unknown=True, fault=True),
            "AWS returned an internal error for ModifyDBInstance, and may have carried it out (the reason; "
            "InternalFailure). Run the task again",
        ),
    ],
)
def test_refusal_problem(error, message):
    problem = refusal_problem(error)
    assert (problem.code, problem.message) == ("refused", message)
