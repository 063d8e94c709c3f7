# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""An RDS in memory that follows the reference rules of AWS. Each database has its position of the uncertain ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from ansible_collections.passwordless.rds.plugins.module_utils._gateway.rds import Page, Query
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeRds

# seconds: a status that passes by itself, a change that shows late, and the time that a change takes
STATUS_SECONDS, LATE_SECONDS, CHANGE_SECONDS = 12.0, 7.0, 14.0
_CODES = {INSTANCE: "InvalidDBInstanceState", CLUSTER: "InvalidDBClusterStateFault"}  # 3.5


@dataclass
class ReferenceRds(FakeRds):
    """The calls of ``FakeRds``, answered by the reference rules.

    ``accepted`` and ``refused`` list the requests by database. ``facts`` and ``rules`` apply to each database.
    """

    facts: dict[DatabaseId, aws.Facts] = field(default_factory=dict)
    rules: dict[DatabaseId, aws.UncertainRules] = field(default_factory=dict)
    accepted: dict[DatabaseId, list[ModifyRequest]] = field(default_factory=dict)
    refused: dict[DatabaseId, list[str]] = field(default_factory=dict)
    groups_set: list[str] = field(default_factory=list)
    _clusters: dict[str, list[Database]] = field(default_factory=dict)
    _changes: dict[DatabaseId, int] = field(default_factory=dict)

    def add_database(self, database: Database, facts: aws.Facts, rules: aws.UncertainRules, ssl: Parameter) -> None:
        """Add a database with its members, its parameter group and its class."""
        self.databases[database.id] = database
        self.facts[database.id], self.rules[database.id] = facts, rules
        if database.parameter_group is not None:
            group = database.parameter_group
            self.parameters[group.kind, group.name] = ssl
        self._clusters[database.id.identifier] = [
            instance(member.identifier, instance_class=member.instance_class, cluster_identifier=database.id.identifier)
            for member in database.members
        ]
        for name in (database.instance_class, *(member.instance_class for member in database.members)):
            if name:
                self.support[name] = facts.supported
        settled = aws.after_status(database)
        if settled != database:
            self.clock.at(self.clock.time + STATUS_SECONDS, partial(self._pass_status, database.id))

    def page(self, query: Query, marker: str | None) -> Page:
        self._call("page", query)
        if query.clusters:
            made = [d for d in self.databases.values() if d.cluster_identifier in query.clusters]
            return Page((*made, *(member for name in query.clusters for member in self._clusters.get(name, ()))))
        if query.names:
            wanted = [DatabaseId(query.kind, name) for name in query.names]
            return Page(tuple(self._described(name) for name in wanted if name in self.databases))
        found = [name for name in self.databases if name.kind == query.kind]
        resources = query.resource_ids
        return Page(tuple(d for d in map(self._described, found) if not resources or d.resource_id in resources))

    def modify(self, change: ModifyRequest) -> str:
        self._call("modify", change)
        database = self.databases.get(change.id)
        if database is None:
            raise CallError(operation="ModifyDBInstance", code="DBInstanceNotFound", message="not found", missing=True)
        rules = self.rules[change.id]
        refusals = aws.refusals(database, self._current_facts(database), change.enable, rules)
        if refusals:
            self.refused.setdefault(change.id, []).append(refusals[0].reason)
            raise CallError(operation="ModifyDBInstance", code=refusals[0].code, message=refusals[0].reason)
        if not aws.accepts_now(database, rules):
            self.refused.setdefault(change.id, []).append("status")
            code = _CODES[change.id.kind]
            raise CallError(operation="ModifyDBInstance", code=code, message="not available", invalid_state=True)
        self.accepted.setdefault(change.id, []).append(change)
        self._carry_out(database, change, rules)
        return database.resource_id

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        if group.startswith("default."):  # 5.3
            raise CallError(operation="ModifyDBParameterGroup", code="InvalidParameterValue", message="default group")
        if not self.parameters[kind, group].dynamic:  # 5.3
            raise CallError(operation="ModifyDBParameterGroup", code="InvalidParameterCombination", message="static")
        super().set_parameter(kind, group, name, value)
        self.groups_set.append(group)

    def open_windows(self) -> None:
        """Open the maintenance window of every database."""
        for database_id, database in list(self.databases.items()):
            self.databases[database_id] = aws.after_window(database)

    def count_requests(self) -> int:
        return self.count("modify") + self.count("set_parameter")

    def _described(self, database_id: DatabaseId) -> Database:
        database = self.databases[database_id]
        if not database.members:
            return database
        # DescribeDBClusters does not show the class of a member (2.3 and 1.4)
        return replace(database, members=tuple(replace(m, instance_class=None) for m in database.members))

    def _current_facts(self, database: Database) -> aws.Facts:
        facts, group = self.facts[database.id], database.parameter_group
        if group is None or (group.kind, group.name) not in self.parameters:
            return facts
        return replace(facts, ssl=self.parameters[group.kind, group.name].value)

    def _pass_status(self, database_id: DatabaseId) -> None:
        if database_id in self.databases:
            self.databases[database_id] = aws.after_status(self.databases[database_id])

    def _carry_out(self, database: Database, change: ModifyRequest, rules: aws.UncertainRules) -> None:
        after = aws.after_request(database, change, rules)
        nothing_to_switch = change.enable is database.current and after.other_pending == database.other_pending
        if not change.apply_immediately or nothing_to_switch:
            self._after(LATE_SECONDS if rules.progress == aws.LATE else 0.0, database.id, after)
            return
        status = "update-iam-db-auth" if rules.documented_status and aws.is_cluster(database) else aws.SWITCHING[0]
        if after.other_pending != database.other_pending:
            status = "modifying"
        pending = replace(database, pending=change.enable)
        number = self._changes[database.id] = self._changes.get(database.id, 0) + 1
        starts = LATE_SECONDS if rules.progress == aws.LATE else 0.0
        running = pending if rules.progress == aws.AVAILABLE_FIRST else replace(pending, status=status)
        if rules.progress == aws.NOT_BEFORE_WINDOW or (rules.progress == aws.STAYS_PENDING and number % 2):
            # 4, "Change is asynchronous": the value is pending while the status is available again
            after = replace(after, current=database.current, pending=change.enable)
        self._after(starts, database.id, running)
        self._after(starts + CHANGE_SECONDS, database.id, replace(after, status=database.status))

    def _after(self, seconds: float, database_id: DatabaseId, database: Database) -> None:
        if seconds:
            self.clock.at(self.clock.time + seconds, partial(self._proceed, database))
        else:
            self.databases[database_id] = database

    def _proceed(self, database: Database) -> None:
        """Show the next step of a change, under the present name, unless the database was deleted meanwhile."""
        found = [name for name, now in self.databases.items() if now.resource_id == database.resource_id]
        for name in found:
            self.databases[name] = replace(database, id=name)
