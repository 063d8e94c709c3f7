# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The Python of the environment: preferably a version that the newest ansible-core supports."""

from __future__ import annotations

import subprocess

import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import ROOT


def stub(path, *, works=True):
    """Create an interpreter that prints its own path, or a shim without an interpreter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('#!/bin/sh\ncase $2 in *print*) echo "$0" ;; esac\n' if works else "#!/bin/sh\nexit 127\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def find(tmp_path):
    def _find(**environment):
        variables = {"PATH": str(tmp_path / "bin"), "PYENV_ROOT": str(tmp_path / "pyenv"), **environment}
        return subprocess.run(
            ["/bin/sh", str(ROOT / "scripts" / "find_python")],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return _find


def test_find_python_prefers_newer_pyenv_version_over_path(tmp_path, find):
    for name in ("python3.12", "python3.13"):
        stub(tmp_path / "bin" / name, works=False)
    stub(tmp_path / "bin" / "python3.11")
    newest = stub(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python3.13")
    assert find().stdout.strip() == newest


def test_find_python_prefers_named_interpreter(tmp_path, find):
    stub(tmp_path / "bin" / "python3.12")
    named = stub(tmp_path / "elsewhere" / "python3")
    assert find(PYTHON=named).stdout.strip() == named


def test_find_python_without_supported_version_fails(tmp_path, find):
    stub(tmp_path / "bin" / "python3", works=False)
    done = find()
    assert done.returncode == 1
    assert "No Python 3.10 to 3.13 was found" in done.stderr
