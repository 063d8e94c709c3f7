# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data directory that new databases are copied from, and the configuration of all servers."""

from __future__ import annotations

from pathlib import Path

from .binaries import run

SUPERUSER = "rdsadmin"

# The socket is in a private folder, so only this process can use `trust`. Passwords are checked on the TCP port. No
# line names +rds_iam: it would also match roles that only hold ADMIN OPTION, such as the master user.
AUTHENTICATION = f"""\
local all all trust
local replication {SUPERUSER} trust
host all all 127.0.0.1/32 scram-sha-256
"""

# The statements of a failed request can contain a password, so they are not logged.
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
shared_buffers = 16MB
io_method = sync
dynamic_shared_memory_type = mmap
max_logical_replication_workers = 0
max_wal_senders = 4
min_wal_size = 2MB
password_encryption = 'scram-sha-256'
log_min_error_statement = panic
log_line_prefix = '%m [%p] %u@%d '
"""

# One statement a line, as single-user mode reads them. The master user holds ADMIN OPTION on rds_iam. The privilege on
# template1, which PUBLIC has, too, makes DROP ROLE rds_iam fail.
_STATEMENTS = f"""\
CREATE DATABASE {SUPERUSER}
REVOKE CONNECT ON DATABASE {SUPERUSER} FROM PUBLIC
CREATE ROLE rds_iam NOLOGIN
GRANT CONNECT ON DATABASE template1 TO rds_iam
CREATE ROLE rds_ad NOLOGIN
CREATE ROLE rds_superuser NOLOGIN
GRANT pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION
"""


def create_template(binaries: Path, data: Path, configuration: Path) -> Path:
    """Create the data directory with the roles that every RDS database has; return its path."""
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        SUPERUSER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--wal-segsize=1",
        "--no-data-checksums",
        "--no-sync",
        "--no-instructions",
    ]
    run(command)
    command = [binaries / "postgres", "--single", "-D", data, "-c", f"config_file={configuration}", "postgres"]
    run(command, text=_STATEMENTS)
    return data
