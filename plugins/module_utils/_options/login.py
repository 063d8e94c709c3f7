# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the options of a login: the database, the user, the administrator, and where to connect.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field, replace

from .._model.database import DatabaseId
from .._model.engines import ENGINES_WITH_IAM
from .._model.errors import InputError, quoted
from .database_user import check_user
from .identifiers import read_target

LOGIN_SPEC: dict[str, dict[str, t.Any]] = {
    "db_instance_identifier": {"type": "str"},
    "db_cluster_identifier": {"type": "str"},
    "login_host": {"type": "str"},
    "login_port": {"type": "int"},
    "engine": {"type": "str", "choices": list(ENGINES_WITH_IAM)},
    "connect_host": {"type": "str"},
    "connect_port": {"type": "int"},
    "database": {"type": "str"},
    "ca_cert": {"type": "path", "required": True},
    "timeout": {"type": "int", "default": 10},
}
_NAMES = ("db_instance_identifier", "db_cluster_identifier")
_LONGEST_TIMEOUT = 300
_LARGEST_PORT = 65535
_DNS_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")
_PRINCIPAL = re.compile(r"arn:[^:]+:iam::\d{12}:(role|user)/.+")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


@dataclass(frozen=True)
class Administrator:
    """The user who reads the account of the other one. Without a password, the administrator logs in with a token."""

    user: str
    password: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class LoginOptions:
    """The options of a login. Either ``database_id`` or ``host`` and ``engine`` are set. ``timeout`` is in seconds.

    ``password`` is the one of ``user``. Without it, the user logs in with a token.
    """

    user: str
    ca_cert: str
    timeout: int
    database_id: DatabaseId | None = None
    host: str | None = None
    port: int | None = None
    engine: str | None = None
    connect_host: str | None = None
    connect_port: int | None = None
    database: str | None = None
    password: str | None = field(repr=False, default=None)
    administrator: Administrator | None = None
    fail: bool = True
    simulate_principals: tuple[str, ...] = ()


def read_login_options(params: t.Mapping[str, t.Any], *, region: str) -> LoginOptions:
    """Return the checked options of a login check. Raises InputError for an invalid value or combination."""
    options = _read_options(params, region)
    return replace(
        options,
        administrator=_administrator(params, options.engine),
        fail=params["fail_on"] == "any",
        simulate_principals=_principals(params),
    )


def read_administrator_options(params: t.Mapping[str, t.Any], *, region: str) -> LoginOptions:
    """Return the checked options of a login as an administrator, who can have a password.

    Raises InputError for an invalid value or combination.
    """
    return replace(_read_options(params, region), password=_password(params, "password"))


def _read_options(params: t.Mapping[str, t.Any], region: str) -> LoginOptions:
    host = _host(params, "login_host")
    if host and any(_text(params, name) for name in _NAMES):
        raise InputError(
            "login_host: db_instance_identifier or db_cluster_identifier is also set. Either name the database or set "
            "the host."
        )
    engine = params["engine"]
    if host and not engine:
        raise InputError("engine: it is required with login_host. Set it to the engine of the database.")
    if not host and not any(_text(params, name) for name in _NAMES):
        raise InputError(
            "db_instance_identifier, db_cluster_identifier, login_host: no database is named. Set one of them."
        )
    if not host and (engine or params["login_port"] is not None):
        raise InputError("engine, login_port: valid only with login_host. Remove them.")
    return LoginOptions(
        user=check_user(params["username"], option="username", engine=engine),
        ca_cert=_ca_cert(params),
        timeout=_timeout(params["timeout"]),
        database_id=None if host else read_target(params, region=region),
        host=host.lower() if host else None,
        port=_port(params, "login_port"),
        engine=engine,
        connect_host=_host(params, "connect_host"),
        connect_port=_port(params, "connect_port"),
        database=_text(params, "database"),
    )


def _principals(params: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    """Return the ARNs of the principals to simulate. Raises InputError for another text."""
    option = "simulate_principals"
    found = [str(text).strip() for text in params.get(option) or () if str(text).strip()]
    for text in found:
        if _PRINCIPAL.fullmatch(text) is None:
            raise InputError(
                f"{option}: {quoted(text)} is not the ARN of an IAM role or user. Use arn:aws:iam::ACCOUNT:role/NAME "
                "or arn:aws:iam::ACCOUNT:user/NAME."
            )
    return tuple(dict.fromkeys(found))


def _text(params: t.Mapping[str, t.Any], option: str) -> str | None:
    text = (params[option] or "").strip()
    if "\0" in text:
        raise InputError(f"{option}: {quoted(text)} contains a NUL character. Remove it.")
    return text or None


def _host(params: t.Mapping[str, t.Any], option: str) -> str | None:
    """Return a DNS name or an IP address. The client libraries would read other texts as lists, sockets or URLs."""
    host = _text(params, option)
    is_address = option == "connect_host" and host is not None and _IPV6.fullmatch(host)
    if host is None or is_address or _DNS_NAME.fullmatch(host):
        return host
    what = "a DNS name or an IP address" if option == "connect_host" else "the DNS name of an endpoint"
    raise InputError(f"{option}: {quoted(host)} is not {what}. Set the port in a separate option.")


def _administrator(params: t.Mapping[str, t.Any], engine: str | None) -> Administrator | None:
    name, password = params["admin_username"] or "", _password(params, "admin_password")
    if not name.strip():
        if password:
            raise InputError("admin_username: it is required with admin_password. Set the name of the administrator.")
        return None
    return Administrator(check_user(name, option="admin_username", engine=engine), password)


def _password(params: t.Mapping[str, t.Any], option: str) -> str | None:
    """Return the password, or None for a blank. No message contains it."""
    password: str | None = params[option] or None
    try:
        is_text = password is None or ("\0" not in password and bool(password.encode()))
    except UnicodeEncodeError:
        is_text = False
    if not is_text:
        raise InputError(
            f"{option}: it contains a NUL character, or is not valid Unicode text. Use the password of the "
            "administrator."
        )
    return password


def _ca_cert(params: t.Mapping[str, t.Any]) -> str:
    path = _text(params, "ca_cert")
    if path is None:
        raise InputError("ca_cert: it is blank. Set the path of the CA bundle that verifies the server.")
    return path


def _port(params: t.Mapping[str, t.Any], option: str) -> int | None:
    port: int | None = params[option]
    if port is not None and not 0 < port <= _LARGEST_PORT:
        raise InputError(f"{option}: {port}: the value is out of range. Use 1 to {_LARGEST_PORT}.")
    return port


def _timeout(seconds: int) -> int:
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise InputError(f"timeout: {seconds}: the value is out of range. Use 1 to {_LONGEST_TIMEOUT} seconds.")
    return seconds
