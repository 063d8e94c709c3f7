# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Restores a database: reads the source, completes the request with what it says, and hands the order on.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from . import _blueprint, _make, _members, _names, _preflight, _request, _settings, _sources
from ._blueprint import Order
from ._errors import InputError
from ._model import CLUSTER, Database, Problem, Ref, Wish
from ._patience import Deadline, PatientMakingGateway
from ._request import Operation, Request
from ._sources import Choice, Source
from ._switch import Surroundings

_IAM = "EnableIAMDatabaseAuthentication"


def restore(params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings) -> dict[str, t.Any]:
    """Restore the target, or find that it is there, and return the module's result. Raises RdsError."""
    return _Restore(params, wish, around, _names.target(params, region=around.gateway.region)).run()


class _Restore:
    def __init__(self, params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings, target: Ref) -> None:
        self._params = params
        self._wish = wish
        self._around = around
        self._target = target
        deadline = Deadline.after(wish.wait_timeout, around.clock)
        self._gateway = PatientMakingGateway(around.gateway, deadline, wish.wait_delay)
        self._settings = _settings.given(params, _settings.COMMON_SPEC)
        _settings.check_password(self._settings)

    def run(self) -> dict[str, t.Any]:
        choice = _sources.choose(self._params, self._target.kind)
        operation = self._gateway.operation(choice.way.operation)
        members = _members.ordered(self._params, self._target, wait=self._wish.wait)
        draft = self._draft(operation, choice)
        seen = self._gateway.describe([self._target, *(member.ref for member in members)])
        source = self._source(choice)
        order = Order(
            verb="restored",
            target=self._target,
            desired=self._params["enable_iam_database_authentication"],
            settings=self._settings,
            existing=seen.get(self._target),
            members=members,
            present_members=tuple(database for ref, database in seen.items() if ref != self._target),
            source=source,
        )
        if order.existing is None:
            order = self._new(order, choice, operation, draft)
        else:
            order = self._there(order, choice, order.existing)
        return _make.make(order, self._wish, self._around, self._gateway)

    def _draft(self, operation: Operation, choice: Choice) -> Request:
        fixed = {choice.way.target: self._target.identifier, **choice.parameters, **self._s3(choice)}
        extra = self._params["extra_parameters"] or {}
        return _request.build(operation, kind=self._target.kind, fixed=fixed, settings=self._settings, extra=extra)

    def _s3(self, choice: Choice) -> dict[str, t.Any]:
        said = _settings.given(self._params, _sources.S3_OPTIONS)
        if said and choice.way.kind != _sources.S3:
            raise InputError(f"{', '.join(said)}: only with s3_bucket_name; leave it out")
        return {_sources.S3_OPTIONS[option]: value for option, value in said.items()}

    def _source(self, choice: Choice) -> Source | None:
        if choice.way.kind != _sources.S3:
            return self._gateway.source(choice)
        return Source(
            kind=_sources.S3,
            name=choice.name,
            arn="",
            resource_id="",
            iam=False,
            engine=str(self._params["source_engine"] or "mysql").lower(),
            engine_version="",
            status="available",
        )

    def _new(self, order: Order, choice: Choice, operation: Operation, draft: Request) -> Order:
        problems = _sources.problems(choice, order.source)
        if order.source is None or problems:
            return replace(order, problems=tuple(problems))
        source = order.source
        engine = _sources.target_engine(source, self._target.kind, self._settings.get("engine"))
        self._refuse_class(engine)
        desired = source.iam if order.desired is None else order.desired
        version = self._settings.get("engine_version") or (source.engine_version if engine == source.engine else "")
        filled = {"Engine": engine, "EngineVersion": version or None, choice.way.source: self._name_of(choice, source)}
        request = _request.completed(operation, draft, {**filled, _IAM: desired}, self._target.kind)
        offer, problems = (None, []) if version else _preflight.offer_of(self._gateway, engine, None)
        order = replace(
            order,
            desired=desired,
            request=request,
            engine=engine,
            engine_version=version or (offer.version if offer else ""),
            problems=tuple(problems),
        )
        found = _preflight.of_order(self._gateway, order, offer.family if offer else None)
        return replace(order, problems=(*order.problems, *found), warnings=tuple(self._warnings(order)))

    def _name_of(self, choice: Choice, source: Source) -> str:
        # an instance snapshot becomes a cluster by its ARN only
        return source.arn if (self._target.kind == CLUSTER and source.kind == _sources.SNAPSHOT) else choice.name

    def _refuse_class(self, engine: str) -> None:
        if self._target.kind == CLUSTER and engine.startswith("aurora") and "db_instance_class" in self._settings:
            raise InputError(
                "db_instance_class: an Aurora cluster has none of its own; give each of cluster_instances its class"
            )

    def _warnings(self, order: Order) -> t.Iterator[str]:
        yield from _blueprint.fallbacks(order)
        if order.desired and order.source is not None and order.source.resource_id:
            yield (
                f"DB {order.target.kind} {order.target.identifier}: it gets a resource id of its own, so that "
                f"rds-db:connect policies for {order.source.resource_id} do not match it"
            )

    def _there(self, order: Order, choice: Choice, existing: Database) -> Order:
        if self._params["if_exists"] == "fail":
            text = f"there is a DB {self._target.kind} of that name already, and if_exists is fail"
            return replace(order, problems=(Problem(_sources.TARGET_EXISTS, text),))
        problem = _sources.unlike(choice, order.source, existing)
        warnings = () if problem else tuple(self._not_compared(order, choice, existing))
        desired = order.desired
        if desired is None and order.is_half_made and order.source is not None:
            desired = order.source.iam
        return replace(order, desired=desired, problems=(problem,) if problem else (), warnings=warnings)

    def _not_compared(self, order: Order, choice: Choice, existing: Database) -> t.Iterator[str]:
        if order.source is None:
            why = f"{choice.name} does not exist any more"
        elif choice.latest:
            why = "the latest restorable time is another one at every run"
        elif existing.created_at is None:
            return  # it is being created: there is no time yet
        else:
            return
        yield f"{order.target} exists already, and it cannot be told whether it is this restore: {why}"
