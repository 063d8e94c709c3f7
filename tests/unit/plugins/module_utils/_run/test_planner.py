# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plans of many databases, and the few calls that their facts need."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, Member
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._run.planner import Planner
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    gateway_to,
)

NOW = options(apply_immediately=True)


def ssl(value):
    return Parameter("ssl", value, modifiable=True, dynamic=True)


def members(owner="ledger", instance_class="db.r6g.large"):
    return [
        instance(f"{owner}-{n}", cluster_identifier=owner, engine="aurora-postgresql", instance_class=instance_class)
        for n in (1, 2)
    ]


def planner(rds, asked=NOW):
    return Planner(gateway_to(rds), asked)


def codes(plan):
    return [problem.code for problem in plan.problems]


def names(rds):
    return [name for name, _argument in rds.calls]


def test_plan_from_description_makes_no_call():
    rds = FakeRds()
    plan = planner(rds).plan_from_description(instance(status="stopped"))
    assert (plan.decision.outcome, codes(plan), rds.calls) == ("applied", ["not_modifiable"], [])


def test_plan_order_is_that_of_the_databases():
    databases = [instance("b"), cluster("a", members=()), instance("c", current=True)]
    plans = planner(FakeRds()).plan(databases)
    assert [plan.before for plan in plans] == databases
    assert [plan.decision.outcome for plan in plans] == ["applied", "applied", "unchanged"]


@pytest.mark.parametrize(
    ("database", "asked"),
    [
        (instance(current=True), NOW),
        (instance(current=True), options(False)),
        (instance(cluster_identifier="ledger"), NOW),
        (instance(engine="oracle-ee"), NOW),
        (instance(on_outpost=True), NOW),
    ],
)
def test_plan_without_need_of_facts_makes_no_call(database, asked):
    rds = FakeRds()
    planner(rds, asked).plan([database])
    assert rds.calls == []


def test_plan_problem_of_description_does_not_hide_others():
    rds = FakeRds(support={"db.m6g.large": False}, parameters={(INSTANCE, "pg16"): ssl("0")})
    (plan,) = planner(rds).plan([instance(status="stopped")])
    assert codes(plan) == ["not_modifiable", "class_unsupported", "ssl_disabled"]


def test_plan_asks_once_for_each_class_and_group():
    rds = FakeRds()
    found = planner(rds)
    found.plan([*(instance(f"orders-{n}") for n in range(5)), instance("small", instance_class="db.t3.micro")])
    assert rds.sent("supports_iam") == ["db.m6g.large", "db.t3.micro"]
    assert rds.sent("parameter") == ["pg16"]
    found.plan([instance("later")])
    assert len(rds.calls) == 3


def test_plan_asks_for_each_engine_version():
    rds = FakeRds()
    planner(rds).plan([instance(), instance("old", engine_version="11.9")])
    assert rds.sent("supports_iam") == ["db.m6g.large"] * 2


@pytest.mark.parametrize(("supported", "expected"), [(True, []), (None, []), (False, ["class_unsupported"])])
def test_plan_class_of_instance(supported, expected):
    (plan,) = planner(FakeRds(support={"db.m6g.large": supported})).plan([instance()])
    assert codes(plan) == expected
    assert [(one.member, one.instance_class, one.supported) for one in plan.facts.classes] == [
        (None, "db.m6g.large", supported)
    ]


def test_plan_class_of_each_member():
    rds = FakeRds(support={"db.t2.small": False}).add(*members()[:1], *members(instance_class="db.t2.small")[1:])
    (plan,) = planner(rds).plan([cluster()])
    assert [(one.member, one.supported) for one in plan.facts.classes] == [("ledger-1", True), ("ledger-2", False)]
    assert "member ledger-2 has class db.t2.small" in plan.problems[0].message


def test_plan_members_of_many_clusters_need_one_call():
    rds = FakeRds().add(*members(), *members("shop"))
    shop = cluster("shop", members=(Member("shop-1", is_writer=True),))
    planner(rds).plan([cluster(), shop, instance()])
    assert [query.clusters for query in rds.sent("page")] == [("ledger", "shop")]


@pytest.mark.parametrize("cache", ["use_cached", "use_cached_members"])
def test_plan_cached_members_need_no_call(cache):
    rds = FakeRds()
    found = planner(rds)
    getattr(found, cache)(members())
    (plan,) = found.plan([cluster()])
    assert [one.instance_class for one in plan.facts.classes] == ["db.r6g.large"] * 2
    assert rds.count("page") == 0


def test_plan_deleted_member_has_no_class():
    (plan,) = planner(FakeRds()).plan([cluster()])
    assert (plan.facts.classes, plan.problems) == ((), ())


@pytest.mark.parametrize(
    ("database", "asked", "reads"),
    [
        (instance(), NOW, ["pg16"]),
        (instance(), options(ssl_parameter="ignore"), []),
        (instance(engine="mysql"), NOW, []),
        (instance(parameter_group=None), NOW, []),
        (cluster(members=()), NOW, ["aurora-pg16"]),
    ],
)
def test_plan_reads_ssl_only_where_it_matters(database, asked, reads):
    rds = FakeRds()
    planner(rds, asked).plan([database])
    assert rds.sent("parameter") == reads


@pytest.mark.parametrize("value", [None, "1"])
def test_plan_ssl_on_does_not_list_the_region(value):
    rds = FakeRds(parameters={(INSTANCE, "pg16"): ssl(value)})
    (plan,) = planner(rds).plan([instance()])
    assert (codes(plan), plan.facts.ssl.value, plan.facts.ssl.sharers) == ([], value, ())
    assert rds.count("page") == 0


def test_plan_ssl_off_names_databases_that_share_the_group():
    group = ParameterGroup(INSTANCE, "pg16", "pending-reboot")
    others = (instance("shop", parameter_group=group), instance("web", parameter_group=None))
    rds = FakeRds(parameters={(INSTANCE, "pg16"): ssl("0")}).add(instance(), *others, cluster())
    plans = planner(rds).plan([instance(), others[0]])
    assert [codes(plan) for plan in plans] == [["ssl_disabled"]] * 2
    assert plans[0].facts.ssl.sharers == ("instance/orders", "instance/shop")
    assert [query.kind for query in rds.sent("page")] == [INSTANCE]


def test_plan_ssl_off_uses_cached_region():
    group = ParameterGroup(CLUSTER, "aurora-pg16", "in-sync")
    rds = FakeRds(parameters={(CLUSTER, "aurora-pg16"): ssl("0")})
    found = planner(rds)
    found.use_cached([cluster(members=()), cluster("shop", parameter_group=group, members=()), instance()])
    (plan,) = found.plan([cluster(members=())])
    assert plan.facts.ssl.sharers == ("cluster/ledger", "cluster/shop")
    assert rds.count("page") == 0


def test_plan_sharers_without_permission_to_list_are_unknown():
    rds = FakeRds(parameters={(INSTANCE, "pg16"): ssl("0")}, errors={"page": [call_error()]})
    (plan,) = planner(rds).plan([instance()])
    assert (codes(plan), plan.facts.ssl.sharers) == (["ssl_disabled"], ())


def test_plan_enforce_needs_the_sharers():
    rds = FakeRds(parameters={(INSTANCE, "pg16"): ssl("0")}, errors={"page": [call_error()]})
    with pytest.raises(CallError):
        planner(rds, options(ssl_parameter="enforce")).plan([instance()])


@pytest.mark.parametrize("method", ["supports_iam", "parameter"])
def test_plan_refused_question_raises(method):
    with pytest.raises(CallError, match="AccessDenied"):
        planner(FakeRds(errors={method: [call_error()]})).plan([instance()])


def test_group_changes_replace_the_cached_value():
    rds = FakeRds(parameters={(INSTANCE, "pg16"): ssl("0")}).add(instance())
    found = planner(rds)
    assert codes(found.plan([instance()])[0]) == ["ssl_disabled"]
    found.group_changes(ParameterGroup(INSTANCE, "pg16", "in-sync"))
    (plan,) = found.plan([instance()])
    assert (codes(plan), plan.facts.ssl.value, plan.facts.ssl.can_be_enforced) == ([], "1", True)
    assert rds.count("parameter") == 1


def test_plan_warnings_follow_from_description_and_facts():
    pending = ParameterGroup(INSTANCE, "pg16", "pending-reboot")
    database = instance(instance_class="db.t3.micro", parameter_group=pending)
    found = planner(FakeRds())
    assert len(found.plan_from_description(database).warnings) == 1
    assert [text.partition(" ")[0] for text in found.plan([database])[0].warnings] == ["IAM", "parameter"]
