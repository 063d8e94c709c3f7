# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""``rds_users_info`` against a real PostgreSQL server whose administrator is not a superuser, as in RDS."""

from __future__ import annotations

import contextlib
import copy

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_fleet import (
    MASTER,
    MASTER_PASSWORD,
    SEED,
    LoginFleet,
)
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

PASSWORD = "user-password-1"
UNUSUAL = ('o"brien', "o'brien", "App", "application user", "é" * 31, "100%", "select", "\\")
PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-12-31T23:59:59Z"
USERS = [
    {"name": "team", "can_login": False, "iam": True},
    {"name": "Squad", "can_login": False, "grants": ["team"]},
    {"name": "nested", "password": PASSWORD, "grants": ["Squad"]},
    {"name": "twice", "password": PASSWORD, "iam": True, "grants": ["Squad"]},
    {"name": "windows", "password": PASSWORD, "grants": ["rds_ad"]},
    {"name": "both", "password": PASSWORD, "iam": True, "grants": ["rds_ad"]},
    {"name": "past", "password": PASSWORD, "valid_until": PAST},
    {"name": "past_iam", "iam": True, "valid_until": PAST},
    {"name": "future", "password": PASSWORD, "valid_until": FUTURE},
    {"name": "without", "can_login": True},
    {"name": "manager", "password": PASSWORD},
    {"name": "indirect", "password": PASSWORD},
    *({"name": name, "password": PASSWORD} for name in UNUSUAL),
]

# memberships that the seed cannot describe
STATEMENTS = (
    "GRANT rds_iam TO manager WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    "GRANT team TO indirect WITH INHERIT FALSE, SET TRUE",
    "ALTER ROLE past VALID UNTIL '-infinity'",
)
EXPECTED = {
    "app": "iam",
    "plain": "password_possible",
    "team": "none",
    "Squad": "none",
    "nested": "iam",
    "twice": "iam",
    "windows": "kerberos",
    "both": "unknown",
    "past": "none",
    "past_iam": "iam",
    "future": "password_possible",
    "without": "password_possible",
    "manager": "password_possible",
    "indirect": "password_possible",
    "postgres": "password_possible",
    **dict.fromkeys(UNUSUAL, "password_possible"),
}


@pytest.fixture(scope="module")
def simulator():
    seed = copy.deepcopy(SEED)
    seed["db_instances"][0]["users"] += USERS
    with Simulator(speed=1.0) as running:
        running.seed(seed)
        fleet = LoginFleet(running, "instance")
        with fleet.undo, fleet.connect(MASTER["postgresql"], MASTER_PASSWORD) as connection:
            for statement in STATEMENTS:
                connection.execute(statement)
        yield running


@pytest.fixture(params=["instance"])
def fleet(simulator, request):
    fleet = LoginFleet(simulator, request.param)
    fleet.options.update(username=MASTER["postgresql"], password=MASTER_PASSWORD)
    with fleet.undo:
        yield fleet


@pytest.fixture
def run(fleet, capsys):
    """Return a function that runs the module, and makes sure that no secret is in the output."""
    runner = Runner("rds_users_info", fleet.simulator.url, capsys)

    def run(**options):
        found = runner(**{"session_token": None, **fleet.options, **options})
        for secret in ("X-Amz-Signature", fleet.caller["secret_key"], MASTER_PASSWORD, PASSWORD, "SCRAM-SHA-256"):
            assert secret not in runner.output
        assert not found.get("changed")
        return found

    return run


def by_name(result):
    assert not result.get("failed"), result["msg"]
    return {user["user"]: user for user in result["users"]}


def without_sessions(users):
    """Return users without their sessions: the server can still show the session of the run before."""
    return {name: {key: value for key, value in user.items() if key != "sessions"} for name, user in users.items()}


def repeatable(result):
    """Return a result without the values that differ between two equal runs.

    The server can still show the session of the run before.
    """
    kept = {name: value for name, value in result.items() if name not in ("invocation", "warnings", "deprecations")}
    return {**kept, "users": [{**user, "sessions": None} for user in result["users"]]}


def test_users_check_mode_and_second_run_return_the_same(fleet, run):
    first = run()
    assert not first.get("failed"), first["msg"]
    fleet.simulator.calls_clear()
    assert repeatable(run(check=True)) == repeatable(first)
    assert repeatable(run()) == repeatable(first)
    assert [call.operation for call in fleet.simulator.calls] == ["DescribeDBInstances"] * 2


def test_users_authentication_of_each(run):
    found = run()
    users = by_name(found)
    own = {name: user["authentication"] for name, user in users.items() if not user["is_system"]}
    assert own == EXPECTED
    assert found["summary"]["password_users"] == list(EXPECTED.values()).count("password_possible")
    assert found["summary"]["total"] == len(users)
    assert {name for name, user in users.items() if user["is_master"]} == {"postgres"}
    system = {name for name, user in users.items() if user["is_system"]}
    assert {"rdsadmin", "rds_iam", "rds_ad", "rds_superuser", "pg_monitor"} <= system
    assert found["server_version"].startswith("18.")
    assert found["notes"]


def test_users_granted_shows_each_path(run):
    users = by_name(run())
    granted = {
        name: [(one["role"], one["through"]) for one in user["granted"]["roles"]] for name, user in users.items()
    }
    assert granted["app"] == [("rds_iam", [])]
    assert granted["nested"] == [("rds_iam", ["Squad", "team"])]
    assert granted["twice"] == [("rds_iam", []), ("rds_iam", ["Squad", "team"])]
    assert granted["windows"] == [("rds_ad", [])]
    assert granted["both"] == [("rds_iam", []), ("rds_ad", [])]
    assert [granted[name] for name in ("manager", "indirect", "postgres", "rdsadmin", "rds_iam")] == [[]] * 5
    noted = [name for name, user in users.items() if any("does not inherit" in note for note in user["notes"])]
    assert set(noted) == {"manager", "indirect", "postgres"}


def test_users_expired_password_affects_password_only(run):
    users = by_name(run())
    ends = {
        name: (users[name]["valid_until"], users[name]["password_expired"]) for name in ("past", "past_iam", "future")
    }
    assert ends == {"past": ("-infinity", True), "past_iam": (PAST, True), "future": (FUTURE, False)}
    assert users["postgres"]["valid_until"] is None  # infinity
    assert users["past_iam"]["authentication"] == "iam"


@pytest.mark.parametrize("name", quick_first(["nested", "indirect", "both", "past_iam", "app", "manager", "plain"], 4))
def test_users_authentication_equals_that_of_the_front_door(fleet, run, capsys, name):
    """A user can log in with a token if and only if the module returns ``iam``."""
    fleet.allow(fleet.resource(user="*"))
    authentication = by_name(run())[name]["authentication"]
    options = {**fleet.options, "username": name, "session_token": None, "fail_on": "never"}
    del options["password"]
    found = Runner("rds_login_check", fleet.simulator.url, capsys)(**options)
    assert found["logged_in"] == (authentication == "iam"), (authentication, found["msg"])


def test_users_sessions_exclude_session_of_module(fleet, run):
    with contextlib.ExitStack() as stack:
        for _number in range(2):
            stack.enter_context(fleet.connect("plain", "plain-password-1"))
        users = by_name(run())
        assert (users["plain"]["sessions"], users["postgres"]["sessions"], users["app"]["sessions"]) == (2, 0, 0)
        other = by_name(run(username="plain", password="plain-password-1"))
        assert other["plain"]["sessions"] == 2


def test_users_any_user_with_a_token_reads_the_same(fleet, run):
    as_master = run()
    fleet.simulator.calls_clear()
    by_token = run(username="app", password=None)
    assert by_name(by_token) == by_name(as_master)
    assert [call.operation for call in fleet.simulator.calls] == ["DescribeDBInstances"]


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        ({"password": "wrong-password-1"}, "password authentication failed", "Check the user name, the password"),
        ({"username": "nobody"}, "password authentication failed", "Check the user name, the password"),
        ({"password": None}, "authentication failed", "Run passwordless.rds.rds_login_check"),
        ({"database": "no such"}, 'database "no such" does not exist', "Check the user name, the password"),
    ],
)
def test_users_failed_login_is_explained(run, options, message, remedy):
    found = run(**options)
    assert found["failed"]
    assert run(**options, check=True)["msg"] == found["msg"]
    assert message in found["msg"]
    assert remedy in found["msg"]
    assert "wrong-password-1" not in str(found)


def test_users_setting_does_not_change_authentication(fleet, run):
    before = by_name(run())
    fleet.change(IAMDatabaseAuthenticationEnabled=False)
    disabled = run()
    assert disabled["database"]["iam_database_authentication_enabled"] is False
    assert disabled["msg"].endswith("IAM database authentication is disabled.")
    fleet.change(PendingModifiedValues={"IAMDatabaseAuthenticationEnabled": True})
    pending = run()
    assert pending["database"]["pending_iam_database_authentication"] is True
    assert pending["msg"].endswith("IAM database authentication is disabled, and a change is pending.")
    assert without_sessions(by_name(disabled)) == without_sessions(by_name(pending)) == without_sessions(before)


def test_users_by_host_makes_no_call_and_does_not_know_master(fleet, run):
    described = by_name(run())
    fleet.use_host()
    fleet.simulator.calls_clear()
    found = run(access_key=None, secret_key=None)
    assert fleet.simulator.calls == []
    assert found["database"] is None
    expected = {name: {**user, "is_master": None} for name, user in described.items()}
    assert without_sessions(by_name(found)) == without_sessions(expected)


@pytest.mark.parametrize("fleet", ["cluster"], indirect=True)
def test_users_of_cluster_member_and_reader_are_the_same(fleet, run):
    writer = run()
    assert writer["database"]["kind"] == "cluster"
    member = fleet.record["DBClusterMembers"][0]["DBInstanceIdentifier"]
    logins = fleet.simulator.logins()
    (where,) = [one for one in logins if one["endpoint"].startswith(f"{member}.")]
    of_member = run(db_cluster_identifier=None, db_instance_identifier=member, connect_port=where["listen_port"])
    assert of_member["database"] == writer["database"]
    assert by_name(of_member) == by_name(writer)
    (reader,) = [one for one in logins if ".cluster-ro-" in one["endpoint"]]
    fleet.use_host()
    of_reader = run(login_host=reader["endpoint"], connect_port=reader["listen_port"])
    assert set(by_name(of_reader)) == set(by_name(writer))
