# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The journal of all calls."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ..rules.permissions import Permission

_PASSWORDS = ("MasterUserPassword", "TdeCredentialPassword")


@dataclass
class Call:
    """One API call. ``error`` is the wire code of the response, ``cut``, or None.

    ``operation`` is the bare name for RDS, and ``service:Name`` for any other service. ``permissions`` are the actions
    that the call requires, with their resources. They are empty if the call is not valid.
    """

    operation: str
    parameters: dict[str, Any] = field(repr=False)
    region: str
    account: str
    at: datetime
    error: str | None = None
    permissions: tuple[Permission, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the call as a dictionary, without passwords, for the control API."""
        masked = {name: "***" for name in _PASSWORDS if name in self.parameters}
        return {**asdict(self), "parameters": {**self.parameters, **masked}}


class Journal:
    """The calls, in the order in which they were received."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._logins: list[Permission] = []

    def add(self, call: Call) -> Call:
        """Add a call. Its error is set when the call is answered."""
        with self._lock:
            self._calls.append(call)
        return call

    def calls(self) -> list[Call]:
        """Return a copy of the list."""
        with self._lock:
            return list(self._calls)

    def add_login(self, permission: Permission) -> None:
        """Add the permission that a login with a token requires."""
        with self._lock:
            self._logins.append(permission)

    def logins(self) -> list[Permission]:
        """Return a copy of the permissions that logins required."""
        with self._lock:
            return list(self._logins)

    def clear(self) -> None:
        """Remove all calls and logins."""
        with self._lock:
            self._calls.clear()
            self._logins.clear()
