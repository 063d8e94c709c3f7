# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Templates in tags, names and errors of the account are never evaluated by playbooks and roles."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow
READABLE = "written in tags"


class Templates:
    """Texts that write a file if Ansible evaluates them as templates."""

    def __init__(self, folder):
        self.file = folder / "evaluated"
        command = f"echo evaluated > {self.file}"
        self.expression = f"{{{{ lookup('ansible.builtin.pipe', '{command}') }}}} {READABLE}"
        self.block = f"{{% if lookup('ansible.builtin.pipe', '{command}') %}}{{% endif %}} {READABLE}"
        self.tags = {"env": "test", "note": self.expression, self.block: "x"}

    @property
    def evaluated(self):
        return self.file.exists()


@pytest.fixture
def templates(tmp_path):
    return Templates(tmp_path)


@pytest.fixture
def fleet(sim, templates):
    """Return the fleet: two databases whose tags, versions and pending changes are templates."""
    hostile = {
        "tags": templates.tags,
        "extra": {"PendingModifiedValues": {"LicenseModel": templates.expression}},
    }
    sim.seed(
        {
            "db_instances": [
                {"identifier": "orders", "engine": "mysql", **hostile},
                {"identifier": "stopped", "engine": "mysql", "status": templates.expression, "tags": templates.tags},
            ],
            "db_clusters": [
                {"identifier": "ledger", "engine": "aurora-mysql", "members": 1, "tags": templates.tags},
            ],
            "snapshots": [{"identifier": "monday", "source": "orders"}],
        }
    )
    return sim


def refuse(sim, templates, operation):
    sim.faults.add(operation=operation, code="InvalidParameterValue", message=templates.expression, times=None)


def test_template_that_is_trusted_writes_the_file(ansible, templates):
    """The other tests could not fail without this."""
    ran = ansible.play([{"ansible.builtin.debug": {"msg": templates.expression}}])
    assert ran.code == 0, ran.output
    assert templates.evaluated


def test_facts_of_databases_are_not_evaluated(fleet, ansible, templates):
    found = "{{ found.databases }}"
    ran = ansible.play(
        [
            {"passwordless.rds.rds_iam_auth_info": {}, "register": "found"},
            {"ansible.builtin.set_fact": {"facts": found, "first": "{{ (found.databases | first).tags }}"}},
            {"ansible.builtin.set_fact": {"again": "{{ facts }}", "lines": "{{ facts | map(attribute='tags') }}"}},
            {"ansible.builtin.debug": {"msg": "{{ again }} {{ lines }} {{ first.note }}"}},
            {"ansible.builtin.debug": {"msg": "{{ item.tags }}"}, "loop": "{{ again }}"},
            {
                "passwordless.rds.rds_iam_auth": {"select": {"all": True}, "on_problem": "skip"},
                "check_mode": True,
                "register": "plan",
            },
            {"ansible.builtin.set_fact": {"table": "{{ plan.databases | passwordless.rds.result_table(true) }}"}},
            {"ansible.builtin.debug": {"msg": "{{ table }} {{ table | join }}"}},
            {"ansible.builtin.assert": {"that": "table | length > 1", "fail_msg": "{{ table }}"}},
        ]
    )
    assert ran.code == 0, ran.output
    assert READABLE in ran.output
    assert not templates.evaluated


@pytest.mark.parametrize("check", [True, False])
def test_rollout_does_not_evaluate_tags_and_errors(fleet, ansible, templates, check):
    refuse(fleet, templates, "ModifyDBCluster")
    path = ansible.folder / "report.json"
    answers = {
        "waves": "- tags: {env: test}\n",
        "apply_immediately": "true",
        "apply_other_pending_changes": "true",
        "wait_delay": "0.2",
        "wait_timeout": "5",
        "report_path": str(path),
    }
    variables = json.dumps({f"rds_rollout_{name}": value for name, value in answers.items()})
    ran = ansible.run(
        "ansible-playbook", "passwordless.rds.rollout", "-e", variables, *(["--check", "--diff"] if check else [])
    )
    assert READABLE in ran.output
    # nothing is requested in check mode, so there is no error of AWS to report
    assert (READABLE in path.read_text()) is not check
    assert not templates.evaluated


@pytest.mark.parametrize(
    ("playbook", "answers", "operation"),
    [
        (
            "enable",
            {
                "rds_iam_auth_select_all": "true",
                "rds_iam_auth_on_problem": "skip",
                "rds_iam_auth_wait_timeout": "5",
            },
            "ModifyDBCluster",
        ),
        (
            "restore",
            {
                "rds_restore_iam_source_kind": "snapshot",
                "rds_restore_iam_source_name": "monday",
                "rds_restore_iam_target_kind": "instance",
                "rds_restore_iam_target_name": "copy",
            },
            "RestoreDBInstanceFromDBSnapshot",
        ),
    ],
)
def test_playbook_does_not_evaluate_errors(fleet, ansible, templates, playbook, answers, operation):
    refuse(fleet, templates, operation)
    ran = ansible.run("ansible-playbook", f"passwordless.rds.{playbook}", "-e", json.dumps(answers), "--diff")
    # on_problem=skip reports the database, and succeeds
    assert ran.code == (0 if playbook == "enable" else 2), ran.output
    assert READABLE in ran.output
    assert not templates.evaluated


def test_drill_does_not_evaluate_errors(fleet, ansible, templates):
    refuse(fleet, templates, "RestoreDBInstanceToPointInTime")
    path = ansible.folder / "receipt.json"
    given = {
        "restore": {
            "db_instance_identifier": "drill",
            "source_db_instance_identifier": "orders",
            "use_latest_restorable_time": True,
        },
        "users": [{"name": "app"}],
        "ca_cert": "/etc/ssl/certs/ca-certificates.crt",
        "receipt_path": str(path),
    }
    role = {"ansible.builtin.import_role": {"name": "passwordless.rds.restore_drill"}}
    ran = ansible.play([role], vars={f"restore_drill_{name}": value for name, value in given.items()})
    assert READABLE in ran.output, ran.output
    assert READABLE in path.read_text()
    assert not templates.evaluated


def test_users_role_does_not_evaluate_errors(fleet, ansible, templates):
    refuse(fleet, templates, "DescribeDBInstances")
    answers = {"db_instance": "orders", "admin_username": "admin", "ca_cert": "/ca.pem", "users": "- name: app"}
    variables = json.dumps({f"rds_users_{name}": value for name, value in answers.items()})
    ran = ansible.run("ansible-playbook", "passwordless.rds.users", "-e", variables)
    assert READABLE in ran.output, ran.output
    assert not templates.evaluated


def test_lookup_does_not_evaluate_errors(fleet, ansible, templates):
    refuse(fleet, templates, "DescribeDBInstances")
    token = "{{ lookup('passwordless.rds.rds_auth_token', 'instance/orders', username='app') }}"
    ran = ansible.play([{"ansible.builtin.debug": {"msg": token}}])
    assert READABLE in ran.output, ran.output
    assert not templates.evaluated
