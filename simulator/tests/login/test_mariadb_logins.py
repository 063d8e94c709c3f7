# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins to MySQL and MariaDB databases, behind which a real MariaDB runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from login.mariadb_logins import MASTER, MariadbLogins, needs_mariadb
from login.simulated_logins import MASTER_PASSWORD
from rds_simulator import Simulator

pytestmark = needs_mariadb
_LOGIN = {"login": True, "master_user_password": MASTER_PASSWORD, "iam_database_authentication_enabled": True}
_USERS = [
    {"name": "app", "iam": True, "grants": ["SELECT, INSERT ON sales.*"]},
    {"name": "plain", "password": "it's \\ plain", "grants": ["SELECT ON sales.*"]},
    {"name": "near", "host": "127.%", "password": "pw"},
    {"name": "far", "host": "10.%", "password": "pw"},
    {"name": "locked", "iam": True, "can_login": False},
    {"name": "o'brien", "iam": True},
    {"name": "open"},
]
FLEET: dict[str, Any] = {
    "db_parameter_groups": [
        {"name": "strict", "family": "mariadb10.11", "parameters": {"require_secure_transport": "1"}}
    ],
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "mariadb",
            "engine_version": "10.11.8",
            **_LOGIN,
            "users": _USERS,
            "databases": ["sales"],
            "extra": {"EnabledCloudwatchLogsExports": ["iam-db-auth-error"]},
        },
        {"identifier": "spare", "engine": "mysql", **_LOGIN},
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-mysql",
            "members": 2,
            **_LOGIN,
            "users": [{"name": "app", "iam": True}],
        }
    ],
}
DENIED = "1045: Access denied for user"


@pytest.fixture(scope="module")
def logins() -> Iterator[MariadbLogins]:
    with Simulator() as simulator:
        simulator.seed(FLEET)
        logins = MariadbLogins(simulator)
        logins.run_as_master("orders", "CREATE TABLE sales.items (name TEXT) SELECT 'bolt' AS name")
        yield logins


@pytest.fixture(scope="module")
def key(logins: MariadbLogins) -> dict[str, str]:
    """A caller who may log in to ``orders`` as any user, except ``forbidden``."""
    key = logins.add_caller("deploy")
    logins.allow("deploy", logins.resource_id("orders"), "*")
    logins.allow("deploy", logins.resource_id("orders"), "forbidden", effect="Deny", name="forbidden")
    return key


def test_seed_starts_no_server() -> None:
    with Simulator() as simulator:
        simulator.seed(FLEET)
        assert {(one["name"], one["port"]) for one in simulator.logins()} == {
            ("orders", 3306),
            ("spare", 3306),
            ("ledger", 3306),
            ("ledger-1", 3306),
            ("ledger-2", 3306),
        }
        backend = simulator.world.backend()
        assert not any(one.data.running for one in (*backend.instances, *backend.clusters) if one.data)


def test_token_logs_in_as_user_with_its_rights(logins: MariadbLogins, key: dict[str, str]) -> None:
    where = logins.where("orders")
    with logins.connect(where, "app", logins.token(key, where, "app")) as session, session.cursor() as cursor:
        cursor.execute("SELECT CURRENT_USER(), name FROM sales.items")
        assert cursor.fetchall() == (("app@%", "bolt"),)
        assert session._sock.version() == "TLSv1.3"
        for statement in ("DROP TABLE sales.items", "SELECT * FROM mysql.user", "CREATE USER x"):
            with pytest.raises(Exception, match="denied"):
                cursor.execute(statement)
    assert logins.run(where, "o'brien", logins.token(key, where, "o'brien"), "SELECT CURRENT_USER()") == [
        ("o'brien@%",)
    ]


@pytest.mark.parametrize(
    ("signed_for", "user"), [("reports", "app"), ("APP", "APP"), ("nobody", "nobody"), ("plain", "plain")]
)
def test_token_for_other_user_is_refused(
    logins: MariadbLogins, key: dict[str, str], signed_for: str, user: str
) -> None:
    where = logins.where("orders")
    assert logins.refused(where, user, logins.token(key, where, signed_for)).startswith(DENIED)


@pytest.mark.parametrize("change", [lambda text: text[:-1] + "~", lambda _: "", lambda text: text + "&x=" + "y" * 5000])
def test_token_altered_is_refused(logins: MariadbLogins, key: dict[str, str], change: Any) -> None:
    where = logins.where("orders")
    assert logins.refused(where, "app", change(logins.token(key, where, "app"))).startswith(DENIED)


def test_token_without_tls_is_refused_and_not_requested(logins: MariadbLogins, key: dict[str, str]) -> None:
    """Without REQUIRE SSL, too: the plugin itself needs TLS."""
    where = logins.where("orders")
    sent: list[bytes] = []
    logins.run_as_master("orders", "CREATE USER bare IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'")
    for user in ("app", "bare"):
        token = logins.token(key, where, user)
        assert logins.refused(where, user, token, tls=False).startswith(DENIED)
        sent.extend(_bytes_sent(logins, where, user, token))
    assert not any(b"X-Amz-Signature" in part for part in sent)
    assert logins.run(where, "bare", logins.token(key, where, "bare"), "SELECT 1") == [(1,)]


def _bytes_sent(logins: MariadbLogins, where: dict[str, Any], user: str, token: str) -> list[bytes]:
    import pymysql

    sent: list[bytes] = []

    class Recording(pymysql.Connection):
        def _write_bytes(self, data: bytes) -> None:
            sent.append(data)
            super()._write_bytes(data)

    with pytest.raises(pymysql.OperationalError):
        Recording(host=where["listen_host"], port=where["listen_port"], user=user, password=token, ssl_disabled=True)
    return sent


def test_setting_off_is_error_1524_until_it_is_on(logins: MariadbLogins, key: dict[str, str]) -> None:
    where, rds = logins.where("orders"), logins.rds
    token = logins.token(key, where, "app")
    for enabled in (False, True):
        rds.modify_db_instance(
            DBInstanceIdentifier="orders", EnableIAMDatabaseAuthentication=enabled, ApplyImmediately=True
        )
        pending = logins.run(where, "plain", "it's \\ plain", "SELECT 1")
        assert pending == [(1,)]
        logins.simulator.clock.advance(120)
        if not enabled:
            assert logins.refused(where, "app", token) == "1524: Plugin 'AWSAuthenticationPlugin' is not loaded"
            with pytest.raises(Exception, match="1524"):
                logins.run_as_master("orders", "CREATE USER later IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'")
    assert logins.run(where, "app", token, "SELECT 1") == [(1,)]


def test_users_log_in_as_seeded(logins: MariadbLogins, key: dict[str, str]) -> None:
    where = logins.where("orders")
    assert logins.run(where, "plain", "it's \\ plain", "SELECT * FROM sales.items", tls=False) == [("bolt",)]
    assert logins.run(where, "near", "pw", "SELECT CURRENT_USER()") == [("near@127.%",)]
    assert logins.refused(where, "far", "pw").startswith(DENIED)
    assert logins.refused(where, "plain", "wrong").startswith(DENIED)
    assert logins.refused(where, "open", "").startswith(DENIED)
    assert logins.refused(where, "rdsadmin", "").startswith(DENIED)
    assert "4151" in logins.refused(where, "locked", logins.token(key, where, "locked"))
    assert "1044" in logins.refused(where, "plain", "it's \\ plain", database="mysql")


def test_master_user_has_the_rights_of_rds(logins: MariadbLogins) -> None:
    where = logins.where("orders")
    with logins.connect(where, MASTER, MASTER_PASSWORD) as session, session.cursor() as cursor:
        cursor.execute("CREATE USER made IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL")
        cursor.execute("GRANT SELECT ON sales.* TO made")
        cursor.execute("DROP USER made")
        for statement in ("SELECT LOAD_FILE('/etc/passwd') INTO OUTFILE '/tmp/x'", "SET GLOBAL read_only = 1"):
            with pytest.raises(Exception, match="denied"):
                cursor.execute(statement)


def test_login_succeeds_while_client_locks_all_tables(logins: MariadbLogins, key: dict[str, str]) -> None:
    where = logins.where("orders")
    with logins.connect(where, MASTER, MASTER_PASSWORD) as session, session.cursor() as cursor:
        cursor.execute("FLUSH TABLES WITH READ LOCK")
        assert logins.run(where, "app", logins.token(key, where, "app"), "SELECT 1") == [(1,)]


def test_certificate_names_the_endpoint_only(logins: MariadbLogins) -> None:
    assert "Hostname mismatch" in logins.refused(logins.where("orders"), "plain", "x", host="other.example")


def test_parameter_group_requires_tls_for_everybody(logins: MariadbLogins) -> None:
    where, rds = logins.where("orders"), logins.rds
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="strict")
    rds.reboot_db_instance(DBInstanceIdentifier="orders")
    logins.simulator.clock.advance(120)
    assert logins.refused(where, "plain", "it's \\ plain", tls=False).startswith(DENIED)
    assert logins.run(where, "plain", "it's \\ plain", "SELECT 1") == [(1,)]
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="default.mariadb10.11")
    rds.reboot_db_instance(DBInstanceIdentifier="orders")
    logins.simulator.clock.advance(120)


def test_refusal_leaves_evidence(logins: MariadbLogins, key: dict[str, str]) -> None:
    where = logins.where("orders")
    logins.run_as_master("orders", "CREATE USER forbidden IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL")
    assert logins.refused(where, "forbidden", logins.token(key, where, "forbidden")).startswith(DENIED)
    found = logins.client("logs").filter_log_events(logGroupName="/aws/rds/instance/orders/iam-db-auth-error")
    assert any("forbidden" in event["message"] and "NotAuthorized" in event["message"] for event in found["events"])
    assert not any("X-Amz-Signature" in event["message"] for event in found["events"])


def test_restored_copy_has_data_and_needs_own_policy(logins: MariadbLogins, key: dict[str, str]) -> None:
    rds, clock = logins.rds, logins.simulator.clock
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="one")
    logins.run_as_master("orders", "INSERT INTO sales.items VALUES ('later')")
    clock.advance(120)
    rds.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="again", DBSnapshotIdentifier="one", EnableIAMDatabaseAuthentication=True
    )
    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="orders")
    clock.advance(600)
    again = logins.where("again")
    assert logins.run_as_master("again", "SELECT name FROM sales.items") == [("bolt",)]
    assert logins.refused(again, "app", logins.token(key, again, "app")).startswith(DENIED)
    logins.allow("deploy", logins.resource_id("again"), "app", name="again")
    assert logins.run(again, "app", logins.token(key, again, "app"), "SELECT CURRENT_USER()") == [("app@%",)]
    assert logins.run_as_master("replica", "SELECT name FROM sales.items") == [("bolt",), ("later",)]
    with pytest.raises(Exception, match="1290"):
        logins.run_as_master("replica", "DELETE FROM sales.items")
    rds.delete_db_instance(DBInstanceIdentifier="again", SkipFinalSnapshot=True)
    rds.delete_db_instance(DBInstanceIdentifier="replica", SkipFinalSnapshot=True)
    clock.advance(120)
    with pytest.raises(ConnectionRefusedError):
        logins.run(again, MASTER, MASTER_PASSWORD, "SELECT 1")


def test_rename_changes_the_certificate_and_password_the_master(logins: MariadbLogins) -> None:
    rds, clock = logins.rds, logins.simulator.clock
    before = logins.where("orders")
    for old, new in (("orders", "renamed"), ("renamed", "orders")):
        rds.modify_db_instance(DBInstanceIdentifier=old, NewDBInstanceIdentifier=new, ApplyImmediately=True)
        clock.advance(120)
        if new == "renamed":
            where = logins.where("renamed")
            assert logins.run(where, "plain", "it's \\ plain", "SELECT 1") == [(1,)]
            assert "Hostname mismatch" in logins.refused(where, "plain", "x", host=before["endpoint"])
    where = logins.where("orders")
    for old, new in ((MASTER_PASSWORD, "another-secret"), ("another-secret", MASTER_PASSWORD)):
        rds.modify_db_instance(DBInstanceIdentifier="orders", MasterUserPassword=new, ApplyImmediately=True)
        assert logins.refused(where, MASTER, old).startswith(DENIED)
        assert logins.run(where, MASTER, new, "SELECT 1") == [(1,)]


def test_stopped_database_accepts_no_connection_until_it_starts(logins: MariadbLogins) -> None:
    import pymysql

    rds, clock, where = logins.rds, logins.simulator.clock, logins.where("orders")
    with logins.connect(where, MASTER, MASTER_PASSWORD) as session, session.cursor() as cursor:
        rds.stop_db_instance(DBInstanceIdentifier="orders")
        with pytest.raises(pymysql.MySQLError):
            cursor.execute("SELECT 1")
    clock.advance(120)
    assert logins.refused(where, MASTER, MASTER_PASSWORD)
    rds.start_db_instance(DBInstanceIdentifier="orders")
    clock.advance(120)
    assert ("bolt",) in logins.run_as_master("orders", "SELECT name FROM sales.items")


def test_cluster_endpoints_lead_to_one_server(logins: MariadbLogins) -> None:
    key = logins.add_caller("clerk")
    logins.allow("clerk", logins.resource_id("ledger", "cluster"), "app")
    logins.run_as_master("ledger", "CREATE DATABASE books", "cluster-")
    for name, infix in (("ledger", "cluster-ro-"), ("ledger-1", ""), ("ledger-2", "")):
        assert ("books",) in logins.run_as_master(name, "SHOW DATABASES", infix)
        where = logins.where(name, infix)
        assert logins.run(where, "app", logins.token(key, where, "app"), "SELECT CURRENT_USER()") == [("app@%",)]
