# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The steps from a requested database to its result: checks, creation, members and the setting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import ClusterInstance
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.plugins.module_utils._run.provision import provision
from ansible_collections.passwordless.rds.plugins.module_utils._run.stopwatch import Stopwatch
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    context_of,
    gateway_to,
)

ORDERS, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "ledger")
ENDPOINT = Endpoint("orders.example", 5432)
ASKED = options(wait_timeout=60.0)
IAM = "EnableIAMDatabaseAuthentication"
NEW = ProvisionRequest(
    "created",
    ORDERS,
    True,
    {"db_instance_class": "db.m6g.large"},
    engine="postgres",
    engine_version="16.4",
    request=Request("CreateDBInstance", {"DBInstanceIdentifier": "orders", "Engine": "postgres", IAM: True}),
)
MEMBERS = tuple(
    ClusterInstance(DatabaseId(INSTANCE, f"ledger-{n}"), "db.r6g.large", {"db_instance_class": "db.r6g.large"})
    for n in (1, 2)
)
NEW_CLUSTER = replace(
    NEW,
    target=LEDGER,
    settings={},
    engine="aurora-postgresql",
    request=Request("CreateDBCluster", {"DBClusterIdentifier": "ledger", "Engine": "aurora-postgresql", IAM: True}),
    members=MEMBERS,
)


def existing(database, wanted=NEW, **more):
    return replace(wanted, existing=database, request=None, **more)


def run(rds, wanted=NEW, asked=ASKED, *, check=False, warnings=None):
    gateway = gateway_to(rds, seconds=asked.wait_timeout)
    context = context_of(rds, warnings, check_mode=check)
    return provision(wanted, asked, context, gateway, Stopwatch(rds.clock))


def fails(rds, wanted=NEW, asked=ASKED, **more):
    with pytest.raises(RdsError) as failure:
        run(rds, wanted, asked, **more)
    return failure.value


def codes(result):
    return [problem.code for problem in result.problems]


def test_provision_new_database():
    rds = FakeRds(creation_seconds=20.0)
    result = run(rds)
    assert (result.outcome, result.was_made, result.changed) == ("applied", True, True)
    assert rds.sent("make") == [NEW.request]
    # RDS created it with the setting, so nothing is switched
    assert rds.count("modify") == 0
    assert result.seconds == {"checks": 0.0, "database": 20.0, "setting": 0.0, "total": 20.0}


def test_provision_prediction_agrees_with_the_run():
    predicted, real = run(FakeRds(), check=True), run(FakeRds())
    assert (predicted.outcome, predicted.was_made) == (real.outcome, real.was_made) == ("applied", True)
    assert predicted.render()["diff"] == real.render()["diff"]
    assert (predicted.preview, real.preview) == (True, False)


def test_provision_prediction_changes_nothing():
    rds = FakeRds()
    run(rds, NEW_CLUSTER, check=True)
    assert {name for name, _argument in rds.calls} <= {"supports_iam", "parameter", "page"}


def test_provision_second_run_changes_nothing():
    rds = FakeRds()
    run(rds)
    result = run(rds, existing(rds.databases[ORDERS]))
    assert (result.outcome, result.was_made, result.changed) == ("unchanged", False, False)
    assert rds.count("make") == 1


@pytest.mark.parametrize("desired", [True, False])
def test_provision_setting_that_rds_ignored_is_corrected_at_once(desired):
    ignored = Request("CreateDBInstance", {"DBInstanceIdentifier": "orders", IAM: not desired})
    rds = FakeRds()
    result = run(rds, replace(NEW, desired=desired, request=ignored))
    assert (result.outcome, result.changed) == ("applied", True)
    assert [(change.enable, change.apply_immediately) for change in rds.sent("modify")] == [(desired, True)]
    assert rds.databases[ORDERS].current is desired


def test_provision_without_desired_value_leaves_the_setting():
    rds = FakeRds()
    result = run(rds, replace(NEW, desired=None))
    assert (result.outcome, rds.count("supports_iam"), rds.count("modify")) == ("applied", 0, 0)


def test_provision_cluster_then_members_then_setting():
    rds = FakeRds(creation_seconds=5.0)
    result = run(rds, NEW_CLUSTER)
    assert result.own_members == ["ledger-1", "ledger-2"]
    assert [request.operation for request in rds.sent("make")] == [
        "CreateDBCluster",
        "CreateDBInstance",
        "CreateDBInstance",
    ]
    assert list(result.seconds) == ["checks", "database", "cluster_instances", "setting", "total"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("wanted", "more", "expected"),
    [
        (NEW, {"support": {"db.m6g.large": False}}, ["class_unsupported"]),
        (replace(NEW, problems=(Problem("class_not_offered", "why"),)), {}, ["class_not_offered"]),
        (replace(NEW, engine="oracle-ee"), {}, ["engine_unsupported"]),
        (
            replace(NEW, settings={"db_parameter_group_name": "own"}),
            {"parameters": {(INSTANCE, "own"): Parameter("ssl", "0", True, True)}},
            ["ssl_disabled"],
        ),
        (
            replace(NEW_CLUSTER, present_members=(instance("ledger-1"),)),
            {"support": {"db.r6g.large": False}},
            ["member_exists", "class_unsupported", "class_unsupported"],
        ),
        (existing(instance(status="deleting")), {}, ["target_exists"]),
        (existing(instance(), problems=(Problem("target_exists", "why"),)), {}, ["target_exists"]),
    ],
)
def test_provision_problem_ends_before_anything_is_made(wanted, more, expected, check):
    rds = FakeRds(**more)
    failure = fails(rds, wanted, check=check)
    assert codes(failure.result) == expected
    assert failure.message.endswith("Nothing was modified.")
    assert (rds.count("make"), rds.count("modify"), failure.result.changed) == (0, 0, False)


def test_provision_class_problem_has_remedy_for_a_new_database():
    failure = fails(FakeRds(support={"db.m6g.large": False}))
    assert failure.message.startswith("DB instance orders: class_unsupported: its class is db.m6g.large")
    assert "Choose another class" in failure.message


@pytest.mark.parametrize("check", [True, False])
def test_provision_enforces_ssl_of_its_group(check):
    rds = FakeRds(parameters={(INSTANCE, "own"): Parameter("ssl", "0", True, True)})
    wanted = replace(NEW, settings={"db_parameter_group_name": "own"})
    result = run(rds, wanted, replace(ASKED, ssl_parameter="enforce"), check=check)
    assert [change.group.name for change in result.group_changes] == ["own"]
    assert rds.sent("set_parameter") == ([] if check else [("own", "ssl", "1")])


def test_provision_refused_after_enforcing_names_the_group():
    """Only RDS can check some values, such as security groups, and the group must be correct before the creation."""
    rds = FakeRds(
        parameters={(INSTANCE, "own"): Parameter("ssl", "0", True, True)},
        errors={"make": [call_error("CreateDBInstance")]},
    )
    wanted = replace(NEW, settings={"db_parameter_group_name": "own"})
    failure = fails(rds, wanted, replace(ASKED, ssl_parameter="enforce"))
    assert failure.result.changed
    assert failure.message.endswith("(AccessDenied). ssl=1 was set in DB parameter group own before, and remains set.")


@pytest.mark.parametrize(("desired", "expected"), [(True, 2), (False, 1)])
def test_provision_warnings_of_task_and_of_the_change(desired, expected):
    wanted = replace(NEW, desired=desired, settings={"db_instance_class": "db.t3.micro"}, warnings=("of the task",))
    warnings = []
    run(FakeRds(), wanted, check=True, warnings=warnings)
    assert warnings[0] == "of the task"
    assert len(warnings) == expected


def test_provision_without_waiting_returns_what_rds_shows():
    rds = FakeRds(creation_seconds=600.0)
    result = run(rds, asked=replace(ASKED, wait=False))
    assert (result.outcome, result.database.status, rds.clock.time) == ("applying", "creating", 0.0)


def test_provision_timeout_fails_with_what_was_made():
    rds = FakeRds(creation_seconds=600.0)
    failure = fails(rds)
    assert (codes(failure.result), failure.result.changed, rds.clock.time) == (["timeout"], True, 60.0)
    assert "Nothing was modified" not in failure.message


def test_provision_refused_request_fails():
    failure = fails(FakeRds(errors={"make": [call_error("CreateDBInstance")]}))
    assert failure.message == (
        "DB instance orders: refused: AWS refused CreateDBInstance: the reason (AccessDenied). Nothing was modified."
    )


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        (ASKED, "scheduled"),
        (replace(ASKED, apply_immediately=True), "applied"),
        (replace(ASKED, wait=False), "scheduled"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_provision_existing_database_in_use_is_changed_as_asked(asked, outcome, check):
    rds = FakeRds().add(instance(endpoint=ENDPOINT))
    result = run(rds, existing(rds.databases[ORDERS]), asked, check=check)
    assert (result.outcome, result.was_made, result.changed) == (outcome, False, True)
    assert rds.count("modify") == (0 if check else 1)


@pytest.mark.parametrize(("desired", "outcome"), [(None, "unchanged"), (False, "unchanged"), (True, "scheduled")])
def test_provision_existing_database_by_desired_value(desired, outcome):
    rds = FakeRds().add(instance(endpoint=ENDPOINT))
    result = run(rds, existing(rds.databases[ORDERS], desired=desired))
    assert (result.outcome, result.changed) == (outcome, outcome != "unchanged")


def test_provision_database_of_a_run_that_died_is_completed():
    rds = FakeRds().add(instance(status="creating"))
    rds.clock.at(20.0, lambda: rds.change(ORDERS, status="available", endpoint=ENDPOINT))
    result = run(rds, existing(rds.databases[ORDERS]))
    # nobody can have used it, so the setting is corrected at once
    assert (result.outcome, result.was_made) == ("applied", False)
    assert rds.sent("modify")[0].apply_immediately is True
    assert rds.count("make") == 0


QUEUED = {"DBInstanceClass": "db.r6g.large"}


@pytest.mark.parametrize(
    ("endpoint", "asked", "is_changed"),
    [
        # nobody else can have queued something for a database that was never available
        (None, ASKED, True),
        (ENDPOINT, ASKED, False),
        (ENDPOINT, replace(ASKED, apply_other_pending_changes=True), True),
    ],
)
def test_provision_unused_database_keeps_changes_of_others(endpoint, asked, is_changed):
    rds = FakeRds().add(instance(status="creating", other_pending=QUEUED, endpoint=endpoint))
    wanted = existing(rds.databases[ORDERS])
    rds.clock.at(5.0, lambda: rds.change(ORDERS, status="available", endpoint=ENDPOINT))
    if is_changed:
        assert run(rds, wanted, asked).outcome == "applied"
    else:
        assert "other_pending_changes" in fails(rds, wanted, asked).message
    assert rds.count("modify") == is_changed


IN_USE = cluster(current=True, endpoint=ENDPOINT, members=(Member("ledger-1", is_writer=True),))


def in_use(**more):
    first = instance("ledger-1", cluster_identifier="ledger", endpoint=ENDPOINT)
    rds = FakeRds(**more).add(IN_USE, first)
    return rds, existing(IN_USE, NEW_CLUSTER, present_members=(first,))


@pytest.mark.parametrize("check", [True, False])
def test_provision_existing_cluster_gets_missing_members(check):
    rds, wanted = in_use()
    result = run(rds, wanted, check=check)
    assert [database_id.identifier for database_id in result.new_members] == ["ledger-2"]
    assert (result.outcome, result.changed) == ("unchanged", True)
    assert rds.count("make") == (0 if check else 1)


@pytest.mark.parametrize("desired", [True, None])
def test_provision_missing_members_must_support_the_setting(desired):
    rds, wanted = in_use(support={"db.r6g.large": False})
    failure = fails(rds, replace(wanted, desired=desired))
    assert (codes(failure.result), rds.count("make")) == (["class_unsupported"], 0)


def test_provision_members_with_setting_off_need_no_support():
    rds, wanted = in_use(support={"db.r6g.large": False})
    rds.change(LEDGER, current=False)
    wanted = replace(wanted, existing=rds.databases[LEDGER], desired=None)
    assert run(rds, wanted).changed


def test_provision_blocked_setting_ends_before_members_are_made():
    rds, wanted = in_use()
    rds.change(LEDGER, current=False, serverless_v1=True)
    failure = fails(rds, replace(wanted, existing=rds.databases[LEDGER]))
    assert "deployment_unsupported" in failure.message
    assert rds.count("make") == 0


def test_provision_failed_setting_reports_what_was_made():
    ignored = Request("CreateDBInstance", {"DBInstanceIdentifier": "orders", IAM: False})
    rds = FakeRds(errors={"modify": [call_error("ModifyDBInstance")]})
    failure = fails(rds, replace(NEW, request=ignored))
    assert (failure.result.outcome, failure.result.was_made) == ("failed", True)
    assert failure.message.startswith("DB instance orders: refused: AWS refused ModifyDBInstance")
    assert "Nothing was modified" not in failure.message


@pytest.mark.parametrize("check", [True, False])
def test_provision_warning_of_the_setting_is_given_once(check):
    rds, wanted = in_use()
    warnings = []
    run(rds, replace(wanted, desired=False), check=check, warnings=warnings)
    assert [text for text in warnings if "locks out" in text] == [
        "DB cluster ledger: disabling the setting locks out the database users who log in with IAM"
    ]


@pytest.mark.parametrize("desired", [True, False])
def test_provision_cluster_setting_is_corrected_before_members(desired):
    """A cluster with members looks like one in use. A repeated task without a value would leave it alone."""
    ignored = Request("CreateDBCluster", {"DBClusterIdentifier": "ledger", IAM: not desired})
    rds = FakeRds()
    result = run(rds, replace(NEW_CLUSTER, desired=desired, request=ignored))
    sent = [name for name, _argument in rds.calls if name in ("make", "modify")]
    assert sent == ["make", "modify", "make", "make"]
    assert (result.outcome, rds.databases[LEDGER].current) == ("applied", desired)


def test_provision_correction_before_members_is_in_the_result():
    wrong = cluster(members=(), current=False, endpoint=ENDPOINT, status="available")
    rds = FakeRds().add(wrong)
    result = run(rds, existing(wrong, NEW_CLUSTER))
    rendered = result.render()
    assert (result.outcome, result.changed) == ("applied", True)
    assert rendered["diff"]["after"]["cluster/ledger"]["iam_database_authentication"] == "enabled"
    assert [member["identifier"] for member in rendered["database"]["members"]] == ["ledger-1", "ledger-2"]
    assert rendered["diff"] == run(FakeRds().add(wrong), existing(wrong, NEW_CLUSTER), check=True).render()["diff"]


def test_provision_correction_that_is_undone_is_superseded():
    wrong = cluster(members=(), current=False, endpoint=ENDPOINT)
    rds = FakeRds(creation_seconds=20.0).add(wrong)
    # the first observation after the correction is at 10 seconds
    rds.clock.at(12.0, lambda: rds.change(LEDGER, current=False))
    error = fails(rds, existing(wrong, NEW_CLUSTER))
    assert codes(error.result) == ["superseded"]
    assert (rds.count("modify"), error.result.changed) == (1, True)
    assert error.result.render()["database"]["iam_database_authentication_enabled"] is False


def test_provision_members_that_fail_after_correction():
    wrong = cluster(members=(), current=False, endpoint=ENDPOINT)
    rds = FakeRds(errors={"make": [call_error("CreateDBInstance", "InstanceQuotaExceeded")]}).add(wrong)
    rendered = fails(rds, existing(wrong, NEW_CLUSTER)).result.render()
    assert (rendered["changed"], rendered["database"]["outcome"]) == (True, "failed")
    assert [problem["code"] for problem in rendered["database"]["problems"]] == ["refused"]
    assert rendered["diff"]["after"]["cluster/ledger"]["iam_database_authentication"] == "enabled"
