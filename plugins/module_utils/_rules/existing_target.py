# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A target that exists already, or whose members do: why a task cannot go on with it.

This is private to the collection.
"""

from __future__ import annotations

from .._model.database import Database
from .._model.problem import MEMBER_EXISTS, TARGET_EXISTS, Problem
from .._model.status import is_lost
from .new_database import ProvisionRequest


def other_database_problem(what: str, why: str) -> Problem:
    """Return the problem of a target that is not what the task makes."""
    return Problem(
        TARGET_EXISTS,
        f"it exists already and {what}: {why}. Choose another identifier, or delete or rename it",
    )


def target_problems(wanted: ProvisionRequest) -> list[Problem]:
    """A target that exists and is nothing to go on with, whatever it was made from."""
    existing = wanted.existing
    if existing is None:
        return []
    if existing.cluster_identifier:
        text = f"it exists already, but it is a member of DB cluster {existing.cluster_identifier}: "
        return [Problem(TARGET_EXISTS, f"{text}choose another identifier")]
    if is_lost(existing.status):
        text = f"it exists already, but its status is {existing.status!r}: "
        return [Problem(TARGET_EXISTS, f"{text}run the task again once it is gone, or choose another identifier")]
    return []


def member_problems(wanted: ProvisionRequest) -> list[Problem]:
    """Members that exist already and belong elsewhere, or are nothing to go on with."""
    problems = (_member_problem(wanted, database) for database in wanted.present_members)
    return [problem for problem in problems if problem is not None]


def _member_problem(wanted: ProvisionRequest, database: Database) -> Problem | None:
    name = database.id.identifier
    if database not in wanted.own_members:
        return Problem(
            MEMBER_EXISTS,
            f"cluster_instances: there is a DB instance {name} already, and it is no member of "
            f"{wanted.target.identifier}: choose another identifier",
        )
    if is_lost(database.status):
        return Problem(
            MEMBER_EXISTS,
            f"cluster_instances: {name} has status {database.status!r}: run the task again once it is gone, or choose "
            "another identifier",
        )
    return None
