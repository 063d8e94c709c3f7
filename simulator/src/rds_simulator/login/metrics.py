# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The evidence of a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .target import LoginTarget

if TYPE_CHECKING:
    from ..state.world import World


def record_login(world: World, target: LoginTarget, user: str, outcome: str | None) -> None:
    """Record a login. ``outcome`` is the code of the refusal, or None."""
