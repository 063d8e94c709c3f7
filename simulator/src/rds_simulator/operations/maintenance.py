# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribePendingMaintenanceActions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..api.filters import Filter, apply_filters
from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Backend, Database
from ..state.lookup import find_by_arn
from . import certificates

_ARN = {INSTANCE: "DBInstanceArn", CLUSTER: "DBClusterArn"}


def pending_actions(database: Database) -> list[dict[str, Any]]:
    """Return the pending maintenance: the rotation of a certificate whose authority has expired.

    Action: model (✓), user guide, rotating certificates (✓); its description ?. Other maintenance of AWS (system
    updates, hardware) is not simulated.
    """
    if database.record.get("CACertificateIdentifier") != certificates.OLD:
        return []
    return [{"Action": "ca-certificate-rotation", "Description": "Rotation of CA certificate"}]


@operation("DescribePendingMaintenanceActions")
def describe_pending_maintenance_actions(request: ApiRequest) -> dict[str, Any]:
    """Return databases with pending actions: one by ARN, or by filters (model ✓)."""
    backend, given = request.backend, request.parameters.get("ResourceIdentifier")
    candidates: Iterable[Database] = _databases(backend)
    if given:
        candidates = [_by_arn(backend, given)]
    known = {
        "db-instance-id": Filter(_names_of(INSTANCE), arn_type="db"),
        "db-cluster-id": Filter(_names_of(CLUSTER), arn_type="cluster"),
    }
    waiting = [database for database in apply_filters(request, candidates, known) if pending_actions(database)]
    return page(
        request,
        "PendingMaintenanceActions",
        sorted(waiting, key=_arn),
        key=_arn,
        show=lambda database: {
            "ResourceIdentifier": _arn(database),
            "PendingMaintenanceActionDetails": pending_actions(database),
        },
    )


def _databases(backend: Backend) -> Iterator[Database]:
    yield from backend.instances
    yield from backend.clusters


def _arn(database: Database) -> str:
    return str(database.record[_ARN[database.kind]])


def _names_of(kind: str) -> Any:
    return lambda database: [database.name] if database.kind == kind else []


def _by_arn(backend: Backend, arn: str) -> Database:
    """Return the database with an ARN; raise ResourceNotFoundFault if there is none (model ✓; text ?)."""
    try:
        found = find_by_arn(backend, arn)
    except AwsError:
        found = None
    if found is None:
        raise AwsError("ResourceNotFoundFault", f"Resource not found: {arn}")
    return found
