# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Snapshots: their content, and functions to find, create and delete them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.identifiers import checked_name
from ..state.backend import Backend, Database
from ..state.backup_store import ARN, EVERYBODY, NAME, RESOURCE_ID, SOURCE, Snapshot
from ..state.lookup import find
from .events import note_snapshot
from .login_data import image_of
from .networks import network_of

ARN_TYPE = {INSTANCE: "snapshot", CLUSTER: "cluster-snapshot"}
_NOT_FOUND = {INSTANCE: "DBSnapshotNotFound", CLUSTER: "DBClusterSnapshotNotFoundFault"}
_TAKEN = {INSTANCE: "DBSnapshotAlreadyExists", CLUSTER: "DBClusterSnapshotAlreadyExistsFault"}
_STATE = {INSTANCE: "InvalidDBInstanceState", CLUSTER: "InvalidDBClusterStateFault"}
STATE_CODE = {INSTANCE: "InvalidDBSnapshotState", CLUSTER: "InvalidDBClusterSnapshotStateFault"}
_RESULT = {INSTANCE: "DBSnapshot", CLUSTER: "DBClusterSnapshot"}

# Members that snapshots and automated backups show under the same names as their source.
_OF_BOTH = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "Engine",
    "EngineVersion",
    "IAMDatabaseAuthenticationEnabled",
    "Iops",
    "KmsKeyId",
    "LicenseModel",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageThroughput",
    "StorageType",
)
_OF = {
    INSTANCE: (
        *_OF_BOTH,
        "AvailabilityZone",
        "DBInstanceIdentifier",
        "DbiResourceId",
        "DedicatedLogVolume",
        "InstanceCreateTime",
        "MultiTenant",
        "TdeCredentialArn",
        "Timezone",
    ),
    CLUSTER: (
        *(name for name in _OF_BOTH if name != "Iops"),
        "AvailabilityZones",
        "ClusterCreateTime",
        "DBClusterIdentifier",
        "DbClusterResourceId",
        "EngineMode",
        "Port",
        "StorageEncrypted",
    ),
}


def shown_of_source(backend: Backend, kind: str, source: dict[str, Any]) -> dict[str, Any]:
    """Return the members of the source that a snapshot or an automated backup shows (model ✓)."""
    shown = {name: copy.deepcopy(source[name]) for name in _OF[kind] if source.get(name) is not None}
    if kind == CLUSTER:
        # A cluster shows no licence; its snapshots and backups do (model ✓).
        licence = catalogue.engine(str(source["Engine"])).licence
        network = network_of(backend, str(source["DBSubnetGroup"]))
        return {"LicenseModel": licence, **shown, "VpcId": network["VpcId"]}
    groups = source.get("OptionGroupMemberships", [])
    return {
        **shown,
        "Encrypted": source["StorageEncrypted"],
        "Port": source.get("Endpoint", {}).get("Port", 0),
        "VpcId": source["DBSubnetGroup"]["VpcId"],
        **({"OptionGroupName": groups[0]["OptionGroupName"]} if groups else {}),
    }


def new_snapshot(
    backend: Backend, kind: str, name: str, source: dict[str, Any], *, snapshot_type: str, at: datetime
) -> Snapshot:
    """Return an available snapshot, before it is added to a store."""
    record = {
        **shown_of_source(backend, kind, source),
        NAME[kind]: name,
        ARN[kind]: backend.arn(ARN_TYPE[kind], name),
        "SnapshotCreateTime": at,
        "SnapshotType": snapshot_type,
        "Status": "available",
        "PercentProgress": 100,
        "TagList": copy.deepcopy(source["TagList"]) if source.get("CopyTagsToSnapshot") else [],
    }
    if kind == INSTANCE:
        record.update(OriginalSnapshotCreateTime=at, SnapshotDatabaseTime=at, SnapshotTarget="region")
    return Snapshot(kind=kind, record=record, source=copy.deepcopy(source))


def automated_name(source: str, at: datetime) -> str:
    """Return a name such as ``rds:orders-2026-11-02-02-05`` (user guide ✓)."""
    return f"rds:{source}-{at:%Y-%m-%d-%H-%M}"


def take_automated(backend: Backend, database: Database) -> None:
    """Take an automated snapshot, available after ``backup_seconds``, and delete those past the retention period.

    Backups are retained for BackupRetentionPeriod days (user guide, USER_WorkingWithAutomatedBackups ✓).
    """
    clock = backend.world.clock
    name = automated_name(database.name, clock.now())
    made = new_snapshot(backend, database.kind, name, database.record, snapshot_type="automated", at=clock.now())
    made.data = image_of(database)
    made.record.update(Status="creating", PercentProgress=0)
    snapshots = backend.backup_store.snapshots[database.kind]
    oldest = clock.now() - timedelta(days=database.record["BackupRetentionPeriod"])
    for old in [one for one in snapshots.values() if _is_automated_of(one, database)]:
        if old.record["SnapshotCreateTime"] <= oldest:
            del snapshots[old.name]
    snapshots[name] = made
    clock.after(backend.world.settings.backup_seconds, partial(complete, backend, made))


def _is_automated_of(snapshot: Snapshot, database: Database) -> bool:
    member = RESOURCE_ID[database.kind]
    same_source = bool(snapshot.record[member] == database.record[member])
    return same_source and bool(snapshot.record["SnapshotType"] == "automated")


def snapshot_not_found(kind: str, given: str) -> AwsError:
    """Return DBSnapshotNotFound or DBClusterSnapshotNotFoundFault (codes of the lists and deletions: model ✓).

    Both restores from snapshots list both codes. The model does not specify which one they return for a name (?).
    """
    return AwsError(_NOT_FOUND[kind], f"{_RESULT[kind]} not found: {given}")


def kind_of_arn(given: str) -> str | None:
    """Return the kind of snapshot that an ARN names, or None if it is not the ARN of a snapshot."""
    parts = given.split(":", 6)
    kinds = {ARN_TYPE[kind]: kind for kind in (INSTANCE, CLUSTER)}
    return kinds.get(parts[5].lower()) if len(parts) == 7 and parts[0].lower() == "arn" else None


def find_snapshot(backend: Backend, kind: str, given: str) -> Snapshot:
    """Return a snapshot by name, or by ARN if it is shared (user guide ✓); raise AwsError if there is none."""
    name, owner = given.lower(), backend
    if name.startswith("arn:"):
        parts = name.split(":", 6)
        near = [known for known in backend.world.backends() if known.region == backend.region]
        owners = [known for known in near if name.startswith(known.arn(ARN_TYPE[kind], ""))]
        if not owners:
            raise snapshot_not_found(kind, given)
        name, owner = parts[6], owners[0]
    found = owner.backup_store.snapshots[kind].get(name)
    if found is None or (owner is not backend and not is_shared(found, backend.account)):
        raise snapshot_not_found(kind, given)
    return found


def is_shared(snapshot: Snapshot, account: str) -> bool:
    """Return whether another account can restore the snapshot."""
    return bool(snapshot.shared_with & {account, EVERYBODY})


def is_own(backend: Backend, snapshot: Snapshot) -> bool:
    """Return whether the snapshot belongs to this account."""
    return backend.backup_store.snapshots[snapshot.kind].get(snapshot.name) is snapshot


def unused_snapshot_name(backend: Backend, kind: str, given: str, *, longest: int = 255) -> str:
    """Return the name of a new snapshot; raise AwsError if it is in use (codes: model ✓; text △)."""
    name = checked_name(NAME[kind], given, longest=longest)
    if name in backend.backup_store.snapshots[kind]:
        raise AwsError(_TAKEN[kind], f"Cannot create the snapshot because one with the identifier {name} exists.")
    return name


def _create(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Create a snapshot; the source must be available, and passes through backing-up (user guide △)."""
    backend, parameters, settings = request.backend, request.parameters, request.world.settings
    name = unused_snapshot_name(backend, kind, parameters[NAME[kind]])
    database = find(backend, kind, parameters[SOURCE[kind]])
    if kind == INSTANCE and backend.cluster_of(database) is not None:
        # Text: cevoaustralia/aws-backup-lambda issue 5 (△).
        raise AwsError(
            "InvalidParameterValue",
            "The specified instance is a member of a cluster and a snapshot cannot be created directly. "
            "Please use the CreateDBClusterSnapshot API instead.",
        )
    if database.status not in ("available", "stopped", "storage-optimization"):
        raise AwsError(_STATE[kind], f"{database.name} is not in available state.")
    made = final_snapshot(backend, database, name, tags=parameters.get("Tags", ()))
    if database.status == "available":
        database.status = "backing-up"
        request.world.clock.after(settings.backup_seconds, partial(_backed_up, database))
    return {_RESULT[kind]: made.record}


def final_snapshot(backend: Backend, database: Database, name: str, *, tags: Iterable[dict[str, str]] = ()) -> Snapshot:
    """Create a manual snapshot that is available after ``snapshot_seconds``."""
    kind, clock = database.kind, backend.world.clock
    made = new_snapshot(backend, kind, name, database.record, snapshot_type="manual", at=clock.now())
    made.data = image_of(database)
    made.record["TagList"].extend({"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in tags)
    made.record.update(Status="creating", PercentProgress=0)
    backend.backup_store.snapshots[kind][name] = made
    note_snapshot(backend, made, "started")
    clock.after(backend.world.settings.snapshot_seconds, partial(complete, backend, made))
    return made


def _backed_up(database: Database) -> None:
    if database.status == "backing-up":
        database.status = "available"


def complete(backend: Backend, snapshot: Snapshot) -> None:
    """Make a snapshot available, unless it was deleted in the meantime."""
    if snapshot.status in ("creating", "copying"):
        snapshot.record.update(Status="available", PercentProgress=100)
        note_snapshot(backend, snapshot, "finished")


def _delete(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Delete a manual snapshot; automated ones are deleted with their database (user guide ✓).

    Deleting a copy while it is `copying` cancels the copy (model ✓).
    """
    found = find_snapshot(request.backend, kind, request.parameters[NAME[kind]])
    deletable = found.status in ("available", "copying") and found.record["SnapshotType"] == "manual"
    if not is_own(request.backend, found) or not deletable:
        raise AwsError(STATE_CODE[kind], f"Only manual snapshots that are available can be deleted: {found.name}")
    del request.backend.backup_store.snapshots[kind][found.name]
    found.record["Status"] = "deleted"
    note_snapshot(request.backend, found, "deleted")
    return {_RESULT[kind]: found.record}


for _kind, _noun in _RESULT.items():
    operation(f"Create{_noun}")(partial(_create, kind=_kind))
    operation(f"Delete{_noun}")(partial(_delete, kind=_kind))
