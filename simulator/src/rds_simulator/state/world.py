# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The complete state of one simulator: time, faults, settings, and the databases of every account."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection
from datetime import datetime, timedelta, timezone

import boto3
from moto.core.base_backend import BackendDict

from ..engines.engines import ENGINES, Engine
from ..errors import AwsError
from .backend import Backend
from .clock import Clock
from .faults import Faults, TokenBucket
from .journal import Journal
from .login_service import LoginService
from .loopback import Loopback
from .sessions import RootKey, Session
from .settings import Settings

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "eu-west-1"


class World:
    """Everything that a request can read or change. ``lock`` protects all of it."""

    def __init__(self, *, speed: float = 0.0, start: datetime | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(lock=self.lock, speed=speed, start=start)
        self.settings = Settings()
        self.faults = Faults()
        self.journal = Journal()
        self.loopback = Loopback()
        self.login_service: LoginService | None = None
        self.clock.after_events = self.refresh_logins
        self._regions = _known_regions()
        self.reset()

    def reset(self) -> None:
        """Restore the state of the start, including moto's other services and the source of random ids."""
        self.close_logins()
        with self.lock:
            self.loopback.release()
            BackendDict.reset()
            self.clock.reset()
            self.settings.reset()
            self.faults.clear()
            self.journal.clear()
            self.random = random.Random(20171224)
            self._backends: dict[tuple[str, str], Backend] = {}
            self.engines: dict[str, Engine] = dict(ENGINES)
            self._buckets: dict[tuple[str, str], TokenBucket] = {}
            self.sessions: dict[str, Session] = {}
            self.root_keys: dict[str, RootKey] = {}

    def backend(self, account: str = DEFAULT_ACCOUNT, region: str = DEFAULT_REGION) -> Backend:
        """Return the resources of an account in a Region; raise AwsError if the Region does not exist.

        A real client cannot reach a Region that does not exist. A client that signs for such a Region at a given
        endpoint receives an error about the scope of its signature (inf).
        """
        if region not in self._regions:
            raise AwsError(
                "SignatureDoesNotMatch",
                f"Credential should be scoped to a valid region. ({region})",
            )
        with self.lock:
            key = (account, region)
            if key not in self._backends:
                self._backends[key] = Backend(world=self, account=account, region=region)
            return self._backends[key]

    def login_time(self) -> datetime:
        """Return the time that tokens and credentials are checked against: real time plus ``login_clock_ahead``.

        Clients sign with the real time, and moto's STS uses it too, so the simulated clock does not apply.
        """
        return datetime.now(timezone.utc) + timedelta(seconds=self.settings.login_clock_ahead)

    def backends(self) -> list[Backend]:
        """Return all backends that were used."""
        with self.lock:
            return list(self._backends.values())

    def refresh_logins(self) -> None:
        """Let listeners and servers follow the databases. Call it without the lock, after databases have changed."""
        service = self.login_service
        if service is not None:
            service.refresh()

    def login_failure(self, databases: Collection[object]) -> str | None:
        """Return why an endpoint of these databases has no listener, or None if all have one."""
        service = self.login_service
        return service.failure(databases) if service is not None else None

    def close_logins(self) -> None:
        """Stop all listeners and database servers, and remove their data."""
        with self.lock:
            service, self.login_service = self.login_service, None
        if service is not None:
            service.close()

    def throttles(self, account: str, region: str) -> bool:
        """Return whether this account exceeds the rate of calls in this Region."""
        with self.lock:
            bucket = self._buckets.setdefault((account, region), TokenBucket())
        return not bucket.take(rate=self.settings.rate, burst=self.settings.burst)


def _known_regions() -> frozenset[str]:
    session = boto3.session.Session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("rds", partition_name=partition)
    )
