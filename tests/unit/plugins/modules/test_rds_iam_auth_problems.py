# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each problem through the module: the same message in check mode and in a run, and nothing is modified."""

from __future__ import annotations

import pytest
from botocore.session import get_session

PG = {"identifier": "orders", "engine": "postgres"}
AURORA = {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2}
NOW = {"apply_immediately": True}
GROUP = {"name": "legacy", "family": "postgres16", "parameters": {"ssl": "0"}}
CLUSTER_GROUP = {"name": "legacy", "family": "aurora-postgresql16", "parameters": {"ssl": "0"}}
OUTPOST = {
    "DBSubnetGroup": {
        "DBSubnetGroupName": "here",
        "Subnets": [{"SubnetOutpost": {"Arn": "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"}}],
    }
}
OTHERS = {"DBInstanceClass": "db.r6g.large", "MasterUserPassword": "hunter2hunter2"}


def instances(*records, **more):
    return {"db_instances": list(records), **more}


def clusters(*records, **more):
    return {"db_clusters": list(records), **more}


KNOWS_EXPRESS = "InternetAccessGatewayEnabled" in get_session().get_service_model("rds").shape_for("DBCluster").members
ORDERS, LEDGER = {"db_instance_identifier": "orders"}, {"db_cluster_identifier": "ledger"}

CASES = [
    pytest.param(instances(PG), {"db_instance_identifier": "order"}, "not_found", "Similar: orders", id="near-miss"),
    pytest.param(instances(PG), {"db_cluster_identifier": "orders"}, "not_found", "DB instance", id="other-kind"),
    pytest.param(clusters(AURORA), {"db_instance_identifier": "ledger-1"}, "cluster_member", "ledger", id="member"),
    pytest.param(instances({**PG, "engine": "oracle-ee"}), ORDERS, "engine_unsupported", "oracle-ee", id="oracle"),
    pytest.param(
        instances({**PG, "engine": "sqlserver-se"}), ORDERS, "engine_unsupported", "sqlserver", id="sqlserver"
    ),
    pytest.param(instances({**PG, "engine": "db2-se"}), ORDERS, "engine_unsupported", "db2-se", id="db2"),
    pytest.param(instances({**PG, "engine": "custom-oracle-ee"}), ORDERS, "engine_unsupported", "custom", id="custom"),
    pytest.param(clusters({**AURORA, "engine": "neptune"}), LEDGER, "engine_unsupported", "neptune", id="neptune"),
    pytest.param(clusters({**AURORA, "engine": "docdb"}), LEDGER, "engine_unsupported", "docdb", id="docdb"),
    pytest.param(instances({**PG, "extra": OUTPOST}), ORDERS, "deployment_unsupported", "Outposts", id="outposts"),
    pytest.param(
        clusters({**AURORA, "engine_mode": "serverless", "members": 0}),
        LEDGER,
        "deployment_unsupported",
        "Serverless v1",
        id="serverless-v1",
    ),
    pytest.param(
        clusters(
            {**AURORA, "iam_database_authentication_enabled": True, "extra": {"InternetAccessGatewayEnabled": True}}
        ),
        {**LEDGER, "enabled": False},
        "always_on",
        "express",
        id="express",
        marks=pytest.mark.skipif(not KNOWS_EXPRESS, reason="this botocore does not read InternetAccessGatewayEnabled"),
    ),
    pytest.param(
        instances({**PG, "extra": {"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]}}),
        ORDERS,
        "kerberos_enabled",
        "d-1",
        id="kerberos",
    ),
    pytest.param(
        clusters(
            {
                **AURORA,
                "engine": "aurora-mysql",
                "members": [
                    {"identifier": "ledger-1", "db_instance_class": "db.r6g.large"},
                    {"identifier": "ledger-2", "db_instance_class": "db.t3.small"},
                ],
            }
        ),
        LEDGER,
        "class_unsupported",
        "member ledger-2 has class db.t3.small",
        id="member-class",
    ),
    pytest.param(
        instances({**PG, "db_parameter_group": "legacy"}, db_parameter_groups=[GROUP]),
        ORDERS,
        "ssl_disabled",
        "legacy (used by instance/orders)",
        id="ssl",
    ),
    pytest.param(
        clusters({**AURORA, "db_cluster_parameter_group": "legacy"}, db_cluster_parameter_groups=[CLUSTER_GROUP]),
        LEDGER,
        "ssl_disabled",
        "cluster/ledger",
        id="cluster-ssl",
    ),
    pytest.param(instances({**PG, "status": "stopped"}), ORDERS, "not_modifiable", "Start it first", id="stopped"),
    pytest.param(clusters({**AURORA, "status": "failed"}), LEDGER, "not_modifiable", "'failed'", id="cluster-failed"),
    pytest.param(
        instances({**PG, "status": "modifying"}), {**ORDERS, "wait": False}, "not_modifiable", "wait to true", id="busy"
    ),
    pytest.param(
        instances({**PG, "pending_modified_values": OTHERS}),
        {**ORDERS, **NOW},
        "other_pending_changes",
        "DBInstanceClass, MasterUserPassword",
        id="others",
    ),
    pytest.param(
        instances({**PG, "pending_modified_values": OTHERS}),
        {**ORDERS, **NOW, "wait": False},
        "other_pending_changes",
        "DBInstanceClass, MasterUserPassword",
        id="others-without-waiting",
    ),
    pytest.param(
        clusters({**AURORA, "engine": "mysql", "pending_modified_values": {"EngineVersion": "8.0.40"}}),
        {**LEDGER, **NOW},
        "other_pending_changes",
        "EngineVersion",
        id="multi-az-others",
    ),
]


@pytest.mark.parametrize(("world", "options", "code", "words"), CASES)
def test_modify_problem_modifies_nothing(sim, run, world, options, code, words):
    sim.seed(world)
    predicted, real = run.fails(check=True, **options), run.fails(**options)
    for result in (predicted, real):
        assert result.codes == [code]
        assert words in result["msg"]
        assert "Nothing was modified" in result["msg"]
        assert list(result.outcomes.values()) == ["failed"]
        assert result["changed"] is False
        assert result["diff"] == {"before": {}, "after": {}}
        assert result["summary"]["failed"] == 1
    assert predicted["databases"] == real["databases"]
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]


@pytest.mark.sample(3)
@pytest.mark.parametrize(("world", "options", "code", "words"), CASES)
def test_modify_healthy_database_beside_blocked_one(sim, run, world, options, code, words):
    healthy = {"identifier": "healthy", "engine": "mysql"}
    right = {
        "identifier": "right",
        "engine": "mysql",
        "iam_database_authentication_enabled": options.get("enabled", True),
    }
    world = {**world, "db_instances": [*world.get("db_instances", []), healthy, right]}
    sim.seed({**world})
    if options.get("enabled") is False:
        sim.database("instance", "healthy")["IAMDatabaseAuthenticationEnabled"] = True
    options = {**options, "db_instance_identifiers": f"{options.get('db_instance_identifier', '')},healthy,right"}
    options.pop("db_instance_identifier", None)

    blocked = run.fails(**options)
    assert blocked.outcomes["instance/healthy"] == "skipped"
    assert blocked.database("healthy")["problems"] == []
    assert blocked.outcomes["instance/right"] == "unchanged"
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]

    if code == "not_found":
        assert run.fails(on_problem="skip", **options).codes == ["not_found"]
        return
    predicted, skipped = (run.ok(check=check, on_problem="skip", **options) for check in (True, False))
    assert predicted.outcomes == skipped.outcomes
    assert predicted["diff"] == skipped["diff"]
    assert skipped["summary"]["skipped"] == 1
    assert skipped.codes == [code]
    assert skipped.outcomes["instance/healthy"] in ("scheduled", "applied", "applying")
    assert any(code in warning for warning in skipped["warnings"])


def test_modify_pending_secrets_are_hidden(sim, run):
    sim.seed(instances({**PG, "pending_modified_values": OTHERS}))
    result = run.fails(db_instance_identifier="orders", **NOW)
    assert "hunter2" not in run.output
    assert (
        result["databases"][0]["other_pending_changes"]["MasterUserPassword"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    )
    done = run.ok(db_instance_identifier="orders", apply_other_pending_changes=True, **NOW)
    assert "hunter2" not in run.output
    assert "MasterUserPassword" in done["diff"]["before"]["instance/orders"]["other_pending_changes"]


def test_modify_applies_other_pending_changes_on_request_only(sim, run):
    sim.seed(instances({**PG, "pending_modified_values": {"DBInstanceClass": "db.r6g.large"}}))
    options = {"db_instance_identifier": "orders", "apply_other_pending_changes": True, **NOW}
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert real["diff"]["before"]["instance/orders"]["other_pending_changes"] == {"DBInstanceClass": "db.r6g.large"}
    assert real["diff"]["after"]["instance/orders"]["other_pending_changes"] == {}
    for result in (predicted, real):
        assert result["databases"][0]["other_pending_changes"] == {}
    assert any("DBInstanceClass" in warning for warning in real["warnings"])
    assert sim.database("instance", "orders")["DBInstanceClass"] == "db.r6g.large"


@pytest.mark.parametrize("flushes", [True, False])
def test_modify_aurora_other_pending_changes_are_reported(sim, run, flushes):
    sim.settings.update(cluster_flushes_pending=flushes)
    sim.seed(clusters({**AURORA, "pending_modified_values": {"EngineVersion": "16.6"}}))
    result = run.ok(db_cluster_identifier="ledger", **NOW)
    assert result.outcomes == {"cluster/ledger": "applied"}
    assert any("EngineVersion" in warning for warning in result["warnings"])
    assert result["diff"]["before"] == {"cluster/ledger": {"iam_database_authentication": "disabled", "pending": None}}


@pytest.mark.parametrize("current", [True, False])
def test_disable_unsupported_engine_is_unchanged(sim, run, current):
    sim.seed(clusters({**AURORA, "engine": "neptune", "iam_database_authentication_enabled": current}))
    assert run.ok(db_cluster_identifier="ledger", enabled=False).outcomes == {"cluster/ledger": "unchanged"}
    assert len(sim.calls) == 1


def test_enable_class_no_longer_listed_is_allowed(sim, run):
    sim.seed(instances({**PG, "engine": "mysql", "db_instance_class": "db.m3.medium"}))
    assert run.ok(db_instance_identifier="orders", **NOW).outcomes == {"instance/orders": "applied"}


def test_modify_warns_of_memory_and_lockout(sim, run):
    sim.seed(instances({**PG, "db_instance_class": "db.t4g.micro"}))
    result = run.ok(db_instance_identifier="orders", **NOW)
    assert any("memory" in warning and "db.t4g.micro" in warning for warning in result["warnings"])
    result = run.ok(db_instance_identifier="orders", enabled=False, **NOW)
    assert any("locks out" in warning for warning in result["warnings"])


def test_cancel_queued_enabling_returns_no_warning(sim, run):
    sim.seed(instances({**PG, "pending_modified_values": {"IAMDatabaseAuthenticationEnabled": True}}))
    result = run.ok(db_instance_identifier="orders", enabled=False)
    assert result.outcomes == {"instance/orders": "cancelled"}
    assert result["warnings"] == []


def test_enable_kerberos_on_aurora_postgresql_is_allowed(sim, run):
    sim.seed(clusters({**AURORA, "extra": {"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]}}))
    for check in (True, False):
        result = run.ok(check=check, db_cluster_identifier="ledger", **NOW)
        assert result.outcomes == {"cluster/ledger": "applied"}
        assert any("rds_ad (Kerberos)" in warning for warning in result["warnings"])
    assert run.ok(db_cluster_identifier="ledger", **NOW).outcomes == {"cluster/ledger": "unchanged"}


def test_enable_failed_directory_membership_is_allowed(sim, run):
    membership = {"Domain": "d-1", "Status": "enable-kerberos-failed"}
    sim.seed(instances({**PG, "extra": {"DomainMemberships": [membership]}}))
    for check in (True, False):
        assert run.ok(check=check, db_instance_identifier="orders", **NOW).outcomes == {"instance/orders": "applied"}


RENAMED = {
    "instance": (
        {**PG, "pending_modified_values": {"DBInstanceIdentifier": "orders-new"}},
        {"db_instance_identifier": "orders"},
        "orders",
    ),
    "cluster": (
        {**AURORA, "engine": "mysql", "pending_modified_values": {"DBClusterIdentifier": "ledger-new"}},
        {"db_cluster_identifier": "ledger"},
        "ledger",
    ),
}


@pytest.mark.parametrize("returns_pending", [True, False])
@pytest.mark.parametrize("kind", RENAMED)
def test_rename_applied_with_change_is_followed(sim, run, kind, returns_pending):
    """The resource id stays the same, also if the module sends the request again."""
    database, named, name = RENAMED[kind]
    sim.settings.update(instance_returns_pending=returns_pending, cluster_returns_pending=returns_pending)
    sim.seed({f"db_{kind}s": [database]})
    options = {**named, "apply_other_pending_changes": True, **NOW}
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert list(real["diff"]["after"]) == [f"{kind}/{name}"]
    assert predicted.outcomes == {f"{kind}/{name}": "applied"}
    assert real.outcomes == {f"{kind}/{name}-new": "applied"}
    (found,) = real["databases"]
    assert found["resource_id"] == predicted["databases"][0]["resource_id"]
    assert found["iam_database_authentication_enabled"] is True
    second = run.ok(**dict.fromkeys(named, f"{name}-new"), **NOW)
    assert second.outcomes == {f"{kind}/{name}-new": "unchanged"}


@pytest.mark.parametrize("kind", RENAMED)
def test_rename_old_name_reused_is_not_followed(sim, run, kind):
    """While the task waits, the database is renamed, and another database gets its old name."""
    database, named, name = RENAMED[kind]
    sim.seed({f"db_{kind}s": [database]})
    other = {**database, "iam_database_authentication_enabled": True, "pending_modified_values": {}}
    if kind == "cluster":
        other["members"] = [{"identifier": "somebody-elses"}]
    sim.settings.update(apply_seconds=60.0)
    sim.at(63, lambda s: s.seed({f"db_{kind}s": [other]}))
    real = run.ok(**named, apply_other_pending_changes=True, wait_delay=7, **NOW)
    assert real.outcomes == {f"{kind}/{name}-new": "applied"}


def test_rename_without_list_permission_reports_not_found(sim, run):
    database, named, _name = RENAMED["instance"]
    sim.seed({"db_instances": [database]})
    gone = {"code": "DBInstanceNotFound", "identifier": "orders"}
    sim.at(4, lambda s: s.faults.add(operation="DescribeDBInstances", **gone))
    sim.at(4, lambda s: s.faults.add(operation="DescribeDBInstances", deny=True))
    result = run.fails(**named, apply_other_pending_changes=True, **NOW)
    assert result["changed"] is True
    assert result.codes == ["not_found"]
    assert (
        "RDS accepted the change, but the database was no longer found under this identifier. It was deleted, or it "
        "was renamed and these credentials cannot describe it"
    ) in result["msg"]
