# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The faults that the tests inject at each call of a module. The calls are those of a run without faults."""

from __future__ import annotations

import typing as t

FOREVER: dict[str, t.Any] = {"times": None}
ALWAYS_CUT = {"cut": "before", **FOREVER}
# botocore itself makes five attempts
REPEATED = {"times": 7}


class CallFault(t.NamedTuple):
    """``effects``: the faults of the simulator, and the number of further calls before each one starts.

    ``must_succeed``: whether the task must succeed.
    ``times_out``: whether the client receives no response, and ends the request after its read timeout.
    """

    effects: tuple[tuple[dict[str, t.Any], int], ...]
    must_succeed: bool = False
    times_out: bool = False

    @property
    def is_malformed(self) -> bool:
        return any("malformed" in effect for effect, _delay in self.effects)


def _once(*, must_succeed: bool = True, times_out: bool = False, **effect: t.Any) -> CallFault:
    return CallFault((({"times": 1, **effect}, 0),), must_succeed, times_out)


CALL_FAULTS = {
    "throttled": _once(code="Throttling"),
    "throttled_repeatedly": _once(code="Throttling", **REPEATED),
    "cut_before": _once(cut="before"),
    "cut_before_repeatedly": _once(cut="before", **REPEATED),
    "cut_after": _once(cut="after"),
    "cut_after_repeatedly": _once(cut="after", **REPEATED),
    "http_500": _once(code="InternalFailure", **REPEATED),
    "http_500_after": _once(code="InternalFailure", carried_out=True),
    "http_503_after": _once(code="ServiceUnavailable", carried_out=True),
    "malformed": _once(malformed="before"),
    "malformed_after": _once(malformed="after"),
    "malformed_forever": _once(malformed="after", must_succeed=False, **FOREVER),
    "denied": _once(deny=True, must_succeed=False),
    "denied_forever": _once(deny=True, must_succeed=False, **FOREVER),
    "unreachable": _once(must_succeed=False, **ALWAYS_CUT),
    "unreachable_after": CallFault((({"cut": "after", "times": 1}, 0), (ALWAYS_CUT, 1))),
    "http_500_after_and_forever": CallFault(
        (
            ({"code": "InternalFailure", "carried_out": True, "times": 1}, 0),
            ({"code": "InternalFailure", **FOREVER}, 1),
        )
    ),
    "no_response": _once(stall="before", times_out=True),
    "no_response_after": _once(stall="after", times_out=True),
    "no_response_forever": _once(stall="before", must_succeed=False, times_out=True, **FOREVER),
    "no_response_after_forever": _once(stall="after", must_succeed=False, times_out=True, **FOREVER),
}
# keeps the real time short that the client waits for a response
SHORT_READ_TIMEOUT = {"read_timeout": 0.5, "retries": {"mode": "standard", "total_max_attempts": 1}}


class CallPoint(t.NamedTuple):
    """One call of a run: its operation, and the number of matching calls before it."""

    operation: str
    number: int

    def inject(self, sim: t.Any, fault: CallFault) -> None:
        """Add the fault at this call."""
        for options, delay in fault.effects:
            sim.faults.add(operation=self.operation, after=self.number + delay, **options)


def call_points(operations: t.Iterable[str]) -> list[CallPoint]:
    """Return the calls of a run as points for faults. The calls of RDS are counted together."""
    points: list[CallPoint] = []
    for operation in operations:
        service, colon, name = operation.rpartition(":")
        # the journal has the signing name of the service
        matched = f"{'cloudwatch' if service == 'monitoring' else service}:{name}" if colon else "*"
        points.append(CallPoint(matched, sum(point.operation == matched for point in points)))
    return points
