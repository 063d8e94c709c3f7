# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CopyDBSnapshot and CopyDBClusterSnapshot: within an account, from another account, or from another Region."""

from __future__ import annotations

import copy
from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError, not_implemented
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Backend
from ..state.backup_store import ARN, NAME, Snapshot
from ..state.records import is_multi_az_cluster
from . import request_checks
from .events import note_snapshot
from .kms_keys import key_arn, not_accessible
from .snapshots import ARN_TYPE, STATE_CODE, complete, find_snapshot, is_own, snapshot_not_found, unused_snapshot_name

_RESULT = {INSTANCE: "DBSnapshot", CLUSTER: "DBClusterSnapshot"}

# `copying` is in the model of cluster snapshots (✓); AWS's example of copy-db-snapshot answers `creating` (△).
_STATUS = {INSTANCE: "creating", CLUSTER: "copying"}
_LONGEST = {INSTANCE: 255, CLUSTER: 63}
_NOT_SIMULATED = (
    "CopyOptionGroup",
    "SnapshotAvailabilityZone",
    "SnapshotTarget",
    "TagSpecifications",
    "TargetCustomAvailabilityZone",
)


def _copy(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Start a manual snapshot that keeps the data and the IAM setting of its source."""
    backend, parameters = request.backend, request.parameters
    for name in _NOT_SIMULATED:
        if parameters.get(name):
            raise not_implemented(f"the parameter {name}")
    home, source = _find_source(request, kind)
    name = unused_snapshot_name(backend, kind, parameters[f"Target{NAME[kind]}"], longest=_LONGEST[kind])
    _refuse_source(source)
    key = _key_of_copy(request, home, source)
    copied = Snapshot(
        kind=kind, record=copy.deepcopy(source.record), source=copy.deepcopy(source.source), data=source.data
    )
    _encrypt(copied, key)
    if kind == INSTANCE:
        _associate_options(request, home, source, copied)
    _describe_copy(request, home, source, copied, name)
    backend.backup_store.snapshots[kind][name] = copied
    note_snapshot(backend, copied, "started")
    request.world.clock.after(request.world.settings.snapshot_seconds, partial(complete, backend, copied))
    return {_RESULT[kind]: copied.record}


def _find_source(request: ApiRequest, kind: str) -> tuple[Backend, Snapshot]:
    """Return the source, and this account in its Region; an ARN can name another Region (model ✓)."""
    given = request.parameters[f"Source{NAME[kind]}"]
    region = given.lower().split(":")[3] if given.lower().startswith("arn:") and given.count(":") >= 5 else None
    if region in (None, request.backend.region):
        return request.backend, find_snapshot(request.backend, kind, given)
    if not any(known.region == region for known in request.world.backends()):
        raise snapshot_not_found(kind, given)
    home = request.world.backend(request.backend.account, region)
    return home, find_snapshot(home, kind, given)


def _refuse_source(source: Snapshot) -> None:
    """Require an available snapshot (model ✓), not of a Multi-AZ DB cluster (user guide ✓; code and text ?)."""
    if source.status != "available":
        raise AwsError(STATE_CODE[source.kind], f"The snapshot {source.name} is not in available state.")
    if source.kind == CLUSTER and is_multi_az_cluster(source.record):
        text = f"{source.name} is a snapshot of a Multi-AZ DB cluster and can't be copied."
        raise AwsError(STATE_CODE[CLUSTER], text)


def _key_of_copy(request: ApiRequest, home: Backend, source: Snapshot) -> str | None:
    """Return the key that encrypts the copy, or None.

    A snapshot of the same account and Region keeps its key. An encrypted one from elsewhere requires a key (model ✓)
    of the account that copies (user guide ✓; the check of a key ARN ?).
    """
    backend, given = request.backend, request.parameters.get("KmsKeyId")
    own = is_own(home, source)
    if given and not source.encrypted and source.kind == CLUSTER:
        # "If you try to copy an unencrypted DB cluster snapshot and specify a value, an error is returned"
        # (model ✓; code and text ?).
        raise AwsError("InvalidParameterCombination", f"KmsKeyId isn't valid: {source.name} is not encrypted.")
    if given:
        key = key_arn(backend, given)
        if source.encrypted and not own and f":{backend.account}:" not in key:
            raise not_accessible(given)
        return key
    if source.encrypted and (not own or home is not backend):
        raise not_accessible(None)
    return source.source.get("KmsKeyId") if source.encrypted else None


def _encrypt(copied: Snapshot, key: str | None) -> None:
    if key is None:
        return
    copied.source.update(StorageEncrypted=True, KmsKeyId=key)
    shown = "Encrypted" if copied.kind == INSTANCE else "StorageEncrypted"
    copied.record.update({shown: True, "KmsKeyId": key})


def _associate_options(request: ApiRequest, home: Backend, source: Snapshot, copied: Snapshot) -> None:
    """Set the requested option group; a copy from elsewhere has the default one otherwise (user guide ✓)."""
    given = request.parameters.get("OptionGroupName")
    if not given and home is request.backend and is_own(home, source):
        return
    engine, version = str(source.record["Engine"]), str(source.record["EngineVersion"])
    group = request_checks.option_group(request.backend, given, engine, version)
    copied.record["OptionGroupName"] = group
    copied.source["OptionGroupMemberships"] = [{"OptionGroupName": group, "Status": "in-sync"}]


def _describe_copy(request: ApiRequest, home: Backend, source: Snapshot, copied: Snapshot, name: str) -> None:
    """Set the members of a copy; OriginalSnapshotCreateTime and SnapshotDatabaseTime stay (model ✓)."""
    backend, kind, record = request.backend, source.kind, copied.record
    record.update(
        {
            NAME[kind]: name,
            ARN[kind]: backend.arn(ARN_TYPE[kind], name),
            "SnapshotType": "manual",
            "SnapshotCreateTime": request.world.clock.now(),
            "Status": _STATUS[kind],
            "PercentProgress": 0,
            "TagList": _tags(request, home, source),
        }
    )
    record.pop("SourceDBSnapshotIdentifier", None)
    if kind == CLUSTER:
        record["SourceDBClusterSnapshotArn"] = source.record[ARN[kind]]
        return
    record["SourceRegion"] = home.region
    if home is not backend or not is_own(home, source):
        # "It only has a value in the case of a cross-account or cross-Region copy" (model ✓).
        record["SourceDBSnapshotIdentifier"] = source.record[ARN[kind]]


def _tags(request: ApiRequest, home: Backend, source: Snapshot) -> list[dict[str, str]]:
    """Return the requested tags or, with CopyTags, those of a source in this account (user guide, tagging ✓)."""
    given = [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in request.parameters.get("Tags", ())]
    if given or not request.parameters.get("CopyTags") or not is_own(home, source):
        return given
    tags: list[dict[str, str]] = copy.deepcopy(source.record["TagList"])
    return tags


for _kind, _noun in _RESULT.items():
    operation(f"Copy{_noun}")(partial(_copy, kind=_kind))
