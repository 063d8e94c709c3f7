# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Invalid options of ``rds_login_check``: each is refused with a clear message before a connection is opened."""

from __future__ import annotations

import pathlib

import botocore
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database import mysql, postgresql
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS, Runner

CA = str(pathlib.Path(botocore.__file__).parent / "cacert.pem")
SECRET = "admin-password-1"
ENDPOINT = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
HOST = {"db_instance_identifier": None, "login_host": ENDPOINT, "engine": "postgres"}
SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True},
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
        {"identifier": "twice", "engine": "postgres"},
        {"identifier": "archive", "engine": "oracle-ee"},
    ],
    "db_clusters": [{"identifier": "twice", "engine": "aurora-postgresql", "members": 1}],
}


@pytest.fixture
def check(sim, capsys, monkeypatch):
    """Return a function that runs the module, which must not open a connection to a database."""
    sim.seed(SEED)
    for server in (postgresql.PostgresqlServer, mysql.MysqlServer):
        for method in ("log_in", "account", "is_reachable"):
            monkeypatch.setattr(server, method, connection_opened)
    return make_check(sim, capsys)


def make_check(sim, capsys):
    runner = Runner("rds_login_check", sim.url, capsys)

    def run(**options):
        found = runner.fails(**{"db_instance_identifier": "orders", "username": "app", "ca_cert": CA, **options})
        for secret in (CREDENTIALS["secret_key"], SECRET, "X-Amz-Signature"):
            assert secret not in runner.output
        return found["msg"]

    return run


def connection_opened(self, request, *_more):
    raise AssertionError(f"a connection to {request.connect_host} was opened")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"db_instance_identifier": None}, "no database is named. Set one of them."),
        ({"db_instance_identifier": "  "}, "no database is named. Set one of them."),
        ({"db_cluster_identifier": "ledger"}, "the target must be named once. Set exactly one of them."),
        ({"login_host": ENDPOINT}, "login_host: db_instance_identifier or db_cluster_identifier is also set."),
        ({"engine": "postgres"}, "engine, login_port: valid only with login_host."),
        ({"login_port": 5432}, "engine, login_port: valid only with login_host."),
        ({**HOST, "engine": None}, "engine: it is required with login_host."),
        ({**HOST, "engine": "oracle-ee"}, "value of engine must be one of:"),
        ({**HOST, "login_host": "a\0b"}, "login_host: 'a\\x00b' contains a NUL character."),
        ({**HOST, "login_port": 0}, "login_port: 0: the value is out of range. Use 1 to 65535."),
        ({**HOST, "login_port": 65536}, "login_port: 65536: the value is out of range. Use 1 to 65535."),
        ({"connect_port": -1}, "connect_port: -1: the value is out of range. Use 1 to 65535."),
        ({"connect_port": "many"}, "connect_port"),
        ({"timeout": 0}, "timeout: 0: the value is out of range. Use 1 to 300 seconds."),
        ({"timeout": 301}, "timeout: 301: the value is out of range. Use 1 to 300 seconds."),
        ({"ca_cert": None}, "missing required arguments: ca_cert"),
        ({"ca_cert": " "}, "ca_cert: it is blank."),
        ({"ca_cert": "/a\0b"}, "contains a NUL character."),
        ({"username": None}, "missing required arguments: username"),
        ({"username": ""}, "username: '' is not the name of a database user."),
        ({"username": "a\0b"}, "username: 'a\\x00b' contains a NUL character"),
        ({"username": "a" * 64}, "has 64 bytes. PostgreSQL accepts 63 bytes."),
        ({**HOST, "username": "a" * 64}, "has 64 bytes. PostgreSQL accepts 63 bytes."),
        ({"username": "é" * 32}, "has 64 bytes. PostgreSQL accepts 63 bytes."),
        ({"db_instance_identifier": "shop", "username": "a" * 33}, "MySQL accepts 32 characters."),
        ({"admin_password": SECRET}, "admin_username: it is required with admin_password."),
        ({"admin_username": "root", "admin_password": f"{SECRET}\0"}, "admin_password: it contains a NUL character"),
        ({"admin_username": "a\0b"}, "admin_username: 'a\\x00b' contains a NUL character"),
        ({"admin_username": "a" * 64}, "admin_username: 'a"),
        ({"database": "a\0b"}, "database: 'a\\x00b' contains a NUL character."),
        ({"fail_on": "sometimes"}, "value of fail_on must be one of: any, never"),
        ({"db_instance_identifier": "no such"}, "'no such' is not a valid identifier of a DB instance."),
        ({"db_instance_identifier": "nowhere"}, "there is no such DB instance in Region eu-west-1."),
        ({"db_instance_identifier": "archive"}, "the engine oracle-ee has no such login."),
        ({"db_instance_identifier": "arn:aws:rds:us-east-1:123456789012:db:orders"}, "us-east-1"),
        ({"db_instance_identifier": "arn:aws:rds:eu-west-1:123456789012:cluster:orders"}, "cluster"),
        ({"region": None}, "region"),
        ({"region": "nowhere"}, "region: 'nowhere' is not an AWS Region."),
        ({"access_key": None, "secret_key": None}, "credentials"),
        ({**HOST, "access_key": None, "secret_key": None}, "credentials"),
    ],
)
def test_login_check_invalid_input_is_refused(check, options, message):
    assert message in check(**options)


def test_login_check_arn_of_another_account_is_refused(check):
    message = check(db_instance_identifier="arn:aws:rds:eu-west-1:999999999999:db:orders")
    assert message == (
        "db_instance_identifier: 'orders' is in account 999999999999, but the credentials belong to account "
        "123456789012. Use credentials of account 999999999999."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read on the host that runs the module (No such file or directory)."),
        (b"", "contains no certificate in PEM format."),
        (b"not a certificate", "contains no certificate in PEM format."),
        (b"\x00\xff" * 100, "contains no certificate in PEM format."),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "contains no certificate in PEM format."),
    ],
)
def test_login_check_invalid_ca_bundle_is_refused_before_any_call(sim, check, tmp_path, content, message):
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_bytes(content)
    sim.calls_clear()
    found = check(ca_cert=str(path))
    assert found.startswith(f"ca_cert: '{path}': the file ")
    assert message in found
    assert "truststore.pki.rds.amazonaws.com" in found
    assert sim.calls == []


def test_login_check_ca_bundle_that_is_a_folder_is_refused(check, tmp_path):
    assert f"ca_cert: '{tmp_path}': the file cannot be read" in check(ca_cert=str(tmp_path))


def test_login_check_instance_with_name_of_cluster_is_not_ambiguous(sim, check):
    """The option decides the kind. The connection shows that the endpoint of the instance was selected."""
    with pytest.raises(AssertionError, match=r"a connection to twice\.c9"):
        check(db_instance_identifier="twice")
    with pytest.raises(AssertionError, match=r"a connection to twice\.cluster-c9"):
        check(db_instance_identifier=None, db_cluster_identifier="twice")


@pytest.mark.parametrize(("server", "name", "library"), [(postgresql, "orders", "psycopg"), (mysql, "shop", "PyMySQL")])
def test_login_check_missing_library_is_named(sim, capsys, monkeypatch, server, name, library):
    sim.seed(SEED)
    monkeypatch.setattr(server, "IMPORT_ERROR", f"ImportError: No module named {library.lower()!r}")
    message = make_check(sim, capsys)(db_instance_identifier=name)
    assert f"Failed to import the required Python library ({library})" in message


@pytest.mark.parametrize("version", [(1, 1, 1, "final", 1), (0, 10, 1, "final", 1)])
def test_login_check_old_pymysql_is_refused(sim, capsys, monkeypatch, version):
    pymysql = pytest.importorskip("pymysql")
    sim.seed(SEED)
    monkeypatch.setattr(pymysql, "VERSION", version)
    monkeypatch.setattr(pymysql, "__version__", ".".join(map(str, version[:3])))
    message = make_check(sim, capsys)(db_instance_identifier="shop")
    assert message.startswith(f"PyMySQL: version {pymysql.__version__} may send a token without TLS.")
    assert message.endswith("Install PyMySQL 1.2 or later.")
