# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The examples in the module documentation and in the README run unchanged."""

from __future__ import annotations

import importlib
import re

import boto3
import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, ROOT
from ansible_collections.passwordless.rds.tests.samples import quick_first

FLEET = {
    "db_parameter_groups": [
        {"name": "legacy-pg13", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}},
        {"name": "orders-pg16", "family": "postgres16"},
    ],
    "snapshots": [{"identifier": "orders-monday", "source": "orders"}],
    # of a DB instance that was deleted
    "automated_backups": [{"source": "reports", "engine": "mysql", "resource_id": "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"}],
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "tags": {"env": "prod", "team": "payments"}},
        {"identifier": "web-1", "engine": "mysql"},
        {"identifier": "legacy", "engine": "postgres", "engine_version": "13.20", "db_parameter_group": "legacy-pg13"},
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "shop-replica", "engine": "mysql", "source": "shop"},
        {"identifier": "payments", "engine": "mysql", "iam_database_authentication_enabled": True},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2}],
    "iam_roles": [{"name": "orders-service"}],
}
BUCKET = "mysql-backups"
# the examples of these need a server: test_login_examples.py
LOGIN = {"rds_login_check", "rds_users_info"}
MODULES = sorted({path.stem for path in (ROOT / "plugins" / "modules").glob("rds_*.py")} - LOGIN)


@pytest.fixture
def backups(sim):
    """A MySQL backup in S3, which is part of the simulator's server."""
    client = boto3.client(
        "s3",
        endpoint_url=sim.url,
        region_name=KEYS["AWS_REGION"],
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    if BUCKET not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": KEYS["AWS_REGION"]})
    client.put_object(Bucket=BUCKET, Key="monday/backup.xbstream", Body=b"data")


def restores(sim):
    """The requests that restored a database, each once and in order."""
    return list(dict.fromkeys(call.operation for call in sim.calls if call.operation.startswith("Restore")))


@pytest.mark.parametrize("module", quick_first(MODULES, {"rds_connect_policies_info"}))
@pytest.mark.usefixtures("backups")
def test_examples_of_modules_run(sim, ansible, module):
    code = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{module}")
    tasks = yaml.safe_load(code.EXAMPLES)
    sim.seed(FLEET)
    defaults = {f"passwordless.rds.{module}": {"wait_delay": 0.2} if "wait_delay" in code.ARGUMENT_SPEC else {}}
    preview = ansible.play(tasks, "--check", "--diff", module_defaults=defaults)
    assert preview.code == 0, preview.output
    ran = ansible.play(tasks, module_defaults=defaults)
    assert ran.code == 0, ran.output
    assert not [task.name for task in ran.tasks if task.state not in ("ok", "skipped")]


@pytest.mark.usefixtures("backups")
@pytest.mark.slow
def test_guide_restores_playbook(sim, ansible):
    sim.seed(FLEET)
    path = ansible.folder / "restores.yml"
    text = documents.captioned("guide_restoring")["restores.yml"]
    # time passes faster in the simulator
    path.write_text(text.replace("region: eu-west-1", "region: eu-west-1\n      wait_delay: 0.2"))
    preview = ansible.run("ansible-playbook", str(path), "--check", "--diff")
    assert preview.code == 0, preview.output
    assert restores(sim) == []
    ran = ansible.run("ansible-playbook", str(path))
    assert ran.code == 0, ran.output
    assert restores(sim) == [
        "RestoreDBClusterToPointInTime",
        "RestoreDBInstanceToPointInTime",
        "RestoreDBClusterFromS3",
    ]
    assert [task.result["database"]["iam_database_authentication_enabled"] for task in ran.tasks] == [
        False,  # the setting of ledger
        True,
        True,  # the setting of payments
        True,
    ]
    again = ansible.run("ansible-playbook", str(path))
    assert "changed=0" in again.output


def test_readme_playbook_runs(sim, ansible):
    (text,) = (block.text for block in documents.readme() if block.language == "yaml")
    sim.seed(FLEET)
    path = ansible.folder / "readme.yml"
    path.write_text(text)
    preview = ansible.run("ansible-playbook", str(path), "--check", "--diff")
    ran = ansible.run("ansible-playbook", str(path))
    again = ansible.run("ansible-playbook", str(path))
    for done in (preview, ran, again):
        assert done.code == 0, done.output
    assert "changed=1" in preview.output
    assert "changed=1" in ran.output
    assert "changed=0" in again.output


@pytest.mark.parametrize("program", quick_first(["ansible", "ansible-playbook"]))
def test_readme_commands_run(sim, ansible, program):
    sim.seed(FLEET)
    commands = documents.commands(documents.readme(), program)
    assert commands
    for command in commands:
        ran = ansible.run("sh", "-c", command)
        assert ran.code == 0, ran.output


def test_readme_links_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).is_file(), target
