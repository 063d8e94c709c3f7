# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The diff that the role ``database_users`` shows with ``--diff``: predicted in check mode, and equal in a real run."""

from __future__ import annotations

import pytest
import yaml

pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
from ansible_collections.passwordless.rds.tests.functional.user_histories import move, started
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, PILOT, ROLE

pytestmark = pytest.mark.slow

TASK = "Show the changes of the user"
APP = {"name": "app", "replaces": "legacy", "databases": ["sales"], **BY_ROLE}
WORKER = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
REMOVAL = {"name": "app", "state": "absent", "principals": [ROLE]}
LIMITED = {"name": "legacy", "password": PASSWORD, "connection_limit": 7}


@pytest.fixture
def postgresql(tmp_path):
    with started("postgres", tmp_path, users=[LIMITED, {"name": "worker", "password": PASSWORD}]) as found:
        yield found


@pytest.fixture
def mariadb(tmp_path):
    users = [{**LIMITED, "grants": ["SELECT ON sales.*"]}, {"name": "worker", "password": PASSWORD}]
    with started("mariadb", tmp_path, users=users) as found:
        yield found


def run(server, *users, options=()):
    """Return the run, and the states before and after for each user with a diff."""
    moves, ansible = server
    done = move(moves, ansible, *users, options=("--diff", *options)).ok()
    assert PASSWORD not in done.ran.output
    shown = [task.result["diff"] for task in done.ran.tasks if task.name.endswith(TASK) and task.result["changed"]]
    states = [(yaml.safe_load(diff["before"]), yaml.safe_load(diff["after"])) for diff in shown]
    return done, dict(zip([diff["before_header"].partition("@")[0] for diff in shown], states))


def lifecycle(server, *requests):
    """Preview and run each request. The state after a run is what the next run finds."""
    states = {}
    for users in requests:
        preview, predicted = run(server, *users, options=("--check",))
        done, shown = run(server, *users)
        assert predicted == shown
        assert (preview.outcomes, preview.changed) == (done.outcomes, done.changed) == (done.outcomes, True)
        assert "+++ after: " in preview.ran.output
        for name, (before, after) in shown.items():
            if name in states:
                # an entry names only its own principals, and a closed user is named only when it is closed
                keys = set(before) - {"policies", "replaced_user"}
                assert {key: before[key] for key in keys} == {key: states[name][key] for key in keys}
            states[name] = after
        again, nothing = run(server, *users)
        assert (nothing, again.changed) == ({}, False)
    return states


def test_diff_of_postgresql_users(postgresql):
    moves, _ansible = postgresql
    moves.admin("ALTER ROLE legacy SET work_mem TO '5MB'", "ALTER ROLE legacy IN DATABASE sales SET lock_timeout TO 7")
    states = lifecycle(postgresql, [PILOT, APP], [PILOT, WORKER], [{**APP, "close_replaced": True}], [REMOVAL])
    assert states["app"] == {
        "exists": True,
        "login": False,
        "mapped_to_iam": False,
        "inherit": True,
        "connection_limit": 7,
        "valid_until": "infinity",
        "member_of": ["legacy"],
        "connect": [],
        "settings": {"all databases": {"role": "legacy", "work_mem": "5MB"}, "sales": {"lock_timeout": "7"}},
        "policies": [],
    }
    assert states["worker"]["mapped_to_iam"]


def test_diff_of_mariadb_users(mariadb):
    moves, _ansible = mariadb
    rows = moves.admin("SELECT authentication_string FROM mysql.user WHERE user IN ('legacy', 'worker')")
    pilot = {**PILOT, "grants": ["sales.*:SELECT"]}
    worker = {**WORKER, "grants": ["sales.*:SELECT"]}
    states = lifecycle(mariadb, [pilot, APP], [pilot, worker], [{**APP, "close_replaced": True}], [REMOVAL])
    assert states["app"] == {
        "exists": True,
        "locked": True,
        "mapped_to_iam": True,
        "plugin": "AWSAuthenticationPlugin",
        "require": "SSL",
        "resource_limits": {"MAX_USER_CONNECTIONS": 7},
        "roles": [],
        "default_roles": [],
        "grants": {"`sales`.*": ["SELECT"]},
        "policies": [],
    }
    assert states["worker"]["plugin"] == "AWSAuthenticationPlugin"
    assert all(row[0] and row[0] not in str(states) for row in rows)


def test_failed_user_and_run_without_diff_show_no_diff(postgresql):
    moves, ansible = postgresql
    moves.deny()
    failed = move(moves, ansible, APP, options=("--diff",), policy_timeout="0").fails()
    assert failed.outcomes == {"app": "rolled_back"}
    assert "after: app" not in failed.ran.output
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    assert "after: app" not in move(moves, ansible, APP).ok().ran.output
