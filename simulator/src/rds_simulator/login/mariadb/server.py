# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""One MariaDB server: its data directory, its private sockets, its certificate, and its TCP port."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...requirements import find_program
from ..postgres.binaries import own, run, server_user
from ..postgres.workspace import Workspace
from ..server_process import start_on_free_port, wait_until_ready
from .admin import AdminSession
from .installation import Installation, MariadbError
from .template import STORAGE
from .token_socket import TokenSocket
from .users import INSTALL_PLUGIN, PLUGIN_LOADED, UNINSTALL_PLUGIN

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0

# The shell becomes the server, so its process id is known before the server starts.
_LAUNCH = 'echo $$ > "$0" && exec "$@"'


@dataclass(frozen=True)
class ServerState:
    """What a running server follows. names: the host names in its certificate."""

    iam_enabled: bool
    names: frozenset[str]
    require_secure_transport: bool = False
    read_only: bool = False


class MariadbServer:
    """A server that was started on a folder of the workspace."""

    def __init__(
        self, workspace: Workspace, installed: Installation, folder: Path, parameters: Mapping[str, str], pem: bytes
    ) -> None:
        self._workspace = workspace
        self._installed = installed
        self._folder = folder
        self._state: ServerState | None = None
        self._following = threading.Lock()
        self.write_certificate(pem)
        self.tokens = TokenSocket(folder / "tokens.sock")
        try:
            self._process, self.port = self._start(parameters)
        except BaseException:
            self.tokens.close()
            raise

    @property
    def running(self) -> bool:
        """Whether the server process runs."""
        return self._process.poll() is None

    @property
    def state(self) -> ServerState | None:
        """The state that the server followed last."""
        return self._state

    def run(self, statements: Sequence[str]) -> None:
        """Run statements as the administrator."""
        self.admin.run(statements)

    def follow(self, state: ServerState, pem: bytes | None) -> None:
        """Let the server follow the state of its database. pem: a new certificate, or None to keep the present one.

        While IAM authentication is off, the plugin is not loaded, so that the server itself answers with error 1524.
        """
        with self._following:
            if pem is not None:
                self.write_certificate(pem)
                self.admin.run(["FLUSH SSL"])
            # Both statements wait for a client that holds a global read lock, so they run only if necessary.
            if bool(self.admin.query(PLUGIN_LOADED)) != state.iam_enabled:
                self.admin.run([INSTALL_PLUGIN if state.iam_enabled else UNINSTALL_PLUGIN])
            if self._state is None or self._state != state:
                secure, read_only = int(state.require_secure_transport), int(state.read_only)
                self.admin.run([f"SET GLOBAL require_secure_transport = {secure}, GLOBAL read_only = {read_only}"])
            self._state = state

    def write_certificate(self, pem: bytes) -> None:
        """Write the private key and the certificate to the private folder, which has to have a file for the server."""
        _write_private(self._folder / "server.pem", pem)

    def stop(self) -> None:
        """End all sessions, write everything and stop."""
        self.admin.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_SECONDS)
        self.tokens.close()

    def back_up(self, data: Path) -> None:
        """Write a copy of the data directory with mariadb-backup, while clients may go on to write.

        Without that program, stop the server, and copy its data. It starts again at the next login.
        """
        backup = find_program("mariadb-backup")
        if backup is None:
            self.stop()
            run(["cp", "-Rp", self._folder / "data", data])
            return
        options = self._write_options()
        run([backup, f"--defaults-file={options}", "--backup", f"--target-dir={data}"])
        run([backup, "--no-defaults", "--prepare", f"--target-dir={data}", "--use-memory=16M"])

    def _write_options(self) -> Path:
        """Write the options of mariadb-backup to a private file: a password in the arguments would be visible."""
        file, credentials = self._folder / "backup.cnf", self._installed.credentials
        text = (
            f"[mariadb-backup]\nuser={credentials.user}\npassword={credentials.password}\n"
            f"socket={self._folder / 'admin.sock'}\ndatadir={self._folder / 'data'}\n"
        )
        _write_private(file, text.encode())
        return file

    def _start(self, parameters: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], int]:
        log = self._workspace.logs / f"{self._folder.name}.log"
        return start_on_free_port(
            log, lambda port: self._launch(port, log, parameters), self._wait, MariadbError, "mariadbd"
        )

    def _launch(self, port: int, log: Path, parameters: Mapping[str, str]) -> subprocess.Popen[bytes]:
        data, certificate = self._folder / "data", self._folder / "server.pem"
        options = {
            "datadir": data,
            "socket": self._folder / "admin.sock",
            "pid-file": self._folder / "running.pid",
            "bind-address": "127.0.0.1",
            "port": port,
            "plugin-dir": self._installed.plugins,
            "tmpdir": self._folder,
            "ssl-cert": certificate,
            "ssl-key": certificate,
            "tls-version": "TLSv1.2,TLSv1.3",
            **parameters,
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        command = ["/bin/sh", "-c", _LAUNCH, str(self._folder / "server.pid"), str(self._installed.server)]
        with log.open("ab") as output:
            return subprocess.Popen(
                [*command, "--no-defaults", *given, *STORAGE, "--performance-schema=OFF"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                env={**os.environ, "RDS_TOKEN_SOCKET": str(self.tokens.path)},
                **server_user(),
            )

    def _wait(self, process: subprocess.Popen[bytes], _port: int) -> bool:
        """Return whether the server accepts statements; False if it ended."""
        self.admin = AdminSession(self._folder / "admin.sock", self._installed.credentials)
        return wait_until_ready(
            process,
            lambda: self.admin.run(["DO 1"]),
            seconds=_START_SECONDS,
            pause=0.02,
            error=MariadbError,
            name="mariadbd",
        )


def _write_private(file: Path, content: bytes) -> None:
    """Write a file that only the user of the servers can read."""
    file.touch(0o600)
    file.write_bytes(content)
    own(file)
