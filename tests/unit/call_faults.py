# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The faults that the tests inject at each call of a module. The calls are counted in the journal of a clean run."""

from __future__ import annotations

import typing as t

FOR_EVER: dict[str, t.Any] = {"times": None}
ALWAYS_CUT = {"cut": "before", **FOR_EVER}
# botocore itself makes five attempts
FOR_LONG = {"times": 7}


class CallFault(t.NamedTuple):
    """``effects``: the faults of the simulator, and after how many further calls each one starts.

    ``passes``: whether the task must succeed.
    ``is_silent``: whether the client waits in real time for an answer.
    """

    effects: tuple[tuple[dict[str, t.Any], int], ...]
    passes: bool = False
    is_silent: bool = False

    @property
    def is_malformed(self) -> bool:
        return any("malformed" in effect for effect, _later in self.effects)


def _once(*, passes: bool = True, is_silent: bool = False, **effect: t.Any) -> CallFault:
    return CallFault((({"times": 1, **effect}, 0),), passes, is_silent)


CALL_FAULTS = {
    "throttled": _once(code="Throttling"),
    "throttled_for_long": _once(code="Throttling", **FOR_LONG),
    "cut_before": _once(cut="before"),
    "cut_before_for_long": _once(cut="before", **FOR_LONG),
    "cut_after": _once(cut="after"),
    "cut_after_for_long": _once(cut="after", **FOR_LONG),
    "http_500": _once(code="InternalFailure", **FOR_LONG),
    "http_500_after": _once(code="InternalFailure", carried_out=True),
    "http_503_after": _once(code="ServiceUnavailable", carried_out=True),
    "malformed": _once(malformed="before"),
    "malformed_after": _once(malformed="after"),
    "malformed_for_ever": _once(malformed="after", passes=False, **FOR_EVER),
    "denied": _once(deny=True, passes=False),
    "denied_for_ever": _once(deny=True, passes=False, **FOR_EVER),
    "never_reached": _once(passes=False, **ALWAYS_CUT),
    "never_reached_after": CallFault((({"cut": "after", "times": 1}, 0), (ALWAYS_CUT, 1))),
    "http_500_after_and_for_ever": CallFault(
        (
            ({"code": "InternalFailure", "carried_out": True, "times": 1}, 0),
            ({"code": "InternalFailure", **FOR_EVER}, 1),
        )
    ),
    "never_answered": _once(stall="before", is_silent=True),
    "never_answered_after": _once(stall="after", is_silent=True),
    "never_answered_for_ever": _once(stall="before", passes=False, is_silent=True, **FOR_EVER),
    "never_answered_after_for_ever": _once(stall="after", passes=False, is_silent=True, **FOR_EVER),
}
# how long the client waits for an answer, in real seconds
SILENCE = {"read_timeout": 0.5, "retries": {"mode": "standard", "total_max_attempts": 1}}


class CallPoint(t.NamedTuple):
    """One call of a run: its operation, and the number of matching calls before it."""

    operation: str
    number: int

    def inject(self, sim: t.Any, fault: CallFault) -> None:
        """Add the fault at this call."""
        for options, later in fault.effects:
            sim.faults.add(operation=self.operation, after=self.number + later, **options)


def call_points(operations: t.Iterable[str]) -> list[CallPoint]:
    """Return the calls of a run as points for faults. The calls of RDS are counted together."""
    points: list[CallPoint] = []
    for operation in operations:
        service, colon, name = operation.rpartition(":")
        # the journal has the signing name of the service
        matched = f"{'cloudwatch' if service == 'monitoring' else service}:{name}" if colon else "*"
        points.append(CallPoint(matched, sum(point.operation == matched for point in points)))
    return points
