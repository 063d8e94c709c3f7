# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The rate limit of new token logins."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from .token import TokenRefused


class LoginThrottle:
    """Limits the token logins in any second. All endpoints of a database share one throttle.

    Earlier versions of the User Guides recommend fewer than 200 new connections per second, and Aurora's page on
    troubleshooting names this limit. Without ``limit``, no login is throttled.
    """

    def __init__(self, limit: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._admitted: deque[float] = deque()

    def admit(self) -> None:
        """Count a login; raise TokenRefused with ThrottlingException if it exceeds the limit."""
        with self._lock:
            limit, now = self.limit, self._clock()
            while self._admitted and self._admitted[0] <= now - 1:
                self._admitted.popleft()
            if limit is None or len(self._admitted) < limit:
                self._admitted.append(now)
                return
        raise TokenRefused("ThrottlingException", f"more than {limit} token logins in a second")
