# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of a change: predicted, made, repeated, blocked and failed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify import modify_databases
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify_result import ModifyFailed
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    context_of,
)

ORDERS, SHOP, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(INSTANCE, "shop"), DatabaseId(CLUSTER, "ledger")
NOW = options(apply_immediately=True, wait_timeout=60.0)
EVERY = Selection(every=True)
OFF = Parameter("ssl", "0", modifiable=True, dynamic=True)


def modify(rds, asked=NOW, targets=(ORDERS,), *, check=False, warnings=None, deadline=None):
    return modify_databases(targets, asked, context_of(rds, warnings, check_mode=check), deadline)


def fails(rds, asked=NOW, targets=(ORDERS,), **more):
    with pytest.raises(ModifyFailed) as failure:
        modify(rds, asked, targets, **more)
    return failure.value.result


def outcomes(result):
    return {str(one.id): one.outcome for one in result.databases}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("database", "asked", "outcome", "sent"),
    [
        (instance(), NOW, "applied", [ModifyRequest(ORDERS, True, True)]),
        (instance(), options(), "scheduled", [ModifyRequest(ORDERS, True, False)]),
        (instance(), replace(NOW, wait=False), "applying", [ModifyRequest(ORDERS, True, True)]),
        (
            instance(current=True),
            options(False, apply_immediately=True),
            "applied",
            [ModifyRequest(ORDERS, False, True)],
        ),
        (instance(pending=True), options(False), "cancelled", [ModifyRequest(ORDERS, False, True)]),
        (instance(current=True), NOW, "unchanged", []),
        (instance(pending=True), options(), "unchanged", []),
    ],
)
def test_modify_prediction_and_run_agree(database, asked, outcome, sent, check):
    rds = FakeRds().add(database)
    result = modify(rds, asked, check=check)
    assert outcomes(result) == {"instance/orders": outcome}
    assert rds.sent("modify") == ([] if check else sent)
    predicted = modify(FakeRds().add(database), asked, check=True)
    assert result.render()["diff"] == predicted.render()["diff"]
    assert result.changed is predicted.changed is bool(sent)


def test_modify_second_run_changes_nothing():
    rds = FakeRds().add(instance(), cluster(members=()))
    modify(rds, targets=(ORDERS, LEDGER))
    rds.calls.clear()
    result = modify(rds, targets=(ORDERS, LEDGER))
    assert (set(outcomes(result).values()), result.changed) == ({"unchanged"}, False)
    assert {name for name, _argument in rds.calls} == {"page"}


def test_modify_waits_until_the_change_took_effect():
    rds = FakeRds(change_seconds=32.0).add(instance())
    assert outcomes(modify(rds)) == {"instance/orders": "applied"}
    assert (rds.databases[ORDERS].current, rds.clock.time) == (True, 35.0)


def test_modify_waits_for_a_transitional_status_first():
    rds = FakeRds().add(instance(status="backing-up"))
    rds.clock.at(20.0, lambda: rds.change(ORDERS, status="available"))
    warnings = []
    assert outcomes(modify(rds, warnings=warnings)) == {"instance/orders": "applied"}
    assert "its status is 'backing-up'" in warnings[0]
    assert rds.count("modify") == 1


def test_modify_check_mode_never_waits():
    rds = FakeRds().add(instance(status="backing-up"))
    assert outcomes(modify(rds, check=True)) == {"instance/orders": "applied"}
    assert rds.clock.time == 0.0


@pytest.mark.parametrize("check", [True, False])
def test_modify_one_problem_blocks_every_database(check):
    rds = FakeRds().add(instance(status="stopped"), instance("shop"), instance("done", current=True))
    result = fails(rds, targets=EVERY, check=check)
    assert outcomes(result) == {
        "instance/orders": "failed",
        "instance/shop": "skipped",
        "instance/done": "unchanged",
    }
    assert (rds.count("modify"), result.changed, result.blocked) == (0, False, True)
    assert result.message().endswith("Set on_problem to skip to continue without the blocked databases.")


@pytest.mark.parametrize("check", [True, False])
def test_modify_skips_blocked_databases_if_asked_to(check):
    rds = FakeRds().add(instance(status="stopped"), instance("shop"))
    warnings = []
    result = modify(rds, replace(NOW, skip_problems=True), EVERY, check=check, warnings=warnings)
    assert outcomes(result) == {"instance/orders": "skipped", "instance/shop": "applied"}
    verb = "would be skipped" if check else "is skipped"
    assert warnings[0].startswith(f"instance/orders {verb}: not_modifiable: its status is 'stopped'")


def test_modify_absent_name_blocks_even_if_problems_are_skipped():
    rds = FakeRds().add(instance())
    result = fails(rds, replace(NOW, skip_problems=True), (ORDERS, SHOP))
    assert outcomes(result) == {"instance/orders": "skipped", "instance/shop": "failed"}
    assert rds.count("modify") == 0


def test_modify_problem_while_waiting_is_skipped_with_a_warning():
    rds = FakeRds().add(instance(status="stopping"), instance("shop"))
    rds.clock.at(20.0, lambda: rds.change(ORDERS, status="stopped"))
    warnings = []
    result = modify(rds, replace(NOW, skip_problems=True), EVERY, warnings=warnings)
    assert outcomes(result) == {"instance/orders": "skipped", "instance/shop": "applied"}
    assert warnings[-1].startswith("instance/orders is skipped: not_modifiable: its status is 'stopped'")


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"max_changes": 1}, "max_changes: 1: 2 databases would change"),
        ({"expect_plan_id": "0" * 16}, "expect_plan_id: 0000000000000000: the plan has changed"),
    ],
)
def test_modify_other_plan_than_approved_is_refused(more, words, check):
    rds = FakeRds().add(instance(), instance("shop"))
    result = fails(rds, replace(NOW, **more), EVERY, check=check)
    assert result.objection.startswith(words)
    assert result.objection.endswith("Would be applied: 2 databases (instance/orders, instance/shop)")
    assert (set(outcomes(result).values()), rds.count("modify")) == ({"skipped"}, 0)


def test_modify_approved_plan_is_made():
    rds = FakeRds().add(instance(), instance("shop"))
    approved = modify(rds, targets=EVERY, check=True).render()["plan_id"]
    assert modify(rds, replace(NOW, expect_plan_id=approved, max_changes=2), EVERY).changed


def test_modify_problem_is_reported_before_max_changes():
    rds = FakeRds().add(instance(status="stopped"), instance("shop"))
    assert fails(rds, replace(NOW, max_changes=0), EVERY).objection is None


def test_modify_selection_without_match_is_refused():
    rds = FakeRds().add(instance())
    result = fails(rds, targets=Selection(include=("shop",)))
    assert "no database matches 'shop'" in result.objection
    assert result.databases == ()


def test_modify_describe_refused_has_the_error_of_the_call():
    result = fails(FakeRds(errors={"page": [call_error()]}).add(instance()))
    assert (result.call_error.code, result.databases) == ("AccessDenied", ())
    assert result.message() == "DescribeDBInstances: the reason (AccessDenied). Nothing was modified."


def test_modify_question_refused_lists_the_databases_as_skipped():
    rds = FakeRds(errors={"supports_iam": [call_error()]}).add(instance(), instance("done", current=True))
    result = fails(rds, targets=EVERY)
    assert outcomes(result) == {"instance/orders": "skipped", "instance/done": "unchanged"}
    assert rds.count("modify") == 0


def test_modify_request_refused_does_not_stop_the_others():
    rds = FakeRds(errors={"modify": [call_error("ModifyDBInstance")]}).add(instance(), instance("shop"))
    result = fails(rds, targets=EVERY)
    assert outcomes(result) == {"instance/orders": "failed", "instance/shop": "applied"}
    assert (result.changed, result.blocked) == (True, False)
    assert result.databases[0].problems[0].code == "refused"


def test_modify_lost_response_of_a_change_that_was_made():
    lost = call_error("ModifyDBInstance", "ReadTimeoutError", retryable=True, outcome_unknown=True)
    rds = FakeRds(errors={"modify": [lost]}).add(instance())
    rds.clock.at(1.0, lambda: rds.change(ORDERS, current=True))
    result = modify(rds)
    assert (outcomes(result), result.changed, rds.count("modify")) == ({"instance/orders": "applied"}, True, 1)


def test_modify_ends_at_the_deadline_of_the_caller():
    rds = FakeRds(change_seconds=100.0).add(instance())
    result = fails(rds, deadline=Deadline.after(20.0, rds.clock))
    assert [problem.code for problem in result.databases[0].problems] == ["timeout"]
    assert (rds.clock.time, result.changed) == (20.0, True)


@pytest.mark.parametrize("check", [True, False])
def test_modify_enforces_ssl_once_for_a_shared_group(check):
    rds = FakeRds(parameters={(INSTANCE, "pg16"): OFF}).add(instance(), instance("shop"))
    result = modify(rds, replace(NOW, ssl_parameter="enforce"), EVERY, check=check)
    (change,) = result.group_changes
    assert (change.group.name, change.value, change.databases) == ("pg16", "0", ("instance/orders", "instance/shop"))
    assert rds.sent("set_parameter") == ([] if check else [("pg16", "ssl", "1")])
    assert set(outcomes(result).values()) == {"applied"}


@pytest.mark.parametrize(("include", "count"), [(False, 1), (True, 2)])
def test_modify_read_replicas_only_if_asked_to(include, count):
    rds = FakeRds().add(instance(replicas=(SHOP,)), instance("shop"))
    assert len(modify(rds, replace(NOW, include_read_replicas=include)).databases) == count


def test_modify_disabling_warns():
    warnings = []
    modify(FakeRds().add(instance(current=True)), options(False, apply_immediately=True), warnings=warnings)
    assert warnings == ["DB instance orders: disabling the setting locks out the database users who log in with IAM"]


def test_modify_result_holds_what_was_seen():
    rds = FakeRds().add(instance(), instance("shop", engine="oracle-ee"))
    result = modify(rds, replace(NOW, return_unchanged=False), EVERY, check=True)
    assert set(result.seen) == {ORDERS, SHOP}
    assert (result.preview, result.return_unchanged, result.now) == (True, False, rds.clock.now())


def test_modify_selected_cluster_needs_no_call_for_its_members():
    names = ("ledger-1", "ledger-2")
    members = [instance(name, cluster_identifier="ledger", engine="aurora-postgresql") for name in names]
    rds = FakeRds().add(cluster(), *members)
    modify(rds, targets=EVERY, check=True)
    assert rds.count("page") == 2


def test_modify_skipped_problem_is_one_warning():
    warnings = []
    rds = FakeRds().add(instance(status="stopped"), instance("shop"))
    modify(rds, replace(NOW, skip_problems=True), EVERY, warnings=warnings)
    assert len(warnings) == 1


def test_modify_aborted_run_is_blocked():
    rds = FakeRds().add(instance())
    assert fails(rds, replace(NOW, max_changes=0)).blocked
