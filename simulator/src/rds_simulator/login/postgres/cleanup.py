# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The process that removes the folder of a simulator, whatever ends the simulator.

``Workspace`` runs this file as a script, so it imports nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path

# A fork of the simulator also holds the pipe, so the end of the parent is checked, too.
_POLL_SECONDS = 0.1
_STOP_SECONDS = 5.0


def wait_for_parent(parent: int) -> None:
    """Return when the parent has closed its end of the pipe, or has ended."""
    while os.getppid() == parent:
        if select.select([sys.stdin], [], [], _POLL_SECONDS)[0] and not os.read(sys.stdin.fileno(), 1):
            return


def running_servers(folder: Path) -> set[int]:
    """Return the process ids of the servers whose data are in the folder."""
    found = set()
    # MariaDB's own file does not exist before the server has started.
    for pattern in ("**/postmaster.pid", "**/server.pid"):
        for file in folder.glob(pattern):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int(file.read_text().split()[0])
                if _is_server(pid, file.parent):
                    found.add(pid)
    return found


def _is_server(pid: int, data: Path) -> bool:
    """Return whether the process is the server of this data directory: process ids are reused."""
    if not Path("/proc/self/cmdline").exists():
        return True
    with contextlib.suppress(OSError):
        return str(data) in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return False


def stop_servers(folder: Path) -> None:
    """Stop all servers in the folder without a checkpoint: their data are about to be removed."""
    deadline = time.monotonic() + _STOP_SECONDS
    signalled: set[int] = set()
    while (pids := running_servers(folder)) and time.monotonic() < deadline:
        for pid in pids - signalled:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, _end_signal(pid))
        signalled |= pids
        time.sleep(0.01)


def _end_signal(pid: int) -> signal.Signals:
    """Return the signal that ends a server at once: MariaDB takes SIGQUIT for a normal shutdown."""
    with contextlib.suppress(OSError):
        if "mariadbd" in Path(f"/proc/{pid}/cmdline").read_text(errors="replace"):
            return signal.SIGKILL
    return signal.SIGQUIT


def remove_folder(folder: Path) -> None:
    """Remove the folder, also if a command that the simulator started still writes to it."""
    deadline = time.monotonic() + _STOP_SECONDS
    while folder.exists() and time.monotonic() < deadline:
        stop_servers(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.05)


def main() -> None:
    """Wait for the end of the parent, and clean up."""
    # The simulator decides when it ends. A signal to the whole process group does not end this process first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder, parent = Path(sys.argv[1]), int(sys.argv[2])
    wait_for_parent(parent)
    remove_folder(folder)


if __name__ == "__main__":
    main()
