# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults of logins, which tests request as faults of the operation ``rds-db:connect``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..kinds import CLUSTER
from ..state.faults import LOGIN
from .target import LoginTarget
from .token import TokenRefused

if TYPE_CHECKING:
    from ..state.world import World


def apply_login_faults(world: World, target: LoginTarget) -> None:
    """Wait, or raise TokenRefused, if a fault affects this login. The caller must not hold the world's lock."""
    named = {"DBInstanceIdentifier": target.instance or target.name}
    if target.kind == CLUSTER:
        named["DBClusterIdentifier"] = target.name
    faults = world.faults.strike(LOGIN, named)
    latency = sum(fault.latency or 0.0 for fault in faults)
    if latency:
        time.sleep(latency)
    for fault in faults:
        if fault.deny:
            raise TokenRefused("NotAuthorized", "a fault denies the login")
        if fault.code is not None:
            raise TokenRefused(fault.code, fault.message or "a fault refuses the login")
