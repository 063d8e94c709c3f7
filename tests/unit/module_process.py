# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs modules in processes of their own, which a test can kill. Their waits advance the clock of the simulator.

One process imports the modules, and each run is a fork of it, because the imports take longer than a run.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import signal
import subprocess
import sys
import typing as t
import urllib.request

from ansible.module_utils import basic
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock

MODULES = ("rds_iam_auth", "rds_create_iam", "rds_restore_iam")
_PACKAGE = "ansible_collections.passwordless.rds.plugins.modules"


class ModuleProcesses:
    """Starts module processes, one at a time. Close it at the end."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._id = 0

    def start(self, module: str, endpoint: str, **arguments: t.Any) -> None:
        """Start a run."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps({"module": module, "endpoint": endpoint, "arguments": arguments}) + "\n")
        self._parent.stdin.flush()
        self._id = self._answer()["process_id"]

    def kill(self) -> None:
        """Kill the process with SIGKILL, and check that this is how it ended."""
        os.kill(self._id, signal.SIGKILL)
        ended = self._answer()
        assert (ended["status"], ended["output"]) == (-signal.SIGKILL, "")

    def result(self) -> dict[str, t.Any]:
        """Wait for the end of the process, and return the result that the module has printed."""
        result: dict[str, t.Any] = json.loads(self._answer()["output"])
        return result

    def close(self) -> None:
        """End the process that forks the runs."""
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        assert self._parent.wait() == 0

    def _answer(self) -> dict[str, t.Any]:
        assert self._parent.stdout is not None
        answer: dict[str, t.Any] = json.loads(self._parent.stdout.readline())
        return answer


class _SimulatedClock:
    """The clock of the simulator. It advances while the module waits."""

    def __init__(self, endpoint: str) -> None:
        self._url = f"{endpoint}/simulator/clock"

    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self._ask()["now"])

    def monotonic(self) -> float:
        return float(self._ask()["monotonic"])

    def sleep(self, seconds: float) -> None:
        self._ask(json.dumps({"advance": seconds}).encode())

    def _ask(self, body: bytes | None = None) -> dict[str, t.Any]:
        with urllib.request.urlopen(self._url, body) as answer:
            values: dict[str, t.Any] = json.load(answer)
            return values


def _run(module: str, endpoint: str, arguments: dict[str, t.Any]) -> None:
    clock = _SimulatedClock(endpoint)
    for name in ("now", "monotonic", "sleep"):
        setattr(SystemClock, name, staticmethod(getattr(clock, name)))
    given = {**arguments, "endpoint_url": endpoint}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # ansible-core 2.19 and later
    importlib.import_module(f"{_PACKAGE}.{module}").main()


def _serve() -> None:
    """Fork one run for each line of the standard input. Print the process ID, and then how the process ended."""
    for module in MODULES:
        importlib.import_module(f"{_PACKAGE}.{module}")
    for line in sys.stdin:
        reader, writer = os.pipe()
        process_id = os.fork()
        if process_id == 0:
            os.close(reader)
            os.dup2(writer, sys.stdout.fileno())
            _run(**json.loads(line))
        os.close(writer)
        _print({"process_id": process_id})
        with os.fdopen(reader) as output:
            printed = output.read()
        _process_id, status = os.waitpid(process_id, 0)
        _print({"status": os.waitstatus_to_exitcode(status), "output": printed})


def _print(answer: dict[str, t.Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
