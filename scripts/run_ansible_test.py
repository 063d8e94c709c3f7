# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Runs ansible-test with only the Python package index: antsibull-nox requires containers and a public forge.

usage: run_ansible_test.py sanity|units [ARGUMENT ...]     runs in the current folder

For some of its tests, ansible-test downloads the installer of pip from its own host. This script puts a file of the
same name where ansible-test expects a copy. The file installs the same pip from a wheel.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv" / "home"
STAND_IN = """import os, sys
WHEEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "{wheel}")
arguments = [text for text in sys.argv[1:] if text not in ("--no-setuptools", "--no-wheel")]
sys.path.insert(0, WHEEL)
from pip._internal.cli.main import main
sys.exit(main(["install", "--upgrade", "--force-reinstall", WHEEL, *arguments]))
"""


def wanted_pip() -> set[str]:
    """Return the versions of pip that this ansible-test requires."""
    spec = importlib.util.find_spec("ansible_test")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("ansible-test is not installed")
    source = pathlib.Path(spec.submodule_search_locations[0]) / "_internal" / "python_requirements.py"
    return set(re.findall(r"pip='([0-9.]+)'", source.read_text()))


def main() -> None:
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in wanted_pip():
        target = cache / f"get_pip_{version.replace('.', '_')}.py"
        if target.exists():
            continue
        download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", f"pip=={version}", "-d", str(cache)]
        if subprocess.run(download, check=False).returncode == 0:
            target.write_text(STAND_IN.format(wheel=f"pip-{version}-py3-none-any.whl"))
    # only this interpreter: others on the machine may not run
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    environment = {**os.environ, "HOME": str(HOME)}
    what, *more = sys.argv[1:]
    command = ["ansible-test", what, "--local", "--python", version, "--color", "no", *more]
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
