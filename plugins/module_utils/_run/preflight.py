# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check whether RDS offers the engine version and class of a new database, and whether its groups exist.

This is private to the collection.
"""

from __future__ import annotations

import difflib
import typing as t

from .._gateway.provisioning import EngineOffer, ProvisioningGateway
from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import ENGINES_WITH_IAM, KNOWN_ENGINES, engine_has_setting
from .._model.problem import (
    CLASS_NOT_OFFERED,
    ENGINE_NOT_OFFERED,
    GROUP_NOT_FOUND,
    GROUP_UNSUITED,
    OPTION_GROUP_NOT_FOUND,
    SUBNET_GROUP_NOT_FOUND,
    VERSION_NOT_OFFERED,
    Problem,
)
from .._options.cluster_instances import ClusterInstance
from .._rules.new_database import ProvisionRequest

GROUP_KINDS = {INSTANCE: "DB parameter group", CLUSTER: "DB cluster parameter group"}


def find_engine_offer(
    gateway: ProvisioningGateway, engine: str, version: str | None
) -> tuple[EngineOffer | None, list[Problem]]:
    """Return the version that RDS will use, or None and the problem if RDS does not offer it."""
    offer = gateway.engine_offer(engine, version)
    if offer is not None:
        return offer, []
    unknown = unknown_engine_problems(gateway, engine) if version else [_unknown(engine)]
    if unknown:
        return None, unknown
    text = (
        f"engine_version: RDS does not offer version {version} of engine {engine} in this Region. Choose another "
        "version"
    )
    return None, [Problem(VERSION_NOT_OFFERED, text)]


def unknown_engine_problems(gateway: ProvisioningGateway, engine: str) -> list[Problem]:
    """Return the problem for an engine that RDS does not offer in any version."""
    return [] if gateway.engine_offer(engine, None) else [_unknown(engine)]


def _unknown(engine: str) -> Problem:
    text = f"engine: RDS does not offer engine {engine!r} in this Region"
    if engine in KNOWN_ENGINES:
        return Problem(ENGINE_NOT_OFFERED, f"{text}. Choose another engine or Region")
    near = difflib.get_close_matches(engine, KNOWN_ENGINES, n=3)
    hint = (
        f"Similar: {', '.join(near)}"
        if near
        else f"Engines with IAM database authentication: {', '.join(ENGINES_WITH_IAM)}"
    )
    return Problem(ENGINE_NOT_OFFERED, f"{text}. {hint}")


def provision_problems(gateway: ProvisioningGateway, wanted: ProvisionRequest, family: str | None) -> list[Problem]:
    """Return the problems with the classes and groups of a new database."""
    return [
        *_classes(gateway, wanted),
        *_subnet_group(gateway, wanted),
        *_option_group(gateway, wanted),
        *_parameter_group(gateway, wanted, family),
        *_member_groups(gateway, wanted.members, f"{wanted.engine} {wanted.engine_version}", family),
    ]


def of_missing_members(gateway: ProvisioningGateway, wanted: ProvisionRequest, existing: Database) -> list[Problem]:
    """Return the problems with the parameter groups of members that an existing cluster lacks."""
    if not any(member.group for member in wanted.missing_members):
        return []
    offer = gateway.engine_offer(existing.engine, existing.engine_version)
    version = f"{existing.engine} {existing.engine_version}"
    return list(_member_groups(gateway, wanted.missing_members, version, offer.family if offer else None))


def _member_groups(
    gateway: ProvisioningGateway, members: t.Iterable[ClusterInstance], version: str, family: str | None
) -> t.Iterator[Problem]:
    found: dict[str, str | None] = {}
    for member in members:
        name = member.group
        if not name:
            continue
        if name not in found:
            found[name] = gateway.group_family(INSTANCE, name)
        where = f"cluster_instances: {member.id.identifier}"
        if found[name] is None:
            text = f"{where}: DB parameter group {name} does not exist. Create it, or use another group"
            yield Problem(GROUP_NOT_FOUND, text)
        elif family and found[name] != family:
            text = f"{where}: DB parameter group {name} is for {found[name]}, but {version} requires one for {family}"
            yield Problem(GROUP_UNSUITED, f"{text}. Use another group")


def _classes(gateway: ProvisioningGateway, wanted: ProvisionRequest) -> t.Iterator[Problem]:
    asked = [m.instance_class for m in wanted.members] or [wanted.settings.get("db_instance_class", "")]
    for name in dict.fromkeys(asked):
        if not name or not engine_has_setting(wanted.engine):
            continue
        if gateway.supports_iam(wanted.engine, wanted.engine_version, name) is None:
            yield Problem(
                CLASS_NOT_OFFERED,
                f"db_instance_class: RDS does not offer {name} for engine {wanted.engine} {wanted.engine_version} in "
                "this Region. Choose another class",
            )


def _subnet_group(gateway: ProvisioningGateway, wanted: ProvisionRequest) -> t.Iterator[Problem]:
    name = _asked(wanted, "db_subnet_group_name")
    # RDS creates the default group when it is first used
    if name and name.lower() != "default" and gateway.subnet_group_vpc(name) is None:
        text = f"db_subnet_group_name: DB subnet group {name} does not exist. Create it, or use another group"
        yield Problem(SUBNET_GROUP_NOT_FOUND, text)


def _option_group(gateway: ProvisioningGateway, wanted: ProvisionRequest) -> t.Iterator[Problem]:
    name = _asked(wanted, "option_group_name")
    # RDS creates a default group, such as default:mysql-8-4, when it is first used
    if name and not name.lower().startswith("default:") and not gateway.has_option_group(name):
        text = f"option_group_name: option group {name} does not exist. Create it, or use another group"
        yield Problem(OPTION_GROUP_NOT_FOUND, text)


def _asked(wanted: ProvisionRequest, option: str) -> str:
    """Return a setting of the task. An inherited one is in use, so it exists."""
    return "" if option in wanted.inherited else str(wanted.settings.get(option, ""))


def _parameter_group(gateway: ProvisioningGateway, wanted: ProvisionRequest, family: str | None) -> list[Problem]:
    if not wanted.group:
        return []
    found = gateway.group_family(wanted.target.kind, wanted.group)
    group = f"{wanted.group_option}: {GROUP_KINDS[wanted.target.kind]} {wanted.group}"
    if found is None:
        return [Problem(GROUP_NOT_FOUND, f"{group} does not exist. Create it, or use another group")]
    if family and found != family:
        version = f"{wanted.engine} {wanted.engine_version}"
        text = f"{group} is for {found}, but {version} requires one for {family}. Use another group"
        return [Problem(GROUP_UNSUITED, text)]
    return []
