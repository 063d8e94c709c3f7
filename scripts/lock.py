# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Compiles the pinned requirements of every layer: requirements/NAME.txt becomes requirements/locked/NAME.txt.

usage: lock.py [--upgrade | --check]

Each locked file contains the versions for every supported Python and platform, with environment markers. The layers
that share an environment are resolved together, so that they agree. Without --upgrade, valid pins are kept. --check
needs no network: it compares the digest of the declared requirements with the digest in each locked file.

The locked files contain the hashes of all files of a version, for every platform, and no index. They work with each
index that serves the files of PyPI. The hashes come from the default index only: an additional index may have some of
the files of a version, and the hashes of the others would then be missing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DECLARED = ROOT / "requirements"
LOCKED = DECLARED / "locked"
OLDEST_PYTHON = "3.10"
SHARED = ("demo", "login", "test", "lint", "docs", "molecule", "awx", "benchmarks")
# each of these has its own environment
SEPARATE = ("awscli", "audit", "uv")
CONSTRAINTS = "constraints"
HEADER = """\
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

# Compiled by `make lock`: change the files in requirements/ instead.
# declared: {digest}
"""


def declared(name: str) -> list[str]:
    """Return the requirements that a layer declares, including those of the layers that it includes."""
    found = []
    for line in (DECLARED / f"{name}.txt").read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            found += declared(text[3:].strip().removesuffix(".txt"))
        elif text:
            found.append(text)
    return found


def digest(name: str) -> str:
    """Return the digest of all input of a locked file."""
    layers = (name,) if name in SEPARATE else SHARED
    texts = [OLDEST_PYTHON, *(f"{layer}: {sorted(set(declared(layer)))}" for layer in layers)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def outdated() -> list[str]:
    """Return the locked files that were not compiled from the current requirements."""
    names = (CONSTRAINTS, *SHARED, *SEPARATE)
    return [name for name in names if f"# declared: {digest(name)}\n" not in _text(LOCKED / f"{name}.txt")]


def _text(path: pathlib.Path) -> str:
    return path.read_text() if path.exists() else ""


def _compile(name: str, layers: tuple[str, ...], *options: str) -> None:
    target = LOCKED / f"{name}.txt"
    # constraints only select versions, and the files that are installed contain the hashes
    hashes = [] if name == CONSTRAINTS else ["--generate-hashes"]
    resolve = ["pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    inputs = [str(DECLARED / f"{layer}.txt") for layer in layers]
    command = [str(ROOT / "scripts" / "uv"), *resolve, *plain, *hashes, *options, "--output-file", str(target), *inputs]
    subprocess.run(command, env={**os.environ, "DEFAULT_INDEX_ONLY": "1"}, check=True, stdout=subprocess.DEVNULL)
    target.write_text(HEADER.format(digest=digest(name)) + target.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile the pinned requirements.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")
    choice.add_argument("--check", action="store_true", help="fail where a locked file is outdated")
    arguments = parser.parse_args()
    if arguments.check:
        names = outdated()
        if names:
            sys.exit(f"requirements/locked: outdated: {', '.join(names)}. Run `make lock`.")
        return
    LOCKED.mkdir(exist_ok=True)
    upgrade = ["--upgrade"] if arguments.upgrade else []
    _compile(CONSTRAINTS, SHARED, *upgrade)
    for name in SHARED:
        _compile(name, (name,), "--upgrade", "--constraints", str(LOCKED / f"{CONSTRAINTS}.txt"))
    for name in SEPARATE:
        _compile(name, (name,), *upgrade)


if __name__ == "__main__":
    main()
