# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import AccountFacts
from ansible_collections.passwordless.rds.plugins.module_utils._rules.account_host import accepts_host, client_host


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Access denied for user 'app'@'10.0.0.1' (using password: YES)", "10.0.0.1"),
        ("Access denied for user 'o'brien'@'host.example' (using password: YES)", "host.example"),
        ("Host '10.0.0.1' is not allowed to connect to this MySQL server", "10.0.0.1"),
        ("Host '10.0.0.1' is blocked because of many connection errors", "10.0.0.1"),
        ("Access denied for user 'app'. Account is locked.", None),
    ],
)
def test_client_host_reads_answer(text, expected):
    assert client_host(text) == expected


@pytest.mark.parametrize(
    ("hosts", "host", "expected"),
    [
        (("%",), "10.0.0.1", True),
        (("10.0.0.%",), "10.0.0.1", True),
        (("10.0.0._",), "10.0.0.12", False),
        (("192.0.2.1", "10.%"), "10.0.0.1", True),
        (("10.0.0.0/255.255.255.0",), "10.0.0.7", True),
        (("10.0.0.0/24",), "10.0.1.7", False),
        (("10.0.0.1/24",), "10.0.0.1", False),
        (("%.example",), "DB.Example", True),
        (("localhost",), "127.0.0.1", False),
        (("10.%",), "client.example", None),
        (("10.0.0.0/24",), "client.example", None),
        (("localhost",), "client.example", False),
        (("a.b",), "axb", False),
        (None, "10.0.0.1", None),
        (("%",), None, None),
    ],
)
def test_accepts_host_matches_as_server_does(hosts, host, expected):
    assert accepts_host(AccountFacts(exists=True, hosts=hosts), host) is expected
