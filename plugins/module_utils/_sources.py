# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a database can be restored from: which operation does it, what is known of the source, and what is against it.

Sources: the API reference of the Restore operations; Amazon RDS and Aurora User Guides, "Restoring from a DB snapshot"
and "Restoring a DB instance to a specified time".

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from ._errors import InputError, quoted
from ._model import CLUSTER, INSTANCE, Database, Problem

SOURCE_NOT_FOUND = "source_not_found"
SOURCE_NOT_AVAILABLE = "source_not_available"
SOURCE_NOT_RESTORABLE = "source_not_restorable"
TARGET_EXISTS = "target_exists"

SNAPSHOT, CLUSTER_SNAPSHOT = "db_snapshot", "db_cluster_snapshot"
LIVE_INSTANCE, LIVE_CLUSTER = "db_instance", "db_cluster"
INSTANCE_BACKUP, CLUSTER_BACKUP = "db_instance_automated_backup", "db_cluster_automated_backup"
S3 = "s3"


class Way(t.NamedTuple):
    """How a target of some kind is made from a source: operation, the parameters that name both, the source's kind."""

    operation: str
    target: str
    source: str
    kind: str


_PITR_INSTANCE = ("RestoreDBInstanceToPointInTime", "TargetDBInstanceIdentifier")
_PITR_CLUSTER = ("RestoreDBClusterToPointInTime", "DBClusterIdentifier")
_SNAPSHOT_INSTANCE = ("RestoreDBInstanceFromDBSnapshot", "DBInstanceIdentifier")
_SNAPSHOT_CLUSTER = ("RestoreDBClusterFromSnapshot", "DBClusterIdentifier")

WAYS: dict[str, dict[str, Way]] = {
    INSTANCE: {
        "db_snapshot_identifier": Way(*_SNAPSHOT_INSTANCE, "DBSnapshotIdentifier", SNAPSHOT),
        "db_cluster_snapshot_identifier": Way(*_SNAPSHOT_INSTANCE, "DBClusterSnapshotIdentifier", CLUSTER_SNAPSHOT),
        "source_db_instance_identifier": Way(*_PITR_INSTANCE, "SourceDBInstanceIdentifier", LIVE_INSTANCE),
        "source_dbi_resource_id": Way(*_PITR_INSTANCE, "SourceDbiResourceId", INSTANCE_BACKUP),
        "source_db_instance_automated_backups_arn": Way(
            *_PITR_INSTANCE, "SourceDBInstanceAutomatedBackupsArn", INSTANCE_BACKUP
        ),
        "s3_bucket_name": Way("RestoreDBInstanceFromS3", "DBInstanceIdentifier", "S3BucketName", S3),
    },
    CLUSTER: {
        "db_snapshot_identifier": Way(*_SNAPSHOT_CLUSTER, "SnapshotIdentifier", SNAPSHOT),
        "db_cluster_snapshot_identifier": Way(*_SNAPSHOT_CLUSTER, "SnapshotIdentifier", CLUSTER_SNAPSHOT),
        "source_db_cluster_identifier": Way(*_PITR_CLUSTER, "SourceDBClusterIdentifier", LIVE_CLUSTER),
        "source_db_cluster_resource_id": Way(*_PITR_CLUSTER, "SourceDbClusterResourceId", CLUSTER_BACKUP),
        "s3_bucket_name": Way("RestoreDBClusterFromS3", "DBClusterIdentifier", "S3BucketName", S3),
    },
}
SOURCE_OPTIONS = tuple(dict.fromkeys(option for ways in WAYS.values() for option in ways))
# what a backup in S3 is further described by: option -> the API's name
S3_OPTIONS = {
    "s3_prefix": "S3Prefix",
    "s3_ingestion_role_arn": "S3IngestionRoleArn",
    "source_engine": "SourceEngine",
    "source_engine_version": "SourceEngineVersion",
}
TIME_OPTIONS = {
    "RestoreTime": "restore_time",
    "RestoreToTime": "restore_time",
    "UseLatestRestorableTime": "use_latest_restorable_time",
}
_TO_A_TIME = frozenset((_PITR_INSTANCE[0], _PITR_CLUSTER[0]))
_TIME_PARAMETER = {INSTANCE: "RestoreTime", CLUSTER: "RestoreToTime"}
# RDS's engine under which a snapshot of the plain engine becomes an Aurora cluster
_AURORA_OF = {"mysql": "aurora-mysql", "postgres": "aurora-postgresql"}


@dataclass(frozen=True)
class Source:
    """What RDS says of a source.

    ``moment``: when a snapshot, or this copy of it, was made; ``snapshot_time``: when it was taken, before all copying.
    ``earliest``, ``latest``: what can be restored to.
    """

    kind: str
    name: str
    arn: str
    resource_id: str
    iam: bool
    engine: str
    engine_version: str
    status: str
    instance_class: str | None = None
    is_shared: bool = False
    is_encrypted: bool = False
    member_of: str | None = None
    keeps_backups: bool = True
    moment: dt.datetime | None = None
    snapshot_time: dt.datetime | None = None
    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None


@dataclass(frozen=True)
class Choice:
    """The source that a task names, and the time to restore to (None: the source's own, or the latest)."""

    kind: str
    option: str
    name: str
    way: Way
    time: dt.datetime | None = None
    latest: bool = False

    @property
    def parameters(self) -> dict[str, t.Any]:
        """What the request says of source and time."""
        said: dict[str, t.Any] = {self.way.source: self.name}
        if self.time is not None:
            said[_TIME_PARAMETER[self.kind]] = self.time
        if self.latest:
            said["UseLatestRestorableTime"] = True
        return said


def options_of(kind: str) -> dict[str, str]:
    """The options that say what to restore from and to which time, by the API's names."""
    named = {way.source: option for option, way in WAYS[kind].items()}
    return {**named, **{name: option for option, name in S3_OPTIONS.items()}, **TIME_OPTIONS}


def choose(params: t.Mapping[str, t.Any], kind: str) -> Choice:
    """Read which source is meant. Raises InputError for none, two, a wrong kind, and times that make no sense."""
    named = [option for option in SOURCE_OPTIONS if str(params.get(option) or "").strip()]
    if len(named) != 1:
        found = f"{', '.join(named)} name {len(named)}" if named else "none is named"
        raise InputError(f"exactly one source is needed, and {found}; there are {', '.join(SOURCE_OPTIONS)}")
    option = named[0]
    if option not in WAYS[kind]:
        fitting = ", ".join(WAYS[kind])
        raise InputError(f"{option}: a DB {kind} cannot be restored from it, but from one of {fitting}")
    way = WAYS[kind][option]
    time, latest = _time(params, to_a_time=way.operation in _TO_A_TIME, option=option)
    return Choice(kind, option, params[option].strip(), way, time, latest)


def _time(params: t.Mapping[str, t.Any], *, to_a_time: bool, option: str) -> tuple[dt.datetime | None, bool]:
    text, latest = str(params.get("restore_time") or "").strip(), bool(params.get("use_latest_restorable_time"))
    if not to_a_time:
        if text or latest:
            which = "restore_time" if text else "use_latest_restorable_time"
            raise InputError(f"{which}: {option} is restored as it is, not to a point in time; leave it out")
        return None, False
    if bool(text) == latest:
        both = "both are given" if text else "neither is given"
        raise InputError(f"restore_time or use_latest_restorable_time: exactly one is needed, and {both}")
    return (parse_time(text) if text else None), latest


def parse_time(text: str) -> dt.datetime:
    """Read an ISO 8601 time with its zone; return it in UTC. Raises InputError."""
    example = "like 2026-11-24T03:30:00Z or 2026-11-24T04:30:00+01:00"
    try:
        # before Python 3.11, fromisoformat knows no Z
        time = dt.datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "Zz" else text)
        if time.tzinfo is None:
            raise InputError(f"restore_time: {quoted(text)} has no time zone; give one, {example}")
        return time.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError):
        raise InputError(f"restore_time: {quoted(text)} is not an ISO 8601 time, {example}") from None


def target_engine(source: Source, kind: str, engine: str | None) -> str:
    """The engine of the database to be made: as asked for, or the source's, or the Aurora that it becomes."""
    if engine:
        return engine.lower()
    if kind == CLUSTER and source.kind == SNAPSHOT:
        return _AURORA_OF.get(source.engine, source.engine)
    return source.engine


def wrong_engine(choice: Choice, source: Source, engine: str) -> list[Problem]:
    """Why a database of this engine cannot be made of the source."""
    if becomes(source.engine, engine):
        return []
    text = f"{choice.option}: {source.name} is of engine {source.engine}, which cannot become {engine}"
    return [Problem(SOURCE_NOT_RESTORABLE, text)]


def problems(choice: Choice, source: Source) -> list[Problem]:
    """Why nothing can be restored from this source."""
    found = [
        _availability(choice, source),
        _wrong_kind(choice, source),
        _shared(choice, source),
        _window(choice, source),
    ]
    return [problem for problem in found if problem is not None]


def _availability(choice: Choice, source: Source) -> Problem | None:
    # a stopped database can be restored to a point in time all the same
    if source.kind not in (SNAPSHOT, CLUSTER_SNAPSHOT) or source.status == "available":
        return None
    return Problem(
        SOURCE_NOT_AVAILABLE,
        f"{choice.option}: {source.name} has status {source.status!r}; wait until it is 'available'",
    )


def _wrong_kind(choice: Choice, source: Source) -> Problem | None:
    if source.member_of:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a member of DB cluster {source.member_of}, which owns the data: name "
            "the cluster",
        )
    is_aurora = source.engine.startswith("aurora")
    if choice.kind == INSTANCE and source.kind == CLUSTER_SNAPSHOT and is_aurora:
        return Problem(
            SOURCE_NOT_RESTORABLE,
            f"{choice.option}: {source.name} is a snapshot of an Aurora cluster, which becomes a cluster only: set "
            "db_cluster_identifier instead of db_instance_identifier",
        )
    return None


def _shared(choice: Choice, source: Source) -> Problem | None:
    if not (source.kind == SNAPSHOT and source.is_shared and source.is_encrypted):
        return None
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"{choice.option}: {source.name} is shared by another account and encrypted, and RDS restores no such "
        "instance snapshot: copy it first, with a KMS key of this account, and restore the copy",
    )


def _window(choice: Choice, source: Source) -> Problem | None:
    if choice.time is None and not choice.latest:
        return None
    if not source.keeps_backups or source.latest is None:
        return Problem(
            SOURCE_NOT_RESTORABLE, f"{choice.option}: {source.name} keeps no automated backups to restore from"
        )
    if choice.time is None or _within(choice.time, source):
        return None
    earliest = _text(source.earliest) if source.earliest else "its first backup"
    return Problem(
        SOURCE_NOT_RESTORABLE,
        f"restore_time: {source.name} can be restored from {earliest} to {_text(source.latest)}, and "
        f"{_text(choice.time)} lies outside",
    )


def _within(time: dt.datetime, source: Source) -> bool:
    return source.latest is not None and time <= source.latest and (source.earliest is None or source.earliest <= time)


def unlike(choice: Choice, source: Source | None, target: Database) -> Problem | None:
    """Why a target that exists cannot be what this restore makes."""
    if source is not None and target.resource_id and source.resource_id == target.resource_id:
        return _exists(target, "it is the very database that is to be restored")
    if source is not None and not becomes(source.engine, target.engine):
        return _exists(target, f"its engine is {target.engine}, and that of the source {source.engine}")
    since = choice.time or (source.moment if source else None)
    if since is not None and target.created_at is not None and target.created_at < since:
        return _exists(target, f"it was created at {_text(target.created_at)}, before {_text(since)}")
    return None


def _exists(target: Database, why: str) -> Problem:
    return Problem(
        TARGET_EXISTS,
        f"it exists already and cannot be this restore: {why}. Choose another identifier, or delete or rename it",
    )


def becomes(source: str, engine: str) -> bool:
    """Whether a backup of one engine can be restored as another: never out of Aurora, and as MariaDB out of MySQL."""
    if family(source) == family(engine):
        return engine.startswith("aurora") or not source.startswith("aurora")
    return (source, engine) == ("mysql", "mariadb")


def family(engine: str) -> str:
    """Engines between which a restore may cross: a MySQL snapshot may become Aurora MySQL."""
    plain = {"aurora": "mysql", "aurora-mysql": "mysql", "aurora-postgresql": "postgres"}.get(engine, engine)
    return plain.split("-", maxsplit=1)[0]


def restored_to(choice: Choice, source: Source | None, *, exists: bool) -> dt.datetime | None:
    """The point in time whose data the target has; None for a snapshot, and where it existed and is of the latest."""
    if choice.time is not None or not choice.latest:
        return choice.time
    return None if exists or source is None else source.latest


def _text(time: dt.datetime) -> str:
    return time.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
