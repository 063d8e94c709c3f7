# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Run a simulator in its own process, and measure commands against it as whole processes."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.request
from dataclasses import dataclass

import yaml

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = "ansible_collections.passwordless.rds"
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-west-1",
}
# runs a command and prints its duration and the memory of its largest process
_WATCH = """
import json, resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.run(sys.argv[2:]).returncode
seconds = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
json.dump({"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime,
           "memory_mib": used.ru_maxrss * unit / 2**20}, open(sys.argv[1], "w"))
sys.exit(code)
"""


@dataclass(frozen=True)
class Measured:
    """One run. ``seconds``: the whole process. ``task_seconds``: the tasks of a playbook, without the start of Ansible.

    ``memory_mib``: the largest process. ``simulator_seconds``: the processor time of the simulator during the run.
    """

    seconds: float
    cpu_seconds: float
    memory_mib: float
    task_seconds: float | None
    calls: dict[str, int]
    simulator_seconds: float | None

    @property
    def call_count(self) -> int:
        return sum(self.calls.values())

    def as_dict(self) -> dict[str, t.Any]:
        rounded = {name: value and round(value, 2) for name, value in vars(self).items() if name != "calls"}
        return {**rounded, "calls": self.calls}


class Simulated:
    """A simulator process. Each call takes ``latency`` seconds."""

    def __init__(self, latency: float) -> None:
        command = [sys.executable, "-m", "rds_simulator", "--latency", str(latency)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = (self._process.stdout or sys.stdin).readline()
        found = re.search(r"http://\S+", line)
        if found is None:
            raise RuntimeError(f"the simulator did not start: {line}")
        self.url = found[0]

    def __enter__(self) -> Simulated:
        return self

    def __exit__(self, *_more: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """Send a request to the control path."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/simulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def fill(self, *fleets: dict[str, t.Any]) -> None:
        """Reset the simulator, and seed these databases."""
        kept = self.ask("GET", "settings")
        self.ask("POST", "reset")
        self.ask("POST", "settings", kept)
        for fleet in fleets:
            self.ask("POST", "seed", fleet)

    @property
    def cpu_seconds(self) -> float | None:
        """Return the processor time so far, or None if the system does not provide it."""
        path = pathlib.Path(f"/proc/{self._process.pid}/stat")
        if not path.exists():
            return None
        fields = path.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def play(self, tasks: list[dict[str, t.Any]], *more: str, **play: t.Any) -> Measured:
        """Run tasks on localhost."""
        book = [{"hosts": "localhost", "gather_facts": False, **play, "tasks": tasks}]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "playbook.yml"
            path.write_text(yaml.safe_dump(book, sort_keys=False))
            return self.run("ansible-playbook", str(path), *more)

    def module(self, name: str, **arguments: t.Any) -> Measured:
        """Run a module as its own process, without Ansible."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "arguments.json"
            path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
            return self.run(sys.executable, "-m", f"{PACKAGE}.plugins.modules.{name}", str(path))

    def run(self, *command: str) -> Measured:
        """Run a command and measure it. Raises RuntimeError with its output if it fails."""
        self.ask("DELETE", "calls")
        before = self.cpu_seconds
        with tempfile.TemporaryDirectory() as folder:
            watched, tasks = pathlib.Path(folder) / "watched", pathlib.Path(folder) / "tasks"
            environment = {
                **os.environ,
                **KEYS,
                "AWS_URL": self.url,
                "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
                "ANSIBLE_CALLBACKS_ENABLED": "seconds",
                "SECONDS_FILE": str(tasks),
            }
            done = subprocess.run(
                [sys.executable, "-c", _WATCH, str(watched), *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(done.stdout[-4000:])
            seconds = sum(json.loads(tasks.read_text()).values()) if tasks.exists() else None
            figures = json.loads(watched.read_text())
        after = self.cpu_seconds
        calls = collections.Counter(call["operation"] for call in self.ask("GET", "calls"))
        return Measured(
            **figures,
            task_seconds=seconds,
            calls=dict(sorted(calls.items())),
            simulator_seconds=None if after is None or before is None else after - before,
        )


def wait_a_moment() -> None:
    """Wait until the load of the previous run has ended."""
    time.sleep(0.5)
