# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The settings and, for an Aurora cluster, the DB instances that a restore inherits from the source database.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._gateway.provisioning import ProvisioningApi
from .._model.change import ChangeOptions
from .._model.errors import InputError
from .._model.restore_source import S3, RestoreSource, RestoreSourceOption, SourceDatabase
from .._options.cluster_instances import ClusterInstance, read_cluster_instances
from .._rules.inherit import INHERIT_OPTION, inherited_cluster_instances, inherited_settings, unsuited_option_group
from .._rules.new_database import ProvisionRequest
from .context import RunContext
from .provision_task import ProvisionTask

# Source: API reference of CreateDBInstance, DBInstanceIdentifier
_LONGEST_NAME = 63


class InheritingTask(ProvisionTask):
    """A task that can inherit settings from the source database."""

    def __init__(
        self,
        params: t.Mapping[str, t.Any],
        options: ChangeOptions,
        context: RunContext[ProvisioningApi],
        option_names: t.Iterable[str],
    ) -> None:
        super().__init__(params, options, context, option_names)
        self._source_database: SourceDatabase | None = None
        self._omitted: dict[str, str] = {}

    def inherit_from(self, choice: RestoreSourceOption, source: RestoreSource | None) -> None:
        """Describe the source database if the task inherits its settings. Raises InputError for a backup in S3."""
        if not self.params[INHERIT_OPTION]:
            return
        if choice.method.kind == S3:
            raise InputError(
                f"{INHERIT_OPTION}: a backup in S3 does not come from an RDS database. Remove this option."
            )
        self._source_database = self.gateway.source_database(source) if source else None

    def inherited_members(self) -> tuple[ClusterInstance, ...]:
        """Return the DB instances of an Aurora cluster like the source. Raises InputError if they cannot be created."""
        if self._source_database is None or self.params["cluster_instances"] is not None:
            return ()
        entries = inherited_cluster_instances(self._source_database, self.target)
        if entries and not self.options.wait:
            raise InputError(
                f"{INHERIT_OPTION}: the DB instances of an Aurora cluster require an available cluster. Set wait to "
                "true, or cluster_instances to an empty list."
            )
        if entries and len(entries[-1]["db_instance_identifier"]) > _LONGEST_NAME:
            raise InputError(
                f"{INHERIT_OPTION}: the identifiers of the DB instances, up to "
                f"{self.target.identifier}-{len(entries)}, are longer than {_LONGEST_NAME} characters. "
                "Set cluster_instances, or choose a shorter identifier for the target."
            )
        named = {"cluster_instances": entries}
        return read_cluster_instances(named, self.target, wait=True, region=self.gateway.region)

    def only_existing_members(self, wanted: ProvisionRequest) -> ProvisionRequest:
        """Return the request. If the target is in use, remove the missing members and add a warning.

        DB instances may have been added to the source since the restore.
        """
        if wanted.completes_inherited_members:
            return wanted
        present = wanted.own_members
        database_ids = {database.id for database in present}
        kept = tuple(member for member in wanted.members if member.id in database_ids)
        text = (
            f"{wanted.target}: it has fewer DB instances than its source. Because it is in use, no DB instances are "
            "created. To create them, set cluster_instances"
        )
        warnings = (text,) if len(kept) < len(wanted.members) else ()
        return replace(wanted, members=kept, present_members=present, warnings=warnings)

    def with_inherited(self, wanted: ProvisionRequest, engine: str, version: str) -> ProvisionRequest:
        """Return the request with the settings of the source database added to those of the task."""
        if self._source_database is None:
            return wanted
        self._omitted = dict(self._unsuited(self._source_database, engine, version))
        found = inherited_settings(
            self._source_database, kind=self.target.kind, engine=engine, given=self.settings, omitted=self._omitted
        )
        self.settings = {**self.settings, **found.settings}
        return replace(wanted, settings=self.settings, inherited=found.settings, default_settings=found.defaults)

    def _unsuited(self, source: SourceDatabase, engine: str, version: str) -> t.Iterator[tuple[str, str]]:
        """Yield each option that the target cannot inherit, and the reason."""
        group = unsuited_option_group(source, kind=self.target.kind, engine=engine, version=version)
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

    def not_inherited(self, wanted: ProvisionRequest) -> t.Iterator[str]:
        """Yield a warning for everything that the target does not inherit."""
        if self.params[INHERIT_OPTION] and self._source_database is None:
            yield (
                f"DB {wanted.target.kind} {wanted.target.identifier}: {INHERIT_OPTION}: the source database no "
                "longer exists in this Region, so no settings were inherited. Set them as options"
            )
        for option, why in self._omitted.items():
            yield f"DB {wanted.target.kind} {wanted.target.identifier}: {option} is not inherited: {why}"
