# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""ansible-test integration, against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from ansible_collections.passwordless.rds.scripts.tree import copy_collection
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, ROOT

TARGETS = sorted(path.name for path in (ROOT / "tests" / "integration" / "targets").iterdir())


@pytest.mark.parametrize("target", TARGETS)
def test_target(sim, tmp_path, target):
    collection = copy_collection(tmp_path / "tree")
    (collection / "tests" / "integration" / "cloud-config-aws.ini").write_text(
        "[default]\n"
        f"aws_access_key: {KEYS['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_key: {KEYS['AWS_SECRET_ACCESS_KEY']}\n"
        f"aws_region: {KEYS['AWS_REGION']}\n"
        "resource_prefix: passwordless-rds\n"
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
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert [call for call in sim.calls if call.operation == "ModifyDBInstance"]
