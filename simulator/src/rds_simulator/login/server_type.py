# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the data of a database need to know about its server, whatever the engine is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class ServerError(Exception):
    """A database server could not be started, or returned an error message."""


class Accounts(Protocol):
    """The users and databases that a database starts with."""

    @property
    def master(self) -> str:
        """The name of the master user."""

    def with_password(self, password: str) -> Accounts:
        """Return the accounts with another password of the master user."""

    def statements(self) -> list[str]:
        """Return the statements that create everything in a copy of the template."""


class Server(Protocol):
    """A server that was started on a data directory."""

    @property
    def running(self) -> bool:
        """Whether the server process runs."""

    def run(self, statements: Sequence[str]) -> None:
        """Run statements as the administrator; raise ServerError, or OSError without a connection."""

    def stop(self) -> None:
        """End all sessions and stop."""

    def back_up(self, data: Path) -> None:
        """Write a copy of the data directory."""
