# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The patience of ``_patience`` where databases are made.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ._gateway_make import EngineOffer, MakingApi
from ._inherit import SourceDatabase
from ._patience import PatientGateway
from ._request import Operation, Request
from ._sources import Choice, Source


@dataclass(frozen=True)
class PatientMakingGateway(PatientGateway):
    """The same for what makes databases."""

    inner: MakingApi
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

    def snapshot_names(self, kind: str) -> list[str]:
        return self._ask(lambda: self.inner.snapshot_names(kind))

    def source_database(self, source: Source) -> SourceDatabase | None:
        return self._ask(lambda: self.inner.source_database(source))

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        return self._ask(lambda: self.inner.engine_offer(engine, version))

    def group_family(self, kind: str, name: str) -> str | None:
        return self._ask(lambda: self.inner.group_family(kind, name))

    def make(self, request: Request) -> None:
        """Ask for a database once; again only while the status of what it needs does not allow it."""
        self._ask(lambda: self.inner.make(request), also=lambda error: error.wrong_state)
