# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The keys of a seed and the types of their values. README.md describes their meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..engines import catalogue
from ..engines.engines import ENGINES
from . import principal_format
from .seed_logins import KEYS, USER_KEYS, check_logins
from .seed_metrics import LOGIN_KEYS, check_iam_logins

_GROUP = {"name": str, "family": str, "description": str, "parameters": dict, "modifiable": dict}
_DATABASE = {
    "identifier": str,
    "count": int,
    "engine": str,
    "engine_version": str,
    "status": str,
    "status_after": dict,
    "iam_database_authentication_enabled": bool,
    "pending_modified_values": dict,
    "parameter_apply_status": str,
    "tags": dict,
    "age": (int, float),
    "extra": dict,
    "iam_logins": list,
    **KEYS,
}
_INSTANCE = {**_DATABASE, "db_instance_class": str, "db_parameter_group": str, "source": str}
_MEMBER = {
    key: _INSTANCE[key]
    for key in (
        "identifier",
        "engine_version",
        "db_instance_class",
        "db_parameter_group",
        "parameter_apply_status",
        "status",
        "status_after",
        "tags",
        "age",
        "extra",
        "iam_logins",
    )
}
_CLUSTER = {
    **_DATABASE,
    "engine_mode": str,
    "members": (int, list),
    "db_cluster_parameter_group": str,
}

# Keys of snapshots and backups, whose database is in the seed or was deleted.
_OF_DATABASE = {
    "source": str,
    "engine": str,
    "engine_version": str,
    "db_instance_class": str,
    "iam_database_authentication_enabled": bool,
    "encrypted": bool,
    "tags": dict,
    "source_extra": dict,
    "count": int,
}
_SNAPSHOT = {
    **_OF_DATABASE,
    "identifier": str,
    "type": str,
    "status": str,
    "status_after": dict,
    "owner": str,
    "shared_with": list,
    "age": (int, float),
    "extra": dict,
}
_BACKUP = {
    **_OF_DATABASE,
    "status": str,
    "resource_id": str,
    "source_region": str,
    "earliest_age": (int, float),
    "latest_age": (int, float),
}
_ENGINE_VERSION = {"engine": str, "version": str, "default": bool}
_SUBNET_GROUP = {"name": str, "vpc": str, "description": str}
_OPTION_GROUP = {"name": str, "engine": str, "engine_version": str, "permanent": bool}
_PROXY = {"name": str, "engine_family": str, "resource_id": str, "extra": dict}
_SECTIONS: dict[str, dict[str, Any]] = {
    "engine_versions": _ENGINE_VERSION,
    "db_parameter_groups": _GROUP,
    "db_cluster_parameter_groups": _GROUP,
    "db_instances": _INSTANCE,
    "db_clusters": _CLUSTER,
    "subnet_groups": _SUBNET_GROUP,
    "option_groups": _OPTION_GROUP,
    "db_proxies": _PROXY,
    "snapshots": _SNAPSHOT,
    "cluster_snapshots": _SNAPSHOT,
    "automated_backups": _BACKUP,
    "cluster_automated_backups": _BACKUP,
    **principal_format.SECTIONS,
}
_REQUIRED = {
    "engine_versions": ("engine", "version"),
    "db_parameter_groups": ("name", "family"),
    "db_cluster_parameter_groups": ("name", "family"),
    "db_instances": ("identifier", "engine"),
    "db_clusters": ("identifier", "engine"),
    "subnet_groups": ("name",),
    "option_groups": ("name", "engine"),
    "db_proxies": ("name", "engine_family"),
    "snapshots": ("identifier", "source"),
    "cluster_snapshots": ("identifier", "source"),
    "automated_backups": ("source",),
    "cluster_automated_backups": ("source",),
    **principal_format.REQUIRED,
}
_SECRET_KEYS = principal_format.SECRET_KEYS | {"master_user_password", "password", "users"}
_TYPES = ("manual", "automated", "awsbackup")
_BACKUP_STATUS = ("active", "creating", "retained", "replicating", "pending")


def check_document(document: dict[str, Any]) -> None:
    """Raise ValueError, with the position, for an unknown key or a value of the wrong type."""
    allowed = {"region", "account", *_SECTIONS}
    for key in document:
        if key not in allowed:
            raise ValueError(f"unknown key {key!r} in the seed. The keys are: {_list(allowed)}.")
    for section, keys in _SECTIONS.items():
        items = document.get(section) or []
        if not isinstance(items, list):
            raise ValueError(f"{section} must be a list")
        for number, item in enumerate(items):
            where = f"{section}[{number}]"
            _check_item(item, keys, where)
            _check_required(item, _REQUIRED[section], where)
            _check_kind(item, section, where)
        document[section] = items


def _check_kind(item: dict[str, Any], section: str, where: str) -> None:
    """Check what depends on the kind of the resource."""
    keys = _SECTIONS[section]
    if "members" in keys or section == "db_instances":
        _check_database(item, section, where)
    elif "engine" in keys:
        _check_kept(item, section, where)
    elif section in principal_format.SECTIONS:
        _check_principal(item, where)


def _check_item(item: Any, keys: dict[str, Any], where: str) -> None:
    if not isinstance(item, dict):
        raise ValueError(f"{where} must be a dictionary")
    for key, value in item.items():
        if key not in keys:
            raise ValueError(f"unknown key {key!r} in {where}. The keys are: {_list(keys)}.")
        expected = keys[key]
        if (expected is not bool and isinstance(value, bool)) or not isinstance(value, expected):
            shown = "the value" if key in _SECRET_KEYS else repr(value)
            raise ValueError(f"{key} in {where}: {shown} has the wrong type. Quote numbers where a string is expected.")


def _check_required(item: dict[str, Any], required: tuple[str, ...], where: str) -> None:
    for key in required:
        if key not in item:
            raise ValueError(f"{where}: {key!r} is required")


def _check_database(item: dict[str, Any], section: str, where: str) -> None:
    engine = item["engine"]
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r} in {where}. The engines are: {_list(ENGINES)}.")
    if section == "db_instances" and catalogue.is_aurora(engine):
        raise ValueError(f"{where}: {engine} instances belong to a cluster. List them in db_clusters.")
    if section == "db_clusters":
        _check_clustered(engine, where)
    _check_status_after(item, where)
    for number, user in enumerate(item.get("users", [])):
        _check_item(user, USER_KEYS, f"{where}.users[{number}]")
        _check_required(user, ("name",), f"{where}.users[{number}]")
    check_logins(item, where)
    _check_iam_logins(item, where)
    members = item.get("members", [])
    for number, member in enumerate(members if isinstance(members, list) else []):
        _check_item(member, _MEMBER, f"{where}.members[{number}]")
        _check_required(member, ("identifier",), f"{where}.members[{number}]")
        _check_iam_logins(member, f"{where}.members[{number}]")


def _check_iam_logins(item: dict[str, Any], where: str) -> None:
    for number, logins in enumerate(item.get("iam_logins", [])):
        _check_item(logins, LOGIN_KEYS, f"{where}.iam_logins[{number}]")
        _check_required(logins, ("age",), f"{where}.iam_logins[{number}]")
        check_iam_logins(logins, f"{where}.iam_logins[{number}]")


def _check_principal(item: dict[str, Any], where: str) -> None:
    for number, key in enumerate(item.get("access_keys", [])):
        _check_item(key, principal_format.ACCESS_KEY, f"{where}.access_keys[{number}]")
        _check_required(key, principal_format.REQUIRED["root_access_keys"], f"{where}.access_keys[{number}]")
    principal_format.check_principal(item, where)
    principal_format.check_access_keys(item, where)


def _check_clustered(engine: str, where: str) -> None:
    if not catalogue.is_aurora(engine) and engine not in catalogue.MULTI_AZ_ENGINES:
        raise ValueError(f"{where}: {engine} has no DB clusters")


def _check_status_after(item: dict[str, Any], where: str) -> None:
    if "status_after" in item and set(item["status_after"]) != {"seconds", "status"}:
        raise ValueError(f"status_after in {where}: must have the keys 'seconds' and 'status'")


def _check_kept(item: dict[str, Any], section: str, where: str) -> None:
    """Check the engine, status and type of snapshots, automated backups and option groups."""
    engine = item.get("engine")
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r} in {where}. The engines are: {_list(ENGINES)}.")
    if engine is not None and section.startswith("cluster"):
        _check_clustered(engine, where)
    if engine is not None and catalogue.is_aurora(engine) and section in ("snapshots", "automated_backups"):
        raise ValueError(f"{where}: {engine} has backups of clusters only. List it in cluster_{section}.")
    _check_status_after(item, where)
    for key, known in (("type", _TYPES), ("status", _BACKUP_STATUS)):
        if key in item and item[key] not in known and (key == "type" or section.endswith("backups")):
            raise ValueError(f"{key} in {where}: {item[key]!r} is not one of {_list(known)}")
    if item.get("type") == "automated" and not item["identifier"].startswith("rds:"):
        raise ValueError(f"{where}: the identifier of an automated snapshot must start with 'rds:'")


def expand(items: list[dict[str, Any]], section: str) -> Iterator[dict[str, Any]]:
    """Yield one item for each database: ``count: 3`` with ``{n}`` in the identifier results in three."""
    for item in items:
        count = item.get("count")
        key = "identifier" if "identifier" in item else "source"
        if count is None:
            yield {**item, key: item[key].lower()}
            continue
        if "{n}" not in item[key]:
            raise ValueError(f"count in {section}: requires {{n}} in the {key}")
        for number in range(1, count + 1):
            one = _numbered({name: value for name, value in item.items() if name != "count"}, number)
            yield {**one, key: one[key].lower()}


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    return value


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
