# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Several databases in one task: read replicas, the failure of one database, and the plan id."""

from __future__ import annotations

NOW = {"apply_immediately": True}

FAMILY = {
    "db_instances": [
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "shop-replica", "engine": "mysql", "source": "shop"},
        {"identifier": "shop-replica-2", "engine": "mysql", "source": "shop-replica"},
    ]
}


def test_modify_replicas_by_default_are_reported_only(sim, run):
    sim.seed(FAMILY)
    result = run.ok(db_instance_identifiers=["shop", "shop-replica"], **NOW)
    assert result.outcomes == {"instance/shop": "applied", "instance/shop-replica": "applied"}
    replicas = result.database("shop")["read_replicas"]
    assert [replica["identifier"] for replica in replicas] == ["shop-replica"]
    assert result.database("shop-replica")["read_replicas"] == [
        {"identifier": "shop-replica-2", "iam_database_authentication_enabled": None}
    ]
    assert sim.database("instance", "shop-replica-2")["IAMDatabaseAuthenticationEnabled"] is False


def test_modify_included_replicas_are_recursive(sim, run):
    sim.seed(FAMILY)
    elsewhere = "arn:aws:rds:us-east-1:123456789012:db:shop-far"
    sim.database("instance", "shop")["ReadReplicaDBInstanceIdentifiers"].append(elsewhere)
    options = {"db_instance_identifier": "shop", "include_read_replicas": True, **NOW}
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert (
        predicted.outcomes
        == real.outcomes
        == dict.fromkeys(["instance/shop", "instance/shop-replica", "instance/shop-replica-2"], "applied")
    )
    assert any(elsewhere in warning for warning in real["warnings"])
    assert real.database("shop")["read_replicas"] == [
        {"identifier": "shop-replica", "iam_database_authentication_enabled": True},
        {"identifier": elsewhere, "iam_database_authentication_enabled": None},
    ]
    assert run.ok(**options)["changed"] is False


def test_modify_replicas_of_multi_az_cluster_are_instances(sim, run):
    sim.seed(
        {
            "db_clusters": [{"identifier": "crm", "engine": "postgres"}],
            "db_instances": [{"identifier": "crm-replica", "engine": "postgres"}],
        }
    )
    sim.database("cluster", "crm")["ReadReplicaIdentifiers"] = ["crm-replica"]
    result = run.ok(db_cluster_identifier="crm", include_read_replicas=True, **NOW)
    assert result.outcomes == {"cluster/crm": "applied", "instance/crm-replica": "applied"}


def test_modify_failure_of_one_continues_with_others(sim, run):
    sim.seed({"db_instances": [{"identifier": name, "engine": "mysql"} for name in ("a", "b", "c")]})
    sim.faults.add(
        operation="ModifyDBInstance", identifier="b", code="InsufficientDBInstanceCapacity", message="none left"
    )
    result = run.fails(db_instance_identifiers="a,b,c", **NOW)
    assert result.outcomes == {"instance/a": "applied", "instance/b": "failed", "instance/c": "applied"}
    assert result.codes == ["refused"]
    assert result["msg"].startswith("DB instance b: refused: AWS refused ModifyDBInstance: none left")
    assert "Nothing was modified" not in result["msg"]
    assert result["changed"] is True
    assert sorted(result["diff"]["after"]) == ["instance/a", "instance/c"]
    assert result["summary"] == {**dict.fromkeys(result["summary"], 0), "applied": 2, "failed": 1, "total": 3}
    assert run.ok(db_instance_identifiers="a,b,c", **NOW).outcomes == {
        "instance/a": "unchanged",
        "instance/b": "applied",
        "instance/c": "unchanged",
    }


def test_modify_reports_problems_of_all_databases(sim, run):
    sim.seed(
        {
            "db_instances": [
                {"identifier": "a", "engine": "oracle-ee"},
                {"identifier": "b", "engine": "mysql", "status": "stopped"},
            ]
        }
    )
    result = run.fails(db_instance_identifiers="a,nowhere,b", **NOW)
    assert set(result.codes) == {"engine_unsupported", "not_found", "not_modifiable"}
    assert all(name in result["msg"] for name in ("instance a", "instance b", "instance nowhere"))


def test_plan_id_any_order_is_the_same(sim, run):
    sim.seed({"db_instances": [{"identifier": name, "engine": "mysql"} for name in ("a", "b")]})
    first = run.ok(check=True, db_instance_identifiers="a,b")["plan_id"]
    assert run.ok(check=True, db_instance_identifiers="b,a")["plan_id"] == first
    sim.clock.advance(3600)
    assert run.ok(check=True, db_instance_identifiers="a,b")["plan_id"] == first
    assert run.ok(check=True, db_instance_identifiers="a,b", **NOW)["plan_id"] != first
    assert run.ok(check=True, db_instance_identifiers="a")["plan_id"] != first


def test_message_same_problem_is_reported_once(sim, run):
    sim.seed({"db_instances": [{"identifier": "o-{n}", "count": 8, "engine": "oracle-ee"}]})
    result = run.fails(db_instance_identifiers=[f"o-{n}" for n in range(1, 9)])
    assert result["msg"].startswith("engine_unsupported: 8 databases (instance/o-1, instance/o-2, ")
    assert result["summary"]["failed"] == 8
