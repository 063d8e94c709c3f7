# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Add the result of one wave to the report of a rollout, and decide whether the next wave may start.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._options.survey_values import is_true, whole_number
from .result_lines import count

Result = t.Mapping[str, t.Any]


def record(report: Result, wave: Result, results: Result, options: Result) -> dict[str, t.Any]:
    """Return the report with the wave added.

    ``results`` contains the results of the tasks ``preview``, ``applied`` and ``verified`` of the wave. ``options``
    contains ``apply_immediately`` and ``max_failures``.
    """
    seen = Wave(
        preview=results.get("preview") or {},
        applied=results.get("applied") or {},
        verified=results.get("verified") or {},
        apply_immediately=is_true(options.get("apply_immediately")),
    )
    entry = {
        "number": wave["number"],
        "select": wave["select"],
        "plan_id": seen.preview.get("plan_id") or "",
        "summary": seen.result.get("summary") or {},
        "changed": seen.changed(),
        "blocked": {_key(found): _messages(found) for found in seen.blocked()},
        "failed": seen.failures(),
        "outcome_unknown": seen.outcome_unknown(),
        "error": seen.error(),
    }
    waves = [*report["waves"], entry]
    failures = list(dict.fromkeys(arn for done in waves for arn in done["failed"]))
    return {
        **report,
        "waves": waves,
        "blocked": {**report["blocked"], **entry["blocked"]},
        "failures": [arn.rpartition(":")[2] for arn in failures],
        "stopped": _stopped(
            f"{'Would stop' if is_true(report['preview']) else 'Stopped'} at wave {wave['number']} of {wave['total']}",
            error=entry["error"],
            failures=len(failures),
            allowed=whole_number(options.get("max_failures")),
        ),
    }


@dataclass(frozen=True)
class Wave:
    """The results of the tasks of one wave. A task that was skipped or aborted may have returned only a few keys."""

    preview: Result
    applied: Result
    verified: Result
    apply_immediately: bool

    @property
    def was_applied(self) -> bool:
        """Whether the change was requested, including by a task that was aborted without a result."""
        return bool(self.applied.get("failed")) or "databases" in self.applied

    @property
    def result(self) -> Result:
        return self.applied if self.was_applied else self.preview

    @property
    def databases(self) -> list[Result]:
        return list(self.result.get("databases") or [])

    def failed(self) -> list[Result]:
        """Return the planned databases that were not changed because of a problem with the database itself."""
        if not self.was_applied:
            return []
        planned = {_identity(found) for found in planned_databases(self.preview)}
        return [
            found
            for found in self.databases
            if found["outcome"] in ("failed", "skipped") and found["problems"] and _identity(found) in planned
        ]

    def blocked(self) -> list[Result]:
        """Return the databases with a problem that the preview already reported."""
        failed = self.failed()
        return [found for found in self.databases if found["problems"] and found not in failed]

    def changed(self) -> list[str]:
        """Return the ARNs of the changed databases. If the task was aborted, return those that have the setting now."""
        return [_key(found) for found in self._changed_databases()]

    def outcome_unknown(self) -> list[str]:
        """Return the ARNs of the databases that may have been changed.

        These are the planned ones if neither the change nor the verification returned a database.
        """
        if not self.was_applied or "databases" in self.applied or "databases" in self.verified:
            return []
        return [_key(found) for found in planned_databases(self.preview)]

    def failures(self) -> dict[str, str]:
        """Return the reason for each failed database, including those whose accepted change did not take effect."""
        found = {_key(database): _messages(database) for database in self.failed()}
        if self.was_applied and "databases" in self.verified:
            seen = {_identity(database): database for database in self.verified["databases"]}
            lost = [_key(d) for d in self._changed_databases() if not self._has_setting(seen.get(_identity(d)))]
            for key in lost:
                found.setdefault(key, "RDS accepted the change, but it did not take effect")
        return found

    def error(self) -> str:
        """Return why the wave as a whole failed. Empty if it succeeded, or if only individual databases failed."""
        if self.preview.get("failed"):
            return _text(self.preview)
        untouched = [found for found in self.databases if found["outcome"] == "skipped" and not found["problems"]]
        if self.applied.get("failed") and (untouched or not self.failed()):
            return _text(self.applied)
        if self.was_applied and "databases" not in self.verified and self.verified.get("msg"):
            return _text(self.verified)
        return ""

    def _changed_databases(self) -> list[Result]:
        if "databases" in self.result:
            return [found for found in self.databases if found["changed"]]
        return [found for found in self.verified.get("databases") or [] if self._has_setting(found)]

    def _has_setting(self, database: Result | None) -> bool:
        """Whether the setting is enabled, or pending if the change is for the maintenance window."""
        if database is None:
            return False
        pending = database["pending_iam_database_authentication"]
        if pending is False:
            return False
        return bool(database["iam_database_authentication_enabled"]) or (pending is True and not self.apply_immediately)


def planned_databases(preview: Result) -> list[Result]:
    """Return the databases that the preview of a wave would change."""
    return [found for found in preview.get("databases") or [] if found["changed"]]


def verification_targets(preview: Result, applied: Result) -> dict[str, list[str]]:
    """Return the ARNs of the databases to verify, under ``instance`` and ``cluster``.

    A pending rename that is applied with the change gives a database another ARN, so the ARN in ``applied`` is used.
    """
    now = {_identity(found): str(found["arn"]) for found in applied.get("databases") or [] if found.get("arn")}
    targets: dict[str, list[str]] = {"instance": [], "cluster": []}
    for found in planned_databases(preview):
        targets[found["kind"]].append(now.get(_identity(found), str(found["arn"])))
    return targets


def _stopped(where: str, *, error: str, failures: int, allowed: int) -> str:
    if error:
        return f"{where}: {error}"
    if failures > allowed:
        return f"{where}: {count(failures, 'database')} failed, and rollout_max_failures is {allowed}."
    return ""


def _key(database: Result) -> str:
    return str(database.get("arn") or f"{database['kind']}/{database['identifier']}")


def _identity(database: Result) -> str:
    # a database keeps its resource id when it is renamed, but not its ARN
    return str(database.get("resource_id") or _key(database))


def _messages(database: Result) -> str:
    return "; ".join(str(problem["message"]) for problem in database["problems"])


def _text(result: Result) -> str:
    return str(result.get("msg") or "the task failed")
