# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The problems of a target, or of members, that exist before the task."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import MEMBER_EXISTS, TARGET_EXISTS
from ansible_collections.passwordless.rds.plugins.module_utils._rules.existing_target import (
    member_problems,
    other_database_problem,
    target_problems,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

LOST = ("cloning-failed", "deleted", "deleting", "failed", "incompatible-create", "incompatible-restore")


def wanted(existing=None, *members):
    target = DatabaseId(CLUSTER, "ledger") if members else DatabaseId(INSTANCE, "orders")
    return ProvisionRequest("created", target, True, {}, existing=existing, present_members=members)


@pytest.mark.parametrize(
    "existing",
    [None, *(instance(status=status) for status in ("available", "creating", "stopped", "modifying", "storage-full"))],
)
def test_target_that_can_be_reused_has_no_problem(existing):
    assert target_problems(wanted(existing)) == []


@pytest.mark.parametrize("status", LOST)
def test_target_lost_is_refused_with_remedy(status):
    (problem,) = target_problems(wanted(instance(status=status)))
    assert problem.code == TARGET_EXISTS
    assert problem.message == (
        f"the database already exists, but its status is {status!r}. Run the task again once it is deleted, or choose "
        "another identifier"
    )


def test_target_that_is_a_member_names_its_cluster():
    (problem,) = target_problems(wanted(instance(cluster_identifier="ledger", status="deleting")))
    assert problem.code == TARGET_EXISTS
    assert "it is a member of DB cluster ledger. Choose another identifier" in problem.message


def member(name="ledger-1", **changes):
    return instance(name, **{"cluster_identifier": "ledger", **changes})


@pytest.mark.parametrize("changes", [{}, {"cluster_identifier": "Ledger"}, {"status": "creating"}])
def test_member_of_the_target_has_no_problem(changes):
    assert member_problems(wanted(cluster(), member(**changes))) == []


@pytest.mark.parametrize("owner", [None, "shop"])
def test_member_outside_the_target_is_refused(owner):
    (problem,) = member_problems(wanted(cluster(), member(cluster_identifier=owner, status="deleting")))
    assert problem.code == MEMBER_EXISTS
    assert problem.message == (
        "cluster_instances: ledger-1: the DB instance already exists and is not a member of DB cluster ledger. Choose "
        "another identifier"
    )


def test_member_lost_is_refused_and_others_are_not():
    present = (member(), member("ledger-2", status="deleting"), member("ledger-3", status="failed"))
    first, second = member_problems(wanted(cluster(), *present))
    assert first.code == second.code == MEMBER_EXISTS
    assert first.message.startswith("cluster_instances: ledger-2: its status is 'deleting'. Run the task again")
    assert second.message.startswith("cluster_instances: ledger-3: its status is 'failed'")


def test_other_database_problem_names_difference_and_remedy():
    problem = other_database_problem("is another database", "its engine is mysql, not postgres")
    assert (problem.code, problem.message) == (
        TARGET_EXISTS,
        "it already exists and is another database: its engine is mysql, not postgres. Choose another identifier, or "
        "delete or rename it",
    )
