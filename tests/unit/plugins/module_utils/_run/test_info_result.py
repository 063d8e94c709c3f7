# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What ``rds_iam_auth_info`` returns: databases with their readiness, findings and the summary."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.info_result import (
    ClusterMembership,
    InfoResult,
    SurveyedDatabase,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options

NOW = dt.datetime(2026, 11, 2, tzinfo=dt.timezone.utc)
LEDGER = cluster(current=True, pending=False)
MEMBER = instance("ledger-1", engine="aurora-postgresql", cluster_identifier="Ledger")
NOBODY = ClusterMembership({}, ())
MEMBERSHIP = ClusterMembership({"ledger": LEDGER}, (MEMBER, instance("shop-1", cluster_identifier="shop")))
PROBLEM = Problem("ssl_disabled", "ssl is 0")


def plan_of(database, *problems):
    return Plan(database, decide(database, options()), problems=problems)


def surveyed(database, readiness="ready", *problems, owner="itself"):
    owner = database if owner == "itself" else owner
    return SurveyedDatabase(database, owner, plan_of(owner or database, *problems), readiness)


def rendered(*items, membership=NOBODY, seen=None):
    return InfoResult(items, membership, seen or {}, NOW).render()


@pytest.mark.parametrize(
    ("database", "membership", "owner"),
    [
        (instance(), MEMBERSHIP, instance()),
        (LEDGER, MEMBERSHIP, LEDGER),
        (MEMBER, MEMBERSHIP, LEDGER),
        (MEMBER, NOBODY, None),
    ],
)
def test_membership_owner_of(database, membership, owner):
    assert membership.owner_of(database) == owner


def test_membership_as_owned_has_the_value_of_the_cluster():
    owned = MEMBERSHIP.as_owned(MEMBER)
    assert (owned.id, owned.current, owned.pending) == (MEMBER.id, True, False)
    assert NOBODY.as_owned(MEMBER) == MEMBER


def test_membership_all_of():
    assert MEMBERSHIP.all_of(LEDGER) == [LEDGER, MEMBER]
    assert MEMBERSHIP.all_of(instance()) == [instance()]


@pytest.mark.parametrize(
    ("item", "messages"),
    [
        (surveyed(instance(), "blocked", PROBLEM), ["ssl is 0"]),
        (surveyed(MEMBER, "blocked", PROBLEM, owner=LEDGER), ["DB cluster ledger: ssl is 0"]),
        (surveyed(MEMBER, "unknown", PROBLEM, owner=None), []),
    ],
)
def test_problems_are_those_of_the_owner(item, messages):
    assert [(problem.code, problem.message) for problem in item.problems] == [
        ("ssl_disabled", message) for message in messages
    ]


def test_render_database_with_readiness():
    result = rendered(surveyed(instance(pending=True), "blocked", PROBLEM))
    assert (result["changed"], result["findings"][0]["control"]) == (False, "RDS.10")
    (found,) = result["databases"]
    expected = {
        "identifier": "orders",
        "readiness": "blocked",
        "problems": [{"code": "ssl_disabled", "message": "ssl is 0"}],
        "security_controls": {"RDS.10": "FAILED"},
        "db_cluster_identifier": None,
        "iam_database_authentication_enabled": False,
        "pending_iam_database_authentication": True,
        "dbuser_arn_prefix": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/",
    }
    assert {key: found[key] for key in expected} == expected
    assert not {"outcome", "planned_outcome"} & found.keys()


@pytest.mark.parametrize(
    ("owner", "prefix"), [(LEDGER, "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-LEDGER/"), (None, None)]
)
def test_render_member_has_the_policy_prefix_of_its_cluster(owner, prefix):
    (found,) = rendered(surveyed(MEMBER, owner=owner))["databases"]
    assert (found["dbuser_arn_prefix"], found["db_cluster_identifier"]) == (prefix, "Ledger")


def test_render_findings_of_members_have_value_of_the_cluster():
    findings = rendered(surveyed(LEDGER, "enabled"), membership=MEMBERSHIP)["findings"]
    assert [(one["resource_arn"].rpartition(":")[2], one["control"], one["status"]) for one in findings] == [
        ("ledger", "RDS.12", "PASSED"),
        ("ledger-1", "RDS.10", "PASSED"),
    ]


def test_render_replicas_show_the_value_that_was_seen():
    replica = DatabaseId(INSTANCE, "r1")
    item = surveyed(instance(replicas=(replica,)))
    (found,) = rendered(item, seen={replica: instance("r1", current=True)})["databases"]
    assert found["read_replicas"] == [{"identifier": "r1", "iam_database_authentication_enabled": True}]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "No databases."),
        ([surveyed(instance())], "1 ready of 1, coverage 0 %."),
        (
            [
                surveyed(instance("a", current=True), "enabled"),
                surveyed(instance("b", pending=True), "blocked"),
                surveyed(instance("c", engine="oracle-ee"), "not_applicable"),
                surveyed(instance("d"), "unknown"),
            ],
            "1 enabled, 1 blocked, 1 unknown, 1 not_applicable of 4, coverage 33.3 %; a change is pending on 1.",
        ),
    ],
)
def test_render_message_counts_by_readiness(items, message):
    result = rendered(*items)
    assert result["msg"] == message
    assert result["summary"]["total"] == len(items)
