# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the options of ``rds_connect_policies_info``: Regions, database users and principals.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .._model.errors import InputError, quoted
from .survey_values import entries

CONNECT_POLICIES_SPEC: dict[str, dict[str, t.Any]] = {
    "regions": {"type": "list", "elements": "str"},
    "users": {"type": "list", "elements": "dict"},
    "principals": {"type": "list", "elements": "str"},
}
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(user|group|role)/\S+")
_SESSION = re.compile(r"arn:aws[a-z-]*:sts::\d{12}:assumed-role/([^/]+)/.+")

# the values that rds_users_info returns -> whether the user can log in with a token (None: unknown)
_IS_MAPPED = {
    "iam": True,
    "password": False,
    "password_possible": False,
    "kerberos": False,
    "none": False,
    "unknown": None,
}
_PLUGIN = "AWSAuthenticationPlugin"
# dbuser_arn_prefix is arn:PARTITION:rds-db:REGION:ACCOUNT:dbuser:RESOURCE_ID/
_PREFIX_ID = re.compile(r".*:dbuser:([^/]+)/")

# user -> whether it is mapped to IAM; None if that is unknown
Users = t.Dict[str, t.Optional[bool]]


@dataclass(frozen=True)
class ConnectPoliciesOptions:
    """The checked options. ``users`` contains the users by resource id, for the databases whose users are known."""

    regions: tuple[str, ...]
    users: t.Mapping[str, Users] = field(default_factory=dict)
    principals: tuple[str, ...] = ()


def read_connect_policies_options(params: t.Mapping[str, t.Any], *, region: str) -> ConnectPoliciesOptions:
    """Return the checked options. Without ``regions``, the Region of the task is used.

    Raises InputError for an invalid value.
    """
    regions = tuple(dict.fromkeys(text.lower() for text in entries(params["regions"])))
    for name in regions:
        if _REGION.fullmatch(name) is None:
            raise InputError(f"regions: {quoted(name)} is not an AWS Region. Use a name such as eu-west-1.")
    return ConnectPoliciesOptions(regions or (region,), _users(params["users"] or ()), _principals(params))


def _principals(params: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(entries(params["principals"])))
    for arn in found:
        session = _SESSION.fullmatch(arn)
        if session:
            raise InputError(
                f"principals: {quoted(arn)} is a session of a role. Use the ARN of the role {quoted(session[1])}."
            )
        if _PRINCIPAL.fullmatch(arn) is None:
            raise InputError(
                f"principals: {quoted(arn)} is not the ARN of an IAM user, group or role. "
                "Use arn:PARTITION:iam::ACCOUNT:role/NAME."
            )
    return found


def _users(listed: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, Users]:
    found: dict[str, Users] = {}
    for number, entry in enumerate(listed):
        where = f"users: entry {number}"
        is_result = "users" in entry
        resource_id = _resource_id(entry.get("database") if is_result else entry, where)
        users = found.setdefault(resource_id, {})
        for user in _list(entry["users"], where) if is_result else [entry]:
            _add(users, user, where)
    return found


def _list(value: t.Any, where: str) -> list[t.Any]:
    if not isinstance(value, list):
        raise InputError(f"{where}: its users are not a list. Use a result of rds_users_info.")
    return value


def _resource_id(database: t.Any, where: str) -> str:
    """Return the resource id of a database as rds_users_info returns it, or that of an entry."""
    given = database if isinstance(database, t.Mapping) else {}
    prefix = _PREFIX_ID.fullmatch(str(given.get("dbuser_arn_prefix") or ""))
    resource_id = prefix[1] if prefix else str(given.get("resource_id") or "").strip()
    if not resource_id:
        raise InputError(
            f"{where}: the resource id of the database is unknown. Name the database by its identifier in "
            "rds_users_info, or use entries with resource_id, user and authentication."
        )
    return resource_id


def _add(users: Users, user: t.Any, where: str) -> None:
    """Add a user. In MySQL and MariaDB, several accounts have the same name, and one that is mapped is sufficient."""
    if not isinstance(user, t.Mapping) or not isinstance(user.get("user"), str):
        raise InputError(f"{where}: a user has no name. Use results of rds_users_info, or entries with user.")
    authentication = user.get("authentication")
    if not isinstance(authentication, str) or authentication not in _IS_MAPPED:
        raise InputError(
            f"{where}: authentication of {quoted(user['user'])}: {quoted(str(authentication))} is not valid. "
            f"Use one of: {', '.join(_IS_MAPPED)}."
        )
    granted = user.get("granted")
    plugins = granted.get("plugins") if isinstance(granted, t.Mapping) else None
    # an account of MariaDB can have the plugin as an alternative to a password
    is_mapped = True if isinstance(plugins, list) and _PLUGIN in plugins else _IS_MAPPED[authentication]
    known = users.get(user["user"], False)
    users[user["user"]] = True if True in (known, is_mapped) else None if None in (known, is_mapped) else False
