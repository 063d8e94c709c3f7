# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What the control plane does to the data and the sessions of databases that accept logins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from login.sessions import wait_until
from login.simulated_logins import MASTER, MASTER_PASSWORD, Logins, needs_logins
from rds_simulator import Simulator

pytestmark = needs_logins
_LOGIN = {"login": True, "master_user_password": MASTER_PASSWORD}
_APP = {"name": "app", "password": "pw"}
FLEET: dict[str, Any] = {
    "db_parameter_groups": [
        {"name": "small", "family": "postgres16", "parameters": {"max_connections": "6", "rds.force_ssl": "0"}}
    ],
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "postgres",
            "engine_version": "16.4",
            "db_parameter_group": "small",
            **_LOGIN,
            "users": [_APP],
        },
        {"identifier": "spare", "engine": "postgres", **_LOGIN, "users": [_APP]},
        {"identifier": "plain", "engine": "postgres"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, **_LOGIN, "users": [_APP]},
    ],
}


@pytest.fixture(scope="module")
def logins() -> Iterator[Logins]:
    with Simulator() as simulator:
        simulator.seed(FLEET)
        yield Logins(simulator)


@pytest.fixture(scope="module")
def filled(logins: Logins) -> Logins:
    """Write one row that every copy of ``orders`` has to have."""
    logins.run_as_master("orders", "CREATE TABLE items AS SELECT 'bolt' AS name")
    return logins


@contextlib.contextmanager
def removed(logins: Logins, name: str) -> Iterator[None]:
    yield
    logins.rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    logins.simulator.clock.advance(120)


def items(logins: Logins, name: str, infix: str = "") -> list[Any]:
    return logins.run_as_master(name, "SELECT name FROM items", infix)


def test_seed_lists_endpoints_and_starts_no_server() -> None:
    with Simulator() as simulator:
        simulator.seed(FLEET)
        found = {(one["kind"], one["name"], one["endpoint"].split(".")[1][:9]) for one in simulator.logins()}
        assert found == {
            ("instance", "orders", "c9akciq32"),
            ("instance", "spare", "c9akciq32"),
            ("cluster", "ledger", "cluster-c"),
            ("cluster", "ledger", "cluster-r"),
            ("instance", "ledger-1", "c9akciq32"),
            ("instance", "ledger-2", "c9akciq32"),
        }
        backend = simulator.world.backend()
        assert not any(one.data.running for one in (*backend.instances, *backend.clusters) if one.data)


def test_control_path_lists_logins_and_ca(logins: Logins) -> None:
    import json
    import urllib.request
    from pathlib import Path

    url = logins.simulator.url
    with urllib.request.urlopen(f"{url}/simulator/logins") as answer:
        assert json.load(answer) == {"logins": logins.simulator.logins()}
    with urllib.request.urlopen(f"{url}/simulator/ca") as answer:
        assert answer.read() == Path(logins.simulator.ca_file).read_bytes()


def test_master_user_has_the_rights_of_rds(filled: Logins) -> None:
    import psycopg

    with filled.connect(filled.where("orders"), MASTER, MASTER_PASSWORD) as session:
        attributes = session.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, pg_has_role('rds_superuser', 'USAGE'), "
            "pg_has_role('rds_iam', 'USAGE'), pg_has_role('app', 'USAGE') FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert attributes == (False, True, True, True, False, False)
        for statement in (
            "SELECT * FROM pg_authid",
            "COPY (SELECT 1) TO PROGRAM 'id'",
            "ALTER USER app SUPERUSER",
            "GRANT pg_execute_server_program TO postgres",
            "SET ROLE rds_iam",
            "SET ROLE app",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                session.execute(statement)
        session.execute("GRANT rds_iam TO app; REVOKE rds_iam FROM app; ALTER ROLE app CONNECTION LIMIT 5")


def test_connections_beyond_max_connections_are_refused(filled: Logins) -> None:
    """The parameter group allows 6: 3 are reserved for superusers, and the simulator has one session of its own."""
    orders = filled.where("orders")
    with filled.connect(orders, "app", "pw"), filled.connect(orders, "app", "pw"):
        assert "remaining connection slots are reserved" in filled.refused(orders, "app", "pw")
    # sessions of the server end a little later than their connections, and the next test needs one
    assert wait_until(lambda: has_single_session(filled, orders))


def has_single_session(logins: Logins, where: dict[str, Any]) -> bool:
    """Return whether a new session of the user is accepted, and is the only one."""
    import psycopg

    query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"
    try:
        return logins.run(where, "app", "pw", query) == [(1,)]
    except psycopg.OperationalError:
        return False


def test_force_ssl_of_parameter_group_decides_about_tls(logins: Logins) -> None:
    orders, spare = logins.where("orders"), logins.where("spare")
    assert logins.run(orders, "app", "pw", "SELECT 1", sslmode="disable") == [(1,)]
    assert "no pg_hba.conf entry" in logins.refused(spare, "app", "pw", sslmode="disable")


def test_certificate_names_the_endpoint_only(logins: Logins) -> None:
    import psycopg

    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        logins.connect(logins.where("orders"), "app", "pw", host="other.example")


def test_copies_of_a_database_have_its_data(filled: Logins) -> None:
    rds, clock = filled.rds, filled.simulator.clock
    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="orders")
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="orders", TargetDBInstanceIdentifier="earlier", UseLatestRestorableTime=True
    )
    clock.advance(600)
    with removed(filled, "earlier"), removed(filled, "replica"):
        assert items(filled, "earlier") == [("bolt",)]
        assert items(filled, "replica") == [("bolt",)]
        with pytest.raises(Exception, match="read-only transaction"):
            filled.run_as_master("replica", "DELETE FROM items")
        rds.promote_read_replica(DBInstanceIdentifier="replica", BackupRetentionPeriod=0)
        clock.advance(600)
        filled.run_as_master("replica", "DELETE FROM items")
        assert items(filled, "orders") == [("bolt",)]


def test_copied_snapshot_restores_data_at_its_time(filled: Logins) -> None:
    rds, clock = filled.rds, filled.simulator.clock
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="one")
    filled.run_as_master("orders", "INSERT INTO items VALUES ('later')")
    clock.advance(120)
    rds.copy_db_snapshot(SourceDBSnapshotIdentifier="one", TargetDBSnapshotIdentifier="two")
    clock.advance(120)
    rds.delete_db_snapshot(DBSnapshotIdentifier="one")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="again", DBSnapshotIdentifier="two")
    clock.advance(600)
    with removed(filled, "again"):
        assert items(filled, "again") == [("bolt",)]
    filled.run_as_master("orders", "DELETE FROM items WHERE name = 'later'")


def test_snapshot_of_unchanged_data_is_not_copied_again(filled: Logins) -> None:
    database = filled.simulator.world.backend().instances.get("orders")
    assert database is not None
    items(filled, "orders")
    first = database.data.image()
    assert database.data.image() is first
    filled.run_as_master("orders", "INSERT INTO items VALUES ('later')")
    filled.run_as_master("orders", "DELETE FROM items WHERE name = 'later'")
    assert database.data.image() is not first


def test_restore_of_database_that_nobody_used_has_seeded_users(logins: Logins) -> None:
    rds, clock = logins.rds, logins.simulator.clock
    rds.create_db_snapshot(DBInstanceIdentifier="spare", DBSnapshotIdentifier="unused")
    clock.advance(120)
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="fresh", DBSnapshotIdentifier="unused")
    clock.advance(600)
    with removed(logins, "fresh"):
        assert logins.run(logins.where("fresh"), "app", "pw", "SELECT current_user") == [("app",)]


def test_retained_backup_restores_data_of_deleted_database(filled: Logins) -> None:
    rds, clock = filled.rds, filled.simulator.clock
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="gone")
    clock.advance(120)
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="gone", DBSnapshotIdentifier="gone")
    clock.advance(600)
    filled.run_as_master("gone", "INSERT INTO items VALUES ('last')")
    where, resource_id = filled.where("gone"), filled.resource_id("gone")
    rds.delete_db_instance(DBInstanceIdentifier="gone", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    clock.advance(120)
    assert [one for one in filled.simulator.logins() if one["name"] == "gone"] == []
    import psycopg

    with pytest.raises(psycopg.OperationalError):
        filled.connect(where, MASTER, MASTER_PASSWORD)
    rds.restore_db_instance_to_point_in_time(
        SourceDbiResourceId=resource_id, TargetDBInstanceIdentifier="back", UseLatestRestorableTime=True
    )
    clock.advance(600)
    with removed(filled, "back"):
        assert items(filled, "back") == [("bolt",), ("last",)]


def test_rename_moves_the_login_to_the_new_name(filled: Logins) -> None:
    rds, clock = filled.rds, filled.simulator.clock
    before = filled.where("orders")
    for old, new in (("orders", "renamed"), ("renamed", "orders")):
        rds.modify_db_instance(DBInstanceIdentifier=old, NewDBInstanceIdentifier=new, ApplyImmediately=True)
        clock.advance(120)
        if new == "renamed":
            assert items(filled, "renamed") == [("bolt",)]
            import psycopg

            with pytest.raises(psycopg.OperationalError, match="does not match host name"):
                filled.connect({**filled.where("renamed"), "endpoint": before["endpoint"]}, MASTER, MASTER_PASSWORD)
    assert filled.where("orders")["listen_port"] == before["listen_port"]


@pytest.mark.parametrize("passwords", [(MASTER_PASSWORD, "another-secret"), ("another-secret", MASTER_PASSWORD)])
@pytest.mark.parametrize("name", ["orders", "spare"])
def test_modify_password_changes_the_real_master_user(logins: Logins, name: str, passwords: tuple[str, str]) -> None:
    """The server of one of them runs; that of the other may never have been started."""
    before, after = passwords
    where = logins.where(name)
    assert logins.run(where, MASTER, before, "SELECT 1") == [(1,)]
    logins.rds.modify_db_instance(DBInstanceIdentifier=name, MasterUserPassword=after, ApplyImmediately=True)
    assert "password authentication failed" in logins.refused(where, MASTER, before)
    assert logins.run(where, MASTER, after, "SELECT 1") == [(1,)]


def test_stopped_database_accepts_no_connection_until_it_starts(filled: Logins) -> None:
    import psycopg

    rds, clock = filled.rds, filled.simulator.clock
    orders = filled.where("orders")
    session = filled.connect(orders, MASTER, MASTER_PASSWORD)
    rds.stop_db_instance(DBInstanceIdentifier="orders")
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    assert "shutting down" in filled.refused(orders, MASTER, MASTER_PASSWORD)
    clock.advance(120)
    with pytest.raises(psycopg.OperationalError):
        filled.connect(orders, MASTER, MASTER_PASSWORD)
    rds.start_db_instance(DBInstanceIdentifier="orders")
    assert "starting up" in filled.refused(orders, MASTER, MASTER_PASSWORD)
    clock.advance(120)
    assert items(filled, "orders") == [("bolt",)]


def test_reboot_ends_sessions_and_keeps_data(filled: Logins) -> None:
    import psycopg

    session = filled.connect(filled.where("orders"), MASTER, MASTER_PASSWORD)
    filled.rds.reboot_db_instance(DBInstanceIdentifier="orders")
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    filled.simulator.clock.advance(60)
    assert items(filled, "orders") == [("bolt",)]


def test_cluster_endpoints_share_server_and_readers_are_read_only(logins: Logins) -> None:
    import psycopg

    logins.run_as_master("ledger", "CREATE TABLE entries AS SELECT 1 AS amount", "cluster-")
    for name, infix in (("ledger", "cluster-ro-"), ("ledger-1", ""), ("ledger-2", "")):
        assert logins.run_as_master(name, "SELECT amount FROM entries", infix) == [(1,)]
    logins.run_as_master("ledger-1", "INSERT INTO entries VALUES (2)")
    for name, infix in (("ledger", "cluster-ro-"), ("ledger-2", "")):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            logins.run_as_master(name, "INSERT INTO entries VALUES (3)", infix)


def test_cluster_token_needs_the_resource_id_of_the_cluster(logins: Logins) -> None:
    simulator, rds = logins.simulator, logins.rds
    key = logins.add_caller("clerk")
    logins.run_as_master("ledger", "GRANT rds_iam TO app", "cluster-")
    rds.modify_db_cluster(DBClusterIdentifier="ledger", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    simulator.clock.advance(60)
    reader = logins.where("ledger", "cluster-ro-")
    logins.allow("clerk", logins.resource_id("ledger-1"), "app")
    assert "PAM authentication failed" in logins.refused(reader, "app", logins.token(key, reader, "app"))
    logins.allow("clerk", logins.resource_id("ledger", "cluster"), "app")
    for where in (reader, logins.where("ledger", "cluster-"), logins.where("ledger-2")):
        assert logins.run(where, "app", logins.token(key, where, "app"), "SELECT current_user") == [("app",)]

    # A token for one endpoint is valid for the others, unless the switch says otherwise.
    other = logins.token(key, logins.where("ledger-2"), "app")
    assert logins.run(reader, "app", other, "SELECT 1") == [(1,)]
    simulator.settings.update(token_endpoint="same")
    try:
        assert "PAM authentication failed" in logins.refused(reader, "app", other)
    finally:
        simulator.settings.update(token_endpoint="database")


def test_created_database_accepts_logins_with_the_setting_only(logins: Logins) -> None:
    request = {
        "Engine": "postgres",
        "DBInstanceClass": "db.m6g.large",
        "AllocatedStorage": 20,
        "MasterUsername": "boss",
        "MasterUserPassword": "boss-secret",
        "DBName": "shop",
    }
    logins.rds.create_db_instance(DBInstanceIdentifier="quiet", **request)
    logins.simulator.settings.update(logins=True)
    try:
        logins.rds.create_db_instance(DBInstanceIdentifier="made", **request)
    finally:
        logins.simulator.settings.update(logins=False)
    assert [one for one in logins.simulator.logins() if one["name"] == "made"] == []
    logins.simulator.clock.advance(600)
    with removed(logins, "made"):
        assert [one["name"] for one in logins.simulator.logins() if one["name"] in ("made", "quiet")] == ["made"]
        rows = logins.run(logins.where("made"), "boss", "boss-secret", "SELECT current_database()", dbname="shop")
        assert rows == [("shop",)]


def test_master_user_with_iam_authentication_needs_a_token(logins: Logins) -> None:
    simulator, rds = logins.simulator, logins.rds
    rds.modify_db_instance(DBInstanceIdentifier="spare", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    simulator.clock.advance(60)
    rds.modify_db_instance(DBInstanceIdentifier="spare", MasterUserAuthenticationType="iam-db-auth")
    spare, key = logins.where("spare"), logins.add_caller("owner")
    logins.allow("owner", logins.resource_id("spare"), MASTER)
    assert "PAM authentication failed" in logins.refused(spare, MASTER, MASTER_PASSWORD)
    assert logins.run(spare, MASTER, logins.token(key, spare, MASTER), "SELECT current_user") == [(MASTER,)]


def test_reset_removes_listeners_and_data() -> None:
    from pathlib import Path

    with Simulator() as simulator:
        simulator.seed(FLEET)
        logins = Logins(simulator)
        where, file = logins.where("spare"), Path(simulator.ca_file)
        assert logins.run(where, "app", "pw", "SELECT 1") == [(1,)]
        data = simulator.world.backend().instances.get("spare").data
        simulator.reset()
        assert simulator.logins() == []
        assert not file.exists()
        assert not data.running
        import socket

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((where["listen_host"], where["listen_port"]))
