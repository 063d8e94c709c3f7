# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A small HTTP/1.1 server with keep-alive.

werkzeug's server closes the connection after every response, and then waits 10 ms for further data.
"""

from __future__ import annotations

import contextlib
import io
import socket
import socketserver
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from .responses import Cut

_Application = Callable[..., Iterable[bytes]]


class HttpServer(socketserver.ThreadingTCPServer):
    """Serve a WSGI application, with one thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    # A burst of clients must not get "connection refused".
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], application: _Application) -> None:
        super().__init__(address, _Handler)
        self.application = application
        self._connections: set[socket.socket] = set()

    def opened(self, connection: socket.socket) -> None:
        """Record a connection, so that ``close_all`` can close it."""
        self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Remove the record of a connection."""
        self._connections.discard(connection)

    def close_all(self) -> None:
        """Close the connections that clients keep alive."""
        for connection in list(self._connections):
            close(connection)


def close(connection: socket.socket) -> None:
    """Close a connection immediately, in both directions."""
    with contextlib.suppress(OSError):  # the client has already closed it
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The response is sent in one piece, without delay: otherwise Nagle's algorithm and delayed ACK cost 40 ms.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: HttpServer

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _environ(self) -> dict[str, Any]:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "QUERY_STRING": url.query,
            "RAW_URI": self.path,
            "REQUEST_URI": self.path,
            "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "CONTENT_LENGTH": str(length),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.rfile.read(length)),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key != "CONTENT_LENGTH":
                environ[f"HTTP_{key}"] = value
        return environ

    def _serve(self) -> None:
        if self.headers.get("Transfer-Encoding"):
            self.send_error(411)
            return
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_unused: Any) -> None:
            started[:] = [status, headers]

        try:
            chunks = self.server.application(self._environ(), start_response)
            body = b"".join(chunks)
        except Cut:
            self.close_connection = True
            close(self.connection)
            return
        self._send(started[0], started[1], body)

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _space, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in headers:
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing, because the journal contains the calls."""
