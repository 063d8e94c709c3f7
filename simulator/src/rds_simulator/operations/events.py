# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The events of databases and snapshots, and DescribeEvents."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from moto.core.utils import get_service_model

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError, not_implemented
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import ARN_TYPE, Backend, Database
from ..state.backup_store import ARN, Snapshot

_KEPT = timedelta(days=14)
_DEFAULT_MINUTES = 60
_MOST_MINUTES = 14 * 24 * 60
_SOURCE_TYPE = {INSTANCE: "db-instance", CLUSTER: "db-cluster"}
_SNAPSHOT_TYPE = {INSTANCE: "db-snapshot", CLUSTER: "db-cluster-snapshot"}

# Message and category: "Amazon RDS event categories and event messages" of the user guides
# (the backup of an instance: AWS CLI reference, describe-events ✓; the wording of the others △).
_OF_DATABASES = {
    (INSTANCE, "created"): ("DB instance created", "creation"),
    (INSTANCE, "deleted"): ("DB instance deleted", "deletion"),
    (INSTANCE, "restarted"): ("DB instance restarted", "availability"),
    (INSTANCE, "stopped"): ("DB instance stopped", "notification"),
    (INSTANCE, "started"): ("DB instance started", "notification"),
    (INSTANCE, "backup started"): ("Backing up DB instance", "backup"),
    (INSTANCE, "backup finished"): ("Finished DB Instance backup", "backup"),
    (CLUSTER, "created"): ("DB cluster created.", "creation"),
    (CLUSTER, "deleted"): ("DB cluster deleted.", "deletion"),
    (CLUSTER, "stopped"): ("DB cluster stopped.", "notification"),
    (CLUSTER, "started"): ("DB cluster started.", "notification"),
}
_OF_SNAPSHOTS = {
    (INSTANCE, "manual", "started"): ("Creating manual snapshot", "creation"),
    (INSTANCE, "manual", "finished"): ("Manual snapshot created", "creation"),
    (INSTANCE, "manual", "deleted"): ("Deleted user snapshot", "deletion"),
    (INSTANCE, "automated", "finished"): ("Automated snapshot created", "creation"),
    (CLUSTER, "manual", "started"): ("Creating manual cluster snapshot.", "backup"),
    (CLUSTER, "manual", "finished"): ("Manual cluster snapshot created.", "backup"),
    (CLUSTER, "automated", "finished"): ("Automated cluster snapshot created.", "backup"),
}


def note_database(backend: Backend, database: Database, what: str) -> None:
    """Record an event of an instance or a cluster; AWS has none for some actions on clusters."""
    event = _OF_DATABASES.get((database.kind, what))
    if event is not None:
        arn = backend.arn(ARN_TYPE[database.kind], database.name)
        _note(backend, _SOURCE_TYPE[database.kind], database.name, arn, event)


def note_snapshot(backend: Backend, snapshot: Snapshot, what: str) -> None:
    """Record an event of a snapshot, if AWS has one."""
    event = _OF_SNAPSHOTS.get((snapshot.kind, str(snapshot.record["SnapshotType"]), what))
    if event is not None:
        arn = str(snapshot.record[ARN[snapshot.kind]])
        _note(backend, _SNAPSHOT_TYPE[snapshot.kind], snapshot.name, arn, event)


def _note(backend: Backend, source_type: str, name: str, arn: str, event: tuple[str, str]) -> None:
    message, category = event
    backend.events.append(
        {
            "SourceIdentifier": name,
            "SourceType": source_type,
            "Message": message,
            "EventCategories": [category],
            "Date": backend.world.clock.now(),
            "SourceArn": arn,
        }
    )


@operation("DescribeEvents")
def describe_events(request: ApiRequest) -> dict[str, Any]:
    """Return events of the last hour or the requested time, oldest first, for up to 14 days (model ✓)."""
    if request.parameters.get("Filters"):
        raise not_implemented("Filters of DescribeEvents")
    now, events = request.world.clock.now(), request.backend.events
    events[:] = [event for event in events if event["Date"] > now - _KEPT]
    numbered = zip((f"{number:08d}" for number in itertools.count()), _matching(request, now))
    return page(request, "Events", numbered, key=lambda item: item[0], show=lambda item: item[1])


def _matching(request: ApiRequest, now: datetime) -> Iterator[dict[str, Any]]:
    parameters = request.parameters
    source, source_type = parameters.get("SourceIdentifier"), parameters.get("SourceType")
    if source and not source_type:
        # "If SourceIdentifier is supplied, SourceType must also be provided" (model ✓; code and text ?).
        raise AwsError("InvalidParameterCombination", "SourceType must be specified with SourceIdentifier.")
    if source_type and source_type not in get_service_model("rds").shape_for("SourceType").enum:
        raise AwsError("InvalidParameterValue", f"Invalid source type: {source_type}")
    start, end = _interval(parameters, now)
    categories = set(parameters.get("EventCategories", ()))
    for event in sorted(request.backend.events, key=lambda one: one["Date"]):
        if (
            start <= event["Date"] <= end
            and source_type in (None, event["SourceType"])
            and (not source or source.lower() == event["SourceIdentifier"])
            and (not categories or categories & set(event["EventCategories"]))
        ):
            yield event


def _interval(parameters: dict[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """Return StartTime and EndTime, by default the last Duration minutes (model ✓; other combinations ?)."""
    minutes = parameters.get("Duration", _DEFAULT_MINUTES)
    if not 0 <= minutes <= _MOST_MINUTES:
        # Events are kept for 14 days (model ✓; the refusal of a longer or negative duration, code and text ?).
        raise AwsError(
            "InvalidParameterValue", f"Invalid value {minutes} for Duration. The maximum is {_MOST_MINUTES}."
        )
    start, end = parameters.get("StartTime"), parameters.get("EndTime")
    try:
        if end is None:
            end = start + timedelta(minutes=minutes) if start is not None and "Duration" in parameters else now
        if start is None:
            start = end - timedelta(minutes=minutes)
    except OverflowError:
        raise AwsError("InvalidParameterValue", "StartTime or EndTime is out of range.") from None
    if start > end:
        raise AwsError("InvalidParameterCombination", "StartTime must be before EndTime.")
    return start, end
