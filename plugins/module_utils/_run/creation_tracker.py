# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A database that RDS is making: waited for until it is available. Moves on with each look; calls nobody.

This is private to the collection.
"""

from __future__ import annotations

from .._model.change import ChangeOptions
from .._model.database import Database, DatabaseId
from .._model.problem import NOT_FOUND, NOT_MODIFIABLE, TARGET_EXISTS, TIMEOUT, Problem
from .._model.status import is_ready, is_terminal, remedy
from .._rules.identity import Expectation, foreign_database_problem, identity_mismatch


class CreationTracker:
    """A database that has been asked for. ``database`` is None until RDS shows it.

    ``expected``: what it looks like, where this task has asked for it; ``taken`` is the problem code if the one that
    RDS shows is another. ``created_by_others``: it belongs to somebody else, and this task has created none.
    ``is_replaced``: it belongs to somebody else, and what this task created is gone.
    """

    def __init__(
        self,
        database_id: DatabaseId,
        options: ChangeOptions,
        region: str,
        *,
        expected: Expectation | None = None,
        taken: str = TARGET_EXISTS,
    ) -> None:
        self.id = database_id
        self.created_by_others = False
        self.is_replaced = False
        self._region, self._expected, self._taken = region, expected, taken
        self.database: Database | None = None
        self.problems: list[Problem] = []
        self.is_open = True
        self._options = options

    def observe(self, database: Database | None, now: float) -> None:
        """Take in one look; RDS may show a new database a little late."""
        if database is None:
            if self.database is not None:
                self.fail(Problem(NOT_FOUND, "it was deleted or renamed while the task waited for it"))
            return
        self.database = database
        if self._is_another(database):
            return
        if is_terminal(database.status):
            advice = remedy(database.status)
            self.fail(Problem(NOT_MODIFIABLE, f"it was made, but its status is {database.status!r}: {advice}"))
        elif is_ready(database.status):
            self.is_open = False

    def _is_another(self, database: Database) -> bool:
        reason = identity_mismatch(self._expected, database, region=self._region) if self._expected else None
        if self._expected is None or reason is None:
            return False
        self.created_by_others = not self._expected.resource_id
        self.is_replaced = not self.created_by_others
        self.fail(foreign_database_problem(self._expected, self._taken, reason))
        return True

    def fail(self, *problems: Problem) -> None:
        """End with these problems."""
        self.problems += problems
        self.is_open = False

    def on_timeout(self) -> None:
        """The deadline has passed."""
        status = "it is not shown yet" if self.database is None else f"its status is {self.database.status!r}"
        self.fail(
            Problem(
                TIMEOUT,
                f"it is being made, but was not available after {self._options.wait_timeout:g} seconds ({status}): run "
                "the task again to go on",
            )
        )
