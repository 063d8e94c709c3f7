# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Creates a database, or finds that it is there.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from . import _arns, _make, _members, _names, _preflight, _request, _settings, _sources
from ._blueprint import Order
from ._errors import InputError
from ._model import CLUSTER, INSTANCE, Database, Problem, Ref, Wish
from ._patience import Deadline, PatientMakingGateway
from ._request import Operation, Request
from ._sources import Choice, Source, Way
from ._switch import Surroundings

_SOURCE = "source_db_instance_identifier"
_REPLICA = Way(
    "CreateDBInstanceReadReplica", "DBInstanceIdentifier", "SourceDBInstanceIdentifier", _sources.LIVE_INSTANCE
)
_PLAIN = {
    INSTANCE: ("CreateDBInstance", "DBInstanceIdentifier"),
    CLUSTER: ("CreateDBCluster", "DBClusterIdentifier"),
}
# botocore's model requires less than RDS does (API reference of CreateDBInstance and CreateDBCluster)
_NEEDED = {
    "CreateDBInstance": ("engine", "db_instance_class", "allocated_storage", "master_username"),
    "CreateDBCluster": ("engine", "master_username"),
    "CreateDBInstanceReadReplica": (),
}


OPERATIONS = tuple(_NEEDED)


def create(params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings) -> dict[str, t.Any]:
    """Create the target, or find that it is there, and return the module's result. Raises RdsError."""
    return _Create(params, wish, around, _names.target(params, region=around.gateway.region)).run()


class _Create:
    def __init__(self, params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings, target: Ref) -> None:
        self._params = params
        self._wish = wish
        self._around = around
        self._target = target
        deadline = Deadline.after(wish.wait_timeout, around.clock)
        self._gateway = PatientMakingGateway(around.gateway, deadline, wish.wait_delay)
        self._source_name = str(params[_SOURCE] or "").strip()
        self._settings = self._with_defaults(_settings.given(params, (*_settings.COMMON_SPEC, *_settings.CREATE_SPEC)))

    def run(self) -> dict[str, t.Any]:
        operation = self._gateway.operation(self._operation_name())
        members = _members.ordered(self._params, self._target, wait=self._wish.wait)
        draft = self._draft(operation)
        self._check_needed(operation)
        seen = self._gateway.describe([self._target, *(member.ref for member in members)])
        order = Order(
            verb="created",
            target=self._target,
            desired=self._params["enable_iam_database_authentication"],
            settings=self._settings,
            existing=seen.get(self._target),
            members=members,
            present_members=tuple(database for ref, database in seen.items() if ref != self._target),
        )
        if order.existing is not None:
            order = replace(order, problems=tuple(self._unlike(order.existing)))
        elif self._source_name:
            order = self._replica(order, operation, draft)
        else:
            order = self._new(order, operation, draft)
        return _make.make(order, self._wish, self._around, self._gateway)

    def _with_defaults(self, settings: dict[str, t.Any]) -> dict[str, t.Any]:
        _settings.check_password(settings)
        if not (self._source_name or settings.keys() & {"master_user_password", "manage_master_user_password"}):
            settings["manage_master_user_password"] = True
        return settings

    def _operation_name(self) -> str:
        if not self._source_name:
            return _PLAIN[self._target.kind][0]
        if self._target.kind == CLUSTER:
            raise InputError(f"{_SOURCE}: a read replica is a DB instance: set db_instance_identifier")
        return _REPLICA.operation

    def _draft(self, operation: Operation) -> Request:
        fixed = {_PLAIN[self._target.kind][1]: self._target.identifier}
        if self._source_name:
            fixed[_REPLICA.source] = self._source_name
            arn = _arns.parse(self._source_name)
            if arn is not None and arn.region != self._around.gateway.region:
                fixed["SourceRegion"] = arn.region
        extra = self._params["extra_parameters"] or {}
        return _request.build(operation, kind=self._target.kind, fixed=fixed, settings=self._settings, extra=extra)

    def _check_needed(self, operation: Operation) -> None:
        missing = [option for option in _NEEDED[operation.name] if option not in self._settings]
        if missing:
            raise InputError(f"{operation.name} cannot do without {', '.join(missing)}")

    def _new(self, order: Order, operation: Operation, draft: Request) -> Order:
        engine = self._settings["engine"].lower()
        offer, problems = _preflight.offer_of(self._gateway, engine, self._settings.get("engine_version"))
        iam = {"EnableIAMDatabaseAuthentication": order.desired}
        order = replace(
            order,
            request=_request.completed(operation, draft, iam, self._target.kind),
            engine=engine,
            engine_version=offer.version if offer else "",
            problems=tuple(problems),
        )
        if offer is None:
            return order
        return replace(order, problems=tuple(_preflight.of_order(self._gateway, order, offer.family)))

    def _replica(self, order: Order, operation: Operation, draft: Request) -> Order:
        request = _request.completed(
            operation, draft, {"EnableIAMDatabaseAuthentication": order.desired}, self._target.kind
        )
        if "SourceRegion" in request.parameters:
            return replace(order, request=request, engine="")
        choice = Choice(INSTANCE, _SOURCE, self._source_name, _REPLICA)
        source = self._gateway.source(choice)
        order = replace(
            order,
            request=request,
            source=source,
            engine=source.engine if source else "",
            engine_version=source.engine_version if source else "",
            problems=tuple(_source_problems(choice, source)),
        )
        if order.problems:
            return order
        return replace(order, problems=tuple(_preflight.of_order(self._gateway, order, None)))

    def _unlike(self, existing: Database) -> t.Iterator[Problem]:
        engine = self._settings.get("engine")
        if engine and engine.lower() != existing.engine:
            yield _exists(f"its engine is {existing.engine}, not {engine.lower()}")
        if self._source_name and not self._is_replica_of_source(existing):
            whose = f"a read replica of {existing.replica_of}" if existing.replica_of else "no read replica"
            yield _exists(f"it is {whose}, not one of {self._source_name}")

    def _is_replica_of_source(self, existing: Database) -> bool:
        names = [name.lower().rsplit(":", maxsplit=1)[-1] for name in (existing.replica_of or "", self._source_name)]
        return names[0] == names[1]


def _source_problems(choice: Choice, source: Source | None) -> list[Problem]:
    found = _sources.problems(choice, source)
    if source is not None and not source.keeps_backups:
        text = f"{_SOURCE}: {source.name} keeps no automated backups, and RDS replicates only what does"
        found.append(Problem(_sources.SOURCE_NOT_RESTORABLE, text))
    return found


def _exists(why: str) -> Problem:
    return Problem(
        _sources.TARGET_EXISTS,
        f"it exists already and is another database: {why}. Choose another identifier, or delete or rename it",
    )
