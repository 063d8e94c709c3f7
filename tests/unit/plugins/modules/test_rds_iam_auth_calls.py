# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The number of API calls of a task."""

from __future__ import annotations

import collections

NOW = {"apply_immediately": True}


def counts(sim):
    return collections.Counter(call.operation for call in sim.calls)


def test_calls_unchanged_database_needs_one(sim, run):
    sim.seed(
        {
            "db_instances": [
                {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True}
            ],
            "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 3}],
        }
    )
    run.ok(db_instance_identifier="orders", **NOW)
    assert counts(sim) == {"DescribeDBInstances": 1}
    sim.calls_clear()
    run.ok(db_cluster_identifier="ledger", enabled=False, **NOW)
    assert counts(sim) == {"DescribeDBClusters": 1}


def test_calls_enable_postgresql_instance(sim, run):
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "postgres"}]})
    run.ok(db_instance_identifier="orders", **NOW)
    operations = [call.operation for call in sim.calls]
    assert operations[:4] == [
        "DescribeDBInstances",
        "DescribeOrderableDBInstanceOptions",
        "DescribeDBParameters",
        "ModifyDBInstance",
    ]
    assert set(operations[4:]) == {"DescribeDBInstances"}


def test_calls_disable_needs_no_checks(sim, run):
    sim.seed(
        {"db_instances": [{"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True}]}
    )
    run.ok(db_instance_identifier="orders", enabled=False, wait=False, **NOW)
    assert [call.operation for call in sim.calls] == ["DescribeDBInstances", "ModifyDBInstance"]


def test_calls_unchanged_databases_need_their_pages(sim, run):
    sim.seed(
        {
            "db_instances": [
                {
                    "identifier": "shop-{n}",
                    "count": 150,
                    "engine": "mysql",
                    "iam_database_authentication_enabled": True,
                }
            ]
        }
    )
    names = [
        record["DBInstanceIdentifier"] for record in (sim.database("instance", f"shop-{n}") for n in range(1, 151))
    ]
    assert run.ok(db_instance_identifiers=names, **NOW)["summary"]["unchanged"] == 150
    assert counts(sim) == {"DescribeDBInstances": 2}


def test_calls_enable_many_checks_each_distinct_value_once(sim, run):
    sim.seed(
        {
            "db_parameter_groups": [{"name": "own", "family": "postgres16", "parameters": {}}],
            "db_instances": [
                {"identifier": "a-{n}", "count": 6, "engine": "postgres", "engine_version": "16.4"},
                {
                    "identifier": "b-{n}",
                    "count": 6,
                    "engine": "postgres",
                    "engine_version": "16.4",
                    "db_parameter_group": "own",
                },
                {"identifier": "c-{n}", "count": 6, "engine": "mysql", "db_instance_class": "db.r6g.large"},
            ],
            "db_clusters": [
                {"identifier": "d", "engine": "aurora-mysql", "members": 2},
                {"identifier": "e", "engine": "aurora-mysql", "members": 2},
            ],
        }
    )
    instances = [f"{letter}-{n}" for letter in "abc" for n in range(1, 7)]
    result = run.ok(db_instance_identifiers=instances, db_cluster_identifiers="d,e", wait=False, **NOW)
    assert result["summary"]["applying"] == 20
    assert counts(sim) == {
        "DescribeDBInstances": 2,  # the instances, and the members of both clusters
        "DescribeDBClusters": 1,
        "DescribeOrderableDBInstanceOptions": 3,
        "DescribeDBParameters": 2,
        "ModifyDBInstance": 18,
        "ModifyDBCluster": 2,
    }


def test_calls_wait_describes_all_together(sim, run):
    sim.seed({"db_instances": [{"identifier": "shop-{n}", "count": 30, "engine": "mysql"}]})
    run.ok(db_instance_identifiers=[f"shop-{n}" for n in range(1, 31)], wait_delay=10, **NOW)
    polls = counts(sim)["DescribeDBInstances"] - 1
    assert polls <= 4


def test_calls_describe_reads_every_page(sim, run):
    clusters = [{"identifier": f"ledger-{n}", "engine": "aurora-mysql", "members": 4} for n in range(1, 41)]
    sim.seed({"db_clusters": clusters})
    names = [cluster["identifier"] for cluster in clusters]
    result = run.ok(check=True, db_cluster_identifiers=names, **NOW)
    assert result["summary"]["applied"] == 40
    assert counts(sim)["DescribeDBInstances"] == 2  # 160 members
    assert run.fails(check=True, db_instance_identifier="nowhere").codes == ["not_found"]


def test_calls_describe_filter_is_limited_to_a_page(sim, run):
    sim.seed({"db_clusters": [{"identifier": "ledger-{n}", "count": 120, "engine": "aurora-mysql", "members": 1}]})
    names = [f"ledger-{n}" for n in range(1, 121)]
    assert run.ok(check=True, db_cluster_identifiers=names, **NOW)["summary"]["applied"] == 120
    asked = [call for call in sim.calls if call.operation in ("DescribeDBClusters", "DescribeDBInstances")]
    sizes = [len(call.parameters["Filters"][0]["Values"]) for call in asked]
    assert sorted(sizes) == [20, 20, 100, 100]
