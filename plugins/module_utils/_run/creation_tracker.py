# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of a database that RDS is creating, until it is available.

Each observation of the database advances the state. The tracker itself makes no calls.

This is private to the collection.
"""

from __future__ import annotations

from .._model.change import ChangeOptions
from .._model.database import Database, DatabaseId
from .._model.problem import NOT_FOUND, NOT_MODIFIABLE, TARGET_EXISTS, TIMEOUT, Problem
from .._model.status import is_ready, is_terminal, remedy
from .._rules.identity import Expectation, foreign_database_problem, identity_mismatch
from .._rules.problems import sentence


class CreationTracker:
    """A database that is being created. ``database`` is None until RDS shows it.

    ``expected`` contains its properties if this task has requested it. ``taken`` is the problem code if RDS shows
    another database. ``created_by_others``: somebody else created the database, and this task has created none.
    ``is_replaced``: somebody else created the database, and the one that this task created no longer exists.
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
        """Process one observation. RDS may show a new database with a delay, so None is not an error at first."""
        if database is None:
            if self.database is not None:
                self.fail(
                    Problem(NOT_FOUND, "it was deleted or renamed while the task waited for it. Run the task again")
                )
            return
        self.database = database
        if self._is_another(database):
            return
        if is_terminal(database.status):
            advice = remedy(database.status)
            self.fail(
                Problem(NOT_MODIFIABLE, f"it was created, but its status is {database.status!r}. {sentence(advice)}")
            )
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
        """End because the deadline has passed."""
        status = "RDS does not list it yet" if self.database is None else f"its status is {self.database.status!r}"
        self.fail(
            Problem(
                TIMEOUT,
                f"it is being created, but was not available within {self._options.wait_timeout:g} seconds ({status}). "
                "Run the task again to continue",
            )
        )
