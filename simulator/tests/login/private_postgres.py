# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A PostgreSQL server without a front door, for tests of the front door."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from rds_simulator.login.postgres.server import PostgresServer
from rds_simulator.login.postgres.template import SUPERUSER
from rds_simulator.login.postgres.workspace import Workspace

PARAMETERS = {"max_connections": "200", "wal_level": "logical"}


class PrivatePostgres:
    """A running server."""

    def __init__(self, server: PostgresServer) -> None:
        self.socket_path = str(server.socket)
        self.port = server.port

    def connect(self, user: str = SUPERUSER) -> psycopg.Connection:
        """Connect over the private socket."""
        folder = self.socket_path.rpartition("/")[0]
        return psycopg.connect(host=folder, port=self.port, user=user, dbname="postgres", autocommit=True)


@contextlib.contextmanager
def run_postgres() -> Iterator[PrivatePostgres]:
    """Run a server on a copy of the template."""
    workspace = Workspace()
    try:
        server = PostgresServer(workspace, workspace.copy(workspace.template()), PARAMETERS)
        yield PrivatePostgres(server)
        server.stop()
    finally:
        workspace.close()
