# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The API calls that only the modules that create databases need, in addition to those of ``rds``.

They are separate so that ``rds_iam_auth`` does not load them.

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
    """A version of an engine that RDS offers, and the family of its parameter groups."""

    version: str
    family: str


class Submitted(t.NamedTuple):
    """The result of a request to create a database: accepted, or of unknown outcome.

    ``resource_id`` identifies the new database if RDS accepted the request. ``error`` is the last error if the response
    to an attempt was lost. ``sent_at`` is then the AWS time just before the first such attempt.
    """

    resource_id: str = ""
    sent_at: t.Optional[dt.datetime] = None
    error: t.Optional[CallError] = None


class _MakingCalls(t.Protocol):
    """The additional calls to create a database. Each method raises CallError if a call fails."""

    def operation(self, name: str) -> Operation:
        """Return the description of an operation from the installed API model. This makes no call."""

    def source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        """Describe the source of a restore. Return None if it does not exist."""

    def snapshot_names(self, kind: str) -> list[str]:
        """Return the names of at most a thousand DB snapshots or DB cluster snapshots of the account."""

    def source_database(self, source: RestoreSource) -> SourceDatabase | None:
        """Describe the database that a source comes from. Return None if it no longer exists in this Region."""

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        """Return the version that RDS uses for ``version`` (None: the default), or None if RDS does not offer it."""

    def group_family(self, kind: str, name: str) -> str | None:
        """Return the family of a parameter group, or None if the group does not exist."""

    def subnet_group_vpc(self, name: str) -> str | None:
        """Return the VPC of a DB subnet group, or None if the group does not exist."""

    def has_option_group(self, name: str) -> bool:
        """Whether an option group exists."""


class ProvisioningApi(RdsApi, _MakingCalls, t.Protocol):
    """The interface to the API with one method for each call. ``_aws.provisioning_client`` implements it."""

    def make(self, request: Request) -> str:
        """Request a database and return its resource id. RDS responds before the database is available."""

    def answered_at(self) -> dt.datetime | None:
        """Return the AWS time of the latest response, or None if no response contained it."""


class ProvisioningGateway(RdsGateway, _MakingCalls, t.Protocol):
    """The interface that the workflows use to create databases. It retries failed calls."""

    def make(self, request: Request) -> Submitted:
        """Request a database.

        Raises CallError if RDS refuses the request and no response was lost before.
        """
