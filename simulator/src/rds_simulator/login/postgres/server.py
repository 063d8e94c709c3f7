# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""One PostgreSQL server: its data directory, its private socket, and a TCP port for password logins."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .admin import AdminSession
from .binaries import PostgresError, run, server_user
from .template import SUPERUSER
from .workspace import Workspace

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_ATTEMPTS = 5


class PostgresServer:
    """A server that was started on a folder of the workspace."""

    def __init__(self, workspace: Workspace, folder: Path, parameters: Mapping[str, str]) -> None:
        self._workspace = workspace
        self._folder = folder
        self._process, self.port = self._start(parameters)

    @property
    def socket(self) -> Path:
        """The Unix socket, on which every role logs in without a password."""
        return self._folder / f".s.PGSQL.{self.port}"

    @property
    def running(self) -> bool:
        """Whether the server process runs."""
        return self._process.poll() is None

    def run(self, statements: Sequence[str]) -> None:
        """Run statements as the superuser."""
        for statement in statements:
            self.admin.query(statement)

    def stop(self) -> None:
        """End all sessions, write a checkpoint and stop."""
        self.admin.close()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_STOP_SECONDS)

    def back_up(self, data: Path) -> None:
        """Write a copy of the data directory, while clients may go on to write."""
        run(
            [
                self._workspace.binaries / "pg_basebackup",
                "-D",
                data,
                "-h",
                self._folder,
                "-p",
                str(self.port),
                "-U",
                SUPERUSER,
                "-w",
                "-c",
                "fast",
                "-X",
                "fetch",
                "--no-sync",
                "--no-manifest",
            ]
        )

    def _start(self, parameters: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server. Another process can take the port after it was chosen, so this is repeated."""
        failure = ""
        for _unused in range(_ATTEMPTS):
            port = _free_port()
            log = self._workspace.logs / f"{self._folder.name}.log"
            process = self._launch(port, log, parameters)
            if self._wait(process, port):
                return process, port
            failure = log.read_text(errors="replace")[-2000:]
            if "Address already in use" not in failure:
                break
        raise PostgresError(f"postgres: did not start: {failure}")

    def _launch(self, port: int, log: Path, parameters: Mapping[str, str]) -> subprocess.Popen[bytes]:
        space = self._workspace
        options = {
            "config_file": str(space.configuration),
            "hba_file": str(space.authentication),
            "unix_socket_directories": str(self._folder),
            "port": str(port),
            **parameters,
        }
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(space.binaries / "postgres"), "-D", str(self._folder / "data"), *given],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                **server_user(),
            )

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> bool:
        """Return whether the server accepts queries; False if it ended."""
        deadline = time.monotonic() + _START_SECONDS
        self.admin = AdminSession(self._folder / f".s.PGSQL.{port}")
        while process.poll() is None:
            with contextlib.suppress(OSError):
                self.admin.query("SELECT 1")
                return True
            if time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise PostgresError(f"postgres: did not accept connections within {_START_SECONDS:.0f} seconds")
            time.sleep(0.01)
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
