# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Loopback addresses for endpoints: each endpoint gets an address of 127.0.0.0/8 of its own."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Iterator

# A listener on this port reserves the 254 addresses of a block, so that simulators do not use the same addresses.
_RESERVATION_PORT = 47365
_FIRST_BLOCK = 64 << 8
_BLOCKS = 128 << 8


class Loopback:
    """The loopback addresses that this simulator uses, by the host name that AWS would give the endpoint."""

    def __init__(self) -> None:
        self._by_name: dict[str, str] = {}
        self._addresses: set[str] = set()
        self._reservations: list[socket.socket] = []
        self._free: Iterator[str] = iter(())

    def address(self, name: str) -> str:
        """Return the address of an endpoint: always the same for a name."""
        if name not in self._by_name:
            address = next(self._free, None) or self._reserve()
            self._by_name[name] = address
            self._addresses.add(address)
        return self._by_name[name]

    def owns(self, address: str) -> bool:
        """Return whether this is the address of an endpoint."""
        return address in self._addresses

    def release(self) -> None:
        """Forget all addresses, so that other simulators can use them."""
        for reservation in self._reservations:
            reservation.close()
        self._by_name.clear()
        self._addresses.clear()
        self._reservations.clear()
        self._free = iter(())

    def _reserve(self) -> str:
        """Reserve a block of addresses, and return the first one. The process id spreads simulators over the blocks."""
        start = os.getpid() * 7 % _BLOCKS
        for number in itertools.chain(range(start, _BLOCKS), range(start)):
            high, low = divmod(_FIRST_BLOCK + number, 256)
            try:
                reservation = socket.create_server((f"127.{high}.{low}.255", _RESERVATION_PORT), backlog=1)
            except OSError:
                continue
            self._reservations.append(reservation)
            self._free = (f"127.{high}.{low}.{last}" for last in range(1, 255))
            return next(self._free)
        raise OSError("endpoints: no loopback addresses are left")
