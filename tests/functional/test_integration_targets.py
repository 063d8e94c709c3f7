# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The integration targets of ansible-test, against the simulator."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from ansible_collections.passwordless.rds.scripts.tree import copy_collection
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, ROOT, Ansible
from ansible_collections.passwordless.rds.tests.samples import quick_first

FOLDER = ROOT / "tests" / "integration" / "targets"
TARGETS = sorted(path.name for path in FOLDER.iterdir() if not path.name.startswith("setup_"))
# the requests of each target that change something: a preview and a second run send none
CHANGES = {
    # The DB instance: scheduled and cancelled, enabled and disabled; the cluster: enabled and disabled; then both.
    "rds_iam_auth": {
        "CreateDBInstance": 2,
        "CreateDBCluster": 1,
        "ModifyDBInstance": 6,
        "ModifyDBCluster": 4,
        "DeleteDBInstance": 2,
        "DeleteDBCluster": 1,
    },
    "rds_iam_auth_info": {"CreateDBInstance": 1, "DeleteDBInstance": 1},
    "rds_connect_policies_info": {
        "CreateDBInstance": 1,
        "DeleteDBInstance": 1,
        "iam:CreatePolicy": 1,
        "iam:DeletePolicy": 1,
    },
    "rds_login_check": {"CreateDBInstance": 1, "DeleteDBInstance": 1},
    "rds_users_info": {"CreateDBInstance": 1, "DeleteDBInstance": 1},
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
    assert sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("rds_*.py")) == TARGETS == sorted(CHANGES)


def run_target(sim, folder, target, collection=None):
    """Run a target against the simulator. ``collection`` is a copy of the collection under ``folder / "tree"``."""
    collection = collection or copy_collection(folder / "tree")
    (collection / "tests" / "integration" / "cloud-config-aws.ini").write_text(
        "[default]\n"
        f"aws_access_key: {KEYS['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_key: {KEYS['AWS_SECRET_ACCESS_KEY']}\n"
        f"aws_region: {KEYS['AWS_REGION']}\n"
        f"simulator_url: {sim.url}\n"
    )
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return subprocess.run(
        ["ansible-test", "integration", "--local", "--python", version, "--color", "no", target],
        cwd=collection,
        env={**os.environ, "HOME": str(folder), "ANSIBLE_COLLECTIONS_PATH": str(folder / "tree")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANG,
        check=False,
    )


def changes(sim):
    """Count the requests that are not reads."""
    return Counter(
        call.operation
        for call in sim.calls
        if not call.operation.startswith(("Describe", "List", "sts:Get", "iam:Get", "iam:List"))
    )


def databases(sim):
    """Return the identifiers of the databases that the simulator still has."""
    sim.clock.settle()
    return [name for backend in sim.world.backends() for name in (*backend.instances, *backend.clusters)]


@pytest.mark.parametrize("target", quick_first(TARGETS, {"rds_users_info"}))
def test_integration_target_passes(sim, tmp_path, target):
    done = run_target(sim, tmp_path, target)
    assert done.returncode == 0, done.stdout
    assert changes(sim) == CHANGES[target]
    assert databases(sim) == []


@pytest.mark.slow
def test_integration_target_failed_deletes_databases(sim, tmp_path):
    collection = copy_collection(tmp_path / "tree")
    first = collection / "tests" / "integration" / "targets" / "rds_iam_auth" / "tasks" / "refusals.yml"
    first.write_text("- ansible.builtin.fail:\n    msg: this test fails\n")
    done = run_target(sim, tmp_path, "rds_iam_auth", collection)
    assert done.returncode != 0
    assert "this test fails" in done.stdout
    assert changes(sim) == {"CreateDBInstance": 2, "CreateDBCluster": 1, "DeleteDBInstance": 2, "DeleteDBCluster": 1}
    assert databases(sim) == []


@pytest.mark.parametrize(("kind", "engine"), quick_first([("instance", "mysql"), ("cluster", "aurora-mysql")]))
def test_integration_target_existing_database_is_refused(ansible, sim, kind, engine):
    sim.seed({f"db_{kind}s": [{"identifier": f"taken-{kind}", "engine": engine}]})
    ran = ansible.play(
        [{"include_tasks": str(FOLDER / "setup_rds" / "tasks" / "refuse_existing.yml")}],
        vars={"setup_rds_instances": ["free", "taken-instance"], "setup_rds_clusters": ["taken-cluster"]},
    )
    assert ran.code != 0
    assert "One of these databases exists already: free, taken-instance, taken-cluster" in ran.output


@pytest.mark.parametrize("target", quick_first(TARGETS))
def test_integration_target_long_prefix_gives_valid_identifiers(tmp_path, target):
    ran = Ansible("http://127.0.0.1:9", tmp_path).play(
        [{"debug": {"msg": f"{{{{ {target}_instances + {target}_clusters }}}}"}}],
        vars={"resource_prefix": "Ansible-Test-12345678-Some_Machine--of.mine-" + "x" * 40},
        vars_files=[str(FOLDER / target / "defaults" / "main.yml")],
    )
    assert ran.code == 0, ran.output
    names = ran.tasks[-1].result["msg"]
    assert names
    for name in names:
        assert re.fullmatch(r"ansible-test-12345678-some-machine-of-mine-x+(-[a-z0-9]+)+", name)
        assert len(name) <= 63
