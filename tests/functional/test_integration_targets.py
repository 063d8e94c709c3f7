# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The integration targets of ansible-test, against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import boto3
import pytest
from ansible_collections.passwordless.rds.scripts.tree import copy_collection
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, ROOT, Ansible
from moto.server import ThreadedMotoServer

FOLDER = ROOT / "tests" / "integration" / "targets"
TARGETS = sorted(path.name for path in FOLDER.iterdir() if not path.name.startswith("setup_"))
# the requests of each target that change something: a preview and a second run send none
CHANGES = {
    # queued and cancelled, on and off; the cluster on and off; both on and off
    "rds_iam_auth": {"ModifyDBInstance": 6, "ModifyDBCluster": 4, "DeleteDBInstance": 2, "DeleteDBCluster": 1},
    "rds_iam_auth_info": {"CreateDBInstance": 1, "DeleteDBInstance": 1},
    "rds_login_check": {"CreateDBInstance": 1, "DeleteDBInstance": 1},
    "rds_create_iam": {"CreateDBInstance": 2, "CreateDBCluster": 1, "DeleteDBInstance": 2, "DeleteDBCluster": 1},
    "rds_restore_iam": {
        "CreateDBInstance": 1,
        "CreateDBSnapshot": 1,
        "RestoreDBInstanceFromDBSnapshot": 1,
        "DeleteDBInstance": 2,
        "DeleteDBSnapshot": 1,
    },
}


def test_every_module_has_a_target():
    assert sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")) == TARGETS == sorted(CHANGES)


@pytest.mark.parametrize("target", TARGETS)
def test_integration_target_passes(sim, tmp_path, target):
    collection = copy_collection(tmp_path / "tree")
    (collection / "tests" / "integration" / "cloud-config-aws.ini").write_text(
        "[default]\n"
        f"aws_access_key: {KEYS['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_key: {KEYS['AWS_SECRET_ACCESS_KEY']}\n"
        f"aws_region: {KEYS['AWS_REGION']}\n"
        f"simulator_url: {sim.url}\n"
    )
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    done = subprocess.run(
        ["ansible-test", "integration", "--local", "--python", version, "--color", "no", target],
        cwd=collection,
        env={**os.environ, "HOME": str(tmp_path), "ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "tree")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    made = Counter(
        call.operation for call in sim.calls if not call.operation.startswith(("Describe", "List", "sts:Get"))
    )
    assert made == CHANGES[target]
    sim.clock.settle()
    (backend,) = sim.world.backends()
    assert [*backend.instances, *backend.clusters] == []


def test_integration_account_resources_are_created_and_deleted(tmp_path):
    """Create and delete the databases for a real account, against plain moto. The simulator only seeds them."""
    role = ROOT / "tests" / "integration" / "targets" / "rds_iam_auth"
    moto = ThreadedMotoServer(port=0, verbose=False)
    moto.start()
    try:
        endpoint = "http://{}:{}".format(*moto.get_host_and_port())
        ran = Ansible(endpoint, tmp_path).play(
            [
                {"include_tasks": str(role / "tasks" / name)}
                for name in ("find.yml", "create.yml", "find.yml", "remove.yml")
            ],
            vars={"resource_prefix": "Ansible-Test-12345678-Some_Machine--of.mine-" + "x" * 40},
            vars_files=[str(role / "defaults" / "main.yml")],
        )
        rds = boto3.client(
            "rds",
            endpoint_url=endpoint,
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        left = rds.describe_db_instances()["DBInstances"] + rds.describe_db_clusters()["DBClusters"]
    finally:
        moto.stop()
    assert ran.code == 0, ran.output
    before, between = (
        task.result["ansible_facts"]["rds_iam_auth_found"] for task in ran.tasks if task.name == "Note what there is"
    )
    prefix = "ansible-test-12345678-some-machine-of-mine-xxxxx"
    assert (before, left) == ([], [])
    assert between == [f"{prefix}-aurora-1", f"{prefix}-mysql", f"{prefix}-aurora"]
    assert max(map(len, between)) <= 63
