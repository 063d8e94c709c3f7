# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Users of PostgreSQL are moved from passwords to tokens, through the playbook, against a real server."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE, UserMoves
from rds_simulator.login.endpoints import owners_in, volume_of
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

WHO = "SELECT session_user::text, current_user::text"
SETTINGS = """SELECT setting FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setrole = '{}'::regrole ORDER BY setting LIKE 'role=%', setting"""
LEGACY = {"name": "legacy", "password": PASSWORD, "connection_limit": 7}
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}


@pytest.fixture
def moves(tmp_path):
    with server.Simulator(port=0) as simulator:
        users = [LEGACY, {"name": "worker", "password": PASSWORD}]
        moves = UserMoves(simulator, tmp_path, users=users)
        moves.admin("GRANT CREATE ON SCHEMA public TO legacy, worker")
        yield moves


def as_superuser(moves, *statements):
    """Run statements as the superuser of RDS, which no customer has."""
    (owner,) = (owner for home in moves.simulator.world.backends() for owner in owners_in(home))
    volume_of(owner).start({}).run(statements)


def refused(moves, user, password):
    with pytest.raises(psycopg.OperationalError) as raised:
        moves.sql(user, password, WHO)
    return str(raised.value)


def test_alongside_clients_of_both_users_work(moves):
    as_superuser(moves, 'GRANT SET ON PARAMETER "select.From" TO postgres')
    moves.admin(
        "ALTER ROLE legacy SET work_mem TO '5MB'",
        "ALTER ROLE legacy IN DATABASE sales SET lock_timeout TO 77",
        # reserved words and upper case, which only a quoted name keeps
        "ALTER ROLE legacy SET \"select.From\" TO 'o''brien, \\n'",
    )
    done = moves.move(APP).ok()
    assert done.outcomes == {"app": "created"}
    assert (done.entries[0]["verified_as"], done.entries[0]["verified_by"]) == ([ROLE], "login")
    token = moves.token("app")
    assert moves.sql("app", token, WHO) == [("app", "legacy")]
    assert moves.sql("app", token, "SHOW work_mem") + moves.sql("app", token, "SHOW lock_timeout") == [
        ("5MB",),
        ("77ms",),
    ]
    assert moves.sql("app", token, "SELECT current_setting('select.From')") == [("o'brien, \\n",)]
    assert moves.admin(SETTINGS.format("app")) == [*moves.admin(SETTINGS.format("legacy")), ("role=legacy",)]
    # clients of both users create tables, and each reads and alters those of the other
    moves.sql("app", token, "CREATE TABLE by_app (id int)")
    moves.sql("legacy", PASSWORD, "CREATE TABLE by_legacy (id int)", "ALTER TABLE by_app ADD note text")
    moves.sql("app", token, "ALTER TABLE by_legacy ADD note text", "INSERT INTO by_legacy VALUES (1)")
    assert moves.sql("legacy", PASSWORD, "SELECT id FROM by_legacy") == [(1,)]
    assert "PAM authentication failed" in refused(moves, "app", PASSWORD)


@pytest.mark.slow
def test_alongside_from_preview_to_removal(moves):
    preview = moves.move(APP, options=["--check", "--diff"]).ok()
    assert (moves.policies(), preview.changed) == ({}, True)
    assert "PAM" not in refused(moves, "app", "anything")
    early = moves.move({**APP, "close_replaced": True}).fails()
    assert "close_replaced: this run creates or changes the user" in early.text
    assert (early.outcomes, moves.policies()) == ({"app": "refused"}, {})
    done = moves.move(APP).ok()
    assert (preview.outcomes, preview.entries[0]["actions"]) == (done.outcomes, done.entries[0]["actions"])
    again = moves.move(APP).ok()
    assert (again.outcomes, again.changed) == ({"app": "unchanged"}, False)
    with moves.connect("legacy", PASSWORD):
        busy = moves.move({**APP, "close_replaced": True}).fails()
    assert "'legacy' has 1 session(s) (source: pg_stat_activity" in busy.text
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy", "legacy")]
    closing = {**APP, "close_replaced": True}
    assert moves.move(closing, options=["--check"]).ok().outcomes == {"app": "closed"}
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy", "legacy")]
    assert moves.move(closing).ok().outcomes == {"app": "closed"}
    assert "not permitted to log in" in refused(moves, "legacy", PASSWORD)
    assert moves.sql("app", moves.token("app"), WHO) == [("app", "legacy")]
    assert not moves.move(closing).ok().changed
    removal = {"name": "app", "state": "absent", "principals": [ROLE]}
    removed = moves.move(removal).ok()
    assert (removed.outcomes, moves.policies()) == ({"app": "removed"}, {})
    assert "password authentication failed" in refused(moves, "app", moves.token("app"))
    assert moves.admin("SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'legacy')") == [(2,)]
    assert not moves.move(removal).ok().changed


@pytest.mark.slow
def test_alongside_denied_login_reverts_mapping(moves):
    moves.deny()
    failed = moves.move(APP, policy_timeout="5").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert "policy_explicit_deny" in failed.text
    assert failed.entries[0]["actions"][-1] == "revert the mapping"
    # the login was repeated after the policy was attached
    assert failed.ran.output.count("FAILED - RETRYING") == 1
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy", "legacy")]
    assert "password authentication failed" in refused(moves, "app", moves.token("app"))
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    assert moves.move(APP).ok().outcomes == {"app": "created"}


@pytest.mark.slow
def test_in_place_maps_after_pilot_and_reverts(moves):
    alone = moves.move({"name": "worker", "strategy": "in_place", **BY_ROLE}).fails()
    assert "no earlier user in the list logs in with a token" in alone.text
    worker = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
    moves.deny()
    failed = moves.move(PILOT, worker, policy_timeout="1").fails()
    assert failed.outcomes == {"pilot": "created", "worker": "rolled_back"}
    assert moves.sql("worker", PASSWORD, WHO) == [("worker", "worker")]
    moves.sql("worker", PASSWORD, "CREATE TABLE own (id int)", "INSERT INTO own VALUES (1)")
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    assert moves.move(PILOT, worker).ok().outcomes == {"pilot": "unchanged", "worker": "mapped"}
    assert "PAM authentication failed" in refused(moves, "worker", PASSWORD)
    assert moves.sql("worker", moves.token("worker"), WHO) == [("worker", "worker")]
    assert moves.sql("worker", moves.token("worker"), "ALTER TABLE own ADD note text", "TABLE own") == [(1, None)]
    assert not moves.move(PILOT, worker).ok().changed


@pytest.mark.slow
def test_login_of_administrator_does_not_verify_principal(moves):
    """The credentials of the task may log in as every user; those of the application may not."""
    user = {"name": "app", "databases": ["sales"], "principals": [ROLE]}
    moves.deny()
    failed = moves.move(user, policy_timeout="1").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert (failed.entries[0]["verified_as"], failed.entries[0]["verified_by"]) == ([], None)
    assert f"{ROLE}: explicitDeny" in failed.text
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    done = moves.move(user).ok()
    assert (done.entries[0]["verified_as"], done.entries[0]["verified_by"]) == ([ROLE], "simulation")


@pytest.mark.slow
def test_policy_keeps_other_users_and_other_policies(moves):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    own = {"Version": "2012-10-17", "Statement": [statement]}
    moves.iam.put_role_policy(RoleName="app", PolicyName="own", PolicyDocument=json.dumps(own))
    first, second = ({"name": name, "databases": ["sales"], **BY_ROLE} for name in ("one", "two"))
    moves.move(first).ok()
    moves.move(second).ok()
    (name,) = set(moves.iam.list_role_policies(RoleName="app")["PolicyNames"]) - {"own"}
    document = moves.iam.get_role_policy(RoleName="app", PolicyName=name)["PolicyDocument"]
    assert [arn.rpartition("/")[2] for arn in document["Statement"][0]["Resource"]] == ["one", "two"]
    moves.move({"name": "one", "state": "absent", "principals": [ROLE]}).ok()
    document = moves.iam.get_role_policy(RoleName="app", PolicyName=name)["PolicyDocument"]
    assert [arn.rpartition("/")[2] for arn in document["Statement"][0]["Resource"]] == ["two"]
    assert moves.iam.get_role_policy(RoleName="app", PolicyName="own")["PolicyDocument"] == own


@pytest.mark.slow
def test_users_are_refused_before_any_change(moves):
    moves.admin(
        "CREATE TABLE items (owner text DEFAULT session_user)",
        "ALTER TABLE items ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON items USING (owner = SESSION_USER)",
        "CREATE ROLE dba CREATEROLE LOGIN PASSWORD 'dba-password-1'",
        "GRANT rds_iam TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    )
    found = moves.move({**APP, "name": "new"}, PILOT).fails()
    assert "database sales uses session_user" in found.text
    assert "row policy own on public.items" in found.text
    assert "default of column public.items.owner" in found.text
    assert found.outcomes == {"new": "refused", "pilot": "not_started"}
    moves.admin("DROP TABLE items")
    # an administrator without ADMIN OPTION on the replaced role
    denied = moves.move(APP, admin_username="dba", admin_password="dba-password-1").fails()
    assert "the administrator cannot make the change: permission denied to grant role" in denied.text
    missing = moves.move({**APP, "principals": [ROLE + "x"], "verify_role_arn": ""}).fails()
    assert "principals: arn:aws:iam::123456789012:role/appx" in missing.text
    for more, message in (
        ({"nmae": "x"}, "rds_users_nmae: the variable does not exist. Did you mean rds_users_"),
        ({"users": "[{name: \"'app'@'10.%'\"}]"}, "PostgreSQL users have no host"),
        ({"users": "[{name: app, principals: ['arn:aws:sts::123456789012:assumed-role/app/s']}]"}, "is a session of a"),
        ({"admin_password": "wrong"}, "password authentication failed"),
    ):
        assert message in moves.move(APP, **more).fails().text
    assert moves.policies() == {}
    assert moves.admin("SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'new', 'pilot')") == [(0,)]


@pytest.mark.slow
def test_problem_of_a_later_user_stops_all_users(moves):
    found = moves.move(PILOT, {"name": "app", "replaces": "missing", **BY_ROLE}).fails()
    assert found.outcomes == {"pilot": "not_started", "app": "refused"}
    assert "there is no user 'missing'" in found.text
    assert moves.policies() == {}
    assert moves.admin("SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'pilot')") == [(0,)]


@pytest.mark.slow
def test_closing_sees_sessions_of_users_with_more_rights(moves):
    moves.admin(
        "CREATE ROLE dba CREATEROLE LOGIN PASSWORD 'dba-password-1'",
        "GRANT rds_iam TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
        "GRANT legacy TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    )
    dba = {"admin_username": "dba", "admin_password": "dba-password-1"}
    moves.move(APP, **dba).ok()
    with moves.connect("legacy", PASSWORD):
        assert "'legacy' has 1 session(s)" in moves.move({**APP, "close_replaced": True}, **dba).fails().text
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy", "legacy")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ['we"ird', "O'Brien", "select", "App", "a.b", "ten%"])
def test_user_names_are_case_sensitive(moves, name):
    done = moves.move({"name": name, "databases": ["sales"], **BY_ROLE}).ok()
    assert done.outcomes == {name: "created"}
    assert moves.sql(name, moves.token(name), WHO) == [(name, name)]


@pytest.mark.slow
def test_administrator_with_token_needs_no_password(moves):
    moves.admin("CREATE ROLE dba CREATEROLE LOGIN", "GRANT rds_iam TO dba WITH ADMIN TRUE, INHERIT TRUE")
    moves.admin("GRANT legacy TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
    done = moves.move(APP, admin_username="dba", admin_password="").ok()
    assert done.outcomes == {"app": "created"}


@pytest.mark.slow
def test_hosts_of_a_play_keep_the_users_of_each_other(moves):
    """Each host reads the policy of the principal before another one writes it."""
    user = {"name": "app_{{ inventory_hostname }}", "databases": ["sales"], **BY_ROLE}
    done = moves.move(user, options=["-i", "one,two,"], hosts="all").ok()
    assert "app_one: created" in done.text
    assert "app_two: created" in done.text
    ((_name, users),) = moves.policies().items()
    assert users == ["app_one", "app_two"]


@pytest.mark.slow
def test_closing_is_refused_for_session_that_began_after_the_plan(moves):
    moves.move(APP).ok()
    closing = {**APP, "close_replaced": True}
    with moves.late_session("legacy"):
        failed = moves.move(closing).fails()
    assert failed.outcomes == {"app": "failed"}
    assert "'legacy' has 1 session(s) (source: pg_stat_activity" in failed.text
    assert (failed.entries[0]["actions"], failed.entries[0]["unused_by"]) == ([], None)
    assert moves.sql("legacy", PASSWORD, WHO) == [("legacy", "legacy")]
    closed = moves.move(closing).ok()
    assert (closed.outcomes, closed.entries[0]["unused_by"]) == ({"app": "closed"}, "sessions_now")
