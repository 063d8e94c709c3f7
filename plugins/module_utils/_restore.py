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

from . import _blueprint, _inherit, _make, _members, _near_sources, _preflight, _request, _settings, _sources
from ._blueprint import Order
from ._errand import Errand
from ._errors import InputError
from ._gateway_make import EngineOffer, MakingApi
from ._inherit import SourceDatabase
from ._members import MemberOrder
from ._model import CLUSTER, MULTI_AZ_ENGINES, Database, Problem, Wish
from ._request import Operation, Request
from ._sources import Choice, Source
from ._switch import Surroundings

# Source: API reference of CreateDBInstance, DBInstanceIdentifier
_LONGEST_NAME = 63


def restore(params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings[MakingApi]) -> dict[str, t.Any]:
    """Restore the target, or find that it is there, and return the module's result. Raises RdsError."""
    return _Restore(params, wish, around).run()


class _Restore(Errand):
    def __init__(self, params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings[MakingApi]) -> None:
        super().__init__(params, wish, around, _settings.COMMON_SPEC)
        self.options.update(_sources.options_of(self.target.kind))
        self._source_database: SourceDatabase | None = None
        self._omitted: dict[str, str] = {}

    def run(self) -> dict[str, t.Any]:
        choice = _sources.choose(self.params, self.target.kind)
        operation = self.gateway.operation(choice.way.operation)
        draft, members = self._draft(operation, choice), self.members()
        source = self._source(choice)
        self._source_database = self._inherit_from(choice, source)
        inherited = self._inherited_members()
        order = self.order("restored", members or inherited)
        order = replace(order, source=source, members_are_inherited=bool(inherited))
        order = self._only_existing_members(order) if inherited else order
        to = _sources.restored_to(choice, order.source, exists=order.existing is not None)
        order = replace(order, restored_to=to)
        if order.existing is None:
            order = self._new(order, choice, operation, draft)
        else:
            order = self._there(self.compared(order, draft), choice, order.existing)
        return _make.make(order, self.wish, self.around, self.gateway, self.stopwatch)

    def _inherit_from(self, choice: Choice, source: Source | None) -> SourceDatabase | None:
        if not self.params[_inherit.OPTION]:
            return None
        if choice.way.kind == _sources.S3:
            raise InputError(f"{_inherit.OPTION}: a backup in S3 is not from an RDS database. Remove this option")
        return self.gateway.source_database(source) if source else None

    def _inherited_members(self) -> tuple[MemberOrder, ...]:
        if self._source_database is None or self.params["cluster_instances"] is not None:
            return ()
        entries = _inherit.members(self._source_database, self.target)
        if entries and not self.wish.wait:
            raise InputError(
                f"{_inherit.OPTION}: the DB instances of an Aurora cluster need an available cluster. Set wait to "
                "true, or cluster_instances to an empty list"
            )
        if entries and len(entries[-1]["db_instance_identifier"]) > _LONGEST_NAME:
            raise InputError(
                f"{_inherit.OPTION}: it makes the identifiers of the DB instances, up to {self.target.identifier}-"
                f"{len(entries)}, from that of the target, and they are longer than {_LONGEST_NAME} characters. Set "
                "cluster_instances, or choose a shorter identifier for the target"
            )
        named = {"cluster_instances": entries}
        return _members.ordered(named, self.target, wait=True, region=self.gateway.region)

    def _only_existing_members(self, order: Order) -> Order:
        """A target in use keeps the members that it has: those of the source may have changed since the restore."""
        if order.completes_inherited_members:
            return order
        present = order.own_members
        refs = {database.ref for database in present}
        kept = tuple(member for member in order.members if member.ref in refs)
        text = (
            f"{order.target}: it has fewer DB instances than its source. Because it is in use, no DB instances are "
            "created. To create them, set cluster_instances"
        )
        warnings = (text,) if len(kept) < len(order.members) else ()
        return replace(order, members=kept, present_members=present, warnings=warnings)

    def _with_inherited(self, order: Order, engine: str, version: str) -> Order:
        if self._source_database is None:
            return order
        self._omitted = dict(self._unsuited(self._source_database, engine, version))
        found = _inherit.settings(
            self._source_database, kind=self.target.kind, engine=engine, given=self.settings, omitted=self._omitted
        )
        self.settings = {**self.settings, **found.settings}
        return replace(order, settings=self.settings, inherited=found.settings, default_settings=found.defaults)

    def _unsuited(self, source: SourceDatabase, engine: str, version: str) -> t.Iterator[tuple[str, str]]:
        """Settings of the source that the target cannot have, and why."""
        group = _inherit.unsuited_option_group(source, kind=self.target.kind, engine=engine, version=version)
        if group and "option_group_name" not in self.settings:
            yield "option_group_name", f"{group} is for {engine} {source.engine_version}, and the target has {version}"
        if self._is_in_another_vpc(source):
            name = self.settings["db_subnet_group_name"]
            yield "vpc_security_group_ids", f"the VPC of DB subnet group {name} is not that of the source"

    def _is_in_another_vpc(self, source: SourceDatabase) -> bool:
        asked, own = self.settings.get("db_subnet_group_name"), source.settings.get("db_subnet_group_name")
        is_inherited = "vpc_security_group_ids" in source.settings and "vpc_security_group_ids" not in self.settings
        if not asked or not is_inherited or asked.lower() == (own or "").lower():
            return False
        vpc = source.vpc or (self.gateway.subnet_group_vpc(own) if own else None)
        return vpc is None or self.gateway.subnet_group_vpc(asked) != vpc

    def _draft(self, operation: Operation, choice: Choice) -> Request:
        fixed = {choice.way.target: self.target.identifier, **choice.parameters, **self._s3(choice)}
        return self.draft(operation, fixed)

    def _s3(self, choice: Choice) -> dict[str, t.Any]:
        said = _settings.given(self.params, _sources.S3_OPTIONS)
        if said and choice.way.kind != _sources.S3:
            raise InputError(f"{', '.join(said)}: only with s3_bucket_name; leave it out")
        return {_sources.S3_OPTIONS[option]: value for option, value in said.items()}

    def _source(self, choice: Choice) -> Source | None:
        if choice.way.kind != _sources.S3:
            return self.gateway.source(choice)
        return Source(
            kind=_sources.S3,
            name=choice.name,
            arn="",
            resource_id="",
            iam=False,
            engine=str(self.params["source_engine"] or "mysql").lower(),
            engine_version="",
            status="available",
        )

    def _new(self, order: Order, choice: Choice, operation: Operation, draft: Request) -> Order:
        source = order.source
        if source is None:
            return replace(order, problems=(_near_sources.not_found(choice, self.gateway),))
        problems = _sources.problems(choice, source)
        if problems:
            return replace(order, problems=tuple(problems))
        engine = _sources.target_engine(source, self.target.kind, self.settings.get("engine"))
        self.refuse_engine(engine, order.members)
        self._refuse_password(operation, engine)
        version = self.settings.get("engine_version") or (source.engine_version if engine == source.engine else "")
        order = self._with_inherited(order, engine, version)
        draft = self._draft(operation, choice)
        problems = _sources.wrong_engine(choice, source, engine)
        if problems:
            return replace(order, problems=tuple(_preflight.unknown_engine(self.gateway, engine) or problems))
        desired = source.iam if order.desired is None else order.desired
        offer, problems = self._offer(order, engine, version)
        filled = {
            "Engine": engine,
            "EngineVersion": version or None,
            choice.way.source: self._name_of(choice, source),
            **self._cluster_class(engine, source),
        }
        request = _request.completed(
            operation, draft, {**filled, _request.IAM: _request.iam_value(engine, desired)}, self.options
        )
        order = replace(
            order,
            desired=desired,
            request=request,
            engine=engine,
            engine_version=offer.version if offer else version,
            problems=tuple(problems),
        )
        found = _preflight.of_order(self.gateway, order, offer.family if offer else None)
        return replace(order, problems=(*order.problems, *found), warnings=tuple(self._warnings(order)))

    def _offer(self, order: Order, engine: str, version: str) -> tuple[EngineOffer | None, list[Problem]]:
        if not version or "engine_version" in self.settings:
            return _preflight.offer_of(self.gateway, engine, version or None)
        # what RDS offers no more can be restored all the same
        return (self.gateway.engine_offer(engine, version) if order.has_own_groups else None), []

    def _name_of(self, choice: Choice, source: Source) -> str:
        # an instance snapshot becomes a cluster by its ARN only
        return source.arn if (self.target.kind == CLUSTER and source.kind == _sources.SNAPSHOT) else choice.name

    def _cluster_class(self, engine: str, source: Source) -> dict[str, str]:
        """RDS does not take the class of a Multi-AZ DB cluster from its source."""
        if self.target.kind != CLUSTER or engine not in MULTI_AZ_ENGINES:
            return {}
        found = self.settings.get("db_instance_class") or source.instance_class
        if not found:
            raise InputError(
                "a Multi-AZ DB cluster cannot do without db_instance_class, which a snapshot does not have"
            )
        return {"DBClusterInstanceClass": found}

    def _refuse_password(self, operation: Operation, engine: str) -> None:
        # a backup in S3 has no master user, all others bring theirs
        brings_one = "MasterUserPassword" not in operation.accepts
        if brings_one and self.settings.get("manage_master_user_password") and not engine.startswith("oracle"):
            raise InputError(f"manage_master_user_password: {operation.name} takes it for Oracle alone; leave it out")

    def _warnings(self, order: Order) -> t.Iterator[str]:
        yield from self._not_inherited(order)
        yield from _blueprint.fallbacks(order)
        if order.desired and order.source is not None and order.source.resource_id:
            yield (
                f"DB {order.target.kind} {order.target.identifier}: it gets a resource id of its own, so that "
                f"rds-db:connect policies for {order.source.resource_id} do not match it"
            )

    def _not_inherited(self, order: Order) -> t.Iterator[str]:
        if self.params[_inherit.OPTION] and self._source_database is None:
            yield (
                f"DB {order.target.kind} {order.target.identifier}: {_inherit.OPTION}: the source database no "
                "longer exists in this region, so no settings were inherited. Set them as options"
            )
        for option, why in self._omitted.items():
            yield f"DB {order.target.kind} {order.target.identifier}: {option} is not inherited: {why}"

    def _there(self, order: Order, choice: Choice, existing: Database) -> Order:
        if self.params["if_exists"] == "fail":
            text = f"there is a DB {self.target.kind} of that name already, and if_exists is fail"
            return replace(order, problems=(Problem(_sources.TARGET_EXISTS, text),))
        if order.missing_members:
            self.refuse_engine(existing.engine, order.members)
        problem = _sources.unlike(choice, order.source, existing)
        warnings = () if problem else (*order.warnings, *self._not_compared(order, choice, existing))
        if existing.is_aurora_cluster and not order.members:
            warnings += tuple(self._not_inherited(order))
        desired = order.desired
        if desired is None and order.is_unused and order.source is not None:
            desired = order.source.iam
        problems = (problem,) if problem else order.problems
        problems += tuple(_preflight.of_missing_members(self.gateway, order, existing))
        return replace(order, desired=desired, problems=problems, warnings=warnings)

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
