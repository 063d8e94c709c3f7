# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The lines that end a rollout, and the message of a rollout that was stopped."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_summary import failure, summary

STOPPED = "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0."


def arns(*names):
    return [f"arn:aws:rds:eu-west-1:1:db:{name}" for name in names]


def wave(*changed, number=1, failed=(), blocked=(), outcome_unknown=()):
    return {
        "number": number,
        "changed": arns(*changed),
        "failed": dict.fromkeys(arns(*failed), "it is stopped"),
        "blocked": dict.fromkeys(arns(*blocked), "it is stopped"),
        "outcome_unknown": arns(*outcome_unknown),
    }


def report_of(*waves, **more):
    blocked = {arn: reason for one in waves for arn, reason in one["blocked"].items()}
    coverage = {"before": {"coverage_percent": 0.0}, "after": {"coverage_percent": 50.0}}
    return {"waves": list(waves), "blocked": blocked, "stopped": "", "preview": False, **coverage, **more}


@pytest.mark.parametrize(
    ("waves", "preview", "end"),
    [
        ([], False, "Ended unexpectedly before the first wave was completed. Wave 1 may have changed databases."),
        ([], True, "Ended unexpectedly before the first wave was completed."),
        ([wave("a", "b")], False, "Ended unexpectedly after wave 1 of 2. Wave 2 may have changed databases."),
        ([wave("a", "b")], True, "Ended unexpectedly after wave 1 of 2."),
    ],
)
def test_summary_of_crashed_run(waves, preview, end):
    assert summary(report_of(*waves, preview=preview), waves=2)[-1] == end


def test_summary_completed():
    assert summary(report_of(wave("a", "b")), waves=1) == [
        "Coverage: 0.0 % before, 50.0 % now.",
        "Wave 1 of 1: 2 databases changed.",
        "All waves are completed.",
    ]


@pytest.mark.parametrize("preview", [True, "True", "yes", "1"])
def test_summary_preview(preview):
    assert summary(report_of(wave("a", "b"), preview=preview), waves=1) == [
        "Coverage: 0.0 % now. This is a preview: nothing was changed.",
        "Wave 1 of 1: 2 databases would be changed.",
        "All waves were previewed.",
    ]


def test_summary_coverage_not_measured_is_a_question_mark():
    assert summary(report_of(before={}, after={}), waves=1)[0] == "Coverage: ? % before, ? % now."


def test_summary_outcome_unknown_is_not_counted_as_changed():
    report = report_of(wave(outcome_unknown=["a", "b"]), stopped="Stopped at wave 1 of 2: MODULE FAILURE")
    assert summary(report, waves=2)[1:] == [
        "Wave 1 of 2: the outcome is unknown, 2 databases may have been changed.",
        "Stopped at wave 1 of 2: MODULE FAILURE",
    ]


def test_summary_names_failed_database_with_reason():
    report = report_of(wave("a", failed=["b"]), stopped=STOPPED, after={})
    assert summary(report, waves=2) == [
        "Coverage: 0.0 % before, ? % now.",
        "Wave 1 of 2: 1 database changed, 1 failed.",
        "Failed: instance b: it is stopped",
        "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0.",
    ]
    assert failure(report, waves=2) == (
        "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0: instance b: it is stopped. Waves "
        "completed: 0 of 2. Fix the cause and run the rollout again; databases that have the setting are not changed "
        "again."
    )


@pytest.mark.parametrize(("count", "lines"), [(10, 10), (11, 11), (13, 11)])
def test_summary_many_blocked_databases_are_counted(count, lines):
    found = summary(report_of(wave(blocked=[f"old-{n}" for n in range(count)])), waves=2)
    assert found[1] == f"Wave 1 of 2: 0 databases changed, {count} blocked."
    assert found[2] == "Blocked: instance old-0: it is stopped"
    blocked = [line for line in found if line.startswith("Blocked")]
    assert len(blocked) == lines
    if count > 10:
        assert blocked[-1] == f"Blocked: {count - 10} more; rollout_report lists all of them."


def test_summary_cluster_and_database_without_arn():
    blocked = {"arn:aws:rds:eu-west-1:1:cluster:ledger": "x", "instance/gone": "y"}
    assert summary(report_of(blocked=blocked), waves=2)[1:3] == [
        "Blocked: cluster ledger: x",
        "Blocked: instance gone: y",
    ]


def test_summary_has_one_line_for_each_wave():
    lines = summary(report_of(wave("a"), wave("b", number=2)), waves=2)
    assert lines[1:] == [
        "Wave 1 of 2: 1 database changed.",
        "Wave 2 of 2: 1 database changed.",
        "All waves are completed.",
    ]


def test_failure_before_first_wave():
    report = report_of(stopped="No wave was started: wave 2: select holds nothing.")
    assert "select holds nothing. Waves completed: 0 of 2." in failure(report, waves=2)


@pytest.mark.parametrize("preview", [True, "True"])
def test_failure_preview_says_that_nothing_was_changed(preview):
    report = report_of(wave(), stopped="Would stop at wave 1 of 2: old: ssl_disabled", preview=preview)
    assert failure(report, waves=2) == (
        "Would stop at wave 1 of 2: old: ssl_disabled. Waves without an error: 0 of 2. This is a preview: nothing was "
        "changed."
    )


def test_failure_counts_waves_before_the_stopped_one():
    report = report_of(wave("a"), wave(failed=["b"], number=2), stopped="Stopped at wave 2 of 3: why.")
    assert "Stopped at wave 2 of 3: why: instance b: it is stopped. Waves completed: 1 of 3." in failure(
        report, waves=3
    )


@pytest.mark.parametrize(("count", "more"), [(3, ""), (5, "; and 2 more")])
def test_failure_many_databases_names_some(count, more):
    text = failure(report_of(wave(failed=[f"b{n}" for n in range(count)]), stopped="Stopped."), waves=2)
    assert f"instance b2: it is stopped{more}. Waves completed" in text
    assert "instance b3" not in text
