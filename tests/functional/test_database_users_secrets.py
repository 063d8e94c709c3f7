# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""After the role ``database_users``, no variable of the host and no fact cache contains a secret."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.user_moves import (
    ACCOUNT,
    BY_ROLE,
    MASTER_PASSWORD,
    PASSWORD,
    PILOT,
    UserMoves,
)
from moto.sts.models import sts_backends
from rds_simulator.requirements import missing_for_mariadb
from rds_simulator.server import server

pytest.importorskip("pymysql")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_for_mariadb()), reason="MariaDB is not installed"),
]

SELECT = "sales.*:SELECT"
WORKER = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
# the variables of a host, as ``debug: var=hostvars`` prints them, and those of a task, as far as they are defined
DUMP = [
    {
        "ansible.builtin.copy": {
            "content": "{{ hostvars[inventory_hostname] | to_json }}",
            "dest": "{{ playbook_dir }}/hostvars.json",
        }
    },
    {
        "ansible.builtin.copy": {"content": "{{ vars | to_json }}", "dest": "{{ playbook_dir }}/vars.json"},
        "ignore_errors": True,
    },
]


@pytest.fixture
def moves(tmp_path):
    with server.Simulator(port=0) as simulator:
        worker = {"name": "worker", "password": PASSWORD, "grants": ["SELECT ON sales.*"]}
        yield UserMoves(simulator, tmp_path, engine="mariadb", users=[worker])


def session_secrets():
    """Return the secrets of the sessions of assumed roles."""
    roles = [role for backend in sts_backends[ACCOUNT].values() for role in backend.assumed_roles]
    return [secret for role in roles for secret in (role.secret_access_key, role.session_token)]


def play(moves, *users, **changes):
    """Run the role with a fact cache, and then write the variables to files."""
    given = moves.variables(**{"policy_timeout": 1, **changes})
    variables = {name.replace("rds_users_", "database_users_"): value for name, value in given.items()}
    variables["database_users_db_instance_identifier"] = variables.pop("database_users_db_instance")
    role = {
        "ansible.builtin.include_role": {"name": "passwordless.rds.database_users"},
        "vars": {**variables, "database_users_timeout": 60, "database_users_users": list(users)},
    }
    tasks = [{"block": [role], "rescue": [{"ansible.builtin.debug": {}}]}, *DUMP]
    path = moves.ansible.folder / "secrets.yml"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    cache = {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(moves.ansible.folder / "cache")}
    return moves.ansible.run("ansible-playbook", str(path), **cache)


def test_no_secret_remains_in_variables_or_fact_cache(moves):
    (row,) = moves.admin("SELECT authentication_string FROM mysql.user WHERE user = 'worker'")
    moves.deny()
    ran = play(moves, {**PILOT, "grants": [SELECT]}, WORKER)
    assert "worker@%: rolled_back" in ran.output, ran.output
    folder = moves.ansible.folder
    written = [folder / "hostvars.json", folder / "vars.json", *(folder / "cache").glob("*")]
    assert "worker" in written[0].read_text()
    secrets = [row[0], *session_secrets(), "X-Amz-Signature", PASSWORD]
    assert len(set(secrets)) >= 7
    for path in written:
        found = path.read_text() if path.exists() else ""
        assert [secret for secret in secrets if secret in found] == [], path.name
    # the password of the administrator is a variable of the caller
    assert MASTER_PASSWORD not in ran.output


def test_no_secret_remains_after_failed_task(moves):
    """Ansible keeps the task that failed, with its options, for the task that handles the error."""
    ran = play(moves, WORKER, admin_password="wrong-password-1")
    assert ran.code == 0, ran.output
    found = (moves.ansible.folder / "hostvars.json").read_text()
    assert "ansible_failed_task" in found
    assert "Access denied for user" in found
    for secret in ("wrong-password-1", *session_secrets()):
        assert secret not in found
        assert secret not in ran.output
