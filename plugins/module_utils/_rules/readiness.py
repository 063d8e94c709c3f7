# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The readiness of a database for IAM database authentication, and the findings of AWS Security Hub.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.change import setting_in_words
from .._model.database import CLUSTER, INSTANCE, Database
from .._model.engines import engine_has_setting
from .._model.problem import Problem

ENABLED = "enabled"
READY = "ready"
BLOCKED = "blocked"
UNKNOWN = "unknown"
NOT_APPLICABLE = "not_applicable"
READINESS_VALUES = (ENABLED, READY, BLOCKED, UNKNOWN, NOT_APPLICABLE)
PASSED = "PASSED"
FAILED = "FAILED"
NO_CONTROL = "NOT_APPLICABLE"
CONTROLS = {INSTANCE: "RDS.10", CLUSTER: "RDS.12"}

# Source: AWS Security Hub user guide, control RDS.10; AWS Config managed rule rds-instance-iam-authentication-enabled,
# which the control uses. Security Hub lists MariaDB, but the page of the rule does not. An Aurora cluster owns the
# setting, and the control evaluates its members. The rule for RDS.12 names no engines.
_CONTROL_ENGINES = ("mysql", "postgres", "mariadb", "aurora", "aurora-mysql", "aurora-postgresql")
_CONTROL_STATUSES = ("available", "backing-up", "storage-optimization", "storage-full")


def database_readiness(database: Database, problems: t.Sequence[Problem], *, checked: bool) -> str:
    """Return the readiness of a database that owns the setting.

    ``checked``: RDS answered every question that the readiness depends on.
    """
    if not engine_has_setting(database.engine):
        return NOT_APPLICABLE
    if database.current:
        return ENABLED
    if problems:
        return BLOCKED
    return READY if checked else UNKNOWN


def security_controls(database: Database) -> dict[str, str]:
    """Return the finding of Security Hub: control ``RDS.10`` for an instance, ``RDS.12`` for a cluster.

    A member of a cluster must be passed with the value of its cluster.
    """
    is_evaluated = database.engine in _CONTROL_ENGINES
    if database.id.kind == INSTANCE:
        is_evaluated = is_evaluated and database.status in _CONTROL_STATUSES
    finding = (PASSED if database.current else FAILED) if is_evaluated else NO_CONTROL
    return {CONTROLS[database.id.kind]: finding}


def security_hub_findings(databases: t.Iterable[Database]) -> list[dict[str, str]]:
    """Return one entry for each database that a control evaluates, including members, without duplicates."""
    found = []
    for database in {database.id: database for database in databases}.values():
        ((control, status),) = security_controls(database).items()
        if status != NO_CONTROL:
            found.append(
                {"control": control, "resource_arn": database.arn, "status": status, "reason": _reason(database)}
            )
    return found


def _reason(database: Database) -> str:
    owner = database.cluster_identifier
    where = f" on DB cluster {owner}, which owns the setting of this member" if owner else ""
    text = f"IAM database authentication is {setting_in_words(database.current)}{where}"
    change = database.pending_change
    return text if change is None else f"{text}; a change to {setting_in_words(change)} is pending"


def readiness_summary(found: t.Sequence[tuple[Database, str]]) -> dict[str, t.Any]:
    """Return the number of databases by readiness, and the coverage in percent.

    The coverage is the share of enabled databases among those that support the setting, or 100 if none does.
    """
    counts: dict[str, int] = dict.fromkeys(READINESS_VALUES, 0)
    for _database, readiness in found:
        counts[readiness] += 1
    relevant = len(found) - counts[NOT_APPLICABLE]
    coverage = round(100 * counts[ENABLED] / relevant, 1) if relevant else 100.0
    return {
        "total": len(found),
        **counts,
        "pending": sum(database.pending_change is not None for database, _readiness in found),
        # rounding must not report 100 while a database is not enabled
        "coverage_percent": coverage if counts[ENABLED] == relevant else min(coverage, 99.9),
    }
