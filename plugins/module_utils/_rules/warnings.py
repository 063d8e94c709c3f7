# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Warnings about a change. A warning does not block the change.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.change import ChangeOptions
from .._model.database import Database, DatabaseId
from .._model.outcome import APPLIED, APPLYING, CANCELLED
from .._model.problem import Problem
from .._model.status import is_ready, is_terminal
from .decision import Decision
from .facts import ReadinessFacts
from .problems import applies_whole_queue, change_names, directories_joined

_LITTLE_MEMORY = re.compile(r"db\.t\d+[a-z]*\.(micro|small)")

# the number of databases that one warning names, and of skipped databases that get separate warnings
_NAMED = 10


def plan_warnings(database: Database, decision: Decision, facts: ReadinessFacts, options: ChangeOptions) -> list[str]:
    """Return the warnings for one database. A database that does not change has none."""
    if decision.change is None:
        return []
    found = [_transitional(database, options), *_others(database, decision, options)]
    if decision.outcome != CANCELLED:
        lockout = "disabling the setting locks out the database users who log in with IAM"
        found += [_memory(database, facts), _group(facts), _kerberos(database)] if options.desired else [lockout]
    return [text for text in found if text]


def group_by_message(warnings: t.Iterable[tuple[DatabaseId, str]]) -> list[str]:
    """Return one warning for each text, with the names of the databases that it applies to."""
    about: dict[str, list[DatabaseId]] = {}
    for database_id, text in warnings:
        about.setdefault(text, []).append(database_id)
    return [f"{databases_in_words(database_ids)}: {text}" for text, database_ids in about.items()]


def skipped_warnings(skipped: t.Sequence[tuple[DatabaseId, Problem]], *, preview: bool) -> list[str]:
    """Return a warning for each skipped database, or one for each problem code if many are skipped."""
    if len(skipped) <= _NAMED:
        verb = "would be skipped" if preview else "is skipped"
        return [f"{database_id} {verb}: {problem.code}: {problem.message}" for database_id, problem in skipped]
    done = "would be skipped" if preview else "skipped"
    about: dict[str, list[DatabaseId]] = {}
    for database_id, problem in skipped:
        about.setdefault(problem.code, []).append(database_id)
    return [
        f"{databases_in_words(database_ids)} {done}: {code}. See problems in the result"
        for code, database_ids in about.items()
    ]


def databases_in_words(database_ids: t.Sequence[DatabaseId]) -> str:
    """Return the name of one database, or the number of several databases and the first names."""
    if len(database_ids) == 1:
        return f"DB {database_ids[0].kind} {database_ids[0].identifier}"
    more = f" and {len(database_ids) - _NAMED} more" if len(database_ids) > _NAMED else ""
    return f"{len(database_ids)} databases ({', '.join(map(str, database_ids[:_NAMED]))}{more})"


def _transitional(database: Database, options: ChangeOptions) -> str | None:
    if not options.wait or is_ready(database.status) or is_terminal(database.status):
        return None
    return f"its status is {database.status!r}, and RDS accepts the change only after this status has ended"


def _others(database: Database, decision: Decision, options: ChangeOptions) -> list[str]:
    if not database.other_pending or decision.outcome not in (APPLIED, APPLYING):
        return []
    names = change_names(database.other_pending)
    if not applies_whole_queue(database):
        return [f"other changes are pending, and RDS is not expected to apply them with this one: {names}"]
    return [f"RDS also applies these pending changes: {names}"] if options.apply_other_pending_changes else []


def _memory(database: Database, facts: ReadinessFacts) -> str | None:
    classes = {support.instance_class for support in facts.classes} | {database.instance_class or ""}
    small = sorted(name for name in classes if _LITTLE_MEMORY.fullmatch(name))
    if not small:
        return None
    named = ", ".join(small)
    return f"IAM database authentication uses 300 to 1000 MiB of memory, which is a large part of that of {named}"


def _group(facts: ReadinessFacts) -> str | None:
    if facts.ssl is None or not facts.ssl.group.unsettled:
        return None
    group = facts.ssl.group
    statuses = ", ".join(map(repr, group.unsettled))
    return (
        f"parameter group {group.name} is {statuses}, so the effective value of ssl may differ from the one in the "
        "group"
    )


def _kerberos(database: Database) -> str | None:
    """Source: Aurora User Guide, "Database authentication with Aurora": a cluster can use either or both."""
    joined = directories_joined(database)
    if not (joined and database.engine == "aurora-postgresql"):
        return None
    return (
        f"it has joined directory {', '.join(joined)}, and a database user cannot have both rds_ad (Kerberos) and "
        "rds_iam"
    )
