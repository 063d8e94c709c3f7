# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Match the host part of a MySQL or MariaDB account with the host of a client.

Source: MySQL 8.4 Reference Manual, "Specifying Account Names", and MariaDB, "CREATE USER", account names.

This is private to the collection.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._model.login import AccountFacts

_CLIENTS = (
    re.compile(r"Access denied for user '.*'@'([^']+)'"),
    re.compile(r"Host '([^']+)' is (?:not allowed to connect|blocked)"),
)
_ANY = {"%": ".*", "_": "."}


def client_host(text: str) -> str | None:
    """Return the host of the client in an answer of the server, or None."""
    found = [match.group(1) for match in (pattern.search(text) for pattern in _CLIENTS) if match]
    return found[0] if found else None


def accepts_host(account: AccountFacts, host: str | None) -> bool | None:
    """Return whether the server accepts a user from a host, or None if that is not known."""
    if host is None or account.hosts is None:
        return None
    found = [_matches(pattern.lower(), host.lower()) for pattern in account.hosts]
    return True if True in found else (None if None in found else False)


def _matches(pattern: str, host: str) -> bool | None:
    """Return None for a pattern of addresses if the server shows the name of the host."""
    if "/" in pattern:
        return _is_in_network(pattern, host)
    expression = "".join(_ANY.get(character, re.escape(character)) for character in pattern)
    if re.fullmatch(expression, host):
        return True
    return None if _address(host) is None and pattern[:1].isdigit() else False


def _is_in_network(pattern: str, host: str) -> bool | None:
    address = _address(host)
    if address is None:
        return None
    try:
        return address in ipaddress.ip_network(pattern)
    except ValueError:
        return False


def _address(host: str) -> t.Any:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
