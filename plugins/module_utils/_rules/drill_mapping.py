# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The users that the role ``database_users`` maps on the restored database, and the result.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.arns import parse
from .._model.errors import InputError, quoted
from .._options.database_users import OPTION as MAPPING_OPTION
from .._options.database_users import POSTGRESQL
from .._options.drill_users import OPTION, DrillUser
from .._options.survey_values import is_true
from .login_endpoint import protocol_of
from .principal_policy import find_document
from .user_migration_plan import read_requests
from .user_migration_target import missing_collections

Result = t.Mapping[str, t.Any]

_ENTRY = re.compile(rf"{MAPPING_OPTION}\[(\d+)\]")
_KEYS = ("name", "host", "outcome", "changed", "verified_as", "verified_by", "actions", "msg")
_HOST = "{option}.host: PostgreSQL users have no host. Remove it."
NOT_CHECKED = "not_checked"


def mapping_users(users: t.Sequence[DrillUser]) -> list[dict[str, t.Any]]:
    """Return the users for the role ``database_users``. A user of several databases is one entry.

    ``number`` is the position of the user in the drill. Raises InputError if the entries of a user contradict each
    other.
    """
    found: dict[str, dict[str, t.Any]] = {}
    for number, user in enumerate(users):
        entry = found.setdefault(user.name, {"number": number, "name": user.name, **user.mapping})
        first = entry["number"]
        if user.mapping != users[first].mapping or user.verify_role != users[first].verify_role:
            raise InputError(
                f"{OPTION}[{number}]: {quoted(user.name)} differs from {OPTION}[{first}], which is the same user. Use "
                "the same values, except for database and principals."
            )
        databases, principals = entry.setdefault("databases", []), entry.setdefault("principals", [])
        databases += [user.database] if user.database else []
        principals += [one.arn for one in user.principals if one.arn not in principals]
        if user.verify_role:
            entry["verify_role_arn"] = user.verify_role
    return list(found.values())


def refuse_mapping(users: t.Sequence[DrillUser]) -> None:
    """Raise InputError if a user has an option for its mapping, which requires an administrator.

    The host also selects the account whose login is verified.
    """
    for number, user in enumerate(users):
        for key in sorted(user.mapping.keys() - {"host"}):
            raise InputError(
                f"{OPTION}[{number}].{key}: it requires restore_drill_admin_username. Set it, or remove {key}."
            )


def mapping_errors(plan: Result, source: Result, installed: t.Callable[[str], bool]) -> list[str]:
    """Return why the role ``database_users`` would refuse the users, before the restore.

    ``source`` is the result of the preview of the restore. ``installed`` tells whether a collection is installed.
    """
    users, engine = plan["mapping"], str(source["database"]["engine"])
    protocol = protocol_of(engine)
    if not users and protocol == POSTGRESQL:
        return [_HOST.format(option=f"{OPTION}[{number}]") for number, user in enumerate(plan["users"]) if user["host"]]
    if not users or protocol is None:
        return []
    arn = parse(str((source.get("source") or {}).get("arn") or ""))
    target = {"protocol": protocol, "engine": engine, "account": arn.account if arn else ""}
    _requests, errors = read_requests([_request(user) for user in users], target)
    named = [_ENTRY.sub(lambda found: f"{OPTION}[{users[int(found[1])]['number']}]", error) for error in errors]
    return [*named, *missing_collections(protocol, installed)]


def mapping_requests(plan: Result, database: Result, *, check_mode: bool) -> list[dict[str, t.Any]]:
    """Return the option ``database_users_users``.

    In check mode, the list is empty if the database does not exist yet, or does not accept tokens yet. If the database
    would change, the preview contains the setting after the change.
    """
    accepts_tokens = database.get("iam_database_authentication_enabled") and not is_true(database.get("changed"))
    if check_mode and not (database.get("resource_id") and accepts_tokens):
        return []
    return [_request(user) for user in plan["mapping"]]


def mapping_entries(result: Result) -> list[dict[str, t.Any]]:
    """Return the entries of the receipt. In a preview without a target, the role ``database_users`` does not run."""
    mapped = result.get("mapped")
    if mapped is None:
        return [{**dict.fromkeys(_KEYS), "name": user["name"], "outcome": NOT_CHECKED} for user in result["mapping"]]
    return [{key: entry.get(key) for key in _KEYS} for entry in mapped]


def attached_policies(result: Result) -> list[dict[str, t.Any]]:
    """Return the entries of the policies that exist after the mapping, or may exist because they could not be read.

    ``planned`` contains the policies of the drill, and ``found`` the results of ``amazon.aws.iam_policy_info`` after
    the mapping, in the same order.
    """
    pairs = zip(result.get("planned") or [], result.get("found") or [])
    return [
        {
            "principal": policy["arn"],
            "policy_name": policy["policy_name"],
            "users": policy["users"],
            "existed": policy["existed"],
            "outcome": "unchanged" if policy["existed"] else "attached" if "policies" in found else "unknown",
        }
        for policy, found in pairs
        if "policies" not in found or find_document(found["policies"], policy["policy_name"]) is not None
    ]


def _request(user: Result) -> dict[str, t.Any]:
    return {key: value for key, value in user.items() if key != "number"}
