# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How RDS for PostgreSQL and Aurora PostgreSQL answer a login, as a pure function of the database and the request.

The texts and SQLSTATEs are PostgreSQL's own (``auth.c``, ``postmaster.c``), as reported from RDS:

- a member of rds_iam without TLS, and any login to the database rdsadmin: "pg_hba.conf rejects connection"
  (rust-postgres issue 1108, node-postgres issue 1843, phppgadmin issue 130);
- others without TLS while ``rds.force_ssl`` is 1: "no pg_hba.conf entry" (dbeaver issue 21616);
- a refused token: "PAM authentication failed" with SQLSTATE 28000 (pgadmin4 issue 2929, warpgate issue 1906).

The RDS User Guide documents the parameter ``rds.iam_auth_for_replication``, and offers logical replication only. AWS
does not document the cases in ``AccessRules``, the text for refused replication connections, and which statuses accept
connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .target import LoginTarget

ADMINISTRATOR = "rdsadmin"

_NOT_LISTENING = frozenset({"creating", "deleting", "stopped", "failed", "restore-error", "insufficient-capacity"})
_NOT_LISTENING_PREFIXES = ("incompatible-", "inaccessible-encryption-credentials")
_STARTING = frozenset({"starting", "rebooting"})
_STOPPING = frozenset({"stopping"})


@dataclass(frozen=True)
class Refusal:
    """The FATAL error that ends a login."""

    sqlstate: str
    message: str


class LoginMethod(Enum):
    """How the front door authenticates a user."""

    PASSWORD = "password"
    """The server authenticates the user; the front door passes the messages through."""
    TOKEN = "token"
    """The front door asks for a token and checks it."""
    REFUSED_TOKEN = "refused token"
    """The front door asks for a token and refuses it, whatever it is."""


@dataclass(frozen=True)
class LoginRequest:
    """What a client asks for. ``replication`` is "" (none), "logical", or "physical"."""

    user: str
    database: str
    client_host: str
    is_tls: bool
    replication: str = ""
    is_iam_member: bool = False
    is_ad_member: bool = False


def accepts_connections(target: LoginTarget) -> bool:
    """Return whether the server listens in this status. It listens in unknown ones: most are changes in progress."""
    status = target.status
    if status == "storage-full":
        return target.rules.storage_full_logins
    return status not in _NOT_LISTENING and not status.startswith(_NOT_LISTENING_PREFIXES)


def startup_refusal(target: LoginTarget) -> Refusal | None:
    """Return the refusal of a server that starts or shuts down, or None if it is running."""
    if target.status in _STARTING:
        return Refusal("57P03", "the database system is starting up")
    if target.status in _STOPPING:
        return Refusal("57P03", "the database system is shutting down")
    return None


def pam_refusal(user: str) -> Refusal:
    """Return the answer to a token that is refused for any reason."""
    return Refusal("28000", f'PAM authentication failed for user "{user}"')


def decide_login(target: LoginTarget, request: LoginRequest) -> LoginMethod | Refusal:
    """Return how the user is authenticated, or why the connection is refused before that."""
    if ADMINISTRATOR in (request.user, request.database):
        return _rejects(request)
    if request.is_iam_member and (target.iam_enabled or target.rules.disabled_iam == "pam"):
        return _decide_member(target, request)
    if target.force_ssl and not request.is_tls:
        return _no_entry(request)
    if request.replication == "physical":
        return _no_replication_entry(request)
    return LoginMethod.PASSWORD


def _decide_member(target: LoginTarget, request: LoginRequest) -> LoginMethod | Refusal:
    if not request.is_tls:
        has_no_entry = target.force_ssl and target.rules.missing_tls == "no_entry"
        return _no_entry(request) if has_no_entry else _rejects(request)
    if request.replication and not (request.replication == "logical" and target.iam_auth_for_replication):
        return _no_replication_entry(request)
    if not target.iam_enabled or (request.is_ad_member and target.rules.kerberos_and_iam == "pam"):
        return LoginMethod.REFUSED_TOKEN
    return LoginMethod.TOKEN


def _encryption(request: LoginRequest) -> str:
    return "SSL encryption" if request.is_tls else "no encryption"


def _connection(request: LoginRequest) -> str:
    return f'host "{request.client_host}", user "{request.user}", database "{request.database}", {_encryption(request)}'


def _rejects(request: LoginRequest) -> Refusal:
    return Refusal("28000", f"pg_hba.conf rejects connection for {_connection(request)}")


def _no_entry(request: LoginRequest) -> Refusal:
    return Refusal("28000", f"no pg_hba.conf entry for {_connection(request)}")


def _no_replication_entry(request: LoginRequest) -> Refusal:
    return Refusal(
        "28000",
        f'no pg_hba.conf entry for replication connection from host "{request.client_host}", '
        f'user "{request.user}", {_encryption(request)}',
    )
