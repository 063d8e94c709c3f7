# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The start of the data plane, at the first database that accepts logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engines.catalogue import is_postgresql
from ..requirements import require_mariadb, require_packages

if TYPE_CHECKING:
    from ..state.world import World
    from .data_plane import DataPlane


def open_logins(world: World, where: str, engine: str = "postgres") -> DataPlane:
    """Return the data plane, and start it at the first call.

    Raise ValueError if a package is missing for this engine. ``where`` is the option that needs it.
    """
    if not is_postgresql(engine):
        require_mariadb(where)
    with world.lock:
        if world.login_service is None:
            require_packages(where)
        # The import takes time, and most simulators need no logins.
        from .data_plane import DataPlane

        service = world.login_service
        plane = service if isinstance(service, DataPlane) else DataPlane(world)
        world.login_service = plane
        return plane


def running_logins(world: World) -> DataPlane | None:
    """Return the data plane, or None if no database accepts logins."""
    return open_logins(world, "logins") if world.login_service is not None else None
