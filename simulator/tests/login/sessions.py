# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What tests wait for, and the sessions of a private PostgreSQL server."""

from __future__ import annotations

import time
from collections.abc import Callable

from login.door_harness import HANG
from login.private_postgres import PrivatePostgres


def wait_until(condition: Callable[[], bool], seconds: float = HANG) -> bool:
    """Return whether the condition becomes true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # not asked again once it is true: asking can end it, for example by a session of its own
        if condition():
            return True
        time.sleep(0.02)
    return False


def count_sessions(server: PrivatePostgres, user: str) -> int:
    """Return the number of sessions of a user."""
    with server.connect() as connection:
        query = "select count(*) from pg_stat_activity where usename = %s"
        return connection.execute(query, [user]).fetchone()[0]
