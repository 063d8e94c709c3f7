# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Messages: previews, the order of outcomes, the databases that block a task, and the databases that are listed."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

IAM = "iam_database_authentication_enabled"
NOW = {"apply_immediately": True}
EVERY = {"select": {"all": True}}
FLEET = {
    "db_instances": [
        {"identifier": "on", "engine": "mysql", IAM: True},
        {"identifier": "off", "engine": "mysql"},
        {
            "identifier": "queued",
            "engine": "mysql",
            "pending_modified_values": {"IAMDatabaseAuthenticationEnabled": True},
        },
        {
            "identifier": "going",
            "engine": "mysql",
            IAM: True,
            "pending_modified_values": {"IAMDatabaseAuthenticationEnabled": False},
        },
        {"identifier": "stopped", "engine": "mysql", "status": "stopped"},
    ]
}


@pytest.fixture
def fleet(sim):
    sim.seed(FLEET)
    return sim


@pytest.mark.parametrize(
    ("options", "preview", "done"),
    [
        (
            NOW,
            "2 would be applied, 1 would be cancelled, 1 would be skipped, 1 would stay unchanged.",
            "2 applied, 1 cancelled, 1 skipped, 1 unchanged.",
        ),
        (
            {"apply_immediately": False},
            "1 would be scheduled, 1 would be cancelled, 1 would be skipped, 2 would stay unchanged.",
            "1 scheduled, 1 cancelled, 1 skipped, 2 unchanged.",
        ),
        (
            {**NOW, "wait": False},
            "2 would be applied without waiting, 1 would be cancelled, 1 would be skipped, 1 would stay unchanged.",
            "2 applying, 1 cancelled, 1 skipped, 1 unchanged.",
        ),
    ],
)
def test_message_of_modify_preview_and_run(fleet, run, options, preview, done):
    asked = {**EVERY, **options, "on_problem": "skip"}
    predicted, real = run.ok(check=True, **asked), run.ok(**asked)
    assert (predicted["msg"], real["msg"]) == (preview, done)
    assert "instance/stopped would be skipped: not_modifiable: " in predicted["warnings"][0]
    assert "instance/stopped is skipped: not_modifiable: " in real["warnings"][0]


@pytest.mark.parametrize("check", [True, False])
def test_message_blocked_names_databases_and_remedy(fleet, run, check):
    result = run.fails(check=check, **EVERY, **NOW)
    assert result["msg"].startswith("DB instance stopped: not_modifiable: its status is 'stopped'")
    assert result["msg"].endswith(
        ". Nothing was modified. Blocked: 1, not changed because of these: 3, no change required: 1. "
        "Set on_problem to skip to continue without the blocked databases."
    )
    assert {d["identifier"]: (d["outcome"], d["planned_outcome"]) for d in result["databases"]} == {
        "on": ("unchanged", "unchanged"),
        "off": ("skipped", "applied"),
        "queued": ("skipped", "applied"),
        "going": ("skipped", "cancelled"),
        "stopped": ("failed", None),
    }


def test_message_absent_name_gives_other_remedy(fleet, run):
    result = run.fails(db_instance_identifiers="off,of,stopped", on_problem="skip")
    assert "on_problem" not in result["msg"]
    assert result["msg"].endswith("Correct or remove the names that do not exist.")
    both = run.fails(db_instance_identifiers="off,of,stopped")
    assert both["msg"].endswith(
        "Blocked: 2, not changed because of these: 1. Set on_problem to skip to continue without the blocked "
        "databases. Correct or remove the names that do not exist."
    )
    assert result["msg"].startswith("DB instance stopped: not_modifiable: its status is 'stopped'")
    assert "; DB instance of: not_found: " in result["msg"]
    assert "Blocked: 2, not changed because of these: 1. Correct" in result["msg"]
    assert run.fails(db_instance_identifier="stopped")["msg"].endswith("Nothing was modified.")


@pytest.mark.parametrize("check", [True, False])
def test_message_max_changes_lists_planned_changes(fleet, run, check):
    result = run.fails(check=check, **EVERY, **NOW, max_changes=2, on_problem="skip")
    assert result["msg"].startswith(
        "max_changes: 2: 3 databases would change. Increase max_changes, or select fewer databases. "
        "Would be applied: 2 databases (instance/off, instance/queued). Would be cancelled: DB instance going. "
        "Blocked: DB instance stopped: not_modifiable: its status is 'stopped'"
    )
    assert result["msg"].endswith("Nothing was modified.")
    assert {d["identifier"]: (d["outcome"], d["planned_outcome"]) for d in result["databases"]} == {
        "on": ("unchanged", "unchanged"),
        "off": ("skipped", "applied"),
        "queued": ("skipped", "applied"),
        "going": ("skipped", "cancelled"),
        "stopped": ("skipped", None),
    }
    assert result.database("stopped")["problems"][0]["code"] == "not_modifiable"
    assert result["diff"] == {"before": {}, "after": {}}
    assert [call.operation for call in fleet.calls if call.operation.startswith("Modify")] == []


def test_result_failed_lookup_has_no_planned_outcome(fleet, run):
    fleet.faults.add(operation="DescribeOrderableDBInstanceOptions", deny=True)
    result = run.fails(db_instance_identifier="off")
    assert (result.database("off")["outcome"], result.database("off")["planned_outcome"]) == ("skipped", None)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_changes": 0}, "max_changes: 0: 1 database would change. "),
        ({"expect_plan_id": "0" * 16}, "(1 database would change). "),
    ],
    ids=str,
)
def test_message_one_change_is_singular(fleet, run, check, options, words):
    assert words in run.fails(check=check, db_instance_identifier="off", **options)["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_result_return_unchanged_false_lists_the_rest(fleet, run, check):
    asked = {**EVERY, **NOW, "return_unchanged": False}
    result = run.ok(check=check, **asked, on_problem="skip")
    assert sorted(result.outcomes) == ["instance/going", "instance/off", "instance/queued", "instance/stopped"]
    assert (result["summary"]["total"], result["summary"]["unchanged"]) == (5, 1)
    blocked = run.fails(check=check, **asked)
    assert "instance/stopped" in blocked.outcomes
    assert "unchanged" not in blocked.outcomes.values()


def test_result_return_unchanged_false_with_replicas(sim, run):
    sim.seed(
        {
            "db_instances": [
                {"identifier": "shop", "engine": "mysql", IAM: True},
                {"identifier": "shop-replica", "engine": "mysql", "source": "shop"},
            ]
        }
    )
    asked = {"db_instance_identifier": "shop", "include_read_replicas": True, "return_unchanged": False, **NOW}
    first, second = run.ok(**asked), run.ok(**asked)
    assert first.outcomes == {"instance/shop-replica": "applied"}
    assert (second["databases"], second["summary"]["unchanged"], second["changed"]) == ([], 2, False)


@pytest.mark.parametrize("check", [True, False])
def test_message_of_create_preview_and_run(sim, capsys, check):
    create = Runner("rds_create_iam", sim.url, capsys)
    options = {
        "db_instance_identifier": "newshop",
        "engine": "mysql",
        "db_instance_class": "db.m6g.large",
        "allocated_storage": 20,
        "master_username": "admin",
    }
    done = "instance/newshop: created, applied."
    preview = "instance/newshop: would be created, would be applied."
    assert create.ok(check=check, **options)["msg"] == (preview if check else done)
    if not check:
        again = create.ok(check=True, **options, enable_iam_database_authentication=False)
        assert again["msg"] == "instance/newshop: already exists, would be scheduled."
