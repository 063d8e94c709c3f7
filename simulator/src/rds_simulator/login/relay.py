# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The exchange of bytes between a client and a server after the login."""

from __future__ import annotations

import asyncio

from .negotiation import Stream

_CHUNK = 65_536


async def relay(client: Stream, server: Stream) -> None:
    """Copy bytes in both directions until one side closes its connection; then close the other."""
    await asyncio.gather(
        _copy(client.reader, server.writer), _copy(server.reader, client.writer), return_exceptions=True
    )


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
