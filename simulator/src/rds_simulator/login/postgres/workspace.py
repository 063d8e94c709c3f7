# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The private folder of one process for its PostgreSQL servers."""

from __future__ import annotations

import atexit
import itertools
import os
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from . import cleanup
from .binaries import find_binaries, own, run, server_user
from .template import AUTHENTICATION, CONFIGURATION, create_template

# A socket path has at most 107 bytes on Linux and 103 on macOS, and the servers add up to 40 to this folder.
_LONGEST = 60


class Workspace:
    """A folder for data directories, sockets and logs. A helper process removes it when this process ends.

    The folder itself belongs to the user of the simulator, and can be read by everybody: it holds the configuration
    and the certificate of the CA. The folder of the servers below it is private to the user that runs them.
    """

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.path = Path(tempfile.mkdtemp(prefix="rds-", dir=_base()))
        self._helper = self._start_helper()
        self.path.chmod(0o755)
        self.data = self._make("pg", private=True)
        self.logs = self._make("log", private=False)
        self.logs.chmod(0o700)
        self.configuration = self._write("postgresql.conf", CONFIGURATION)
        self.authentication = self._write("pg_hba.conf", AUTHENTICATION)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._binaries: Path | None = None
        self._template: Path | None = None

    def _start_helper(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", str(cleanup.__file__), str(self.path), str(self.owner)]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            # Otherwise a reader of the simulator's output would wait for this process, too.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def _make(self, name: str, *, private: bool) -> Path:
        folder = self.path / name
        folder.mkdir(mode=0o700)
        if private:
            own(folder)
        return folder

    def _write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.write_text(text, "utf-8")
        file.chmod(0o644)
        return file

    @property
    def binaries(self) -> Path:
        """The folder of PostgreSQL's programs."""
        with self._lock:
            return self._find_binaries()

    def _find_binaries(self) -> Path:
        if self._binaries is None:
            private = self.path / "lib"
            private.mkdir(exist_ok=True)
            private.chmod(0o755)
            self._binaries = find_binaries(private)
        return self._binaries

    def template(self) -> Path:
        """Return the data directory that new databases are copied from. It is created at the first call."""
        with self._lock:
            if self._template is None:
                self._template = create_template(self._find_binaries(), self.data / "template", self.configuration)
            return self._template

    def new_folder(self) -> Path:
        """Return a new folder, which is private to the user of the servers."""
        folder = self.data / str(next(self._numbers))
        folder.mkdir(mode=0o700)
        own(folder)
        return folder

    def copy(self, source: Path) -> Path:
        """Return a new folder with a copy of a data directory whose server is stopped."""
        folder = self.new_folder()
        run(["cp", "-Rp", source, folder / "data"])
        return folder

    def close(self) -> None:
        """Stop all servers and remove the folder; return when that is done."""
        if self.owner == os.getpid() and self._helper.stdin is not None:
            self._helper.stdin.close()
            self._helper.wait()


def _base() -> str:
    """Return the temporary directory, or ``/tmp`` if the path is too long or closed to the user of the servers."""
    usual = tempfile.gettempdir()
    return usual if len(usual) <= _LONGEST and _is_open(Path(usual).resolve()) else "/tmp"


def _is_open(folder: Path) -> bool:
    if not server_user():
        return True
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


_current: Workspace | None = None
_guard = threading.Lock()


def workspace() -> Workspace:
    """Return the workspace of this process. A fork of a process gets its own."""
    global _current  # noqa: PLW0603
    with _guard:
        if _current is None or _current.owner != os.getpid() or not _current.path.exists():
            _current = Workspace()
            # Without it, the helper would still be at work when the process has ended.
            atexit.register(_current.close)
        return _current
