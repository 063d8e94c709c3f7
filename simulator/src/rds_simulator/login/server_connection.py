# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Connections from the front door to the server."""

from __future__ import annotations

import asyncio
import socket

from .negotiation import Stream

_RETRY_SECONDS = 0.01


async def open_tcp(host: str, port: int) -> Stream:
    """Connect to the TCP port of the server."""
    return Stream(*await asyncio.open_connection(host, port))


async def open_unix(path: str) -> Stream:
    """Connect to the Unix socket of the server. While its queue of connections is full, wait.

    asyncio cannot do this: it takes EAGAIN for a connection in progress, which is then never established.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        while not _connect(connection, path):
            await asyncio.sleep(_RETRY_SECONDS)
        return Stream(*await asyncio.open_unix_connection(sock=connection))
    except BaseException:
        connection.close()
        raise


def _connect(connection: socket.socket, path: str) -> bool:
    try:
        connection.connect(path)
    except BlockingIOError:
        return False
    return True
