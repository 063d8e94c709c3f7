# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The logins of a restore drill: which logins are repeated, and their entries in the receipt.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.login_cause import (
    ENDPOINT_UNREACHABLE,
    LOGIN_TIMED_OUT,
    LOGINS_THROTTLED,
    POLICY_CAUSES,
    UNKNOWN,
    USER_MISSING,
    USER_NOT_IAM,
)
from .._options.database_users import DEFAULT_HOST
from .._options.survey_values import is_true
from .user_migration_result import verify

Result = t.Mapping[str, t.Any]

# temporary causes: IAM applies a policy after some seconds, and a new endpoint needs time in DNS
_TEMPORARY = frozenset((*POLICY_CAUSES, ENDPOINT_UNREACHABLE, LOGIN_TIMED_OUT, LOGINS_THROTTLED))
_UNMAPPED = frozenset((USER_MISSING, USER_NOT_IAM))
_MAP_USER = (
    "The restored database contains the users of the source. If this user is missing or not mapped to IAM there, set "
    "restore_drill_admin_username, so that the role maps it."
)
_NOT_VERIFIED: Result = {"verified_as": [], "verified_by": None, "msg": ""}


def is_final(result: Result, user: Result, task_arn: str | None) -> bool:
    """Return whether another attempt cannot change the result of a login.

    The simulation of IAM can also show the policies from before the drill.
    """
    if is_true(result.get("logged_in")):
        denied = any(one.get("allowed") is False for one in result.get("simulations") or [])
        return not denied or _verify(user, result, task_arn or "")["verified"]
    return _TEMPORARY.isdisjoint(_causes(result))


def login_entries(
    users: t.Sequence[Result], results: t.Sequence[Result], task_arn: str | None
) -> list[dict[str, t.Any]]:
    """Return an entry of the receipt for each user. In check mode, there are no results."""
    given = [*results, *({} for _user in users[len(results) :])]
    return [_entry(user, result, task_arn or "") for user, result in zip(users, given)]


def refused(entries: t.Sequence[Result], *, preview: bool = False) -> str:
    """Return which users did not log in or are not verified, and why, or an empty text. A preview tries no login."""
    return "; ".join(text for entry in entries for text in [_refusal(entry, preview)] if text)


def _refusal(entry: Result, preview: bool) -> str:
    if entry["logged_in"] is None and not preview:
        return f"{entry['name']} did not log in: the login was not tried"
    if entry["logged_in"] is False:
        return f"{entry['name']} did not log in: {entry['cause']}: {entry['message']}"
    if entry["logged_in"] and not entry["verified_by"]:
        return f"{entry['name']} logged in, but is not verified: {entry['message']}"
    return ""


def _verify(user: Result, result: Result, task_arn: str) -> dict[str, t.Any]:
    """Return the proof of a login. Only MySQL and MariaDB return the host of the account, which is % by default."""
    default = "" if result.get("host") is None else DEFAULT_HOST
    return verify({**user, "host": user["host"] or default}, result, task_arn)


def _entry(user: Result, result: Result, task_arn: str) -> dict[str, t.Any]:
    tried = "logged_in" in result
    failed = is_true(result.get("failed")) or (bool(result.get("msg")) and not tried)
    verified = _verify(user, result, task_arn) if tried else _NOT_VERIFIED
    logged_in = is_true(result["logged_in"]) if tried else False if failed else None
    return {
        "name": user["name"],
        "database": user["database"] or None,
        "principals": list(user["principals"]),
        "logged_in": logged_in,
        "session_user": result.get("user"),
        "identity": user["verify_role_arn"] or task_arn or None,
        "verified_as": verified["verified_as"],
        "verified_by": verified["verified_by"],
        "server_version": result.get("server_version"),
        "seconds": result.get("seconds"),
        "attempts": int(result.get("attempts") or 1) if tried else None,
        "cause": result.get("cause") if tried else "error" if failed else None,
        "message": _message(user, result, verified["msg"] if logged_in else ""),
    }


def _message(user: Result, result: Result, unverified: str) -> str:
    if unverified:
        remedy = (
            "Correct the policies of the principals, or set verify_role_arn and allow the task to assume the role"
            if user["simulate"]
            else "Correct the user"
        )
        return f"{unverified.rstrip('.')}. {remedy}."
    text = str((result.get("remedy") if "logged_in" in result else result.get("msg")) or "")
    if user["maps"] or _UNMAPPED.isdisjoint(_causes(result)):
        return text
    return f"{text} {_MAP_USER}".strip()


def _causes(result: Result) -> list[str]:
    """Return the cause of a failed login, or the possible causes if it is unknown."""
    found = result.get("candidates") if result.get("cause") == UNKNOWN else [result.get("cause")]
    return [str(cause) for cause in found or []]
