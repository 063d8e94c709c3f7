# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""rds_iam_auth_info: the setting, the readiness and problems of databases, and the number of API calls."""

from __future__ import annotations

import collections

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

IAM = "IAMDatabaseAuthenticationEnabled"
FLEET = {
    "db_parameter_groups": [{"name": "off", "family": "postgres13", "parameters": {"ssl": "0"}}],
    "db_instances": [
        {"identifier": "done", "engine": "postgres", "iam_database_authentication_enabled": True},
        {
            "identifier": "going",
            "engine": "mysql",
            "iam_database_authentication_enabled": True,
            "pending_modified_values": {IAM: False},
        },
        {"identifier": "orders", "engine": "postgres", "tags": {"env": "prod"}},
        {"identifier": "queued", "engine": "mysql", "pending_modified_values": {IAM: True}},
        {"identifier": "busy", "engine": "mysql", "status": "backing-up"},
        {"identifier": "maria", "engine": "mariadb"},
        {"identifier": "off", "engine": "postgres", "engine_version": "13.20", "db_parameter_group": "off"},
        {"identifier": "stopped", "engine": "mysql", "status": "stopped"},
        {"identifier": "retired", "engine": "mysql", "db_instance_class": "db.m3.large"},
        {"identifier": "legacy", "engine": "oracle-ee"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, "tags": {"env": "prod"}},
        {
            "identifier": "small",
            "engine": "aurora-mysql",
            "members": [{"identifier": "small-1", "db_instance_class": "db.t3.small"}],
        },
    ],
}
READINESS = {
    "done": "enabled",
    "going": "enabled",
    "orders": "ready",
    "queued": "ready",
    "busy": "ready",
    "maria": "ready",
    "off": "blocked",
    "stopped": "blocked",
    "retired": "unknown",
    "legacy": "not_applicable",
    "ledger": "ready",
    "small": "blocked",
}
ALONE = {"check_readiness": False}


@pytest.fixture
def info(sim, capsys):
    sim.seed(FLEET)
    return Runner("rds_iam_auth_info", sim.url, capsys)


def counts(sim):
    return collections.Counter(call.operation for call in sim.calls)


def readiness(result):
    return {database["identifier"]: database["readiness"] for database in result["databases"]}


@pytest.mark.parametrize("check", [True, False])
def test_info_without_options_lists_region(sim, info, check):
    result = info.ok(check=check)
    assert readiness(result) == READINESS
    assert result["changed"] is False
    assert result["summary"] == {
        "total": 12,
        "enabled": 2,
        "ready": 5,
        "blocked": 3,
        "unknown": 1,
        "not_applicable": 1,
        "pending": 2,
        "coverage_percent": 18.2,
    }
    assert result["msg"] == (
        "2 enabled, 5 ready, 3 blocked, 1 unknown, 1 not_applicable of 12, coverage 18.2 %; a change is pending on 2."
    )
    assert {d["identifier"]: d["problems"][0]["code"] for d in result["databases"] if d["problems"]} == {
        "off": "ssl_disabled",
        "stopped": "not_modifiable",
        "small": "class_unsupported",
        "legacy": "engine_unsupported",
    }
    assert not [operation for operation in counts(sim) if not operation.startswith("Describe")]


def test_info_makes_one_call_per_page_and_check(sim, info):
    info.ok()
    assert counts(sim) == {
        "DescribeDBInstances": 1,
        "DescribeDBClusters": 1,
        # PostgreSQL 16 and 13, MySQL in two classes, MariaDB, and the classes of the members of two clusters
        "DescribeOrderableDBInstanceOptions": 7,
        "DescribeDBParameters": 2,
        "DescribeDBClusterParameters": 1,
    }
    sim.calls_clear()
    info.ok(**ALONE)
    assert counts(sim) == {"DescribeDBInstances": 1, "DescribeDBClusters": 1}
    sim.calls_clear()
    assert info.ok(db_instance_identifier="done")["summary"]["enabled"] == 1
    assert counts(sim) == {"DescribeDBInstances": 1}


def test_info_without_readiness_check_is_unknown(info):
    found = readiness(info.ok(**ALONE))
    assert found == {
        **READINESS,
        **dict.fromkeys(["orders", "queued", "busy", "maria", "off", "ledger", "small"], "unknown"),
    }


def test_info_select_and_names(info):
    assert readiness(info.ok(select={"tags": {"env": "prod"}})) == {"orders": "ready", "ledger": "ready"}
    assert "legacy" not in readiness(info.ok(select={"all": True}))
    found = info.ok(db_instance_identifiers="off, DONE", db_cluster_identifiers="ledger")
    assert list(readiness(found)) == ["off", "done", "ledger"]


def test_info_database_has_documented_keys(info):
    result = info.ok(db_cluster_identifier="ledger")
    (database,) = result["databases"]
    assert database["arn"].endswith(":cluster:ledger")
    assert database["dbuser_arn_prefix"].endswith(f":dbuser:{database['resource_id']}/")
    assert database["ssl"] == {"parameter_group": "default.aurora-postgresql16", "value": None}
    assert [member["identifier"] for member in database["members"]] == ["ledger-1", "ledger-2"]
    assert not database.keys() & {"outcome", "changed"}


def test_info_named_member_shows_the_setting_of_its_cluster(sim, info):
    sim.database("cluster", "ledger")[IAM] = True
    (member,) = info.ok(db_instance_identifier="ledger-1")["databases"]
    (owner,) = info.ok(db_cluster_identifier="ledger")["databases"]
    assert member["identifier"] == "ledger-1"
    assert member["arn"].endswith(":db:ledger-1")
    assert member["db_cluster_identifier"] == "ledger"
    assert member["iam_database_authentication_enabled"] is True
    assert (member["readiness"], member["problems"]) == ("enabled", [])
    assert member["dbuser_arn_prefix"] == owner["dbuser_arn_prefix"]
    assert owner["resource_id"] in member["dbuser_arn_prefix"]
    assert member["security_controls"] == {"RDS.10": "PASSED"}


def test_info_named_member_counts_cluster_setting(sim, info):
    sim.database("cluster", "ledger")["PendingModifiedValues"] = {IAM: True}
    result = info.ok(db_instance_identifiers="ledger-1,small-1,done")
    assert readiness(result) == {"ledger-1": "ready", "small-1": "blocked", "done": "enabled"}
    assert (result["summary"]["pending"], result["summary"]["coverage_percent"]) == (1, 33.3)
    member = result["databases"][1]
    assert [problem["code"] for problem in member["problems"]] == ["class_unsupported"]
    assert member["problems"][0]["message"].startswith("DB cluster small: ")
    assert result["databases"][0]["pending_iam_database_authentication"] is True


def test_info_named_member_cluster_denied_is_unknown(sim, info):
    sim.faults.add(operation="DescribeDBClusters", deny=True)
    result = info.ok(db_instance_identifier="ledger-1")
    (member,) = result["databases"]
    assert (member["readiness"], member["dbuser_arn_prefix"]) == ("unknown", None)
    assert (member["iam_database_authentication_enabled"], member["problems"]) == (False, [])
    assert member["security_controls"] == {"RDS.10": "FAILED"}
    assert any("rds:DescribeDBClusters" in text for text in result["warnings"])


@pytest.mark.parametrize("check_readiness", [True, False])
def test_info_named_member_cluster_denied_shows_its_own_value(sim, info, check_readiness):
    sim.database("instance", "ledger-1")["IAMDatabaseAuthenticationEnabled"] = True
    sim.faults.add(operation="DescribeDBClusters", deny=True)
    result = info.ok(db_instance_identifier="ledger-1", check_readiness=check_readiness)
    (member,) = result["databases"]
    assert (member["readiness"], member["iam_database_authentication_enabled"]) == ("enabled", True)
    assert (member["problems"], member["security_controls"]) == ([], {"RDS.10": "PASSED"})
    assert [finding["status"] for finding in result["findings"]] == ["PASSED"]
    assert (result["summary"]["enabled"], result["summary"]["unknown"]) == (1, 0)
    assert result["summary"]["coverage_percent"] == 100.0
    assert any(text.startswith("some DB clusters could not be described") for text in result["warnings"])


def statuses(result):
    return {finding["resource_arn"].split(":", 5)[5]: finding["status"] for finding in result["findings"]}


def test_info_findings_count_what_security_hub_counts(sim, info):
    result = info.ok()
    assert statuses(result) == {
        "db:done": "PASSED",
        "db:going": "PASSED",
        **dict.fromkeys(["db:orders", "db:queued", "db:busy", "db:maria", "db:off", "db:retired"], "FAILED"),
        **dict.fromkeys(["cluster:ledger", "db:ledger-1", "db:ledger-2", "cluster:small", "db:small-1"], "FAILED"),
    }
    controls = {f["resource_arn"].split(":")[5]: f["control"] for f in result["findings"]}
    assert controls == {"db": "RDS.10", "cluster": "RDS.12"}
    assert {f["reason"] for f in result["findings"] if f["resource_arn"].endswith((":queued", ":ledger-1"))} == {
        "IAM database authentication is disabled; a change to enabled is pending",
        "IAM database authentication is disabled on DB cluster ledger, which owns the setting of this member",
    }
    shown = {d["arn"]: list(d["security_controls"].values()) for d in result["databases"]}
    assert all(shown.get(f["resource_arn"], [f["status"]]) == [f["status"]] for f in result["findings"])


def test_info_findings_of_a_named_cluster_hold_its_members(sim, info):
    sim.database("cluster", "ledger")[IAM] = True
    sim.database("instance", "ledger-2")["DBInstanceStatus"] = "rebooting"
    sim.calls_clear()
    result = info.ok(db_cluster_identifiers="ledger, small", db_instance_identifier="ledger-1")
    assert statuses(result) == {
        "cluster:ledger": "PASSED",
        "db:ledger-1": "PASSED",
        "cluster:small": "FAILED",
        "db:small-1": "FAILED",
    }
    # the named instance, and the members of the clusters, which also provide their classes
    assert counts(sim)["DescribeDBInstances"] == 2
    assert counts(sim)["DescribeDBClusters"] == 1
    assert statuses(info.ok(select={"include": "ledger"})) == {"cluster:ledger": "PASSED", "db:ledger-1": "PASSED"}


def test_info_findings_without_permission_for_members_warn(sim, info):
    sim.faults.add(operation="DescribeDBInstances", deny=True)
    result = info.ok(db_cluster_identifier="ledger", check_readiness=False)
    assert statuses(result) == {"cluster:ledger": "FAILED"}
    assert any(text.startswith("findings do not contain the members of clusters") for text in result["warnings"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"db_instance_identifier": " "}, "no database is named"),
        ({"db_instance_identifiers": [], "db_cluster_identifiers": ""}, "no database is named"),
        ({"select": {}}, "select: it has no criterion"),
        ({"select": {"all": True}, "db_instance_identifier": "orders"}, "name or select"),
    ],
)
def test_info_blank_options_are_refused(sim, info, options, words):
    assert words in info.fails(**options)["msg"]
    assert sim.calls == []


def test_info_unknown_names_and_patterns(info):
    result = info.fails(db_instance_identifiers="done, order")
    reason = "not_found: there is no DB instance with this identifier in Region eu-west-1. Similar: orders"
    assert f"DB instance order: {reason}" in result["msg"]
    assert readiness(result) == {"done": "enabled"}
    result = info.fails(select={"include": ["web-*"]})
    assert "no database matches 'web-*'. Searched in Region eu-west-1" in result["msg"]
    assert (result["databases"], result["summary"]["total"]) == ([], 0)


def test_info_empty_region_returns_no_databases(sim, capsys):
    info = Runner("rds_iam_auth_info", sim.url, capsys)
    for options in ({}, {"select": {"all": True}}):
        result = info.ok(**options)
        assert (result["databases"], result["summary"]["coverage_percent"]) == ([], 100.0)
        assert result["msg"] == "No databases."


def test_info_readiness_without_permission_is_unknown(sim, info):
    sim.faults.add(operation="DescribeOrderableDBInstanceOptions", deny=True)
    sim.faults.add(operation="DescribeDBParameters", deny=True)
    result = info.ok()
    assert readiness(result) == {
        **READINESS,
        **dict.fromkeys(["orders", "busy", "maria", "off", "ledger", "small"], "unknown"),
    }
    assert len(result["warnings"]) == 2
    assert all(text.startswith("the readiness of some databases is unknown: ") for text in result["warnings"])
    assert any("rds:DescribeDBParameters" in text for text in result["warnings"])


def test_info_describe_without_permission_fails(sim, info):
    sim.faults.add(operation="DescribeDBClusters", deny=True)
    result = info.fails()
    assert "rds:DescribeDBClusters" in result["msg"]
    assert result["error"]["code"] == "AccessDenied"


def test_info_throttling_is_retried_and_dead_endpoint_fails(sim, info):
    sim.faults.add(code="Throttling", times=12)
    assert readiness(info.ok()) == READINESS
    sim.faults.add(code="Throttling", times=None)
    assert info.fails()["error"]["code"] == "Throttling"
    assert "Could not connect" in info.fails(endpoint_url="http://127.0.0.1:9")["msg"]
