# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the control plane needs to know about the data of databases that accept logins, and about their listeners."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class DataImage(Protocol):
    """The data of a database at one time, for snapshots and retained backups. Only the package ``login`` reads it."""


class DatabaseData(Protocol):
    """The users and tables of a database."""

    def image(self) -> DataImage:
        """Return the data as they are now."""

    def set_master_password(self, password: str) -> None:
        """Change the password of the master user."""

    def use_tokens_for_master(self) -> None:
        """Make the master user log in with tokens."""


class LoginService(Protocol):
    """The listeners and servers of a simulator."""

    def refresh(self) -> None:
        """Let listeners and servers follow the databases."""

    def failure(self, databases: Collection[object]) -> str | None:
        """Return why an endpoint of these databases has no listener, or None if all have one."""

    def close(self) -> None:
        """Stop all listeners and servers, and remove their data."""
