# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The run applies the approved plan or nothing: plan_id, expect_plan_id and max_changes."""

from __future__ import annotations

import pytest

NOW = {"apply_immediately": True}
EVERY = {"select": {"all": True}, **NOW}
TWO = {"db_instances": [{"identifier": name, "engine": "mysql"} for name in ("a", "b")]}


@pytest.fixture
def approved(sim, run):
    """Return the plan id of a preview."""
    sim.seed(TWO)
    return run.ok(check=True, **EVERY)["plan_id"]


def modified(sim):
    return [call.operation for call in sim.calls if call.operation.startswith("Modify")]


def test_plan_approved_is_applied_and_second_run_passes(sim, run, approved):
    assert run.ok(check=True, expect_plan_id=approved, **EVERY)["plan_id"] == approved
    assert run.ok(expect_plan_id=f" {approved}\n", **EVERY)["summary"]["applied"] == 2
    again = run.ok(expect_plan_id=approved, **EVERY)
    assert again["changed"] is False
    assert again["plan_id"] != approved


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda sim: sim.seed({"db_instances": [{"identifier": "c", "engine": "mysql"}]}),
        lambda sim: sim.database("instance", "a").update(IAMDatabaseAuthenticationEnabled=True),
        lambda sim: sim.database("instance", "a").update(DbiResourceId="db-ANOTHER"),
    ],
    ids=["another-database", "one-less", "made-anew"],
)
def test_plan_other_than_approved_is_refused(sim, run, approved, change, check):
    change(sim)
    result = run.fails(check=check, expect_plan_id=approved, **EVERY)
    assert (
        f"expect_plan_id: {approved}: the plan has changed since it was approved and is {result['plan_id']} now"
        in result["msg"]
    )
    assert "Preview the task again" in result["msg"]
    assert set(result.outcomes.values()) <= {"skipped", "unchanged"}
    assert result["changed"] is False
    assert modified(sim) == []


def test_plan_of_another_task_is_refused(sim, run, approved):
    result = run.fails(expect_plan_id=approved, **{**EVERY, "apply_immediately": False})
    assert "the plan has changed since it was approved" in result["msg"]


def test_plan_blank_id_expects_nothing(sim, run, approved):
    assert run.ok(expect_plan_id=" ", **EVERY)["changed"] is True


def test_plan_id_is_independent_of_time(sim, run, approved):
    sim.clock.advance(9 * 24 * 3600)
    assert run.ok(check=True, **EVERY)["plan_id"] == approved


@pytest.mark.parametrize("check", [True, False])
def test_plan_more_than_max_changes_is_refused(sim, run, approved, check):
    result = run.fails(check=check, max_changes=1, **EVERY)
    assert "max_changes: 1: 2 databases would change" in result["msg"]
    assert result["summary"]["skipped"] == 2
    assert modified(sim) == []


def test_plan_exactly_max_changes_is_applied(sim, run, approved):
    assert run.ok(max_changes=2, **EVERY)["summary"]["applied"] == 2
    assert run.ok(max_changes=0, **EVERY)["summary"]["unchanged"] == 2


def test_plan_max_changes_excludes_skipped(sim, run, approved):
    sim.database("instance", "a")["DBInstanceStatus"] = "stopped"
    result = run.ok(max_changes=1, on_problem="skip", **EVERY)
    assert result.outcomes == {"instance/a": "skipped", "instance/b": "applied"}


def test_plan_problems_are_reported_before_max_changes(sim, run, approved):
    sim.database("instance", "a")["DBInstanceStatus"] = "stopped"
    result = run.fails(max_changes=0, expect_plan_id="0123", **EVERY)
    assert result.codes == ["not_modifiable"]


def test_plan_changed_before_modify_is_not_applied(sim, run):
    sim.seed({"db_instances": [{"identifier": "a", "engine": "mysql", "status": "backing-up"}]})
    options = {"db_instance_identifier": "a", "apply_other_pending_changes": True, **NOW}
    approved = run.ok(check=True, **options)["plan_id"]

    def change_meanwhile(_sim):
        record = sim.database("instance", "a")
        record["DBInstanceStatus"] = "available"
        record["PendingModifiedValues"] = {"DBInstanceClass": "db.r6g.4xlarge"}

    sim.at(12, change_meanwhile)
    result = run.fails(expect_plan_id=approved, **options)
    assert result.codes == ["superseded"]
    assert "the approved plan no longer applies" in result["msg"]
    assert modified(sim) == []


@pytest.mark.parametrize("check", [True, False])
def test_plan_other_pending_value_changed_is_not_applied(sim, run, approved, check):
    options = {"db_instance_identifier": "a", "apply_other_pending_changes": True, **NOW}
    pending = sim.database("instance", "a").setdefault("PendingModifiedValues", {})
    pending["DBInstanceClass"] = "db.r6g.xlarge"
    approved = run.ok(check=True, **options)["plan_id"]
    pending["DBInstanceClass"] = "db.t3.micro"
    result = run.fails(check=check, expect_plan_id=approved, **options)
    assert "the plan has changed since it was approved" in result["msg"]
    assert modified(sim) == []


@pytest.mark.parametrize("check", [True, False])
def test_plan_lookup_failed_returns_no_plan_or_summary(sim, run, check):
    """The plan id and a summary of zeros would look like the result of a region without databases."""
    sim.faults.add(operation="DescribeDBInstances", deny=True)
    result = run.fails(check=check, **EVERY)
    assert result["error"]["code"] == "AccessDenied"
    assert (result["databases"], result["changed"]) == ([], False)
    assert not {"plan_id", "summary"} & set(result)


@pytest.mark.parametrize("check", [True, False])
def test_plan_checks_failed_returns_summary_only(sim, run, check):
    sim.seed(TWO)
    sim.faults.add(operation="DescribeOrderableDBInstanceOptions", deny=True)
    result = run.fails(check=check, **EVERY)
    assert result["summary"]["total"] == len(result["databases"]) > 0
    assert "plan_id" not in result
