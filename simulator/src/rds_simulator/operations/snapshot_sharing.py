# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Snapshot attributes: the accounts that can restore or copy a snapshot."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Backend
from ..state.backup_store import EVERYBODY, NAME, Snapshot
from ..state.records import is_multi_az_cluster
from .request_parameters import default_key
from .snapshots import STATE_CODE, find_snapshot, is_own, snapshot_not_found

_NOUN = {INSTANCE: "DBSnapshot", CLUSTER: "DBClusterSnapshot"}
_MOST_ACCOUNTS = 20
_ACCOUNT = re.compile(r"\d{12}")


def _own_snapshot(request: ApiRequest, kind: str) -> Snapshot:
    """Return a snapshot of this account; attributes of others are not shown (△)."""
    given = request.parameters[NAME[kind]]
    found = find_snapshot(request.backend, kind, given)
    if not is_own(request.backend, found):
        raise snapshot_not_found(kind, given)
    return found


def _result(snapshot: Snapshot) -> dict[str, Any]:
    """Return the attributes; `restore` is the only one (model ✓)."""
    noun = _NOUN[snapshot.kind]
    attribute = {"AttributeName": "restore", "AttributeValues": sorted(snapshot.shared_with)}
    return {f"{noun}AttributesResult": {NAME[snapshot.kind]: snapshot.name, f"{noun}Attributes": [attribute]}}


def _describe(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    return _result(_own_snapshot(request, kind))


def _modify(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    """Share a manual snapshot, or stop sharing it (model ✓)."""
    parameters, snapshot = request.parameters, _own_snapshot(request, kind)
    if parameters["AttributeName"] != "restore":
        raise AwsError("InvalidParameterValue", f"Invalid attribute name: {parameters['AttributeName']}")
    added, removed = set(parameters.get("ValuesToAdd", ())), set(parameters.get("ValuesToRemove", ()))
    if not added and not removed:
        raise AwsError("InvalidParameterCombination", "Specify ValuesToAdd or ValuesToRemove.")
    _refuse_values(added | removed)
    _refuse_snapshot(snapshot)
    if added:
        _refuse_key(request.backend, snapshot, added)
    shared = (snapshot.shared_with | added) - removed
    if len(shared - {EVERYBODY}) > _MOST_ACCOUNTS:
        # "You can share a snapshot with up to 20 accounts" (user guide ✓; code: model ✓; text ?).
        raise AwsError("SharedSnapshotQuotaExceeded", f"A snapshot can be shared with up to {_MOST_ACCOUNTS} accounts.")
    snapshot.shared_with = shared
    return _result(snapshot)


def _refuse_values(values: set[str]) -> None:
    """Require account ids, or `all` (model ✓; code and text ?)."""
    for value in sorted(values):
        if value != EVERYBODY and not _ACCOUNT.fullmatch(value):
            raise AwsError("InvalidParameterValue", f"Invalid attribute value: {value}. Use an account ID or all.")


def _refuse_snapshot(snapshot: Snapshot) -> None:
    """Require a manual, available snapshot, not of a Multi-AZ DB cluster (user guide ✓; codes: model ✓; texts ?)."""
    if snapshot.record["SnapshotType"] != "manual":
        raise AwsError(STATE_CODE[snapshot.kind], f"{snapshot.name} is not a manual snapshot. Copy it, share the copy.")
    if snapshot.status != "available":
        raise AwsError(STATE_CODE[snapshot.kind], f"The snapshot {snapshot.name} is not in available state.")
    if snapshot.kind == CLUSTER and is_multi_az_cluster(snapshot.record):
        text = f"{snapshot.name} is a snapshot of a Multi-AZ DB cluster and can't be shared."
        raise AwsError(STATE_CODE[CLUSTER], text)


def _refuse_key(backend: Backend, snapshot: Snapshot, added: set[str]) -> None:
    """Refuse a public encrypted snapshot (model ✓) and sharing with the default key (user guide ✓; code ?)."""
    if not snapshot.encrypted:
        return
    if EVERYBODY in added:
        raise AwsError("InvalidParameterValue", f"The snapshot {snapshot.name} is encrypted and can't be made public.")
    if snapshot.source.get("KmsKeyId") == default_key(backend):
        text = f"{snapshot.name} is encrypted with the default AWS KMS key and can't be shared. Use another key."
        raise AwsError("InvalidParameterValue", text)


for _kind, _name in _NOUN.items():
    operation(f"Describe{_name}Attributes")(partial(_describe, kind=_kind))
    operation(f"Modify{_name}Attribute")(partial(_modify, kind=_kind))
