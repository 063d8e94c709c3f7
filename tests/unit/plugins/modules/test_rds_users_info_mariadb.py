# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""``rds_users_info`` against a real MariaDB server, with accounts for several hosts and several methods."""

from __future__ import annotations

import copy
import pathlib

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._database import mysql_users
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_fleet import (
    MASTER,
    MASTER_PASSWORD,
    MYSQL_SEED,
    LoginFleet,
)
from rds_simulator import Simulator
from rds_simulator.requirements import missing_for_mariadb

_MISSING = missing_for_mariadb()
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"MariaDB logins are not installed: {', '.join(_MISSING)}")

ROLE = pathlib.Path(__file__).parents[4] / "roles" / "database_users" / "vars" / "main.yml"
PASSWORD = "user-password-1"
TOKEN = "IDENTIFIED VIA AWSAuthenticationPlugin AS 'RDS'"
NATIVE = f"mysql_native_password USING PASSWORD('{PASSWORD}')"

# account -> how it is created, its authentication, plugins and TLS requirement
ACCOUNTS = {
    ("two", "%"): (f"IDENTIFIED VIA {NATIVE}", "password", ["mysql_native_password"], "none"),
    ("Two", "%"): (f"IDENTIFIED VIA {NATIVE}", "password", ["mysql_native_password"], "none"),
    ("two", "10.%"): (f"{TOKEN} REQUIRE SSL", "iam", ["AWSAuthenticationPlugin"], "any"),
    ("either", "%"): (
        f"{TOKEN} OR {NATIVE} REQUIRE X509",
        "password",
        ["AWSAuthenticationPlugin", "mysql_native_password"],
        "x509",
    ),
    ("local", "localhost"): ("IDENTIFIED VIA unix_socket", "none", ["unix_socket"], "none"),
    ("local_or", "%"): (
        f"IDENTIFIED VIA unix_socket OR {NATIVE}",
        "password",
        ["unix_socket", "mysql_native_password"],
        "none",
    ),
    ("open", "%"): ("", "password", ["mysql_native_password"], "none"),
    ("", "localhost"): (f"IDENTIFIED BY '{PASSWORD}'", "password", ["mysql_native_password"], "none"),
    ("locked", "%"): (f"IDENTIFIED BY '{PASSWORD}' ACCOUNT LOCK", "none", ["mysql_native_password"], "none"),
    ("stale", "%"): (f"IDENTIFIED BY '{PASSWORD}' PASSWORD EXPIRE", "password", ["mysql_native_password"], "none"),
    ("subject", "%"): (f"{TOKEN} REQUIRE SUBJECT '/CN=a'", "iam", ["AWSAuthenticationPlugin"], "specified"),
    ("App", "%"): (f"IDENTIFIED BY '{PASSWORD}'", "password", ["mysql_native_password"], "none"),
    ("o'brien\"`", "10.0.0.0/255.0.0.0"): (TOKEN, "iam", ["AWSAuthenticationPlugin"], "none"),
    ("é 100%", "%"): (f"IDENTIFIED BY '{PASSWORD}'", "password", ["mysql_native_password"], "none"),
}
# accounts of the seed
SEEDED = {
    ("admin", "%"): "password",
    ("app", "%"): "iam",
    ("plain", "%"): "password",
    ("distant", "10.%"): "iam",
    ("readers", ""): "none",
}


def quoted(user, host):
    return "`{}`@`{}`".format(user.replace("`", "``"), host)


@pytest.fixture(scope="module")
def simulator():
    with Simulator(speed=1.0) as running:
        running.seed(copy.deepcopy(MYSQL_SEED))
        fleet = LoginFleet(running, "instance", "mysql")
        with fleet.undo, fleet.connect(MASTER["mysql"], MASTER_PASSWORD) as connection, connection.cursor() as cursor:
            for account, (how, *_expected) in ACCOUNTS.items():
                cursor.execute(f"CREATE USER {quoted(*account)} {how}")
            cursor.execute("CREATE ROLE readers")
            cursor.execute(f"CREATE USER auditor IDENTIFIED BY '{PASSWORD}'")
            cursor.execute("GRANT SELECT ON mysql.global_priv TO auditor")
        yield running


@pytest.fixture
def fleet(simulator):
    fleet = LoginFleet(simulator, "instance", "mysql")
    fleet.options.update(username=MASTER["mysql"], password=MASTER_PASSWORD)
    with fleet.undo:
        yield fleet


@pytest.fixture
def run(fleet, capsys):
    """Return a function that runs the module, and makes sure that no secret is in the output."""
    runner = Runner("rds_users_info", fleet.simulator.url, capsys)

    def run(**options):
        found = runner(**{"session_token": None, **fleet.options, **options})
        for secret in ("X-Amz-Signature", fleet.caller["secret_key"], MASTER_PASSWORD, PASSWORD):
            assert secret not in runner.output
        assert not found.get("changed")
        return found

    return run


def by_account(result):
    assert not result.get("failed"), result["msg"]
    return {(user["user"], user["host"]): user for user in result["users"]}


def repeatable(result):
    """Return a result without the values that differ between two equal runs.

    The server can still show the session of the run before.
    """
    kept = {name: value for name, value in result.items() if name not in ("invocation", "warnings", "deprecations")}
    return {**kept, "users": [{**user, "sessions": None} for user in result["users"]]}


def test_users_check_mode_and_second_run_return_the_same(fleet, run):
    first = run()
    assert "MariaDB" in first["server_version"]
    assert repeatable(run(check=True)) == repeatable(first)
    assert repeatable(run()) == repeatable(first)


def test_users_authentication_of_each_account(run):
    users = by_account(run())
    for account, (_how, authentication, plugins, tls) in ACCOUNTS.items():
        user = users[account]
        found = (user["authentication"], user["granted"]["plugins"], user["granted"]["tls"])
        assert found == (authentication, plugins, tls), account
    assert {account: users[account]["authentication"] for account in SEEDED} == SEEDED
    assert {account for account, user in users.items() if user["is_master"]} == {("admin", "%")}
    assert {account[0] for account, user in users.items() if user["is_system"]} == {"rdsadmin", "mariadb.sys"}


def test_users_facts_of_accounts(run):
    found = run()
    users = by_account(found)
    own = [user["authentication"] for user in users.values() if not user["is_system"]]
    assert found["summary"]["password_users"] == own.count("password")
    assert {account for account, user in users.items() if user["is_role"]} == {("readers", "")}
    assert {account[0] for account, user in users.items() if user["locked"]} == {"locked", "mariadb.sys"}
    assert users["stale", "%"]["password_expired"]
    assert not users["locked", "%"]["can_login"]
    assert "has no password" in users["open", "%"]["notes"][0]
    assert "as well as with a token" in users["either", "%"]["notes"][0]
    assert "anonymous" in users["", "localhost"]["notes"][0]
    assert (users["two", "%"]["login_count"], users["two", "%"]["login_count_since"]) == (None, None)
    assert any("Performance Schema is disabled" in note for note in found["notes"])


def test_users_password_hashes_stay_on_the_server(monkeypatch, run):
    received = []
    query = mysql_users.query_rows

    def recorded(connection, *query_and_parameters):
        rows = query(connection, *query_and_parameters)
        received.extend(rows)
        return rows

    monkeypatch.setattr(mysql_users, "query_rows", recorded)
    users = by_account(run())
    assert len(received) > len(users)
    documents = [row[2] for row in received if len(row) == 3]
    assert len(documents) == len(users)
    assert sum('"authentication_string":"set"' in document for document in documents) > len(ACCOUNTS) / 2
    assert [document for document in documents if "*" in document] == []  # hashes begin with an asterisk


def test_users_sessions_are_those_of_the_user_name(fleet, run):
    with fleet.connect("two", PASSWORD):
        users = by_account(run())
    assert [users[account]["sessions"] for account in (("two", "%"), ("two", "10.%"))] == [1, 1]
    assert users["admin", "%"]["sessions"] == 0


def test_users_sessions_of_similar_names_are_counted_apart(fleet, run):
    with fleet.connect("two", PASSWORD), fleet.connect("Two", PASSWORD), fleet.connect("Two", PASSWORD):
        users = by_account(run())
        with fleet.connect(MASTER["mysql"], MASTER_PASSWORD) as connection, connection.cursor() as cursor:
            cursor.execute(yaml.safe_load(ROLE.read_text())["_database_users_mysql_facts"][2])
            by_role = dict(cursor.fetchall())
    assert [users[account]["sessions"] for account in (("two", "%"), ("Two", "%"))] == [1, 2]
    assert (by_role["two"], by_role["Two"]) == (1, 2)


def test_users_without_process_privilege_have_no_sessions(run):
    as_master = run()
    found = run(username="auditor", password=PASSWORD)
    assert {user["sessions"] for user in found["users"]} == {None}
    assert any("PROCESS" in note for note in found["notes"])
    kept = [{**user, "sessions": None} for user in as_master["users"]]
    assert found["users"] == kept


def test_users_info_missing_privilege_is_named(run):
    found = run(username="plain", password="plain-password-1")
    assert found["failed"]
    assert found["msg"].startswith("username: 'plain' may not read the users of orders.c9")
    assert "SELECT command denied to user 'plain'" in found["msg"]
    assert found["msg"].endswith("Grant it SELECT on mysql.global_priv, or use the master user.")
    assert run(username="plain", password="plain-password-1", check=True)["msg"] == found["msg"]


def test_users_administrator_with_token_reads_the_same(fleet, run):
    as_master = by_account(run())
    fleet.run_sql("GRANT SELECT, PROCESS ON *.* TO app", "REVOKE SELECT, PROCESS ON *.* FROM app")
    assert by_account(run(username="app", password=None)) == as_master


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({"password": "wrong-password-1"}, "Check the user name, the password and the connection options."),
        (
            {"password": None},
            "requires rds-db:connect. Run passwordless.rds.rds_login_check with the same options to find the cause.",
        ),
    ],
)
def test_users_failed_login_is_explained(run, options, remedy):
    found = run(**options)
    assert found["failed"]
    assert "Access denied for user 'admin'" in found["msg"]
    assert found["msg"].endswith(remedy)
    assert "wrong-password-1" not in str(found)
