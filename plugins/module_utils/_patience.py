# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Keeps asking while AWS throttles or cuts off, until a deadline by the clock.

botocore's own retries come first and last seconds; this is for a control plane that is busy for minutes.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ._errors import CallError
from ._gateway import Clock, EngineOffer, Gateway, MakingGateway
from ._model import Database, Modify, Parameter, Ref
from ._request import Operation, Request
from ._sources import Choice, Source

_T = t.TypeVar("_T")


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        return cls(clock, clock.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.at - self.clock.monotonic()


@dataclass(frozen=True)
class PatientGateway:
    """A Gateway whose questions are asked again until they are answered or the deadline has passed.

    ``modify`` is not repeated: whether a change is still wanted has to be decided anew each time.
    """

    inner: Gateway
    deadline: Deadline
    delay: float

    @property
    def region(self) -> str:
        return self.inner.region

    def describe(self, refs: t.Sequence[Ref]) -> dict[Ref, Database]:
        return self._ask(lambda: self.inner.describe(refs))

    def describe_all(self, kind: str) -> list[Database]:
        return self._ask(lambda: self.inner.describe_all(kind))

    def member_classes(self, clusters: t.Sequence[str]) -> dict[str, str]:
        return self._ask(lambda: self.inner.member_classes(clusters))

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        return self._ask(lambda: self.inner.supports_iam(engine, engine_version, instance_class))

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        return self._ask(lambda: self.inner.parameter(kind, group, name))

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        self._ask(lambda: self.inner.set_parameter(kind, group, name, value))

    def modify(self, change: Modify) -> None:
        self.inner.modify(change)

    def _ask(self, call: t.Callable[[], _T], *, also: t.Callable[[CallError], bool] = lambda error: False) -> _T:
        while True:
            try:
                return call()
            except CallError as error:
                left = self.deadline.left
                if not (error.passing or also(error)) or left <= 0:
                    raise
                self.deadline.clock.sleep(min(self.delay, left))


@dataclass(frozen=True)
class PatientMakingGateway(PatientGateway):
    """The same for what makes databases."""

    inner: MakingGateway
    answers: dict[tuple[str, str, str], bool | None] = field(default_factory=dict)

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Asked once, though it says two things: whether the class is offered at all, and with IAM authentication."""
        key = (engine, engine_version, instance_class)
        if key not in self.answers:
            self.answers[key] = super().supports_iam(*key)
        return self.answers[key]

    def operation(self, name: str) -> Operation:
        return self.inner.operation(name)

    def source(self, choice: Choice) -> Source | None:
        return self._ask(lambda: self.inner.source(choice))

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        return self._ask(lambda: self.inner.engine_offer(engine, version))

    def group_family(self, kind: str, name: str) -> str | None:
        return self._ask(lambda: self.inner.group_family(kind, name))

    def make(self, request: Request) -> None:
        """Ask for a database once; again only while the status of what it needs does not allow it."""
        self._ask(lambda: self.inner.make(request), also=lambda error: error.wrong_state)
