# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plan of a task: its id, and what keeps the task from starting."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import (
    Plan,
    applies_other_changes,
    is_same_change,
    objection,
    plan_id,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options

NOW = options(apply_immediately=True)
QUEUED = {"DBInstanceClass": "db.r6g.large"}


def plan(database, asked=NOW, problems=()):
    return Plan(database, decide(database, asked), problems=tuple(problems))


ORDERS, LEDGER = plan(instance()), plan(cluster())
UNCHANGED = plan(instance("shop", current=True))
BLOCKED = plan(instance("old"), problems=[Problem("class_unsupported", "db.t2.micro")])


def test_plan_id_does_not_depend_on_order_or_on_what_stays():
    assert plan_id([ORDERS, LEDGER]) == plan_id([UNCHANGED, LEDGER, BLOCKED, ORDERS])
    assert plan_id([]) == plan_id([UNCHANGED, BLOCKED])


@pytest.mark.parametrize(
    "other",
    [
        plan(instance(), options()),
        plan(instance(resource_id="db-OTHER")),
        plan(instance(other_pending=QUEUED)),
        plan(instance(current=True), options(False, apply_immediately=True)),
        LEDGER,
    ],
    ids=["window", "recreated", "other-changes", "disable", "other-database"],
)
def test_plan_id_differs_for_another_change(other):
    assert plan_id([other]) != plan_id([ORDERS])


def test_changes_only_without_problems():
    assert [one.changes for one in (ORDERS, LEDGER, UNCHANGED, BLOCKED)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("database", "asked", "expected"),
    [
        (instance(other_pending=QUEUED), NOW, True),
        (instance(), NOW, False),
        (instance(other_pending=QUEUED), options(), False),
        (instance(current=True, other_pending=QUEUED), NOW, False),
    ],
    ids=["queued", "nothing-queued", "window", "unchanged"],
)
def test_applies_other_changes(database, asked, expected):
    assert applies_other_changes(plan(database, asked)) is expected


def test_is_same_change():
    assert is_same_change(ORDERS, plan(instance(status="modifying")))
    assert not is_same_change(ORDERS, plan(instance(other_pending=QUEUED)))
    assert not is_same_change(ORDERS, plan(instance(), options()))
    other, another = (plan(instance(other_pending={"Port": port})) for port in (5433, 5434))
    assert not is_same_change(other, another)


@pytest.mark.parametrize(
    ("asked", "refused_by"),
    [
        (options(), None),
        (options(max_changes=2), None),
        (options(max_changes=1), "max_changes"),
        (options(max_changes=0), "max_changes"),
        (options(expect_plan_id=plan_id([ORDERS, LEDGER])), None),
        (options(expect_plan_id="0123456789abcdef"), "expect_plan_id"),
    ],
)
def test_objection(asked, refused_by):
    found = objection([ORDERS, LEDGER, UNCHANGED], asked)
    assert (found or "").partition(":")[0].partition(" ")[0] == (refused_by or "")


def test_objection_nothing_left_to_change_accepts_any_plan_id():
    assert objection([UNCHANGED, BLOCKED], options(expect_plan_id="0123456789abcdef", max_changes=0)) is None
