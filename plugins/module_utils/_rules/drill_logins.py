# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The logins of a restore drill: which logins are repeated, and their entries in the receipt.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.login_cause import ENDPOINT_UNREACHABLE, LOGIN_TIMED_OUT, LOGINS_THROTTLED, POLICY_CAUSES, UNKNOWN
from .._options.survey_values import is_true
from .principal import principal_of

Result = t.Mapping[str, t.Any]

# temporary causes: IAM applies a policy after some seconds, and a new endpoint needs time in DNS
_TEMPORARY = frozenset((*POLICY_CAUSES, ENDPOINT_UNREACHABLE, LOGIN_TIMED_OUT, LOGINS_THROTTLED))


def is_final(result: Result) -> bool:
    """Return whether another attempt cannot change the result of a login."""
    causes = result.get("candidates") if result.get("cause") == UNKNOWN else [result.get("cause")]
    return is_true(result.get("logged_in")) or _TEMPORARY.isdisjoint(causes or [])


def login_entries(
    users: t.Sequence[Result], results: t.Sequence[Result], task_arn: str | None
) -> list[dict[str, t.Any]]:
    """Return an entry of the receipt for each user. In check mode, there are no results."""
    given = [*results, *({} for _user in users[len(results) :])]
    return [_entry(user, result, task_arn or "") for user, result in zip(users, given)]


def refused(entries: t.Sequence[Result]) -> str:
    """Return which users did not log in and why, or an empty text."""
    return "; ".join(
        f"{entry['name']} did not log in: {entry['cause']}: {entry['message']}"
        for entry in entries
        if entry["logged_in"] is False
    )


def _entry(user: Result, result: Result, task_arn: str) -> dict[str, t.Any]:
    role = user["verify_role_arn"]
    tried = "logged_in" in result
    failed = is_true(result.get("failed")) or (bool(result.get("msg")) and not tried)
    return {
        "name": user["name"],
        "database": user["database"] or None,
        "principals": list(user["principals"]),
        "logged_in": is_true(result["logged_in"]) if tried else False if failed else None,
        "session_user": result.get("user"),
        "verified_as": role or task_arn or None,
        "verified_by": "principal" if role or _is_own(task_arn, user["principals"]) else "task",
        "server_version": result.get("server_version"),
        "seconds": result.get("seconds"),
        "attempts": int(result.get("attempts") or 1) if tried else None,
        "cause": result.get("cause") if tried else "error" if failed else None,
        "message": str((result.get("remedy") if tried else result.get("msg")) or ""),
    }


def _is_own(task_arn: str, principals: t.Sequence[str]) -> bool:
    """Whether the credentials of the task belong to one of the principals.

    The ARN of a session does not contain the path of its role, so only the name is compared.
    """
    principal = principal_of(task_arn)
    if principal.role_name is None:
        return task_arn in principals
    account = task_arn.split(":")[4]
    return any(f":{account}:role/" in arn and arn.rpartition("/")[2] == principal.role_name for arn in principals)
