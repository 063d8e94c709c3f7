# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs of the role ``database_users`` in which something fails after the checks, and what they report."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import threading
from dataclasses import replace

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
from ansible_collections.passwordless.rds.tests.functional.user_histories import move, started
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE

pytestmark = pytest.mark.slow

DBA = {"admin_username": "dba", "admin_password": "dba-password-1"}
# an administrator who may create accounts, but may not grant them what the replaced user has
CREATE_DBA = (
    "CREATE USER dba IDENTIFIED BY 'dba-password-1'",
    "GRANT CREATE USER, PROCESS ON *.* TO dba",
    "GRANT SELECT ON mysql.* TO dba",
)
WORKER = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
LEGACY = {"name": "legacy", "password": PASSWORD}
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}
PAST = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)


@pytest.fixture
def postgresql(tmp_path):
    with started("postgres", tmp_path, users=[LEGACY]) as (moves, ansible):
        yield moves, ansible


@pytest.fixture
def mariadb(tmp_path):
    users = [{**LEGACY, "grants": ["SELECT ON sales.*"]}, {"name": "worker", "password": PASSWORD}]
    with started("mariadb", tmp_path, users=users) as (moves, ansible):
        yield moves, ansible


@contextlib.contextmanager
def expiring_sessions(moves, count):
    """Let the first ``count`` sessions of the next run expire as soon as they exist, as after a run of many users."""
    sessions = moves.simulator.world.sessions
    known = set(sessions)
    expired: list[str] = []
    stopped = threading.Event()

    def expire() -> None:
        while len(sessions) < len(known) + count:
            if stopped.wait(0.05):
                return
        for key in set(sessions) - known:
            sessions[key] = replace(sessions[key], expires=PAST)
            expired.append(key)

    thread = threading.Thread(target=expire, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
    assert len(expired) == count


def test_sessions_of_the_first_check_may_expire(postgresql):
    moves, ansible = postgresql
    with expiring_sessions(moves, 2):
        done = move(moves, ansible, PILOT, APP, policy_timeout="0").ok()
    assert done.outcomes == {"pilot": "created", "app": "created"}
    assert (done.entries[1]["verified_as"], done.entries[1]["verified_by"]) == ([ROLE], "login")


def test_role_that_can_no_longer_be_assumed_reverts_mapping(postgresql):
    """The login must not be verified with the credentials of the task, which may log in as every user."""
    moves, ansible = postgresql
    moves.simulator.faults.add(operation="sts:AssumeRole", deny=True, after=1, times=None)
    failed = move(moves, ansible, APP, policy_timeout="0").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert f"verify_role_arn: {ROLE}: " in failed.entries[0]["msg"]
    assert (failed.entries[0]["verified_as"], failed.entries[0]["verified_by"]) == ([], None)
    assert moves.sql("legacy", PASSWORD, "SELECT session_user::text") == [("legacy",)]
    moves.simulator.faults.clear()
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}


def test_account_that_was_created_before_the_failure_is_reported(mariadb):
    moves, ansible = mariadb
    moves.admin(*CREATE_DBA)
    failed = move(moves, ansible, APP, **DBA).fails()
    (entry,) = failed.entries
    assert (entry["outcome"], entry["changed"]) == ("failed", True)
    attached, created = entry["actions"]
    assert attached.startswith("attach the inline policy ")
    assert created == "create user app@% with AWSAuthenticationPlugin"
    assert "Create or change the account: " in entry["msg"]
    assert "It is not known" not in entry["msg"]
    again = move(moves, ansible, APP).ok()
    assert again.entries[0]["actions"] == ["grant it SELECT on `sales`.*"]
    assert not move(moves, ansible, APP).ok().changed


def test_policy_that_was_attached_before_the_failure_is_reported(postgresql):
    """The module reads the policies again after it has written one."""
    moves, ansible = postgresql
    for number in itertools.count(1):
        moves.simulator.faults.add(operation="iam:ListRolePolicies", deny=True, after=number)
        failed = move(moves, ansible, APP).fails()
        moves.simulator.faults.clear()
        if moves.policies():
            break
        assert all(entry["actions"] == [] for entry in failed.entries)
    (entry,) = failed.entries
    assert (entry["outcome"], entry["changed"]) == ("failed", True)
    assert [text.partition(" passwordless")[0] for text in entry["actions"]] == ["attach the inline policy"]
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}


@contextlib.contextmanager
def session_expiring_at_the_first_policy(moves):
    """Let all sessions that exist at the start expire when the next run has attached a policy."""
    sessions = moves.simulator.world.sessions
    known = set(sessions)
    moves.simulator.calls_clear()
    stopped, expired = threading.Event(), threading.Event()

    def expire() -> None:
        while not any(call.operation.endswith("PutRolePolicy") for call in moves.simulator.calls):
            if stopped.wait(0.02):
                return
        for key in known:
            sessions[key] = replace(sessions[key], expires=PAST)
        expired.set()

    thread = threading.Thread(target=expire, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
    assert expired.is_set()


def test_administrator_token_expired_during_run_keeps_logins(postgresql):
    """The administrator logs in with a token that somebody else has signed, given as its password."""
    moves, ansible = postgresql
    moves.admin("CREATE ROLE dba CREATEROLE LOGIN", "GRANT rds_iam TO dba WITH ADMIN TRUE, INHERIT TRUE")
    moves.admin("GRANT legacy TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "arn:aws:rds-db:*:*:dbuser:*/dba"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    moves.iam.put_role_policy(RoleName="app", PolicyName="dba", PolicyDocument=document)
    token = moves.token("dba")
    with session_expiring_at_the_first_policy(moves):
        failed = move(moves, ansible, APP, admin_username="dba", admin_password=token).fails()
    (entry,) = failed.entries
    assert (entry["outcome"], entry["changed"]) == ("failed", True)
    assert "PAM authentication failed for user" in entry["msg"]
    assert token not in failed.text
    assert moves.sql("legacy", PASSWORD, "SELECT session_user::text") == [("legacy",)]
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}


def test_changes_are_unknown_if_the_server_cannot_be_read_again(mariadb):
    """The administrator loses its rights while the role changes the account."""
    moves, ansible = mariadb
    moves.admin(*CREATE_DBA, "GRANT SELECT ON sales.* TO dba WITH GRANT OPTION")
    stopped = threading.Event()

    def revoke() -> None:
        while not stopped.wait(0.01):
            if moves.admin("SELECT 1 FROM mysql.user WHERE user = 'app'"):
                moves.admin("ALTER USER dba ACCOUNT LOCK")
                return

    thread = threading.Thread(target=revoke, daemon=True)
    thread.start()
    try:
        failed = move(moves, ansible, APP, **DBA).fails()
    finally:
        stopped.set()
        thread.join()
    (entry,) = failed.entries
    assert (entry["outcome"], entry["changed"]) == ("failed", True)
    planned = "create user app@% with AWSAuthenticationPlugin; grant it SELECT on `sales`.*"
    assert f"It is not known which of these changes were made: {planned}." in entry["msg"]


@pytest.mark.parametrize("requirement", ["X509", "ISSUER '/CN=ca'", "SUBJECT '/CN=app'"])
def test_requirement_of_a_certificate_is_not_weakened(mariadb, requirement):
    """The login without a certificate fails, so nothing may be mapped or weakened."""
    moves, ansible = mariadb
    move(moves, ansible, {**PILOT, "grants": ["sales.*:SELECT"]}).ok()
    moves.admin(
        f"ALTER USER worker REQUIRE {requirement}",
        f"CREATE USER app IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE {requirement}",
    )
    before = moves.admin("SHOW CREATE USER worker")
    assert f"REQUIRE {requirement}" in before[0][0]
    failed = move(moves, ansible, PILOT, WORKER, policy_timeout="0").fails()
    assert failed.outcomes["worker"] == "rolled_back"
    assert moves.admin("SHOW CREATE USER worker") == before
    move(moves, ansible, APP, policy_timeout="0").fails()
    assert f"REQUIRE {requirement}" in moves.admin("SHOW CREATE USER app")[0][0]


def test_requirement_of_a_cipher_is_kept(mariadb):
    moves, ansible = mariadb
    ((_name, cipher),) = moves.admin("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
    moves.admin(f"ALTER USER legacy REQUIRE CIPHER '{cipher}'")
    assert move(moves, ansible, APP).ok().outcomes == {"app": "created"}
    assert f"REQUIRE CIPHER '{cipher}'" in moves.admin("SHOW CREATE USER app")[0][0]
    assert not move(moves, ansible, APP).ok().changed
