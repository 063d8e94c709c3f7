# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The Simulator class: a server in a thread, and access to its state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import AwsError
from ..login.opening import open_logins, running_logins
from ..operations.parameter_groups import find_group
from ..seeding.seed import seed
from ..state.backend import Database
from ..state.clock import Clock
from ..state.faults import Faults
from ..state.journal import Call
from ..state.lookup import find
from ..state.settings import Settings
from ..state.world import DEFAULT_ACCOUNT, DEFAULT_REGION, World
from .application import Application
from .control import Control
from .http_server import HttpServer


class Simulator:
    """RDS on a local port: the control plane and, for databases with ``login: true``, their logins.

    ``speed`` is the number of simulated seconds per real second. With 0, only ``clock.advance()`` changes the time.
    ``start`` is the simulated time at the start. Its default is the real time, or a fixed Monday noon if ``speed`` is
    0.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 0.0,
        start: datetime | None = None,
    ) -> None:
        self.world = World(speed=speed, start=start)
        self._address = (host, port)
        self._server: HttpServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Simulator:
        """Start to listen, in a daemon thread."""
        if self._server is None:
            application = Application(self.world, Control(self.world))
            self._server = HttpServer(self._address, application)
            self._thread = threading.Thread(target=partial(self._server.serve_forever, poll_interval=0.05), daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, close the connections that clients keep open, and remove the data of database servers."""
        server, self._server = self._server, None
        if server is not None and self._thread is not None:
            server.shutdown()
            server.close_all()
            server.server_close()
            self._thread.join()
        self.world.close_logins()

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Return the URL of the server; raise RuntimeError before ``start()``."""
        if self._server is None:
            raise RuntimeError("the simulator has not been started. Call start() first.")
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def clock(self) -> Clock:
        """The simulated time."""
        return self.world.clock

    @property
    def settings(self) -> Settings:
        """Delays and switches."""
        return self.world.settings

    @property
    def faults(self) -> Faults:
        """The faults that affect calls."""
        return self.world.faults

    @property
    def calls(self) -> list[Call]:
        """Return a copy of the list of calls."""
        return self.world.journal.calls()

    def calls_clear(self) -> None:
        """Remove all calls from the list."""
        self.world.journal.clear()

    def reset(self) -> None:
        """Restore the state that the simulator had at the start."""
        self.world.reset()

    def seed(self, source: dict[str, Any] | str | Path) -> None:
        """Add databases from a dictionary, a path or YAML text; raise ValueError if the seed is invalid."""
        seed(self.world, source)

    def logins(self) -> list[dict[str, Any]]:
        """Return the endpoints that accept logins, and where they listen.

        Each item has ``kind`` and ``name`` of the instance or cluster, ``endpoint`` and ``port`` as in its record,
        ``listen_host`` and ``listen_port`` to connect to, ``account`` and ``region``.
        """
        self.world.clock.settle()
        plane = running_logins(self.world)
        return plane.logins() if plane is not None else []

    @property
    def ca_file(self) -> str:
        """The path of a PEM file: clients verify the certificates of the endpoints with it.

        The file exists until ``stop()`` or ``reset()``. Raise ValueError if logins are not installed.
        """
        return str(open_logins(self.world, "ca_file").ca_file)

    def at(self, seconds: float, act: Callable[[Simulator], Any]) -> None:
        """Call ``act`` after ``seconds`` of simulated time, as another client would act."""
        self.world.clock.after(seconds, partial(act, self), locked=False)

    def _find(self, kind: str, name: str, region: str | None, account: str) -> Database:
        self.world.clock.settle()
        try:
            return find(self.world.backend(account, region or DEFAULT_REGION), kind, name)
        except AwsError as error:
            raise KeyError(error.message) from None

    def database(
        self, kind: str, name: str, region: str | None = None, account: str = DEFAULT_ACCOUNT
    ) -> dict[str, Any]:
        """Return the live record of an ``instance`` or a ``cluster``; raise KeyError if there is none."""
        return self._find(kind, name, region, account).record

    def outages(
        self,
        name: str,
        region: str | None = None,
        account: str = DEFAULT_ACCOUNT,
        *,
        kind: str = "instance",
    ) -> int:
        """Return how often the service of a database was interrupted."""
        return self._find(kind, name, region, account).outages

    def snapshot(
        self, kind: str, name: str, region: str | None = None, account: str = DEFAULT_ACCOUNT
    ) -> dict[str, Any]:
        """Return the live record of a snapshot of an ``instance`` or a ``cluster``; raise KeyError if there is none."""
        self.world.clock.settle()
        backend = self.world.backend(account, region or DEFAULT_REGION)
        return backend.backup_store.snapshots[kind][name.lower()].record

    def parameter_group(
        self, kind: str, name: str, region: str | None = None, account: str = DEFAULT_ACCOUNT
    ) -> dict[str, Any]:
        """Return the live record of a parameter group; raise KeyError if there is none.

        ``Parameters`` maps parameter names to rows.
        """
        backend = self.world.backend(account, region or DEFAULT_REGION)
        group = find_group(backend, kind, name)
        if group is None:
            raise KeyError(name)
        return group
