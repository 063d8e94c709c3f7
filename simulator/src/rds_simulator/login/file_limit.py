# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The limit of open files, which counts one file for each listener."""

from __future__ import annotations

import contextlib

# Files of sessions and of the rest of the process.
_RESERVE = 1024


def raise_file_limit(listeners: int) -> None:
    """Raise the soft limit of this process, as far as the system allows, if it is too low for the listeners."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = listeners + _RESERVE
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    wanted = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    # macOS also has a limit of its own. Listeners that exceed it fail with a clear error.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), hard))
