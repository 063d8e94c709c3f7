# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Connections from the front door to the server."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from pathlib import Path

import pytest
from rds_simulator.login.server_connection import open_unix


def test_open_unix_full_queue_waits_until_it_is_served() -> None:
    async def exchange(path: str, listener: socket.socket) -> list[bytes]:
        streams = [asyncio.ensure_future(open_unix(path)) for _unused in range(5)]
        await asyncio.sleep(0.1)
        assert not all(stream.done() for stream in streams)
        for number in range(5):
            accepted, _unused = await asyncio.to_thread(listener.accept)
            with accepted:
                accepted.sendall(b"%d" % number)
        answers = []
        for stream in await asyncio.gather(*streams):
            answers.append(await stream.reader.read())
            stream.writer.close()
        return answers

    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = str(Path(folder) / "socket")
        listener.bind(path)
        listener.listen(1)
        assert sorted(asyncio.run(exchange(path, listener))) == [b"0", b"1", b"2", b"3", b"4"]


def test_open_unix_without_server_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        asyncio.run(open_unix(str(tmp_path / "missing")))
