# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults on order: errors, denials, cut connections, latency, throttling."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from moto.core.utils import get_service_model

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


@dataclass
class Fault:
    """What goes wrong, and when.

    operation: API name, or ``*``. identifier: only calls that name this database or group.
    after: let so many matching calls pass first. times: then strike so often; None = for ever.
    probability: strike at random. Exactly one effect: code (with message; with ``carried_out`` only after
    the request was carried out, as AWS's own errors can), cut (``before`` or ``after`` the request was
    carried out), deny, latency (real seconds).
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

    def __post_init__(self) -> None:
        effects = [self.code is not None, self.cut is not None, self.latency is not None, self.deny]
        if sum(effects) != 1:
            raise ValueError("a fault needs exactly one of code, cut, latency, deny")
        if self.carried_out and self.code is None:
            raise ValueError("carried_out goes with code")
        if self.operation != "*" and self.operation not in get_service_model("rds").operation_names:
            raise ValueError(f"unknown operation {self.operation!r}")
        if self.cut not in (None, "before", "after"):
            raise ValueError("cut must be 'before' or 'after'")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError("probability must lie between 0 and 1")

    def concerns(self, operation: str, parameters: dict[str, Any]) -> bool:
        """Whether a call is one that this fault is meant for."""
        if self.operation not in ("*", operation):
            return False
        if self.identifier is None:
            return True
        named = {str(parameters[key]).lower() for key in _IDENTIFIERS if key in parameters}
        wanted = self.identifier.lower()
        return any(name == wanted or name.endswith(f":{wanted}") for name in named)

    def strikes(self, draw: Callable[[], float]) -> bool:
        """Count a matching call; whether the fault hits it."""
        if self.after > 0:
            self.after -= 1
            return False
        if self.times == 0 or (self.probability is not None and draw() >= self.probability):
            return False
        if self.times is not None:
            self.times -= 1
        return True


_ONCE = object()


class Faults:
    """The faults in force. Random ones are drawn from a seeded source: runs repeat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def add(self, *, times: Any = _ONCE, **options: Any) -> Fault:
        """Add one (ValueError if it makes no sense).

        ``times`` defaults to 1 for errors and cuts, and to "for ever" for the rest: latency,
        denials, and whatever has a probability.
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
        """Remove all; the random source starts anew."""
        with self._lock:
            self._faults: list[Fault] = []
            self._random = random.Random(20171224)

    def strike(self, operation: str, parameters: dict[str, Any]) -> list[Fault]:
        """The faults that hit this call: every latency, and the first of the others."""
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
        """For the control path."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]


class TokenBucket:
    """How AWS throttles: ``rate`` calls a second, ``burst`` of them at once. Real time."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._tokens: float | None = None
        self._seen = now()

    def take(self, *, rate: float, burst: float) -> bool:
        """Whether one more call may pass. A rate of 0 throttles nothing."""
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
