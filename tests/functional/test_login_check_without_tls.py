# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""``rds_login_check`` and a server that does not offer TLS, but asks for the token: the token is not sent."""

from __future__ import annotations

import pathlib

import botocore
import pytest
from ansible_collections.passwordless.rds.tests.functional import servers_without_tls
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS

CA = pathlib.Path(botocore.__file__).parent / "cacert.pem"


@pytest.mark.parametrize(
    ("engine", "driver", "talk"),
    [
        ("postgres", "psycopg", servers_without_tls.postgresql),
        pytest.param("aurora-mysql", "pymysql", servers_without_tls.mysql, marks=pytest.mark.slow),
        ("mariadb", "pymysql", servers_without_tls.mysql),
    ],
)
def test_login_check_sends_no_token_without_tls(ansible, engine, driver, talk):
    pytest.importorskip(driver)
    host = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
    with servers_without_tls.Recorder(talk) as recorder:
        ran = ansible.adhoc(
            "passwordless.rds.rds_login_check",
            f"login_host={host} engine={engine} connect_host=127.0.0.1 connect_port={recorder.port} username=app "
            f"ca_cert={CA} region={KEYS['AWS_REGION']} fail_on=never",
        )
    assert ran.code == 0, ran.output
    (task,) = ran.tasks
    assert (task.result["logged_in"], task.result["tls"]) == (False, None)
    # the simulator has no such endpoint, which has to be corrected first
    assert task.result["cause"] in ("not_an_endpoint", "tls_unavailable"), task.result
    assert recorder.connections
    for part in (b"X-Amz-", b"Action=connect", KEYS["AWS_ACCESS_KEY_ID"].encode()):
        assert part not in recorder.received
