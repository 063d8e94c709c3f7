# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The policies for deleted databases: what a restore drill reports, repairs and removes."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_old_policies import (
    old_policies,
    old_policy_entries,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import drill_plan
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import finish_receipt, record_step
from ansible_collections.passwordless.rds.tests.unit.drill_plans import APP, planned
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import at, drill, step
from ansible_collections.passwordless.rds.tests.unit.login_databases import ORDERS, PREFIX

TARGET = {key: ORDERS[key] for key in ("kind", "identifier", "arn", "resource_id")}
RECEIPT = {"source": {"resource_id": "db-OLD"}, "target": TARGET}
NEW = f"passwordless-rds-{TARGET['resource_id']}"


def inline(resource_id, *users, **changes):
    resources = [f"{PREFIX}{resource_id}/{user}" for user in users]
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resources, **changes}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"policy_name": f"passwordless-rds-{resource_id}", "policy_document": document}


def dead(resource_id, user="app", **changes):
    return {
        "code": "dead",
        "resource": f"{PREFIX}{resource_id}/{user}",
        "policy_name": f"passwordless-rds-{resource_id}",
        "policy_type": "inline",
        "attached_to": [APP],
        **changes,
    }


def decide(mode, findings, *policies, receipt=None):
    found = [{"policies": list(policies)}, {"policies": []}]
    return old_policies(planned(old_policies=mode), RECEIPT if receipt is None else receipt, findings, found)


FINDINGS = [dead("db-OLD"), dead("db-OLD", "reports"), dead("db-GONE"), dead("db-LIVE", code="wildcard")]
POLICIES = [inline("db-OLD", "app", "reports"), inline("db-GONE", "app"), inline(TARGET["resource_id"], "app")]


@pytest.mark.parametrize(
    ("mode", "actions", "deleted"),
    [
        ("report", ["report", "report"], []),
        ("repair", ["repair", "report"], ["passwordless-rds-db-OLD"]),
        ("remove", ["remove", "remove"], ["passwordless-rds-db-OLD", "passwordless-rds-db-GONE"]),
    ],
)
def test_old_policies_are_processed_as_requested(mode, actions, deleted):
    decided = decide(mode, FINDINGS, *POLICIES)
    assert [entry["action"] for entry in decided["entries"]] == actions
    assert [entry["resource_id"] for entry in decided["entries"]] == ["db-OLD", "db-GONE"]
    assert [policy["policy_name"] for policy in decided["delete"]] == deleted
    assert all(policy["iam_type"] == "role" and policy["iam_name"] == "app" for policy in decided["delete"])
    assert len(decided["attach"]) == (mode == "repair")


def test_old_policy_of_source_is_merged_with_that_of_target():
    (policy,) = decide("repair", FINDINGS, *POLICIES)["attach"]
    assert policy["policy_name"] == NEW
    (statement,) = policy["document"]["Statement"]
    assert statement["Resource"] == [f"{PREFIX}{TARGET['resource_id']}/{user}" for user in ("app", "reports")]


def test_old_policy_repair_in_preview_without_target_attaches_nothing():
    decided = decide("repair", FINDINGS, *POLICIES, receipt={**RECEIPT, "target": {**TARGET, "resource_id": None}})
    assert decided["attach"] == []
    assert [entry["action"] for entry in decided["entries"]] == ["repair", "report"]


@pytest.mark.parametrize(
    ("finding", "policy"),
    [
        (dead("db-OLD", policy_type="customer_managed"), inline("db-OLD", "app")),
        (dead("db-OLD", policy_name="own"), {**inline("db-OLD", "app"), "policy_name": "own"}),
        (dead("db-OLD", attached_to=["arn:aws:iam::123456789012:group/team"]), inline("db-OLD", "app")),
        (dead("db-OLD"), inline("db-OLD", "app", Action=["rds-db:connect", "s3:GetObject"])),
        (dead("db-OLD"), inline("db-OLD", "app", Effect="Deny")),
        (dead("db-OLD"), inline("db-OTHER", "app")),
    ],
)
@pytest.mark.parametrize("mode", ["repair", "remove"])
def test_old_policies_of_others_are_only_reported(mode, finding, policy):
    decided = decide(mode, [finding], policy)
    assert [entry["action"] for entry in decided["entries"]] == ["report"]
    assert (decided["attach"], decided["delete"]) == ([], [])


def test_old_policy_is_not_merged_with_policy_of_others():
    other = inline(TARGET["resource_id"], "app", Condition={})
    with pytest.raises(InputError, match="the inline policy exists and contains more than"):
        decide("repair", FINDINGS, POLICIES[0], other)


@pytest.mark.parametrize(
    ("mode", "results", "preview", "outcomes"),
    [
        ("remove", [True, True], False, ["removed", "removed"]),
        ("remove", [True], False, ["removed", "failed"]),
        ("remove", [True, True], True, ["would_remove", "would_remove"]),
        ("repair", [True], False, ["repaired", "reported"]),
        ("repair", [True], True, ["would_repair", "reported"]),
    ],
)
def test_old_policy_entries_tell_what_was_done(mode, results, preview, outcomes):
    decided = decide(mode, FINDINGS, *POLICIES)
    deleted = {"results": [{"item": item, "changed": done} for item, done in zip(decided["delete"], results)]}
    entries = old_policy_entries({"plan": decided, "deleted": deleted}, preview=preview)
    assert [entry["outcome"] for entry in entries] == outcomes


def test_old_policies_are_in_receipt_and_page():
    result = {"plan": decide("report", FINDINGS, *POLICIES)}
    receipt = finish_receipt(record_step(drill(), step("old_policies", 15), at(16), result), at(17))
    assert (receipt["outcome"], receipt["steps"][-1]["seconds"]) == ("succeeded", 60)
    line = f"Policy passwordless-rds-db-OLD of {APP} for the deleted database db-OLD: reported"
    assert line in summary(receipt)
    assert f"| {APP} | passwordless-rds-db-GONE | db-GONE | app | reported |" in page(receipt)


def test_old_policies_failure_is_in_receipt():
    result = {"failed": True, "msg": "denied", "plan": {}, "deleted": {}}
    receipt = finish_receipt(record_step(drill(), step("old_policies", 15), at(16), result), at(17))
    assert (receipt["failed_step"], receipt["message"], receipt["old_policies"]) == ("old_policies", "denied", [])


def test_old_policies_repair_with_cleanup_is_refused():
    with pytest.raises(InputError, match="restore_drill_old_policies: repair moves the users of the source"):
        planned(old_policies="repair", cleanup="true")


@pytest.mark.parametrize("mode", ["report", "remove", " repair "])
def test_old_policies_without_principals_are_refused(mode):
    """Without principals, rds_connect_policies_info would report the policies of the whole account."""
    with pytest.raises(InputError, match="no user in restore_drill_users has principals"):
        drill_plan([{"name": "app"}], {"restore": {}, "old_policies": mode})
    assert drill_plan([{"name": "app"}], {"restore": {}, "old_policies": ""})["old_policies"] == "ignore"
