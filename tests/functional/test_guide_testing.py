# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What the guide says of the simulator: its command, its seed, its control path, and the test in one process."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request

import pytest
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.simulator.control import Control
from ansible_collections.passwordless.rds.tests.simulator.world import World

GUIDE = documents.guide("guide_testing")
FILES = documents.captioned("guide_testing")


@pytest.fixture
def started(tmp_path):
    """The simulator, started with the command of the guide but for the port; its address."""
    (tmp_path / "fleet.yml").write_text(FILES["fleet.yml"])
    (command,) = documents.commands(GUIDE, "python")
    arguments = shlex.split(command.replace("--port 5000", "--port 0"))
    process = subprocess.Popen(
        [sys.executable, *arguments[1:]], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        yield re.fullmatch(r"listening on (\S+)\n", process.stdout.readline())[1]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def curl(line):
    """Do what a line with curl says; a bare machine has none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-X", dest="method", default="GET")
    parser.add_argument("-d", dest="body", default="")
    parser.add_argument("url")
    said = parser.parse_args(shlex.split(line)[1:])
    request = urllib.request.Request(said.url, said.body.encode() or None, method=said.method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def test_the_command_and_the_seed(started):
    assert get(f"{started}/simulator/health") == {"status": "ok"}
    (backend,) = get(f"{started}/simulator/databases")["backends"]
    names = [record["DBInstanceIdentifier"] for record in backend["instances"]]
    assert {"orders", "legacy", "upgrading", "shop-1", "shop-2", "shop-3", "shop-replica"} <= set(names)
    assert [record["DBClusterIdentifier"] for record in backend["clusters"]] == ["ledger"]


def test_the_control_path(started):
    before = get(f"{started}/simulator/clock")["monotonic"]
    for line in FILES["control.sh"].splitlines():
        curl(line.replace("$SIMULATOR", started))
    (fault,) = get(f"{started}/simulator/faults")
    assert (fault["operation"], fault["code"], fault["after"], fault["times"]) == (
        "ModifyDBInstance",
        "Throttling",
        2,
        4,
    )
    assert get(f"{started}/simulator/clock")["monotonic"] >= before + 3600


def test_every_path_is_in_the_guide():
    text = (documents.GUIDES / "guide_testing.rst").read_text()
    paths = {name for _method, name in Control(World())._routes}
    assert paths == set(re.findall(r"/simulator/(\w+)``", text))


def test_the_test_of_the_guide(tmp_path):
    for name in ("fleet.yml", "test_fleet.py"):
        (tmp_path / name).write_text(FILES[name])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_fleet.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
