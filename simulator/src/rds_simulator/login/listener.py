# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A listener of an endpoint, which serves each connection in a task of its own."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)
_BACKLOG = 1024
# errors of one connection, after which the next can be accepted at once
_ABORTED = (errno.ECONNABORTED, errno.EPROTO)


class Listener(ABC):
    """Accepts connections until it is stopped."""

    def __init__(self) -> None:
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Listen, and return the address. Port 0 selects a free port."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        listener.setblocking(False)
        self._listener = listener
        self._spawn(self._accept(listener))
        address = listener.getsockname()
        return address[0], address[1]

    async def stop(self) -> None:
        """Stop listening, and close all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._listener:
            self._listener.close()
            self._listener = None

    @abstractmethod
    async def _serve(self, sock: socket.socket, host: str) -> None:
        """Serve one connection from a host. No error leaves this method."""

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)  # asyncio itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(listener)
            except OSError as error:
                if error.errno not in _ABORTED:
                    _log.warning("cannot accept connections: %s", error.strerror)
                    await asyncio.sleep(0.1)
                continue
            if _prepare(sock):
                self._spawn(self._serve(sock, address[0]))


def _prepare(sock: socket.socket) -> bool:
    """Set the options of a connection. Close it and return False if the client has already reset it."""
    try:
        sock.setblocking(False)
        # asyncio sets it only on sockets whose protocol is named. Otherwise, each login waits 40 ms for an ACK.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        _log.info("connection closed: %s", type(error).__name__)
        sock.close()
        return False
    return True
