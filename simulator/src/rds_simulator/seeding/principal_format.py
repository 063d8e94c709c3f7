# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The keys of IAM users, groups, roles and policies in a seed, and the checks of their values."""

from __future__ import annotations

import re
from typing import Any

from ..rules.iam import PolicyError, parse_policy

_DOCUMENT = (dict, str)
_ENTITY = {"name": str, "path": str, "policies": dict, "managed_policies": list}
_PRINCIPAL = {**_ENTITY, "permissions_boundary": str, "tags": dict}
ACCESS_KEY: dict[str, Any] = {"access_key_id": str, "secret_access_key": str, "active": bool}
SECTIONS: dict[str, dict[str, Any]] = {
    "iam_policies": {"name": str, "path": str, "document": _DOCUMENT},
    "iam_groups": _ENTITY,
    "iam_users": {**_PRINCIPAL, "groups": list, "access_keys": list},
    "iam_roles": {**_PRINCIPAL, "trust": dict},
    "root_access_keys": {key: ACCESS_KEY[key] for key in ("access_key_id", "secret_access_key")},
}
REQUIRED = {
    "iam_policies": ("name", "document"),
    "iam_groups": ("name",),
    "iam_users": ("name",),
    "iam_roles": ("name",),
    "root_access_keys": ("access_key_id", "secret_access_key"),
}
# No error message shows the values of these keys.
SECRET_KEYS = frozenset(("access_keys", "secret_access_key"))

# The patterns of botocore's model: accessKeyIdType, pathType, userNameType and roleNameType (✓).
_KEY_ID = re.compile(r"\w{16,128}", re.ASCII)
_PATH = re.compile(r"/(?:[\x21-\x7e]+/)?")
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_KEYS_PER_USER = 2


def check_principal(item: dict[str, Any], where: str) -> None:
    """Raise ValueError, with the position, for an invalid name, path or policy. Types were checked before."""
    if "name" in item and not _NAME.fullmatch(item["name"]):
        raise ValueError(f"name in {where}: {item['name']!r}: must have 1 to 128 letters, digits, or +=,.@_-")
    if not _PATH.fullmatch(item.get("path", "/")):
        raise ValueError(f"path in {where}: {item['path']!r}: must begin and end with a slash")
    if "document" in item:
        _check_policy(item["document"], f"document in {where}")
    for name, document in item.get("policies", {}).items():
        _check_policy(document, f"policies.{name} in {where}")
    for key in ("managed_policies", "groups"):
        _check_strings(item.get(key, []), f"{key} in {where}")


def check_access_keys(item: dict[str, Any], where: str) -> None:
    """Raise ValueError, with the position, for invalid access keys. Types were checked before."""
    if "access_key_id" in item:
        _check_key_id(item, where)
    keys = item.get("access_keys", [])
    if len(keys) > _KEYS_PER_USER:
        raise ValueError(f"access_keys in {where}: a user has at most {_KEYS_PER_USER} access keys")
    for number, key in enumerate(keys):
        _check_key_id(key, f"{where}.access_keys[{number}]")


def _check_strings(names: list[Any], where: str) -> None:
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"{where}: {name!r}: must be a string")


def _check_key_id(key: dict[str, Any], where: str) -> None:
    if not _KEY_ID.fullmatch(key["access_key_id"]):
        raise ValueError(f"access_key_id in {where}: must have 16 to 128 letters, digits, or _")
    if not key["secret_access_key"]:
        raise ValueError(f"secret_access_key in {where}: must not be empty")


def _check_policy(document: Any, where: str) -> None:
    if not isinstance(document, _DOCUMENT):
        raise ValueError(f"{where}: must be a dictionary or JSON")
    try:
        parse_policy(document)
    except (PolicyError, TypeError) as error:
        raise ValueError(f"{where}: {error}") from None
