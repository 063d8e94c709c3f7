# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A server that accepts connections and never answers, over a real socket and in real time."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils import _module
from ansible_collections.passwordless.rds.plugins.module_utils._aws.session import client_config
from ansible_collections.passwordless.rds.plugins.module_utils._run import info
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

WAIT = 1

MODULES = {
    "rds_iam_auth": {"db_instance_identifier": "orders", "wait_timeout": WAIT},
    "rds_iam_auth_info": {},
    "rds_create_iam": {
        "db_instance_identifier": "orders",
        "engine": "mysql",
        "db_instance_class": "db.m6g.large",
        "allocated_storage": 20,
        "master_username": "admin",
        "wait_timeout": WAIT,
    },
    "rds_restore_iam": {
        "db_instance_identifier": "orders",
        "db_snapshot_identifier": "monday",
        "wait_timeout": WAIT,
    },
}
# The first requests time out at the deadline, so that none is sent again. The info module lists both kinds.
REQUESTS = {"rds_iam_auth_info": 2}


class SilentServer:
    """A server that accepts connections and never answers."""

    def __init__(self, server: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        self._server = server

    def requests(self) -> int:
        """Return the number of requests so far, each of which opened a connection of its own."""
        self._server.setblocking(False)
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._server.accept()[0].close()
                count += 1
        return count


@pytest.fixture
def silent():
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield SilentServer(server)


@pytest.fixture
def failing():
    """Return the address of a server that answers with HTTP 503 after three quarters of the deadline."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            time.sleep(0.75 * WAIT)
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_server_with_slow_errors_fails_at_deadline(failing, capsys):
    run = Runner("rds_iam_auth", failing, capsys)
    result = run.fails(**MODULES["rds_iam_auth"])
    assert "503" in result["msg"]
    # by default, botocore repeats the request four times
    assert "reached max retries: 4" not in result["msg"]


@pytest.mark.parametrize("module", MODULES)
def test_server_without_answer_fails_at_deadline(silent, capsys, monkeypatch, module):
    # the info module has no wait_timeout
    monkeypatch.setattr(info, "_TIMEOUT", float(WAIT))
    monkeypatch.setattr(_module, "_RETRY_SECONDS", WAIT)
    run = Runner(module, silent.url, capsys)
    began = time.monotonic()
    result = run.fails(**MODULES[module])
    assert time.monotonic() - began >= WAIT
    assert "ReadTimeoutError" in result["msg"]
    assert silent.requests() == REQUESTS.get(module, 1)


def test_server_without_answer_aws_config_takes_precedence(silent, capsys):
    run = Runner("rds_iam_auth", silent.url, capsys)
    began = time.monotonic()
    result = run.fails(db_instance_identifier="orders", wait_timeout=WAIT, aws_config={"read_timeout": 3 * WAIT})
    assert time.monotonic() - began >= 3 * WAIT
    assert "ReadTimeoutError" in result["msg"]
    assert silent.requests() == 1


@pytest.mark.parametrize(
    ("seconds", "connect", "read"), [(1, 1, 1), (5, 5, 5), (20, 10, 20), (1800, 10, 30), (604800, 10, 30)]
)
def test_timeouts_stay_within_wait_timeout(seconds, connect, read):
    config = client_config(seconds)
    assert (config["connect_timeout"], config["read_timeout"]) == (connect, read)
