# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What both database clients need: addresses of hosts, and texts without secrets.

This is private to the collection.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import typing as t

from .._model.login import LoginFailed, LoginRequest
from .._model.secrets import hide_secrets

# a hostile server can send an error text of any length
_LONGEST_TEXT = 2000


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host. Raises LoginFailed if the name cannot be resolved."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise LoginFailed(f'could not translate host name "{host}" to address: {error}') from None
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def connect(request: LoginRequest) -> socket.socket:
    """Return a TCP connection to the host. Raises LoginFailed if no address accepts one in time."""
    last: OSError | None = None
    for address in resolve(request.connect_host, request.connect_port):
        try:
            return socket.create_connection((address, request.connect_port), timeout=request.timeout)
        except OSError as error:
            last = error
    raise LoginFailed(f"connection to {request.connect_host}, port {request.connect_port} failed: {last}")


def is_reachable(request: LoginRequest) -> bool:
    """Return whether a TCP connection to the host is possible."""
    try:
        connect(request).close()
    except LoginFailed:
        return False
    return True


@contextlib.contextmanager
def time_limit(descriptor: int, seconds: float) -> t.Iterator[threading.Event]:
    """Shut a connection down if the block does not end in time, so that a server cannot hold the task.

    The event is set if the time is over: the client library may then report another error.
    """
    expired = threading.Event()
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        timer = threading.Timer(seconds, _shut_down, [connection, expired])
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()


def _shut_down(connection: socket.socket, expired: threading.Event) -> None:
    expired.set()
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def without_secrets(text: str, request: LoginRequest) -> str:
    """Return a text of a server or a client library without the password of the request, and with a limited length."""
    return hide_secrets(text.replace("\0", ""), [request.password] if request.password else [])[:_LONGEST_TEXT]
