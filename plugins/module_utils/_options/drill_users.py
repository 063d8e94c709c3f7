# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the users of a restore drill, and their IAM principals.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .._model.errors import InputError, quoted
from .._model.iam_principal import IamPrincipal
from .database_user import check_user
from .survey_values import blank_as, is_blank

OPTION = "restore_drill_users"
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(user|role)/(?:[\x21-\x7e]+/)?([\w+=,.@-]{1,64})")
# the keys of a user that only concern its mapping, as the role database_users has them
_MAPPING = ("host", "replaces", "strategy", "grants")
_SERVICE_LINKED = ":role/aws-service-role/"


@dataclass(frozen=True)
class DrillUser:
    """A database user who has to log in to the restored database. The login uses ``verify_role`` if it is set.

    ``mapping`` contains the options of the user for the role ``database_users``.
    """

    name: str
    database: str
    principals: tuple[IamPrincipal, ...]
    verify_role: str
    mapping: t.Mapping[str, t.Any] = field(default_factory=dict)


def read_drill_users(users: t.Any) -> tuple[DrillUser, ...]:
    """Return the users of a drill. Raises InputError for no user, a user that is named twice, and an invalid value."""
    if not isinstance(users, (list, tuple)) or not users:
        raise InputError(f"{OPTION}: it contains no user. Add one or more users.")
    found = tuple(_read_user(user, f"{OPTION}[{index}]") for index, user in enumerate(users))
    names = [(user.name, user.database) for user in found]
    twice = sorted({name for name, database in names if names.count((name, database)) > 1})
    if twice:
        raise InputError(f"{OPTION}: {quoted(twice[0])} is listed more than once for the same database. List it once.")
    return found


def _read_user(user: t.Any, option: str) -> DrillUser:
    if not isinstance(user, t.Mapping):
        raise InputError(f"{option}: {quoted(str(user))} is not a dictionary. Set the key name.")
    principals = user.get("principals") or []
    if isinstance(principals, str):
        principals = [principals]
    read = tuple(dict.fromkeys(_read_principal(arn, f"{option}.principals") for arn in principals))
    verify_role = str(blank_as(user.get("verify_role_arn"), ""))
    if verify_role:
        _check_verify_role(verify_role, read, f"{option}.verify_role_arn")
    return DrillUser(
        name=check_user(user.get("name"), option=f"{option}.name"),
        database=str(blank_as(user.get("database"), "")),
        principals=read,
        verify_role=verify_role,
        mapping={key: user[key] for key in _MAPPING if not is_blank(user.get(key)) and user[key] != []},
    )


def _read_principal(arn: t.Any, option: str) -> IamPrincipal:
    text = str(blank_as(arn, ""))
    match = _PRINCIPAL.fullmatch(text)
    if match is None:
        raise InputError(
            f"{option}: {quoted(text)} is not the ARN of an IAM user or role. Use arn:aws:iam::ACCOUNT:role/NAME; for "
            "a session, use the ARN of its role."
        )
    if _SERVICE_LINKED in text:
        raise InputError(
            f"{option}: {quoted(text)} is a service-linked role, which accepts no policy. Use another role."
        )
    return IamPrincipal(text, match[1], match[2])


def _check_verify_role(arn: str, principals: t.Sequence[IamPrincipal], option: str) -> None:
    if _read_principal(arn, option).kind != "role":
        raise InputError(f"{option}: {quoted(arn)} is not the ARN of an IAM role. Use a role that the task may assume.")
    if principals and arn not in {principal.arn for principal in principals}:
        raise InputError(
            f"{option}: {quoted(arn)} is not one of the principals of the user, so its login would not prove "
            "their access. Add it to principals, or use one of them."
        )
