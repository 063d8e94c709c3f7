# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_create_iam``: build the request for a new database or read replica, or reuse an existing one.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.provisioning import ProvisioningApi
from .._model.arns import parse
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import MULTI_AZ_ENGINES
from .._model.errors import InputError
from .._model.operation import Operation, Request
from .._model.problem import ALWAYS_ON, SOURCE_NOT_RESTORABLE, Problem
from .._model.restore_source import LIVE_INSTANCE, RestoreMethod, RestoreSource, RestoreSourceOption
from .._options.cluster_instances import ClusterInstance
from .._options.settings import COMMON_SPEC, CREATE_SPEC
from .._rules.existing_target import other_database_problem
from .._rules.identity import is_replica_of
from .._rules.master_user import MasterUser, check_master_user, managed_password_limitations, resolve_master_user
from .._rules.new_database import ProvisionRequest
from .._rules.request import IAM_PARAMETER, complete_request, iam_value
from .._rules.restore import source_problems
from .context import RunContext
from .near_sources import source_not_found_problem
from .preflight import find_engine_offer, of_missing_members, provision_problems
from .provision import provision
from .provision_result import ProvisionResult
from .provision_task import ProvisionTask

_OTHER = "is another database"
_SOURCE = "source_db_instance_identifier"
_REPLICA = RestoreMethod(
    "CreateDBInstanceReadReplica", "DBInstanceIdentifier", "SourceDBInstanceIdentifier", LIVE_INSTANCE
)
_PLAIN = {
    INSTANCE: ("CreateDBInstance", "DBInstanceIdentifier"),
    CLUSTER: ("CreateDBCluster", "DBClusterIdentifier"),
}

# options that RDS requires but the API model does not (API reference of CreateDBInstance and CreateDBCluster)
_NEEDED = {
    "CreateDBInstance": ("engine", "db_instance_class", "allocated_storage"),
    "CreateDBCluster": ("engine",),
    "CreateDBInstanceReadReplica": (),
}
OPERATIONS = tuple(_NEEDED)


def create(
    params: t.Mapping[str, t.Any], options: ChangeOptions, context: RunContext[ProvisioningApi]
) -> ProvisionResult:
    """Create the target, or reuse an existing one, and return the result. Raises RdsError."""
    return _Create(params, options, context).run()


class _Create(ProvisionTask):
    def __init__(
        self, params: t.Mapping[str, t.Any], options: ChangeOptions, context: RunContext[ProvisioningApi]
    ) -> None:
        super().__init__(params, options, context, (*COMMON_SPEC, *CREATE_SPEC))
        self._source_name = str(params[_SOURCE] or "").strip()
        self._extra = params["extra_parameters"] or {}
        self._master = MasterUser(self.settings)
        if not self._source_name:
            self._master = resolve_master_user(self.settings, self._extra)
            self.settings = self._master.settings

    def run(self) -> ProvisionResult:
        operation = self.gateway.operation(self._operation_name())
        if not self._source_name:
            check_master_user(self.settings, operation, desired=self.options.desired)
        draft, members = self._draft(operation), self.members()
        self._check_needed(operation, members)
        wanted = self.wanted("created", members)
        if wanted.existing is not None:
            wanted = self._reuse_existing(self.compared(wanted, draft), wanted.existing)
        elif self._source_name:
            wanted = self._replica(wanted, operation, draft)
        else:
            wanted = self._build_request(wanted, operation, draft)
        return provision(wanted, self.options, self.context, self.gateway, self.stopwatch)

    def _operation_name(self) -> str:
        if not self._source_name:
            return _PLAIN[self.target.kind][0]
        if self.target.kind == CLUSTER:
            raise InputError(
                f"{_SOURCE}: a read replica is a DB instance. Set db_instance_identifier instead of "
                "db_cluster_identifier."
            )
        return _REPLICA.operation

    def _draft(self, operation: Operation) -> Request:
        fixed = {_PLAIN[self.target.kind][1]: self.target.identifier}
        if self._source_name:
            fixed[_REPLICA.source] = self._source_name
            arn = parse(self._source_name)
            if arn is not None and arn.region != self.context.api.region:
                fixed["SourceRegion"] = arn.region
        return self.draft(operation, fixed)

    def _check_needed(self, operation: Operation, members: t.Sequence[ClusterInstance]) -> None:
        missing = [option for option in _NEEDED[operation.name] if option not in self.settings]
        missing += self._master.missing
        if missing:
            raise InputError(f"{operation.name}: required options are missing. Set {', '.join(missing)}.")
        if not self._source_name:
            engine = self.settings["engine"].lower()
            self.refuse_engine(engine, members)
            if (
                self.target.kind == CLUSTER
                and engine in MULTI_AZ_ENGINES
                and not self.settings.get("db_instance_class")
            ):
                raise InputError(
                    f"db_instance_class: required for a Multi-AZ DB cluster of engine {engine}. Set db_instance_class."
                )

    def _build_request(self, wanted: ProvisionRequest, operation: Operation, draft: Request) -> ProvisionRequest:
        engine = self.settings["engine"].lower()
        offer, problems = find_engine_offer(self.gateway, engine, self.settings.get("engine_version"))
        problems += self._always_on(wanted)
        iam = {IAM_PARAMETER: iam_value(engine, wanted.desired)}
        wanted = replace(
            wanted,
            request=complete_request(operation, draft, iam, self.option_names),
            engine=engine,
            engine_version=offer.version if offer else "",
            problems=tuple(problems),
            warnings=self._warnings(wanted, engine),
        )
        if offer is None:
            return wanted
        found = provision_problems(self.gateway, wanted, offer.family)
        return replace(wanted, problems=(*wanted.problems, *found))

    def _always_on(self, wanted: ProvisionRequest) -> list[Problem]:
        extra = self._extra
        if (
            wanted.desired
            or not extra.get("WithExpressConfiguration")
            or extra.get("EnableInternetAccessGateway") is False
        ):
            return []
        text = (
            "enable_iam_database_authentication: it cannot be false for an Aurora cluster with express configuration "
            "and an internet access gateway. Set it to true"
        )
        return [Problem(ALWAYS_ON, text)]

    def _warnings(self, wanted: ProvisionRequest, engine: str) -> tuple[str, ...]:
        if not self._master.by_default:
            return ()
        return (f"DB {wanted.target.kind} {wanted.target.identifier}: {managed_password_limitations(engine)}",)

    def _replica(self, wanted: ProvisionRequest, operation: Operation, draft: Request) -> ProvisionRequest:
        choice = RestoreSourceOption(INSTANCE, _SOURCE, self._source_name, _REPLICA)
        is_far = "SourceRegion" in draft.parameters
        source = None if is_far else self.gateway.source(choice)
        iam = {IAM_PARAMETER: iam_value(source.engine if source else "", wanted.desired)}
        request = complete_request(operation, draft, iam, self.option_names)
        if is_far:
            return replace(wanted, request=request, engine="")
        wanted = replace(
            wanted,
            request=request,
            source=source,
            engine=source.engine if source else "",
            engine_version=source.engine_version if source else "",
            problems=tuple(self._source_problems(choice, source)),
        )
        if wanted.problems:
            return wanted
        return replace(wanted, problems=tuple(provision_problems(self.gateway, wanted, None)))

    def _source_problems(self, choice: RestoreSourceOption, source: RestoreSource | None) -> list[Problem]:
        if source is None:
            return [source_not_found_problem(choice, self.gateway)]
        found = source_problems(choice, source)
        if not source.keeps_backups:
            text = f"{_SOURCE}: {source.name} has no automated backups, which a read replica requires. Enable them"
            found.append(Problem(SOURCE_NOT_RESTORABLE, text))
        return found

    def _reuse_existing(self, wanted: ProvisionRequest, existing: Database) -> ProvisionRequest:
        problems = tuple(self._mismatches(existing)) or wanted.problems
        return replace(wanted, problems=(*problems, *of_missing_members(self.gateway, wanted, existing)))

    def _mismatches(self, existing: Database) -> t.Iterator[Problem]:
        engine = self.settings.get("engine")
        if engine and engine.lower() != existing.engine:
            yield other_database_problem(_OTHER, f"its engine is {existing.engine}, not {engine.lower()}")
        region = self.context.api.region
        if self._source_name and not is_replica_of(existing, self._source_name, region=region):
            found = f"a read replica of {existing.replica_of}" if existing.replica_of else "not a read replica"
            yield other_database_problem(
                _OTHER, f"it is {found}, but the task requests a read replica of {self._source_name}"
            )
