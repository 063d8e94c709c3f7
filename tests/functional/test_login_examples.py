# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The examples in the documentation of ``rds_login_check`` run unchanged, apart from the paths and the local port."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.modules import rds_login_check
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, Ansible
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

pytest.importorskip("psycopg")
pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

BUNDLE, PORT = "/etc/ssl/rds/global-bundle.pem", 15432
PASSWORD = "password-of-the-administrator"
DATABASE = {"login": True, "iam_database_authentication_enabled": True, "users": [{"name": "app", "iam": True}]}
# the first login starts the server, which takes longer on a busy machine
DEFAULTS = {"passwordless.rds.rds_login_check": {"timeout": 60}}
KEY = {"access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
ALLOW = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [ALLOW]}
FLEET = {
    "iam_users": [{"name": "developer", "access_keys": [KEY], "policies": {"login": POLICY}}],
    "db_instances": [{"identifier": "orders", "engine": "postgres", **DATABASE}],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-postgresql",
            "members": 1,
            "master_user_password": PASSWORD,
            "databases": ["ledger"],
            **DATABASE,
        }
    ],
}


@pytest.fixture(scope="module")
def simulator():
    with server.Simulator(port=0) as simulator:
        simulator.seed(FLEET)
        yield simulator


def examples(simulator):
    """Return the tasks with the paths and ports of this host."""
    (cluster,) = [one for one in simulator.logins() if one["endpoint"].startswith("ledger.cluster-c9")]
    (instance,) = [one for one in simulator.logins() if one["endpoint"].startswith("orders.")]
    assert rds_login_check.EXAMPLES.count(BUNDLE) == 2
    assert rds_login_check.EXAMPLES.count(str(PORT)) == 1
    text = rds_login_check.EXAMPLES.replace(BUNDLE, simulator.ca_file).replace(str(PORT), str(cluster["listen_port"]))
    tasks = yaml.safe_load(text)
    # the simulated endpoint has no address of its own
    tasks[0]["passwordless.rds.rds_login_check"].update(connect_host="127.0.0.1", connect_port=instance["listen_port"])
    return tasks


@pytest.mark.parametrize("more", [(), pytest.param(("--check", "--diff"), marks=pytest.mark.slow)])
def test_login_examples_log_in(simulator, tmp_path, more):
    ran = Ansible(simulator.url, tmp_path).play(
        examples(simulator), *more, vars={"admin_password": PASSWORD}, module_defaults=DEFAULTS
    )
    assert ran.code == 0, ran.output
    assert [task.state for task in ran.tasks] == ["ok", "ok", "skipped"]
    assert [task.result.get("user") for task in ran.tasks[:2]] == ["app", "app"]


def test_login_examples_show_cause_and_remedy(simulator, tmp_path):
    simulator.settings.update(login_clock_ahead=1000.0)
    try:
        tasks = examples(simulator)[1:]
        ran = Ansible(simulator.url, tmp_path).play(tasks, vars={"admin_password": PASSWORD}, module_defaults=DEFAULTS)
    finally:
        simulator.settings.update(login_clock_ahead=0.0)
    assert ran.code == 0, ran.output
    assert ran.tasks[-1].result["msg"].startswith("clock_skew: Synchronize the clock of the host")
    assert PASSWORD not in ran.output
