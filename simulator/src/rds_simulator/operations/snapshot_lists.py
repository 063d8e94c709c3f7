# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeDBSnapshots and DescribeDBClusterSnapshots."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..api.filters import Filter, apply_filters
from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import ARN_TYPE, Backend
from ..state.backup_store import ARN, EVERYBODY, NAME, RESOURCE_ID, SOURCE, Snapshot
from .snapshots import find_snapshot, is_own, snapshot_not_found

_OWN_TYPES = ("automated", "manual", "awsbackup")
_NAMES: dict[str, dict[str, str]] = {
    INSTANCE: {"of": "db-instance-id", "itself": "db-snapshot-id"},
    CLUSTER: {"of": "db-cluster-id", "itself": "db-cluster-snapshot-id"},
}


def _filters(kind: str) -> dict[str, Filter[Snapshot]]:
    known = {
        _NAMES[kind]["of"]: Filter[Snapshot](lambda found: [found.record[SOURCE[kind]]], arn_type=ARN_TYPE[kind]),
        _NAMES[kind]["itself"]: Filter[Snapshot](lambda found: [found.name]),
        "snapshot-type": Filter[Snapshot](lambda found: [found.record["SnapshotType"]]),
        "engine": Filter[Snapshot](lambda found: [found.record["Engine"]]),
    }
    if kind == INSTANCE:
        known["dbi-resource-id"] = Filter(lambda found: [found.record["DbiResourceId"].lower()])
    return known


def _describe(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Return one by identifier or all that match; those of other accounts only on request (model ✓)."""
    backend, parameters = request.backend, request.parameters
    given = parameters.get(NAME[kind])
    if given and parameters.get(SOURCE[kind]):
        raise AwsError("InvalidParameterCombination", f"{NAME[kind]} and {SOURCE[kind]} can't be used together.")
    found = [one for one in _visible(request, kind) if _matches(parameters, kind, one)]
    if given:
        wanted = find_snapshot(backend, kind, given)
        found = [one for one in found if one is wanted]
        # An automated snapshot is found by its identifier only with SnapshotType (model ✓).
        hidden = wanted.record["SnapshotType"] == "automated" and "SnapshotType" not in parameters
        if not found or hidden:
            raise snapshot_not_found(kind, given)
    found = sorted(apply_filters(request, found, _filters(kind)), key=lambda one: _shown(backend, one)[NAME[kind]])
    return page(
        request,
        "DBSnapshots" if kind == INSTANCE else "DBClusterSnapshots",
        found,
        key=lambda one: str(_shown(backend, one)[NAME[kind]]),
        show=lambda one: _shown(backend, one),
    )


def _matches(parameters: dict[str, Any], kind: str, snapshot: Snapshot) -> bool:
    """Return whether a snapshot matches the plain parameters."""
    source, resource = parameters.get(SOURCE[kind]), parameters.get(RESOURCE_ID[kind])
    if source and snapshot.record[SOURCE[kind]] != source.lower().rpartition(":")[2]:
        return False
    return not resource or snapshot.record[RESOURCE_ID[kind]].lower() == resource.lower()


def _visible(request: ApiRequest, kind: str) -> Iterator[Snapshot]:
    """Return whether a snapshot is listed: own ones by type, shared and public ones on request (model ✓)."""
    backend, parameters = request.backend, request.parameters
    wanted = parameters.get("SnapshotType")
    for one in backend.backup_store.snapshots[kind].values():
        if wanted in (None, one.record["SnapshotType"]) and one.record["SnapshotType"] in _OWN_TYPES:
            yield one
    shared = wanted == "shared" or (wanted is None and parameters.get("IncludeShared"))
    public = wanted == "public" or (wanted is None and parameters.get("IncludePublic"))
    for other in request.world.backends():
        if other is backend or other.region != backend.region:
            continue
        for one in other.backup_store.snapshots[kind].values():
            if (shared and backend.account in one.shared_with) or (public and EVERYBODY in one.shared_with):
                yield one


def _shown(backend: Backend, snapshot: Snapshot) -> dict[str, Any]:
    """Return the record; for another account, with the ARN as the identifier and the type of sharing (△)."""
    if is_own(backend, snapshot):
        return snapshot.record
    kind = "shared" if backend.account in snapshot.shared_with else "public"
    arn = snapshot.record[ARN[snapshot.kind]]
    return {**snapshot.record, "TagList": [], NAME[snapshot.kind]: arn, "SnapshotType": kind}


operation("DescribeDBSnapshots")(partial(_describe, kind=INSTANCE))
operation("DescribeDBClusterSnapshots")(partial(_describe, kind=CLUSTER))
