# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""From names or a selection to databases: describes them, follows their read replicas, and helps with a name that
does not exist.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from functools import partial

from . import _select
from ._aim import Aim
from ._arns import account_of
from ._errors import CallError
from ._gateway import Gateway, all_answers
from ._model import CLUSTER, INSTANCE, Database, Problem, Ref
from ._problems import NOT_FOUND
from ._select import Selection
from ._similar import Similar

Warn = t.Callable[[str], None]


@dataclass(frozen=True)
class Sight:
    """What was seen: the databases that are meant, and the names that do not exist.

    ``region``: all of the region, members of clusters included, where that was looked at. ``objection``: why the
    selection cannot have been meant so.
    """

    databases: t.Mapping[Ref, Database] = field(default_factory=dict)
    absent: t.Mapping[Ref, Problem] = field(default_factory=dict)
    region: t.Sequence[Database] = ()
    objection: str | None = None

    @property
    def seen(self) -> dict[Ref, Database]:
        """Everything that was described, whether it is meant or not."""
        return {**{database.ref: database for database in self.region}, **self.databases}


def look(aim: Aim, *, gateway: Gateway, warn: Warn, replicas: bool = False) -> Sight:
    """Describe what a task names or selects, ``replicas`` and all."""
    sight = _selected(aim, gateway, warn) if isinstance(aim, Selection) else _named(aim, gateway)
    if not replicas:
        return sight
    reached = _with_replicas(sight, gateway=gateway, warn=warn)
    if isinstance(aim, Selection):
        reached = {ref: database for ref, database in reached.items() if not aim.excludes(database)}
    return replace(sight, databases=reached)


def _named(refs: t.Sequence[Ref], gateway: Gateway) -> Sight:
    seen = gateway.describe(refs)
    elsewhere = _foreign(seen)
    absent = _missing([ref for ref in refs if ref not in seen], gateway=gateway)
    return Sight({ref: seen[ref] for ref in seen if ref not in elsewhere}, {**absent, **elsewhere})


def _selected(selection: Selection, gateway: Gateway, warn: Warn) -> Sight:
    lists = all_answers(gateway, [partial(gateway.describe_all, kind) for kind in (INSTANCE, CLUSTER)])
    region = [database for listed in lists for database in listed]
    chosen = _select.choose(selection, region, gateway.region)
    for text in chosen.warnings:
        warn(text)
    return Sight({d.ref: d for d in chosen.databases}, region=region, objection=chosen.objection)


def _with_replicas(sight: Sight, *, gateway: Gateway, warn: Warn) -> dict[Ref, Database]:
    """Add the read replicas of these databases, and theirs in turn. Those of another region are named in a warning."""
    found, known = sight.databases, {database.ref: database for database in sight.region}
    reached = dict(found)
    news: t.Collection[Database] = list(found.values())
    while news:
        for database in news:
            for arn in database.replicas_elsewhere:
                warn(f"read replica {arn} of {database.ref} is in another region: run the task there for it")
        wanted = dict.fromkeys(ref for database in news for ref in database.replicas if ref not in reached)
        seen = {ref: known[ref] for ref in wanted if ref in known}
        asked = [ref for ref in wanted if ref not in known]
        seen.update(gateway.describe(asked) if asked and not known else {})
        reached.update(seen)
        news = seen.values()
    return reached


def _missing(refs: t.Sequence[Ref], *, gateway: Gateway) -> dict[Ref, Problem]:
    """Say of each name that does not exist which one may have been meant."""
    known = _known_names(gateway) if refs else {}
    return {ref: Problem(NOT_FOUND, _not_found(ref, known, gateway.region)) for ref in refs}


def _foreign(found: t.Mapping[Ref, Database]) -> dict[Ref, Problem]:
    """Say of each name that came from another account's ARN that the database found here only bears the same name."""
    return {
        ref: Problem(
            NOT_FOUND,
            f"its ARN names account {ref.account}, but the credentials of the task belong to account "
            f"{account_of(database.arn)}: use credentials of account {ref.account}",
        )
        for ref, database in found.items()
        if ref.account and account_of(database.arn) not in (None, ref.account)
    }


def _known_names(gateway: Gateway) -> dict[str, Similar]:
    names: dict[str, Similar] = {}
    for kind in (INSTANCE, CLUSTER):
        try:
            names[kind] = Similar(database.ref.identifier for database in gateway.describe_all(kind))
        except CallError:
            names[kind] = Similar(())  # the list only helps the message
    return names


def _not_found(ref: Ref, known: t.Mapping[str, Similar], region: str) -> str:
    text = f"there is no DB {ref.kind} of that name in region {region}"
    other = CLUSTER if ref.kind == INSTANCE else INSTANCE
    if ref.identifier in known[other].names:
        return f"{text}, but a DB {other}: name it under db_{other}_identifiers"
    near = known[ref.kind].to(ref.identifier)
    return f"{text}; similar: {', '.join(near)}" if near else f"{text}: check the name and the region"
