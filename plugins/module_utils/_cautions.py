# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a user should hear about a change that is going to be made all the same.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from . import _status
from ._decision import APPLIED, APPLYING, CANCELLED, Decision
from ._model import Database, Problem, Ref, Wish
from ._problems import Facts, directories_joined, flushes_other_changes, names_of

_LITTLE_MEMORY = re.compile(r"db\.t\d+[a-z]*\.(micro|small)")
# so many databases of one warning are named, and so many skipped ones get a warning of their own
_NAMED = 10


def of_plan(database: Database, decision: Decision, facts: Facts, wish: Wish) -> list[str]:
    """Return the warnings for one database; empty where nothing changes."""
    if decision.change is None:
        return []
    found = [_passing(database, wish), *_others(database, decision, wish)]
    if decision.outcome != CANCELLED:
        lockout = "disabling locks out the database users who log in by IAM"
        found += [_memory(database, facts), _group(facts), _kerberos(database)] if wish.desired else [lockout]
    return [text for text in found if text]


def gathered(cautions: t.Iterable[tuple[Ref, str]]) -> list[str]:
    """What is to be said of several databases is said once, with their names."""
    about: dict[str, list[Ref]] = {}
    for ref, text in cautions:
        about.setdefault(text, []).append(ref)
    return [f"{databases_in_words(refs)}: {text}" for text, refs in about.items()]


def of_skipped(skipped: t.Sequence[tuple[Ref, Problem]], *, preview: bool) -> list[str]:
    """Why databases are left out, or would be; of very many, how many for which reason."""
    if len(skipped) <= _NAMED:
        verb = "would be skipped" if preview else "is skipped"
        return [f"{ref} {verb}: {problem.code}: {problem.message}" for ref, problem in skipped]
    done = "would be skipped" if preview else "skipped"
    about: dict[str, list[Ref]] = {}
    for ref, problem in skipped:
        about.setdefault(problem.code, []).append(ref)
    return [f"{databases_in_words(refs)} {done}: {code}. See problems in the result" for code, refs in about.items()]


def databases_in_words(refs: t.Sequence[Ref]) -> str:
    """Name one database, or count several and name the first ones."""
    if len(refs) == 1:
        return f"DB {refs[0].kind} {refs[0].identifier}"
    more = f" and {len(refs) - _NAMED} more" if len(refs) > _NAMED else ""
    return f"{len(refs)} databases ({', '.join(map(str, refs[:_NAMED]))}{more})"


def _passing(database: Database, wish: Wish) -> str | None:
    if not wish.wait or _status.is_ready(database.status) or _status.is_terminal(database.status):
        return None
    return f"its status is {database.status!r}, which has to pass before RDS accepts a change"


def _others(database: Database, decision: Decision, wish: Wish) -> list[str]:
    if not database.other_pending or decision.outcome not in (APPLIED, APPLYING):
        return []
    names = names_of(database.other_pending)
    if not flushes_other_changes(database):
        return [f"other changes are pending and are not meant to be applied along: {names}"]
    return (
        [f"RDS applies these pending changes along with the setting: {names}"]
        if wish.apply_other_pending_changes
        else []
    )


def _memory(database: Database, facts: Facts) -> str | None:
    classes = {support.instance_class for support in facts.classes} | {database.instance_class or ""}
    small = sorted(name for name in classes if _LITTLE_MEMORY.fullmatch(name))
    if not small:
        return None
    return f"IAM database authentication needs 300 to 1000 MiB of memory, which is much for {', '.join(small)}"


def _group(facts: Facts) -> str | None:
    if facts.ssl is None or not facts.ssl.group.unsettled:
        return None
    group = facts.ssl.group
    statuses = ", ".join(map(repr, group.unsettled))
    return f"parameter group {group.name} is {statuses}: the value of ssl in force may differ from the one in the group"


def _kerberos(database: Database) -> str | None:
    """Source: Aurora User Guide, "Database authentication with Aurora": either or both on a cluster."""
    joined = directories_joined(database)
    if not (joined and database.engine == "aurora-postgresql"):
        return None
    return (
        f"it has joined directory {', '.join(joined)}: a database user cannot have both rds_ad (Kerberos) and rds_iam"
    )
