# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A simulator of the Amazon RDS control plane, for tests.

``Simulator`` starts it in the current process; the command ``rds-simulator`` starts it as a server.
"""

from __future__ import annotations

from .server.server import Simulator

__all__ = ["Simulator"]
__version__ = "0.1.0"
