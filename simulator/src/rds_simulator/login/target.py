# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a front door has to know about its database, and what it asks the data plane to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

ACCESS_CHOICES = {
    "disabled_iam": ("password", "pam"),
    "missing_tls": ("no_entry", "rejects"),
    "kerberos_and_iam": ("pam", "token"),
}


@dataclass(frozen=True)
class AccessRules:
    """Switches for logins. AWS documents none of these cases.

    disabled_iam
        How a member of rds_iam logs in while IAM authentication is off: by ``password``, as every other user
        does, or not at all (``pam``): RDS asks for a password and answers "PAM authentication failed".
    missing_tls
        The answer to a member of rds_iam who connects without TLS while ``rds.force_ssl`` is 1: pg_hba.conf has
        ``no_entry`` or ``rejects`` the connection. While it is 0, pg_hba.conf rejects the connection.
    kerberos_and_iam
        The answer to a member of both rds_ad and rds_iam, which AWS does not allow: ``pam`` refuses every login,
        ``token`` accepts a token.
    storage_full_logins
        Logins succeed while the status is storage-full.
    """

    disabled_iam: str = "password"
    missing_tls: str = "no_entry"
    kerberos_and_iam: str = "pam"
    storage_full_logins: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError if a switch has an unknown value."""
        for name, choices in ACCESS_CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}: {getattr(self, name)!r}: must be one of {', '.join(choices)}")


@dataclass(frozen=True)
class LoginTarget:
    """A database at the time of a login.

    ``endpoints`` are the names that a token may be signed for, as "host:port". ``iam_enabled`` and ``force_ssl``
    are current values; pending values have no effect on logins. ``instance`` is the name of the DB instance behind the
    endpoint.
    """

    account: str
    region: str
    partition: str
    resource_id: str
    endpoints: frozenset[str]
    kind: str
    name: str
    engine: str
    status: str
    iam_enabled: bool
    force_ssl: bool
    is_reader: bool
    iam_auth_for_replication: bool = False
    rules: AccessRules = field(default_factory=AccessRules)
    instance: str = ""


class ServerUnavailable(Exception):
    """The database server behind a front door does not run and cannot be started."""


class LoginBackend(Protocol):
    """What a front door asks about its database. The data plane implements it for each endpoint."""

    def target(self) -> LoginTarget:
        """Return the current state of the database. It runs in a thread and may wait for the world's lock."""

    async def socket_path(self) -> str:
        """Return the Unix socket of the server, and start the server first if necessary.

        Raise ServerUnavailable if it does not start.
        """

    async def password_address(self) -> tuple[str, int]:
        """Return the TCP address to which password logins are passed through. Raise ServerUnavailable."""

    async def is_iam_member(self, user: str) -> bool:
        """Return whether the user is a member of rds_iam."""

    async def is_ad_member(self, user: str) -> bool:
        """Return whether the user is a member of rds_ad."""

    def check_token(self, user: str, token: str) -> None:
        """Return if the token is accepted; otherwise, raise TokenRefused. It runs in a thread."""
