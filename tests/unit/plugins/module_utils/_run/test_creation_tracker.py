# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of a database that is being created, observation by observation."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import (
    MEMBER_EXISTS,
    TARGET_EXISTS,
    Problem,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.identity import Expectation
from ansible_collections.passwordless.rds.plugins.module_utils._run.creation_tracker import CreationTracker
from ansible_collections.passwordless.rds.tests.unit.builders import instance, options
from ansible_collections.passwordless.rds.tests.unit.statuses import EVERY_STATUS

ORDERS = DatabaseId(INSTANCE, "orders")
CREATING, AVAILABLE = instance(status="creating"), instance()


def tracker_of(taken=TARGET_EXISTS, **expected):
    expectation = Expectation(ORDERS, **expected) if expected else None
    return CreationTracker(ORDERS, options(wait_timeout=60.0), "eu-west-1", expected=expectation, taken=taken)


def codes(tracker):
    return [problem.code for problem in tracker.problems]


@pytest.mark.parametrize(("build", "status", "group"), EVERY_STATUS)
def test_creation_follows_status(build, status, group):
    database = build(status=status)
    tracker = CreationTracker(database.id, options(), "eu-west-1")
    tracker.observe(database, 5.0)
    assert tracker.is_open is (group == "transitional")
    assert bool(tracker.problems) is (group == "terminal")


def test_creation_not_listed_yet_is_waited_for():
    tracker = tracker_of()
    tracker.observe(None, 5.0)
    tracker.observe(CREATING, 10.0)
    assert (tracker.is_open, tracker.database, codes(tracker)) == (True, CREATING, [])
    tracker.observe(AVAILABLE, 15.0)
    assert (tracker.is_open, tracker.database, codes(tracker)) == (False, AVAILABLE, [])


def test_creation_database_that_disappears_fails():
    tracker = tracker_of()
    tracker.observe(CREATING, 5.0)
    tracker.observe(None, 10.0)
    assert (tracker.is_open, tracker.database, codes(tracker)) == (False, CREATING, ["not_found"])
    assert "it was deleted or renamed while the task waited for it. Run the task again" in tracker.problems[0].message


def test_creation_terminal_status_has_remedy():
    tracker = tracker_of()
    tracker.observe(instance(status="incompatible-parameters"), 5.0)
    (problem,) = tracker.problems
    assert (problem.code, problem.message) == (
        "not_modifiable",
        "it was created, but its status is 'incompatible-parameters'. Correct its parameter group and reboot it first",
    )


@pytest.mark.parametrize(
    ("expected", "by_others", "replaced"),
    [
        # the response to the request was lost
        ({"engine": "mysql"}, True, False),
        # the database that the task created no longer exists
        ({"resource_id": "db-OURS"}, False, True),
    ],
)
@pytest.mark.parametrize("taken", [TARGET_EXISTS, MEMBER_EXISTS])
def test_creation_another_database_fails(expected, by_others, replaced, taken):
    tracker = tracker_of(taken, **expected)
    # its status does not matter
    tracker.observe(instance(status="failed"), 5.0)
    assert (tracker.is_open, codes(tracker)) == (False, [taken])
    assert (tracker.created_by_others, tracker.is_replaced) == (by_others, replaced)
    assert "somebody else created a DB instance with this identifier" in tracker.problems[0].message


@pytest.mark.parametrize("expected", [{"resource_id": "db-ORDERS"}, {"engine": "postgres"}, {}])
def test_creation_expected_database_ends_without_problem(expected):
    tracker = tracker_of(**expected)
    tracker.observe(AVAILABLE, 5.0)
    assert (tracker.is_open, codes(tracker)) == (False, [])
    assert (tracker.created_by_others, tracker.is_replaced) == (False, False)


@pytest.mark.parametrize(
    ("seen", "words"), [(None, "RDS does not list it yet"), (CREATING, "its status is 'creating'")]
)
def test_creation_timeout_names_the_status(seen, words):
    tracker = tracker_of()
    tracker.observe(seen, 5.0)
    tracker.on_timeout()
    (problem,) = tracker.problems
    assert (tracker.is_open, problem.code, problem.message) == (
        False,
        "timeout",
        f"it is being created, but was not available within 60 seconds ({words}). Run the task again to continue",
    )


def test_creation_fail_ends_with_the_problems():
    tracker = tracker_of()
    tracker.fail(Problem("refused", "why"))
    assert (tracker.is_open, codes(tracker)) == (False, ["refused"])
