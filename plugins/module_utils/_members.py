# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The DB instances of a cluster: an Aurora restore makes none, so that they are made once the cluster is available.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import _names
from ._errors import InputError
from ._model import CLUSTER, INSTANCE, Ref

MEMBER_SPEC: dict[str, dict[str, t.Any]] = {
    "db_instance_identifier": {"type": "str", "required": True},
    "db_instance_class": {"type": "str", "required": True},
    "availability_zone": {"type": "str"},
    "db_parameter_group_name": {"type": "str"},
    "promotion_tier": {"type": "int"},
    "publicly_accessible": {"type": "bool"},
    "tags": {"type": "dict"},
}
_SETTINGS = frozenset(MEMBER_SPEC) - {"db_instance_identifier"}
MEMBERS_SPEC = {"type": "list", "elements": "dict", "options": MEMBER_SPEC}


@dataclass(frozen=True)
class MemberOrder:
    """A DB instance that a cluster is to have. ``settings``: option -> value, for CreateDBInstance."""

    ref: Ref
    instance_class: str
    settings: t.Mapping[str, t.Any]

    @property
    def group(self) -> str | None:
        """The DB parameter group; None where RDS takes the default one."""
        return self.settings.get("db_parameter_group_name")


def ordered(params: t.Mapping[str, t.Any], target: Ref, *, wait: bool, region: str) -> tuple[MemberOrder, ...]:
    """Read ``cluster_instances``. Raises InputError where they cannot be made."""
    entries = params.get("cluster_instances") or []
    if not entries:
        return ()
    if target.kind != CLUSTER:
        raise InputError("cluster_instances: a DB instance has none; set db_cluster_identifier, or leave them out")
    if not wait:
        raise InputError("cluster_instances: they need an available cluster, so wait cannot be false")
    orders = tuple(_order(entry, region) for entry in entries)
    names = [order.ref.identifier for order in orders]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"cluster_instances: {', '.join(twice)} is listed twice")
    return orders


def _order(entry: t.Mapping[str, t.Any], region: str) -> MemberOrder:
    name = entry["db_instance_identifier"]
    ref = _names.one(option="cluster_instances", kind=INSTANCE, text=name, region=region)
    settings = {name: value for name, value in entry.items() if value not in (None, "") and name in _SETTINGS}
    if "db_instance_class" not in settings:
        raise InputError(f"cluster_instances: {ref.identifier} has no db_instance_class")
    return MemberOrder(ref, settings["db_instance_class"], settings)
