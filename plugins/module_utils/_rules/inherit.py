# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The settings that a restored database inherits from the database that its snapshot or backup comes from.

RDS itself uses defaults for them (Amazon RDS User Guide, "Restoring to a DB instance"; Aurora User Guide,
"Restoring from a DB cluster snapshot").

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER, DatabaseId
from .._model.engines import MULTI_AZ_ENGINES
from .._model.restore_source import SourceDatabase, SourceMember

INHERIT_OPTION = "inherit_settings_from_source"

# valid only for the engine and the kind of the source
_GROUPS = ("db_parameter_group_name", "db_cluster_parameter_group_name", "option_group_name")

# valid for every database in the same VPC
_NETWORK = ("db_subnet_group_name", "vpc_security_group_ids")
_DEFAULT = ("default.", "default:")

# prefix of the readers that Aurora Auto Scaling adds and deletes (Aurora User Guide, "Amazon Aurora Auto Scaling
# with Aurora Replicas")
_AUTO_SCALED = "application-autoscaling-"

# engines whose major versions have two numbers (API reference of DescribeDBMajorEngineVersions)
_TWO_NUMBERS = ("mysql", "mariadb", "sqlserver", "db2")


class Inherited(t.NamedTuple):
    """The settings to request, and the options for which the source has the default value of RDS."""

    settings: dict[str, t.Any]
    defaults: frozenset[str]


def inherited_settings(
    source: SourceDatabase,
    *,
    kind: str,
    engine: str,
    given: t.Mapping[str, t.Any],
    omitted: t.Container[str] = (),
) -> Inherited:
    """Return what a target of this kind and engine inherits.

    Options in ``omitted`` are not inherited. An option of the task (``given``) has precedence.
    """
    fitting = {
        option: value
        for option, value in source.settings.items()
        if option not in given and option not in omitted and _fits(option, source, kind, engine, given)
    }
    defaults = frozenset(option for option, value in fitting.items() if _is_default(value))
    return Inherited({option: value for option, value in fitting.items() if option not in defaults}, defaults)


def _fits(option: str, source: SourceDatabase, kind: str, engine: str, given: t.Mapping[str, t.Any]) -> bool:
    if option in _NETWORK:
        return True
    if option == "db_instance_class":
        return kind != CLUSTER or engine in MULTI_AZ_ENGINES
    if option == "multi_az" and "availability_zone" in given:
        return False  # RDS refuses both options together
    return source.kind == kind and (option not in _GROUPS or source.engine == engine)


def unsuited_option_group(source: SourceDatabase, *, kind: str, engine: str, version: str) -> str | None:
    """Return the option group of the source if the target has another major version, or None.

    An unknown version counts as the same.
    """
    group: str | None = source.settings.get("option_group_name")
    if group is None or _is_default(group) or (source.kind, source.engine) != (kind, engine):
        return None
    return group if _is_other_major(source.engine_version, version, engine) else None


def _is_other_major(one: str, other: str, engine: str) -> bool:
    if not one or not other:
        return False
    count = 2 if engine.startswith(_TWO_NUMBERS) else 1
    return one.split(".")[:count] != other.split(".")[:count]


def _is_default(value: t.Any) -> bool:
    return isinstance(value, str) and value.startswith(_DEFAULT)


def inherited_cluster_instances(source: SourceDatabase, target: DatabaseId) -> list[dict[str, t.Any]]:
    """Return the ``cluster_instances`` of an Aurora cluster like the source: TARGET-1 to TARGET-N, the writer first.

    The names depend only on the number of instances, so that a repeated task finds those of an earlier run.
    """
    if target.kind != CLUSTER or source.engine in MULTI_AZ_ENGINES:
        return []
    kept = [member for member in source.members if not member.identifier.lower().startswith(_AUTO_SCALED)]
    ordered = sorted(kept, key=lambda member: (not member.is_writer, member.promotion_tier, member.identifier))
    return [
        {"db_instance_identifier": f"{target.identifier}-{number}", **_member_settings(member)}
        for number, member in enumerate(ordered, 1)
    ]


def _member_settings(member: SourceMember) -> dict[str, t.Any]:
    return {option: value for option, value in member.settings.items() if not _is_default(value)}
