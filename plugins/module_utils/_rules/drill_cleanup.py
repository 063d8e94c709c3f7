# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide what the clean-up of a restore drill deletes: only what the same run created, according to its receipt.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER
from .._options.survey_values import is_true
from .drill_receipt import CLEANUP, FAILED, RESTORE, failure_text, record_step

Result = t.Mapping[str, t.Any]
Receipt = t.Dict[str, t.Any]


def drill_cleanup(receipt: Receipt, described: Result, *, on_failure: bool) -> dict[str, t.Any]:
    """Return the ``instances``, ``clusters`` and ``policies`` to delete, and the reason why nothing is deleted as
    ``refused`` or ``skipped``.

    ``described`` is the result of ``rds_iam_auth_info`` for the target just before the clean-up. The target is
    identified by its resource id, because another task may have replaced it by a database with the same name.
    """
    nothing: dict[str, t.Any] = {"instances": [], "clusters": [], "policies": [], "refused": "", "skipped": ""}
    if not is_true(receipt["cleanup"]["requested"]):
        return nothing
    if is_true(receipt["preview"]):
        return {**nothing, "skipped": "previewed"}
    if receipt["outcome"] == FAILED and not on_failure:
        return {**nothing, "skipped": "kept"}
    if receipt["restored"] is None or (receipt["failed_step"] == RESTORE and not is_true(receipt["restored"])):
        return {**nothing, "skipped": "nothing_to_delete"}
    target = receipt["target"]
    reason = _refusal(receipt, described)
    if reason:
        return {**nothing, "refused": reason}
    is_cluster = target["kind"] == CLUSTER
    return {
        **nothing,
        "instances": list(target["cluster_instances"]) if is_cluster else [target["identifier"]],
        "clusters": [target["identifier"]] if is_cluster else [],
        # the resource ID is new, so any policy for it is of this run, even if the task that attached it has failed
        "policies": [_policy(one) for one in receipt["policies"] if not one["existed"]],
    }


def record_cleanup(receipt: Receipt, plan: Result, step: Result, end: str, results: Result) -> Receipt:
    """Return the receipt with the clean-up.

    ``results`` contains the results of the tasks ``policies``, ``instances`` and ``clusters``. Under ``failed``, it
    contains the result of the task that failed, if there is one.
    """
    cleanup = dict(receipt["cleanup"])
    if plan["skipped"] or not is_true(cleanup["requested"]):
        return {**receipt, "cleanup": {**cleanup, "outcome": plan["skipped"] or "not_requested"}}
    failed = results.get("failed") or {}
    message = f"The clean-up failed: {failure_text(failed)}" if failed else str(plan["refused"])
    cleanup["outcome"] = FAILED if failed else "refused" if plan["refused"] else "deleted"
    cleanup["message"] = message
    cleanup["deleted"] = [
        label for kind in _LABELS for result in _items(results.get(kind)) for label in [_LABELS[kind](result["item"])]
    ]
    outcome = {"failed": True, "msg": message} if message else {}
    return record_step({**receipt, "cleanup": cleanup}, {**step, "name": CLEANUP}, end, outcome)


_LABELS: dict[str, t.Callable[[t.Any], str]] = {
    "policies": lambda policy: f"{policy['policy_name']} of {policy['arn']}",
    "instances": lambda name: f"instance/{name}",
    "clusters": lambda name: f"cluster/{name}",
}


def _items(result: Result | None) -> list[Result]:
    """Return the results of a loop for which something was deleted."""
    return [one for one in (result or {}).get("results") or [] if is_true(one.get("changed"))]


def _refusal(receipt: Receipt, described: Result) -> str:
    target = receipt["target"]
    name = f"{target['kind']}/{target['identifier']}"
    if not is_true(receipt["restored"]):
        return f"restore_drill_cleanup: {name} was not created by this run. Nothing was deleted. Delete it manually."
    found = [one["resource_id"] for one in described.get("databases") or [] if one.get("resource_id")]
    if not found:
        reason = str(described.get("msg") or "it was not found").rstrip(".")
        return f"restore_drill_cleanup: {name} could not be described: {reason}. Nothing was deleted."
    if not target["resource_id"] or target["resource_id"] not in found:
        return (
            f"restore_drill_cleanup: {name} now has the resource ID {found[0]}, and this run created "
            f"{target['resource_id'] or 'an unknown database'}. Nothing was deleted."
        )
    return ""


def _policy(entry: Result) -> dict[str, t.Any]:
    arn = str(entry["principal"])
    kind = "role" if ":role/" in arn else "user"
    return {"arn": arn, "iam_type": kind, "iam_name": arn.rpartition("/")[2], "policy_name": entry["policy_name"]}
