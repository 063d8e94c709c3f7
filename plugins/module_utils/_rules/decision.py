# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision table: which change a database needs, and the expected outcome and state.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.change import ChangeOptions, ModifyRequest, State
from .._model.database import Database
from .._model.engines import engine_has_setting
from .._model.outcome import APPLIED, APPLYING, CANCELLED, SCHEDULED, UNCHANGED
from .._model.status import is_switching


class Decision(t.NamedTuple):
    """The expected outcome, the state after it, and the request that leads to it (None: no change is needed)."""

    outcome: str
    after: State
    change: t.Optional[ModifyRequest]


@dataclass(frozen=True)
class _Row:
    outcome: str
    after: State
    apply_immediately: bool


def decide(database: Database, options: ChangeOptions) -> Decision:
    """Return the decision for the observed state and the requested change. Problems are checked separately."""
    row = _row(database, options) if _is_applicable(database, options) and not is_under_way(database, options) else None
    if row is None:
        return Decision(UNCHANGED, State(database.current, database.pending), None)
    change = ModifyRequest(id=database.id, enable=options.desired, apply_immediately=row.apply_immediately)
    return Decision(row.outcome, row.after, change)


def is_under_way(database: Database, options: ChangeOptions) -> bool:
    """Whether RDS is already changing the database to the desired value, so that no request is needed."""
    return is_switching(database.status) and database.pending_change is options.desired


def _is_applicable(database: Database, options: ChangeOptions) -> bool:
    # an engine without the setting has it disabled already
    return options.desired or engine_has_setting(database.engine)


def _row(database: Database, options: ChangeOptions) -> _Row | None:
    desired, pending = options.desired, database.pending_change
    if database.current == desired:
        if pending is None:
            return None
        # An immediate Modify drops the pending value immediately. It also applies other pending changes, so it is used
        # only if there are none.
        return _Row(CANCELLED, State(desired, None), apply_immediately=not database.other_pending)
    queued = State(database.current, desired)
    if not options.apply_immediately:
        return None if pending is not None else _Row(SCHEDULED, queued, apply_immediately=False)
    if options.wait:
        return _Row(APPLIED, State(desired, None), apply_immediately=True)
    return _Row(APPLYING, queued, apply_immediately=True)
