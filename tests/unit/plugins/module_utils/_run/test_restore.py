# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The request that ``rds_restore_iam`` makes, the options that it refuses, and the target that exists."""

from __future__ import annotations

import datetime as dt
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
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    CLUSTER_SNAPSHOT,
    LIVE_CLUSTER,
    LIVE_INSTANCE,
    SNAPSHOT,
    RestoreSource,
    SourceDatabase,
    SourceMember,
)
from ansible_collections.passwordless.rds.plugins.module_utils._run.restore import restore
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    NOON,
    FakeRds,
    context_of,
    task_params,
)

DRILL = DatabaseId(INSTANCE, "drill")
LATEST = NOON - dt.timedelta(minutes=5)
MONDAY = RestoreSource(
    SNAPSHOT,
    "monday",
    "arn:monday",
    "db-SHOP",
    True,
    "mysql",
    "8.0.40",
    "available",
    moment=NOON - dt.timedelta(days=1),
)
LIVE = RestoreSource(
    LIVE_INSTANCE,
    "shop",
    "arn:shop",
    "db-SHOP",
    True,
    "mysql",
    "8.0.40",
    "available",
    earliest=NOON - dt.timedelta(days=7),
    latest=LATEST,
)
WEEKLY = replace(MONDAY, kind=CLUSTER_SNAPSHOT, name="weekly", engine="aurora-mysql")
LEDGER = replace(LIVE, kind=LIVE_CLUSTER, name="ledger", engine="aurora-mysql", resource_id="cluster-LEDGER")
SNAPSHOT_TASK = types.MappingProxyType({"db_instance_identifier": "drill", "db_snapshot_identifier": "monday"})
PITR = {"db_instance_identifier": "drill", "source_db_instance_identifier": "shop", "use_latest_restorable_time": True}
CLUSTER_TASK = {"db_cluster_identifier": "drill", "db_cluster_snapshot_identifier": "weekly"}
BACKUP = {
    "db_instance_identifier": "drill",
    "s3_bucket_name": "backups",
    "s3_ingestion_role_arn": "arn:aws:iam::123456789012:role/ingestion",
    "source_engine": "mysql",
    "source_engine_version": "8.0.40",
    "master_username": "admin",
    "manage_master_user_password": True,
}
IAM = "EnableIAMDatabaseAuthentication"


def region(*sources, **more):
    known = sources or (MONDAY, LIVE, WEEKLY, LEDGER)
    offers = {
        "mysql": EngineOffer("8.0.40", "mysql8.0"),
        "mariadb": EngineOffer("10.11.9", "mariadb10.11"),
        "aurora-mysql": EngineOffer("8.0.40", "aurora-mysql8.0"),
    }
    return FakeRds(**{"offers": offers, "sources": {source.name: source for source in known}, **more})


def run(rds, given=SNAPSHOT_TASK, *, check=False, warnings=None, **more):
    wait = more.pop("wait", True)
    params = task_params(**{"enable_iam_database_authentication": None, **given, **more})
    asked = options(bool(params["enable_iam_database_authentication"]), wait=wait, wait_timeout=60.0)
    return restore(params, asked, context_of(rds, warnings, check_mode=check))


def refused(given=SNAPSHOT_TASK, rds=None, **more):
    rds = rds or region()
    with pytest.raises(InputError) as failure:
        run(rds, given, **more)
    assert rds.count("make") == 0
    return failure.value.message


def fails(given=SNAPSHOT_TASK, rds=None, **more):
    rds = rds or region()
    with pytest.raises(RdsError) as failure:
        run(rds, given, **more)
    assert (rds.count("make"), rds.count("modify")) == (0, 0)
    return [problem.code for problem in failure.value.result.problems], failure.value.message


def request_of(given=SNAPSHOT_TASK, rds=None, **more):
    rds = rds or region()
    run(rds, given, **more)
    return rds.sent("make")[0]


@pytest.mark.parametrize(("desired", "sent"), [(None, True), (True, True), (False, False)])
def test_restore_setting_is_always_sent(desired, sent):
    """RDS takes the value of the source by default. The request names it, so that nothing is left to chance."""
    request = request_of(enable_iam_database_authentication=desired)
    assert (request.operation, request.parameters) == (
        "RestoreDBInstanceFromDBSnapshot",
        {
            "DBInstanceIdentifier": "drill",
            "DBSnapshotIdentifier": "monday",
            "Engine": "mysql",
            "EngineVersion": "8.0.40",
            IAM: sent,
        },
    )


def test_restore_setting_of_the_source_is_kept():
    rds = region(replace(MONDAY, iam=False))
    result = run(rds)
    assert (rds.sent("make")[0].parameters[IAM], result.wanted.desired) == (False, False)


@pytest.mark.parametrize("given", [SNAPSHOT_TASK, PITR, CLUSTER_TASK])
def test_restore_check_mode_predicts_the_run(given):
    rds = region()
    predicted, real = run(rds, given, check=True), run(region(), given)
    assert rds.count("make") == 0
    assert predicted.render()["diff"] == real.render()["diff"]
    assert predicted.render()["restored"] is real.render()["restored"] is True


def test_restore_to_latest_time():
    rds = region()
    result = run(rds, PITR)
    (request,) = rds.sent("make")
    assert request.operation == "RestoreDBInstanceToPointInTime"
    assert request.parameters["TargetDBInstanceIdentifier"] == "drill"
    assert request.parameters["SourceDBInstanceIdentifier"] == "shop"
    assert request.parameters["UseLatestRestorableTime"] is True
    assert result.wanted.restored_to == LATEST


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        (PITR, "RestoreTime"),
        ({"db_cluster_identifier": "drill", "source_db_cluster_identifier": "ledger"}, "RestoreToTime"),
    ],
)
def test_restore_to_a_time(given, parameter):
    request = request_of(given, use_latest_restorable_time=False, restore_time="2026-11-02T10:00:00+01:00")
    assert request.parameters[parameter] == NOON - dt.timedelta(hours=3)
    assert "UseLatestRestorableTime" not in request.parameters


def test_restore_snapshot_of_instance_as_cluster_uses_the_arn():
    request = request_of({"db_cluster_identifier": "drill", "db_snapshot_identifier": "monday"})
    assert request.operation == "RestoreDBClusterFromSnapshot"
    assert request.parameters["SnapshotIdentifier"] == "arn:monday"
    assert request.parameters["Engine"] == "aurora-mysql"
    # the version of the snapshot is one of MySQL
    assert "EngineVersion" not in request.parameters
    assert request_of(CLUSTER_TASK).parameters["SnapshotIdentifier"] == "weekly"


@pytest.mark.parametrize(
    ("source", "more", "expected"),
    [
        (replace(MONDAY, instance_class="db.m6gd.large"), {}, "db.m6gd.large"),
        (replace(MONDAY, instance_class="db.m6gd.large"), {"db_instance_class": "db.r6gd.large"}, "db.r6gd.large"),
        (MONDAY, {"db_instance_class": "db.r6gd.large"}, "db.r6gd.large"),
        (MONDAY, {}, None),
    ],
)
def test_restore_multi_az_cluster_needs_a_class(source, more, expected):
    given = {"db_cluster_identifier": "drill", "db_snapshot_identifier": "monday", "engine": "mysql", **more}
    if expected is None:
        assert "db_instance_class: required for a Multi-AZ DB cluster" in refused(given, region(source))
    else:
        assert request_of(given, region(source)).parameters["DBClusterInstanceClass"] == expected


def test_restore_from_s3():
    rds = region()
    run(rds, BACKUP)
    (request,) = rds.sent("make")
    assert request.operation == "RestoreDBInstanceFromS3"
    expected = {
        "S3BucketName": "backups",
        "S3IngestionRoleArn": "arn:aws:iam::123456789012:role/ingestion",
        "SourceEngine": "mysql",
        "SourceEngineVersion": "8.0.40",
        "ManageMasterUserPassword": True,
        IAM: False,
    }
    assert {name: request.parameters[name] for name in expected} == expected
    # nothing in RDS describes the backup
    assert rds.count("source") == 0


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        (SNAPSHOT_TASK, {"db_snapshot_identifier": " "}, "no source is set"),
        (SNAPSHOT_TASK, {"source_db_instance_identifier": "shop"}, "a restore has exactly one source, and 2 are set"),
        (SNAPSHOT_TASK, {"s3_prefix": "daily"}, "s3_prefix: supported only with s3_bucket_name. Remove s3_prefix."),
        (SNAPSHOT_TASK, {"restore_time": "2026-11-02T10:00:00Z"}, "does not support a point in time"),
        (SNAPSHOT_TASK, {"engine": "aurora-mysql"}, "engine: aurora-mysql supports only DB clusters"),
        (CLUSTER_TASK, {"db_instance_class": "db.r6g.large"}, "db_instance_class: an Aurora cluster has no class"),
        (SNAPSHOT_TASK, {"master_username": "admin"}, "master_username: RestoreDBInstanceFromDBSnapshot does not"),
        (
            SNAPSHOT_TASK,
            {"manage_master_user_password": True},
            "manage_master_user_password: RestoreDBInstanceFromDBSnapshot supports it only for Oracle",
        ),
        (BACKUP, {"s3_ingestion_role_arn": None}, "required parameters are missing. Set s3_ingestion_role_arn."),
        (
            BACKUP,
            {"inherit_settings_from_source": True},
            "inherit_settings_from_source: a backup in S3 does not come from an RDS database",
        ),
        (SNAPSHOT_TASK, {"extra_parameters": {"DBSnapshotIdentifier": "x"}}, "is set by another option"),
    ],
)
def test_restore_invalid_options_are_refused(given, more, words):
    assert words in refused(given, **more)


def test_restore_managed_password_of_oracle_is_accepted():
    oracle = replace(MONDAY, engine="oracle-ee", engine_version="19", iam=False)
    request = request_of(rds=region(oracle), manage_master_user_password=True)
    assert request.parameters["ManageMasterUserPassword"] is True
    assert IAM not in request.parameters


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("given", "more", "expected"),
    [
        ({**SNAPSHOT_TASK, "db_snapshot_identifier": "mondey"}, {}, ["source_not_found"]),
        (
            {**PITR, "use_latest_restorable_time": False, "restore_time": "2020-01-01T00:00:00Z"},
            {},
            ["source_not_restorable"],
        ),
        (SNAPSHOT_TASK, {"engine": "postgres"}, ["engine_not_offered"]),
        (SNAPSHOT_TASK, {"engine_version": "5.7"}, ["engine_version_not_offered"]),
        (SNAPSHOT_TASK, {"db_parameter_group_name": "gone"}, ["parameter_group_not_found"]),
        (
            SNAPSHOT_TASK,
            {"db_instance_class": "db.x9", "enable_iam_database_authentication": False},
            ["class_not_offered"],
        ),
        (SNAPSHOT_TASK, {"db_instance_class": "db.t2"}, ["class_unsupported"]),
    ],
)
def test_restore_problem_is_found_before_the_request(given, more, expected, check):
    rds = region(support={"db.x9": None, "db.t2": False})
    assert fails(given, rds, check=check, **more)[0] == expected


def test_restore_as_engine_that_the_source_cannot_become():
    codes, message = fails(PITR, engine="mariadb", rds=region(replace(LIVE, engine="postgres")))
    assert codes == ["source_not_restorable"]
    assert "has engine postgres, which cannot be restored as mariadb" in message


def test_restore_version_that_rds_no_longer_offers_is_restored():
    old = replace(MONDAY, engine_version="5.6.51")
    rds = region(old)
    assert request_of(rds=rds).parameters["EngineVersion"] == "5.6.51"
    assert rds.count("engine_offer") == 0
    # the family is needed only to check a parameter group
    rds = region(old, families={(INSTANCE, "own"): "mysql5.6"})
    assert request_of(rds=rds, db_parameter_group_name="own").operation == "RestoreDBInstanceFromDBSnapshot"
    assert rds.count("engine_offer") == 1


def test_restore_warns_about_defaults_and_the_new_resource_id():
    warnings = []
    run(region(), warnings=warnings)
    assert [text.partition(": ")[2].partition(",")[0] for text in warnings] == [
        "db_parameter_group_name is not set",
        "vpc_security_group_ids is not set",
        "it has a new resource ID",
    ]
    assert warnings[-1].endswith("rds-db:connect policies for db-SHOP do not match it")


def test_restore_with_setting_off_has_no_policies_to_change():
    warnings = []
    run(region(), enable_iam_database_authentication=False, warnings=warnings)
    assert not any("resource id" in text for text in warnings)


def test_restore_inherits_settings_of_the_source_database():
    source = SourceDatabase(INSTANCE, "mysql", {"db_subnet_group_name": "private"}, engine_version="8.0.40")
    request = request_of(rds=region(source_databases={"monday": source}), inherit_settings_from_source=True)
    assert request.parameters["DBSubnetGroupName"] == "private"


READERS = tuple(
    SourceMember(f"ledger-{n}", n == 1, 1, {"db_instance_class": "db.r6g.large", "promotion_tier": n}) for n in (1, 2)
)
INHERIT = {**CLUSTER_TASK, "inherit_settings_from_source": True}


def with_members(**more):
    return region(source_databases={"weekly": SourceDatabase(CLUSTER, "aurora-mysql", {}, READERS)}, **more)


def test_restore_inherits_members_of_the_source_cluster():
    rds = with_members()
    result = run(rds, INHERIT)
    assert (result.own_members, result.wanted.members_are_inherited) == (["drill-1", "drill-2"], True)
    assert [request.parameters["PromotionTier"] for request in rds.sent("make")[1:]] == [1, 2]
    # the second run finds them
    assert not run(rds, INHERIT).changed


def test_restore_cluster_in_use_gets_no_inherited_members():
    used = cluster("drill", engine="aurora-mysql", current=True, endpoint=Endpoint("x", 1), created_at=NOON)
    first = instance("drill-1", cluster_identifier="drill", created_at=NOON)
    warnings = []
    result = run(with_members().add(used, first), INHERIT, warnings=warnings)
    assert (result.changed, result.own_members) == (False, ["drill-1"])
    assert any("it has fewer DB instances than its source" in text for text in warnings)


def existing(**changes):
    plain = {"engine": "mysql", "current": True, "endpoint": Endpoint("drill.example", 3306), "created_at": NOON}
    return instance("drill", **{**plain, **changes})


@pytest.mark.parametrize("check", [True, False])
def test_restore_existing_target_is_reused(check):
    rds, warnings = region().add(existing()), []
    result = run(rds, check=check, warnings=warnings)
    assert (result.outcome, result.was_made, result.changed, warnings) == ("unchanged", False, False, [])
    assert rds.count("make") == 0


@pytest.mark.parametrize(("desired", "outcome"), [(None, "unchanged"), (True, "unchanged"), (False, "scheduled")])
def test_restore_existing_target_keeps_setting_unless_set(desired, outcome):
    assert run(region().add(existing()), enable_iam_database_authentication=desired).outcome == outcome


def test_restore_half_made_target_gets_value_of_the_source():
    rds = region().add(existing(current=False, status="creating", endpoint=None, created_at=None))
    rds.clock.at(20.0, lambda: rds.change(DRILL, status="available", endpoint=Endpoint("x", 1)))
    result = run(rds)
    assert (result.outcome, rds.databases[DRILL].current, rds.count("make")) == ("applied", True, 0)


@pytest.mark.parametrize(
    ("database", "words"),
    [
        (existing(resource_id="db-SHOP"), "it is the source database itself"),
        (existing(engine="postgres"), "its engine is postgres, and the engine of the source is mysql"),
        (existing(created_at=NOON - dt.timedelta(days=2)), "it was created at 2026-10-31T12:00:00Z, before"),
        (existing(status="deleting"), "its status is 'deleting'"),
    ],
)
def test_restore_existing_target_that_is_another_is_refused(database, words):
    codes, message = fails(rds=region().add(database))
    assert codes == ["target_exists"]
    assert words in message


def test_restore_existing_target_fails_if_asked_to():
    codes, message = fails(rds=region().add(existing()), if_exists="fail")
    assert codes == ["target_exists"]
    assert "if_exists: fail: the DB instance already exists" in message


@pytest.mark.parametrize(
    ("given", "database", "reason"),
    [
        (SNAPSHOT_TASK, existing(), None),
        ({**SNAPSHOT_TASK, "db_snapshot_identifier": "gone"}, existing(), "gone no longer exists"),
        (PITR, existing(), "the latest restorable time differs for each run"),
    ],
)
def test_restore_existing_target_that_cannot_be_compared_warns(given, database, reason):
    warnings = []
    run(region().add(database), given, warnings=warnings)
    text = "instance/drill already exists, and the module cannot verify that it results from this restore: "
    assert warnings == ([f"{text}{reason}"] if reason else [])


def test_restore_target_being_created_has_no_time_to_compare():
    warnings = []
    run(region().add(existing(created_at=None, status="creating")), PITR, check=True, warnings=warnings)
    assert sum("cannot verify" in text for text in warnings) == 1
    warnings.clear()
    later = existing(created_at=None, status="creating", endpoint=None)
    run(region().add(later), check=True, warnings=warnings)
    assert not any("cannot verify" in text for text in warnings)


def test_restore_missing_members_need_an_aurora_cluster():
    given = {
        **CLUSTER_TASK,
        "cluster_instances": [{"db_instance_identifier": "d-1", "db_instance_class": "db.r6g.large"}],
    }
    multi_az = cluster("drill", engine="mysql", endpoint=Endpoint("x", 1), created_at=NOON)
    assert "RDS creates the members of a Multi-AZ DB cluster" in refused(given, region().add(multi_az))


@pytest.mark.parametrize(
    ("target", "count"), [(cluster("drill", engine="aurora-mysql", created_at=NOON), 1), (None, 0)]
)
def test_restore_existing_cluster_warns_of_lost_inheritance(target, count):
    rds = region().add(target or existing())
    warnings = []
    given = CLUSTER_TASK if target else SNAPSHOT_TASK
    run(rds, {**given, "inherit_settings_from_source": True}, check=True, warnings=warnings)
    assert sum("no settings were inherited" in text for text in warnings) == count


def test_restore_from_s3_is_of_mysql_by_default():
    assert request_of(BACKUP, source_engine=None).parameters["Engine"] == "mysql"
