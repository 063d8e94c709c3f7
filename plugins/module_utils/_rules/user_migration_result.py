# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide whether a user of the role ``database_users`` is verified, and record the performed actions.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._options.survey_values import is_true
from . import user_migration as outcomes
from .user_migration_failure import StepChanges, changes_of

Values = t.Mapping[str, t.Any]
LOGIN, SIMULATION = "login", "simulation"
# why a replaced user was closed: no engine stores the time of the last login
SESSIONS_NOW = "sessions_now"
_ASSUMED = re.compile(r"arn:[^:]+:sts::(\d+):assumed-role/([^/]+)/.+")
_LOST = (
    "password_lost: the account is mapped, and its login fails. If an interrupted run mapped it, its password is "
    "lost, because the engine no longer stores the hash. Correct the cause and run the role again, or set a new "
    "password with ALTER USER. The strategy alongside does not have this risk."
)
_KEPT = (
    "If an interrupted run mapped it, the server still stores its password. Correct the cause and run the role again, "
    "or make the password valid with: {}"
)
_REVERTED = "The mapping was reverted, and the user can log in as before."


def verify(user: Values, check: Values, identity: str) -> dict[str, t.Any]:
    """Return ``verified``, ``verified_as``, ``verified_by`` and ``msg``.

    ``check`` is the result of ``rds_login_check``, and ``identity`` is the ARN whose credentials the task has.
    """
    if not check.get("logged_in"):
        return _unverified(str(check.get("msg") or "the login was not tried"))
    mismatch = _other_account(user, check)
    if mismatch:
        return _unverified(mismatch)
    if user["verify_role_arn"]:
        return _verified([user["verify_role_arn"]], LOGIN)
    others = [arn for arn in user["principals"] if not is_same_principal(arn, identity)]
    if not others:
        return _verified([identity], LOGIN)
    simulations = {entry["principal"]: entry for entry in check.get("simulations") or ()}
    refused = [arn for arn in others if not (simulations.get(arn) or {}).get("allowed")]
    if refused:
        reasons = {arn: (simulations.get(arn) or {}).get("detail") or "not simulated" for arn in refused}
        details = "; ".join(f"{arn}: {reason}" for arn, reason in reasons.items())
        return _unverified(
            f"{identity} can log in, but this does not prove that the principals can, and IAM does not allow it: "
            f"{details}"
        )
    return _verified(others, SIMULATION)


def _other_account(user: Values, check: Values) -> str:
    """Return why the login was not one of this account, or an empty string. Host names ignore case."""
    name, host = str(check.get("user")), check.get("host")
    if not user["host"]:
        return "" if name == user["name"] else f"the session belongs to {name}"
    if name == user["name"] and str(host).lower() == user["host"].lower():
        return ""
    return (
        f"the server used the account {name}@{host}, not {_label(user)}, because it selects the account by the host of "
        "the client. Run the role on a host whose logins use this account."
    )


def is_same_principal(arn: str, identity: str) -> bool:
    """Return whether an identity of STS is this principal, or a session of it."""
    session = _ASSUMED.fullmatch(identity)
    if session is None:
        return arn == identity
    return f"::{session[1]}:role/" in arn and arn.rpartition("/")[2] == session[2]


def record(user: Values, done: Values) -> dict[str, t.Any]:
    """Return the entry of the result for one user.

    ``done`` has the keys ``check_mode``, ``steps`` (the steps that have ended), ``check``, ``identity``, ``policies``
    (the changes of policies), ``error`` (the message of the task that failed), and ``left`` (what is left to do after
    each failed step).
    """
    steps = set(done.get("steps") or ())
    predicted = is_true(done.get("check_mode"))
    check = done.get("check") or {}
    verified = verify(user, check, str(done.get("identity") or "")) if check else _unverified("")
    failed = bool(done.get("error")) or ("undo" in steps) or bool(check and not verified["verified"])
    written = [change["text"] for change in done.get("policies") or ()]
    changes = changes_of(user, steps, written, done.get("left") or {})
    actions = _planned(user) if predicted else changes.actions(user)
    outcome = _outcome(user, steps, verified, failed)
    return {
        "name": user["name"],
        "host": user["host"],
        "outcome": outcome,
        "changed": bool(actions or changes.unknown),
        "verified_as": verified["verified_as"],
        "verified_by": verified["verified_by"],
        "unused_by": SESSIONS_NOW if outcome == outcomes.CLOSED else None,
        "actions": actions,
        "msg": _message(user, steps, verified, str(done.get("error") or ""), changes) if failed else "",
    }


def not_started(user: Values) -> dict[str, t.Any]:
    """Return the entry for a user that was not changed, because of its own problems or those of another user."""
    problems = user.get("problems") or []
    return {
        "name": user["name"],
        "host": user["host"],
        "outcome": outcomes.REFUSED if problems else outcomes.NOT_STARTED,
        "changed": False,
        "verified_as": [],
        "verified_by": None,
        "unused_by": None,
        "actions": [],
        "msg": " ".join(problems),
    }


def failures(results: t.Sequence[Values]) -> list[str]:
    """Return one line for each user that has failed."""
    return [
        f"{_label(entry)}: {entry['outcome']}: {entry['msg']}"
        for entry in results
        if entry["outcome"] not in (*outcomes.SUCCESSFUL, outcomes.NOT_STARTED)
    ]


def lines(results: t.Sequence[Values], *, check_mode: bool) -> list[str]:
    """Return one human-readable line for each user."""
    head = ["This is a preview: nothing was changed."] if check_mode else []
    return [*head, *(_line(entry) for entry in results)]


def _line(entry: Values) -> str:
    proof = f", verified by {entry['verified_by']} as {', '.join(entry['verified_as'])}" if entry["verified_by"] else ""
    actions = f": {'; '.join(entry['actions'])}" if entry["actions"] else ""
    message = f" ({entry['msg']})" if entry["msg"] else ""
    return f"{_label(entry)}: {entry['outcome']}{proof}{actions}{message}"


def _label(entry: Values) -> str:
    return f"{entry['name']}@{entry['host']}" if entry["host"] else str(entry["name"])


def _planned(user: Values) -> list[str]:
    first = [policy["text"] for policy in user["attach"]]
    last = [policy["text"] for policy in user["detach"]]
    return [*first, *user["actions"], *last, *user["close_actions"]]


def _outcome(user: Values, steps: set[str], verified: Values, failed: bool) -> str:
    if not failed:
        return str(user["outcome"])
    if "undo" in steps:
        return outcomes.ROLLED_BACK
    if user["may_have_lost_password"] and "check" in steps and not verified["verified"]:
        return outcomes.PASSWORD_LOST
    return outcomes.FAILED


def _message(user: Values, steps: set[str], verified: Values, error: str, changes: StepChanges) -> str:
    parts = [verified["msg"] if "check" in steps and not verified["verified"] else "", error, *changes.unknown]
    if "undo" in steps:
        parts.append(_REVERTED)
    elif user["may_have_lost_password"] and "check" in steps and not verified["verified"]:
        parts.append(_LOST)
    elif user["restore_password"] and "check" in steps and not verified["verified"]:
        parts.append(_KEPT.format(user["restore_password"]))
    return " ".join(dict.fromkeys(part for part in parts if part))


def _verified(principals: list[str], how: str) -> dict[str, t.Any]:
    return {"verified": True, "verified_as": principals, "verified_by": how, "msg": ""}


def _unverified(message: str) -> dict[str, t.Any]:
    return {"verified": False, "verified_as": [], "verified_by": None, "msg": message}
