# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data directory that new MariaDB databases are copied from, and the options of all servers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from ..postgres.binaries import run
from .users import PLUGIN, account, literal

ADMINISTRATOR = "rdsadmin"

# Small files, and no guarantee that data survive a crash of the machine.
STORAGE = (
    "--innodb-log-file-size=4M",
    "--innodb-data-file-path=ibdata1:4M:autoextend",
    "--innodb-autoextend-increment=1",
    "--innodb-undo-tablespaces=0",
    "--innodb-buffer-pool-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--skip-innodb-doublewrite",
    "--aria-pagecache-buffer-size=1M",
    "--key-buffer-size=1M",
    "--skip-log-bin",
    "--skip-name-resolve",
)


@dataclass(frozen=True)
class Credentials:
    """The administrator of the servers, who logs in over their private sockets."""

    user: str = ADMINISTRATOR
    password: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)


def create_template(install: Path, server: Path, data: Path, credentials: Credentials) -> Path:
    """Create the data directory with the administrator and without the other initial accounts; return its path."""
    # Servers that start at the same time would use the same names for temporary tables in /tmp.
    private = f"--tmpdir={data.parent}"
    options = [f"--datadir={data}", private, "--auth-root-authentication-method=normal", "--skip-test-db"]
    run([install, "--no-defaults", *options, *STORAGE])
    bootstrap = ["--no-defaults", "--bootstrap", f"--datadir={data}", private, *STORAGE]
    run([server, *bootstrap], text="\n".join(_statements(credentials)) + "\n")
    return data


def _statements(credentials: Credentials) -> list[str]:
    """Return one statement a line, as the server reads them from its input."""
    administrator = account(credentials.user, "localhost")
    return [
        "FLUSH PRIVILEGES;",
        f"CREATE USER {administrator} IDENTIFIED BY {literal(credentials.password)};",
        f"GRANT ALL PRIVILEGES ON *.* TO {administrator} WITH GRANT OPTION;",
        "DELETE FROM mysql.global_priv WHERE User = 'root' OR User = '';",
        f"DELETE FROM mysql.plugin WHERE name = {literal(PLUGIN)};",
    ]
