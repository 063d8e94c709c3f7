# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The molecule scenario, copied into a project of one's own as the guide says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess

import pytest
from ansible_collections.passwordless.rds.tests.functional import documents

(COMMAND,) = documents.commands(documents.guide("guide_testing"), "molecule")


@pytest.fixture
def molecule(tmp_path):
    """Run molecule in a project that holds a copy of the scenarios."""
    project = tmp_path / "project"
    shutil.copytree(documents.ROOT / "extensions" / "molecule", project / "molecule")

    def _molecule(*arguments):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment = {
            **kept,
            "ANSIBLE_HOME": str(tmp_path / "ansible"),
            "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "state"),
            "NO_COLOR": "1",
        }
        return subprocess.run(
            arguments,
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )

    _molecule.project = project
    return _molecule


def test_the_scenario(molecule):
    done = molecule(*shlex.split(COMMAND))
    assert done.returncode == 0, done.stdout
    for step in ("create", "prepare", "converge", "idempotence", "verify", "destroy"):
        assert f"rds_iam_auth > {step}: Executed: Successful" in done.stdout


def test_a_playbook_that_always_changes_something_fails_idempotence(molecule):
    scenario = molecule.project / "molecule" / "rds_iam_auth"
    (scenario / "converge.yml").write_text(
        "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
        "    - name: Change something each time\n      ansible.builtin.command: 'true'\n"
    )
    config = molecule.project / "molecule" / "config.yml"
    text = config.read_text()
    steps = re.search(r"  test_sequence:\n(?:    - \w+\n)+", text)
    config.write_text(text.replace(steps[0], "  test_sequence:\n    - converge\n    - idempotence\n"))
    done = molecule(*shlex.split(COMMAND))
    assert done.returncode != 0
    assert "Idempotence test failed" in done.stdout
