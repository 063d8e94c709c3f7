# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The programs of MariaDB, and the plugin that is compiled for them."""

from __future__ import annotations

import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from ...requirements import find_program, plugin_headers
from ..postgres.workspace import Workspace
from ..server_type import ServerError
from .template import Credentials, create_template

_SOURCE = Path(__file__).with_name("aws_authentication.c")


class MariadbError(ServerError):
    """MariaDB could not be started, or returned an error message."""


@dataclass(frozen=True)
class Installation:
    """What the servers of one workspace share.

    plugins: the folder of the compiled plugin. template: the data directory that new databases are copied from.
    """

    server: Path
    plugins: Path
    template: Path
    credentials: Credentials


_guard = threading.Lock()
_installations: dict[Path, Installation] = {}


def installation(space: Workspace) -> Installation:
    """Return the installation, and prepare it at the first call. Raise MariadbError if that is not possible."""
    with _guard:
        if space.path not in _installations:
            _installations.clear()
            _installations[space.path] = _prepare(space)
        return _installations[space.path]


def _prepare(space: Workspace) -> Installation:
    server, credentials = _program("mariadbd"), Credentials()
    plugins = compile_plugin(space.path / "mariadb-plugins")
    template = create_template(_program("mariadb-install-db"), server, space.data / "mariadb-template", credentials)
    return Installation(server, plugins, template, credentials)


def _program(name: str) -> Path:
    found = find_program(name)
    if found is None:
        raise MariadbError(f"{name}: not installed")
    return Path(found)


def compile_plugin(folder: Path) -> Path:
    """Compile AWSAuthenticationPlugin, and return the folder that it is in."""
    headers, compiler = plugin_headers(), find_program("cc") or find_program("gcc")
    if headers is None or compiler is None:
        raise MariadbError("AWSAuthenticationPlugin: the compiler or the headers of the server are not installed")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    library = folder / "aws_authentication.so"
    flags = ["-O1", "-shared", "-fPIC", "-DMYSQL_DYNAMIC_PLUGIN", f"-I{headers}"]
    done = subprocess.run(
        [compiler, *flags, str(_SOURCE), "-o", str(library)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise MariadbError(f"AWSAuthenticationPlugin: cannot be compiled: {done.stderr.strip()[-2000:]}")
    library.chmod(0o755)
    return folder
