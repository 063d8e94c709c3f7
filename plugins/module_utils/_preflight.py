# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Before anything is made: whether RDS offers the engine version and the class, and whether the parameter group fits.

This is private to the collection.
"""

from __future__ import annotations

import difflib
import typing as t

from . import _blueprint
from ._blueprint import Order
from ._decision import engine_has_setting
from ._gateway_make import EngineOffer, MakingGateway
from ._members import MemberOrder
from ._model import INSTANCE, Database, Problem

_WITH_IAM = ("aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgres")
# Source: API reference of CreateDBInstance and CreateDBCluster, valid values of Engine
_ENGINES = (
    *_WITH_IAM,
    "custom-oracle-ee",
    "custom-oracle-ee-cdb",
    "custom-oracle-se2",
    "custom-oracle-se2-cdb",
    "custom-sqlserver-dev",
    "custom-sqlserver-ee",
    "custom-sqlserver-se",
    "custom-sqlserver-web",
    "db2-ae",
    "db2-ce",
    "db2-se",
    "neptune",
    "oracle-ee",
    "oracle-ee-cdb",
    "oracle-se2",
    "oracle-se2-cdb",
    "sqlserver-dev-ee",
    "sqlserver-ee",
    "sqlserver-ex",
    "sqlserver-se",
    "sqlserver-web",
)


def offer_of(gateway: MakingGateway, engine: str, version: str | None) -> tuple[EngineOffer | None, list[Problem]]:
    """The version that RDS will make, and the problem where it offers none such."""
    offer = gateway.engine_offer(engine, version)
    if offer is not None:
        return offer, []
    unknown = unknown_engine(gateway, engine) if version else [_unknown(engine)]
    if unknown:
        return None, unknown
    text = f"engine_version: RDS offers no version {version} of engine {engine} in this region. Choose another version"
    return None, [Problem(_blueprint.VERSION_NOT_OFFERED, text)]


def unknown_engine(gateway: MakingGateway, engine: str) -> list[Problem]:
    """The problem of an engine of which RDS offers no version at all."""
    return [] if gateway.engine_offer(engine, None) else [_unknown(engine)]


def _unknown(engine: str) -> Problem:
    text = f"engine: RDS offers no engine {engine!r} in this region"
    if engine in _ENGINES:
        return Problem(_blueprint.ENGINE_NOT_OFFERED, f"{text}. Choose another engine or region")
    near = difflib.get_close_matches(engine, _ENGINES, n=3)
    hint = (
        f"Similar: {', '.join(near)}" if near else f"Engines with IAM database authentication: {', '.join(_WITH_IAM)}"
    )
    return Problem(_blueprint.ENGINE_NOT_OFFERED, f"{text}. {hint}")


def of_order(gateway: MakingGateway, order: Order, family: str | None) -> list[Problem]:
    """The problems of a database that is to be made."""
    return [
        *_classes(gateway, order),
        *_group(gateway, order, family),
        *_member_groups(gateway, order.members, f"{order.engine} {order.engine_version}", family),
    ]


def of_missing_members(gateway: MakingGateway, order: Order, existing: Database) -> list[Problem]:
    """The problems of the parameter groups of members that an existing cluster lacks."""
    if not any(member.group for member in order.missing_members):
        return []
    offer = gateway.engine_offer(existing.engine, existing.engine_version)
    version = f"{existing.engine} {existing.engine_version}"
    return list(_member_groups(gateway, order.missing_members, version, offer.family if offer else None))


def _member_groups(
    gateway: MakingGateway, members: t.Iterable[MemberOrder], version: str, family: str | None
) -> t.Iterator[Problem]:
    found: dict[str, str | None] = {}
    for member in members:
        name = member.group
        if not name:
            continue
        if name not in found:
            found[name] = gateway.group_family(INSTANCE, name)
        where = f"cluster_instances: {member.ref.identifier}"
        if found[name] is None:
            text = f"{where}: there is no DB parameter group {name}. Create it, or name another group"
            yield Problem(_blueprint.GROUP_NOT_FOUND, text)
        elif family and found[name] != family:
            text = f"{where}: DB parameter group {name} is for {found[name]}, and {version} needs one for {family}"
            yield Problem(_blueprint.GROUP_UNSUITED, f"{text}. Name another group")


def _classes(gateway: MakingGateway, order: Order) -> t.Iterator[Problem]:
    asked = [m.instance_class for m in order.members] or [order.settings.get("db_instance_class", "")]
    for name in dict.fromkeys(asked):
        if not name or not engine_has_setting(order.engine):
            continue
        if gateway.supports_iam(order.engine, order.engine_version, name) is None:
            yield Problem(
                _blueprint.CLASS_NOT_OFFERED,
                f"db_instance_class: RDS offers no {name} for engine {order.engine} {order.engine_version} in this "
                "region: choose another",
            )


def _group(gateway: MakingGateway, order: Order, family: str | None) -> list[Problem]:
    if not order.group:
        return []
    found = gateway.group_family(order.target.kind, order.group)
    if found is None:
        return [
            Problem(_blueprint.GROUP_NOT_FOUND, f"there is no DB {order.target.kind} parameter group {order.group}")
        ]
    if family and found != family:
        return [
            Problem(
                _blueprint.GROUP_UNSUITED,
                f"parameter group {order.group} is for {found}, and {order.engine} {order.engine_version} needs one "
                f"for {family}",
            )
        ]
    return []
