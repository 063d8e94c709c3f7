# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the users of the role ``database_users``.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._model.errors import InputError, quoted
from .._model.iam_principal import IamPrincipal
from .database_user import check_user
from .survey_values import is_true

OPTION = "database_users_users"
POSTGRESQL, MYSQL = "postgresql", "mysql"
# of an account of MySQL or MariaDB
DEFAULT_HOST = "%"
ALONGSIDE, IN_PLACE = "alongside", "in_place"

# 'app'@'10.%', as MySQL writes an account
_ACCOUNT = re.compile(r"""(['"`])(?P<name>.*)\1@(['"`])(?P<host>.*)\3""")
_PRINCIPAL = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?:[^:*?]*/)?(?P<name>[\w+=,.@-]+)"
)
_SESSION = re.compile(r"arn:[^:]+:sts::(?P<account>\d*):assumed-role/(?P<role>[^/]+)/.*")
# sales.*:SELECT,INSERT, as community.mysql.mysql_user takes it
_PRIVILEGES = re.compile(r"(\*|`[^`/:.]+`|[\w$%]+)\.(\*|`[^`/:.]+`|[\w$]+):[A-Za-z ]+(,[A-Za-z ]+)*")
# the users and roles that RDS or the engine creates
_RESERVED = {
    POSTGRESQL: re.compile(r"pg_.*|rds_.*|rdsadmin|rdsrepladmin|rdstopmgr|rdswriteforwarduser|public|none"),
    MYSQL: re.compile(r"rdsadmin|rdsrepladmin|rds_.*|mysql\..*|mariadb\..*"),
}


@dataclass(frozen=True)
class UserRequest:
    """One user as the task asks for it. ``host`` is empty for PostgreSQL. ``option`` names the entry in messages."""

    option: str
    name: str
    host: str
    replaces: str
    strategy: str
    databases: tuple[str, ...]
    grants: tuple[str, ...]
    principals: tuple[IamPrincipal, ...]
    verify_role_arn: str
    close_replaced: bool
    absent: bool

    @property
    def label(self) -> str:
        """The user in messages: the name, or ``name@host``."""
        return f"{self.name}@{self.host}" if self.host else self.name

    @property
    def replaced_label(self) -> str:
        return f"{self.replaces}@{self.host}" if self.host else self.replaces


def read_user_requests(
    users: t.Sequence[t.Mapping[str, t.Any]], *, protocol: str, engine: str, account: str
) -> tuple[list[UserRequest], list[str]]:
    """Return the valid users, and one message for each error.

    ``protocol`` is ``postgresql`` or ``mysql``. ``account`` is the AWS account of the database, or empty if unknown.
    """
    found: list[UserRequest] = []
    errors: list[str] = []
    for number, user in enumerate(users):
        try:
            found.append(_Reader(f"{OPTION}[{number}]", user, protocol, engine, account).read())
        except InputError as error:
            errors.append(error.message)
    return found, [*errors, *_conflicts(found)]


def _conflicts(requests: t.Sequence[UserRequest]) -> t.Iterator[str]:
    """Yield the errors about entries that concern the same user."""
    seen: dict[tuple[str, str], str] = {}
    for request in requests:
        key = (request.name, request.host.lower())
        if key in seen:
            yield f"{request.option}: {quoted(request.label)}: {seen[key]} is the same user. Remove one of them."
        seen.setdefault(key, request.option)
    for request in requests:
        other = seen.get((request.replaces, request.host.lower()))
        if request.replaces and other and other != request.option:
            yield (
                f"{request.option}.replaces: {quoted(request.replaces)} is the user of {other}. Replace a user in one "
                "run, and change it in another."
            )


class _Reader:
    def __init__(self, option: str, user: t.Mapping[str, t.Any], protocol: str, engine: str, account: str) -> None:
        self._option = option
        self._user = user
        self._protocol = protocol
        self._engine = engine
        self._account = account

    def read(self) -> UserRequest:
        user = self._user
        principals = tuple(self._principal(text, "principals") for text in self._texts("principals"))
        request = UserRequest(
            option=self._option,
            name=self._name("name"),
            host=self._host(),
            replaces=self._name("replaces") if user.get("replaces") else "",
            strategy=str(user.get("strategy") or ALONGSIDE),
            databases=self._texts("databases"),
            grants=self._texts("grants"),
            principals=tuple(dict.fromkeys(principals)),
            verify_role_arn=self._verify_role(principals),
            close_replaced=is_true(user.get("close_replaced")),
            absent=user.get("state") == "absent",
        )
        self._check_combination(request)
        return request

    def _texts(self, key: str) -> tuple[str, ...]:
        """Return the entries of a list. Ansible also accepts text, which it does not convert for roles."""
        value = self._user.get(key) or ()
        return tuple(str(text) for text in ([value] if isinstance(value, str) else value) if str(text).strip())

    def _name(self, key: str) -> str:
        option, name = f"{self._option}.{key}", self._user.get(key)
        account = _ACCOUNT.fullmatch(str(name))
        if account is not None:
            remedy = (
                f"Set {key} to {account['name']} and host to {account['host']}."
                if self._protocol == MYSQL
                else f"PostgreSQL users have no host. Set {key} to {account['name']}."
            )
            raise InputError(f"{option}: {quoted(str(name))} is an account of MySQL. {remedy}")
        text = check_user(name, option=option, engine=self._engine)
        if _RESERVED[self._protocol].fullmatch(text):
            raise InputError(f"{option}: {quoted(text)} belongs to RDS or to the engine. Use another user.")
        return text

    def _host(self) -> str:
        host = str(self._user.get("host") or "").strip()
        if self._protocol == MYSQL:
            return host or DEFAULT_HOST
        if host:
            raise InputError(f"{self._option}.host: {quoted(host)}: PostgreSQL users have no host. Remove it.")
        return ""

    def _principal(self, text: str, key: str) -> IamPrincipal:
        option = f"{self._option}.{key}"
        session = _SESSION.fullmatch(text)
        if session is not None:
            raise InputError(
                f"{option}: {quoted(text)} is a session of a role. Use the ARN of the role {session['role']}."
            )
        found = _PRINCIPAL.fullmatch(text)
        if found is None:
            raise InputError(
                f"{option}: {quoted(text)} is not the ARN of an IAM role or user. Use "
                "arn:aws:iam::ACCOUNT:role/NAME or arn:aws:iam::ACCOUNT:user/NAME."
            )
        if self._account and found["account"] != self._account:
            raise InputError(
                f"{option}: {quoted(text)} is in account {found['account']}, but the database is in account "
                f"{self._account}, and only principals of that account can log in. Use a role of account "
                f"{self._account} that the other account may assume."
            )
        return IamPrincipal(text, found["kind"], found["name"])

    def _verify_role(self, principals: t.Sequence[IamPrincipal]) -> str:
        text = str(self._user.get("verify_role_arn") or "").strip()
        if not text:
            return ""
        option, principal = f"{self._option}.verify_role_arn", self._principal(text, "verify_role_arn")
        if principal.kind != "role":
            raise InputError(f"{option}: {quoted(text)} is an IAM user, which cannot be assumed. Use a role.")
        if principals and principal not in principals:
            raise InputError(f"{option}: {quoted(text)} is not one of the principals. Use one of them.")
        return text

    def _check_combination(self, request: UserRequest) -> None:
        option = self._option
        if request.replaces == request.name:
            raise InputError(
                f"{option}.replaces: the user cannot replace itself. Use strategy in_place, or another name."
            )
        if request.replaces and request.strategy == IN_PLACE:
            raise InputError(f"{option}.replaces: it is invalid with strategy in_place. Remove one of them.")
        if request.replaces and request.grants:
            raise InputError(
                f"{option}.grants: it is invalid with replaces, because the user gets the rights of the replaced "
                "user. Remove it."
            )
        if request.close_replaced and (not request.replaces or request.absent):
            raise InputError(
                f"{option}.close_replaced: it requires replaces and the state present. Set both, or remove "
                "close_replaced."
            )
        if self._protocol == MYSQL:
            self._check_privileges(request)

    def _check_privileges(self, request: UserRequest) -> None:
        for text in request.grants:
            if _PRIVILEGES.fullmatch(text) is None:
                raise InputError(
                    f"{self._option}.grants: {quoted(text)} is not a list of privileges on tables. Use "
                    "DATABASE.*:SELECT or DATABASE.TABLE:SELECT,INSERT."
                )
