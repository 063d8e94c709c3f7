# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The option ``cluster_instances``: the DB instances that a module creates in a cluster.

RDS creates an Aurora cluster without DB instances, so the module creates them once the cluster is available.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.database import CLUSTER, INSTANCE, DatabaseId
from .._model.errors import InputError
from .identifiers import read_identifier

CLUSTER_INSTANCE_SPEC: dict[str, dict[str, t.Any]] = {
    "db_instance_identifier": {"type": "str", "required": True},
    "db_instance_class": {"type": "str", "required": True},
    "availability_zone": {"type": "str"},
    "db_parameter_group_name": {"type": "str"},
    "promotion_tier": {"type": "int"},
    "publicly_accessible": {"type": "bool"},
    "tags": {"type": "dict"},
}
_SETTINGS = frozenset(CLUSTER_INSTANCE_SPEC) - {"db_instance_identifier"}
CLUSTER_INSTANCES_SPEC = {"type": "list", "elements": "dict", "options": CLUSTER_INSTANCE_SPEC}


@dataclass(frozen=True)
class ClusterInstance:
    """A DB instance that the task requests in a cluster. ``settings`` for CreateDBInstance: option -> value."""

    id: DatabaseId
    instance_class: str
    settings: t.Mapping[str, t.Any]

    @property
    def group(self) -> str | None:
        """The DB parameter group, or None if RDS uses the default one."""
        return self.settings.get("db_parameter_group_name")


def read_cluster_instances(
    params: t.Mapping[str, t.Any], target: DatabaseId, *, wait: bool, region: str
) -> tuple[ClusterInstance, ...]:
    """Return the entries of ``cluster_instances``.

    Raises InputError for a target that is a DB instance, for a task that does not wait, and for an invalid entry.
    """
    entries = params.get("cluster_instances") or []
    if not entries:
        return ()
    if target.kind != CLUSTER:
        raise InputError(
            "cluster_instances: the target is a DB instance. Set db_cluster_identifier, or remove cluster_instances."
        )
    if not wait:
        raise InputError("cluster_instances: the DB instances require an available cluster. Set wait to true.")
    instances = tuple(_read_entry(entry, region) for entry in entries)
    names = [instance.id.identifier for instance in instances]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"cluster_instances: {', '.join(twice)} is listed more than once. List each DB instance once.")
    return instances


def _read_entry(entry: t.Mapping[str, t.Any], region: str) -> ClusterInstance:
    name = entry["db_instance_identifier"]
    database_id = read_identifier(option="cluster_instances", kind=INSTANCE, text=name, region=region)
    settings = {name: value for name, value in entry.items() if value not in (None, "") and name in _SETTINGS}
    if "db_instance_class" not in settings:
        raise InputError(
            f"cluster_instances: {database_id.identifier}: the entry has no db_instance_class. Set db_instance_class."
        )
    return ClusterInstance(database_id, settings["db_instance_class"], settings)
