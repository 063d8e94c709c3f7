# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The audit covers all pinned requirements, and does not pass without an answer. A stand-in replaces pip-audit."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from ansible_collections.passwordless.rds.scripts import lock
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT

PIP_AUDIT = """#!/bin/sh
echo "$*" >>calls
case "$*" in *"$UNKNOWN"*) exit 1 ;; esac
"""


@pytest.fixture
def audit(tmp_path):
    """Return a function that runs the script, and returns its exit code and the calls of pip-audit."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "audit", tmp_path / "scripts")
    stand_in = tmp_path / ".venv" / "audit" / "bin" / "pip-audit"
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text(PIP_AUDIT)
    stand_in.chmod(0o755)

    def _audit(*options, unknown="nothing"):
        command = [str(tmp_path / "scripts" / "audit"), *options]
        done = subprocess.run(command, env={"UNKNOWN": unknown}, capture_output=True, timeout=HANG, check=False)
        return done.returncode, (tmp_path / "calls").read_text().splitlines()

    return _audit


def test_audit_covers_each_locked_file(audit):
    code, calls = audit("-s", "osv")
    assert code == 0
    read = [re.search(r"-r requirements/locked/(\w+)\.txt -s osv$", call)[1] for call in calls]
    # the constraints contain the requirements of all layers that share an environment
    assert sorted(read) == sorted([lock.CONSTRAINTS, *lock.SEPARATE])
    assert [call for call in calls if "--strict" not in call] == []


@pytest.mark.parametrize("name", ["constraints", "uv"])
def test_audit_without_an_answer_for_one_package_fails(audit, name):
    assert audit(unknown=name)[0] != 0


def test_audit_is_no_gate():
    """It needs a service, so a gate could pass without having run."""
    for path in ("noxfile.py", "scripts/test", "scripts/check", ".ci/run"):
        assert "audit" not in (ROOT / path).read_text()
