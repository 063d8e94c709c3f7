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

from . import _arns, _identity, _make, _master_user, _near_sources, _preflight, _request, _settings, _sources
from ._blueprint import Order
from ._errand import Errand
from ._errors import InputError
from ._gateway_make import MakingApi
from ._members import MemberOrder
from ._model import CLUSTER, INSTANCE, MULTI_AZ_ENGINES, Database, Problem, Wish
from ._problems import ALWAYS_ON
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
    "CreateDBInstance": ("engine", "db_instance_class", "allocated_storage"),
    "CreateDBCluster": ("engine",),
    "CreateDBInstanceReadReplica": (),
}

OPERATIONS = tuple(_NEEDED)


def create(params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings[MakingApi]) -> dict[str, t.Any]:
    """Create the target, or find that it is there, and return the module's result. Raises RdsError."""
    return _Create(params, wish, around).run()


class _Create(Errand):
    def __init__(self, params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings[MakingApi]) -> None:
        super().__init__(params, wish, around, (*_settings.COMMON_SPEC, *_settings.CREATE_SPEC))
        self._source_name = str(params[_SOURCE] or "").strip()
        self._extra = params["extra_parameters"] or {}
        self._master = _master_user.MasterUser(self.settings)
        if not self._source_name:
            self._master = _master_user.resolve(self.settings, self._extra)
            self.settings = self._master.settings

    def run(self) -> dict[str, t.Any]:
        operation = self.gateway.operation(self._operation_name())
        if not self._source_name:
            _master_user.check(self.settings, operation, desired=self.wish.desired)
        draft, members = self._draft(operation), self.members()
        self._check_needed(operation, members)
        order = self.order("created", members)
        if order.existing is not None:
            order = self._there(self.compared(order, draft), order.existing)
        elif self._source_name:
            order = self._replica(order, operation, draft)
        else:
            order = self._new(order, operation, draft)
        return _make.make(order, self.wish, self.around, self.gateway, self.stopwatch)

    def _operation_name(self) -> str:
        if not self._source_name:
            return _PLAIN[self.target.kind][0]
        if self.target.kind == CLUSTER:
            raise InputError(f"{_SOURCE}: a read replica is a DB instance: set db_instance_identifier")
        return _REPLICA.operation

    def _draft(self, operation: Operation) -> Request:
        fixed = {_PLAIN[self.target.kind][1]: self.target.identifier}
        if self._source_name:
            fixed[_REPLICA.source] = self._source_name
            arn = _arns.parse(self._source_name)
            if arn is not None and arn.region != self.around.api.region:
                fixed["SourceRegion"] = arn.region
        return self.draft(operation, fixed)

    def _check_needed(self, operation: Operation, members: t.Sequence[MemberOrder]) -> None:
        missing = [option for option in _NEEDED[operation.name] if option not in self.settings]
        missing += self._master.missing
        if missing:
            raise InputError(f"{operation.name} cannot do without {', '.join(missing)}")
        if not self._source_name:
            engine = self.settings["engine"].lower()
            self.refuse_engine(engine, members)
            if (
                self.target.kind == CLUSTER
                and engine in MULTI_AZ_ENGINES
                and not self.settings.get("db_instance_class")
            ):
                raise InputError("a Multi-AZ DB cluster cannot do without db_instance_class")

    def _new(self, order: Order, operation: Operation, draft: Request) -> Order:
        engine = self.settings["engine"].lower()
        offer, problems = _preflight.offer_of(self.gateway, engine, self.settings.get("engine_version"))
        problems += self._always_on(order)
        iam = {_request.IAM: _request.iam_value(engine, order.desired)}
        order = replace(
            order,
            request=_request.completed(operation, draft, iam, self.options),
            engine=engine,
            engine_version=offer.version if offer else "",
            problems=tuple(problems),
            warnings=self._warnings(order, engine),
        )
        if offer is None:
            return order
        found = _preflight.of_order(self.gateway, order, offer.family)
        return replace(order, problems=(*order.problems, *found))

    def _always_on(self, order: Order) -> list[Problem]:
        extra = self._extra
        if (
            order.desired
            or not extra.get("WithExpressConfiguration")
            or extra.get("EnableInternetAccessGateway") is False
        ):
            return []
        text = (
            "enable_iam_database_authentication: it cannot be false for an Aurora cluster with express configuration "
            "and an internet access gateway. Set it to true"
        )
        return [Problem(ALWAYS_ON, text)]

    def _warnings(self, order: Order, engine: str) -> tuple[str, ...]:
        if not self._master.by_default:
            return ()
        return (
            f"DB {order.target.kind} {order.target.identifier}: {_master_user.managed_password_limitations(engine)}",
        )

    def _replica(self, order: Order, operation: Operation, draft: Request) -> Order:
        choice = Choice(INSTANCE, _SOURCE, self._source_name, _REPLICA)
        is_far = "SourceRegion" in draft.parameters
        source = None if is_far else self.gateway.source(choice)
        iam = {_request.IAM: _request.iam_value(source.engine if source else "", order.desired)}
        request = _request.completed(operation, draft, iam, self.options)
        if is_far:
            return replace(order, request=request, engine="")
        order = replace(
            order,
            request=request,
            source=source,
            engine=source.engine if source else "",
            engine_version=source.engine_version if source else "",
            problems=tuple(self._source_problems(choice, source)),
        )
        if order.problems:
            return order
        return replace(order, problems=tuple(_preflight.of_order(self.gateway, order, None)))

    def _source_problems(self, choice: Choice, source: Source | None) -> list[Problem]:
        if source is None:
            return [_near_sources.not_found(choice, self.gateway)]
        found = _sources.problems(choice, source)
        if not source.keeps_backups:
            text = f"{_SOURCE}: {source.name} keeps no automated backups, which a replica needs. Enable them"
            found.append(Problem(_sources.SOURCE_NOT_RESTORABLE, text))
        return found

    def _there(self, order: Order, existing: Database) -> Order:
        problems = tuple(self._unlike(existing)) or order.problems
        return replace(order, problems=(*problems, *_preflight.of_missing_members(self.gateway, order, existing)))

    def _unlike(self, existing: Database) -> t.Iterator[Problem]:
        engine = self.settings.get("engine")
        if engine and engine.lower() != existing.engine:
            yield _exists(f"its engine is {existing.engine}, not {engine.lower()}")
        region = self.around.api.region
        if self._source_name and not _identity.is_replica_of(existing, self._source_name, region=region):
            whose = f"a read replica of {existing.replica_of}" if existing.replica_of else "no read replica"
            yield _exists(f"it is {whose}, not one of {self._source_name}")


def _exists(why: str) -> Problem:
    return Problem(
        _sources.TARGET_EXISTS,
        f"it exists already and is another database: {why}. Choose another identifier, or delete or rename it",
    )
