# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Another client creates a database of the same name while rds_create_iam or rds_restore_iam runs."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import yaml
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.interference import MEMBERS, TASKS, OtherClient, snapshot_of, start
from jinja2.nativetypes import NativeEnvironment

WITH_MEMBERS = [name for name, task in TASKS.items() if task.members]


@pytest.fixture
def other_client(sim, monkeypatch):
    start(sim)
    return OtherClient(sim, monkeypatch)


@pytest.fixture(params=TASKS)
def task(request):
    return TASKS[request.param]


def calls(sim, *verbs):
    return [call for call in sim.calls if call.operation.startswith(verbs)]


def modified(sim):
    return [call for call in calls(sim, "Modify") if not call.operation.endswith("ParameterGroup")]


def codes(result):
    return [problem["code"] for problem in result["database"]["problems"]]


def run_of(sim, capsys, task):
    return Runner(task.module, sim.url, capsys)


# Cache: the calls of an undisturbed run, by task.
CLEAN = {}
# The calls of a run are divided into parts, which several workers can test.
SHARES = 4


def clean_calls(sim, capsys, other_client, task):
    """Return the calls of an undisturbed run, and reset the simulator afterwards."""
    key = repr(task)
    if key not in CLEAN:
        assert run_of(sim, capsys, task).ok(**task.arguments)["changed"] is True
        CLEAN[key] = [call.operation for call in sim.calls]
    start(sim)
    other_client.restart()
    return CLEAN[key]


def index_of(operations, operation, nth=0):
    return [number for number, name in enumerate(operations) if name == operation][nth]


@pytest.mark.sample(4)
@pytest.mark.parametrize("share", range(SHARES))
def test_other_client_at_any_call_keeps_own_database(sim, capsys, other_client, task, share):
    """A database of another client with another engine is neither adopted nor changed, whenever it is created."""
    points = range(share, len(clean_calls(sim, capsys, other_client, task)), SHARES)
    tried = 0
    for number in points:
        start(sim)
        other_client.restart()
        seen = {}

        def act(seen):
            seen["ours"] = snapshot_of(sim, task.kind, "drill")
            other_client.create(task.kind, "drill", **task.other_engine)
            seen["theirs"] = snapshot_of(sim, task.kind, "drill")

        other_client.before(number, partial(act, seen))
        result = run_of(sim, capsys, task)(**task.arguments)
        tried += 1
        after = snapshot_of(sim, task.kind, "drill")
        if seen["ours"] is not None:
            assert after["resource_id"] == seen["ours"]["resource_id"]
            assert not result.get("failed"), (number, result["msg"])
            continue
        assert after == seen["theirs"], number
        assert codes(result) == ["target_exists"], (number, result["msg"])
        assert (modified(sim), result[task.verb]) == ([], False)
        is_enforced = bool(calls(sim, "ModifyDBParameterGroup"))
        assert (result["changed"], "Nothing was modified" in result["msg"]) == (is_enforced, not is_enforced)
    assert tried == len(points) > 0


def test_other_client_before_request_same_engine_is_refused(sim, capsys, other_client, task):
    """RDS refuses the request, so even a database with the same properties belongs to the other client."""
    number = index_of(clean_calls(sim, capsys, other_client, task), task.operation)
    other_client.before(number, lambda: other_client.create(task.kind, "drill", **task.other_client_engine))
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert codes(result) == ["target_exists"]
    is_enforced = bool(calls(sim, "ModifyDBParameterGroup"))
    assert (result["changed"], result[task.verb]) == (is_enforced, False)
    assert (modified(sim), calls(sim, "Modify")[is_enforced:]) == ([], [])
    assert sim.database(task.kind, "drill").get("IAMDatabaseAuthenticationEnabled", False) is False


@pytest.mark.sample(2)
@pytest.mark.parametrize("nth", [0, 1])
@pytest.mark.parametrize("name", WITH_MEMBERS)
@pytest.mark.parametrize("in_cluster", [True, False])
def test_other_client_before_member_request_is_refused(sim, capsys, other_client, name, nth, in_cluster):
    task = TASKS[name]
    number = index_of(clean_calls(sim, capsys, other_client, task), "CreateDBInstance", nth)
    taken = MEMBERS[nth]["db_instance_identifier"]
    more = {"DBClusterIdentifier": "drill", "Engine": "aurora-mysql", "DBInstanceClass": "db.r6g.large"}
    other_client.before(number, lambda: other_client.create("instance", taken, **(more if in_cluster else {})))
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert codes(result) == ["member_exists"]
    assert taken in result["msg"]
    assert (result["changed"], result[task.verb]) == (True, True)
    assert modified(sim) == []


def lose_response(sim, operation, *, cut):
    """Lose the responses to the first five attempts, which are all attempts of botocore."""
    sim.faults.add(operation=operation, cut=cut, times=5)


OTHERS = {
    "engine": (lambda task: task.other_engine, "its engine is"),
    "tags": (
        lambda task: {**task.other_client_engine, "MasterUsername": "admin"},
        "it does not have the tags of the request: owner",
    ),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("other", OTHERS)
def test_other_client_with_lost_request_is_refused(sim, capsys, other_client, task, other):
    """The request of the module never arrives, so the database belongs to the other client."""
    more, reason = OTHERS[other]
    number = index_of(clean_calls(sim, capsys, other_client, task), task.operation)
    lose_response(sim, task.operation, cut="before")
    other_client.before(number, lambda: other_client.create(task.kind, "drill", **more(task)))
    sim.calls_clear()
    result = run_of(sim, capsys, task).fails(**task.arguments, tags={"owner": "drill"})
    assert codes(result) == ["target_exists"]
    if "Replica" not in task.operation or other == "engine":
        assert reason in result["msg"]
    is_enforced = bool(calls(sim, "ModifyDBParameterGroup"))
    assert (result["changed"], result[task.verb], modified(sim)) == (is_enforced, False, [])


def test_other_client_older_than_lost_request_is_refused(sim, capsys, other_client):
    """The cluster of the other client differs only in its creation time, which RDS returns at once for clusters."""
    task = TASKS["create_cluster"]
    operations = clean_calls(sim, capsys, other_client, task)
    lose_response(sim, task.operation, cut="before")

    def act():
        other_client.create("cluster", "drill", MasterUsername="admin", **task.other_client_engine)
        sim.clock.advance(90)

    # the cluster exists before the latest response that the module has received from AWS
    other_client.before(index_of(operations, task.operation) - 1, act)
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert codes(result) == ["target_exists"]
    assert "before the request was sent" in result["msg"]
    assert (result["changed"], modified(sim)) == (False, [])


def test_other_client_older_instance_is_refused_later(sim, capsys, other_client):
    """RDS returns the creation time of an instance only after the creation. The module compares it then."""
    task = TASKS["create_instance"]
    operations = clean_calls(sim, capsys, other_client, task)
    lose_response(sim, task.operation, cut="before")

    def act():
        other_client.create("instance", "drill", MasterUsername="admin")
        sim.clock.advance(29.9)

    other_client.before(index_of(operations, task.operation), act)

    def backdate(simulator):
        simulator.database("instance", "drill")["InstanceCreateTime"] = made_at

    made_at = sim.clock.now() - dt.timedelta(seconds=60)
    sim.at(40, backdate)
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert codes(result) == ["target_exists"]
    assert "before the request was sent" in result["msg"]
    assert (result["changed"], result["created"], modified(sim)) == (False, False, [])


@pytest.mark.parametrize("skew", [-3600, 3600])
@pytest.mark.parametrize("name", ["create_instance", "create_cluster"])
def test_lost_answer_with_wrong_local_clock_is_adopted(sim, capsys, other_client, monkeypatch, name, skew):
    """The module uses the time of AWS, not that of the host on which it runs."""
    task = TASKS[name]
    ahead = dt.timedelta(seconds=skew)
    monkeypatch.setattr(SystemClock, "now", lambda self: sim.clock.now() + ahead)
    lose_response(sim, task.operation, cut="after")
    result = run_of(sim, capsys, task).ok(**task.arguments)
    assert (result["changed"], result["created"]) == (True, True)
    assert any("the response to" in warning and "was lost" in warning for warning in result["warnings"])


def test_database_replaced_while_waiting_is_not_touched(sim, capsys, other_client, task):
    """The database is deleted while the task waits, and somebody creates another one of the same name."""
    number = index_of(clean_calls(sim, capsys, other_client, task), task.operation) + 1

    def act():
        record = sim.database(task.kind, "drill")
        record["DbClusterResourceId" if task.kind == "cluster" else "DbiResourceId"] = "db-THEIRS"
        record["IAMDatabaseAuthenticationEnabled"] = False

    other_client.before(number, act)
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert codes(result) == ["target_exists"]
    assert "its resource ID is db-THEIRS" in result["msg"]
    assert (result["changed"], result[task.verb], modified(sim)) == (True, False, [])
    assert result["cluster_instances"] == []


def cleaned_up(result, other_client):
    """Return what the clean-up of the guide deletes after a run with this result."""
    tasks = yaml.safe_load(documents.captioned("guide_restoring")["drill.yml"])[0]["tasks"][0]["always"]
    filters, loop, condition = tasks[0]["amazon.aws.rds_cluster_info"]["filters"], tasks[1]["loop"], tasks[2]["when"]
    context = {"drill": dict(result), "ansible_check_mode": False, "restored": {"skipped": True}}
    clusters = []
    if jinja(tasks[0]["when"], context):
        asked = [{"Name": name, "Values": [jinja(value, context)]} for name, value in filters.items()]
        found = other_client.client.describe_db_clusters(Filters=asked)["DBClusters"]
        clusters = [camel_dict_to_snake_dict(cluster) for cluster in found]
        context["restored"] = {"clusters": clusters}
    is_deleted = bool(jinja(condition, context))
    return jinja(loop, context), [cluster["db_cluster_identifier"] for cluster in clusters if is_deleted]


def jinja(text, context):
    expression = text.strip()
    if expression.startswith("{{"):
        expression = expression[2:-2]
    return NativeEnvironment().compile_expression(f"({expression})")(**context)


@pytest.mark.parametrize("nth", [0, 1])
def test_guide_clean_up_after_member_race_deletes_own_members(sim, capsys, other_client, nth):
    """The DB instance of the other client has the name of a requested member."""
    task = TASKS["snapshot_cluster"]
    number = index_of(clean_calls(sim, capsys, other_client, task), "CreateDBInstance", nth)
    other_client.before(number, lambda: other_client.create("instance", MEMBERS[nth]["db_instance_identifier"]))
    result = run_of(sim, capsys, task).fails(**task.arguments)
    own = [member["db_instance_identifier"] for member in MEMBERS[:nth]]
    assert (codes(result), result["cluster_instances"]) == (["member_exists"], own)
    assert cleaned_up(result, other_client) == (own, ["drill"])


def test_guide_clean_up_after_replaced_target_deletes_nothing(sim, capsys, other_client):
    task = TASKS["snapshot_cluster"]
    number = index_of(clean_calls(sim, capsys, other_client, task), task.operation) + 1
    other_client.before(number, lambda: sim.database("cluster", "drill").update(DbClusterResourceId="cluster-THEIRS"))
    result = run_of(sim, capsys, task).fails(**task.arguments)
    assert cleaned_up(result, other_client) == ([], [])


def test_guide_clean_up_after_success_deletes_everything(sim, capsys, other_client):
    task = TASKS["snapshot_cluster"]
    result = run_of(sim, capsys, task).ok(**task.arguments)
    assert cleaned_up(result, other_client) == (["drill-1", "drill-2"], ["drill"])
