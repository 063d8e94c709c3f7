# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Interrupted restores, lost responses, databases that do not become available, and the next run after each."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner, needs

IAM = "IAMDatabaseAuthenticationEnabled"
CLUSTER = {
    "db_cluster_identifier": "drill",
    "db_cluster_snapshot_identifier": "monday",
    "cluster_instances": [
        {"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"},
        {"db_instance_identifier": "drill-2", "db_instance_class": "db.r6g.large"},
    ],
}
INSTANCE = {"db_instance_identifier": "drill", "db_snapshot_identifier": "monday"}


@pytest.fixture
def restore(sim, capsys):
    """Return a function that runs rds_restore_iam against the simulator."""
    sim.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "mysql", "iam_database_authentication_enabled": True}],
            "db_clusters": [
                {
                    "identifier": "ledger",
                    "engine": "aurora-mysql",
                    "members": 1,
                    "iam_database_authentication_enabled": True,
                }
            ],
            "snapshots": [{"identifier": "monday", "source": "orders"}],
            "cluster_snapshots": [{"identifier": "monday", "source": "ledger"}],
        }
    )
    return Runner("rds_restore_iam", sim.url, capsys)


def operations(sim, *verbs):
    return [call.operation for call in sim.calls if call.operation.startswith(verbs)]


def state_of(sim):
    cluster = sim.database("cluster", "drill")
    names = [item["DBInstanceIdentifier"] for item in cluster["DBClusterMembers"]]
    statuses = [sim.database("instance", name)["DBInstanceStatus"] for name in names]
    return cluster["Status"], cluster[IAM], names, statuses


WHOLE = ("available", True, ["drill-1", "drill-2"], ["available", "available"])


def stop_at(sim, call):
    """Stop a run at that call by a missing permission, which is restored for the next run."""
    sim.faults.add(operation=call, deny=True)


@pytest.mark.sample(2)
@pytest.mark.parametrize("asked", [True, None])
@pytest.mark.parametrize("passed", [0, 1])
def test_restore_stopped_before_members_is_resumed(sim, restore, asked, passed):
    options = CLUSTER if asked is None else {**CLUSTER, "enabled": asked}
    sim.faults.add(operation="CreateDBInstance", code="AccessDenied", after=passed, times=1)
    first = restore.fails(**options)
    assert (first["restored"], first["changed"]) == (True, True)
    assert "Nothing was modified" not in first["msg"]
    assert first["database"]["problems"][0]["code"] == "refused"
    predicted = restore.ok(check=True, **options)
    second = restore.ok(**options)
    assert state_of(sim) == WHOLE
    assert (second["restored"], second["changed"]) == (False, True)
    assert predicted["diff"] == second["diff"]
    assert operations(sim, "Restore") == ["RestoreDBClusterFromSnapshot"]
    again = restore.ok(**options)
    assert again["changed"] is False


def test_restore_failure_returns_no_prediction(sim, restore):
    alone = {name: value for name, value in CLUSTER.items() if name != "cluster_instances"}
    restore.ok(**alone, enabled=False)
    stop_at(sim, "CreateDBInstance")
    result = restore.fails(**CLUSTER, enabled=True, apply_immediately=True)
    assert result["database"]["outcome"] == "failed"
    assert result["database"]["problems"][0]["code"] == "refused"
    # the setting is corrected before the members are created, and no member is in the result
    assert result["database"]["iam_database_authentication_enabled"] is True
    assert (result["changed"], list(result["diff"]["after"])) == (True, ["cluster/drill"])


def test_restore_undisturbed_ends_in_same_state(sim, restore):
    assert restore.ok(**CLUSTER)["changed"] is True
    assert state_of(sim) == WHOLE


@pytest.mark.parametrize("options", [INSTANCE, CLUSTER], ids=["instance", "cluster"])
def test_restore_stopped_in_creation_is_resumed(sim, restore, options):
    plain = {name: value for name, value in options.items() if name != "cluster_instances"}
    first = restore.ok(wait=False, **plain)
    assert first["database"]["outcome"] == "applying"
    assert first["database"]["status"] == "creating"
    second = restore.ok(**options)
    assert second["restored"] is False
    assert second["database"]["status"] == "available"
    assert second["database"]["iam_database_authentication_enabled"] is True
    assert len(operations(sim, "Restore")) == 1


TRANSITIONAL = [
    # Amazon RDS User Guide, "Viewing DB instance status": the transitional ones
    "backing-up",
    "configuring-enhanced-monitoring",
    "configuring-log-exports",
    "maintenance",
    "modifying",
    "rebooting",
    "renaming",
    "resetting-master-credentials",
    "upgrading",
]


@pytest.mark.sample(2)
@pytest.mark.parametrize("status", TRANSITIONAL)
@pytest.mark.parametrize("asked", [True, None])
def test_restore_again_target_without_endpoint_is_completed(sim, restore, status, asked):
    sim.settings.update(restore_ignores_iam=True, restore_inherits=False)
    options = INSTANCE if asked is None else {**INSTANCE, "enabled": asked}
    restore.ok(wait=False, **INSTANCE)
    sim.clock.advance(1000)
    record = sim.database("instance", "drill")
    endpoint = record.pop("Endpoint")
    record["DBInstanceStatus"] = status
    sim.at(90, lambda _: record.update(DBInstanceStatus="available", Endpoint=endpoint))
    predicted = restore.ok(check=True, **options)
    second = restore.ok(**options)
    assert predicted["database"]["outcome"] == second["database"]["outcome"] == "applied"
    assert second["database"]["status"] == "available"
    assert second["database"]["iam_database_authentication_enabled"] is True
    assert predicted["diff"] == second["diff"]


def test_restore_again_old_target_backing_up_is_untouched(sim, restore):
    """A database that is a day old is in use, and the backup is the daily one."""
    restore.ok(**INSTANCE, enabled=False)
    sim.clock.advance(86400)
    sim.database("instance", "drill")["DBInstanceStatus"] = "backing-up"
    result = restore.ok(**INSTANCE)
    assert (result["changed"], result["database"]["status"]) == (False, "backing-up")
    assert operations(sim, "Modify") == []


@pytest.mark.parametrize("apply_other", [True, False])
def test_restore_correction_includes_other_pending_changes(sim, restore, apply_other):
    """Nobody uses the new database yet, so other pending changes do not block the correction of the setting."""
    sim.settings.update(restore_ignores_iam=True, restore_inherits=False)
    restore.ok(wait=False, **INSTANCE)
    sim.clock.advance(1000)
    client_change = {"BackupRetentionPeriod": 14}
    record = sim.database("instance", "drill")
    record["DBInstanceStatus"] = "backing-up"
    record["PendingModifiedValues"] = client_change
    endpoint = record.pop("Endpoint")
    sim.at(30, lambda _: record.update(DBInstanceStatus="available", Endpoint=endpoint))
    result = restore.ok(**INSTANCE, enabled=True, apply_other_pending_changes=apply_other)
    assert result["database"]["outcome"] == "applied"
    assert result["database"]["iam_database_authentication_enabled"] is True


def test_restore_mysql_snapshot_as_mariadb_is_allowed(sim, restore):
    """AWS: a MySQL snapshot can be restored as MariaDB (RestoreDBInstanceFromDBSnapshot, Engine)."""
    options = {**INSTANCE, "engine": "mariadb"}
    assert restore.ok(check=True, **options)["restored"] is True
    assert restore.ok(**options)["restored"] is True
    assert restore.ok(**options)["changed"] is False


@pytest.mark.sample(2)
@pytest.mark.parametrize("asked", [True, None])
def test_restore_stopped_in_member_creation_is_resumed(sim, restore, asked):
    sim.settings.update(create_seconds=600.0)
    options = CLUSTER if asked is None else {**CLUSTER, "enabled": asked}
    first = restore.fails(wait_timeout=900, **options)
    assert first["database"]["problems"][0]["code"] == "timeout"
    assert state_of(sim)[3] == ["creating", "creating"]
    second = restore.ok(**options)
    assert (second["restored"], second["changed"]) == (False, False)
    assert state_of(sim) == WHOLE
    assert [member["identifier"] for member in second["database"]["members"]] == ["drill-1", "drill-2"]


@pytest.mark.sample(2)
@pytest.mark.parametrize("options", [INSTANCE, CLUSTER], ids=["instance", "cluster"])
@pytest.mark.parametrize("asked", [True, None])
def test_restore_resumed_corrects_ignored_setting(sim, restore, options, asked):
    sim.settings.update(restore_ignores_iam=True, restore_inherits=False)
    options = options if asked is None else {**options, "enabled": asked}
    restore.ok(wait=False, **{name: value for name, value in options.items() if name != "cluster_instances"})
    predicted = restore.ok(check=True, **options)
    second = restore.ok(**options)
    assert predicted["database"]["outcome"] == second["database"]["outcome"] == "applied"
    assert second["database"]["iam_database_authentication_enabled"] is True
    assert predicted["diff"] == second["diff"]


@pytest.mark.parametrize("check", [True, False])
def test_restore_unsupported_member_is_not_added(sim, restore, check):
    restore.ok(**CLUSTER)
    more = [{"db_instance_identifier": "drill-3", "db_instance_class": "db.t3.small"}]
    result = restore.fails(check=check, **{**CLUSTER, "cluster_instances": more}, enabled=True)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["class_unsupported"]
    assert "drill-3" in result["msg"]
    assert operations(sim, "Create") == ["CreateDBInstance"] * 2


@pytest.mark.parametrize("check", [True, False])
def test_restore_adds_no_member_if_setting_cannot_change(sim, restore, check):
    small = {"db_instance_identifier": "drill-0", "db_instance_class": "db.t3.small"}
    restore.ok(**{**CLUSTER, "cluster_instances": [small]}, enabled=False)
    result = restore.fails(check=check, **CLUSTER, enabled=True, apply_immediately=True)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["class_unsupported"]
    assert operations(sim, "Create") == ["CreateDBInstance"]


def test_restore_existing_blocked_target_returns_problems(sim, restore):
    restore.ok(**INSTANCE, enabled=False)
    sim.faults.add(operation="ModifyDBInstance", deny=True)
    result = restore.fails(**INSTANCE, enabled=True, apply_immediately=True)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["refused"]
    assert "rds:ModifyDBInstance" in result["msg"]
    assert (result["changed"], result["restored"]) == (False, False)


def test_restore_correction_refused_reports_created(sim, restore):
    sim.settings.update(restore_ignores_iam=True, restore_inherits=False)
    sim.faults.add(operation="ModifyDBInstance", deny=True)
    result = restore.fails(**INSTANCE, enabled=True)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["refused"]
    assert (result["changed"], result["restored"]) == (True, True)
    assert result["database"]["iam_database_authentication_enabled"] is False
    assert result["diff"]["after"]["instance/drill"]["iam_database_authentication"] == "disabled"
    assert "Nothing was modified" not in result["msg"]


def test_restore_latest_time_of_existing_target_warns(sim, restore):
    options = {"db_instance_identifier": "drill", "source_db_instance_identifier": "orders"}
    for said in (False, True):
        warnings = restore.ok(**options, use_latest_restorable_time=True)["warnings"]
        assert any("the latest restorable time differs" in warning for warning in warnings) is said


def test_restore_added_member_keeps_setting_of_cluster(sim, restore):
    members = CLUSTER["cluster_instances"]
    restore.ok(**{**CLUSTER, "cluster_instances": members[:1]}, enabled=False)
    result = restore.ok(**CLUSTER, apply_immediately=True)
    assert (result["restored"], result["changed"]) == (False, True)
    assert [member["identifier"] for member in result["database"]["members"]] == ["drill-1", "drill-2"]
    assert sim.database("cluster", "drill")[IAM] is False
    assert operations(sim, "Modify") == []


@pytest.mark.sample(2)
@pytest.mark.parametrize("times", [1, 9])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_restore_lost_answer_is_resolved(sim, restore, cut, times):
    sim.faults.add(operation="RestoreDBInstanceFromDBSnapshot", cut=cut, times=times)
    result = restore.ok(**INSTANCE)
    assert (result["restored"], result["changed"]) == (True, True)
    assert sim.database("instance", "drill")[IAM] is True


def test_restore_throttled_for_a_while_is_retried(sim, restore):
    for operation in ("RestoreDBInstanceFromDBSnapshot", "DescribeDBSnapshots", "DescribeDBInstances"):
        sim.faults.add(operation=operation, code="Throttling", times=12)
    assert restore.ok(**INSTANCE)["restored"] is True


def test_restore_not_available_in_time_fails(sim, restore):
    sim.settings.update(create_seconds=5000.0)
    result = restore.fails(wait_timeout=600, **INSTANCE)
    assert result["database"]["problems"][0]["code"] == "timeout"
    assert (result["restored"], result["changed"]) == (True, True)
    assert result["database"]["resource_id"]


def test_restore_terminal_status_fails(sim, restore):
    def break_it(simulator):
        simulator.database("instance", "drill")["DBInstanceStatus"] = "incompatible-restore"

    sim.at(30, break_it)
    result = restore.fails(**INSTANCE)
    assert result["database"]["problems"][0]["code"] == "not_modifiable"
    assert "incompatible-restore" in result["msg"]


def test_restore_missing_permission_is_named(sim, restore):
    stop_at(sim, "RestoreDBInstanceFromDBSnapshot")
    result = restore.fails(**INSTANCE)
    assert "rds:RestoreDBInstanceFromDBSnapshot" in result["msg"]
    assert (result["restored"], result["changed"]) == (False, False)


def test_restore_existing_target_without_source(sim, restore):
    restore.ok(**INSTANCE)
    options = {**INSTANCE, "db_snapshot_identifier": "deleted-since"}
    result = restore.ok(**options)
    assert result["changed"] is False
    assert result["source"] is None
    assert any("deleted-since no longer exists" in warning for warning in result["warnings"])


def test_restore_warnings(sim, restore):
    warnings = " ".join(restore.ok(check=True, **INSTANCE)["warnings"])
    assert "db_parameter_group_name is not set, so RDS uses the default parameter group" in warnings
    assert "vpc_security_group_ids is not set, so RDS uses the default security group" in warnings
    source = sim.database("instance", "orders")["DbiResourceId"]
    assert f"rds-db:connect policies for {source} do not match it" in warnings


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        ({"db_instance_identifier": "drill", "source_db_instance_identifier": "orders"}, "RestoreTime"),
        ({"db_cluster_identifier": "drill", "source_db_cluster_identifier": "ledger"}, "RestoreToTime"),
    ],
    ids=["instance", "cluster"],
)
def test_restore_to_a_time(sim, restore, options, parameter):
    moment = sim.clock.now() - dt.timedelta(hours=3)
    text = moment.astimezone(dt.timezone(dt.timedelta(hours=2))).isoformat()
    for check in (True, False):
        assert restore.ok(check=check, **options, restore_time=text)["restored"] is True
    (request,) = [call for call in sim.calls if call.operation.startswith("Restore")]
    assert request.parameters[parameter] == moment
    assert "UseLatestRestorableTime" not in request.parameters
    again = restore.ok(**options, restore_time=text)
    assert (again["changed"], again["restored"]) == (False, False)
    assert not [warning for warning in again["warnings"] if "cannot verify that" in warning]


def test_restore_live_cluster_by_resource_id(sim, restore):
    sim.faults.add(operation="DescribeDBClusterAutomatedBackups", code="DBClusterAutomatedBackupNotFoundFault", times=9)
    resource_id = sim.database("cluster", "ledger")["DbClusterResourceId"]
    options = {"db_cluster_identifier": "drill", "source_db_cluster_resource_id": resource_id}
    result = restore.ok(**options, use_latest_restorable_time=True)
    assert result["source"]["resource_id"] == resource_id
    assert result["database"]["iam_database_authentication_enabled"] is True


def test_restore_sends_source_version_if_accepted(sim, restore):
    sim.seed(
        {
            "db_clusters": [
                {"identifier": "old", "engine": "aurora-mysql", "engine_version": "8.0.mysql_aurora.3.04.3"}
            ],
            "cluster_snapshots": [{"identifier": "old-monday", "source": "old"}],
        }
    )
    restore.ok(db_cluster_identifier="drill", db_cluster_snapshot_identifier="old-monday")
    (request,) = [call for call in sim.calls if call.operation.startswith("Restore")]
    assert request.parameters["EngineVersion"] == "8.0.mysql_aurora.3.04.3"


@pytest.mark.parametrize("how", [{"type": "automated", "identifier": "rds:nightly"}, {"shared_with": ["all"]}])
def test_restore_snapshot_by_arn(sim, restore, how):
    """An automated snapshot of this account, and a public snapshot of another account."""
    account = "210987654321" if "shared_with" in how else "123456789012"
    kept = {"identifier": "nightly", "source": "theirs", "encrypted": False, **how}
    sim.seed({"account": account, "db_instances": [{"identifier": "theirs", "engine": "mysql"}], "snapshots": [kept]})
    arn = f"arn:aws:rds:eu-west-1:{account}:snapshot:{kept['identifier']}"
    assert restore.ok(db_instance_identifier="drill", db_snapshot_identifier=arn)["restored"] is True


@pytest.mark.parametrize(
    ("options", "extra"),
    [
        (INSTANCE, {"AllocatedStorage": 200, "BackupRetentionPeriod": 7}),
        (CLUSTER, {"BackupRetentionPeriod": 7, "DatabaseName": "ledger"}),
    ],
    ids=["instance", "cluster"],
)
def test_restore_extra_parameters_are_sent(sim, restore, options, extra):
    needs("RestoreDBInstanceFromDBSnapshot", "BackupRetentionPeriod")
    restore.ok(**options, extra_parameters=extra)
    (request,) = [call for call in sim.calls if call.operation.startswith("Restore")]
    assert {name: request.parameters[name] for name in extra} == extra


@pytest.mark.parametrize("enforced_by_rds", [True, False])
def test_restore_enforces_ssl_in_requested_group(sim, capsys, enforced_by_rds):
    group = {"name": "legacy", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
    sim.seed(
        {
            "db_parameter_groups": [group],
            "db_instances": [{"identifier": "old", "engine": "postgres", "engine_version": "13.20"}],
            "snapshots": [{"identifier": "old-monday", "source": "old"}],
        }
    )
    sim.settings.update(ssl_enforced=enforced_by_rds)
    restore = Runner("rds_restore_iam", sim.url, capsys)
    options = {
        "db_instance_identifier": "drill",
        "db_snapshot_identifier": "old-monday",
        "db_parameter_group_name": "legacy",
        "enabled": True,
        "ssl_parameter": "enforce",
    }
    predicted, real = restore.ok(check=True, **options), restore.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert real["diff"]["after"]["parameter_group/legacy"] == {"ssl": "1"}
    assert [group["name"] for group in real["parameter_groups"]] == ["legacy"]
    assert operations(sim, "ModifyDBParameterGroup", "Restore") == [
        "ModifyDBParameterGroup",
        "RestoreDBInstanceFromDBSnapshot",
    ]
