# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The calls that are needed beyond those of ``_gateway`` where databases are made.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from ._gateway import Api, Gateway
from ._inherit import SourceDatabase
from ._request import Operation, Request
from ._sources import Choice, Source


class EngineOffer(t.NamedTuple):
    """A version of an engine that RDS offers, and the family that its parameter groups have."""

    version: str
    family: str


class _MakingCalls(t.Protocol):
    """What is needed beyond that to make a database."""

    def operation(self, name: str) -> Operation:
        """What the installed API model says of an operation. Makes no call."""

    def source(self, choice: Choice) -> Source | None:
        """Describe what is to be restored; None where there is none such."""

    def snapshot_names(self, kind: str) -> list[str]:
        """Names of DB snapshots or DB cluster snapshots of the account, at most a thousand."""

    def source_database(self, source: Source) -> SourceDatabase | None:
        """The database that a source comes from; None where it does not exist any more, or is in another region."""

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        """The version that RDS takes for this one (None: for its default), and its parameter group family."""

    def group_family(self, kind: str, name: str) -> str | None:
        """The family of a parameter group; None where there is no such group."""

    def make(self, request: Request) -> None:
        """Ask for a database; RDS answers long before it is there."""


class MakingApi(Api, _MakingCalls, t.Protocol):
    """The API call by call, as ``_rds_make`` makes them."""


class MakingGateway(Gateway, _MakingCalls, t.Protocol):
    """What the flows ask that make databases."""
