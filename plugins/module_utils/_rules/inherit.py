# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Which settings a restored database takes over from the database that its source comes from.

RDS itself falls back to defaults for them (Amazon RDS User Guide, "Restoring to a DB instance"; Aurora User Guide,
"Restoring from a DB cluster snapshot").

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER, DatabaseId
from .._model.engines import MULTI_AZ_ENGINES
from .._model.restore_source import SourceDatabase, SourceMember

INHERIT_OPTION = "inherit_settings_from_source"

# for one engine, of an instance or of a cluster
_GROUPS = ("db_parameter_group_name", "db_cluster_parameter_group_name", "option_group_name")

# fit every database in the same VPC
_NETWORK = ("db_subnet_group_name", "vpc_security_group_ids")
_DEFAULT = ("default.", "default:")

# how Aurora Auto Scaling names the readers that it adds and deletes (Aurora User Guide, "Amazon Aurora Auto Scaling
# with Aurora Replicas")
_AUTO_SCALED = "application-autoscaling-"

# their major versions have two numbers (API reference of DescribeDBMajorEngineVersions)
_TWO_NUMBERS = ("mysql", "mariadb", "sqlserver", "db2")


class Inherited(t.NamedTuple):
    """Settings to ask for, and the options for which the source has the default that RDS takes anyway."""

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
    """What a target of this kind and engine takes over, but for ``omitted``; an option of the task (``given``) wins."""
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
        return False  # RDS refuses both together
    return source.kind == kind and (option not in _GROUPS or source.engine == engine)


def unsuited_option_group(source: SourceDatabase, *, kind: str, engine: str, version: str) -> str | None:
    """The option group of the source, where it is for another major version; unknown versions do not differ."""
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
    """The ``cluster_instances`` of an Aurora cluster like the source: TARGET-1 to TARGET-N, the writer first.

    The names depend on nothing but how many there are, so that another run finds those of the run before.
    """
    if target.kind != CLUSTER or source.engine in MULTI_AZ_ENGINES:
        return []
    kept = [one for one in source.members if not one.identifier.lower().startswith(_AUTO_SCALED)]
    ordered = sorted(kept, key=lambda one: (not one.is_writer, one.promotion_tier, one.identifier))
    return [
        {"db_instance_identifier": f"{target.identifier}-{number}", **_of_member(member)}
        for number, member in enumerate(ordered, 1)
    ]


def _of_member(member: SourceMember) -> dict[str, t.Any]:
    return {option: value for option, value in member.settings.items() if not _is_default(value)}
