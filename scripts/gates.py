# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Runs the static checks and prints one line for each. Shows the output of those that fail.

usage: gates.py [NAME ...]     default: all
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

from tree import copy_collection

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "ansible_collections.passwordless.rds.plugins.module_utils"
COPY = ROOT / ".venv" / "copy"

# with a smaller scope, antsibull-docs does not find the fragments of amazon.aws
ALL_REFS = ("--validate-collection-refs", "all")

GATES = {
    "ruff": ["ruff", "check", "--quiet", "--output-format", "concise", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary", "-p", PACKAGE, "-p", "rds_simulator"],
    "yamllint": ["yamllint", "--strict", "."],
    "locked": [sys.executable, str(ROOT / "scripts" / "lock.py"), "--check"],
    "returns": [sys.executable, str(ROOT / "scripts" / "return_docs.py"), "--check"],
    "licences": ["reuse", "lint", "--lines"],
    "changelog": ["antsibull-changelog", "lint"],
    "docs": ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", *ALL_REFS, "."],
    "ansible-lint": ["ansible-lint", "--offline", "--profile", "production", "-q", "--nocolor"],
    "sanity": [sys.executable, str(ROOT / "scripts" / "run_ansible_test.py"), "sanity"],
    # only module_utils: pytest runs all unit tests, and nox runs them through ansible-test
    "units": [
        sys.executable,
        str(ROOT / "scripts" / "run_ansible_test.py"),
        "units",
        "tests/unit/plugins/module_utils/",
    ],
    "build": ["ansible-galaxy", "collection", "build", "--force", "--output-path", str(ROOT / ".venv" / "build")],
}
# these need a copy of the collection in a collections tree
ON_COPY = ("docs", "ansible-lint", "sanity", "units", "build", "changelog")


def run(name: str, copy: pathlib.Path | None) -> tuple[str, bool, float, str]:
    """Run one gate; return its name, whether it passed, seconds, and its output."""
    began = time.monotonic()
    environment = dict(os.environ)
    if name in ON_COPY:
        environment["ANSIBLE_COLLECTIONS_PATH"] = environment["PYTHONPATH"] = str(COPY)
    where = copy if name in ON_COPY and copy else ROOT
    done = subprocess.run(
        GATES[name],
        cwd=where,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, done.returncode == 0, time.monotonic() - began, done.stdout


def main() -> None:
    wanted = sys.argv[1:] or list(GATES)
    unknown = set(wanted) - set(GATES)
    if unknown:
        sys.exit(f"no such gate: {', '.join(sorted(unknown))}; there are: {', '.join(GATES)}")
    copy = copy_collection(COPY) if set(wanted) & set(ON_COPY) else None
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run, name, copy) for name in wanted]):
            name, passed, seconds, output = done.result()
            print(f"gate {name} ... {'ok' if passed else 'FAILED'} ({seconds:.1f} s)", flush=True)
            if not passed:
                failed.append(name)
                print(output, flush=True)
    if failed:
        sys.exit(f"failed gates: {', '.join(failed)}")


if __name__ == "__main__":
    main()
