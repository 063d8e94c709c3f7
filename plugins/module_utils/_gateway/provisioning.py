# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The calls that are needed beyond those of ``_gateway`` where databases are made.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._model.errors import CallError
from .._model.operation import Operation, Request
from .._model.restore_source import RestoreSource, RestoreSourceOption, SourceDatabase
from .rds import RdsApi, RdsGateway


class EngineOffer(t.NamedTuple):
    """A version of an engine that RDS offers, and the family that its parameter groups have."""

    version: str
    family: str


class Submitted(t.NamedTuple):
    """What became of a request to create a database: accepted, or of unknown outcome.

    ``resource_id``: of the new database, where RDS accepted the request. ``error``: the last error, where the answer to
    an attempt was lost; ``sent_at`` is then AWS's time just before the first such attempt.
    """

    resource_id: str = ""
    sent_at: t.Optional[dt.datetime] = None
    error: t.Optional[CallError] = None


class _MakingCalls(t.Protocol):
    """What is needed beyond that to make a database."""

    def operation(self, name: str) -> Operation:
        """What the installed API model says of an operation. Makes no call."""

    def source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        """Describe what is to be restored; None where there is none such."""

    def snapshot_names(self, kind: str) -> list[str]:
        """Names of DB snapshots or DB cluster snapshots of the account, at most a thousand."""

    def source_database(self, source: RestoreSource) -> SourceDatabase | None:
        """The database that a source comes from; None where it does not exist any more, or is in another region."""

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        """The version that RDS takes for this one (None: for its default), and its parameter group family."""

    def group_family(self, kind: str, name: str) -> str | None:
        """The family of a parameter group; None where there is no such group."""

    def subnet_group_vpc(self, name: str) -> str | None:
        """The VPC of a DB subnet group; None where there is no such group."""


class ProvisioningApi(RdsApi, _MakingCalls, t.Protocol):
    """The API call by call, as ``_rds_make`` makes them."""

    def make(self, request: Request) -> str:
        """Ask for a database and return its resource id; RDS answers long before it is there."""

    def answered_at(self) -> dt.datetime | None:
        """AWS's own time when it gave its newest answer; None where it has not said."""


class ProvisioningGateway(RdsGateway, _MakingCalls, t.Protocol):
    """What the flows ask that make databases."""

    def make(self, request: Request) -> Submitted:
        """Ask for a database. Raises CallError for a refusal of a request whose every answer has come."""
