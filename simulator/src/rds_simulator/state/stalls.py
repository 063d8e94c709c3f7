# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Requests that wait at a fault until a test releases or drops them."""

from __future__ import annotations

import threading


class Stalls:
    """The stalled requests. Each one waits in the thread of its connection."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[object] = []
        self._dropped: set[object] = set()

    def stall(self) -> bool:
        """Wait until the request is released or dropped. Return whether it was released."""
        request = object()
        with self._changed:
            self._waiting.append(request)
            self._changed.notify_all()
            self._changed.wait_for(lambda: request not in self._waiting)
            is_dropped = request in self._dropped
            self._dropped.discard(request)
            return not is_dropped

    def wait(self, timeout: float) -> bool:
        """Wait until a request is stalled, for at most ``timeout`` real seconds. Return whether there is one."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._waiting), timeout)

    def release(self) -> int:
        """Continue all stalled requests. Return their number."""
        with self._changed:
            released, self._waiting = len(self._waiting), []
            self._changed.notify_all()
            return released

    def drop(self) -> None:
        """Close the connections of all stalled requests, without a response."""
        with self._changed:
            self._dropped.update(self._waiting)
            self._waiting = []
            self._changed.notify_all()
