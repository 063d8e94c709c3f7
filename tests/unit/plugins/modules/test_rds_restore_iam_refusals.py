# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Restores that the module refuses before any change, in check mode and in a run."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner, needs

GROUP = {"name": "legacy", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
PG = {"identifier": "orders", "engine": "postgres", "engine_version": "13.20"}
FLEET = {
    "db_parameter_groups": [GROUP, {"name": "mysql8", "family": "mysql8.0"}],
    "db_instances": [
        PG,
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "bare", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
        {"identifier": "archive", "engine": "oracle-ee"},
        {"identifier": "maria", "engine": "mariadb"},
        {"identifier": "weeks-old", "engine": "mysql"},
        {"identifier": "going", "engine": "mysql", "status": "deleting"},
        {"identifier": "broken", "engine": "mysql", "status": "incompatible-restore"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-mysql", "members": 1},
        {"identifier": "trio", "engine": "mysql"},
        {
            "identifier": "copied",
            "engine": "aurora-mysql",
            "members": [{"identifier": "copied-1", "status": "deleting"}],
        },
        {"identifier": "plain", "engine": "aurora-postgresql", "members": 1},
    ],
    "snapshots": [
        {"identifier": "monday", "source": "orders"},
        {"identifier": "shop-monday", "source": "shop"},
        {"identifier": "running", "source": "orders", "status": "creating"},
        {"identifier": "oracle", "source": "archive"},
        {"identifier": "maria-monday", "source": "maria"},
    ],
    "cluster_snapshots": [
        {"identifier": "ledger-monday", "source": "ledger"},
        {"identifier": "trio-monday", "source": "trio"},
    ],
}
DRILL, CLUSTER = {"db_instance_identifier": "drill"}, {"db_cluster_identifier": "drill"}
MONDAY = {"db_snapshot_identifier": "monday"}
TO_TIME = {"source_db_instance_identifier": "orders"}
LATEST = {"use_latest_restorable_time": True}
MEMBER = {"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"}

INPUT = {
    "no_target": ({**MONDAY}, "the target must be named once"),
    "two_targets": ({**DRILL, **CLUSTER, **MONDAY}, "the target must be named once"),
    "target_with_underscore": ({"db_instance_identifier": "dr_ill", **MONDAY}, "db_instance_identifier: 'dr_ill'"),
    "no_source": (DRILL, "no source is set"),
    "blank_source": ({**DRILL, "db_snapshot_identifier": " "}, "no source is set"),
    "two_sources": ({**DRILL, **MONDAY, **TO_TIME}, "2 are set"),
    "cluster_source_for_an_instance": (
        {**DRILL, "source_db_cluster_identifier": "ledger", **LATEST},
        "source_db_cluster_identifier: a DB instance cannot be restored from this source",
    ),
    "instance_source_for_a_cluster": (
        {**CLUSTER, **TO_TIME, **LATEST},
        "a DB cluster cannot be restored from this source",
    ),
    "neither_time": ({**DRILL, **TO_TIME}, "neither is set. Set exactly one"),
    "both_times": (
        {**DRILL, **TO_TIME, **LATEST, "restore_time": "2026-11-02T11:00:00Z"},
        "both are set. Set exactly one",
    ),
    "time_without_zone": ({**DRILL, **TO_TIME, "restore_time": "2026-11-02T11:00:00"}, "has no time zone"),
    "no_time": ({**DRILL, **TO_TIME, "restore_time": "yesterday"}, "'yesterday' is not an ISO 8601 time"),
    "time_before_all_times": ({**DRILL, **TO_TIME, "restore_time": "0001-01-01T00:00:00+05:00"}, "is not an ISO 8601"),
    "time_of_a_snapshot": ({**DRILL, **MONDAY, **LATEST}, "does not support a point in time"),
    "option_not_taken": (
        {**DRILL, **MONDAY, "kms_key_id": "alias/x"},
        "kms_key_id: RestoreDBInstanceFromDBSnapshot does",
    ),
    "version_not_taken": (
        {**DRILL, **MONDAY, "engine_version": "16.4"},
        "engine_version: RestoreDBInstanceFromDBSnapshot",
    ),
    "s3_option_elsewhere": ({**DRILL, **MONDAY, "s3_prefix": "x"}, "s3_prefix: supported only with s3_bucket_name"),
    "s3_without_its_role": (
        {
            **DRILL,
            "s3_bucket_name": "b",
            "engine": "mysql",
            "source_engine": "mysql",
            "source_engine_version": "8.0.40",
        },
        "Set db_instance_class, s3_ingestion_role_arn",
    ),
    "both_passwords": (
        {
            **DRILL,
            "s3_bucket_name": "b",
            "master_user_password": "s3cr3t-in-the-open",
            "manage_master_user_password": True,
        },
        "master_user_password, manage_master_user_password: both are set",
    ),
    "misspelt_extra": (
        {**DRILL, **MONDAY, "extra_parameters": {"AutoMinorVersionUpgrad": True}},
        "has no parameter 'AutoMinorVersionUpgrad'. Did you mean 'AutoMinorVersionUpgrade'?",
    ),
    "snake_case_extra": (
        {**DRILL, **MONDAY, "extra_parameters": {"dedicated_log_volume": True}},
        "Did you mean 'DedicatedLogVolume'?",
    ),
    "extra_of_wrong_type": (
        {**DRILL, **MONDAY, "extra_parameters": {"StorageThroughput": "fast"}},
        "Invalid type for parameter StorageThroughput",
    ),
    "secret_extra": (
        {**DRILL, **MONDAY, "extra_parameters": {"TdeCredentialPassword": "s3cr3t-in-the-open"}},
        "TdeCredentialPassword is a secret, and extra_parameters is not hidden",
    ),
    "extra_that_has_an_option": (
        {**DRILL, **MONDAY, "extra_parameters": {"MultiAZ": True}},
        "MultiAZ has an option. Use multi_az",
    ),
    "extra_second_source": (
        {**DRILL, **MONDAY, "extra_parameters": {"DBClusterSnapshotIdentifier": "ledger-monday"}},
        "Use db_cluster_snapshot_identifier",
    ),
    "extra_second_time": (
        {**DRILL, **TO_TIME, **LATEST, "extra_parameters": {"RestoreTime": "2026-11-02T11:00:00Z"}},
        "Use restore_time",
    ),
    "extra_setting": (
        {**DRILL, **MONDAY, "extra_parameters": {"EnableIAMDatabaseAuthentication": True}},
        "is set by another option",
    ),
    "members_of_an_instance": ({**DRILL, **MONDAY, "cluster_instances": [MEMBER]}, "the target is a DB instance"),
    "members_without_waiting": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-monday", "cluster_instances": [MEMBER], "wait": False},
        "Set wait to true",
    ),
    "members_twice": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-monday", "cluster_instances": [MEMBER, MEMBER]},
        "drill-1 is listed more than once",
    ),
    "member_without_a_name": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "cluster_instances": [{**MEMBER, "db_instance_identifier": " "}],
        },
        "cluster_instances: '' is not a valid identifier",
    ),
    "member_with_underscore": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "cluster_instances": [{**MEMBER, "db_instance_identifier": "drill_1"}],
        },
        "cluster_instances: 'drill_1' is not a valid identifier",
    ),
    "member_without_a_class": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "cluster_instances": [{**MEMBER, "db_instance_class": ""}],
        },
        "cluster_instances: drill-1: the entry has no db_instance_class",
    ),
    "class_of_an_aurora_cluster": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-monday", "db_instance_class": "db.r6g.large"},
        "Set db_instance_class in each entry of cluster_instances",
    ),
    "cluster_of_an_engine_that_has_none": (
        {**CLUSTER, "db_snapshot_identifier": "maria-monday"},
        "engine: mariadb does not support DB clusters",
    ),
    "multi_az_cluster_without_a_class": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "trio-monday"},
        "db_instance_class: required for a Multi-AZ DB cluster",
    ),
    "members_of_a_multi_az_cluster": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "trio-monday",
            "db_instance_class": "db.m6gd.large",
            "cluster_instances": [MEMBER],
        },
        "RDS creates the members of a Multi-AZ DB cluster",
    ),
    "members_of_a_multi_az_cluster_that_exists": (
        {
            "db_cluster_identifier": "trio",
            "db_cluster_snapshot_identifier": "trio-monday",
            "cluster_instances": [MEMBER],
        },
        "RDS creates the members of a Multi-AZ DB cluster",
    ),
    "managed_password": (
        {**DRILL, **MONDAY, "manage_master_user_password": True},
        "only for Oracle",
    ),
    "wait_delay": ({**DRILL, **MONDAY, "wait_delay": 0}, "wait_delay"),
}
PROBLEMS = {
    "missing_snapshot": ({**DRILL, "db_snapshot_identifier": "tuesday"}, "source_not_found", "'tuesday'"),
    "misspelt_snapshot": (
        {**DRILL, "db_snapshot_identifier": "mondya"},
        "source_not_found",
        "db_snapshot_identifier: 'mondya' does not exist in this Region and account. Similar: monday",
    ),
    "misspelt_snapshot_by_arn": (
        {**DRILL, "db_snapshot_identifier": "arn:aws:rds:eu-west-1:123456789012:snapshot:mondya"},
        "source_not_found",
        "Similar: monday",
    ),
    "misspelt_cluster_snapshot": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-mondya"},
        "source_not_found",
        "Similar: ledger-monday",
    ),
    "snapshot_of_another_region": (
        {**DRILL, "db_snapshot_identifier": "arn:aws:rds:us-east-1:123456789012:snapshot:monday"},
        "source_not_found",
        "its ARN is in Region us-east-1",
    ),
    "cluster_snapshot_as_snapshot": (
        {**CLUSTER, "db_snapshot_identifier": "ledger-monday"},
        "source_not_found",
        "but there is a DB cluster snapshot with this identifier. Set db_cluster_snapshot_identifier instead",
    ),
    "cluster_as_source_instance": (
        {**DRILL, "source_db_instance_identifier": "ledger", **LATEST},
        "source_not_found",
        "but there is a DB cluster. Name it in source_db_cluster_identifier",
    ),
    "misspelt_cluster": (
        {**CLUSTER, "source_db_cluster_identifier": "ledgre", **LATEST},
        "source_not_found",
        "Similar: ledger",
    ),
    "unknown_engine": ({**DRILL, **MONDAY, "engine": "postgre"}, "engine_not_offered", "Similar: postgres"),
    "missing_instance": (
        {**DRILL, "source_db_instance_identifier": "ordres", **LATEST},
        "source_not_found",
        "'ordres': there is no DB instance with this identifier in Region eu-west-1. Similar: orders",
    ),
    "missing_resource_id": ({**DRILL, "source_dbi_resource_id": "db-GONE", **LATEST}, "source_not_found", "db-GONE"),
    "unfinished_snapshot": ({**DRILL, "db_snapshot_identifier": "running"}, "source_not_available", "'creating'"),
    "aurora_snapshot_into_an_instance": (
        {**DRILL, "db_cluster_snapshot_identifier": "ledger-monday"},
        "source_not_restorable",
        "Set db_cluster_identifier instead",
    ),
    "member_of_a_cluster": (
        {**DRILL, "source_db_instance_identifier": "ledger-1", **LATEST},
        "source_not_restorable",
        "is a member of DB cluster ledger",
    ),
    "instance_of_another_engine": (
        {**DRILL, **MONDAY, "engine": "mysql"},
        "source_not_restorable",
        "engine postgres, which cannot be restored as mysql",
    ),
    "cluster_of_another_engine": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-monday", "engine": "aurora-postgresql"},
        "source_not_restorable",
        "engine aurora-mysql, which cannot be restored as aurora-postgresql",
    ),
    "out_of_aurora": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "engine": "mysql",
            "db_instance_class": "db.m6gd.large",
        },
        "source_not_restorable",
        "engine aurora-mysql, which cannot be restored as mysql",
    ),
    "no_backups": (
        {**DRILL, "source_db_instance_identifier": "bare", **LATEST},
        "source_not_restorable",
        "no automated",
    ),
    "before_the_window": (
        {**DRILL, **TO_TIME, "restore_time": "2020-01-01T00:00:00Z"},
        "source_not_restorable",
        "Use a time from 2026-",
    ),
    "after_the_window": (
        {**DRILL, **TO_TIME, "restore_time": "2030-01-01T00:00:00+01:00"},
        "source_not_restorable",
        "2029-12-31T23:00:00Z is outside",
    ),
    "oracle": ({**DRILL, "db_snapshot_identifier": "oracle", "enabled": True}, "engine_unsupported", "or omit it"),
    "ssl_of_the_group_to_come": (
        {**DRILL, **MONDAY, "enabled": True, "db_parameter_group_name": "legacy"},
        "ssl_disabled",
        "parameter group legacy",
    ),
    "missing_group": (
        {**DRILL, **MONDAY, "db_parameter_group_name": "nothing"},
        "parameter_group_not_found",
        "parameter group nothing",
    ),
    "group_of_another_family": (
        {**DRILL, **MONDAY, "db_parameter_group_name": "mysql8"},
        "parameter_group_unsuited",
        "requires one for postgres13",
    ),
    "version_not_offered": (
        {**CLUSTER, "db_cluster_snapshot_identifier": "ledger-monday", "engine_version": "9.99"},
        "engine_version_not_offered",
        "version 9.99 of engine aurora-mysql",
    ),
    "kerberos": (
        {**DRILL, **MONDAY, "enabled": True, "extra_parameters": {"Domain": "d-1234567890"}},
        "kerberos_enabled",
        "d-1234567890",
    ),
    "serverless_v1": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "enabled": True,
            "extra_parameters": {"EngineMode": "serverless"},
        },
        "deployment_unsupported",
        "Aurora Serverless v1",
    ),
    "class_of_a_member": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "enabled": True,
            "cluster_instances": [{**MEMBER, "db_instance_class": "db.t3.small"}],
        },
        "class_unsupported",
        "member drill-1 has class db.t3.small",
    ),
    "class_not_offered": ({**DRILL, **MONDAY, "db_instance_class": "db.x99.huge"}, "class_not_offered", "db.x99.huge"),
    "member_that_belongs_elsewhere": (
        {
            **CLUSTER,
            "db_cluster_snapshot_identifier": "ledger-monday",
            "cluster_instances": [{**MEMBER, "db_instance_identifier": "shop"}],
        },
        "member_exists",
        "not a member of DB cluster drill",
    ),
    "existing_target_of_another_engine": (
        {"db_instance_identifier": "shop", **MONDAY},
        "target_exists",
        "its engine is mysql, and the engine of the source is postgres",
    ),
    "existing_target_and_fail": (
        {"db_instance_identifier": "orders", **MONDAY, "if_exists": "fail"},
        "target_exists",
        "if_exists: fail: ",
    ),
    "target_older_than_the_snapshot": (
        {"db_instance_identifier": "weeks-old", "db_snapshot_identifier": "shop-monday"},
        "target_exists",
        "before",
    ),
    "target_that_is_the_snapshotted_database": (
        {"db_instance_identifier": "orders", **MONDAY},
        "target_exists",
        "it is the source database itself",
    ),
    "target_that_is_the_source": (
        {"db_instance_identifier": "orders", **TO_TIME, **LATEST, "enabled": True, "apply_immediately": True},
        "target_exists",
        "it is the source database itself",
    ),
    "target_cluster_that_is_the_source": (
        {"db_cluster_identifier": "ledger", "source_db_cluster_identifier": "ledger", **LATEST},
        "target_exists",
        "it is the source database itself",
    ),
    "target_older_than_the_time_of_a_source_that_is_gone": (
        {"db_instance_identifier": "shop", "source_dbi_resource_id": "db-GONE", "restore_time": "2027-01-01T00:00:00Z"},
        "target_exists",
        "before 2027-01-01T00:00:00Z",
    ),
    "target_that_is_a_member": (
        {"db_instance_identifier": "ledger-1", "source_db_instance_identifier": "shop", **LATEST},
        "target_exists",
        "it is a member of DB cluster ledger",
    ),
    "target_that_is_being_deleted": (
        {"db_instance_identifier": "going", "source_db_instance_identifier": "shop", **LATEST},
        "target_exists",
        "its status is 'deleting'",
    ),
    "target_that_failed": (
        {"db_instance_identifier": "broken", "source_db_instance_identifier": "shop", **LATEST},
        "target_exists",
        "its status is 'incompatible-restore'",
    ),
    "member_that_is_being_deleted": (
        {
            "db_cluster_identifier": "copied",
            "source_db_cluster_identifier": "ledger",
            **LATEST,
            "cluster_instances": [{**MEMBER, "db_instance_identifier": "copied-1"}],
        },
        "member_exists",
        "copied-1: its status is 'deleting'",
    ),
}


@pytest.fixture
def restore(sim, capsys):
    """Return a function that runs rds_restore_iam against the simulator."""
    sim.seed(FLEET)
    return Runner("rds_restore_iam", sim.url, capsys)


@pytest.mark.parametrize("name", ["TdeCredentialPassword", "MasterUserPassword", "master_user_pasword", "MasterPassw"])
def test_restore_secret_in_extra_parameters_is_hidden(sim, restore, name):
    restore.fails(**DRILL, **MONDAY, extra_parameters={name: "s3cr3t-in-the-open", "Domain": "d-1234567890"})
    assert "s3cr3t-in-the-open" not in restore.output
    assert "d-1234567890" in restore.output


def changes(sim):
    return [call.operation for call in sim.calls if call.operation.startswith(("Restore", "Modify", "Create"))]


@pytest.mark.parametrize("asked", [False, None])
def test_restore_unsupported_engine_omits_setting(sim, restore, asked):
    options = {**DRILL, "db_snapshot_identifier": "oracle", "enabled": asked}
    predicted = restore.ok(check=True, **options)
    real = restore.ok(**options)
    (request,) = [call for call in sim.calls if call.operation.startswith("Restore")]
    assert "EnableIAMDatabaseAuthentication" not in request.parameters
    assert predicted["diff"] == real["diff"]
    assert restore.ok(**options)["changed"] is False


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", INPUT)
def test_restore_invalid_input_is_refused(sim, restore, case, check):
    if case == "managed_password":
        needs("RestoreDBInstanceFromDBSnapshot", "ManageMasterUserPassword")
    options, words = INPUT[case]
    result = restore.fails(check=check, **options)
    assert words in result["msg"]
    assert "s3cr3t-in-the-open" not in result["msg"]
    assert changes(sim) == []


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", PROBLEMS)
def test_restore_problem_creates_nothing(sim, restore, case, check):
    options, code, words = PROBLEMS[case]
    result = restore.fails(check=check, **options)
    assert code in [problem["code"] for problem in result["database"]["problems"]]
    assert result["database"]["outcome"] == "failed"
    assert words in result["msg"]
    assert "Nothing was modified" in result["msg"]
    assert (result["changed"], result["restored"]) == (False, False)
    assert changes(sim) == []


def test_restore_shared_encrypted_snapshot_is_refused(sim, restore):
    sim.seed(
        {
            "account": "210987654321",
            "db_instances": [{"identifier": "theirs", "engine": "mysql"}],
            "snapshots": [
                {"identifier": "given", "source": "theirs", "shared_with": ["123456789012"], "encrypted": True}
            ],
        }
    )
    arn = "arn:aws:rds:eu-west-1:210987654321:snapshot:given"
    result = restore.fails(check=True, **DRILL, db_snapshot_identifier=arn)
    assert result["database"]["problems"][0]["code"] == "source_not_restorable"
    assert "Copy it with a KMS key of this account" in result["msg"]
    assert changes(sim) == []


def test_restore_shared_encrypted_cluster_snapshot_is_allowed(sim, restore):
    """RDS requires a copy only for snapshots of DB instances."""
    theirs = {"identifier": "given", "source": "theirs", "shared_with": ["123456789012"], "encrypted": True}
    sim.seed(
        {
            "account": "210987654321",
            "db_clusters": [{"identifier": "theirs", "engine": "aurora-mysql"}],
            "cluster_snapshots": [theirs],
        }
    )
    arn = "arn:aws:rds:eu-west-1:210987654321:cluster-snapshot:given"
    assert restore.ok(**CLUSTER, db_cluster_snapshot_identifier=arn)["restored"] is True
