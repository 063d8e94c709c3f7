# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a database can be restored from: which operation does it, what is known of the source, and what is against it.

Sources: the API reference of the Restore operations; Amazon RDS and Aurora User Guides, "Restoring from a DB snapshot"
and "Restoring a DB instance to a specified time".

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt

from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import AURORA_ENGINE_OF, can_restore_as
from .._model.problem import SOURCE_NOT_AVAILABLE, SOURCE_NOT_RESTORABLE, Problem
from .._model.restore_source import CLUSTER_SNAPSHOT, SNAPSHOT, RestoreSource, RestoreSourceOption
from .existing_target import other_database_problem


def target_engine(source: RestoreSource, kind: str, engine: str | None) -> str:
    """The engine of the database to be made: as asked for, or the source's, or the Aurora that it becomes."""
    if engine:
        return engine.lower()
    if kind == CLUSTER and source.kind == SNAPSHOT:
        return AURORA_ENGINE_OF.get(source.engine, source.engine)
    return source.engine


def engine_problems(choice: RestoreSourceOption, source: RestoreSource, engine: str) -> list[Problem]:
    """Why a database of this engine cannot be made of the source."""
    if can_restore_as(source.engine, engine):
        return []
    text = f"{choice.option}: {source.name} is of engine {source.engine}, which cannot become {engine}"
    return [Problem(SOURCE_NOT_RESTORABLE, text)]


def source_problems(choice: RestoreSourceOption, source: RestoreSource) -> list[Problem]:
    """Why nothing can be restored from this source."""
    found = [
        _availability(choice, source),
        _wrong_kind(choice, source),
        _shared(choice, source),
        _window(choice, source),
    ]
    return [problem for problem in found if problem is not None]


def _availability(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    # a stopped database can be restored to a point in time all the same
    if source.kind not in (SNAPSHOT, CLUSTER_SNAPSHOT) or source.status == "available":
        return None
    return Problem(
        SOURCE_NOT_AVAILABLE,
        f"{choice.option}: {source.name} has status {source.status!r}; wait until it is 'available'",
    )


def _wrong_kind(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if source.member_of:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a member of DB cluster {source.member_of}, which owns the data: name "
            "the cluster",
        )
    is_aurora = source.engine.startswith("aurora")
    if choice.kind == INSTANCE and source.kind == CLUSTER_SNAPSHOT and is_aurora:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a snapshot of an Aurora cluster, which becomes a cluster only: set "
            "db_cluster_identifier instead of db_instance_identifier",
        )
    return None


def _shared(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if not (source.kind == SNAPSHOT and source.is_shared and source.is_encrypted):
        return None
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"{choice.option}: {source.name} is shared by another account and encrypted, and RDS restores no such "
        "instance snapshot: copy it first, with a KMS key of this account, and restore the copy",
    )


def _window(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if choice.time is None and not choice.latest:
        return None
    if not source.keeps_backups or source.latest is None:
        return Problem(
            SOURCE_NOT_RESTORABLE, f"{choice.option}: {source.name} keeps no automated backups to restore from"
        )
    if choice.time is None or _within(choice.time, source):
        return None
    earliest = _text(source.earliest) if source.earliest else "its first backup"
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"restore_time: {source.name} can be restored from {earliest} to {_text(source.latest)}, and "
        f"{_text(choice.time)} lies outside",
    )


def _within(time: dt.datetime, source: RestoreSource) -> bool:
    return source.latest is not None and time <= source.latest and (source.earliest is None or source.earliest <= time)


def mismatch(choice: RestoreSourceOption, source: RestoreSource | None, target: Database) -> Problem | None:
    """Why a target that exists cannot be what this restore makes."""
    why = _mismatch(choice, source, target)
    return None if why is None else other_database_problem("cannot be this restore", why)


def _mismatch(choice: RestoreSourceOption, source: RestoreSource | None, target: Database) -> str | None:
    if source is not None and target.resource_id and source.resource_id == target.resource_id:
        return "it is the very database that is to be restored"
    if source is not None and not can_restore_as(source.engine, target.engine):
        return f"its engine is {target.engine}, and that of the source {source.engine}"
    since = choice.time or (source.moment if source else None)
    if since is not None and target.created_at is not None and target.created_at < since:
        return f"it was created at {_text(target.created_at)}, before {_text(since)}"
    return None


def restored_to(choice: RestoreSourceOption, source: RestoreSource | None, *, exists: bool) -> dt.datetime | None:
    """The point in time whose data the target has; None for a snapshot, and where it existed and is of the latest."""
    if choice.time is not None or not choice.latest:
        return choice.time
    return None if exists or source is None else source.latest


def _text(time: dt.datetime) -> str:
    return time.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
