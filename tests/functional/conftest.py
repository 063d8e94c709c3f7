# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Ansible as a user runs it: playbooks and ad hoc commands, against the simulator.

``make test`` runs most of them in forks of one process, and ``make test-all`` starts a process for each.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import pathlib
import subprocess
import tempfile
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.preloaded_ansible import CLIS, PreloadedAnsible, is_supported
from rds_simulator.server import server

ROOT = pathlib.Path(__file__).resolve().parents[2]
# the example keys of the AWS documentation
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-west-1",
}
# ends a command that hangs; it is generous because the machine may be busy
HANG = 900
# far from the maintenance windows, independent of the current date
MONDAY_NOON = datetime(2026, 11, 2, 12, tzinfo=timezone.utc)


def pytest_collection_modifyitems(items):
    """Measure no coverage. The collection runs in other processes, and the simulator would take twice the time."""
    for item in items:
        if pathlib.Path(__file__).parent in item.path.parents:
            item.add_marker("no_cover")


@pytest.fixture(scope="session")
def _server():
    # two minutes per second, so that modules in other processes wait only briefly
    with server.Simulator(port=0, speed=120.0, start=MONDAY_NOON) as simulator:
        yield simulator


@pytest.fixture
def sim(_server):
    """Start a simulator for each test. Its time advances by itself."""
    _server.reset()
    return _server


class Task(t.NamedTuple):
    """The result of a task. ``state`` is ok, failed, ignored or skipped."""

    name: str
    state: str
    result: dict[str, t.Any]


@dataclass(frozen=True)
class Ran:
    """The output and exit code of a command, and the result of each of its tasks."""

    code: int
    output: str
    tasks: list[Task]


@dataclass(frozen=True)
class Ansible:
    """Runs the commands of Ansible against one endpoint."""

    endpoint: str
    folder: pathlib.Path

    def environment(self, **changes: str) -> dict[str, str]:
        return {
            **os.environ,
            **KEYS,
            "AWS_URL": self.endpoint,
            "ANSIBLE_PYTHON_INTERPRETER": "{{ ansible_playbook_python }}",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
            **changes,
        }

    def run(self, *command: str, **environment: str) -> Ran:
        record = self.folder / "record"
        record.write_text("")
        variables = self.environment(RECORD_FILE=str(record), **environment)
        # a process reads the configuration of Ansible when it starts
        if command[0] in CLIS and not any(name.startswith("ANSIBLE_") for name in environment) and is_preloaded():
            code, output = preloaded().run_command(command, self.folder, variables)
        else:
            code, output = self._run_process(command, variables)
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        return Ran(code, output, [Task(line["task"], line["state"], line["result"]) for line in lines])

    def _run_process(self, command: t.Sequence[str], environment: t.Mapping[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=HANG,
            check=False,
        )
        return done.returncode, done.stdout

    def adhoc(self, module: str, arguments: str, *more: str) -> Ran:
        """Run one module as an ad hoc command."""
        return self.run("ansible", "localhost", "-m", module, "-a", arguments, *more)

    def play(self, tasks: list[dict[str, t.Any]], *more: str, **keywords: t.Any) -> Ran:
        """Run these tasks on localhost."""
        playbook = [{"hosts": "localhost", "gather_facts": False, **keywords, "tasks": tasks}]
        path = self.folder / "playbook.yml"
        path.write_text(yaml.safe_dump(playbook, sort_keys=False))
        return self.run("ansible-playbook", str(path), *more)

    def job(self, playbook: str, answers: dict[str, t.Any]) -> Ran:
        """Run a playbook with survey answers as AWX does: through ansible-runner, which ``make test`` replaces."""
        for name, text in {
            "project/job.yml": yaml.safe_dump([{"ansible.builtin.import_playbook": playbook}]),
            "inventory/hosts": "localhost ansible_connection=local\n",
            "env/extravars": json.dumps(answers),
        }.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        if is_preloaded():
            # the command that ansible-runner starts; test_awx runs ansible-runner itself
            return self.run("ansible-playbook", "-i", "inventory/hosts", "-e", "@env/extravars", "project/job.yml")
        return self.run("ansible-runner", "run", str(self.folder), "--playbook", "job.yml")


def is_preloaded() -> bool:
    """Return whether commands run in forks of one process."""
    return not os.environ.get("TEST_ALL") and is_supported()


@functools.cache
def preloaded() -> PreloadedAnsible:
    """Start the process once. It ends with this one."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    process = PreloadedAnsible(pathlib.Path(folder.name), Ansible("", pathlib.Path(folder.name)).environment())
    atexit.register(process.__exit__)
    return process


@pytest.fixture
def ansible(sim, tmp_path):
    return Ansible(sim.url, tmp_path)
