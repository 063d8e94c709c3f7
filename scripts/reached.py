# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Fails if the tests do not cover a plugin: coverage and nox have a limit for the total, but none for each file.

usage: reached.py     after pytest --cov; each plugin that users call must reach the coverage required for all plugins
"""

from __future__ import annotations

import io
import pathlib
import sys

import coverage

ROOT = pathlib.Path(__file__).resolve().parent.parent
WANTED = 95.0
# shared code and documentation, which are not plugins themselves
SHARED = ("module_utils", "doc_fragments")


def covered(measured: coverage.Coverage, name: str) -> float:
    """Return the coverage of a file in percent."""
    try:
        return measured.report(include=[name], skip_covered=False, file=io.StringIO())
    except coverage.exceptions.NoDataError:
        return 0.0


def main() -> None:
    measured = coverage.Coverage(config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    plugins = sorted(path for path in ROOT.glob("plugins/*/*.py") if path.parent.name not in SHARED)
    found = {str(path.relative_to(ROOT)): covered(measured, str(path.relative_to(ROOT))) for path in plugins}
    missed = [f"{name}: {percent:.0f} %" for name, percent in found.items() if percent < WANTED]
    if missed:
        sys.exit("\n".join(["not reached by the tests:", *missed]))


if __name__ == "__main__":
    main()
