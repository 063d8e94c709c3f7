# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The examples in the documentation of ``rds_users_info`` run unchanged, apart from the paths and the local port."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.modules import rds_users_info
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, Ansible
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
]

BUNDLE, PORT = "/etc/ssl/rds/global-bundle.pem", 15432
PASSWORD = "password-of-the-master-user-1"
DATABASE = {"login": True, "iam_database_authentication_enabled": True, "master_user_password": PASSWORD}
USERS = [{"name": "app", "iam": True}, {"name": "report", "password": "password-of-report-1"}]
# the first login starts the server, which takes longer on a busy machine
DEFAULTS = {"passwordless.rds.rds_users_info": {"timeout": 60}}
KEY = {"access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
ALLOW = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [ALLOW]}
FLEET = {
    "iam_users": [{"name": "administrator", "access_keys": [KEY], "policies": {"login": POLICY}}],
    "db_instances": [{"identifier": "orders", "engine": "postgres", "users": USERS, **DATABASE}],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-postgresql",
            "members": 1,
            "users": [{"name": "admin_token", "iam": True}],
            **DATABASE,
        }
    ],
}


@pytest.fixture
def simulator():
    with server.Simulator(port=0) as simulator:
        simulator.seed(FLEET)
        yield simulator


def examples(simulator):
    """Return the tasks with the paths and ports of this host."""
    (cluster,) = [one for one in simulator.logins() if one["endpoint"].startswith("ledger.cluster-c9")]
    (instance,) = [one for one in simulator.logins() if one["endpoint"].startswith("orders.")]
    assert rds_users_info.EXAMPLES.count(BUNDLE) == 2
    assert rds_users_info.EXAMPLES.count(str(PORT)) == 1
    text = rds_users_info.EXAMPLES.replace(BUNDLE, simulator.ca_file).replace(str(PORT), str(cluster["listen_port"]))
    tasks = yaml.safe_load(text)
    # the simulated endpoint has no DNS name
    tasks[0]["passwordless.rds.rds_users_info"].update(connect_host="127.0.0.1", connect_port=instance["listen_port"])
    return tasks


@pytest.mark.parametrize("more", [(), ("--check", "--diff")])
def test_users_examples_report_master_user_password(simulator, tmp_path, more):
    ran = Ansible(simulator.url, tmp_path).play(
        examples(simulator), *more, vars={"master_password": PASSWORD}, module_defaults=DEFAULTS
    )
    assert [task.state for task in ran.tasks] == ["ok", "ok", "ok", "failed"], ran.output
    assert [user["user"] for user in ran.tasks[1].result["msg"]] == ["postgres", "report"]
    assert ran.tasks[3].result["msg"] == (
        "cluster/ledger: 1 of 2 users can or may log in with a password; 1 iam, 1 password_possible."
    )
    assert PASSWORD not in ran.output
