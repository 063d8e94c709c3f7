# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Connections to hosts: several addresses, closed ports, and texts without secrets."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import network
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import POSTGRESQL, LoginFailed, LoginRequest

REQUEST = LoginRequest(POSTGRESQL, "h", 5432, "127.0.0.1", 1, "app", "secret", None, "/ca.pem", 2)


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield replace(REQUEST, connect_port=server.getsockname()[1])


@pytest.fixture
def closed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return replace(REQUEST, connect_port=port)


def test_is_reachable_tells_open_from_closed_ports(listening, closed):
    assert network.is_reachable(listening)
    assert not network.is_reachable(closed)


def test_connect_tries_each_address(listening, monkeypatch):
    monkeypatch.setattr(network, "resolve", lambda host, port: ["127.0.0.2", "127.0.0.1"])
    with network.connect(listening) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_connect_closed_port_raises_with_host_and_port(closed):
    with pytest.raises(LoginFailed, match=rf"127\.0\.0\.1, port {closed.connect_port} failed: .*refused"):
        network.connect(closed)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64, "a..b", "\udc80"])
def test_resolve_unknown_name_raises(host):
    with pytest.raises(LoginFailed, match="could not translate host name"):
        network.resolve(host, 5432)


def test_without_secrets_hides_password():
    request = replace(REQUEST, password="s3cret-w0rd")
    assert network.without_secrets("wrong: s3cret-w0rd", request) == "wrong: ********"
    assert len(network.without_secrets("x" * 5000, request)) == 2000
    assert network.without_secrets("text", replace(REQUEST, password="")) == "text"
