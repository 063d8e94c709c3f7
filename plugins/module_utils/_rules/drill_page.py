# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The human-readable receipt of a restore drill: a page in Markdown, and the lines at the end of the run.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.printable import printable
from .._options.survey_values import is_true
from .drill_mapping import NOT_CHECKED

Receipt = t.Mapping[str, t.Any]

_OUTCOMES = {
    "succeeded": "The drill succeeded.",
    "failed": "The drill failed.",
    "previewed": "This is a preview: nothing was changed.",
}
_CLEANUP = {
    "not_requested": "The target was kept.",
    "kept": "The target was kept, because the drill failed and restore_drill_cleanup_on_failure is false.",
    "nothing_to_delete": "This run is not known to have created the target, so nothing was deleted.",
    "previewed": "The target would be deleted at the end.",
    "deleted": "Deleted",
}
_FIGURES = {
    "restore_seconds": "time until the database was available",
    "login_seconds": "time until all users had logged in",
    "data_age_seconds": "age of the data",
}


def summary(receipt: Receipt) -> list[str]:
    """Return the lines that end a drill: its outcome, the recovery, the logins, and what was deleted."""
    return [
        f"{_OUTCOMES[receipt['outcome']]}{_failure(receipt)}",
        *_recovery(receipt),
        *_comparison(receipt),
        *(_mapping(user) for user in receipt["mappings"]),
        *(_login(user, is_true(receipt["preview"])) for user in receipt["users"]),
        *(_old_policy(policy) for policy in receipt["old_policies"]),
        _cleanup(receipt),
    ]


def page(receipt: Receipt) -> str:
    """Return the receipt as a page in Markdown."""
    target, source = receipt["target"] or {}, receipt["source"] or {}
    facts = {
        "Outcome": f"{_OUTCOMES[receipt['outcome']]}{_failure(receipt)}",
        "Start": receipt["start"],
        "End": receipt["end"],
        "Target": target and f"{target['kind']}/{target['identifier']}",
        "Engine": target and f"{target['engine']} {target['engine_version'] or ''}".strip(),
        "Resource ID": target.get("resource_id"),
        "Source": source.get("arn"),
        "Resource ID of the source": source.get("resource_id"),
        "Restored to": source.get("restored_to"),
        "Time of the snapshot": source.get("snapshot_time"),
        "Clean-up": _cleanup(receipt),
    }
    blocks = [
        [f"# Restore drill: {_text(facts['Target'] or receipt['host'])}"],
        _table(("", ""), [(name, value) for name, value in facts.items() if value]),
        ["## Recovery"],
        [f"- {_text(line)}" for line in [*_recovery(receipt), *_comparison(receipt)]],
        ["## Steps"],
        _table(
            ("Step", "Start", "End", "Seconds", "Outcome", "Message"),
            [(s["name"], s["start"], s["end"], s["seconds"], s["outcome"], s["message"]) for s in receipt["steps"]],
        ),
        ["## User mappings"],
        _table(
            ("User", "Outcome", "Actions", "Message"),
            [(m["name"], m["outcome"], "; ".join(m["actions"] or []), m["msg"]) for m in receipt["mappings"]],
        ),
        ["## Policies"],
        _table(
            ("Principal", "Policy", "Users", "Outcome"),
            [(p["principal"], p["policy_name"], ", ".join(p["users"]), p["outcome"]) for p in receipt["policies"]],
        ),
        ["## Logins"],
        _table(
            ("User", "Logged in", "Session user", "Verified as", "Verified by", "Attempts", "Cause"),
            [_login_row(user) for user in receipt["users"]],
        ),
        ["## Policies for deleted databases"],
        _old_policies(receipt["old_policies"]),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _failure(receipt: Receipt) -> str:
    return f" Step {receipt['failed_step']}: {receipt['message']}" if receipt["failed_step"] else ""


def _recovery(receipt: Receipt) -> list[str]:
    recovery = receipt["recovery"]
    lines = {
        "Recovery time until the database was available": _duration(recovery["restore_seconds"]),
        "Recovery time until all users had logged in": _duration(recovery["login_seconds"]),
        "Data as of": recovery["point"],
        "Age of the data at the start of the restore": _duration(recovery["data_age_seconds"]),
    }
    known = [f"{label}: {value}" for label, value in lines.items() if value]
    return known + ([receipt["timing_note"]] if receipt["timing_note"] else [])


def _comparison(receipt: Receipt) -> list[str]:
    """Return the lines that compare the drill with an earlier one."""
    comparison = receipt["comparison"]
    if not comparison:
        return []
    changes = [
        f"{_FIGURES[name]} {figure['difference']:+g} s"
        for name, figure in comparison["recovery"].items()
        if figure["difference"] is not None
    ]
    lost = [f"no longer logged in: {', '.join(comparison['users_lost'])}"] if comparison["users_lost"] else []
    found = "; ".join([*changes, *lost]) or "nothing to compare"
    return [f"Compared with the drill of {comparison['start']} ({comparison['outcome']}): {found}"]


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:g} s"


def _mapping(user: t.Mapping[str, t.Any]) -> str:
    if user["outcome"] == NOT_CHECKED:
        return f"{user['name']} would be mapped to IAM. This can be checked only after the restore."
    actions = f": {'; '.join(user['actions'])}" if user["actions"] else ""
    return f"{user['name']}: {user['outcome']}{actions}"


def _login(user: t.Mapping[str, t.Any], preview: bool) -> str:
    if preview:
        return f"{user['name']} would log in with the credentials of {user['identity']}."
    if user["logged_in"]:
        proof = f"verified by {user['verified_by']} as {', '.join(user['verified_as'])}"
        reason = f"not verified: {user['message']}"
        return f"{user['name']} logged in as {user['session_user']}, {proof if user['verified_by'] else reason}"
    return f"{user['name']} did not log in: {user['cause']}: {user['message']}"


def _old_policies(policies: t.Sequence[t.Mapping[str, t.Any]]) -> list[str]:
    keys = ("principal", "policy_name", "resource_id", "users", "outcome")
    rows = [[", ".join(policy[key]) if key == "users" else policy[key] for key in keys] for policy in policies]
    return _table(("Principal", "Policy", "Deleted database", "Users", "Outcome"), rows)


def _old_policy(policy: t.Mapping[str, t.Any]) -> str:
    return (
        f"Policy {policy['policy_name']} of {policy['principal']} for the deleted database {policy['resource_id']}: "
        f"{policy['outcome']}"
    )


def _login_row(user: t.Mapping[str, t.Any]) -> tuple[t.Any, ...]:
    logged_in = {True: "yes", False: "no"}.get(user["logged_in"], "not tried")
    return (
        user["name"],
        logged_in,
        user["session_user"],
        ", ".join(user["verified_as"]),
        user["verified_by"],
        user["attempts"],
        user["cause"],
    )


def _cleanup(receipt: Receipt) -> str:
    cleanup = receipt["cleanup"]
    if cleanup["outcome"] in ("refused", "failed"):
        deleted = f" Deleted: {', '.join(cleanup['deleted'])}." if cleanup["deleted"] else ""
        return f"{cleanup['message']}{deleted}"
    text = _CLEANUP[cleanup["outcome"]]
    return f"{text}: {', '.join(cleanup['deleted'])}." if cleanup["outcome"] == "deleted" else text


def _table(head: t.Sequence[str], rows: t.Sequence[t.Sequence[t.Any]]) -> list[str]:
    """Return the lines of a table. Without rows, return the line "None."."""
    if not rows:
        return ["None."]
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: t.Iterable[t.Any]) -> str:
    """Return a row. A vertical bar in a cell would end it."""
    texts = ("" if cell is None else _text(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(texts)} |"


def _text(value: t.Any) -> str:
    """Return a text in one line. Markdown would show an HTML element as such."""
    return " ".join(printable(str(value)).split()).replace("<", "&lt;")
