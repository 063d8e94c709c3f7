# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Compare amazon.aws and this collection in the same cases, in one run against the same simulated databases.

usage: compare_amazon_aws.py [--write]     --write: update the table in docs/docsite/rst/guide_comparison.rst

For each case and each collection, the script starts a simulator with the same databases and runs the same task through
Ansible. It then reads the result of the task, its API calls, and the state of the databases.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import typing as t

from ansible_collections.passwordless.rds.benchmarks.cases import CASES, Case, Task
from rds_simulator.server import server

ROOT = pathlib.Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_comparison.rst"
BEGIN, END = ".. The table is measured: benchmarks/compare_amazon_aws.py --write\n", ".. End of the table\n"
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-west-1",
    "ANSIBLE_NOCOLOR": "1",
}


# the text of an uncaught KeyError is only the key
_BARE_KEY = re.compile(r"'\w+'")


def run_task(task: Task, endpoint: str) -> dict[str, t.Any]:
    """Run one module through the ansible command, and return its result."""
    command = ["ansible", "localhost", "-m", task.module, "-a", json.dumps(task.arguments)]
    done = subprocess.run(
        command + (["--check"] if task.check else []),
        env={**os.environ, **KEYS, "AWS_ENDPOINT_URL": endpoint},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    result, _end = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("=> ") + 3 :])
    return {**result, "failed": done.returncode != 0}


def play(case: Case, tasks: t.Sequence[Task]) -> list[str]:
    """Run the tasks of one collection on its own databases, and return the values to report."""
    with server.Simulator(speed=case.speed) as simulator:
        simulator.settings.update(**case.settings)
        simulator.seed(case.fleet)
        for task in tasks:
            simulator.calls_clear()
            result = run_task(task, simulator.url)
        calls = [call.operation for call in simulator.calls]
        return [_said(result), f"{len(calls)} API calls" if len(calls) != 1 else "1 API call", *case.observe(simulator)]


def _said(result: dict[str, t.Any]) -> str:
    if not result["failed"]:
        return "changed" if result.get("changed") else "ok"
    databases = result.get("databases") or [{}]
    codes = [problem["code"] for database in databases for problem in database.get("problems", ())]
    if codes:
        return f"refused: ``{codes[0]}``"
    text = str(result.get("msg") or "no message").removeprefix("Task failed: Module failed: ").splitlines()[0]
    return f"crashes: KeyError {text}" if _BARE_KEY.fullmatch(text) else f"fails: {text}"


def rows(cases: t.Sequence[Case]) -> t.Iterator[tuple[str, list[str], list[str]]]:
    """Return the rows of the table: case, amazon.aws, passwordless.rds."""
    for case in cases:
        yield case.title, play(case, case.theirs), play(case, case.ours)


def versions() -> str:
    """Return the compared versions as text."""
    listed = subprocess.run(
        ["ansible-galaxy", "collection", "list", "amazon.aws", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    (found,) = (entry["amazon.aws"]["version"] for entry in json.loads(listed.stdout).values() if "amazon.aws" in entry)
    core = subprocess.run(["ansible", "--version"], capture_output=True, text=True, check=True).stdout.split("]")[0]
    return f"amazon.aws {found}, ansible-core {core.split()[-1]}, Python {sys.version.split()[0]}"


def table(measured: t.Iterable[tuple[str, list[str], list[str]]]) -> str:
    """Return a list-table in reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", "", "   * - Case", "     - amazon.aws", "     - passwordless.rds"]
    for name, theirs, ours in measured:
        lines += [f"   * - {name}", f"     - {'; '.join(theirs)}", f"     - {'; '.join(ours)}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="put the table into the guide")
    arguments = parser.parse_args()
    text = f"\nMeasured with {versions()}.\n\n{table(rows(CASES))}\n"
    print(text)
    if arguments.write:
        guide = GUIDE.read_text()
        head, tail = guide[: guide.index(BEGIN) + len(BEGIN)], guide[guide.index(END) :]
        GUIDE.write_text(head + text + tail)


if __name__ == "__main__":
    main()
