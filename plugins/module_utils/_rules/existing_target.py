# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check whether a task can continue with a target or with members that already exist.

This is private to the collection.
"""

from __future__ import annotations

from .._model.database import Database
from .._model.problem import MEMBER_EXISTS, TARGET_EXISTS, Problem
from .._model.status import is_lost
from .new_database import ProvisionRequest


def other_database_problem(what: str, why: str) -> Problem:
    """Return the problem of an existing target that is not the database that the task creates."""
    return Problem(
        TARGET_EXISTS,
        f"it already exists and {what}: {why}. Choose another identifier, or delete or rename it",
    )


def target_problems(wanted: ProvisionRequest) -> list[Problem]:
    """Return why the task cannot continue with a target that exists."""
    existing = wanted.existing
    if existing is None:
        return []
    if existing.cluster_identifier:
        return [_blocked(f"it is a member of DB cluster {existing.cluster_identifier}. Choose another identifier")]
    if is_lost(existing.status):
        return [
            _blocked(
                f"its status is {existing.status!r}. Run the task again once it is deleted, or choose another "
                "identifier"
            )
        ]
    return []


def _blocked(why: str) -> Problem:
    return Problem(TARGET_EXISTS, f"the database already exists, but {why}")


def member_problems(wanted: ProvisionRequest) -> list[Problem]:
    """Return a problem for each member that exists but belongs to another cluster, or is being deleted."""
    problems = (_member_problem(wanted, database) for database in wanted.present_members)
    return [problem for problem in problems if problem is not None]


def _member_problem(wanted: ProvisionRequest, database: Database) -> Problem | None:
    name = database.id.identifier
    if database not in wanted.own_members:
        return Problem(
            MEMBER_EXISTS,
            f"cluster_instances: {name}: the DB instance already exists and is not a member of DB cluster "
            f"{wanted.target.identifier}. Choose another identifier",
        )
    if is_lost(database.status):
        return Problem(
            MEMBER_EXISTS,
            f"cluster_instances: {name}: its status is {database.status!r}. Run the task again once it is deleted, "
            "or choose another identifier",
        )
    return None
