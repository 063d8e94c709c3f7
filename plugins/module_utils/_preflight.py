# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Before anything is made: whether RDS offers the engine version and the class, and whether the parameter group fits.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from . import _blueprint
from ._blueprint import Order
from ._decision import engine_has_setting
from ._gateway_make import EngineOffer, MakingGateway
from ._model import Problem


def offer_of(gateway: MakingGateway, engine: str, version: str | None) -> tuple[EngineOffer | None, list[Problem]]:
    """The version that RDS will make, and the problem where it offers none such."""
    offer = gateway.engine_offer(engine, version)
    if offer is not None:
        return offer, []
    what = f"version {version} of engine {engine}" if version else f"engine {engine}"
    return None, [
        Problem(_blueprint.VERSION_NOT_OFFERED, f"engine_version: RDS offers no {what} in this region: choose another")
    ]


def of_order(gateway: MakingGateway, order: Order, family: str | None) -> list[Problem]:
    """The problems of a database that is to be made."""
    return [*_classes(gateway, order), *_group(gateway, order, family)]


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
