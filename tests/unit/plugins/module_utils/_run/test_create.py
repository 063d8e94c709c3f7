# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The request that ``rds_create_iam`` makes, the options that it refuses, and the target that exists."""

from __future__ import annotations

import types
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.provisioning import EngineOffer
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError, RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import LIVE_INSTANCE, RestoreSource
from ansible_collections.passwordless.rds.plugins.module_utils._run.create import OPERATIONS, create
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    context_of,
    task_params,
)

ORDERS, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "ledger")
PASSWORD = "correct-horse-1"
PLAIN = types.MappingProxyType(
    {
        "db_instance_identifier": "orders",
        "engine": "Postgres",
        "db_instance_class": "db.m6g.large",
        "allocated_storage": 20,
        "master_username": "admin",
        "master_user_password": PASSWORD,
    }
)
MEMBER = {"db_instance_identifier": "ledger-1", "db_instance_class": "db.r6g.large"}
AURORA = {
    "db_cluster_identifier": "ledger",
    "engine": "aurora-postgresql",
    "master_username": "admin",
    "manage_master_user_password": True,
    "cluster_instances": [MEMBER],
}
MULTI_AZ = {**AURORA, "engine": "postgres", "db_instance_class": "db.m6gd.large", "cluster_instances": None}
REPLICA = {"db_instance_identifier": "orders", "source_db_instance_identifier": "shop"}
SHOP = RestoreSource(LIVE_INSTANCE, "shop", "arn", "db-SHOP", False, "mysql", "8.0.40", "available")
FAR = "arn:aws:rds:us-east-1:123456789012:db:shop"


def region(**more):
    offers = {
        "postgres": EngineOffer("16.4", "postgres16"),
        "aurora-postgresql": EngineOffer("16.4", "aurora-postgresql16"),
        "oracle-ee": EngineOffer("19", "oracle-ee-19"),
    }
    return FakeRds(offers=offers, sources={"shop": SHOP}, **more)


def run(rds, given=PLAIN, *, check=False, warnings=None, **more):
    wait = more.pop("wait", True)
    params = task_params(**{**given, **more})
    asked = options(params["enable_iam_database_authentication"], wait=wait, wait_timeout=60.0)
    return create(params, asked, context_of(rds, warnings, check_mode=check))


def refused(given=PLAIN, rds=None, **more):
    rds = rds or region()
    with pytest.raises(InputError) as failure:
        run(rds, given, **more)
    assert rds.count("make") == 0
    assert PASSWORD not in failure.value.message
    return failure.value.message


def codes(given=PLAIN, rds=None, **more):
    rds = rds or region()
    with pytest.raises(RdsError) as failure:
        run(rds, given, **more)
    assert rds.count("make") == 0
    return [problem.code for problem in failure.value.result.problems]


def test_create_operations_are_those_that_the_workflow_needs():
    assert OPERATIONS == ("CreateDBInstance", "CreateDBCluster", "CreateDBInstanceReadReplica")


@pytest.mark.parametrize("enabled", [True, False])
def test_create_instance_sends_options_and_setting(enabled):
    rds = region()
    result = run(rds, enable_iam_database_authentication=enabled, tags={"env": "prod"})
    (request,) = rds.sent("make")
    assert (request.operation, request.parameters) == (
        "CreateDBInstance",
        {
            "DBInstanceIdentifier": "orders",
            "Engine": "postgres",
            "DBInstanceClass": "db.m6g.large",
            "AllocatedStorage": 20,
            "MasterUsername": "admin",
            "MasterUserPassword": PASSWORD,
            "Tags": [{"Key": "env", "Value": "prod"}],
            "EnableIAMDatabaseAuthentication": enabled,
        },
    )
    assert (result.wanted.verb, result.was_made, rds.databases[ORDERS].current) == ("created", True, enabled)


def test_create_check_mode_predicts_the_run():
    rds = region()
    predicted, real = run(rds, check=True), run(region())
    assert rds.count("make") == 0
    assert predicted.render()["diff"] == real.render()["diff"]
    assert predicted.render()["created"] is real.render()["created"] is True


def test_create_cluster_with_members():
    rds = region()
    result = run(rds, AURORA)
    first, second = rds.sent("make")
    assert first.operation == "CreateDBCluster"
    assert first.parameters == {
        "DBClusterIdentifier": "ledger",
        "Engine": "aurora-postgresql",
        "MasterUsername": "admin",
        "ManageMasterUserPassword": True,
        "EnableIAMDatabaseAuthentication": True,
    }
    assert second.parameters["DBInstanceIdentifier"] == "ledger-1"
    assert result.own_members == ["ledger-1"]


def test_create_multi_az_cluster_has_a_class():
    rds = region()
    run(rds, MULTI_AZ, check=True)
    run(rds, MULTI_AZ)
    assert rds.sent("make")[0].parameters["DBClusterInstanceClass"] == "db.m6gd.large"


@pytest.mark.parametrize("enabled", [False, None])
def test_create_engine_without_iam_omits_the_setting(enabled):
    rds = region()
    run(rds, engine="oracle-ee", enable_iam_database_authentication=enabled)
    assert "EnableIAMDatabaseAuthentication" not in rds.sent("make")[0].parameters


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        (PLAIN, {"engine": None}, "CreateDBInstance: required options are missing. Set engine."),
        (PLAIN, {"db_instance_class": "", "allocated_storage": None}, "Set db_instance_class, allocated_storage."),
        (PLAIN, {"master_username": None}, "Set master_username."),
        (AURORA, {"engine": None}, "CreateDBCluster: required options are missing. Set engine."),
        (
            MULTI_AZ,
            {"db_instance_class": None},
            "db_instance_class: required for a Multi-AZ DB cluster of engine postgres",
        ),
        (PLAIN, {"engine": "aurora-mysql"}, "engine: aurora-mysql supports only DB clusters"),
        (AURORA, {"engine": "mariadb"}, "engine: mariadb does not support DB clusters"),
        (PLAIN, {"master_user_authentication": "managed"}, "master_user_password: master_user_authentication=managed"),
        (PLAIN, {"extra_parameters": {"Nonsense": 1}}, "CreateDBInstance has no parameter 'Nonsense'"),
        (PLAIN, {"db_cluster_parameter_group_name": "own"}, "CreateDBInstance does not support this option"),
        (PLAIN, {"wait": False, "cluster_instances": [MEMBER]}, "cluster_instances: the target is a DB instance"),
        (
            {**REPLICA, "db_instance_identifier": None},
            {"db_cluster_identifier": "ledger"},
            "source_db_instance_identifier: a read replica is a DB instance. Set db_instance_identifier instead",
        ),
        (REPLICA, {"master_username": "admin"}, "CreateDBInstanceReadReplica does not support this option"),
    ],
)
def test_create_invalid_options_are_refused(given, more, words):
    assert words in refused(given, **more)


def test_create_master_user_with_iam_needs_setting_and_botocore():
    iam = {"master_user_password": None, "master_user_authentication": "iam"}
    rds = region()
    run(rds, **iam)
    assert rds.sent("make")[0].parameters["MasterUserAuthenticationType"] == "iam-db-auth"
    assert "requires IAM database authentication" in refused(enable_iam_database_authentication=False, **iam)
    old = region(unknown_parameters=["MasterUserAuthenticationType"])
    assert "does not support" in refused(rds=old, **iam)


def test_create_managed_password_is_the_default_and_warns():
    rds, warnings = region(), []
    run(rds, master_user_password=None, warnings=warnings)
    assert rds.sent("make")[0].parameters["ManageMasterUserPassword"] is True
    assert warnings[0].startswith("DB instance orders: RDS will manage the master password in AWS Secrets Manager")
    quiet = []
    run(region(), AURORA, warnings=quiet)
    assert not any("Secrets Manager" in text for text in quiet)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"engine": "mariadb"}, ["engine_not_offered"]),
        ({"engine_version": "9.6"}, ["engine_version_not_offered"]),
        ({"db_parameter_group_name": "gone"}, ["parameter_group_not_found"]),
        ({"db_instance_class": "db.x9"}, ["class_not_offered"]),
        ({"db_instance_class": "db.t2"}, ["class_unsupported"]),
    ],
)
def test_create_problem_is_found_before_the_request(more, expected, check):
    assert codes(rds=region(support={"db.x9": None, "db.t2": False}), check=check, **more) == expected


EXPRESS = {"WithExpressConfiguration": True}


@pytest.mark.parametrize(
    ("enabled", "extra", "expected"),
    [
        (True, EXPRESS, None),
        (False, {}, None),
        (False, EXPRESS, ["always_on"]),
        (False, {**EXPRESS, "EnableInternetAccessGateway": True}, ["always_on"]),
        (False, {**EXPRESS, "EnableInternetAccessGateway": False}, None),
    ],
)
def test_create_express_configuration_needs_the_setting(enabled, extra, expected):
    given = {**AURORA, "manage_master_user_password": None, "extra_parameters": extra}
    if not extra:
        given["manage_master_user_password"] = True
    given["enable_iam_database_authentication"] = enabled
    if expected is None:
        assert run(region(), given).was_made
    else:
        assert codes(given) == expected


def test_create_replica_sends_source_and_setting():
    rds = region()
    result = run(rds, REPLICA)
    (request,) = rds.sent("make")
    assert (request.operation, request.parameters) == (
        "CreateDBInstanceReadReplica",
        {
            "DBInstanceIdentifier": "orders",
            "SourceDBInstanceIdentifier": "shop",
            "EnableIAMDatabaseAuthentication": True,
        },
    )
    assert (result.wanted.engine, result.wanted.engine_version) == ("mysql", "8.0.40")


def test_create_replica_of_other_region_asks_nothing_here():
    rds = region()
    run(rds, {**REPLICA, "source_db_instance_identifier": FAR}, check=True)
    assert (rds.count("source"), rds.count("supports_iam")) == (0, 0)
    run(rds, {**REPLICA, "source_db_instance_identifier": FAR})
    assert rds.sent("make")[0].parameters["SourceRegion"] == "us-east-1"


@pytest.mark.parametrize(
    ("source", "more", "expected"),
    [
        (None, {}, ["source_not_found"]),
        (replace(SHOP, keeps_backups=False), {}, ["source_not_restorable"]),
        (replace(SHOP, member_of="ledger"), {}, ["source_not_restorable"]),
        (SHOP, {"db_instance_class": "db.x9"}, ["class_not_offered"]),
        (SHOP, {"db_instance_class": "db.t2"}, ["class_unsupported"]),
    ],
)
def test_create_replica_problem_is_found_before_the_request(source, more, expected):
    rds = region(support={"db.x9": None, "db.t2": False})
    rds.sources = {"shop": source} if source else {}
    assert codes(REPLICA, rds, **more) == expected


def existing(**changes):
    return instance("orders", **{"current": True, "endpoint": Endpoint("orders.example", 5432), **changes})


@pytest.mark.parametrize("check", [True, False])
def test_create_existing_database_is_reused(check):
    rds = region().add(existing())
    result = run(rds, check=check)
    assert (result.outcome, result.was_made, result.changed) == ("unchanged", False, False)
    assert rds.count("make") == 0
    # what RDS offers today does not matter
    assert rds.count("engine_offer") == 0


@pytest.mark.parametrize(
    ("given", "database", "words"),
    [
        (PLAIN, existing(engine="mysql"), "is another database: its engine is mysql, not postgres"),
        (REPLICA, existing(), "it is not a read replica, but the task requests a read replica of shop"),
        (
            REPLICA,
            existing(replica_of="web"),
            "it is a read replica of web, but the task requests a read replica of shop",
        ),
        (PLAIN, existing(status="deleting"), "its status is 'deleting'"),
        (PLAIN, existing(cluster_identifier="ledger"), "it is a member of DB cluster ledger"),
        (
            PLAIN,
            existing(status="creating", endpoint=None, instance_class="db.r6g.large"),
            "but its properties differ from those in this task: its class is db.r6g.large, not db.m6g.large",
        ),
    ],
)
def test_create_existing_database_that_is_another_is_refused(given, database, words):
    rds = region().add(database)
    with pytest.raises(RdsError) as failure:
        run(rds, given)
    assert [problem.code for problem in failure.value.result.problems] == ["target_exists"]
    assert words in failure.value.message
    assert (rds.count("make"), rds.count("modify")) == (0, 0)


@pytest.mark.parametrize("replica_of", ["shop", "arn:aws:rds:eu-west-1:123456789012:db:shop"])
def test_create_existing_replica_of_the_source_is_reused(replica_of):
    assert not run(region().add(existing(replica_of=replica_of)), REPLICA).changed


def test_create_new_members_need_a_suitable_group():
    rds = region().add(cluster(endpoint=Endpoint("x", 1), current=True))
    given = {**AURORA, "cluster_instances": [{**MEMBER, "db_parameter_group_name": "gone"}]}
    assert codes(given, rds) == ["parameter_group_not_found"]
