# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The requested change, the state of the setting before and after it, and the request that is sent to RDS.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from .database import DatabaseId
from .login_usage import UnusedFor


@dataclass(frozen=True)
class ChangeOptions:
    """The options of a change. They apply to every database of the task."""

    desired: bool
    apply_immediately: bool = False
    apply_other_pending_changes: bool = False
    ssl_parameter: str = "require"
    skip_problems: bool = False
    include_read_replicas: bool = False
    max_changes: int | None = None
    expect_plan_id: str | None = None
    unused_for: UnusedFor | None = None
    return_unchanged: bool = True
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_delay: float = 5.0


@dataclass(frozen=True)
class State:
    """The setting of one database at one time: the current value and the pending value (None: no change is pending)."""

    current: bool
    pending: bool | None


def setting_in_words(value: bool | None) -> str:
    """Return a value of the setting in words, or ``none`` if no value is pending."""
    return "none" if value is None else "enabled" if value else "disabled"


@dataclass(frozen=True)
class ModifyRequest:
    """The only change that the collection requests of an existing database: identifier, value and timing."""

    id: DatabaseId
    enable: bool
    apply_immediately: bool
