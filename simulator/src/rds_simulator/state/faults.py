# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults that tests request: errors, denials, cut connections, latency, throttling."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from moto.core.utils import get_service_model

from .stalls import Stalls

_IDENTIFIERS = (
    "DBInstanceIdentifier",
    "DBClusterIdentifier",
    "DBParameterGroupName",
    "DBClusterParameterGroupName",
    "DBSnapshotIdentifier",
    "DBClusterSnapshotIdentifier",
    "TargetDBInstanceIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDBClusterIdentifier",
    "SnapshotIdentifier",
    "SourceDbiResourceId",
    "SourceDbClusterResourceId",
    "SourceDBInstanceAutomatedBackupsArn",
    "DBSubnetGroupName",
    "ResourceName",
)

# The permission that a login requires; a fault of this operation affects logins with a token, and no API call.
LOGIN = "rds-db:connect"
LOGIN_CODES = ("ExpiredToken", "InternalError", "InvalidToken", "NotAuthorized", "ThrottlingException")

# Services whose operations can be faulted as ``service:Operation``. The names are those of boto3.
OTHER_SERVICES = ("cloudwatch", "iam", "logs", "sts")


@dataclass
class Fault:
    """A fault, and the calls that it affects.

    operation: an operation of RDS, ``*`` for all of them, ``service:Operation`` for another service, or
    ``rds-db:connect`` for logins with a token. identifier: only calls that name this database or group are affected.

    after: the number of matching calls that succeed first. times: the number of calls that fail then; None means all.
    probability: the chance that a matching call is affected.

    A fault has exactly one effect. code (with message): an error; with ``carried_out``, the request is executed
    before the error is returned, as can happen with AWS. cut: the connection is closed ``before`` or ``after`` the
    request is executed. malformed: the response is not XML, ``before`` (instead of) or ``after`` the request is
    executed. stall: the request waits ``before`` or ``after`` it is executed, and the connection stays open without
    a response. deny: access is denied. latency: a delay in real seconds.
    """

    operation: str = "*"
    code: str | None = None
    message: str | None = None
    carried_out: bool = False
    times: int | None = None
    after: int = 0
    identifier: str | None = None
    probability: float | None = None
    cut: str | None = None
    latency: float | None = None
    deny: bool = False
    malformed: str | None = None
    stall: str | None = None

    def __post_init__(self) -> None:
        timed = {"cut": self.cut, "malformed": self.malformed, "stall": self.stall}
        effects = [self.code is not None, self.latency is not None, self.deny]
        if sum(effects) + sum(when is not None for when in timed.values()) != 1:
            raise ValueError("a fault needs exactly one of code, cut, latency, deny, malformed and stall")
        if self.carried_out and self.code is None:
            raise ValueError("carried_out: requires code")
        if self.operation == LOGIN:
            self._check_login()
        elif self.operation != "*" and not _is_operation(self.operation):
            raise ValueError(
                f"operation: {self.operation!r}: not an operation of RDS, nor SERVICE:OPERATION of another"
            )
        for name, when in timed.items():
            if when not in (None, "before", "after"):
                raise ValueError(f"{name}: must be 'before' or 'after'")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError("probability: must be between 0 and 1")

    def _check_login(self) -> None:
        for name in ("cut", "malformed", "stall", "carried_out"):
            if getattr(self, name):
                raise ValueError(f"{name}: not available for {LOGIN}")
        if self.code is not None and self.code not in LOGIN_CODES:
            raise ValueError(f"code: {self.code!r}: must be one of {', '.join(LOGIN_CODES)} for {LOGIN}")

    def concerns(self, operation: str, parameters: dict[str, Any]) -> bool:
        """Return whether a call, or a login, matches this fault."""
        if self.operation != operation and (self.operation != "*" or ":" in operation):
            return False
        if self.identifier is None:
            return True
        named = {str(parameters[key]).lower() for key in _IDENTIFIERS if key in parameters}
        wanted = self.identifier.lower()
        return any(name == wanted or name.endswith(f":{wanted}") for name in named)

    def strikes(self, draw: Callable[[], float]) -> bool:
        """Count a matching call, and return whether the fault affects it."""
        if self.after > 0:
            self.after -= 1
            return False
        if self.times == 0 or (self.probability is not None and draw() >= self.probability):
            return False
        if self.times is not None:
            self.times -= 1
        return True


def _is_operation(name: str) -> bool:
    """Return whether a name is an operation of RDS, or ``service:Operation`` of another service."""
    service, colon, operation = name.rpartition(":")
    if colon and service not in OTHER_SERVICES:
        return False
    return operation in get_service_model(service or "rds").operation_names


_ONCE = object()


class Faults:
    """The active faults. Random ones use a seeded random source, so that runs are repeatable."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.stalls = Stalls()
        self.clear()

    def add(self, *, times: Any = _ONCE, **options: Any) -> Fault:
        """Add a fault; raise ValueError if it is invalid.

        ``times`` defaults to 1 for errors and cuts. For latency, denials and faults with a probability it defaults to
        None (no limit).
        """
        if times is _ONCE:
            lasting = options.keys() & {"latency", "deny", "probability"}
            times = None if lasting else 1
        try:
            fault = Fault(times=times, **options)
        except TypeError as error:
            raise ValueError(str(error)) from None
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults, drop the stalled requests, and reset the random source."""
        with self._lock:
            self._faults: list[Fault] = []
            self._random = random.Random(20171224)
        self.stalls.drop()

    def strike(self, operation: str, parameters: dict[str, Any]) -> list[Fault]:
        """Return the faults that affect this call: every latency, and the first of the others."""
        hits: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                taken = fault.latency is None and any(hit.latency is None for hit in hits)
                if taken or not fault.concerns(operation, parameters):
                    continue
                if fault.strikes(self._random.random):
                    hits.append(fault)
            self._faults = [fault for fault in self._faults if fault.times != 0]
        return hits

    def as_list(self) -> list[dict[str, Any]]:
        """Return the faults as dictionaries, for the control API."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]


class TokenBucket:
    """Throttling as in AWS: ``rate`` calls per second in real time, and bursts of ``burst`` calls."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._tokens: float | None = None
        self._seen = now()

    def take(self, *, rate: float, burst: float) -> bool:
        """Return whether one more call is allowed. A rate of 0 disables throttling."""
        if not rate:
            self._tokens = None
            return True
        with self._lock:
            now = self._now()
            before = burst if self._tokens is None else self._tokens
            tokens = min(burst, before + (now - self._seen) * rate)
            self._seen = now
            self._tokens = tokens - 1 if tokens >= 1 else tokens
            return tokens >= 1
