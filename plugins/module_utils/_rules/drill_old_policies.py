# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The policies of the principals of a drill for databases that no longer exist: reported, repaired or removed.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._options.login_resources import read_login_resources
from .._options.survey_values import is_true
from .connect_findings import DEAD
from .drill_policies import users_to_keep
from .principal_policy import find_document, policy_document, policy_name, statements_of, users_of_document

Result = t.Mapping[str, t.Any]

IGNORE, REPORT, REPAIR, REMOVE = "ignore", "report", "repair", "remove"
OLD_POLICIES = (IGNORE, REPORT, REPAIR, REMOVE)
_DONE = {REPAIR: "repaired", REMOVE: "removed"}
_PREVIEWED = {REPAIR: "would_repair", REMOVE: "would_remove"}


@dataclass(frozen=True)
class _OldPolicy:
    """A policy for a database that does not exist. ``users`` is None if another tool wrote the policy."""

    owner: str
    name: str
    resource_id: str
    users: frozenset[str] | None

    def entry(self, action: str) -> dict[str, t.Any]:
        return {
            "principal": self.owner,
            "policy_name": self.name,
            "resource_id": self.resource_id,
            "users": sorted(self.users or ()),
            "action": action,
        }


def old_policies(plan: Result, receipt: Result, findings: t.Sequence[Result], found: t.Sequence[Result]) -> Result:
    """Return ``entries``, the policies to ``attach`` and those to ``delete``, as options of ``amazon.aws.iam_policy``.

    ``findings`` are those of ``rds_connect_policies_info``. ``found`` contains the results of
    ``amazon.aws.iam_policy_info`` in the order of the principals. Only the inline policies of the roles of this
    collection are changed. A repair adds the users of the source to the policy for the target.

    Raises InputError if the policy for the target contains anything else, and if it becomes too large.
    """
    principals = {one["arn"]: (one, result) for one, result in zip(plan["principals"], found)}
    source = (receipt["source"] or {}).get("resource_id")
    entries, attach, delete = [], [], []
    for old in _read(findings, principals):
        action = _action(str(plan["old_policies"]), old, source)
        entries.append(old.entry(action))
        if action == REPORT:
            continue
        principal, result = principals[old.owner]
        delete.append({**principal, "policy_name": old.name})
        if action == REPAIR and receipt["target"]["resource_id"]:
            attach.append(_repaired(principal, result, receipt["target"], old))
    return {"entries": entries, "attach": attach, "delete": delete}


def old_policy_entries(result: Result, *, preview: bool) -> list[dict[str, t.Any]]:
    """Return the entries of the receipt. ``deleted`` is the result of the loop that deletes the policies."""
    deleted = {
        (one["item"]["arn"], one["item"]["policy_name"])
        for one in (result.get("deleted") or {}).get("results") or []
        if is_true(one.get("changed")) and not is_true(one.get("failed"))
    }
    return [
        {
            **{key: value for key, value in entry.items() if key != "action"},
            "outcome": _outcome(entry, is_done=(entry["principal"], entry["policy_name"]) in deleted, preview=preview),
        }
        for entry in (result.get("plan") or {}).get("entries") or []
    ]


def _outcome(entry: Result, *, is_done: bool, preview: bool) -> str:
    if entry["action"] == REPORT:
        return "reported"
    if preview:
        return _PREVIEWED[entry["action"]]
    return _DONE[entry["action"]] if is_done else "failed"


def _read(findings: t.Sequence[Result], principals: t.Mapping[str, tuple[Result, Result]]) -> list[_OldPolicy]:
    """Return each policy and deleted database once."""
    read: dict[tuple[str, str, str], _OldPolicy] = {}
    for finding in findings:
        if finding["code"] != DEAD:
            continue
        prefix = f"{finding['resource'].partition('/')[0]}/"
        resource_id = prefix.rpartition(":")[2].rstrip("/")
        owner, name = ", ".join(finding["attached_to"]), str(finding["policy_name"])
        users = None
        if finding["policy_type"] == "inline" and name == policy_name(resource_id) and owner in principals:
            users = _users(principals[owner][1], name, prefix)
        read.setdefault((owner, name, resource_id), _OldPolicy(owner, name, resource_id, users))
    return list(read.values())


def _users(result: Result, name: str, prefix: str) -> frozenset[str] | None:
    """Return the users in an inline policy, or None if it contains anything else."""
    document = find_document(result.get("policies") or [], name) or {}
    return users_of_document(document, prefix) if statements_of(document) else None


def _action(mode: str, old: _OldPolicy, source: str | None) -> str:
    if old.users is None:
        return REPORT
    if mode == REPAIR and old.resource_id == source:
        return REPAIR
    return REMOVE if mode == REMOVE else REPORT


def _repaired(principal: Result, result: Result, target: Result, old: _OldPolicy) -> dict[str, t.Any]:
    """Return the policy for the target with the users of the old one."""
    (resource,) = read_login_resources([target])
    name = policy_name(target["resource_id"])
    current = find_document(result.get("policies") or [], name)
    kept = users_to_keep(current, resource.prefix, f"{principal['arn']}: {name}")
    document = policy_document(resource, kept | (old.users or frozenset()), principal["iam_type"])
    return {**principal, "policy_name": name, "document": document}
