# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The first steps that restoring and creating share: the target, the gateway, and the settings of the task.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.clock import Deadline
from .._gateway.provisioning import ProvisioningApi
from .._gateway.retrying_provisioning import RetryingProvisioningGateway
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, INSTANCE, DatabaseId
from .._model.engines import ENGINES_WITHOUT_CLUSTERS, MULTI_AZ_ENGINES
from .._model.errors import InputError
from .._model.operation import Operation, Request
from .._model.problem import TARGET_EXISTS, Problem
from .._options.cluster_instances import ClusterInstance, read_cluster_instances
from .._options.identifiers import read_target
from .._options.password import check_master_password
from .._options.settings import api_name, check_password, given_settings
from .._rules.identity import expectation, identity_mismatch
from .._rules.new_database import ProvisionRequest
from .._rules.request import build_request
from .context import RunContext
from .stopwatch import Stopwatch


class ProvisionTask:
    """One task of a module that creates a database. Raises InputError for invalid options."""

    def __init__(
        self,
        params: t.Mapping[str, t.Any],
        options: ChangeOptions,
        context: RunContext[ProvisioningApi],
        option_names: t.Iterable[str],
    ) -> None:
        self.params = params
        self.options = options
        self.context = context
        self.target: DatabaseId = read_target(params, region=context.api.region)
        self.option_names = {api_name(option, self.target.kind): option for option in option_names}
        self.settings = given_settings(params, self.option_names.values())
        check_password(self.settings)
        check_master_password(self.settings, is_cluster=self.target.kind == CLUSTER)
        self.stopwatch = Stopwatch(context.clock)
        deadline = Deadline.after(options.wait_timeout, context.clock)
        self.gateway = RetryingProvisioningGateway(context.api, deadline, options.wait_delay)

    def draft(self, operation: Operation, fixed: t.Mapping[str, t.Any]) -> Request:
        """Return the request as far as the options and ``extra_parameters`` define it. Raises InputError."""
        return build_request(
            operation,
            kind=self.target.kind,
            option_names=self.option_names,
            fixed=fixed,
            settings=self.settings,
            extra=self.params["extra_parameters"] or {},
        )

    def refuse_engine(self, engine: str, members: t.Sequence[ClusterInstance]) -> None:
        """Raise InputError if the engine does not support the kind of target, its class or its members."""
        is_aurora = engine.startswith("aurora")
        if self.target.kind == INSTANCE:
            if is_aurora:
                raise InputError(
                    f"engine: {engine} supports only DB clusters. Set db_cluster_identifier instead of "
                    "db_instance_identifier."
                )
        elif engine.startswith(ENGINES_WITHOUT_CLUSTERS):
            raise InputError(
                f"engine: {engine} does not support DB clusters. Set db_instance_identifier instead of "
                "db_cluster_identifier."
            )
        elif is_aurora and "db_instance_class" in self.settings:
            raise InputError(
                "db_instance_class: an Aurora cluster has no class. Set db_instance_class in each entry of "
                "cluster_instances."
            )
        elif engine in MULTI_AZ_ENGINES and members:
            raise InputError(
                "cluster_instances: RDS creates the members of a Multi-AZ DB cluster. Remove cluster_instances."
            )

    def members(self) -> tuple[ClusterInstance, ...]:
        """Return the entries of ``cluster_instances``. Raises InputError for an invalid entry."""
        return read_cluster_instances(self.params, self.target, wait=self.options.wait, region=self.gateway.region)

    def wanted(self, verb: str, members: tuple[ClusterInstance, ...]) -> ProvisionRequest:
        """Return the request without the values from the source, and with the databases that already exist."""
        seen = self.gateway.describe([self.target, *(member.id for member in members)])
        return ProvisionRequest(
            verb=verb,
            target=self.target,
            desired=self.params["enable_iam_database_authentication"],
            settings=self.settings,
            existing=seen.get(self.target),
            members=members,
            present_members=tuple(database for database_id, database in seen.items() if database_id != self.target),
            now=self.context.api.answered_at() or self.context.clock.now(),
        )

    def compared(self, wanted: ProvisionRequest, draft: Request) -> ProvisionRequest:
        """Return ``wanted`` after comparing an unused target with the request of this task.

        A database in use may have been changed since its creation, so its properties do not show who created it.
        """
        existing = wanted.existing
        if existing is None or existing.cluster_identifier or not (wanted.is_being_created or wanted.has_no_member):
            return wanted
        expected = expectation(self.target, draft, engine="", not_before=None)
        reason = identity_mismatch(expected, existing, region=self.gateway.region)
        if reason is None:
            return wanted
        problem = Problem(
            TARGET_EXISTS,
            f"it is being created, but its properties differ from those in this task: {reason}. Choose another "
            "identifier, or run the task again once the database is available",
        )
        return replace(wanted, is_other=True, problems=(problem,) if wanted.is_being_created else ())
