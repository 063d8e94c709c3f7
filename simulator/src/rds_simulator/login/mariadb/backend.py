# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the listener of one endpoint asks, answered from the world and the server of the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ...rules.refusals import parameter_value
from ..endpoints import Endpoint, endpoints_of, is_replica, login_target, server_parameters, volume_of
from ..server_type import ServerError
from ..target import LoginTarget, ServerUnavailable
from ..tls import CertificateAuthority
from ..token import TokenRefused
from ..token_check import TokenCheck
from .server import MariadbServer, ServerState
from .volume import MariadbVolume

if TYPE_CHECKING:
    from ...state.world import World

# The server has no lower limit.
_FEWEST_CONNECTIONS = 10


class MariadbBackend:
    """The ``DoorBackend`` of an endpoint of a MySQL, MariaDB or Aurora MySQL database."""

    def __init__(self, world: World, endpoint: Endpoint, tokens: TokenCheck, authority: CertificateAuthority) -> None:
        self._world = world
        self._endpoint = endpoint
        self._tokens = tokens
        self._authority = authority

    def target(self) -> LoginTarget:
        """Return the current state of the database."""
        self._world.clock.settle()
        with self._world.lock:
            return login_target(self._endpoint, self._world.settings)

    async def server(self) -> MariadbServer:
        """Return the server, which follows the database. Start it first if necessary."""
        return await asyncio.to_thread(self._serve)

    def check_token(self, user: str, token: str) -> None:
        """Return if the token is accepted; otherwise, raise TokenRefused."""
        target = self.target()
        if not target.iam_enabled:
            raise TokenRefused("InvalidToken", "IAM database authentication is off")
        self._tokens.check(target, user, token)

    def _serve(self) -> MariadbServer:
        with self._world.lock:
            owner = self._endpoint.owner
            volume, state = volume_of(owner), self._state()
            parameters = _parameters(server_parameters(self._endpoint.home, owner))
        if not isinstance(volume, MariadbVolume):
            raise ServerUnavailable("the database does not accept logins")
        try:
            return volume.serve(state, parameters, self._authority.certificate)
        except (OSError, ServerError) as error:
            raise ServerUnavailable(str(error)) from None

    def _state(self) -> ServerState:
        home, owner = self._endpoint.home, self._endpoint.owner
        target = login_target(self._endpoint, self._world.settings)
        return ServerState(
            iam_enabled=target.iam_enabled,
            names=frozenset(one.address for one in endpoints_of(home, owner) if one.address),
            require_secure_transport=parameter_value(home, owner, "require_secure_transport") in ("1", "ON"),
            read_only=is_replica(owner),
        )


def _parameters(given: dict[str, str]) -> dict[str, str]:
    limit = given.get("max_connections")
    return {"max-connections": str(max(int(limit), _FEWEST_CONNECTIONS))} if limit else {}
