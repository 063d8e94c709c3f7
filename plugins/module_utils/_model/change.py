# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

from dataclasses import dataclass

from .database import DatabaseId


@dataclass(frozen=True)
class ChangeOptions:
    """What a task asks for, the same for all of its databases."""

    desired: bool
    apply_immediately: bool = False
    apply_other_pending_changes: bool = False
    ssl_parameter: str = "require"
    skip_problems: bool = False
    include_read_replicas: bool = False
    max_changes: int | None = None
    expect_plan_id: str | None = None
    return_unchanged: bool = True
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_delay: float = 5.0


@dataclass(frozen=True)
class State:
    """The setting of one database at one moment: current value and pending value (None: nothing pending)."""

    current: bool
    pending: bool | None


def setting_in_words(value: bool | None) -> str:
    """Return a value of the setting for people; ``none`` for a pending value where nothing is pending."""
    return "none" if value is None else "enabled" if value else "disabled"


@dataclass(frozen=True)
class ModifyRequest:
    """The one change that is asked of RDS: identifier, value and timing, nothing else ever."""

    id: DatabaseId
    enable: bool
    apply_immediately: bool
