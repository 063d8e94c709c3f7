# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_cleanup import drill_cleanup, record_cleanup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_comparison import read_previous
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_logins import (
    is_final,
    login_entries,
    refused,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import (
    finish_receipt,
    record_step,
    start_receipt,
)

APP = "arn:aws:iam::123456789012:role/apps/app"
DATABASE = {
    "kind": "instance",
    "identifier": "drill",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:drill",
    "resource_id": "db-NEW",
    "engine": "postgres",
    "engine_version": "16.4",
    "endpoint": {"address": "drill.example", "port": 5432},
    "other_pending_changes": {"MasterUserPassword": "secret-1"},
}
CLUSTER = {**DATABASE, "kind": "cluster", "resource_id": "cluster-NEW"}
SOURCE = {"kind": "db_instance", "arn": "arn:orders", "resource_id": "db-OLD", "restored_to": "2026-11-24T03:00:00Z"}
RESTORED = {"restored": True, "database": DATABASE, "source": SOURCE, "seconds": {"database": 60.5, "total": 61}}
POLICY = {"arn": APP, "policy_name": "passwordless-rds-db-NEW", "users": ["app"], "existed": False, "document": {}}
ATTACHED = {"results": [{"item": POLICY, "changed": True}]}
USER = {"name": "app", "database": "", "principals": [APP], "verify_role_arn": APP}
LOGGED_IN = {"logged_in": True, "user": "app", "cause": None, "server_version": "16.4", "seconds": 0.1, "attempts": 3}
DENIED = {"logged_in": False, "user": None, "cause": "policy_missing", "remedy": "Attach a policy.", "failed": True}


def at(minute):
    return f"2026-11-24T04:{minute:02}:00.000000Z"


def step(name, minute):
    return {"name": name, "start": at(minute)}


def drill(restored=RESTORED, login=LOGGED_IN, *, preview=False, cleanup=False):
    """Return the receipt of a drill with all steps, each of which takes a minute or more."""
    receipt = start_receipt("localhost", at(0), preview=preview, cleanup=cleanup)
    receipt = record_step(
        receipt, step("checks", 0), at(1), {**RESTORED, "database": {**DATABASE, "resource_id": None}}
    )
    receipt = record_step(receipt, step("restore", 1), at(11), restored)
    receipt = record_step(receipt, step("policies", 11), at(12), ATTACHED)
    logins = {"results": [login] if login else [], "users": [USER], "task_arn": "arn:aws:iam::123456789012:user/ops"}
    return record_step(receipt, step("logins", 12), at(15), logins)


def failed_restore():
    receipt = start_receipt("localhost", at(0), preview=False, cleanup=True)
    return record_step(receipt, step("restore", 0), at(1), {**RESTORED, "restored": False, "failed": True})


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
    assert "app would log in with credentials of a principal of the user." in summary(receipt)


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


def test_receipt_of_denied_login_names_user_and_cause():
    receipt = drill(login=DENIED)
    assert (receipt["failed_step"], receipt["users"][0]["logged_in"]) == ("logins", False)
    assert receipt["message"] == "app did not log in: policy_missing: Attach a policy."
    assert receipt["recovery"]["restore_seconds"] == 600
    assert receipt["recovery"]["login_seconds"] is None


@pytest.mark.parametrize(
    ("result", "final"),
    [
        (LOGGED_IN, True),
        (DENIED, False),
        ({**DENIED, "cause": "unknown", "candidates": ["user_missing", "policy_missing"]}, False),
        ({**DENIED, "cause": "unknown", "candidates": ["user_missing", "user_not_iam"]}, True),
        ({**DENIED, "cause": "endpoint_unreachable"}, False),
        ({**DENIED, "cause": "user_missing"}, True),
        ({"failed": True, "msg": "no driver"}, True),
    ],
)
def test_login_is_repeated_only_for_temporary_causes(result, final):
    assert is_final(result) is final


def test_login_that_the_module_refused_is_not_a_success():
    (entry,) = login_entries([USER], [{"failed": False, "msg": "psycopg is missing"}], None)
    assert (entry["logged_in"], entry["cause"]) == (False, "error")
    assert refused([entry]) == "app did not log in: error: psycopg is missing"


@pytest.mark.parametrize(
    ("task_arn", "verified_by"),
    [
        ("arn:aws:sts::123456789012:assumed-role/app/session", "principal"),
        ("arn:aws:sts::999999999999:assumed-role/app/session", "task"),
        ("arn:aws:iam::123456789012:user/app", "task"),
        (None, "task"),
    ],
)
def test_login_of_the_task_verifies_only_its_own_principal(task_arn, verified_by):
    (entry,) = login_entries([{**USER, "verify_role_arn": ""}], [LOGGED_IN], task_arn)
    assert (entry["verified_by"], entry["verified_as"]) == (verified_by, task_arn)


def described(resource_id="db-NEW"):
    return {"databases": [{"resource_id": resource_id}]}


def test_cleanup_deletes_what_the_run_created():
    plan = drill_cleanup(drill(cleanup=True), described(), on_failure=False)
    assert (plan["instances"], plan["clusters"], plan["refused"], plan["skipped"]) == (["drill"], [], "", "")
    assert [(one["iam_type"], one["iam_name"], one["policy_name"]) for one in plan["policies"]] == [
        ("role", "app", "passwordless-rds-db-NEW")
    ]


def test_cleanup_deletes_only_requested_members_of_a_cluster():
    restored = {**RESTORED, "database": CLUSTER, "cluster_instances": ["drill-1"]}
    plan = drill_cleanup(drill(restored, cleanup=True), described("cluster-NEW"), on_failure=False)
    assert (plan["instances"], plan["clusters"]) == (["drill-1"], ["drill"])


def test_cleanup_keeps_policy_that_existed():
    receipt = drill(cleanup=True)
    receipt["policies"][0]["existed"] = True
    assert drill_cleanup(receipt, described(), on_failure=False)["policies"] == []


@pytest.mark.parametrize(
    ("receipt", "found", "reason"),
    [
        (drill({**RESTORED, "restored": False}, cleanup=True), described(), "was not created by this run"),
        (drill(cleanup=True), described("db-OTHER"), "now has the resource ID db-OTHER, and this run created db-NEW"),
        (drill(cleanup=True), {"msg": "denied."}, "could not be described: denied. Nothing was deleted"),
        (
            drill({**RESTORED, "database": {**DATABASE, "resource_id": None}}, cleanup=True),
            described(),
            "this run created an unknown database",
        ),
    ],
)
def test_cleanup_refuses_what_the_run_did_not_create(receipt, found, reason):
    plan = drill_cleanup(receipt, found, on_failure=True)
    assert reason in plan["refused"]
    assert (plan["instances"], plan["clusters"], plan["policies"]) == ([], [], [])
    recorded = finish_receipt(record_cleanup(receipt, plan, step("cleanup", 15), at(16), {}), at(17))
    assert (recorded["outcome"], recorded["failed_step"]) == ("failed", "cleanup")
    assert (recorded["cleanup"]["outcome"], recorded["cleanup"]["deleted"]) == ("refused", [])
    assert reason in summary(recorded)[-1]


@pytest.mark.parametrize(
    ("receipt", "on_failure", "outcome"),
    [
        (drill(), False, "not_requested"),
        (drill(cleanup=True, preview=True, login=None), False, "previewed"),
        (drill(cleanup=True, login=DENIED), False, "kept"),
        (start_receipt("localhost", at(0), preview=False, cleanup=True), True, "nothing_to_delete"),
        (failed_restore(), True, "nothing_to_delete"),
    ],
)
def test_cleanup_not_requested_is_not_recorded(receipt, on_failure, outcome):
    plan = drill_cleanup(receipt, described(), on_failure=on_failure)
    recorded = record_cleanup(receipt, plan, step("cleanup", 15), at(16), {})
    assert recorded["cleanup"]["outcome"] == outcome
    assert recorded["steps"] == receipt["steps"]
    assert page(finish_receipt(recorded, at(17)))


def test_cleanup_after_a_failure_if_requested():
    plan = drill_cleanup(drill(cleanup=True, login=DENIED), described(), on_failure=True)
    assert plan["instances"] == ["drill"]


def test_cleanup_that_failed_lists_what_was_deleted():
    receipt = drill(cleanup=True)
    plan = drill_cleanup(receipt, described(), on_failure=False)
    results = {
        "policies": {"results": [{"item": POLICY, "changed": True}]},
        "instances": {"results": [{"item": "drill", "failed": True, "msg": "denied"}]},
        "failed": {"msg": "items", "results": [{"item": "drill", "failed": True, "msg": "denied"}]},
    }
    recorded = finish_receipt(record_cleanup(receipt, plan, step("cleanup", 15), at(16), results), at(17))
    assert (recorded["outcome"], recorded["failed_step"]) == ("failed", "cleanup")
    assert recorded["cleanup"]["deleted"] == [f"passwordless-rds-db-NEW of {APP}"]
    assert "The clean-up failed: denied" in summary(recorded)[0]
    # the drill itself succeeded
    assert recorded["recovery"]["login_seconds"] == 840


def test_page_escapes_cells():
    receipt = drill(login={**DENIED, "cause": "a|b\nc"})
    assert "a\\|b c |" in page(finish_receipt(receipt, at(16)))


def test_comparison_with_an_earlier_drill():
    earlier = finish_receipt(drill(), at(16))
    earlier["recovery"] = {**earlier["recovery"], "login_seconds": 900.5, "data_age_seconds": None}
    now = finish_receipt(drill(login=DENIED), at(16), json.loads(json.dumps(earlier)))
    assert now["comparison"]["users_lost"] == ["app"]
    assert now["comparison"]["recovery"]["restore_seconds"] == {"before": 600, "now": 600, "difference": 0}
    now = finish_receipt(drill(), at(16), earlier)
    assert now["comparison"]["users_lost"] == []
    assert now["comparison"]["recovery"]["login_seconds"]["difference"] == -60.5
    assert now["comparison"]["recovery"]["data_age_seconds"]["difference"] is None
    line = (
        f"Compared with the drill of {at(0)} (succeeded): time until the database was available +0 s; time until all "
        "users had logged in -60.5 s"
    )
    assert line in summary(now)
    assert f"- {line}\n" in page(now)


def test_comparison_of_preview_loses_no_user():
    now = finish_receipt(drill(login=None, preview=True), at(16), finish_receipt(drill(), at(16)))
    assert now["comparison"]["users_lost"] == []
    assert "nothing to compare" in page(now)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"start": "", "outcome": ""}'])
def test_previous_receipt_that_is_invalid_raises(text):
    with pytest.raises(InputError, match=r"restore_drill_previous: drill.json: the file is not the receipt"):
        read_previous(text, "drill.json")


def test_previous_receipt_is_read():
    receipt = finish_receipt(drill(), at(16))
    assert read_previous(json.dumps(receipt), "drill.json") == receipt
