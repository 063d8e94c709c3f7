# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Databases that are selected instead of named, through the module."""

from __future__ import annotations

import collections

import pytest

NOW = {"apply_immediately": True}
FLEET = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "tags": {"env": "prod"}},
        {"identifier": "shop", "engine": "mysql", "tags": {"env": "prod"}},
        {"identifier": "shop-replica", "engine": "mysql", "source": "shop"},
        {"identifier": "legacy", "engine": "oracle-ee", "tags": {"env": "prod"}},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, "tags": {"env": "prod"}}],
}
PRODUCTION = {"select": {"tags": {"env": "prod"}}}


def counts(sim):
    return collections.Counter(call.operation for call in sim.calls)


def test_select_preview_run_and_second_run(sim, run):
    sim.seed(FLEET)
    predicted, real = run.ok(check=True, **PRODUCTION, **NOW), run.ok(**PRODUCTION, **NOW)
    expected = dict.fromkeys(["instance/orders", "instance/shop", "cluster/ledger"], "applied")
    assert predicted.outcomes == real.outcomes == expected
    assert predicted["diff"] == real["diff"]
    assert predicted["plan_id"] == real["plan_id"]
    sim.calls_clear()
    again = run.ok(**PRODUCTION, **NOW)
    assert again["changed"] is False
    assert again["summary"]["unchanged"] == 3
    assert counts(sim) == {"DescribeDBInstances": 1, "DescribeDBClusters": 1}


def test_select_calls(sim, run):
    sim.seed(FLEET)
    run.ok(**PRODUCTION, wait=False, **NOW)
    assert counts(sim) == {
        "DescribeDBInstances": 1,  # the members of the cluster are on that page
        "DescribeDBClusters": 1,
        "DescribeOrderableDBInstanceOptions": 3,
        "DescribeDBParameters": 1,
        "DescribeDBClusterParameters": 1,
        "ModifyDBInstance": 2,
        "ModifyDBCluster": 1,
    }


def test_select_with_replicas(sim, run):
    sim.seed(FLEET)
    result = run.ok(check=True, select={"include": ["shop"]}, include_read_replicas=True)
    assert result.outcomes == {"instance/shop": "scheduled", "instance/shop-replica": "scheduled"}
    assert counts(sim) == {"DescribeDBInstances": 1, "DescribeDBClusters": 1, "DescribeOrderableDBInstanceOptions": 1}


def test_select_exclude_applies_to_replicas(sim, run):
    sim.seed(FLEET)
    select = {"include": ["shop", "orders"], "exclude": ["*-replica"]}
    result = run.ok(select=select, include_read_replicas=True, **NOW)
    assert result.outcomes == {"instance/orders": "applied", "instance/shop": "applied"}
    assert result.database("shop")["read_replicas"] == [
        {"identifier": "shop-replica", "iam_database_authentication_enabled": False}
    ]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"select": {}}, "select: it has no criterion"),
        ({"select": {"all": False}}, "select: it has no criterion"),
        ({"select": {"all": True, "include": ["shop"]}}, "Remove all, or keep only all and exclude"),
        ({"select": {"include": ["shop"], "exclude": ["shop"]}}, "in both include and exclude"),
        ({"select": {"tags": {"env": True}}}, "Quote it: env: 'true'"),
        ({"select": {"all": True}, "db_instance_identifier": "shop"}, "name or select"),
        ({"select": {"tgas": {}}}, "tgas"),
        ({"select": "all"}, "dictionary requested"),  # in the words of Ansible
        ({"select": {"all": True}, "max_changes": -1}, "max_changes: -1"),
    ],
)
def test_select_invalid_input_is_refused(sim, run, check, options, words):
    sim.seed(FLEET)
    assert words in run.fails(check=check, **options)["msg"]
    assert sim.calls == []


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("select", "words", "untouched"),
    [
        ({"include": ["shpo*"]}, "no database matches 'shpo*'", []),
        ({"include": ["shop", "webshop"]}, "no database matches 'webshop'. Similar: shop", ["instance/shop"]),
        ({"tags": {"env": "production"}}, "tag env=production: 0", []),
    ],
)
def test_select_without_match(sim, run, check, select, words, untouched):
    sim.seed(FLEET)
    result = run.fails(check=check, select=select, **NOW)
    assert words in result["msg"]
    assert "Searched in Region eu-west-1: 3 DB instances and 1 DB clusters" in result["msg"]
    assert result["msg"].endswith("Nothing was modified.")
    assert result.outcomes == dict.fromkeys(untouched, "skipped")
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]


def test_select_all_of_empty_region(sim, run):
    for check in (True, False):
        result = run.ok(check=check, select={"all": True}, **NOW)
        assert (result["changed"], result["summary"]["total"], result["databases"]) == (False, 0, [])
        assert result["msg"] == "No databases."


def test_select_exclude_without_match_warns(sim, run):
    sim.seed(FLEET)
    result = run.ok(check=True, select={"all": True, "exclude": ["lgeacy"]})
    assert "select: exclude: no database matches 'lgeacy'" in result["warnings"]


def test_select_reads_every_page_of_both_kinds(sim, run):
    sim.seed(
        {
            "db_instances": [{"identifier": "shop-{n}", "count": 150, "engine": "mysql"}],
            "db_clusters": [{"identifier": "ledger-{n}", "count": 120, "engine": "aurora-mysql", "members": 1}],
        }
    )
    assert run.ok(check=True, select={"all": True})["summary"]["scheduled"] == 270
    assert counts(sim) == {
        "DescribeDBInstances": 3,
        "DescribeDBClusters": 2,
        "DescribeOrderableDBInstanceOptions": 2,
    }
