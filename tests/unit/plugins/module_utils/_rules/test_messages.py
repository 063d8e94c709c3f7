# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The sentences about several databases: counts, reasons and planned changes."""

from __future__ import annotations

import collections

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.outcome import OUTCOMES
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.messages import (
    blocked_counts,
    failure_reasons,
    outcome_counts,
    outcome_in_words,
    planned_changes,
    remedy_for_blocked,
)


@pytest.mark.parametrize(
    ("outcome", "preview"),
    [
        ("applied", "would be applied"),
        ("applying", "would be applied without waiting"),
        ("scheduled", "would be scheduled"),
        ("cancelled", "would be cancelled"),
        ("failed", "failed"),
        ("skipped", "would be skipped"),
        ("unchanged", "would stay unchanged"),
    ],
)
def test_outcome_in_words(outcome, preview):
    assert outcome_in_words(outcome, preview=False) == outcome
    assert outcome_in_words(outcome, preview=True) == preview


def test_outcome_counts_order_is_changes_first():
    summary = {outcome: number for number, outcome in enumerate(sorted(OUTCOMES), 1)}
    assert outcome_counts(summary, preview=False) == (
        "1 applied, 2 applying, 5 scheduled, 3 cancelled, 4 failed, 6 skipped, 7 unchanged"
    )


def test_outcome_counts_omit_zero():
    summary = collections.Counter(applied=2, unchanged=1)
    assert outcome_counts(summary, preview=True) == "2 would be applied, 1 would stay unchanged"
    assert outcome_counts(collections.Counter(), preview=False) == ""


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((1, 0, 0), "Blocked: 1."),
        ((2, 3, 0), "Blocked: 2, not changed because of these: 3."),
        ((1, 0, 4), "Blocked: 1, no change required: 4."),
        ((1, 2, 3), "Blocked: 1, not changed because of these: 2, no change required: 3."),
    ],
)
def test_blocked_counts(counts, text):
    blocked, not_changed, unchanged = counts
    assert blocked_counts(blocked=blocked, not_changed=not_changed, unchanged=unchanged) == text


SKIP = "Set on_problem to skip to continue without the blocked databases."
CORRECT = "Correct or remove the names that do not exist."


@pytest.mark.parametrize(
    ("skippable", "absent", "text"),
    [(True, False, SKIP), (False, True, CORRECT), (True, True, f"{SKIP} {CORRECT}"), (False, False, "")],
)
def test_remedy_for_blocked(skippable, absent, text):
    assert remedy_for_blocked(skippable=skippable, absent=absent) == text


def problems(code, names, message="why"):
    return [(DatabaseId(INSTANCE, name), Problem(code, message.format(name))) for name in names]


def test_message_reasons_are_grouped_if_many():
    many = problems("not_modifiable", [f"o-{n}" for n in range(40)], "its status is {}")
    few = problems("ssl_disabled", ["a", "b"], "ssl in {}")
    text = failure_reasons([*many[:20], *few, *many[20:]])
    names = ", ".join(f"instance/o-{n}" for n in range(10))
    assert text == (
        f"not_modifiable: 40 databases ({names} and 30 more): the first: its status is o-0; "
        "DB instance a: ssl_disabled: ssl in a; DB instance b: ssl_disabled: ssl in b"
    )


def test_message_identical_reasons_are_not_an_example():
    text = failure_reasons(problems("timeout", "abcd"))
    assert text == "timeout: 4 databases (instance/a, instance/b, instance/c, instance/d): why"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ("a", "DB instance a: timeout: why"),
        ("abc", "DB instance a: timeout: why; DB instance b: timeout: why; DB instance c: timeout: why"),
        ("abcd", "timeout: 4 databases (instance/a, instance/b, instance/c, instance/d): why"),
    ],
)
def test_message_reasons_up_to_three_are_sentences(names, text):
    assert failure_reasons(problems("timeout", names)) == text


def ids(names):
    return [DatabaseId(INSTANCE, name) for name in names]


@pytest.mark.parametrize(
    ("outcomes", "blocked", "text"),
    [
        ([], [], ""),
        (["scheduled"], [], "Would be scheduled: DB instance a"),
        (
            ["cancelled", "applied", "cancelled"],
            [],
            "Would be applied: DB instance b. Would be cancelled: 2 databases (instance/a, instance/c)",
        ),
        (
            ["applied"],
            problems("timeout", "x"),
            "Would be applied: DB instance a. Blocked: DB instance x: timeout: why",
        ),
        ([], problems("timeout", "x"), "Blocked: DB instance x: timeout: why"),
    ],
)
def test_planned_changes_by_outcome(outcomes, blocked, text):
    assert planned_changes(zip(ids("abc"), outcomes), blocked) == text
