# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""One PostgreSQL server: its data directory, its private socket, and a TCP port for password logins."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..server_process import start_on_free_port, wait_until_ready
from .admin import AdminSession
from .binaries import PostgresError, run, server_user
from .template import SUPERUSER
from .workspace import Workspace

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


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
        log = self._workspace.logs / f"{self._folder.name}.log"
        return start_on_free_port(
            log, lambda port: self._launch(port, log, parameters), self._wait, PostgresError, "postgres"
        )

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
        self.admin = AdminSession(self._folder / f".s.PGSQL.{port}")
        return wait_until_ready(
            process,
            lambda: self.admin.query("SELECT 1"),
            seconds=_START_SECONDS,
            pause=0.01,
            error=PostgresError,
            name="postgres",
        )
