# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The receipt of a restore drill: the source and the target, the time of each step, and the logins.

The receipt contains only selected keys of the results, so it contains no secrets.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._options.survey_values import is_true
from .drill_comparison import compare
from .drill_logins import login_entries, refused
from .drill_mapping import attached_policies, mapping_entries
from .drill_old_policies import old_policy_entries

Result = t.Mapping[str, t.Any]
Receipt = t.Dict[str, t.Any]

CHECKS, RESTORE, USERS, POLICIES = "checks", "restore", "users", "policies"
LOGINS, OLD_POLICIES, CLEANUP = "logins", "old_policies", "cleanup"
SUCCEEDED, FAILED, PREVIEWED = "succeeded", "failed", "previewed"

_TARGET = ("kind", "identifier", "arn", "resource_id", "engine", "engine_version", "endpoint")
_SOURCE = ("kind", "arn", "resource_id", "restored_to", "snapshot_time")
_NOT_TIMED = (
    "The target existed before this run, so the restore was not timed. To measure the recovery time, run the drill "
    "with another target, or delete the target first."
)
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def start_receipt(host: str, time: str, *, preview: bool, cleanup: bool) -> Receipt:
    """Return a receipt without steps. ``time`` is in UTC and ISO 8601 format, with microseconds."""
    return {
        "host": host,
        "preview": preview,
        "outcome": "running",
        "failed_step": None,
        "message": "",
        "start": time,
        "end": None,
        "seconds": None,
        "target": None,
        "source": None,
        "restored": None,
        "timing_note": None,
        "recovery": dict.fromkeys(("restore_seconds", "login_seconds", "point", "data_age_seconds")),
        "steps": [],
        "mappings": [],
        "policies": [],
        "users": [],
        "old_policies": [],
        "comparison": None,
        "cleanup": {"requested": cleanup, "outcome": "not_requested", "deleted": [], "message": ""},
    }


def record_step(receipt: Receipt, step: Result, end: str, result: Result) -> Receipt:
    """Return the receipt with a step.

    ``step`` contains ``name`` and ``start``. ``result`` is the result of its task, or of the task that failed. That of
    the logins also contains ``users``, which are those of the plan, and ``task_arn``, the caller of the task. That of
    the users contains ``mapping``, ``mapped``, ``planned`` and ``found``, see ``drill_mapping``.
    """
    name = str(step["name"])
    recorded = {**receipt, **_facts(name, receipt, result)}
    problem = _problem(name, recorded, result)
    seconds = _seconds(step["start"], end)
    entry = {
        "name": name,
        "start": step["start"],
        "end": end,
        "seconds": seconds,
        "outcome": FAILED if problem else PREVIEWED if is_true(receipt["preview"]) else SUCCEEDED,
        "message": problem,
        "details": dict(result.get("seconds") or {}) if name == RESTORE else {},
    }
    recorded["steps"] = [*receipt["steps"], entry]
    if problem and name != CLEANUP:
        recorded.update(outcome=FAILED, failed_step=name, message=problem)
    recorded["recovery"] = _recovery(recorded)
    return recorded


def finish_receipt(receipt: Receipt, end: str, previous: Result | None = None) -> Receipt:
    """Return the complete receipt, with its comparison to that of the ``previous`` drill.

    A drill without a failed step has succeeded, unless its clean-up failed.
    """
    finished = {
        **receipt,
        "end": end,
        "seconds": _seconds(receipt["start"], end),
        "comparison": compare(receipt, previous or {}),
    }
    if receipt["outcome"] == FAILED:
        return finished
    if receipt["cleanup"]["outcome"] in (FAILED, "refused"):
        return {**finished, "outcome": FAILED, "failed_step": CLEANUP, "message": receipt["cleanup"]["message"]}
    return {**finished, "outcome": PREVIEWED if is_true(receipt["preview"]) else SUCCEEDED}


def _facts(name: str, receipt: Receipt, result: Result) -> Receipt:
    """Return the parts of the receipt that a step determines."""
    if name in (CHECKS, RESTORE) and result.get("database"):
        found = {
            "target": {
                **_selected(result["database"], _TARGET),
                "cluster_instances": list(result.get("cluster_instances") or []),
            },
            "source": _selected(result["source"], _SOURCE) if result.get("source") else None,
        }
        # the checks only predict whether the target will be created
        return found if name == CHECKS else {**found, **_creation(is_true(result.get("restored")))}
    if name == USERS and "mapping" in result:
        return {"mappings": mapping_entries(result), "policies": attached_policies(result)}
    if name == POLICIES:
        # if the policies could not be read, the items of the result are the principals
        results = [one for one in result.get("results") or [] if "policy_name" in (one.get("item") or {})]
        return {"policies": [_policy(one, receipt) for one in results] or receipt["policies"]}
    if name == LOGINS:
        return {"users": login_entries(result.get("users") or [], result.get("results") or [], result.get("task_arn"))}
    if name == OLD_POLICIES:
        return {"old_policies": old_policy_entries(result, preview=is_true(receipt["preview"]))}
    return {}


def _creation(restored: bool) -> Receipt:
    return {"restored": restored, "timing_note": None if restored else _NOT_TIMED}


def _policy(result: Result, receipt: Receipt) -> dict[str, t.Any]:
    policy = result["item"]
    # the role database_users attaches policies in the step before, so that they exist when this step reads them
    was_attached = any(
        (one["principal"], one["policy_name"]) == (policy["arn"], policy["policy_name"]) and not one["existed"]
        for one in receipt["policies"]
    )
    is_new = was_attached or is_true(result.get("changed")) or not is_true(policy["existed"])
    outcome = FAILED if _failed(result) and not was_attached else "attached" if is_new else "unchanged"
    return {
        "principal": policy["arn"],
        "policy_name": policy["policy_name"],
        "users": policy["users"],
        "existed": is_true(policy["existed"]) and not was_attached,
        "outcome": outcome,
    }


def _problem(name: str, receipt: Receipt, result: Result) -> str:
    """Return why a step failed, or an empty text."""
    failure = failure_text(result) if _failed(result) else ""
    if name != LOGINS:
        return failure
    # a task before the logins can fail as well
    if failure and not result.get("results"):
        return failure
    return refused(receipt["users"], preview=is_true(receipt["preview"])) or failure


def failure_text(result: Result) -> str:
    """Return the message of a task that failed, or those of the items of its loop that failed."""
    items = [f"{_label(one)}{_text(one)}" for one in result.get("results") or [] if _failed(one)]
    return "; ".join(items) or _text(result)


def _label(result: Result) -> str:
    item = result.get("item")
    return f"{item['arn']}: " if isinstance(item, dict) and "arn" in item else ""


def _text(result: Result) -> str:
    return str(result.get("msg") or "the task failed")


def _failed(result: Result) -> bool:
    return is_true(result.get("failed"))


def _recovery(receipt: Receipt) -> dict[str, t.Any]:
    """Return the recovery time and the age of the data. Both are known only if this run created the target."""
    steps = {step["name"]: step for step in receipt["steps"] if step["outcome"] == SUCCEEDED}
    source = receipt["source"] or {}
    point = source.get("restored_to") or source.get("snapshot_time")
    restore = steps.get(RESTORE) if is_true(receipt["restored"]) else None
    if restore is None:
        return {"restore_seconds": None, "login_seconds": None, "point": point, "data_age_seconds": None}
    return {
        "restore_seconds": restore["seconds"],
        "login_seconds": _seconds(restore["start"], steps[LOGINS]["end"]) if LOGINS in steps else None,
        "point": point,
        "data_age_seconds": _age(point, restore["start"]) if point else None,
    }


def _age(point: str, began: str) -> int | None:
    """Return the age of the data in seconds, or None if the clocks differ so much that it would be negative."""
    taken = dt.datetime.strptime(point, "%Y-%m-%dT%H:%M:%SZ")
    seconds = round((dt.datetime.strptime(began, _FORMAT) - taken).total_seconds())
    return seconds if seconds >= 0 else None


def _seconds(start: str, end: str) -> float:
    elapsed = dt.datetime.strptime(end, _FORMAT) - dt.datetime.strptime(start, _FORMAT)
    return round(elapsed.total_seconds(), 3)


def _selected(source: Result, keys: t.Iterable[str]) -> dict[str, t.Any]:
    return {key: source.get(key) for key in keys}
