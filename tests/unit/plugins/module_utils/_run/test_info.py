# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Databases and their readiness, read without any change and with as few permissions as there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError, RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection
from ansible_collections.passwordless.rds.plugins.module_utils._run.info import gather_info
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    context_of,
)

EVERY = Selection(every=True, every_engine=True)
ORDERS, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "ledger")
MEMBER = DatabaseId(INSTANCE, "ledger-1")
OFF = Parameter("ssl", "0", modifiable=True, dynamic=True)


def members(**changes):
    return [instance(f"ledger-{n}", engine="aurora-postgresql", cluster_identifier="ledger", **changes) for n in (1, 2)]


def gather(rds, targets=EVERY, *, check_readiness=True):
    warnings = []
    return gather_info(targets, context_of(rds, warnings), check_readiness=check_readiness), warnings


def readiness(result):
    return {str(item.database.id): item.readiness for item in result.databases}


def test_info_of_a_region():
    rds = FakeRds(support={"db.t2.small": False}, parameters={(INSTANCE, "off"): OFF}).add(
        instance("done", current=True),
        instance("ready"),
        instance("old", instance_class="db.t2.small"),
        instance("legacy", engine="oracle-ee"),
        cluster(),
        *members(),
    )
    result, warnings = gather(rds)
    assert readiness(result) == {
        "instance/done": "enabled",
        "instance/ready": "ready",
        "instance/old": "blocked",
        "instance/legacy": "not_applicable",
        "cluster/ledger": "ready",
    }
    assert [problem.code for problem in result.databases[2].problems] == ["class_unsupported"]
    assert warnings == []
    # both lists, and nothing more about members
    assert rds.count("page") == 2


def test_info_asks_nothing_if_all_are_enabled():
    rds = FakeRds().add(instance(current=True))
    gather(rds)
    assert {name for name, _argument in rds.calls} == {"page"}


@pytest.mark.parametrize(("check_readiness", "expected"), [(True, "ready"), (False, "unknown")])
def test_info_without_readiness_asks_no_questions(check_readiness, expected):
    rds = FakeRds().add(instance())
    result, _warnings = gather(rds, check_readiness=check_readiness)
    assert readiness(result) == {"instance/orders": expected}
    assert (rds.count("supports_iam") > 0) is check_readiness


def test_info_without_readiness_shows_problems_of_description():
    result, _warnings = gather(FakeRds().add(instance(status="stopped")), check_readiness=False)
    assert readiness(result) == {"instance/orders": "blocked"}


@pytest.mark.parametrize(
    ("method", "operation"),
    [("supports_iam", "DescribeOrderableDBInstanceOptions"), ("parameter", "DescribeDBParameters")],
)
def test_info_refused_question_is_a_warning(method, operation):
    rds = FakeRds(errors={method: [call_error(operation)]}).add(instance())
    result, warnings = gather(rds)
    assert readiness(result) == {"instance/orders": "unknown"}
    assert warnings == [f"the readiness of some databases is unknown: {operation}: the reason (AccessDenied)"]


def test_info_refused_question_is_one_warning_for_many_databases():
    rds = FakeRds(errors={"supports_iam": [call_error()] * 2}).add(instance(), instance("x", instance_class="db.x"))
    assert len(gather(rds)[1]) == 1


def test_info_refused_parameter_concerns_only_its_databases():
    rds = FakeRds(errors={"parameter": [call_error()]}).add(instance(), instance("shop", engine="mysql"))
    assert readiness(gather(rds)[0]) == {"instance/orders": "unknown", "instance/shop": "ready"}


@pytest.mark.parametrize("method", ["supports_iam", "parameter"])
def test_info_unreachable_endpoint_fails(method):
    with pytest.raises(CallError):
        gather(FakeRds(errors={method: [call_error(unreachable=True)]}).add(instance()))


def test_info_refused_describe_fails():
    with pytest.raises(CallError, match="AccessDenied"):
        gather(FakeRds(errors={"page": [call_error()]}))


def test_info_throttling_is_retried_for_five_minutes():
    busy = call_error(code="Throttling", retryable=True)
    rds = FakeRds(errors={"page": [busy] * 60}).add(instance())
    gather(rds)
    assert rds.clock.time == 300.0
    rds = FakeRds(errors={"page": [busy] * 61})
    with pytest.raises(CallError, match="Throttling"):
        gather(rds)
    assert rds.clock.time == 300.0


def test_info_named_member_shows_the_setting_of_its_cluster():
    (item,) = gather(FakeRds().add(cluster(pending=True), *members()), (MEMBER,))[0].databases
    assert (item.database.id, item.database.pending, item.owner.id) == (MEMBER, True, LEDGER)


def test_info_named_member_shows_the_problems_of_its_cluster():
    result, warnings = gather(FakeRds(support={"db.m6g.large": False}).add(cluster(), *members()), (MEMBER,))
    (item,) = result.databases
    assert item.readiness == "blocked"
    assert item.problems[0].message.startswith("DB cluster ledger: member ledger-1 has class")
    assert warnings == []


def test_info_named_member_and_cluster_share_one_plan():
    rds = FakeRds().add(cluster(), *members())
    result, _warnings = gather(rds, (MEMBER, LEDGER))
    assert readiness(result) == {"instance/ledger-1": "ready", "cluster/ledger": "ready"}
    assert rds.count("supports_iam") == 1
    # the member, the cluster, and the members of the cluster
    assert rds.count("page") == 3


def test_info_named_member_without_permission_for_clusters():
    rds = FakeRds(errors={"page": [None, call_error("DescribeDBClusters")]}).add(cluster(current=True), *members())
    result, warnings = gather(rds, (MEMBER,))
    (item,) = result.databases
    assert (item.owner, item.readiness, item.problems, item.database.current) == (None, "unknown", (), False)
    assert warnings == [
        "some DB clusters could not be described, so their members are shown with their own value: "
        "DescribeDBClusters: the reason (AccessDenied)"
    ]


def test_info_named_cluster_without_permission_for_members():
    rds = FakeRds(errors={"page": [None, call_error()]}).add(cluster(current=True), *members())
    result, warnings = gather(rds, (LEDGER,))
    assert result.membership.members == []
    assert warnings == [
        "findings do not contain the members of clusters: DescribeDBInstances: the reason (AccessDenied)"
    ]


def test_info_named_cluster_has_findings_of_its_members():
    rds = FakeRds().add(cluster(current=True), *members())
    result, _warnings = gather(rds, (LEDGER,))
    assert [one["status"] for one in result.render()["findings"]] == ["PASSED"] * 3


def test_info_absent_name_fails_with_the_other_databases():
    rds = FakeRds().add(instance())
    with pytest.raises(RdsError) as failure:
        gather(rds, (ORDERS, DatabaseId(INSTANCE, "ordres")))
    assert failure.value.message.startswith("DB instance ordres: not_found: there is no DB instance")
    assert [one["identifier"] for one in failure.value.render()["databases"]] == ["orders"]


def test_info_selection_without_match_fails():
    with pytest.raises(RdsError, match="select: include: no database matches 'shop'"):
        gather(FakeRds().add(instance()), Selection(include=("shop",)))


def test_info_named_instances_ask_for_no_members():
    rds = FakeRds().add(instance())
    gather(rds, (ORDERS,))
    assert rds.count("page") == 1


def test_info_class_that_rds_does_not_list_leaves_readiness_unknown():
    first, second = members()
    rds = FakeRds(support={"db.old": None}).add(cluster(), first, replace(second, instance_class="db.old"))
    assert readiness(gather(rds, (LEDGER,))[0]) == {"cluster/ledger": "unknown"}
