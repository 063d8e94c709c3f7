# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Says that a source does not exist, and which existing one has a similar name.

This is private to the collection.
"""

from __future__ import annotations

import difflib

from . import _arns, _sources, _targets
from ._errors import CallError
from ._gateway_make import MakingGateway
from ._model import CLUSTER, INSTANCE, Problem, Ref
from ._sources import Choice

_LIVE = {_sources.LIVE_INSTANCE: INSTANCE, _sources.LIVE_CLUSTER: CLUSTER}
_SNAPSHOT = {
    _sources.SNAPSHOT: ("DB snapshot", "db_snapshot_identifier"),
    _sources.CLUSTER_SNAPSHOT: ("DB cluster snapshot", "db_cluster_snapshot_identifier"),
}


def not_found(choice: Choice, gateway: MakingGateway) -> Problem:
    """The problem of a source that does not exist; asks RDS for the names of others."""
    text = f"there is no {choice.name!r} in this region and account"
    arn = _arns.parse(choice.name)
    if arn is not None and arn.region != gateway.region:
        text = f"{text}: its ARN is in region {arn.region}, but the task uses {gateway.region}. Set region"
    elif choice.way.kind in _LIVE:
        text = _live(choice, gateway, (arn.name if arn else choice.name).lower())
    elif choice.way.kind in _SNAPSHOT:
        text += _snapshot(choice, gateway, (arn.name if arn else choice.name).lower())
    return Problem(_sources.SOURCE_NOT_FOUND, f"{choice.option}: {text}")


def _live(choice: Choice, gateway: MakingGateway, name: str) -> str:
    ref = Ref(_LIVE[choice.way.kind], name)
    absent = _targets.look((ref,), gateway=gateway, warn=lambda text: None).absent
    other = CLUSTER if ref.kind == INSTANCE else INSTANCE
    message = absent[ref].message if ref in absent else "it exists now. Run the task again"
    return f"{choice.name!r}: {message.replace(f'db_{other}_identifiers', f'source_db_{other}_identifier')}"


def _snapshot(choice: Choice, gateway: MakingGateway, name: str) -> str:
    for kind, (what, option) in _SNAPSHOT.items():
        if kind != choice.way.kind and name in _names(gateway, kind):
            return f", but there is a {what} of that name. Set {option} instead"
    near = difflib.get_close_matches(name, _names(gateway, choice.way.kind), n=3)
    return f"; similar: {', '.join(near)}" if near else ": check the name and the region"


def _names(gateway: MakingGateway, kind: str) -> list[str]:
    try:
        return gateway.snapshot_names(kind)
    except CallError:
        return []  # the list only helps the message
