# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Logins that fail before the server has asked for a token: no endpoint yet, a role that AWS refuses, server errors."""

from __future__ import annotations

import contextlib
import getpass
import pathlib
import socket
import struct
import threading

import botocore
import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS, Runner
from botocore import credentials

CA = str(pathlib.Path(botocore.__file__).parent / "cacert.pem")
SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True},
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 1}],
}
HOST = {"login_host": "orders.c0ffee.eu-west-1.rds.amazonaws.com", "engine": "postgres"}


@pytest.fixture
def check(sim, capsys):
    """Return a function that runs the module."""
    sim.seed(SEED)
    runner = Runner("rds_login_check", sim.url, capsys)

    def run(**options):
        found = runner(**{"username": "app", "ca_cert": CA, "timeout": 5, **options})
        for secret in (CREDENTIALS["secret_key"], "X-Amz-Signature"):
            assert secret not in runner.output
        assert "Traceback" not in runner.output
        return found

    return run


@pytest.mark.parametrize(("kind", "name"), [("instance", "orders"), ("cluster", "ledger")])
@pytest.mark.parametrize("fail_on", ["any", "never"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_login_check_creating_database_is_not_available(sim, check, kind, name, fail_on, check_mode):
    record = sim.database(kind, name)
    record["DBInstanceStatus" if kind == "instance" else "Status"] = "creating"
    del record["Endpoint"]
    options = {f"db_{kind}_identifier": name, "fail_on": fail_on, "check": check_mode}
    first = check(**options)
    assert (first["cause"], first["endpoint"]) == ("database_not_available", None)
    assert first.get("failed", False) == (fail_on == "any")
    assert first["evidence"] == [
        {"witness": "rds", "available": True, "detail": f"{kind}/{name}: status creating, no endpoint yet"}
    ]
    assert first["remedy"].endswith("Its status is creating.")
    assert check(**options)["msg"] == first["msg"]


@pytest.fixture
def profile(sim, tmp_path, monkeypatch):
    """Return a function that writes a profile with a role, and returns the options that use it."""

    def write(**more):
        lines = [
            "[profile source]",
            f"aws_access_key_id = {CREDENTIALS['access_key']}",
            f"aws_secret_access_key = {CREDENTIALS['secret_key']}",
            "[profile role]",
            "role_arn = arn:aws:iam::123456789012:role/login",
            "source_profile = source",
            "region = eu-west-1",
            *(f"{name} = {value}" for name, value in more.items()),
        ]
        path = tmp_path / "config"
        path.write_text("\n".join(lines))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sim.url)
        return {"profile": "role", "access_key": None, "secret_key": None}

    return write


def set_prompt(monkeypatch, prompt):
    """Replace the prompt of botocore for an MFA code, which is a default of this method."""
    method = credentials.AssumeRoleProvider.__init__
    defaults = [prompt if value is getpass.getpass else value for value in method.__defaults__]
    assert prompt in defaults
    monkeypatch.setattr(method, "__defaults__", tuple(defaults))


@pytest.mark.parametrize("where", [{"db_instance_identifier": "orders"}, HOST], ids=["database", "host"])
def test_login_check_expired_source_of_role_is_named(sim, check, profile, where):
    message = "The security token included in the request is expired"
    sim.faults.add(operation="sts:AssumeRole", code="ExpiredToken", message=message, times=None)
    found = check(**where, **profile(), fail_on="never")
    assert found["cause"] == "credentials_expired", found
    assert message in found["evidence"][0]["detail"]
    sim.faults.clear()


@pytest.mark.parametrize("where", [{"db_instance_identifier": "orders"}, HOST], ids=["database", "host"])
def test_login_check_refused_mfa_code_is_reported(sim, check, profile, monkeypatch, where):
    set_prompt(monkeypatch, lambda prompt: "123456")
    message = "MultiFactorAuthentication failed with invalid MFA one time pass code."
    sim.faults.add(operation="sts:AssumeRole", code="ValidationError", message=message, times=None)
    found = check(**where, **profile(mfa_serial="arn:aws:iam::123456789012:mfa/deploy"))
    assert found["failed"]
    assert found["msg"].startswith(f"AssumeRole: {message}")
    sim.faults.clear()


def test_login_check_role_with_mfa_and_no_terminal_is_refused(check, profile, monkeypatch):
    def no_terminal(prompt):
        raise EOFError

    set_prompt(monkeypatch, no_terminal)
    found = check(**HOST, **profile(mfa_serial="arn:aws:iam::123456789012:mfa/deploy"))
    assert found["failed"]
    assert found["msg"].startswith("profile: its role requires an MFA code. Use session credentials")


@pytest.fixture
def mysql_error():
    """Return a function that starts a server which greets with an error, as MySQL does, and returns its port."""
    pytest.importorskip("pymysql")
    with contextlib.ExitStack() as stack:

        def serve(code, text):
            payload = b"\xff" + struct.pack("<H", code) + text.encode()
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            threading.Thread(target=_greet, args=[listener, payload], daemon=True).start()
            # close() alone does not wake a thread that waits in accept()
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            return listener.getsockname()[1]

        yield serve


def _greet(listener, payload):
    with contextlib.suppress(OSError):
        while True:
            connection, _unused = listener.accept()
            with connection:
                connection.sendall(struct.pack("<I", len(payload)) + payload)


# MySQL 8.4 Error Message Reference
@pytest.mark.parametrize(
    ("code", "text", "cause", "remedy"),
    [
        (
            1129,
            "Host '10.1.2.3' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
            "host_blocked",
            "Unblock 10.1.2.3 with ",
        ),
        (1053, "Server shutdown in progress", "database_not_available", "Its status is available."),
        (1130, "Host '10.1.2.3' is not allowed to connect to this MySQL server", "host_not_allowed", "for 10.1.2.3 or"),
        (1040, "Too many connections", "too_many_connections", "Close connections"),
    ],
)
def test_login_check_error_of_mysql_server_is_named(check, mysql_error, code, text, cause, remedy):
    port = mysql_error(code, text)
    where = {"db_instance_identifier": "shop", "connect_host": "127.0.0.1", "connect_port": port}
    found = check(**where, fail_on="never")
    assert found["cause"] == cause, found["evidence"]
    assert remedy in found["remedy"]
    assert text in found["evidence"][0]["detail"]
