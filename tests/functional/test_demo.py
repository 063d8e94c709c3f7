# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The demo completes, shows each documented step, and leaves no process running."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT
from rds_simulator.requirements import missing_packages

DEMO = [sys.executable, str(ROOT / "demo" / "run.py")]
SIMULATOR = "rds_simulator"
HIDE_TRUSTME = """
import importlib.util

find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "trustme" else find_spec(name, package)
"""
needs_login = pytest.mark.skipif(
    bool(missing_packages()) or importlib.util.find_spec("psycopg") is None,
    reason="logins are not installed: see requirements/login.txt",
)


def simulators(marker):
    """Return the simulator processes with this marker in their environment."""
    return [folder.name for folder in pathlib.Path("/proc").glob("[0-9]*") if is_simulator(folder, marker)]


def is_simulator(folder, marker):
    try:
        command, environment = (folder / "cmdline").read_text(), (folder / "environ").read_text()
    except OSError:  # the process has ended
        return False
    return SIMULATOR in command and f"DEMO_MARKER={marker}" in environment


def start(marker, **variables):
    environment = {**os.environ, "DEMO_MARKER": marker, "ANSIBLE_NOCOLOR": "1", **variables}
    return subprocess.Popen(DEMO, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_until_stopped(marker):
    """Wait until no process of the simulator runs. The one that removes its servers ends last."""
    deadline = time.monotonic() + HANG
    while simulators(marker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_demo_completes_and_stops_simulator():
    process = start("whole")
    output, _nothing = process.communicate(timeout=HANG)
    assert process.returncode == 0, output
    for line in (
        "orders           postgres           applied    applied    unchanged  on",
        "upgrading        postgres           skipped    skipped    skipped    off (other_pending_changes)",
        "ledger-archive   oracle-ee          skipped    skipped    skipped    off (engine_unsupported)",
        "payments         mysql              unchanged  unchanged  unchanged  on",
        "ledger           aurora-postgresql  applied    applied    unchanged  on",
    ):
        assert line in output
    assert "ssl_disabled" in output
    assert "simulation" in output
    assert re.search(r"\n- +iam_database_authentication: disabled\n\+ +iam_database_authentication: enabled\n", output)
    wait_until_stopped("whole")


@needs_login
def test_demo_ends_with_login_and_cause_of_refused_login():
    process = start("login")
    output, _nothing = process.communicate(timeout=HANG)
    assert process.returncode == 0, output
    lines = " ".join(output.split())
    story = (
        'FATAL: password authentication failed for user "app"',
        "setting_off: Enable IAM database authentication on instance/billing",
        "app has logged in to billing.c9",
        'FATAL: PAM authentication failed for user "app"',
        "policy_other_resource: Add arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-",
        "app has logged in to billing-copy.c9",
    )
    positions = [lines.find(part) for part in story]
    assert -1 not in positions, output
    assert positions == sorted(positions)
    assert "X-Amz-Signature" not in output
    assert "EXAMPLEKEY" not in output
    assert "skipped, because" not in output
    wait_until_stopped("login")


@pytest.mark.slow
@pytest.mark.slow
def test_demo_without_login_packages_says_so_and_completes(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(HIDE_TRUSTME)
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    process = start("reduced", PYTHONPATH=path)
    output, _nothing = process.communicate(timeout=HANG)
    assert process.returncode == 0, output
    assert "ledger           aurora-postgresql  applied    applied    unchanged  on" in output
    (line,) = [line for line in output.splitlines() if "token" in line]
    assert line == "The logins with a token are skipped, because these packages are missing: trustme."


def test_demo_interrupted_stops_simulator():
    process = start("stopped")
    deadline = time.monotonic() + HANG
    while not simulators("stopped"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=HANG)
    wait_until_stopped("stopped")
