# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Invalid options of ``rds_users_info``: each is refused with a clear message before a connection is opened."""

from __future__ import annotations

import pathlib

import botocore
import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.passwordless.rds.plugins.module_utils._database import (
    mysql,
    mysql_users,
    postgresql,
    postgresql_users,
)
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS, Runner

CA = str(pathlib.Path(botocore.__file__).parent / "cacert.pem")
SECRET = "admin-password-1"
ENDPOINT = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
HOST = {"db_instance_identifier": None, "login_host": ENDPOINT, "engine": "postgres"}
SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True},
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
        {"identifier": "archive", "engine": "oracle-ee"},
        {"identifier": "billing", "engine": "sqlserver-se"},
        {"identifier": "ibm", "engine": "db2-se"},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 1}],
}


@pytest.fixture
def users(sim, capsys):
    """Return a function that runs the module, which must fail without a secret in its output."""
    sim.seed(SEED)
    runner = Runner("rds_users_info", sim.url, capsys)

    def run(**options):
        plain = {"db_instance_identifier": "orders", "username": "postgres", "password": SECRET, "ca_cert": CA}
        found = runner.fails(**{**plain, **options})
        for secret in (CREDENTIALS["secret_key"], SECRET, "X-Amz-Signature"):
            assert secret not in runner.output
        return found["msg"]

    return run


@pytest.fixture
def no_connection(monkeypatch):
    def connection_opened(self, request):
        raise AssertionError(f"a connection to {request.connect_host} was opened")

    for reader in (postgresql_users.PostgresqlUserReader, mysql_users.MysqlUserReader):
        monkeypatch.setattr(reader, "users", connection_opened)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"db_instance_identifier": None}, "no database is named. Set one of them."),
        ({"db_cluster_identifier": "ledger"}, "the target must be named once. Set exactly one of them."),
        ({"login_host": ENDPOINT}, "login_host: db_instance_identifier or db_cluster_identifier is also set."),
        ({**HOST, "engine": None}, "engine: it is required with login_host."),
        ({**HOST, "engine": "oracle-ee"}, "value of engine must be one of:"),
        ({"db_instance_identifier": "archive"}, "instance/archive: the engine oracle-ee has no such login."),
        ({"db_instance_identifier": "billing"}, "instance/billing: the engine sqlserver-se has no such login."),
        ({"db_instance_identifier": "ibm"}, "instance/ibm: the engine db2-se has no such login."),
        ({"db_instance_identifier": "nowhere"}, "there is no such DB instance in Region eu-west-1."),
        ({"username": None}, "missing required arguments: username"),
        ({"username": " "}, "username: ' ' is not the name of a database user."),
        ({"username": "a\0b"}, "username: 'a\\x00b' contains a NUL character"),
        ({"password": f"{SECRET}\0x"}, "password: it contains a NUL character, or is not valid Unicode text."),
        ({"username": "a" * 64}, "has 64 bytes. PostgreSQL accepts 63 bytes."),
        ({"db_instance_identifier": "shop", "username": "a" * 33}, "MySQL accepts 32 characters."),
        ({"ca_cert": None}, "missing required arguments: ca_cert"),
        ({"ca_cert": "/no/such/bundle.pem"}, "ca_cert: '/no/such/bundle.pem': the file cannot be read"),
        ({"timeout": 301}, "timeout: 301: the value is out of range. Use 1 to 300 seconds."),
        ({"connect_port": 65536}, "connect_port: 65536: the value is out of range. Use 1 to 65535."),
        ({"connect_host": "a/b"}, "connect_host: 'a/b' is not a DNS name or an IP address."),
        ({"region": "nowhere"}, "region: 'nowhere' is not an AWS Region."),
        ({"password": None, "access_key": "ASIAIOSFODNN7EXAMPLE"}, "session_token: it is missing"),
    ],
)
@pytest.mark.usefixtures("no_connection")
def test_users_info_invalid_input_is_refused(users, options, message, check):
    assert message in users(**options, check=check)


@pytest.mark.parametrize(("library", "name"), [(postgresql, "orders"), (mysql, "shop")])
def test_users_info_missing_library_is_named(users, monkeypatch, library, name):
    monkeypatch.setattr(library, "IMPORT_ERROR", "ImportError: No module named 'driver'")
    assert "Failed to import the required Python library" in users(db_instance_identifier=name)


def test_users_info_unreachable_endpoint_is_named(users):
    message = users(connect_host="127.0.0.1", connect_port=1, timeout=2)
    assert message.startswith("username: 'postgres' cannot read the users of orders.c9")
    assert "refused" in message
    assert message.endswith("Check the user name, the password and the connection options.")


@pytest.mark.parametrize("password", ["postgres", "hunter-number-12"])
def test_users_info_password_is_hidden_and_words_are_kept(sim, capsys, monkeypatch, password):
    """A password that is an ordinary word is hidden as an argument, and the same word elsewhere stays readable."""
    sim.seed(SEED)
    logged = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: logged.append(f"{msg} {log_args}"))
    options = {"db_instance_identifier": "orders", "username": "postgres", "ca_cert": CA, "password": password}
    found = Runner("rds_users_info", sim.url, capsys).fails(**options, connect_host="127.0.0.1", connect_port=1)
    assert found["msg"].startswith("username: 'postgres' cannot read the users of")
    arguments = found["invocation"]["module_args"]
    assert (arguments["username"], arguments["password"]) == ("postgres", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")
    assert "hunter-number-12" not in str(found) + str(logged)
    assert not any(f"password={password}" in line or f"'password': '{password}'" in line for line in logged)
