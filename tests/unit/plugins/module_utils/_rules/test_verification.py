# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The verification of one description of a database after RDS has accepted a change."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.verification import ChangeVerification
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.statuses import EVERY_STATUS

NOW = options(True, apply_immediately=True)
LATER = options(True)


def start(before, asked):
    return ChangeVerification(before, decide(before, asked), sent_at=0.0)


def watch(before, asked, *looks):
    """Verify each (seconds, database) in turn, and return the verdicts as text."""
    progress, words = start(before, asked), []
    for seconds, seen in looks:
        progress, verification = progress.observe(seen, seconds, asked)
        problem = verification.problem.code if verification.problem else None
        words.append("done" if verification.done else problem or ("again" if verification.send_again else "go on"))
        if verification.send_again and not verification.problem:
            progress = progress.resent(seconds)
    return words


BUSY = "configuring-iam-database-auth"
OFF = instance()
ON = instance(current=True)


@pytest.mark.parametrize("busy", [BUSY, "update-iam-db-auth", "a-status-of-next-year"])
def test_verify_applied_requires_the_value(busy):
    looks = [
        (5, instance()),  # not visible yet
        (10, instance(pending=True)),
        (15, instance(pending=True, status=busy)),
        (20, instance(current=True, status=busy)),
        (25, instance(current=True)),
    ]
    assert watch(OFF, NOW, *looks) == ["go on", "go on", "go on", "go on", "done"]


def test_verify_pending_equal_to_current_is_applied():
    assert watch(OFF, NOW, (5, instance(current=True, pending=True))) == ["done"]


@pytest.mark.parametrize(
    ("before", "looks"),
    [
        pytest.param(OFF, [instance(pending=False)], id="opposite-pending"),
        pytest.param(OFF, [instance(current=True, pending=False)], id="taken-then-opposite-queued"),
        pytest.param(OFF, [instance(pending=True), instance()], id="seen-then-gone"),
        pytest.param(OFF, [instance(current=True, status=BUSY), instance()], id="taken-then-gone"),
        pytest.param(instance(pending=False), [instance(pending=True), instance(pending=False)], id="lingered-shown"),
    ],
)
def test_verify_opposite_value_is_superseded(before, looks):
    assert watch(before, NOW, *((5.0 * n, seen) for n, seen in enumerate(looks, 1)))[-1] == "superseded"


@pytest.mark.parametrize(
    ("before", "seen"),
    [
        pytest.param(OFF, instance(), id="not-shown-yet"),
        pytest.param(instance(pending=False), instance(pending=False), id="what-was-pending-lingers"),
        pytest.param(OFF, instance(status=BUSY), id="busy"),
    ],
)
def test_verify_earlier_state_is_not_superseded(before, seen):
    assert watch(before, NOW, (5, seen)) == ["go on"]


@pytest.mark.parametrize("asked", [NOW, LATER])
@pytest.mark.parametrize(("status", "word"), [("available", "superseded"), (BUSY, "go on")])
def test_verify_value_never_shown_is_superseded_later(asked, status, word):
    """Another client changed the setting back before the first observation, which can also be outdated."""
    seen = instance(status=status)
    assert watch(OFF, asked, (5, seen), (59, seen), (60, seen)) == ["go on", "go on", word]


def test_verify_value_never_shown_counts_from_latest_request():
    looks = [(5, instance(pending=True)), (65, instance(pending=True)), (70, instance(pending=True))]
    assert watch(OFF, NOW, *looks) == ["go on", "again", "go on"]
    progress = start(OFF, NOW).resent(65.0)
    assert progress.observe(instance(), 100.0, NOW)[1].problem is None
    assert progress.observe(instance(), 125.0, NOW)[1].problem.code == "superseded"


def test_verify_value_gone_in_transition_is_not_superseded():
    assert watch(OFF, NOW, (5, instance(pending=True)), (10, instance(status=BUSY))) == ["go on", "go on"]


def test_verify_still_pending_after_transition_resends_once():
    looks = [
        (5, instance(pending=True, status=BUSY)),
        (10, instance(pending=True)),
        (15, instance(pending=True, status=BUSY)),
        (20, instance(pending=True)),
        (600, instance(pending=True)),
    ]
    assert watch(OFF, NOW, *looks) == ["go on", "again", "go on", "go on", "go on"]


def test_verify_minute_without_transition_resends():
    looks = [(n, instance(pending=True)) for n in (5, 59, 60, 65)]
    assert watch(OFF, NOW, *looks) == ["go on", "go on", "again", "go on"]


def test_verify_other_pending_changes_prevent_resend():
    others = {"DBInstanceClass": "db.r6g.large"}
    looks = [(5, instance(pending=True, status=BUSY)), (10, instance(pending=True, other_pending=others))]
    assert watch(OFF, NOW, *looks)[-1] == "other_pending_changes"


def test_verify_aurora_resends_despite_other_pending_changes():
    others = {"EngineVersion": "16.6"}
    looks = [(5, cluster(pending=True, status=BUSY)), (10, cluster(pending=True, other_pending=others))]
    assert watch(cluster(), NOW, *looks)[-1] == "again"


def test_verify_scheduled_is_done_when_pending():
    assert watch(OFF, LATER, (5, instance()), (10, instance(pending=True))) == ["go on", "done"]


def test_verify_scheduled_is_done_when_current():
    assert watch(OFF, LATER, (5, instance(current=True))) == ["done"]


@pytest.mark.parametrize("asked", [NOW, LATER])
def test_verify_cancelled_when_opposite_is_gone(asked):
    before = instance(current=True, pending=False)
    assert watch(before, asked, (5, before), (10, ON)) == ["go on", "done"]
    assert watch(before, asked, (5, instance(current=True, pending=True))) == ["done"]


def test_verify_cancel_too_late_is_superseded():
    before = instance(current=True, pending=False)
    busy = instance(current=False, status=BUSY)
    assert watch(before, NOW, (5, busy), (10, OFF)) == ["go on", "superseded"]


@pytest.mark.parametrize(("seen", "code"), [(None, "not_found"), (instance(status="failed"), "not_modifiable")])
def test_verify_terminal_state_ends_at_once(seen, code):
    assert watch(OFF, NOW, (5, seen)) == [code]


@pytest.mark.parametrize(
    ("before", "asked", "word"),
    [
        (OFF, NOW, "it did not take effect within 1800 seconds"),
        (OFF, LATER, "did not show it as pending"),
        (instance(current=True, pending=False), NOW, "disabled is still pending after 1800 seconds"),
    ],
)
def test_verify_timeout_message_shows_last_state(before, asked, word):
    problem = start(before, asked).timeout_problem(before, asked)
    assert problem.code == "timeout"
    assert word in problem.message
    assert "status 'available'" in problem.message


@pytest.mark.parametrize(("build", "status", "group"), EVERY_STATUS)
def test_verify_follows_status(build, status, group):
    before = build()
    _progress, verification = ChangeVerification(before, decide(before, NOW), 0.0).observe(
        build(status=status, current=True), 5.0, NOW
    )
    assert verification.done is (group == "ready")
    assert (verification.problem is not None) is (group == "terminal")
