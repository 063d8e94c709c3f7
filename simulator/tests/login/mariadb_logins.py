# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins to the MySQL and MariaDB databases of a simulator, as boto3 and PyMySQL make them."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest
from login.simulated_logins import Logins
from rds_simulator.requirements import missing_for_mariadb, missing_packages

MISSING = (*missing_packages(), *missing_for_mariadb())
needs_mariadb = pytest.mark.skipif(bool(MISSING), reason=f"MariaDB logins are not installed: {', '.join(MISSING)}")
MASTER = "admin"


class MariadbLogins(Logins):
    """A user of a running simulator who logs in with PyMySQL."""

    def connect(self, where: dict[str, Any], user: str, password: str, **options: Any) -> Any:
        """Log in over verified TLS, or without TLS if ``tls`` is False. host: the name to verify."""
        import pymysql

        tls, host = options.pop("tls", True), options.pop("host", where["endpoint"])
        context = ssl.create_default_context(cafile=self.simulator.ca_file) if tls else None
        connection = pymysql.connect(
            host=host,
            port=where["port"],
            user=user,
            password=password,
            ssl=context,
            ssl_disabled=not tls,
            autocommit=True,
            defer_connect=True,
            read_timeout=30,
            **options,
        )
        connection.connect(socket.create_connection((where["listen_host"], where["listen_port"]), 30))
        return connection

    def run(self, where: dict[str, Any], user: str, password: str, statement: str, **options: Any) -> list[Any]:
        """Log in, run a statement and return its rows."""
        with self.connect(where, user, password, **options) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def run_as_master(self, name: str, statement: str, infix: str = "", **options: Any) -> list[Any]:
        from login.simulated_logins import MASTER_PASSWORD

        return self.run(self.where(name, infix), MASTER, MASTER_PASSWORD, statement, **options)

    def refused(self, where: dict[str, Any], user: str, password: str, **options: Any) -> str:
        """Log in, which must fail; return number and text of the error."""
        import pymysql

        with pytest.raises((pymysql.MySQLError, OSError)) as caught:
            self.connect(where, user, password, **options).close()
        return ": ".join(str(part) for part in caught.value.args)
