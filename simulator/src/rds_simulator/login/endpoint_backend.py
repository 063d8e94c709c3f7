# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the front door of one endpoint asks, answered from the world and the server of the database."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from .access import accepts_connections
from .endpoints import Endpoint, login_target, server_parameters, volume_of
from .postgres.binaries import PostgresError
from .postgres.server import PostgresServer
from .postgres.volume import PostgresVolume
from .target import LoginTarget, ServerUnavailable
from .token_check import TokenCheck
from .users import is_member

if TYPE_CHECKING:
    from ..state.world import World
_log = logging.getLogger(__name__)


class EndpointBackend:
    """The ``LoginBackend`` of an endpoint of a PostgreSQL database."""

    def __init__(self, world: World, endpoint: Endpoint, tokens: TokenCheck) -> None:
        self._world = world
        self._endpoint = endpoint
        self._tokens = tokens

    def target(self) -> LoginTarget:
        """Return the current state of the database."""
        self._world.clock.settle()
        with self._world.lock:
            return login_target(self._endpoint, self._world.settings)

    async def socket_path(self) -> str:
        """Return the Unix socket of the server, and start the server first if necessary."""
        return str((await self._server()).socket)

    async def password_address(self) -> tuple[str, int]:
        """Return the TCP address on which the server checks passwords."""
        return "127.0.0.1", (await self._server()).port

    async def is_iam_member(self, user: str) -> bool:
        """Return whether the user is a member of rds_iam, as the setting ``iam_membership`` defines it."""
        any_membership = self._world.settings.iam_membership == "any"
        return await self._query_membership(is_member(user, "rds_iam", any_membership=any_membership))

    async def is_ad_member(self, user: str) -> bool:
        """Return whether the user is a member of rds_ad."""
        return await self._query_membership(is_member(user, "rds_ad"))

    def check_token(self, user: str, token: str) -> None:
        """Return if the token is accepted; otherwise, raise TokenRefused."""
        self._tokens.check(self.target(), user, token)

    async def _query_membership(self, statement: str) -> bool:
        server = await self._server()
        try:
            return await asyncio.to_thread(server.admin.query, statement) == [("t",)]
        except (OSError, PostgresError) as error:
            _log.error("the server of %s does not answer: %s", self._endpoint.owner.name, error)
            raise ServerUnavailable(str(error)) from None

    async def _server(self) -> PostgresServer:
        return await asyncio.to_thread(self._start)

    def _start(self) -> PostgresServer:
        with self._world.lock:
            owner = self._endpoint.owner
            volume, parameters = volume_of(owner), server_parameters(self._endpoint.home, owner)
            is_open = accepts_connections(login_target(self._endpoint, self._world.settings))
        if not is_open or not isinstance(volume, PostgresVolume):
            raise ServerUnavailable("the database does not accept logins")
        try:
            return volume.start(parameters)
        except (OSError, PostgresError) as error:
            # The client only learns that the server does not run.
            _log.error("the server of %s does not start: %s", owner.name, error)
            raise ServerUnavailable(str(error)) from None
