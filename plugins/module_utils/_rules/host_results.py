# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Combine the results of a module on several hosts into one, for the next node of an AWX workflow.

This is private to the collection.
"""

from __future__ import annotations

import collections
import typing as t

from .result_lines import result_lines

Result = t.Mapping[str, t.Any]


def combined(results: t.Mapping[str, Result], *, preview: bool) -> dict[str, t.Any]:
    """Return the results of all hosts as one. A host without a result counts as unchanged.

    With several hosts, the keys of ``outcomes`` and the lines of ``changes`` start with the name of the host.
    """
    plans = {host: str(result.get("plan_id") or "") for host, result in results.items()}
    summary: collections.Counter[str] = collections.Counter()
    outcomes: dict[str, str] = {}
    changes: list[str] = []
    for host, result in results.items():
        prefix = f"{host}/" if len(results) > 1 else ""
        databases = result.get("databases") or []
        summary.update(result.get("summary") or {})
        outcomes.update((f"{prefix}{found['kind']}/{found['identifier']}", found["outcome"]) for found in databases)
        changes += [f"{prefix}{text}" for text in result_lines(databases, preview=preview)]
    return {
        "changed": any(bool(result.get("changed")) for result in results.values()),
        "plan_id": ",".join(plan for plan in plans.values() if plan),
        "summary": dict(summary),
        "outcomes": outcomes,
        "changes": changes,
        # Only a preview can be approved. After a run there is no plan to approve, and a blank plan would mean that the
        # check failed.
        "expect_plan_ids": plans if preview else {},
    }
