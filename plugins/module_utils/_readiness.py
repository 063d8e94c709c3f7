# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How far a database is from IAM database authentication, and what AWS's own controls say of it.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from ._decision import engine_has_setting
from ._model import CLUSTER, INSTANCE, Database, Problem

ENABLED = "enabled"
READY = "ready"
BLOCKED = "blocked"
UNKNOWN = "unknown"
NOT_APPLICABLE = "not_applicable"
EVERY = (ENABLED, READY, BLOCKED, UNKNOWN, NOT_APPLICABLE)

PASSED = "PASSED"
FAILED = "FAILED"
NO_CONTROL = "NOT_APPLICABLE"
CONTROLS = {INSTANCE: "RDS.10", CLUSTER: "RDS.12"}

# Source: AWS Config managed rule rds-instance-iam-authentication-enabled, behind Security Hub control RDS.10. MariaDB
# has IAM database authentication, and the rule does not look at it.
_RULE_ENGINES = ("mysql", "postgres", "aurora", "aurora-mysql", "aurora-postgresql")
_RULE_STATUSES = ("available", "backing-up", "storage-optimization", "storage-full")


def of_database(database: Database, problems: t.Sequence[Problem], *, checked: bool) -> str:
    """The readiness; ``checked``: everything that it depends on was asked and answered."""
    if not engine_has_setting(database.engine):
        return NOT_APPLICABLE
    if database.cluster_identifier is None and database.current:
        return ENABLED
    if problems:
        return BLOCKED
    return READY if checked else UNKNOWN


def security_controls(database: Database) -> dict[str, str]:
    """``RDS.10`` for an instance, ``RDS.12`` for a cluster: what Security Hub finds (or will, at its next look)."""
    looked_at = database.engine in _RULE_ENGINES and not database.cluster_identifier
    if database.ref.kind == INSTANCE:
        looked_at = looked_at and database.status in _RULE_STATUSES
    finding = (PASSED if database.current else FAILED) if looked_at else NO_CONTROL
    return {CONTROLS[database.ref.kind]: finding}


def summary(found: t.Sequence[tuple[Database, str]]) -> dict[str, t.Any]:
    """Counts, and the share of those that can have the setting and have it, in percent (100 where none can)."""
    counts: dict[str, int] = dict.fromkeys(EVERY, 0)
    for _database, readiness in found:
        counts[readiness] += 1
    relevant = len(found) - counts[NOT_APPLICABLE]
    coverage = round(100 * counts[ENABLED] / relevant, 1) if relevant else 100.0
    return {
        "total": len(found),
        **counts,
        "pending": sum(database.pending_change is not None for database, _readiness in found),
        # what is rounded to 100 is not all of them
        "coverage_percent": coverage if counts[ENABLED] == relevant else min(coverage, 99.9),
    }
