# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The Molecule scenarios, copied into another project as the guide describes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest
from ansible_collections.passwordless.rds.scripts.tree import AMAZON_AWS
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG

GUIDE = documents.guide("guide_testing")
(COPY,) = documents.commands(GUIDE, "cp")
(COMMAND,) = documents.commands(GUIDE, "molecule")
# without the settings of the scenario, these variables would redirect a playbook
ELSEWHERE = {
    "AWS_PROFILE": "production",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ENDPOINT_URL_RDS": "http://127.0.0.1:1",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/production",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent",
}


@pytest.fixture
def molecule(tmp_path):
    """Return a function that runs Molecule in a project with a copy of the scenarios and both collections.

    The project is the only place where Molecule can find them.
    """
    project = tmp_path / "project"
    for name, checkout in {"passwordless/rds": documents.ROOT, "amazon/aws": AMAZON_AWS.resolve()}.items():
        place = project / "collections" / "ansible_collections" / name
        place.parent.mkdir(parents=True)
        place.symlink_to(checkout)
    subprocess.run(shlex.split(COPY), cwd=project, check=True)
    foreign = re.compile(r"AWS_|ANSIBLE_|MOLECULE_|PYTHONPATH$")
    kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}

    def _molecule(*arguments):
        return subprocess.run(
            arguments,
            cwd=project,
            env={**kept, **ELSEWHERE, "HOME": str(tmp_path), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=HANG,
            check=False,
        )

    _molecule.project = project
    return _molecule


@pytest.mark.slow
def test_molecule_default_scenario_passes(molecule):
    done = molecule(*shlex.split(COMMAND))
    assert done.returncode == 0, done.stdout
    for step in ("create", "prepare", "converge", "idempotence", "verify", "destroy"):
        assert f"rds_iam_auth > {step}: Executed: Successful" in done.stdout
    assert "PLAY [Verify that queued changes are applied in the maintenance window]" in done.stdout
    # stop.yml has changed something when it has seen the simulator end
    ended = done.stdout.rpartition("[rds_iam_auth > destroy] Executing")[2]
    assert re.search(r"and wait until it has ended\] \*+\nchanged: \[localhost\]", ended), ended


@pytest.mark.slow
def test_molecule_restore_scenario_passes(molecule):
    done = molecule(*shlex.split(COMMAND.replace("rds_iam_auth", "rds_restore_iam")))
    assert done.returncode == 0, done.stdout
    for step in ("converge", "idempotence", "verify"):
        assert f"rds_restore_iam > {step}: Executed: Successful" in done.stdout


@pytest.mark.slow
def test_molecule_playbook_always_changed_fails_idempotence(molecule):
    scenario = molecule.project / "molecule" / "rds_iam_auth"
    (scenario / "converge.yml").write_text("- import_playbook: ../../playbook.yml\n")
    (molecule.project / "playbook.yml").write_text(
        "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
        "    - name: Change something each time\n      ansible.builtin.command: 'true'\n"
    )
    (scenario / "molecule.yml").write_text("scenario:\n  test_sequence: [converge, idempotence]\n")
    done = molecule(*shlex.split(COMMAND))
    assert done.returncode != 0
    assert "Idempotence test failed" in done.stdout
