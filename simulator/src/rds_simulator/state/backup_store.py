# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Snapshots, and retained or replicated automated backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..kinds import CLUSTER, INSTANCE
from .login_service import DataImage

NAME = {INSTANCE: "DBSnapshotIdentifier", CLUSTER: "DBClusterSnapshotIdentifier"}
ARN = {INSTANCE: "DBSnapshotArn", CLUSTER: "DBClusterSnapshotArn"}
SOURCE = {INSTANCE: "DBInstanceIdentifier", CLUSTER: "DBClusterIdentifier"}
RESOURCE_ID = {INSTANCE: "DbiResourceId", CLUSTER: "DbClusterResourceId"}
EVERYBODY = "all"


@dataclass
class Snapshot:
    """A snapshot.

    record: the snapshot in the shape of the API. source: the record of the database at that time. shared_with: the
    accounts that can restore the snapshot, or ``all``. data: the data of a database that accepts logins.
    """

    kind: str
    record: dict[str, Any]
    source: dict[str, Any]
    shared_with: set[str] = field(default_factory=set)
    data: DataImage | None = None

    @property
    def name(self) -> str:
        """The identifier."""
        return str(self.record[NAME[self.kind]])

    @property
    def status(self) -> str:
        """The status: ``creating``, ``available``, ``failed``, ..."""
        return str(self.record["Status"])

    @property
    def encrypted(self) -> bool:
        """Whether a KMS key is required to read the snapshot."""
        return bool(self.source["StorageEncrypted"])


@dataclass
class Backup:
    """Automated backups of a database that was deleted or is in another Region.

    source: the record of the database. region: the Region of the database, if it is another one. data: the data of
    a database that accepted logins, at the time of its deletion.
    """

    kind: str
    source: dict[str, Any]
    window: tuple[datetime, datetime] | None
    status: str = "retained"
    region: str | None = None
    data: DataImage | None = None

    @property
    def resource_id(self) -> str:
        """The resource id of the database, which is never reused."""
        return str(self.source[RESOURCE_ID[self.kind]])


class BackupStore:
    """Snapshots by identifier, and automated backups by resource id, for both kinds of databases."""

    def __init__(self) -> None:
        self.snapshots: dict[str, dict[str, Snapshot]] = {INSTANCE: {}, CLUSTER: {}}
        self.backups: dict[str, dict[str, Backup]] = {INSTANCE: {}, CLUSTER: {}}
