# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Start the process of a database server on a free port, and wait until it accepts statements."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from .server_type import ServerError

_ATTEMPTS = 5

Process = subprocess.Popen[bytes]


def start_on_free_port(
    log: Path,
    launch: Callable[[int], Process],
    is_ready: Callable[[Process, int], bool],
    error: type[ServerError],
    name: str,
) -> tuple[Process, int]:
    """Return the process and its port. Another process can take the port after it was chosen, so this is repeated.

    Raise the error, with the end of the log, if the server does not start.
    """
    failure = ""
    for _unused in range(_ATTEMPTS):
        port = _free_port()
        process = launch(port)
        if is_ready(process, port):
            return process, port
        failure = log.read_text(errors="replace")[-2000:]
        if "Address already in use" not in failure:
            break
    raise error(f"{name}: did not start: {failure}")


def wait_until_ready(
    process: Process, probe: Callable[[], object], *, seconds: float, pause: float, error: type[ServerError], name: str
) -> bool:
    """Return whether the server accepts the probe; False if it ended. Kill it and raise the error after the time."""
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        with contextlib.suppress(OSError):
            probe()
            return True
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise error(f"{name}: did not accept connections within {seconds:.0f} seconds")
        time.sleep(pause)
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
