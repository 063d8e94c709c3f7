# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Plan a rollout from the preview of each wave: the databases of every wave, and whether the rollout may start.

This is private to the collection.
"""

from __future__ import annotations

import posixpath
import typing as t

from .result_lines import count

Preview = t.Mapping[str, t.Any]

# the number of blocked databases that an error names
_BLOCKED_NAMED = 3
_NOT_PREVIEWED: Preview = {"failed": True, "msg": "it was not previewed"}


def plan(
    waves: t.Sequence[t.Any], previews: t.Sequence[Preview], *, empty_waves: str, on_problem: str
) -> dict[str, t.Any]:
    """Return ``waves``, each with the databases that it is the first to select, and ``stopped``.

    ``stopped`` is the reason why no wave may start. It is empty if every wave is valid.
    """
    taken: set[str] = set()
    planned: list[dict[str, t.Any]] = []
    errors: dict[str, list[int]] = {}
    for index, select in enumerate(waves):
        preview: Preview = previews[index] if index < len(previews) else _NOT_PREVIEWED
        own = [found for found in preview.get("databases") or [] if found.get("arn") and found["arn"] not in taken]
        error = _error(preview, empty_waves) or (_blocked(own) if on_problem == "fail" else "")
        if error:
            errors.setdefault(error, []).append(index + 1)
        taken.update(found["arn"] for found in own)
        planned.append(
            {
                "number": index + 1,
                "total": len(waves),
                "select": select,
                "db_instance_identifiers": [found["arn"] for found in own if found["kind"] == "instance"],
                "db_cluster_identifiers": [found["arn"] for found in own if found["kind"] == "cluster"],
            }
        )
    return {"waves": planned, "stopped": _stopped(errors) if waves else "No wave was started: rollout_waves is empty"}


def shared_report_path(host: str, paths: t.Mapping[str, t.Any], *, variable: str) -> str:
    """Return an error if another host would write its report to the path of ``host``, or an empty string.

    ``variable`` is the name of the variable that the user sets.
    """
    own = _normal(paths.get(host))
    others = [name for name, path in paths.items() if name != host and _normal(path) == own] if own else []
    if not others:
        return ""
    return (
        f"{variable}: {own!r} is the same for {count(len(others) + 1, 'host')}: "
        f"{', '.join(sorted([host, *others]))}. Use {{{{ inventory_hostname }}}} in the path."
    )


def _normal(path: t.Any) -> str:
    text = "" if path is None else str(path).strip()
    return posixpath.normpath(text) if text else ""


def _error(preview: Preview, empty_waves: str) -> str:
    if not preview.get("failed") or (empty_waves == "skip" and _selects_nothing(preview)):
        return ""
    return str(preview.get("msg") or "the preview failed")


def _blocked(databases: t.Sequence[Preview]) -> str:
    """Return an error that names the blocked databases, or an empty string if there are none."""
    texts = [
        f"{found['kind']} {found['identifier']}: {'; '.join(str(p['message']) for p in found['problems'])}"
        for found in databases
        if found.get("problems")
    ]
    if not texts:
        return ""
    more = f"; and {len(texts) - _BLOCKED_NAMED} more" if len(texts) > _BLOCKED_NAMED else ""
    verb = "is" if len(texts) == 1 else "are"
    return (
        f"{count(len(texts), 'database')} {verb} blocked: {'; '.join(texts[:_BLOCKED_NAMED])}{more}. Fix the cause, or "
        "set on_problem to skip to exclude blocked databases"
    )


def _selects_nothing(preview: Preview) -> bool:
    # a call that AWS refused does not show that the selection is empty
    return not preview.get("error") and (preview.get("summary") or {}).get("total") == 0


def _stopped(errors: t.Mapping[str, t.Sequence[int]]) -> str:
    found = [f"{'wave' if len(n) == 1 else 'waves'} {', '.join(map(str, n))}: {text}" for text, n in errors.items()]
    return f"No wave was started: {'; '.join(found)}" if found else ""
