# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs that fail or are killed half-way through a change, and the run after them."""

from __future__ import annotations

import itertools

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
from ansible_collections.passwordless.rds.tests.functional.preloaded_ansible import Kill
from ansible_collections.passwordless.rds.tests.functional.user_histories import LOGIN_ERRORS, move, started
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE

pytestmark = pytest.mark.slow

KILLED = -9
DBA_PASSWORD = "dba-password-1"
DBA = {"admin_username": "dba", "admin_password": DBA_PASSWORD}
LEGACY = {"name": "legacy", "password": PASSWORD}
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}
WORKER = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
MARIADB_PILOT = {**PILOT, "grants": ["sales.*:SELECT"]}


@pytest.fixture
def postgresql(tmp_path):
    users = [LEGACY, {"name": "worker", "password": PASSWORD}]
    with started("postgres", tmp_path, users=users) as (moves, ansible):
        yield moves, ansible


@pytest.fixture
def mariadb(tmp_path):
    users = [{**user, "grants": ["SELECT ON sales.*"]} for user in (LEGACY, {**LEGACY, "name": "worker"})]
    with started("mariadb", tmp_path, users=users) as (moves, ansible):
        yield moves, ansible


def logs_in(moves, user, secret):
    try:
        moves.sql(user, secret, "SELECT 1")
    except LOGIN_ERRORS:
        return False
    return True


def allow(moves):
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")


def test_in_place_on_postgresql_recovers_from_every_kill(postgresql):
    """The password is valid until the mapping, and the token from then on."""
    moves, ansible = postgresql
    move(moves, ansible, PILOT).ok()
    for number in itertools.count(1):
        name = f"worker_{number}"
        moves.admin(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        users = [PILOT, {**WORKER, "name": name}]
        killed = move(moves, ansible, *users, kill=Kill(number, " the change "))
        if killed.ran.code != KILLED:
            killed.ok()
            break
        assert logs_in(moves, name, PASSWORD) is not logs_in(moves, name, moves.token(name)), number
        move(moves, ansible, *users).ok()
        assert (logs_in(moves, name, PASSWORD), logs_in(moves, name, moves.token(name))) == (False, True), number
    assert number > 10


def test_in_place_on_postgresql_killed_before_check_names_remedy(postgresql):
    moves, ansible = postgresql
    move(moves, ansible, PILOT).ok()
    moves.deny()
    users = (PILOT, WORKER)
    # the first commits are those of queries
    for number in itertools.count(1):
        killed = move(moves, ansible, *users, kill=Kill(number, "after the change COMMIT"))
        assert killed.ran.code == KILLED
        if not logs_in(moves, "worker", PASSWORD):
            break
    failed = move(moves, ansible, *users, policy_timeout="0").fails()
    assert failed.outcomes == {"pilot": "unchanged", "worker": "failed"}
    statement = 'REVOKE "rds_iam" FROM "worker"'
    valid = f"make the password valid with: {statement}"
    assert f"the server still stores its password. Correct the cause and run the role again, or {valid}" in failed.text
    moves.admin(statement)
    assert logs_in(moves, "worker", PASSWORD)
    allow(moves)
    assert move(moves, ansible, *users).ok().outcomes == {"pilot": "unchanged", "worker": "mapped"}


def test_removal_revokes_what_rds_superuser_granted(postgresql):
    moves, ansible = postgresql
    moves.admin(
        "GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
        "GRANT rds_iam TO worker GRANTED BY rds_superuser",
    )
    assert not logs_in(moves, "worker", PASSWORD)
    removal = {"name": "worker", "state": "absent", "principals": [ROLE]}
    assert move(moves, ansible, removal).ok().outcomes == {"worker": "removed"}
    assert moves.admin("SELECT pg_has_role('worker', 'rds_iam', 'USAGE')") == [(False,)]
    assert not move(moves, ansible, removal).ok().changed


def test_reverted_administrator_keeps_its_admin_option(postgresql):
    moves, ansible = postgresql
    moves.admin(
        f"CREATE ROLE dba LOGIN CREATEROLE PASSWORD '{DBA_PASSWORD}'",
        "GRANT rds_iam TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    )
    moves.sql("dba", DBA_PASSWORD, "CREATE ROLE other LOGIN", "GRANT rds_iam TO other")
    move(moves, ansible, PILOT).ok()
    moves.deny()
    dba = {**WORKER, "name": "dba"}
    failed = move(moves, ansible, PILOT, dba, policy_timeout="0").fails()
    assert failed.outcomes == {"pilot": "unchanged", "dba": "rolled_back"}
    moves.sql("dba", DBA_PASSWORD, "CREATE ROLE another LOGIN", "GRANT rds_iam TO another")
    allow(moves)
    assert move(moves, ansible, PILOT, dba).ok().outcomes["dba"] == "mapped"
    assert logs_in(moves, "dba", moves.token("dba"))


def test_role_without_inherited_membership_is_mapped_and_reverted(postgresql):
    moves, ansible = postgresql
    moves.admin("GRANT rds_iam TO worker WITH INHERIT FALSE")
    assert logs_in(moves, "worker", PASSWORD)
    move(moves, ansible, PILOT).ok()
    moves.deny()
    assert move(moves, ansible, PILOT, WORKER, policy_timeout="0").fails().outcomes["worker"] == "rolled_back"
    assert logs_in(moves, "worker", PASSWORD)
    allow(moves)
    assert move(moves, ansible, PILOT, WORKER).ok().outcomes["worker"] == "mapped"
    assert not move(moves, ansible, PILOT, WORKER).ok().changed


def test_in_place_on_mariadb_killed_before_check_may_lose_password(mariadb):
    """The engine stores one hash only, so that a run after this kill cannot restore the password."""
    moves, ansible = mariadb
    move(moves, ansible, MARIADB_PILOT).ok()
    moves.deny()
    users = (MARIADB_PILOT, WORKER)
    assert move(moves, ansible, *users, kill=Kill(1, "after the change ALTER USER")).ran.code == KILLED
    assert not logs_in(moves, "worker", PASSWORD)
    lost = move(moves, ansible, *users, policy_timeout="0").fails()
    assert lost.outcomes == {"pilot": "unchanged", "worker": "password_lost"}
    for part in ("its password is lost", "run the role again, or set a new password with ALTER USER"):
        assert part in lost.text
    assert "The strategy alongside does not have this risk" in lost.text
    allow(moves)
    assert move(moves, ansible, *users).ok().outcomes["worker"] in ("unchanged", "updated")
    assert logs_in(moves, "worker", moves.token("worker"))
    assert not move(moves, ansible, *users).ok().changed


def test_half_done_mapping_on_mariadb_is_taken_back(mariadb):
    """The administrator may change the account, but may not grant it what the user needs."""
    moves, ansible = mariadb
    moves.admin(
        f"CREATE USER dba IDENTIFIED BY '{DBA_PASSWORD}'",
        "GRANT CREATE USER, PROCESS ON *.* TO dba",
        "GRANT SELECT ON mysql.* TO dba",
        "GRANT SELECT ON sales.* TO dba",
    )
    move(moves, ansible, MARIADB_PILOT).ok()
    worker = {**WORKER, "grants": ["sales.*:INSERT"]}
    before = moves.admin("SHOW CREATE USER worker")
    failed = move(moves, ansible, MARIADB_PILOT, worker, **DBA).fails()
    assert failed.outcomes == {"pilot": "unchanged", "worker": "rolled_back"}
    assert "The mapping was reverted, and the user can log in as before" in failed.text
    assert moves.admin("SHOW CREATE USER worker") == before
    assert logs_in(moves, "worker", PASSWORD)
    assert move(moves, ansible, MARIADB_PILOT, worker).ok().outcomes["worker"] == "mapped"


def test_failed_login_after_reverted_run_locks_the_account_again(mariadb):
    moves, ansible = mariadb
    moves.deny()
    for _run in range(2):
        failed = move(moves, ansible, APP, policy_timeout="0").fails()
        assert failed.outcomes == {"app": "rolled_back"}
        assert "ACCOUNT LOCK" in moves.admin("SHOW CREATE USER app")[0][0]
        assert logs_in(moves, "legacy", PASSWORD)
    allow(moves)
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}
    assert logs_in(moves, "app", moves.token("app"))
