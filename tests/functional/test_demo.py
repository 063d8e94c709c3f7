# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The demo completes, shows each documented step, and leaves no process running."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT

DEMO = [sys.executable, str(ROOT / "demo" / "run.py")]
SIMULATOR = "rds_simulator"


def simulators(marker):
    """Return the simulator processes with this marker in their environment."""
    return [folder.name for folder in pathlib.Path("/proc").glob("[0-9]*") if is_simulator(folder, marker)]


def is_simulator(folder, marker):
    try:
        command, environment = (folder / "cmdline").read_text(), (folder / "environ").read_text()
    except OSError:  # the process has ended
        return False
    return SIMULATOR in command and f"DEMO_MARKER={marker}" in environment


def start(marker):
    environment = {**os.environ, "DEMO_MARKER": marker, "ANSIBLE_NOCOLOR": "1"}
    return subprocess.Popen(DEMO, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


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
    assert simulators("whole") == []


def test_demo_interrupted_stops_simulator():
    process = start("stopped")
    deadline = time.monotonic() + HANG
    while not simulators("stopped"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=HANG)
    assert simulators("stopped") == []
