# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The human-readable summary and the failure message of a rollout.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._options.survey_values import is_true
from .result_lines import count

Report = t.Mapping[str, t.Any]

# the number of blocked databases that the summary names; the report names all of them
_BLOCKED_NAMED = 10
_REASONS_NAMED = 3


def summary(report: Report, *, waves: int) -> list[str]:
    """Return the lines that end a rollout of ``waves`` waves: the counts, then a line for each failed database."""
    return [
        _coverage(report),
        *(_wave(wave, waves, is_true(report["preview"])) for wave in report["waves"]),
        *_named("Blocked", _blocked(report), "rollout_report lists all of them"),
        *(f"Failed: {text}" for text in _failed(report)),
        _end(report, waves),
    ]


def failure(report: Report, *, waves: int) -> str:
    """Return the message of a stopped rollout: where and why it stopped, its progress, and how to continue."""
    reasons = _failed(report)
    named = "; ".join(reasons[:_REASONS_NAMED])
    more = f"; and {len(reasons) - _REASONS_NAMED} more" if len(reasons) > _REASONS_NAMED else ""
    stopped = str(report["stopped"]).rstrip(".")
    done = f"{max(len(report['waves']) - 1, 0)} of {waves}"
    text = f"{stopped}{f': {named}{more}'.rstrip('.') if named else ''}."
    if is_true(report["preview"]):
        return f"{text} Waves without an error: {done}. This is a preview: nothing was changed."
    return (
        f"{text} Waves completed: {done}. Fix the cause and run the rollout again; databases that have the setting are "
        "not changed again."
    )


def _coverage(report: Report) -> str:
    before = report["before"].get("coverage_percent", "?")
    if is_true(report["preview"]):
        return f"Coverage: {before} % now. This is a preview: nothing was changed."
    return f"Coverage: {before} % before, {report['after'].get('coverage_percent', '?')} % now."


def _wave(wave: t.Mapping[str, t.Any], waves: int, preview: bool) -> str:
    unknown = wave.get("outcome_unknown") or []
    parts = [f"{count(len(wave['changed']), 'database')} {'would be changed' if preview else 'changed'}"]
    if unknown:
        parts = [f"the outcome is unknown, {count(len(unknown), 'database')} may have been changed"]
    parts += [f"{len(wave[name])} {name}" for name in ("blocked", "failed") if wave[name]]
    return f"Wave {wave['number']} of {waves}: {', '.join(parts)}."


def _blocked(report: Report) -> list[str]:
    return [f"{_label(arn)}: {reason}" for arn, reason in report["blocked"].items()]


def _failed(report: Report) -> list[str]:
    return [f"{_label(arn)}: {reason}" for wave in report["waves"] for arn, reason in wave["failed"].items()]


def _named(heading: str, texts: t.Sequence[str], rest: str) -> list[str]:
    more = len(texts) - _BLOCKED_NAMED
    named = [f"{heading}: {text}" for text in texts[:_BLOCKED_NAMED]]
    return [*named, f"{heading}: {more} more; {rest}."] if more > 0 else named


def _end(report: Report, waves: int) -> str:
    done = len(report["waves"])
    if report["stopped"]:
        return str(report["stopped"])
    if done < waves:
        where = f"after wave {done} of {waves}" if done else "before the first wave was completed"
        changed = "" if is_true(report["preview"]) else f" Wave {done + 1} may have changed databases."
        return f"Ended unexpectedly {where}.{changed}"
    return "All waves were previewed." if is_true(report["preview"]) else "All waves are completed."


def _label(arn: str) -> str:
    """Return ``instance orders`` for an ARN. Return a text that is not an ARN as it is."""
    kind, _colon, name = arn.rpartition(":")
    if not kind:
        return arn.replace("/", " ", 1)
    return f"{'cluster' if kind.endswith(':cluster') else 'instance'} {name}"
