# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check before the setting is disabled whether users still log in with IAM (``unused_for``).

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .._gateway.clock import Deadline
from .._gateway.usage import RetryingUsageGateway, UsageApi, UsageGateway
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, Database, DatabaseId
from .._model.errors import CallError
from .._model.login_usage import UnusedFor
from .._rules.login_usage import UsedInstance, denied_problem, usage_problems, usage_warnings, usage_window
from .._rules.plan import Findings
from .context import RunContext


def usage_check(options: ChangeOptions, context: RunContext[UsageApi], deadline: Deadline) -> UsageCheck | None:
    """Return the check that a task asks for, or None. A task that enables the setting needs none."""
    if options.unused_for is None:
        return None
    if options.desired:
        context.warn("unused_for: the option has no effect, because the task does not disable the setting")
        return None
    return UsageCheck(RetryingUsageGateway(context.api, deadline, options.wait_delay), options.unused_for, deadline)


@dataclass
class UsageCheck:
    """Asks CloudWatch about the databases on which the setting is to be disabled, in as few calls as possible."""

    gateway: UsageGateway
    unused_for: UnusedFor
    deadline: Deadline
    _members: dict[str, Database] = field(default_factory=dict)

    def use_cached_members(self, members: t.Sequence[Database]) -> None:
        """Cache members of clusters, to save calls."""
        self._members.update({member.id.identifier: member for member in members})

    def findings(self, databases: t.Sequence[Database]) -> dict[DatabaseId, Findings]:
        """Return the problems and warnings of each database. Raises CallError if a call fails."""
        self._fetch_members(databases)
        instances = {database.id: self._instances(database) for database in databases}
        now = self._now()
        metrics = [metric for used in instances.values() for one in used for metric in one.metrics]
        try:
            sums = self.gateway.metric_sums(metrics, usage_window(self.unused_for, now))
        except CallError as error:
            if not error.denied:
                raise
            denied = Findings((denied_problem(str(error)),))
            return dict.fromkeys(instances, denied)
        return {
            database_id: Findings(
                tuple(usage_problems(used, sums, self.unused_for, now)),
                tuple(usage_warnings(database_id, self.unused_for)),
            )
            for database_id, used in instances.items()
        }

    def _now(self) -> dt.datetime:
        """Return the time of AWS, because the metrics use it and the clock of this host may be wrong."""
        return self.deadline.clock.now() + dt.timedelta(seconds=self.gateway.clock_ahead or 0.0)

    def _fetch_members(self, databases: t.Sequence[Database]) -> None:
        clusters = [
            database.id.identifier
            for database in databases
            if any(member.identifier.lower() not in self._members for member in database.members)
        ]
        if clusters:
            self.use_cached_members(self.gateway.members(clusters))

    def _instances(self, database: Database) -> tuple[UsedInstance, ...]:
        if database.id.kind != CLUSTER:
            return (UsedInstance(database.id.identifier, database.created_at),)
        names = [member.identifier.lower() for member in database.members]
        return tuple(UsedInstance(name, self._created_at(name)) for name in names)

    def _created_at(self, name: str) -> dt.datetime | None:
        member = self._members.get(name)
        return member.created_at if member else None
