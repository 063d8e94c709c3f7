# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Users of MariaDB are moved from passwords to tokens, through the playbook, against a real server."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE, UserMoves
from rds_simulator.requirements import missing_for_mariadb
from rds_simulator.server import server

pymysql = pytest.importorskip("pymysql")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_for_mariadb()), reason="MariaDB is not installed"),
]

WHO = "SELECT CURRENT_USER()"
LEGACY = {
    "name": "legacy",
    "password": PASSWORD,
    "connection_limit": 7,
    "grants": ["SELECT, INSERT, CREATE ON sales.*"],
}
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}
WORKER = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}


@pytest.fixture
def moves(tmp_path):
    with server.Simulator(port=0) as simulator:
        worker = {"name": "worker", "password": PASSWORD, "grants": ["SELECT ON sales.*"]}
        yield UserMoves(simulator, tmp_path, engine="mariadb", users=[LEGACY, worker])


def refused(moves, user, password):
    with pytest.raises(pymysql.MySQLError) as raised:
        moves.sql(user, password, WHO)
    return str(raised.value)


def test_alongside_from_preview_to_removal(moves):
    preview = moves.move(APP, options=["--check"]).ok()
    assert moves.policies() == {}
    done = moves.move(APP).ok()
    assert (preview.outcomes, preview.entries[0]["actions"]) == (done.outcomes, done.entries[0]["actions"])
    assert done.outcomes == {"app": "created"}
    assert (done.entries[0]["verified_as"], done.entries[0]["verified_by"]) == ([ROLE], "login")
    moves.sql("app", moves.token("app"), "CREATE TABLE items (id int)", "INSERT INTO items VALUES (1)")
    assert moves.sql("legacy", PASSWORD, "SELECT id FROM items") == [(1,)]
    (create,) = moves.admin("SHOW CREATE USER app")
    assert "MAX_USER_CONNECTIONS 7" in create[0]
    assert "REQUIRE SSL" in create[0]
    again = moves.move(APP).ok()
    assert (again.outcomes, again.changed) == ({"app": "unchanged"}, False)
    with moves.connect("legacy", PASSWORD):
        assert "has 1 session(s)" in moves.move({**APP, "close_replaced": True}).fails().text
    assert moves.move({**APP, "close_replaced": True}).ok().outcomes == {"app": "closed"}
    assert "locked" in refused(moves, "legacy", PASSWORD)
    removal = {"name": "app", "state": "absent", "principals": [ROLE]}
    assert moves.move(removal).ok().outcomes == {"app": "removed"}
    assert moves.policies() == {}
    assert not moves.move(removal).ok().changed


def test_alongside_denied_login_locks_new_account(moves):
    moves.deny()
    failed = moves.move(APP, policy_timeout="1").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy@%",)]


def test_alongside_refuses_rights_by_name(moves):
    moves.admin("CREATE TABLE items (id int)", "GRANT SELECT (id) ON sales.items TO legacy")
    found = moves.move(APP).fails()
    assert "column privileges on `sales`.`items`" in found.text
    assert (found.outcomes, moves.policies()) == ({"app": "refused"}, {})


def test_in_place_restores_password_after_denied_login(moves):
    pilot = {**PILOT, "grants": ["sales.*:SELECT"]}
    moves.deny()
    failed = moves.move(pilot, WORKER, policy_timeout="1").fails()
    assert failed.outcomes == {"pilot": "created", "worker": "rolled_back"}
    assert moves.sql("worker", PASSWORD, WHO) == [("worker@%",)]
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    assert moves.move(pilot, WORKER).ok().outcomes == {"pilot": "unchanged", "worker": "mapped"}
    assert "Access denied" in refused(moves, "worker", PASSWORD)
    assert moves.sql("worker", moves.token("worker"), WHO) == [("worker@%",)]
    # as after a run that was killed between the change and the login
    moves.deny()
    lost = moves.move(pilot, WORKER).fails()
    assert lost.outcomes == {"pilot": "unchanged", "worker": "password_lost"}
    assert "The strategy alongside does not have this risk" in lost.text


def test_login_of_another_account_verifies_nothing(moves):
    """The server selects the account by the host of the client, which here is app@% and not app@10.%."""
    moves.admin(
        "CREATE USER app@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
        "CREATE USER legacy@'10.%' IDENTIFIED BY 'plain-password-1'",
    )
    failed = moves.move({**APP, "host": "10.%", "databases": []}, policy_timeout="1").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert (failed.entries[0]["verified_as"], failed.entries[0]["verified_by"]) == ([], None)
    assert "the server used the account app@%, not app@10.%" in failed.text
    # the account of the same name is not affected
    assert moves.sql("app", moves.token("app"), WHO, database=None) == [("app@%",)]


def test_closing_is_refused_for_session_that_began_after_the_plan(moves):
    moves.move(APP).ok()
    closing = {**APP, "close_replaced": True}
    with moves.late_session("legacy"):
        failed = moves.move(closing).fails()
    assert failed.outcomes == {"app": "failed"}
    assert "'legacy' has 1 session(s) (source: information_schema.processlist" in failed.text
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy@%",)]
    closed = moves.move(closing).ok()
    assert (closed.outcomes, closed.entries[0]["unused_by"]) == ({"app": "closed"}, "sessions_now")
    assert "locked" in refused(moves, "legacy", PASSWORD)
