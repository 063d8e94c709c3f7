# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Past logins of seeded databases, for the metrics of CloudWatch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ..kinds import CLUSTER
from ..state.backend import Backend, Database

if TYPE_CHECKING:
    from ..login.metrics import LoginHistory

LOGIN_KEYS = {"age": (int, float), "number": int, "outcome": str}
SUCCESS = "Success"
_OUTCOMES = (SUCCESS, "InvalidToken", "ExpiredToken", "NotAuthorized", "ThrottlingException", "InternalError")


def check_iam_logins(item: dict[str, Any], where: str) -> None:
    """Raise ValueError, with the position, for a time in the future, a negative number or an unknown outcome."""
    if item["age"] < 0 or item.get("number", 1) < 0:
        raise ValueError(f"{where}: age and number must not be negative")
    if item.get("outcome", SUCCESS) not in _OUTCOMES:
        raise ValueError(f"outcome in {where}: {item['outcome']!r} is not one of {', '.join(_OUTCOMES)}")


def add_iam_logins(history: LoginHistory, backend: Backend, database: Database, logins: list[dict[str, Any]]) -> None:
    """Add the logins to a DB instance, or to the writer of a cluster."""
    # The import takes time, and most seeds have no logins.
    from ..login.metrics import login_dimensions

    instance, cluster, is_reader = _where(backend, database)
    for item in logins:
        outcome = item.get("outcome", SUCCESS)
        history.add(
            login_dimensions(instance, cluster, is_reader=is_reader),
            backend.world.clock.now() - timedelta(seconds=float(item["age"])),
            item.get("number", 1),
            None if outcome == SUCCESS else outcome,
        )


def _where(backend: Backend, database: Database) -> tuple[str, str | None, bool]:
    if database.kind != CLUSTER:
        owner = backend.clusters.get(database.record.get("DBClusterIdentifier") or "")
        if owner is None:
            return database.name, None, False
        writers = [member["DBInstanceIdentifier"] for member in _members(owner) if member["IsClusterWriter"]]
        return database.name, owner.name, database.name not in writers
    writer = next((member["DBInstanceIdentifier"] for member in _members(database) if member["IsClusterWriter"]), None)
    if writer is None:
        raise ValueError(f"iam_logins of {database.name!r}: the cluster has no members")
    return writer, database.name, False


def _members(cluster: Database) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = cluster.record["DBClusterMembers"]
    return members
