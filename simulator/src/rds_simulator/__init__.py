# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A simulator of Amazon RDS, for tests.

``Simulator`` starts the simulator in the current process. The command ``rds-simulator`` starts it as a server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .server.server import Simulator

__all__ = ["Simulator"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import ``Simulator`` at first use: moto takes too long to import for ``--help`` and ``--version``."""
    if name == "Simulator":
        from .server.server import Simulator

        return Simulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
