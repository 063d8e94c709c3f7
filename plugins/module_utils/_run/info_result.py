# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of ``rds_iam_auth_info``: databases, Security Hub findings and the summary.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, replace

from .._model.arns import dbuser_arn_prefix
from .._model.change import State
from .._model.database import CLUSTER, Database, DatabaseId
from .._model.problem import Problem
from .._rules.plan import Plan
from .._rules.readiness import READINESS_VALUES, readiness_summary, security_controls, security_hub_findings
from .result import described, problem_list


@dataclass(frozen=True)
class ClusterMembership:
    """The clusters of the returned members, by name, and the members of the returned clusters."""

    owners: t.Mapping[str, Database]
    members: t.Sequence[Database]

    def owner_of(self, database: Database) -> Database | None:
        """Return the database that owns the setting, or None if it was not described."""
        name = database.cluster_identifier
        return self.owners.get(name.lower()) if name else database

    def as_owned(self, database: Database) -> Database:
        """Return the database with the values of the database that owns its setting."""
        owner = self.owner_of(database) or database
        return replace(database, current=owner.current, pending=owner.pending)

    def all_of(self, database: Database) -> list[Database]:
        """Return the database and, for a cluster, its members."""
        is_cluster = database.id.kind == CLUSTER
        names = {member.identifier.lower() for member in database.members} if is_cluster else set()
        return [database, *(member for member in self.members if member.id.identifier in names)]


@dataclass(frozen=True)
class SurveyedDatabase:
    """A database, the database that owns its setting, the plan to enable the setting, and the readiness."""

    database: Database
    owner: Database | None
    plan: Plan
    readiness: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the database that owns the setting."""
        if self.owner is None:
            return ()  # the problems would be those of the cluster, which was not described
        if self.owner.id == self.database.id:
            return self.plan.problems
        return tuple(
            Problem(problem.code, f"DB cluster {self.owner.id.identifier}: {problem.message}")
            for problem in self.plan.problems
        )


@dataclass(frozen=True)
class InfoResult:
    """The described databases. ``seen`` contains all of them, and provides the values of the read replicas."""

    databases: tuple[SurveyedDatabase, ...]
    membership: ClusterMembership
    seen: t.Mapping[DatabaseId, Database]
    now: dt.datetime

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        membership = self.membership
        states = {database_id: database.current for database_id, database in self.seen.items()}
        summary = readiness_summary([(item.database, item.readiness) for item in self.databases])
        evaluated = [
            membership.as_owned(other) for item in self.databases for other in membership.all_of(item.database)
        ]
        return {
            "changed": False,
            "databases": [_database(item, states, self.now) for item in self.databases],
            "findings": security_hub_findings(evaluated),
            "summary": summary,
            "msg": _message(summary),
        }


def _database(item: SurveyedDatabase, states: t.Mapping[DatabaseId, bool], now: dt.datetime) -> dict[str, t.Any]:
    database, owner = item.database, item.owner
    return {
        **described(database, State(database.current, database.pending), item.plan.facts.ssl, states, now),
        # a policy for a member requires the resource id of its cluster
        "dbuser_arn_prefix": None if owner is None else dbuser_arn_prefix(owner.arn, owner.resource_id),
        "db_cluster_identifier": database.cluster_identifier,
        "readiness": item.readiness,
        "problems": problem_list(item.problems),
        "security_controls": security_controls(database),
    }


def _message(summary: t.Mapping[str, t.Any]) -> str:
    if not summary["total"]:
        return "No databases."
    counts = ", ".join(f"{summary[key]} {key}" for key in READINESS_VALUES if summary[key])
    pending = f"; a change is pending on {summary['pending']}" if summary["pending"] else ""
    return f"{counts} of {summary['total']}, coverage {summary['coverage_percent']:g} %{pending}."
