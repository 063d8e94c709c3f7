# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Measures a make target in a fresh clone of the committed files, with empty caches.

usage: fresh_clone.py [TARGET] [--repeat N]     default: demo, once; `setup` installs what `make test` needs

Prints for each run the elapsed seconds, the processor seconds (which depend little on other load), and the size of
.venv. Fails if the target fails or, with --limits, if the fastest run exceeds a limit.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import typing as t

ROOT = pathlib.Path(__file__).resolve().parent.parent
PIP_FILES = (pathlib.Path(".config/pip/pip.conf"), pathlib.Path(".pip/pip.conf"))
# the limits of a run: seconds, MB
LIMITS = {"demo": (45.0, 250.0), "setup": (60.0, None)}


class Run(t.NamedTuple):
    """The measurement of one run of a target in its own clone."""

    seconds: float
    cpu_seconds: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.cpu_seconds:.1f} s of processor time, {self.megabytes:.0f} MB"


def environment(home: pathlib.Path) -> dict[str, str]:
    """Return an environment with a home folder without caches, and with the package index of this user."""
    foreign = ("XDG_", "UV_CACHE", "VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    user = pathlib.Path.home()
    for name in PIP_FILES:
        if (user / name).is_file():
            kept.setdefault("PIP_CONFIG_FILE", str(user / name))
    # the interpreters are not measured, and those of the environment of this project are excluded
    kept.setdefault("PYENV_ROOT", str(user / ".pyenv"))
    own = str(ROOT / ".venv")
    path = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if not part.startswith(own))
    return {**kept, "PATH": path, "HOME": str(home), "PIP_NO_CACHE_DIR": "1"}


def size(folder: pathlib.Path) -> float:
    """Return the megabytes on disk. A file with several names counts once."""
    found = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values()) / 1e6


def measure(target: str) -> Run:
    """Run a target in its own clone. Raises CalledProcessError if the target fails."""
    with tempfile.TemporaryDirectory() as folder:
        clone, home = pathlib.Path(folder, "clone"), pathlib.Path(folder, "home")
        home.mkdir()
        variables = environment(home)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), str(clone)], check=True)
        subprocess.run(["make", target], cwd=clone, env=variables, check=True, stdin=subprocess.DEVNULL)
        seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(seconds, processor, size(clone / ".venv"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a make target in a fresh clone.")
    parser.add_argument("target", nargs="?", default="demo")
    parser.add_argument("--repeat", type=int, default=1, metavar="N")
    parser.add_argument("--limits", action="store_true", help=f"fail over {LIMITS}")
    arguments = parser.parse_args()
    runs = [measure(arguments.target) for _count in range(arguments.repeat)]
    for run in runs:
        print(f"make {arguments.target}, fresh clone: {run}", flush=True)
    best = min(runs)
    seconds, megabytes = LIMITS.get(arguments.target, (None, None))
    over = (seconds is not None and best.seconds > seconds) or (megabytes is not None and best.megabytes > megabytes)
    if arguments.limits and over:
        sys.exit(f"make {arguments.target}: over the limit of {seconds} s, {megabytes} MB")


if __name__ == "__main__":
    main()
