# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The steps of an experiment, and how its records answer the question. Values only: nothing here calls AWS."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Params = t.Mapping[str, t.Any]
# what a step records: {"error": code} or {"response": ...}; for Watch, {"seen": [...]}
Records = t.Mapping[str, t.Mapping[str, t.Any]]
Position = t.Union[bool, str, float]
CREATES_INSTANCE = frozenset(
    {
        "CreateDBInstance",
        "CreateDBInstanceReadReplica",
        "RestoreDBInstanceFromDBSnapshot",
        "RestoreDBInstanceToPointInTime",
    }
)
CREATES_CLUSTER = frozenset({"CreateDBCluster", "RestoreDBClusterFromSnapshot", "RestoreDBClusterToPointInTime"})
CREATES_OTHER = frozenset({"CreateDBSnapshot", "CreateDBClusterSnapshot", "CreateDBParameterGroup"})
CREATES = CREATES_INSTANCE | CREATES_CLUSTER | CREATES_OTHER


@dataclass(frozen=True)
class Call:
    """An API call. ``{run}`` in a parameter is the ID of the run.

    ``record`` keeps the response or the error. An error of a call without it ends the experiment.
    """

    operation: str
    params: Params
    record: str = ""


@dataclass(frozen=True)
class Wait:
    """Waits until a resource is available: instance, cluster or snapshot."""

    kind: str
    name: str


@dataclass(frozen=True)
class Pause:
    """Waits until a change that RDS applies immediately would show."""

    seconds: int


@dataclass(frozen=True)
class Watch:
    """Records the status and the values of a database every ``every`` seconds, for at most ``seconds``.

    Ends early as soon as the database is available, its IAM setting is on, and nothing is pending.
    """

    kind: str
    name: str
    record: str
    seconds: int
    every: int = 2


Step = t.Union[Call, Wait, Pause, Watch]


@dataclass(frozen=True)
class Experiment:
    """A question about one switch of the simulator, and how to answer it."""

    switch: str
    question: str
    source: str
    steps: tuple[Step, ...]
    positions: tuple[Position, ...]
    read: t.Callable[[Records], Position | None]
    # the time after which the experiment is ended
    minutes: int = 45

    def creations(self) -> list[Call]:
        """Return the calls that create a database."""
        wanted = CREATES_INSTANCE | CREATES_CLUSTER
        return [step for step in self.steps if isinstance(step, Call) and step.operation in wanted]


def refused(record: str, codes: t.Collection[str], *, if_refused: Position, if_accepted: Position) -> t.Any:
    """Return a function that reads the position from whether a call was refused with one of these codes."""

    def _read(records: Records) -> Position | None:
        found = records.get(record)
        if found is None:
            return None
        if "error" not in found:
            return if_accepted
        return if_refused if found["error"] in codes else None

    return _read


def member(record: str, path: str, values: t.Mapping[t.Any, Position]) -> t.Any:
    """Return a function that reads the position from a member of a response: the first item of lists counts."""

    def _read(records: Records) -> Position | None:
        found: t.Any = records.get(record, {}).get("response")
        for name in path.split("."):
            found = found[0] if isinstance(found, list) and found else found
            if not isinstance(found, t.Mapping):
                return None
            found = found.get(name)
        return values.get(found) if isinstance(found, t.Hashable) else None

    return _read
