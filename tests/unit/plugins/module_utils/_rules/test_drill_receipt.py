# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The receipt of a restore drill."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import (
    finish_receipt,
    record_step,
    start_receipt,
)
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import (
    APP,
    DENIED,
    POLICY,
    RESTORED,
    SOURCE,
    USER,
    at,
    drill,
    step,
)


def test_receipt_of_successful_drill():
    receipt = finish_receipt(drill(), at(16))
    assert (receipt["outcome"], receipt["failed_step"], receipt["seconds"]) == ("succeeded", None, 960)
    assert [(one["name"], one["seconds"], one["outcome"]) for one in receipt["steps"]] == [
        ("checks", 60, "succeeded"),
        ("restore", 600, "succeeded"),
        ("policies", 60, "succeeded"),
        ("logins", 180, "succeeded"),
    ]
    assert receipt["recovery"] == {
        "restore_seconds": 600,
        "login_seconds": 840,
        "point": "2026-11-24T03:00:00Z",
        "data_age_seconds": 3660,
    }
    assert receipt["target"]["resource_id"] == "db-NEW"
    assert receipt["steps"][1]["details"] == {"database": 60.5, "total": 61}
    assert "secret-1" not in json.dumps(receipt)


def test_receipt_of_existing_target_is_not_timed():
    receipt = drill({**RESTORED, "restored": False})
    assert receipt["recovery"]["restore_seconds"] is receipt["recovery"]["login_seconds"] is None
    assert "the restore was not timed" in receipt["timing_note"]
    assert receipt["timing_note"] in page(finish_receipt(receipt, at(16)))


def test_receipt_of_preview_predicts():
    receipt = finish_receipt(drill(login=None, preview=True), at(16))
    assert (receipt["outcome"], receipt["users"][0]["logged_in"]) == ("previewed", None)
    assert receipt["recovery"]["restore_seconds"] is None
    assert summary(receipt)[0] == "This is a preview: nothing was changed."
    assert f"app would log in with the credentials of {APP}." in summary(receipt)


def test_receipt_of_clock_difference_has_no_age():
    late = {**SOURCE, "restored_to": "2026-11-24T05:00:00Z"}
    assert drill({**RESTORED, "source": late})["recovery"]["data_age_seconds"] is None


@pytest.mark.parametrize(
    ("name", "result", "message"),
    [
        ("checks", {"failed": True, "msg": "no source"}, "no source"),
        ("restore", {"failed": True, **RESTORED, "msg": "timed out"}, "timed out"),
        (
            "policies",
            {"failed": True, "msg": "items", "results": [{"item": POLICY, "failed": True, "msg": "denied"}]},
            f"{APP}: denied",
        ),
        ("logins", {"failed": True}, "the task failed"),
    ],
)
def test_receipt_of_failed_step(name, result, message):
    receipt = start_receipt("localhost", at(0), preview=False, cleanup=False)
    receipt = finish_receipt(record_step(receipt, step(name, 0), at(1), result), at(2))
    assert (receipt["outcome"], receipt["failed_step"], receipt["message"]) == ("failed", name, message)
    assert receipt["steps"][0]["outcome"] == "failed"
    assert receipt["recovery"]["restore_seconds"] is None
    assert summary(receipt)[0] == f"The drill failed. Step {name}: {message}"
    assert message in page(receipt)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        # the roles could not be assumed, so that there is no login
        ({"failed": True, "msg": "the role could not be assumed"}, "the role could not be assumed"),
        ({}, "app did not log in: the login was not tried"),
        ({"results": []}, "app did not log in: the login was not tried"),
    ],
)
def test_receipt_without_logins_is_no_success(result, message):
    receipt = start_receipt("localhost", at(0), preview=False, cleanup=False)
    receipt = record_step(receipt, step("logins", 0), at(1), {**result, "users": [USER], "task_arn": APP})
    assert (receipt["outcome"], receipt["failed_step"], receipt["message"]) == ("failed", "logins", message)
    assert receipt["recovery"]["login_seconds"] is None


def test_receipt_of_denied_login_names_user_and_cause():
    receipt = drill(login=DENIED)
    assert (receipt["failed_step"], receipt["users"][0]["logged_in"]) == ("logins", False)
    assert receipt["message"] == "app did not log in: policy_missing: Attach a policy."
    assert receipt["recovery"]["restore_seconds"] == 600
    assert receipt["recovery"]["login_seconds"] is None
