# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The private socket on which AWSAuthenticationPlugin has its tokens checked.

The plugin sends the port that the connection comes from, and is told whether the connection uses TLS. Then it sends the
user and the token, and is told whether the token is accepted.
"""

from __future__ import annotations

import logging
import socketserver
import struct
import threading
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Protocol

from ..token import TokenRefused

_log = logging.getLogger(__name__)
_LONGEST = 65_536
_YES, _NO = b"y", b"n"


class TokenChecker(Protocol):
    """What checks the tokens of an endpoint."""

    def check_token(self, user: str, token: str) -> None:
        """Return if the token is accepted; otherwise, raise TokenRefused."""


@dataclass(frozen=True)
class Connection:
    """A connection from an endpoint to the server."""

    checker: TokenChecker
    is_tls: bool


class TokenSocket:
    """Listens on a Unix socket in the folder of a server, and knows the connections of all endpoints to the server."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connections: dict[int, Connection] = {}
        self._server = _Server(str(path), self)
        # The folder is private to the user of the servers, who has to be able to connect.
        path.chmod(0o666)
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="rds-tokens", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self.path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: str, tokens: TokenSocket) -> None:
        self.tokens = tokens
        super().__init__(path, _Handler)

    def handle_error(self, _request: object, _address: object) -> None:
        """Log nothing of the request, which holds a token."""
        _log.error("the check of a token ended with an error")


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60.0
    server: _Server

    def handle(self) -> None:
        """Answer one request. Whatever is incomplete or unknown is refused."""
        try:
            (port,) = struct.unpack("!I", _read(self.rfile, 4))
            connection = self.server.tokens.connections.get(port)
            if connection is None or not connection.is_tls:
                self.wfile.write(_NO)
                return
            self.wfile.write(_YES)
            user, token = _read_text(self.rfile), _read_text(self.rfile)
            self.wfile.write(_YES if _accepts(connection.checker, user, token) else _NO)
        except (OSError, EOFError) as error:
            _log.info("the check of a token was aborted: %s", type(error).__name__)


def _accepts(checker: TokenChecker, user: str, token: str) -> bool:
    """Return whether the token is accepted. A fault in the check accepts nothing."""
    try:
        checker.check_token(user, token)
    except TokenRefused as refused:
        _log.info("user %r refused: %s", user, refused.code)
        return False
    except Exception as error:
        _log.error("user %r refused after an internal error: %s", user, type(error).__name__)
        return False
    return True


def _read_text(stream: BufferedIOBase) -> str:
    (size,) = struct.unpack("!I", _read(stream, 4))
    if size > _LONGEST:
        raise EOFError("the text is too long")
    return _read(stream, size).decode("utf-8", "replace")


def _read(stream: BufferedIOBase, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the plugin closed the connection")
    return data
