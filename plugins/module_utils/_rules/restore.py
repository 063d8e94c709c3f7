# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check the source of a restore, and whether an existing target can be the result of that restore.

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
    """Return the engine of the new database: the requested one, or the one that follows from the source."""
    if engine:
        return engine.lower()
    if kind == CLUSTER and source.kind == SNAPSHOT:
        return AURORA_ENGINE_OF.get(source.engine, source.engine)
    return source.engine


def engine_problems(choice: RestoreSourceOption, source: RestoreSource, engine: str) -> list[Problem]:
    """Return why a database of this engine cannot be restored from the source."""
    if can_restore_as(source.engine, engine):
        return []
    text = f"{choice.option}: {source.name} has engine {source.engine}, which cannot be restored as {engine}"
    return [Problem(SOURCE_NOT_RESTORABLE, text)]


def source_problems(choice: RestoreSourceOption, source: RestoreSource) -> list[Problem]:
    """Return why this source cannot be restored."""
    found = [
        _availability(choice, source),
        _wrong_kind(choice, source),
        _shared(choice, source),
        _window(choice, source),
    ]
    return [problem for problem in found if problem is not None]


def _availability(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    # the status of an existing source does not matter: RDS also restores a stopped database to a point in time
    if source.kind not in (SNAPSHOT, CLUSTER_SNAPSHOT) or source.status == "available":
        return None
    return Problem(
        SOURCE_NOT_AVAILABLE,
        f"{choice.option}: {source.name} has status {source.status!r}. Wait until it is 'available'",
    )


def _wrong_kind(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if source.member_of:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a member of DB cluster {source.member_of}, which owns the data. "
            "Restore "
            "the cluster instead",
        )
    is_aurora = source.engine.startswith("aurora")
    if choice.kind == INSTANCE and source.kind == CLUSTER_SNAPSHOT and is_aurora:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a snapshot of an Aurora cluster, which can only be restored as a "
            "cluster. Set db_cluster_identifier instead of db_instance_identifier",
        )
    return None


def _shared(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if not (source.kind == SNAPSHOT and source.is_shared and source.is_encrypted):
        return None
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"{choice.option}: {source.name} is encrypted and shared by another account, and RDS does not restore such a "
        "DB snapshot. Copy it with a KMS key of this account, and restore the copy",
    )


def _window(choice: RestoreSourceOption, source: RestoreSource) -> Problem | None:
    if choice.time is None and not choice.latest:
        return None
    if not source.keeps_backups or source.latest is None:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} has no automated backups. Restore a snapshot instead",
        )
    if choice.time is None or _within(choice.time, source):
        return None
    earliest = _text(source.earliest) if source.earliest else "its first backup"
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"restore_time: {_text(choice.time)} is outside the restorable time of {source.name}. Use a time from "
        f"{earliest} "
        f"to {_text(source.latest)}",
    )


def _within(time: dt.datetime, source: RestoreSource) -> bool:
    return source.latest is not None and time <= source.latest and (source.earliest is None or source.earliest <= time)


def mismatch(choice: RestoreSourceOption, source: RestoreSource | None, target: Database) -> Problem | None:
    """Return why an existing target cannot be the result of this restore, or None if it can."""
    why = _mismatch(choice, source, target)
    return None if why is None else other_database_problem("cannot be the result of this restore", why)


def _mismatch(choice: RestoreSourceOption, source: RestoreSource | None, target: Database) -> str | None:
    if source is not None and target.resource_id and source.resource_id == target.resource_id:
        return "it is the source database itself"
    if source is not None and not can_restore_as(source.engine, target.engine):
        return f"its engine is {target.engine}, and the engine of the source is {source.engine}"
    since = choice.time or (source.moment if source else None)
    if since is not None and target.created_at is not None and target.created_at < since:
        return f"it was created at {_text(target.created_at)}, before {_text(since)}"
    return None


def restored_to(choice: RestoreSourceOption, source: RestoreSource | None, *, exists: bool) -> dt.datetime | None:
    """Return the point in time that the target is restored to.

    Return None for a snapshot, and for an existing target of a restore to the latest restorable time.
    """
    if choice.time is not None or not choice.latest:
        return choice.time
    return None if exists or source is None else source.latest


def _text(time: dt.datetime) -> str:
    return time.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
