# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The creation of a target and of its members: requests, waiting, and what is known if a step fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import ClusterInstance
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import ReadinessFacts, SslParameter
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.creation import Abort, Creation
from ansible_collections.passwordless.rds.plugins.module_utils._run.planner import Planner
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    gateway_to,
)

NOW = options(apply_immediately=True, ssl_parameter="enforce", wait_timeout=60.0)
LEDGER = DatabaseId(CLUSTER, "ledger")
MEMBERS = tuple(
    ClusterInstance(DatabaseId(INSTANCE, f"ledger-{n}"), "db.r6g.large", {"db_instance_class": "db.r6g.large"})
    for n in (1, 2)
)
WANTED = ProvisionRequest(
    "created",
    LEDGER,
    True,
    {},
    engine="aurora-postgresql",
    request=Request("CreateDBCluster", {"DBClusterIdentifier": "ledger", "Engine": "aurora-postgresql"}),
    members=MEMBERS,
)
LOST = call_error("CreateDBCluster", "ReadTimeoutError", outcome_unknown=True)


def creation(rds, wanted=WANTED, warnings=None):
    gateway = gateway_to(rds)
    warn = ([] if warnings is None else warnings).append
    return Creation(wanted, NOW, gateway, Planner(gateway, NOW), warn)


def plan_to_enforce():
    group = ParameterGroup(CLUSTER, "own", "in-sync")
    ssl = SslParameter(group, Parameter("ssl", "0", modifiable=True, dynamic=True), ("cluster/shop",))
    return Plan(cluster(), decide(cluster(), NOW), ReadinessFacts(ssl=ssl))


def aborts(step, *arguments):
    with pytest.raises(Abort) as stop:
        step(*arguments)
    return [problem.code for problem in stop.value.problems]


def requests(rds):
    names = ("DBInstanceIdentifier", "DBClusterIdentifier")
    asked = [(request.operation, request.parameters) for request in rds.sent("make")]
    return [(operation, next(given[name] for name in names if name in given)) for operation, given in asked]


def test_create_target_then_members():
    rds = FakeRds()
    made = creation(rds)
    made.make_target(None)
    assert (made.was_made, made.database) == (True, None)
    made.await_target()
    assert (made.database.id, made.database.status) == (LEDGER, "available")
    made.make_members()
    assert made.new_members == [member.id for member in MEMBERS]
    assert [member.identifier for member in made.database.members] == ["ledger-1", "ledger-2"]
    assert requests(rds) == [
        ("CreateDBCluster", "ledger"),
        ("CreateDBInstance", "ledger-1"),
        ("CreateDBInstance", "ledger-2"),
    ]
    assert rds.sent("make")[1].parameters["DBClusterIdentifier"] == "ledger"


def test_create_only_members_that_are_missing():
    rds = FakeRds().add(cluster(), instance("ledger-1", cluster_identifier="ledger"))
    present = (rds.databases[DatabaseId(INSTANCE, "ledger-1")],)
    made = creation(rds, replace(WANTED, existing=cluster(), present_members=present))
    assert made.database == cluster()
    made.make_members()
    assert (made.new_members, made.was_made) == ([MEMBERS[1].id], False)


def test_create_members_none_wanted_asks_nothing():
    rds = FakeRds()
    creation(rds, replace(WANTED, members=())).make_members()
    assert rds.calls == []


def test_create_without_request_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="requires a request"):
        creation(FakeRds(), replace(WANTED, request=None)).make_target(None)


def test_create_enforces_ssl_before_the_request():
    rds = FakeRds()
    made = creation(rds)
    made.make_target(plan_to_enforce())
    assert [name for name, _argument in rds.calls] == ["set_parameter", "make"]
    assert [(change.group.name, change.value) for change in made.group_changes] == [("own", "0")]


@pytest.mark.parametrize("unknown", [True, False])
def test_create_enforce_refused_ends_before_the_request(unknown):
    rds = FakeRds(errors={"set_parameter": [call_error("ModifyDBClusterParameterGroup", outcome_unknown=unknown)]})
    made = creation(rds)
    with pytest.raises(CallError):
        made.make_target(plan_to_enforce())
    assert (made.outcome_unknown, made.was_made, made.group_changes) == (unknown, False, [])
    assert rds.count("make") == 0


def test_create_refused_raises():
    made = creation(FakeRds(errors={"make": [call_error("CreateDBCluster")]}))
    with pytest.raises(CallError, match="AccessDenied"):
        made.make_target(None)
    assert (made.was_made, made.outcome_unknown) == (False, False)


def test_create_name_taken_aborts():
    made = creation(FakeRds(errors={"make": [call_error("CreateDBCluster", exists=True)]}))
    assert aborts(made.make_target, None) == ["target_exists"]
    assert (made.was_made, made.outcome_unknown) == (False, False)


def test_create_lost_response_without_database_is_unknown():
    made = creation(FakeRds(errors={"make": [LOST]}))
    assert aborts(made.make_target, None) == ["refused"]
    assert (made.was_made, made.outcome_unknown) == (False, True)


def test_create_lost_response_with_matching_database_warns():
    rds = FakeRds(errors={"make": [LOST]}).add(cluster(status="creating", members=()))
    rds.clock.at(10.0, lambda: rds.change(LEDGER, status="available"))
    warnings = []
    made = creation(rds, replace(WANTED, members=()), warnings)
    made.make_target(None)
    made.await_target()
    assert (made.was_made, made.database.status, len(warnings)) == (True, "available", 1)


def test_create_replaced_while_waiting_is_not_made():
    rds = FakeRds(creation_seconds=30.0)
    made = creation(rds)
    made.make_target(None)
    rds.change(LEDGER, resource_id="cluster-OTHER")
    assert aborts(made.await_target) == ["target_exists"]
    assert (made.was_made, made.is_replaced) == (False, True)


def test_create_after_lost_response_database_of_others_fails():
    rds = FakeRds(errors={"make": [LOST]}).add(cluster(status="creating", members=()))
    made = creation(rds)
    made.make_target(None)
    rds.change(LEDGER, engine="aurora-mysql")
    assert aborts(made.await_target) == ["target_exists"]
    assert (made.was_made, made.is_replaced) == (False, False)


def test_create_member_replaced_is_not_new():
    rds = FakeRds().add(cluster(members=()))
    made = creation(rds, replace(WANTED, existing=cluster(members=())))
    rds.clock.at(1.0, lambda: rds.change(MEMBERS[0].id, resource_id="db-OTHER"))
    assert aborts(made.make_members) == ["member_exists"]
    assert (made.new_members, made.is_replaced) == ([MEMBERS[1].id], True)


def test_create_member_name_taken_keeps_those_created_before():
    rds = FakeRds(errors={"make": [None, call_error("CreateDBInstance", exists=True)]}).add(cluster(members=()))
    made = creation(rds, replace(WANTED, existing=cluster(members=())))
    assert aborts(made.make_members) == ["member_exists"]
    assert made.new_members == [MEMBERS[0].id]


def test_create_failed_target_aborts_with_its_status():
    rds = FakeRds(creation_seconds=600.0)
    made = creation(rds)
    made.make_target(None)
    rds.clock.at(10.0, lambda: rds.change(LEDGER, status="incompatible-restore"))
    assert aborts(made.await_target) == ["not_modifiable"]
    assert (made.was_made, made.database.status) == (True, "incompatible-restore")


def test_create_timeout_aborts_at_the_deadline():
    rds = FakeRds(creation_seconds=600.0)
    made = creation(rds)
    made.make_target(None)
    assert aborts(made.await_target) == ["timeout"]
    assert (rds.clock.time, made.was_made) == (60.0, True)


def test_describe_target_shows_it_as_it_is():
    rds = FakeRds(creation_seconds=600.0)
    made = creation(rds)
    made.make_target(None)
    made.describe_target()
    assert made.database.status == "creating"
    del rds.databases[LEDGER]
    made.describe_target()
    assert made.database is None


@pytest.mark.parametrize(("existing", "was_made"), [(None, True), (cluster(), False)])
def test_predict_counts_what_would_be_created(existing, was_made):
    rds = FakeRds()
    made = creation(rds, replace(WANTED, existing=existing))
    made.predict(plan_to_enforce())
    assert (made.was_made, made.new_members) == (was_made, [member.id for member in MEMBERS])
    assert [change.group.name for change in made.group_changes] == ["own"]
    made.predict(None)
    assert (made.group_changes, rds.calls) == ([], [])
