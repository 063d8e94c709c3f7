# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What restoring and creating begin with alike: the target, patience with AWS, and the settings of the task.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from . import _identity, _members, _names, _password, _request, _settings
from ._blueprint import Order
from ._errors import InputError
from ._gateway_make import MakingApi
from ._members import MemberOrder
from ._model import CLUSTER, INSTANCE, MULTI_AZ_ENGINES, Problem, Ref, Wish
from ._patience import Deadline
from ._patience_make import PatientMakingGateway
from ._request import Operation, Request
from ._sources import TARGET_EXISTS
from ._stopwatch import Stopwatch
from ._switch import Surroundings

_WITHOUT_CLUSTERS = ("mariadb", "oracle", "sqlserver", "db2", "custom-")


class Errand:
    """One task of a module that makes a database. Raises InputError for options that cannot be meant."""

    def __init__(
        self, params: t.Mapping[str, t.Any], wish: Wish, around: Surroundings[MakingApi], options: t.Iterable[str]
    ) -> None:
        self.params = params
        self.wish = wish
        self.around = around
        self.target: Ref = _names.target(params, region=around.api.region)
        self.options = {_settings.api_name(option, self.target.kind): option for option in options}
        self.settings = _settings.given(params, self.options.values())
        _settings.check_password(self.settings)
        _password.check_settings(self.settings, is_cluster=self.target.kind == CLUSTER)
        self.stopwatch = Stopwatch(around.clock)
        deadline = Deadline.after(wish.wait_timeout, around.clock)
        self.gateway = PatientMakingGateway(around.api, deadline, wish.wait_delay)

    def draft(self, operation: Operation, fixed: t.Mapping[str, t.Any]) -> Request:
        """The request as far as the options and ``extra_parameters`` say it."""
        return _request.build(
            operation,
            kind=self.target.kind,
            options=self.options,
            fixed=fixed,
            settings=self.settings,
            extra=self.params["extra_parameters"] or {},
        )

    def refuse_engine(self, engine: str, members: t.Sequence[MemberOrder]) -> None:
        """Raises InputError where the target cannot be of this engine, or not with this class and these members."""
        is_aurora = engine.startswith("aurora")
        if self.target.kind == INSTANCE:
            if is_aurora:
                raise InputError(f"engine: {engine} makes clusters only: set db_cluster_identifier")
        elif engine.startswith(_WITHOUT_CLUSTERS):
            raise InputError(f"there are no DB clusters of engine {engine}: set db_instance_identifier")
        elif is_aurora and "db_instance_class" in self.settings:
            raise InputError(
                "db_instance_class: an Aurora cluster has none of its own; give each of cluster_instances its class"
            )
        elif engine in MULTI_AZ_ENGINES and members:
            raise InputError("cluster_instances: a Multi-AZ DB cluster makes its members itself; leave them out")

    def members(self) -> tuple[MemberOrder, ...]:
        """``cluster_instances``."""
        return _members.ordered(self.params, self.target, wait=self.wish.wait, region=self.gateway.region)

    def order(self, verb: str, members: tuple[MemberOrder, ...]) -> Order:
        """Look at what is there already: the order as far as it is known before the source is."""
        seen = self.gateway.describe([self.target, *(member.ref for member in members)])
        return Order(
            verb=verb,
            target=self.target,
            desired=self.params["enable_iam_database_authentication"],
            settings=self.settings,
            existing=seen.get(self.target),
            members=members,
            present_members=tuple(database for ref, database in seen.items() if ref != self.target),
            now=self.around.api.answered_at() or self.around.clock.now(),
        )

    def compared(self, order: Order, draft: Request) -> Order:
        """Compare a target that nobody can have used yet with the request that this task would send.

        One in use may have been changed since it was created: its properties say nothing about who created it.
        """
        existing = order.existing
        if existing is None or existing.cluster_identifier or not (order.is_being_created or order.has_no_member):
            return order
        expected = _identity.expectation(self.target, draft, engine="", not_before=None)
        reason = _identity.mismatch(expected, existing, region=self.gateway.region)
        if reason is None:
            return order
        problem = Problem(
            TARGET_EXISTS,
            f"it is being created, but not with the properties that this task asks for: {reason}. Choose another "
            "identifier, or run the task again once the database is available",
        )
        return replace(order, is_other=True, problems=(problem,) if order.is_being_created else ())
