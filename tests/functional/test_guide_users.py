# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The playbooks of the guide on users run unchanged, apart from the path of the certificates and the local port."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import Ansible
from ansible_collections.passwordless.rds.tests.functional.test_users_examples import DATABASE, PASSWORD
from ansible_collections.passwordless.rds.tests.functional.test_users_examples import FLEET as EXAMPLES
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
]

ORDERS = {
    "identifier": "orders",
    "engine": "postgres",
    "users": [{"name": "auditor", "iam": True}, {"name": "report", "password": "password-of-report-1"}],
    **DATABASE,
}
FLEET = {"iam_users": EXAMPLES["iam_users"], "db_instances": [ORDERS]}


@pytest.fixture
def play(tmp_path):
    """Return a function that runs a playbook of the guide."""
    with server.Simulator(port=0) as simulator:
        simulator.seed(FLEET)
        (login,) = simulator.logins()
        # the first login starts the server, which takes longer on a busy machine
        defaults = {"connect_host": "127.0.0.1", "connect_port": login["listen_port"], "timeout": 60}

        def _play(caption, **variables):
            text = documents.captioned("guide_users")[caption]
            text = text.replace("/etc/ssl/rds/global-bundle.pem", simulator.ca_file)
            (playbook,) = yaml.safe_load(text)
            playbook["module_defaults"] = {"passwordless.rds.rds_users_info": defaults}
            playbook["vars"] = variables
            path = tmp_path / caption
            path.write_text(yaml.safe_dump([playbook], sort_keys=False))
            return Ansible(simulator.url, tmp_path).run("ansible-playbook", str(path))

        yield _play


def test_guide_inventory_lists_users_with_passwords(play):
    ran = play("inventory.yml", admin_password=PASSWORD)
    assert ran.code == 0, ran.output
    assert ran.tasks[-1].result["msg"] == ["postgres", "report"]
    assert PASSWORD not in ran.output


def test_guide_proof_fails_while_passwords_remain(play):
    ran = play("proof.yml")
    assert [task.state for task in ran.tasks] == ["ok", "ok", "failed"], ran.output
    assert "2 of 3 users can or may log in with a password" in ran.tasks[-1].result["msg"]
    (wide,) = ran.tasks[1].result["statements"]
    assert "user/administrator" in str(wide["principals"])
