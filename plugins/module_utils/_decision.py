# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What is to be done about one database, and how it will stand afterwards: the decision table.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import _status
from ._model import Database, Modify, State, Wish

UNCHANGED = "unchanged"
APPLIED = "applied"
APPLYING = "applying"
SCHEDULED = "scheduled"
CANCELLED = "cancelled"
SKIPPED = "skipped"
FAILED = "failed"
OUTCOMES = (UNCHANGED, APPLIED, APPLYING, SCHEDULED, CANCELLED, SKIPPED, FAILED)
CHANGING = frozenset((APPLIED, APPLYING, SCHEDULED, CANCELLED))

# Engines that RDS lists but that have no IAM database authentication (Amazon RDS User Guide, "Supported Regions and
# DB engines for IAM database authentication"). Neptune and DocumentDB have mechanisms of their own behind the same API.
_ENGINES_WITHOUT = ("oracle", "sqlserver", "db2", "custom-", "neptune", "docdb")


class Decision(t.NamedTuple):
    """The outcome to expect, the state it leaves, and the call that brings it about (None: nothing to do)."""

    outcome: str
    after: State
    change: t.Optional[Modify]


@dataclass(frozen=True)
class _Row:
    outcome: str
    after: State
    apply_immediately: bool


def engine_has_setting(engine: str) -> bool:
    """Whether the engine has IAM database authentication at all."""
    return not engine.lower().startswith(_ENGINES_WITHOUT)


def decide(database: Database, wish: Wish) -> Decision:
    """Decide from what was observed and what is asked for; knows nothing of problems."""
    row = _row(database, wish) if _has_a_say(database, wish) and not is_under_way(database, wish) else None
    if row is None:
        return Decision(UNCHANGED, State(database.current, database.pending), None)
    change = Modify(ref=database.ref, enable=wish.desired, apply_immediately=row.apply_immediately)
    return Decision(row.outcome, row.after, change)


def is_under_way(database: Database, wish: Wish) -> bool:
    """RDS is bringing the database to the desired value already: nothing is left to ask for."""
    return _status.is_switching(database.status) and database.pending_change is wish.desired


def _has_a_say(database: Database, wish: Wish) -> bool:
    # switching the setting off where there is none to switch is done already
    return wish.desired or engine_has_setting(database.engine)


def _row(database: Database, wish: Wish) -> _Row | None:
    desired, pending = wish.desired, database.pending_change
    if database.current == desired:
        if pending is None:
            return None
        # with nothing else pending an immediate Modify drops the value at once; otherwise it would set the rest off
        return _Row(CANCELLED, State(desired, None), apply_immediately=not database.other_pending)
    queued = State(database.current, desired)
    if not wish.apply_immediately:
        return None if pending is not None else _Row(SCHEDULED, queued, apply_immediately=False)
    if wish.wait:
        return _Row(APPLIED, State(desired, None), apply_immediately=True)
    return _Row(APPLYING, queued, apply_immediately=True)
