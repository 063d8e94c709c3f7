# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Creating DB instances, clusters with members and read replicas, and the checks before anything is created."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.provisioning_client import ModelledOperation
from ansible_collections.passwordless.rds.tests.unit.harness import Runner, needs

IAM = "IAMDatabaseAuthenticationEnabled"
IAM_PARAMETER = "EnableIAMDatabaseAuthentication"
SECRET = "correct-horse-battery-staple"
INSTANCE = {
    "db_instance_identifier": "mydbinstance",
    "engine": "MySQL",
    "db_instance_class": "db.m6g.large",
    "allocated_storage": 20,
    "master_username": "masterawsuser",
}
AURORA = {
    "db_cluster_identifier": "newledger",
    "engine": "aurora-postgresql",
    "master_username": "masterawsuser",
    "cluster_instances": [{"db_instance_identifier": "newledger-1", "db_instance_class": "db.r6g.large"}],
}
MULTI_AZ = {
    "db_cluster_identifier": "trio",
    "engine": "postgres",
    "db_instance_class": "db.m6gd.large",
    "allocated_storage": 100,
    "storage_type": "io1",
    "iops": 1000,
    "master_username": "masterawsuser",
}
REPLICA = {"db_instance_identifier": "shop-reports", "source_db_instance_identifier": "shop"}
CREATIONS = {
    "instance": (INSTANCE, "CreateDBInstance", "instance", "mydbinstance"),
    "aurora": (AURORA, "CreateDBCluster", "cluster", "newledger"),
    "multi_az": (MULTI_AZ, "CreateDBCluster", "cluster", "trio"),
    "replica": (REPLICA, "CreateDBInstanceReadReplica", "instance", "shop-reports"),
}
FLEET = {
    "db_parameter_groups": [
        {"name": "legacy", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}},
        {"name": "pg16", "family": "postgres16"},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 1}],
    "db_instances": [
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "bare", "engine": "mysql", "extra": {"BackupRetentionPeriod": 0}},
        {
            "identifier": "going",
            "engine": "mysql",
            "status": "deleting",
            "iam_database_authentication_enabled": True,
        },
    ],
}


@pytest.fixture
def create(sim, capsys):
    """Return a function that runs rds_create_iam against the simulator."""
    sim.seed(FLEET)
    return Runner("rds_create_iam", sim.url, capsys)


def calls(sim, *verbs):
    return [call for call in sim.calls if call.operation.startswith(verbs)]


@pytest.mark.sample(6)
@pytest.mark.parametrize("inherits", [True, False])
@pytest.mark.parametrize("asked", [True, False, None])
@pytest.mark.parametrize("creation", CREATIONS)
def test_create_preview_run_and_second_run(sim, create, creation, asked, inherits):
    options, operation, kind, name = CREATIONS[creation]
    sim.settings.update(replica_inherits=inherits)
    options = options if asked is None else {**options, "enable_iam_database_authentication": asked}
    predicted = create.ok(check=True, **options)
    assert calls(sim, "Create", "Modify") == []
    real = create.ok(**options)
    request = calls(sim, "Create")[0]
    assert request.operation == operation
    assert request.parameters["EnableIAMDatabaseAuthentication"] is (asked is not False)
    assert sim.database(kind, name)[IAM] is (asked is not False)
    assert sim.database(kind, name)["Status" if kind == "cluster" else "DBInstanceStatus"] == "available"
    for result in (predicted, real):
        assert (result["changed"], result["created"]) == (True, True)
        assert result["database"]["outcome"] == "applied"
    assert predicted["diff"] == real["diff"]
    sim.calls_clear()
    again = create.ok(**options)
    assert (again["changed"], again["created"]) == (False, False)
    assert calls(sim, "Create", "Modify") == []


def test_create_existing_target_changes_setting_only(sim, create):
    create.ok(**INSTANCE, enabled=False)
    sim.calls_clear()
    changed = {**INSTANCE, "allocated_storage": 500, "multi_az": True, "apply_immediately": True}
    result = create.ok(**changed)
    assert (result["created"], result["changed"]) == (False, True)
    (modify,) = calls(sim, "Modify")
    assert set(modify.parameters) == {"DBInstanceIdentifier", "EnableIAMDatabaseAuthentication", "ApplyImmediately"}


def test_create_without_password_uses_managed_password(sim, create):
    create.ok(**INSTANCE)
    assert calls(sim, "Create")[0].parameters["ManageMasterUserPassword"] is True
    result = create.ok(**{**INSTANCE, "db_instance_identifier": "other"}, master_user_password=SECRET)
    parameters = calls(sim, "Create")[1].parameters
    assert "ManageMasterUserPassword" not in parameters
    assert result["created"] is True
    assert SECRET not in create.output.replace("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "")


def test_create_extra_parameters_are_sent(sim, create):
    create.ok(**INSTANCE, tags={"env": "prod", "spare": None}, extra_parameters={"AutoMinorVersionUpgrade": False})
    parameters = calls(sim, "Create")[0].parameters
    assert parameters["AutoMinorVersionUpgrade"] is False
    assert parameters["Tags"] == [{"Key": "env", "Value": "prod"}, {"Key": "spare", "Value": ""}]
    assert parameters["Engine"] == "mysql"


POSTGRES = {**INSTANCE, "engine": "postgres"}
CLUSTER_ARN = "arn:aws:rds:us-east-1:123456789012:cluster:ledger"
WITHOUT_MASTER_USER = {
    "global": {"GlobalClusterIdentifier": "world"},
    "replica": {"ReplicationSourceIdentifier": CLUSTER_ARN},
    "express": {"WithExpressConfiguration": True},
}
SECONDARY = {"db_cluster_identifier": "second", "engine": "aurora-postgresql"}


@pytest.mark.parametrize("case", WITHOUT_MASTER_USER)
def test_create_without_master_user_sends_none(sim, create, case):
    extra = WITHOUT_MASTER_USER[case]
    needs("CreateDBCluster", *extra)
    predicted = create.ok(check=True, **SECONDARY, extra_parameters=extra)
    assert (predicted["created"], predicted["warnings"]) == (True, [])
    real = create(**SECONDARY, extra_parameters=extra)
    parameters = calls(sim, "CreateDBCluster")[0].parameters
    assert extra.items() <= parameters.items()
    assert not [name for name in parameters if name.startswith(("Master", "Manage"))]
    if case == "express":  # the simulator does not create one
        return
    assert predicted["diff"] == real["diff"]
    assert create.ok(**SECONDARY, extra_parameters=extra)["changed"] is False


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "option", ["master_user_password", "manage_master_user_password", "master_user_authentication"]
)
@pytest.mark.parametrize("case", WITHOUT_MASTER_USER)
def test_create_without_master_user_refuses_a_password(sim, create, case, option, check):
    extra = WITHOUT_MASTER_USER[case]
    needs("CreateDBCluster", *extra)
    value = {"master_user_password": SECRET, "manage_master_user_password": True}.get(option, "managed")
    result = create.fails(check=check, **SECONDARY, extra_parameters=extra, **{option: value})
    assert f"Remove {option}" in result["msg"]
    assert calls(sim, "Create") == []


def test_create_primary_of_global_database_needs_a_password(sim, create):
    options = {**SECONDARY, "master_username": "boss", "extra_parameters": WITHOUT_MASTER_USER["global"]}
    needs("CreateDBCluster", "GlobalClusterIdentifier")
    assert "does not manage the master password of a global database" in create.fails(**options)["msg"]
    create.ok(**options, master_user_password=SECRET)
    assert calls(sim, "CreateDBCluster")[0].parameters["MasterUsername"] == "boss"


@pytest.mark.parametrize("check", [True, False])
def test_create_express_with_setting_off_is_always_on(sim, create, check):
    needs("CreateDBCluster", "WithExpressConfiguration")
    extra = WITHOUT_MASTER_USER["express"]
    result = create.fails(check=check, **SECONDARY, enabled=False, extra_parameters=extra)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["always_on"]
    assert calls(sim, "Create") == []


def test_create_master_user_managed_sends_managed_password(sim, create):
    result = create.ok(**INSTANCE, master_user_authentication="managed")
    assert calls(sim, "Create")[0].parameters["ManageMasterUserPassword"] is True
    assert not [text for text in result["warnings"] if "master password" in text]


def test_create_master_user_password_sends_the_password(sim, create):
    create.ok(**INSTANCE, master_user_authentication="password", master_user_password=SECRET)
    parameters = calls(sim, "Create")[0].parameters
    assert "MasterUserPassword" in parameters
    assert not {"ManageMasterUserPassword", "MasterUserAuthenticationType"} & set(parameters)


@pytest.mark.parametrize(
    ("options", "cost"),
    [(INSTANCE, "read replicas or blue/green"), (AURORA, "blue/green deployments, global databases")],
)
def test_create_managed_password_by_default_warns_about_its_cost(create, options, cost):
    for check in (True, False):
        (warning,) = [text for text in create.ok(check=check, **options)["warnings"] if "master password" in text]
        assert cost in warning
    again = create.ok(**options)
    assert not [text for text in again["warnings"] if "master password" in text]


def test_create_iam_master_old_botocore_names_version(create, monkeypatch):
    _forget(monkeypatch, "MasterUserAuthenticationType")
    result = create.fails(**POSTGRES, master_user_authentication="iam")
    assert "requires botocore 1.40.22 or later" in result["msg"]


def _forget(monkeypatch, parameter):
    """Remove the parameter from the API model, as in an older botocore."""
    known = ModelledOperation.__init__

    def init(self, shape, name):
        known(self, shape, name)
        self.accepts = tuple(member for member in self.accepts if member != parameter)

    monkeypatch.setattr(ModelledOperation, "__init__", init)


def test_create_oracle_with_setting_off_sends_nothing(sim, create):
    oracle = {**INSTANCE, "engine": "oracle-ee", "db_instance_class": "db.m6i.large", "enabled": False}
    predicted = create.ok(check=True, **oracle)
    real = create.ok(**oracle)
    assert IAM_PARAMETER not in calls(sim, "Create")[0].parameters
    assert predicted["diff"] == real["diff"]
    assert create.ok(**oracle)["changed"] is False


def test_create_master_user_iam_has_no_password(sim, create):
    needs("CreateDBInstance", "MasterUserAuthenticationType")
    create.ok(**POSTGRES, master_user_authentication="iam")
    parameters = calls(sim, "Create")[0].parameters
    assert parameters["MasterUserAuthenticationType"] == "iam-db-auth"
    assert not {"ManageMasterUserPassword", "MasterUserPassword"} & set(parameters)


def test_create_replica_of_other_region_skips_engine_checks(sim, create):
    sim.seed({"region": "us-east-1", "db_instances": [{"identifier": "far", "engine": "mysql"}]})
    arn = "arn:aws:rds:us-east-1:123456789012:db:far"
    create.ok(**{**REPLICA, "source_db_instance_identifier": arn}, db_instance_class="db.m6g.large")
    assert calls(sim, "DescribeOrderable") == []
    (request,) = calls(sim, "Create")
    assert request.parameters["SourceDBInstanceIdentifier"] == arn
    assert "us-east-1" in request.parameters["PreSignedUrl"]


def test_create_missing_members_are_created(sim, create):
    create.ok(**AURORA)
    more = [
        *AURORA["cluster_instances"],
        {"db_instance_identifier": "newledger-2", "db_instance_class": "db.r6g.large"},
    ]
    predicted = create.ok(check=True, **{**AURORA, "cluster_instances": more})
    real = create.ok(**{**AURORA, "cluster_instances": more})
    assert (
        predicted["diff"]
        == real["diff"]
        == {
            "before": {},
            "after": {"instance/newledger-2": {"db_cluster_identifier": "newledger"}},
        }
    )
    assert (real["created"], real["changed"]) == (False, True)


ORACLE_ADVICE = (
    "engine_unsupported: engine: oracle-ee does not support IAM database authentication. Set "
    "enable_iam_database_authentication to false, or choose another engine"
)
REFUSED = {
    "nothing": ({}, "the target must be named once"),
    "little": (
        {"db_instance_identifier": "x", "engine": "mysql"},
        "Set db_instance_class, allocated_storage",
    ),
    "both_passwords": (
        {**INSTANCE, "master_user_password": SECRET, "manage_master_user_password": True},
        "master_user_password, manage_master_user_password: both are set",
    ),
    "unknown_engine": (
        {**INSTANCE, "engine": "mysqll"},
        "engine_not_offered: engine: RDS does not offer engine 'mysqll' in this Region. Similar: mysql",
    ),
    "unknown_engine_and_version": (
        {**INSTANCE, "engine": "mysq", "engine_version": "8.0.40"},
        "engine_not_offered: engine: RDS does not offer engine 'mysq' in this Region. Similar: mysql",
    ),
    "unlike_any_engine": ({**INSTANCE, "engine": "x"}, "Engines with IAM database authentication: aurora-mysql"),
    "unknown_version": ({**INSTANCE, "engine_version": "9.99"}, "RDS does not offer version 9.99 of engine mysql"),
    "unknown_class": ({**INSTANCE, "db_instance_class": "db.z9.tiny"}, "class_not_offered"),
    "unknown_group": ({**INSTANCE, "db_parameter_group_name": "nothing"}, "parameter_group_not_found"),
    "group_of_another_family": ({**INSTANCE, "db_parameter_group_name": "pg16"}, "parameter_group_unsuited"),
    "oracle": ({**INSTANCE, "engine": "oracle-ee", "db_instance_class": "db.m6i.large"}, ORACLE_ADVICE),
    "ssl": (
        {**INSTANCE, "engine": "postgres", "engine_version": "13.20", "db_parameter_group_name": "legacy"},
        "ssl_disabled",
    ),
    "replica_cluster": ({**AURORA, "source_db_instance_identifier": "shop"}, "a read replica is a DB instance"),
    "replica_of_nothing": (
        {**REPLICA, "source_db_instance_identifier": "shopp"},
        "source_not_found: source_db_instance_identifier: 'shopp': there is no DB instance with this identifier in "
        "Region eu-west-1. Similar: shop",
    ),
    "class_without_setting": (
        {
            **AURORA,
            "engine": "aurora-mysql",
            "cluster_instances": [{"db_instance_identifier": "x", "db_instance_class": "db.t3.small"}],
        },
        "with this engine version. Choose another class",
    ),
    "kerberos": (
        {**INSTANCE, "engine": "postgres", "extra_parameters": {"Domain": "d-1234567890"}},
        "or remove Domain from extra_parameters",
    ),
    "replica_without_backups": ({**REPLICA, "source_db_instance_identifier": "bare"}, "has no automated backups"),
    "replica_with_engine": (
        {**REPLICA, "engine": "mysql"},
        "engine: CreateDBInstanceReadReplica does not support this option",
    ),
    "other_engine": ({**INSTANCE, "db_instance_identifier": "shop", "engine": "mariadb"}, "its engine is mysql"),
    "aurora_instance": (
        {**INSTANCE, "engine": "aurora-mysql", "db_instance_class": "db.r6g.large"},
        "aurora-mysql supports only DB clusters. Set db_cluster_identifier",
    ),
    "cluster_of_mariadb": ({**AURORA, "engine": "MariaDB"}, "engine: mariadb does not support DB clusters"),
    "class_of_an_aurora_cluster": ({**AURORA, "db_instance_class": "db.r6g.large"}, "an Aurora cluster has no class"),
    "multi_az_without_class": (
        {name: value for name, value in MULTI_AZ.items() if name != "db_instance_class"},
        "Set db_instance_class",
    ),
    "multi_az_with_members": (
        {**MULTI_AZ, "cluster_instances": AURORA["cluster_instances"]},
        "RDS creates the members of a Multi-AZ DB cluster",
    ),
    "no_password": ({**INSTANCE, "manage_master_user_password": False}, "Set master_user_password"),
    "replica_of_a_member": ({**REPLICA, "source_db_instance_identifier": "ledger-1"}, "is a member of DB cluster led"),
    "being_deleted": ({**INSTANCE, "db_instance_identifier": "going"}, "its status is 'deleting'"),
    "no_replica": (
        {**REPLICA, "db_instance_identifier": "bare"},
        "it is not a read replica, but the task requests a read replica of shop",
    ),
    "iam_master_of_mysql": (
        {**INSTANCE, "master_user_authentication": "iam"},
        "iam is valid only for the engines postgres and",
    ),
    "iam_master_and_setting_off": (
        {**INSTANCE, "engine": "postgres", "master_user_authentication": "iam", "enabled": False},
        "iam requires IAM database authentication. Set enable_iam_database_authentication to true",
    ),
    "iam_master_and_password": (
        {**INSTANCE, "engine": "postgres", "master_user_authentication": "iam", "master_user_password": SECRET},
        "Remove master_user_password",
    ),
    "iam_master_and_managed": (
        {**INSTANCE, "engine": "postgres", "master_user_authentication": "iam", "manage_master_user_password": True},
        "Remove manage_master_user_password",
    ),
    "managed_and_password": (
        {**INSTANCE, "master_user_authentication": "managed", "master_user_password": SECRET},
        "Remove master_user_password",
    ),
    "managed_and_not_managed": (
        {**INSTANCE, "master_user_authentication": "managed", "manage_master_user_password": False},
        "false contradicts master_user_authentication=managed",
    ),
    "password_and_managed": (
        {**INSTANCE, "master_user_authentication": "password", "manage_master_user_password": True},
        "true contradicts master_user_authentication=password",
    ),
    "password_without_one": (
        {**INSTANCE, "master_user_authentication": "password"},
        "Set master_user_password, because master_user_authentication is password",
    ),
    "iam_master_in_extra": (
        {**INSTANCE, "engine": "postgres", "extra_parameters": {"MasterUserAuthenticationType": "iam-db-auth"}},
        "Use master_user_authentication",
    ),
    "secret_extra": (
        {**INSTANCE, "extra_parameters": {"MasterUserPassword": SECRET}},
        "Use the option master_user_password",
    ),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", REFUSED)
def test_create_invalid_input_or_problem_is_refused(sim, create, case, check):
    if case == "iam_master_in_extra":
        needs("CreateDBInstance", "MasterUserAuthenticationType")
    options, words = REFUSED[case]
    result = create.fails(check=check, **options)
    assert words in result["msg"]
    assert SECRET not in result["msg"]
    assert calls(sim, "Create", "Modify") == []


@pytest.mark.parametrize("creation", ["instance", "aurora"])
def test_create_storage_optimization_counts_as_ready(sim, create, creation):
    options, _operation, kind, name = CREATIONS[creation]
    sim.settings.update(backup_seconds=0.0)
    member = "DBInstanceStatus" if kind == "instance" else "Status"
    sim.at(121, lambda s: s.database(kind, name).update({member: "storage-optimization"}))
    began = sim.clock.monotonic()
    result = create.ok(wait_delay=7, **options)
    assert result["database"]["status"] == "storage-optimization"
    assert sim.clock.monotonic() - began < 600
    assert create.ok(**options)["changed"] is False


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"allocated_storage": 10**400}, "allocated_storage: 1000"),
        ({"port": 10**400}, "port: 1000"),
        ({"iops": -(10**400)}, "iops: -1000"),
        ({"wait_timeout": 10**400}, "wait_timeout: 1000"),
        ({"wait_delay": float("inf")}, "wait_delay: inf"),
        ({"serverless_v2_scaling_configuration": {"max_capacity": float("nan")}}, "max_capacity: nan"),
        ({"serverless_v2_scaling_configuration": {"min_capacity": float("inf")}}, "min_capacity: inf"),
        (
            {"cluster_instances": [{**AURORA["cluster_instances"][0], "promotion_tier": 10**400}]},
            "promotion_tier: 1000",
        ),
    ],
)
def test_create_number_out_of_range_is_refused(sim, create, options, words):
    result = create.fails(**{**AURORA, **options})
    assert words in result["msg"]
    assert sim.calls == []


@pytest.mark.sample(2)
@pytest.mark.parametrize("creation", CREATIONS)
@pytest.mark.parametrize(("code", "times"), [("InternalFailure", 1), ("ServiceUnavailable", 9)])
def test_create_internal_error_after_request_is_verified(sim, create, creation, code, times):
    options, operation, kind, name = CREATIONS[creation]
    sim.faults.add(operation=operation, code=code, carried_out=True, times=times)
    result = create.ok(**options)
    assert (result["created"], result["changed"], result["database"]["outcome"]) == (True, True, "applied")
    assert sim.database(kind, name)[IAM] is True
    assert create.ok(**options)["changed"] is False
