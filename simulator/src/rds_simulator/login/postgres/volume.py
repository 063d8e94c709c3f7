# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data of a PostgreSQL database."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from ..users import set_password, use_tokens
from ..volume import Volume
from .admin import Row
from .server import PostgresServer
from .template import SUPERUSER
from .workspace import workspace

_POSITION = "SELECT pg_current_wal_insert_lsn()"
_CLIENTS = f"""\
SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> '{SUPERUSER}'
"""


class PostgresVolume(Volume[PostgresServer]):
    """The data of one PostgreSQL database or cluster, and its server."""

    def _open(self, folder: Path, parameters: Mapping[str, str]) -> PostgresServer:
        return PostgresServer(workspace(), folder, parameters)

    def _template(self) -> Path:
        return workspace().template()

    def _password_statements(self, user: str, password: str) -> list[str]:
        return [set_password(user, password)]

    def _token_statements(self, user: str) -> list[str]:
        return [use_tokens(user)]

    def _read_position(self) -> list[Row] | None:
        """Return the position in the write-ahead log."""
        return self._query(_POSITION)

    def _has_clients(self) -> bool:
        return self._query(_CLIENTS) != [("0",)]

    def _query(self, statement: str) -> list[Row] | None:
        """Return the rows, or None without a running server."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                return self._server.admin.query(statement)
        return None
