# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data plane of one simulator: its listeners, its certificate authority, and the servers behind them."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..engines.catalogue import is_postgresql
from ..state.backend import Backend, Database
from ..state.backup_store import RESOURCE_ID
from ..state.login_service import DataImage
from .certificates import endpoint_context
from .endpoint_backend import EndpointBackend
from .endpoints import Endpoint, describe, endpoints_of, outages_of, owners_in, volume_of
from .file_limit import raise_file_limit
from .front_door import FrontDoor
from .listener import Listener
from .postgres.volume import PostgresVolume
from .postgres.workspace import workspace
from .tls import CertificateAuthority
from .token_check import TokenCheck
from .users import Accounts
from .volume import Image, Volume

if TYPE_CHECKING:
    from ..state.world import World
_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_LOCAL = "127.0.0.1"

# Threads for what waits: for the lock of the world, for a server that starts, or for the check of a token.
_THREADS = 32

# Servers do not run in these statuses. Whether logins are accepted is decided for each login.
_STOPPED = ("stopping", "stopped", "deleting")


@dataclass
class _Listener:
    """A listener, and what it follows. outages: how often its instance was interrupted before it started."""

    endpoint: Endpoint
    door: Listener
    address: tuple[str, int]
    outages: int


class DataPlane:
    """Follows the databases of the world: call ``refresh`` after they may have changed, without the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._authority = CertificateAuthority()
        self._refreshing = threading.RLock()
        self._listeners: dict[tuple[str, str], _Listener] = {}
        self._failures: dict[tuple[str, str], tuple[Endpoint, str]] = {}
        self._tokens: dict[str, TokenCheck] = {}
        self._outages: dict[str, int] = {}
        self._owners: dict[str, Database] = {}
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="rds-login"))
        self._thread = threading.Thread(target=self._loop.run_forever, name="rds-logins", daemon=True)
        self._thread.start()
        self._ca_file: Path | None = None
        self._closed = False

    def new_volume(self, image: DataImage) -> Volume[Any]:
        """Return the data of a new database. Nothing is written before somebody logs in."""
        if not isinstance(image, Image):
            raise TypeError(f"{type(image).__name__} is not an image")
        if isinstance(image.accounts, Accounts):
            return PostgresVolume(image)
        # The import needs a package that only these engines need.
        from .mariadb.volume import MariadbVolume

        return MariadbVolume(image)

    @property
    def ca_pem(self) -> str:
        """The certificate of the authority that issues the certificates of the endpoints."""
        return self._authority.pem.decode("ascii")

    @property
    def ca_file(self) -> Path:
        """A file with the certificate of the authority."""
        with self._refreshing:
            if self._ca_file is None or not self._ca_file.exists():
                self._ca_file = workspace().path / f"ca-{id(self):x}.pem"
                self._ca_file.write_text(self.ca_pem, "ascii")
                self._ca_file.chmod(0o644)
            return self._ca_file

    def logins(self) -> list[dict[str, Any]]:
        """Return the endpoints that exist now, and where their listeners are."""
        with self._refreshing:
            self.refresh()
            with self._world.lock:
                listeners = [one for one in self._listeners.values() if one.endpoint.address]
                failures = [(endpoint, error) for endpoint, error in self._failures.values() if endpoint.address]
                return [
                    *(describe(listener.endpoint, listener.address) for listener in listeners),
                    *({**describe(endpoint, self._bind(endpoint)), "error": error} for endpoint, error in failures),
                ]

    def failure(self, databases: Collection[object]) -> str | None:
        """Return why an endpoint of these databases has no listener, or None if all have one."""
        with self._refreshing:
            errors = (error for endpoint, error in self._failures.values() if endpoint.database in databases)
            return next(errors, None)

    def refresh(self) -> None:
        """Start and stop listeners and servers to match the records. Endpoints that cannot listen are tried again."""
        with self._refreshing:
            if self._closed:
                return
            with self._world.lock:
                found = self._find()
            self._follow_servers(found)
            wanted = {one.key: one for home, owner in found for one in endpoints_of(home, owner)}
            for key in self._listeners.keys() - wanted.keys():
                self._run(self._listeners.pop(key).door.stop())
            raise_file_limit(len(wanted))
            earlier, self._failures = self._failures, {}
            for key, endpoint in wanted.items():
                try:
                    self._follow_listener(key, endpoint)
                except OSError as error:
                    self._failures[key] = endpoint, str(error)
                    if key not in earlier:
                        _log.error("%s", error)

    def close(self) -> None:
        """Stop all listeners and servers, and remove their data."""
        with self._refreshing:
            self._closed = True
            for listener in self._listeners.values():
                self._run(listener.door.stop())
            for owner in self._owners.values():
                if volume := volume_of(owner):
                    volume.remove()
            self._listeners, self._owners = {}, {}
            if self._ca_file is not None:
                self._ca_file.unlink(missing_ok=True)
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _find(self) -> list[tuple[Backend, Database]]:
        return [(home, owner) for home in self._world.backends() for owner in owners_in(home)]

    def _follow_servers(self, found: list[tuple[Backend, Database]]) -> None:
        """Remove the data of deleted databases; stop servers of databases that stopped or were interrupted."""
        present = {str(owner.record[RESOURCE_ID[owner.kind]]): (home, owner) for home, owner in found}
        for key in self._owners.keys() - present.keys():
            if volume := volume_of(self._owners.pop(key)):
                volume.remove()
        for key, (home, owner) in present.items():
            self._owners[key] = owner
            outages = outages_of(home, owner)
            interrupted = self._outages.setdefault(key, outages) != outages
            self._outages[key] = outages
            volume = volume_of(owner)
            if volume and volume.running and (interrupted or owner.status in _STOPPED):
                volume.stop()

    def _follow_listener(self, key: tuple[str, str], endpoint: Endpoint) -> None:
        """Start the listener of an endpoint, or start it anew if its address or its certificate changed."""
        there = self._listeners.get(key)
        host, port = self._bind(endpoint)
        if there is not None:
            moved = port and (host, port) != there.address
            if not moved and there.outages == endpoint.database.outages:
                return
            self._run(self._listeners.pop(key).door.stop())
            host, port = (host, port) if moved else there.address
        door = self._door(endpoint)
        try:
            address = self._run(door.start(host, port))
        except OSError as error:
            raise OSError(f"endpoint of {endpoint.database.name}: cannot listen on {host}:{port}: {error}") from None
        self._listeners[key] = _Listener(endpoint, door, address, endpoint.database.outages)

    def _bind(self, endpoint: Endpoint) -> tuple[str, int]:
        """Return the address to listen on; port 0 means that any port will do."""
        if endpoint.address and self._world.loopback.owns(endpoint.address):
            return endpoint.address, endpoint.port
        return _LOCAL, 0

    def _door(self, endpoint: Endpoint) -> Listener:
        tokens = self._token_check(endpoint)
        if is_postgresql(endpoint.owner.engine):
            backend = EndpointBackend(self._world, endpoint, tokens)
            return FrontDoor(backend, endpoint_context(self._authority, endpoint))
        from .mariadb.backend import MariadbBackend
        from .mariadb.door import MariadbDoor

        return MariadbDoor(MariadbBackend(self._world, endpoint, tokens, self._authority))

    def _token_check(self, endpoint: Endpoint) -> TokenCheck:
        """Return the check of a database, which all its endpoints share."""
        owner = endpoint.owner
        return self._tokens.setdefault(str(owner.record[RESOURCE_ID[owner.kind]]), TokenCheck(self._world))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
