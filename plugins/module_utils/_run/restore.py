# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_restore_iam``: read the source, complete the request from it, and create the database.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.provisioning import EngineOffer, ProvisioningApi
from .._model.change import ChangeOptions
from .._model.database import CLUSTER, Database
from .._model.engines import MULTI_AZ_ENGINES
from .._model.errors import InputError
from .._model.operation import Operation, Request
from .._model.problem import TARGET_EXISTS, Problem
from .._model.restore_source import (
    S3,
    S3_OPTIONS,
    SNAPSHOT,
    RestoreSource,
    RestoreSourceOption,
    source_options_by_parameter,
)
from .._options.restore_source import read_restore_source
from .._options.settings import COMMON_SPEC, given_settings
from .._rules.new_database import ProvisionRequest, default_value_warnings
from .._rules.request import IAM_PARAMETER, complete_request, iam_value
from .._rules.restore import engine_problems, mismatch, restored_to, source_problems, target_engine
from .context import RunContext
from .inheriting_task import InheritingTask
from .near_sources import source_not_found_problem
from .preflight import find_engine_offer, of_missing_members, provision_problems, unknown_engine_problems
from .provision import provision
from .provision_result import ProvisionResult


def restore(
    params: t.Mapping[str, t.Any], options: ChangeOptions, context: RunContext[ProvisioningApi]
) -> ProvisionResult:
    """Restore the target, or reuse an existing one, and return the result. Raises RdsError."""
    return _Restore(params, options, context).run()


class _Restore(InheritingTask):
    def __init__(
        self, params: t.Mapping[str, t.Any], options: ChangeOptions, context: RunContext[ProvisioningApi]
    ) -> None:
        super().__init__(params, options, context, COMMON_SPEC)
        self.option_names.update(source_options_by_parameter(self.target.kind))

    def run(self) -> ProvisionResult:
        choice = read_restore_source(self.params, self.target.kind)
        operation = self.gateway.operation(choice.method.operation)
        draft, members = self._draft(operation, choice), self.members()
        source = self._source(choice)
        self.inherit_from(choice, source)
        inherited = self.inherited_members()
        wanted = self.wanted("restored", members or inherited)
        wanted = replace(wanted, source=source, members_are_inherited=bool(inherited))
        wanted = self.only_existing_members(wanted) if inherited else wanted
        to = restored_to(choice, wanted.source, exists=wanted.existing is not None)
        wanted = replace(wanted, restored_to=to)
        if wanted.existing is None:
            wanted = self._build_request(wanted, choice, operation, draft)
        else:
            wanted = self._reuse_existing(self.compared(wanted, draft), choice, wanted.existing)
        return provision(wanted, self.options, self.context, self.gateway, self.stopwatch)

    def _draft(self, operation: Operation, choice: RestoreSourceOption) -> Request:
        fixed = {choice.method.target: self.target.identifier, **choice.parameters, **self._s3(choice)}
        return self.draft(operation, fixed)

    def _s3(self, choice: RestoreSourceOption) -> dict[str, t.Any]:
        given = given_settings(self.params, S3_OPTIONS)
        if given and choice.method.kind != S3:
            names = ", ".join(given)
            raise InputError(f"{names}: supported only with s3_bucket_name. Remove {names}.")
        return {S3_OPTIONS[option]: value for option, value in given.items()}

    def _source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        if choice.method.kind != S3:
            return self.gateway.source(choice)
        return RestoreSource(
            kind=S3,
            name=choice.name,
            arn="",
            resource_id="",
            iam=False,
            engine=str(self.params["source_engine"] or "mysql").lower(),
            engine_version="",
            status="available",
        )

    def _build_request(
        self, wanted: ProvisionRequest, choice: RestoreSourceOption, operation: Operation, draft: Request
    ) -> ProvisionRequest:
        source = wanted.source
        if source is None:
            return replace(wanted, problems=(source_not_found_problem(choice, self.gateway),))
        problems = source_problems(choice, source)
        if problems:
            return replace(wanted, problems=tuple(problems))
        engine = target_engine(source, self.target.kind, self.settings.get("engine"))
        self.refuse_engine(engine, wanted.members)
        self._refuse_password(operation, engine)
        version = self.settings.get("engine_version") or (source.engine_version if engine == source.engine else "")
        wanted = self.with_inherited(wanted, engine, version)
        draft = self._draft(operation, choice)
        problems = engine_problems(choice, source, engine)
        if problems:
            return replace(wanted, problems=tuple(unknown_engine_problems(self.gateway, engine) or problems))
        desired = source.iam if wanted.desired is None else wanted.desired
        offer, problems = self._offer(wanted, engine, version)
        filled = {
            "Engine": engine,
            "EngineVersion": version or None,
            choice.method.source: self._name_of(choice, source),
            **self._cluster_class(engine, source),
        }
        request = complete_request(
            operation, draft, {**filled, IAM_PARAMETER: iam_value(engine, desired)}, self.option_names
        )
        wanted = replace(
            wanted,
            desired=desired,
            request=request,
            engine=engine,
            engine_version=offer.version if offer else version,
            problems=tuple(problems),
        )
        found = provision_problems(self.gateway, wanted, offer.family if offer else None)
        return replace(wanted, problems=(*wanted.problems, *found), warnings=tuple(self._warnings(wanted)))

    def _offer(self, wanted: ProvisionRequest, engine: str, version: str) -> tuple[EngineOffer | None, list[Problem]]:
        if not version or "engine_version" in self.settings:
            return find_engine_offer(self.gateway, engine, version or None)
        # RDS can restore a version that it does not offer for new databases
        return (self.gateway.engine_offer(engine, version) if wanted.has_own_groups else None), []

    def _name_of(self, choice: RestoreSourceOption, source: RestoreSource) -> str:
        # RDS restores a DB snapshot as a cluster only by its ARN
        return source.arn if (self.target.kind == CLUSTER and source.kind == SNAPSHOT) else choice.name

    def _cluster_class(self, engine: str, source: RestoreSource) -> dict[str, str]:
        """Return the class of a Multi-AZ DB cluster, which RDS does not take from the source. Raises InputError."""
        if self.target.kind != CLUSTER or engine not in MULTI_AZ_ENGINES:
            return {}
        found = self.settings.get("db_instance_class") or source.instance_class
        if not found:
            raise InputError(
                "db_instance_class: required for a Multi-AZ DB cluster, because a snapshot does not contain it. Set "
                "db_instance_class."
            )
        return {"DBClusterInstanceClass": found}

    def _refuse_password(self, operation: Operation, engine: str) -> None:
        # every source except a backup in S3 contains its master user
        has_master_user = "MasterUserPassword" not in operation.accepts
        if has_master_user and self.settings.get("manage_master_user_password") and not engine.startswith("oracle"):
            raise InputError(
                f"manage_master_user_password: {operation.name} supports it only for Oracle. Remove this option."
            )

    def _warnings(self, wanted: ProvisionRequest) -> t.Iterator[str]:
        yield from self.not_inherited(wanted)
        yield from default_value_warnings(wanted)
        if wanted.desired and wanted.source is not None and wanted.source.resource_id:
            yield (
                f"DB {wanted.target.kind} {wanted.target.identifier}: it has a new resource ID, so "
                f"rds-db:connect policies for {wanted.source.resource_id} do not match it"
            )

    def _reuse_existing(
        self, wanted: ProvisionRequest, choice: RestoreSourceOption, existing: Database
    ) -> ProvisionRequest:
        if self.params["if_exists"] == "fail":
            text = (
                f"if_exists: fail: the DB {self.target.kind} already exists. Choose another identifier, or set "
                "if_exists to check"
            )
            return replace(wanted, problems=(Problem(TARGET_EXISTS, text),))
        if wanted.missing_members:
            self.refuse_engine(existing.engine, wanted.members)
        problem = mismatch(choice, wanted.source, existing)
        warnings = () if problem else (*wanted.warnings, *self._not_compared(wanted, choice))
        if existing.is_aurora_cluster and not wanted.members:
            warnings += tuple(self.not_inherited(wanted))
        desired = wanted.desired
        if desired is None and wanted.is_unused and wanted.source is not None:
            desired = wanted.source.iam
        problems = (problem,) if problem else wanted.problems
        problems += tuple(of_missing_members(self.gateway, wanted, existing))
        return replace(wanted, desired=desired, problems=problems, warnings=warnings)

    def _not_compared(self, wanted: ProvisionRequest, choice: RestoreSourceOption) -> t.Iterator[str]:
        if wanted.source is None:
            why = f"{choice.name} no longer exists"
        elif choice.latest:
            why = "the latest restorable time differs for each run"
        else:
            return
        yield f"{wanted.target} already exists, and the module cannot verify that it results from this restore: {why}"
