# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data of a MariaDB database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..postgres.workspace import workspace
from ..volume import Image, Volume
from .installation import installation
from .server import MariadbServer, ServerState
from .users import set_password, use_tokens


class MariadbVolume(Volume[MariadbServer]):
    """The data of one MySQL, MariaDB or Aurora MySQL database, and its server."""

    def __init__(self, image: Image) -> None:
        super().__init__(image)
        self._pem = b""

    def serve(
        self, state: ServerState, parameters: Mapping[str, str], issue: Callable[[frozenset[str]], bytes]
    ) -> MariadbServer:
        """Return the running server, which follows the state; raise ServerError if it cannot be started.

        issue: returns a private key and a certificate for names. It is called for new names only.
        """
        with self._lock:
            followed = self._server.state if self._server is not None and self._server.running else None
            changed = followed is None or followed.names != state.names
            if changed:
                self._pem = issue(state.names)
            server = self.start(parameters)
            server.follow(state, self._pem if changed and followed is not None else None)
            return server

    def _open(self, folder: Path, parameters: Mapping[str, str]) -> MariadbServer:
        space = workspace()
        return MariadbServer(space, installation(space), folder, parameters, self._pem)

    def _template(self) -> Path:
        return installation(workspace()).template

    def _password_statements(self, user: str, password: str) -> list[str]:
        return set_password(user, password)

    def _token_statements(self, user: str) -> list[str]:
        return use_tokens(user)

    def _read_position(self) -> None:
        """Return None: grants are stored in Aria tables, whose changes no position of the server includes."""

    def _has_clients(self) -> bool:
        return True
