# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Explain that the source of a restore does not exist, and suggest existing sources with a similar name.

This is private to the collection.
"""

from __future__ import annotations

import difflib

from .._gateway.provisioning import ProvisioningGateway
from .._model.arns import parse
from .._model.database import CLUSTER, INSTANCE, DatabaseId
from .._model.errors import CallError
from .._model.problem import SOURCE_NOT_FOUND, Problem
from .._model.restore_source import CLUSTER_SNAPSHOT, LIVE_CLUSTER, LIVE_INSTANCE, SNAPSHOT, RestoreSourceOption
from .lookup import find_databases

_LIVE = {LIVE_INSTANCE: INSTANCE, LIVE_CLUSTER: CLUSTER}
_SNAPSHOT = {
    SNAPSHOT: ("DB snapshot", "db_snapshot_identifier"),
    CLUSTER_SNAPSHOT: ("DB cluster snapshot", "db_cluster_snapshot_identifier"),
}


def source_not_found_problem(choice: RestoreSourceOption, gateway: ProvisioningGateway) -> Problem:
    """Return the problem for a source that does not exist. It requests similar names from RDS."""
    text = f"{choice.name!r} does not exist in this Region and account"
    arn = parse(choice.name)
    if arn is not None and arn.region != gateway.region:
        text = (
            f"{text}: its ARN is in Region {arn.region}, but the task uses {gateway.region}. Set region to {arn.region}"
        )
    elif choice.method.kind in _LIVE:
        text = _live(choice, gateway, (arn.name if arn else choice.name).lower())
    elif choice.method.kind in _SNAPSHOT:
        text += _snapshot(choice, gateway, (arn.name if arn else choice.name).lower())
    return Problem(SOURCE_NOT_FOUND, f"{choice.option}: {text}")


def _live(choice: RestoreSourceOption, gateway: ProvisioningGateway, name: str) -> str:
    database_id = DatabaseId(_LIVE[choice.method.kind], name)
    absent = find_databases((database_id,), gateway=gateway, warn=lambda text: None).absent
    other = CLUSTER if database_id.kind == INSTANCE else INSTANCE
    message = (
        absent[database_id].message if database_id in absent else "it was created in the meantime. Run the task again"
    )
    return f"{choice.name!r}: {message.replace(f'db_{other}_identifiers', f'source_db_{other}_identifier')}"


def _snapshot(choice: RestoreSourceOption, gateway: ProvisioningGateway, name: str) -> str:
    for kind, (what, option) in _SNAPSHOT.items():
        if kind != choice.method.kind and name in _names(gateway, kind):
            return f", but there is a {what} with this identifier. Set {option} instead"
    near = difflib.get_close_matches(name, _names(gateway, choice.method.kind), n=3)
    return f". Similar: {', '.join(near)}" if near else ". Check the identifier and the Region"


def _names(gateway: ProvisioningGateway, kind: str) -> list[str]:
    try:
        return gateway.snapshot_names(kind)
    except CallError:
        return []  # the list is used only for the message
