# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Plan a restore drill: check its options, and derive what the tasks of the role loop over.

This is private to the collection.
"""

from __future__ import annotations

import math
import pathlib
import typing as t

from .._model.errors import InputError
from .._options.drill_users import read_drill_users
from .._options.survey_values import blank_as, is_blank, is_true, whole_number
from .drill_mapping import mapping_users, refuse_mapping
from .drill_old_policies import IGNORE, REPAIR
from .session_options import session_options

Options = t.Mapping[str, t.Any]
Result = t.Mapping[str, t.Any]

# seconds between two attempts of a login
_LOGIN_DELAY = 5
_LONGEST_POLICY_TIMEOUT = 3600
_WAIT_TIMEOUT, _WAIT_DELAY = 1800, 5.0


def drill_plan(users: t.Any, options: Options) -> dict[str, t.Any]:
    """Return the plan of a drill.

    ``options`` are ``restore``, ``admin_username``, ``admin_password`` (whether there is one), ``database``,
    ``policy_timeout``, ``old_policies``, ``cleanup``, ``cleanup_on_failure`` and ``receipt_path``. Raises InputError
    for an invalid user, and for options that contradict each other.
    """
    read = read_drill_users(users)
    seconds = whole_number(options.get("policy_timeout"))
    if not 0 <= seconds <= _LONGEST_POLICY_TIMEOUT:
        raise InputError(
            f"restore_drill_policy_timeout: {seconds}: the value is out of range. Use 0 to {_LONGEST_POLICY_TIMEOUT} "
            "seconds."
        )
    restore = _checked_restore(options)
    maps = bool(blank_as(options.get("admin_username"), ""))
    if not maps:
        _refuse_admin(options)
        refuse_mapping(read)
    principals = {principal.arn: principal for user in read for principal in user.principals}
    delay = max(1, math.ceil(float(blank_as(restore.get("wait_delay"), _WAIT_DELAY))))
    timeout = float(blank_as(restore.get("wait_timeout"), _WAIT_TIMEOUT))
    return {
        "users": [
            {
                "name": user.name,
                "database": user.database,
                "principals": [principal.arn for principal in user.principals],
                "verify_role_arn": user.verify_role,
                "host": str(user.mapping.get("host", "")),
                "maps": maps,
                # without a role to assume, the login does not prove that the principals can log in
                "simulate": [] if user.verify_role else [principal.arn for principal in user.principals],
            }
            for user in read
        ],
        "mapping": mapping_users(read) if maps else [],
        "old_policies": _old_policies(options, principals),
        "principals": [{"arn": p.arn, "iam_type": p.kind, "iam_name": p.name} for p in principals.values()],
        "roles": list(dict.fromkeys(user.verify_role for user in read if user.verify_role)),
        "login_retries": math.ceil(seconds / _LOGIN_DELAY),
        "login_delay": _LOGIN_DELAY,
        "delete_retries": max(1, math.ceil(timeout / delay)),
        "delete_delay": delay,
        "page_path": _page_path(str(blank_as(options.get("receipt_path"), ""))),
    }


def access_problems(plan: Result, principals: t.Sequence[Result], sessions: t.Sequence[Result]) -> list[str]:
    """Return why the users could not log in after the restore: missing principals, and roles that cannot be assumed.

    ``principals`` and ``sessions`` are the results of ``amazon.aws.iam_policy_info`` and of
    ``amazon.aws.sts_assume_role``, in the order of the plan.
    """
    unread = [
        f"restore_drill_users: principal {principal['arn']}: {_reason(result)}. Use a principal that exists and whose "
        "policies the task may read."
        for principal, result in zip(plan["principals"], principals)
        if "policies" not in result
    ]
    unassumed = [
        f"restore_drill_users: verify_role_arn {arn}: {_reason(result)}. Allow the task to assume the role."
        for arn, result in zip(plan["roles"], sessions)
        if not result.get("sts_creds")
    ]
    return [*unread, *unassumed]


def session_credentials(plan: Result, sessions: t.Sequence[Result], user: Result) -> dict[str, str]:
    """Return the credentials of the role that verifies a user, or an empty dictionary for those of the task.

    Raises InputError if the role was not assumed. The credentials of the task must not replace those of the role.
    """
    role = user["verify_role_arn"]
    if not role:
        return {}
    options = session_options(dict(zip(plan["roles"], sessions))[role])
    if not options:
        raise InputError(f"restore_drill_users: verify_role_arn {role}: the role could not be assumed.")
    return options


def _checked_restore(options: Options) -> Options:
    restore: Options = options.get("restore") or {}
    if is_true(options.get("cleanup_on_failure")) and not is_true(options.get("cleanup")):
        raise InputError(
            "restore_drill_cleanup_on_failure: it has no effect without restore_drill_cleanup. Set "
            "restore_drill_cleanup to true, or remove it."
        )
    if is_true(options.get("cleanup")) and options.get("old_policies") == REPAIR:
        raise InputError(
            "restore_drill_old_policies: repair moves the users of the source to the target, which "
            "restore_drill_cleanup deletes. Set restore_drill_cleanup to false, or use report or remove."
        )
    if is_true(options.get("cleanup")) and is_true(restore.get("deletion_protection")):
        raise InputError(
            "restore_drill_cleanup: the target would have deletion protection and could not be deleted. Remove "
            "deletion_protection, or set restore_drill_cleanup to false."
        )
    return restore


def _old_policies(options: Options, principals: t.Collection[str]) -> str:
    mode = str(blank_as(options.get("old_policies"), IGNORE))
    if mode != IGNORE and not principals:
        raise InputError(
            f"restore_drill_old_policies: {mode}: no user in restore_drill_users has principals, whose policies the "
            "role would read. Add principals, or use ignore."
        )
    return mode


def _refuse_admin(options: Options) -> None:
    given = {
        "admin_password": is_true(options.get("admin_password")),
        "database": not is_blank(options.get("database")),
    }
    for name, is_given in given.items():
        if is_given:
            raise InputError(
                f"restore_drill_{name}: it requires restore_drill_admin_username. Set it, or remove this option."
            )


def _page_path(path: str) -> str:
    if not path:
        return ""
    if pathlib.PurePath(path).name in ("", ".."):
        raise InputError(
            f"restore_drill_receipt_path: {path}: the path has no file name. Use a path that ends in .json."
        )
    page = pathlib.PurePath(path).with_suffix(".md")
    if str(page) == path:
        raise InputError(
            f"restore_drill_receipt_path: {path}: the role writes a page with this name beside the JSON file. Use a "
            "path that ends in .json."
        )
    return str(page)


def _reason(result: Result) -> str:
    return str(result.get("msg") or "the call failed").rstrip(".")
