# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The clean-up of a drill deletes only what the drill created."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_cleanup import drill_cleanup, record_cleanup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import (
    finish_receipt,
    record_step,
    start_receipt,
)
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import (
    APP,
    DATABASE,
    DENIED,
    POLICY,
    RESTORED,
    at,
    drill,
    step,
)

CLUSTER = {**DATABASE, "kind": "cluster", "resource_id": "cluster-NEW"}


def failed_restore():
    receipt = start_receipt("localhost", at(0), preview=False, cleanup=True)
    return record_step(receipt, step("restore", 0), at(1), {**RESTORED, "restored": False, "failed": True})


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


@pytest.mark.parametrize("outcome", ["attached", "unknown", "failed"])
def test_cleanup_finds_policies_of_failed_steps(outcome):
    """A step can fail after it has attached a policy, and the policies may then not be readable."""
    receipt = drill(cleanup=True)
    receipt["policies"][0]["outcome"] = outcome
    (policy,) = drill_cleanup(receipt, described(), on_failure=True)["policies"]
    assert policy["policy_name"] == "passwordless-rds-db-NEW"


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
