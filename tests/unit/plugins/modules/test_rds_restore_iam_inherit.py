# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Restores that inherit the settings of the source database."""

from __future__ import annotations

import boto3
import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

GROUPS = [{"VpcSecurityGroupId": "sg-1", "Status": "active"}, {"VpcSecurityGroupId": "sg-2", "Status": "removing"}]
NETWORK = {"DBSubnetGroupName": "private", "VpcId": "vpc-0a1b2c3d4e5f60001", "SubnetGroupStatus": "Complete"}
SCALING = {"MinCapacity": 0.5, "MaxCapacity": 4.0}
FLEET = {
    "subnet_groups": [{"name": "private"}],
    "option_groups": [{"name": "audit", "engine": "mysql"}],
    "db_parameter_groups": [
        {"name": "own", "family": "mysql8.0"},
        {"name": "member", "family": "aurora-mysql8.0"},
        {"name": "other", "family": "mysql8.0"},
    ],
    "db_cluster_parameter_groups": [{"name": "own", "family": "aurora-mysql8.0"}],
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "mysql",
            "db_instance_class": "db.m6g.large",
            "db_parameter_group": "own",
            "extra": {
                "MultiAZ": True,
                "DBSubnetGroup": NETWORK,
                "VpcSecurityGroups": GROUPS,
                "OptionGroupMemberships": [{"OptionGroupName": "audit", "Status": "in-sync"}],
            },
        },
        {"identifier": "plain", "engine": "mysql"},
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-mysql",
            "db_cluster_parameter_group": "own",
            "extra": {
                "DBSubnetGroup": "private",
                "VpcSecurityGroups": GROUPS,
                "ServerlessV2ScalingConfiguration": SCALING,
            },
            "members": [
                {"identifier": "zed", "db_instance_class": "db.r6g.large", "db_parameter_group": "member"},
                {"identifier": "late", "db_instance_class": "db.serverless", "extra": {"PromotionTier": 15}},
                {"identifier": "soon", "db_instance_class": "db.r6g.xlarge", "extra": {"PromotionTier": 0}},
            ],
        },
        {
            "identifier": "trio",
            "engine": "mysql",
            "extra": {"DBClusterInstanceClass": "db.m6gd.large", "DBSubnetGroup": "private"},
        },
    ],
    "snapshots": [{"identifier": "monday", "source": "orders"}, {"identifier": "bare", "source": "plain"}],
    "cluster_snapshots": [{"identifier": "monday", "source": "ledger"}, {"identifier": "trio", "source": "trio"}],
}
INHERIT = {"inherit_settings_from_source": True}
INSTANCE = {"db_instance_identifier": "drill", "db_snapshot_identifier": "monday", **INHERIT}
CLUSTER = {"db_cluster_identifier": "drill", "db_cluster_snapshot_identifier": "monday", **INHERIT}
LATEST = {"use_latest_restorable_time": True}
OF_ORDERS = {
    "db_instance_class": "db.m6g.large",
    "db_parameter_group_name": "own",
    "db_subnet_group_name": "private",
    "multi_az": True,
    "option_group_name": "audit",
    "vpc_security_group_ids": ["sg-1"],
}
OF_LEDGER = {
    "db_cluster_parameter_group_name": "own",
    "db_subnet_group_name": "private",
    "serverless_v2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 4.0},
    "vpc_security_group_ids": ["sg-1"],
}
MEMBERS = {
    "drill-1": {
        "db_instance_class": "db.r6g.large",
        "db_parameter_group_name": "member",
        "promotion_tier": 1,
        "publicly_accessible": False,
    },
    "drill-2": {"db_instance_class": "db.r6g.xlarge", "promotion_tier": 0, "publicly_accessible": False},
    "drill-3": {"db_instance_class": "db.serverless", "promotion_tier": 15, "publicly_accessible": False},
}
OF_INSTANCE = {
    "snapshot": INSTANCE,
    "latest": {"db_instance_identifier": "drill", "source_db_instance_identifier": "orders", **LATEST, **INHERIT},
}
OF_CLUSTER = {
    "snapshot": CLUSTER,
    "latest": {"db_cluster_identifier": "drill", "source_db_cluster_identifier": "ledger", **LATEST, **INHERIT},
}


@pytest.fixture
def restore(sim, capsys):
    """Return a function that runs rds_restore_iam against the simulator."""
    sim.seed(FLEET)
    return Runner("rds_restore_iam", sim.url, capsys)


def requests(sim, *verbs):
    return [call.parameters for call in sim.calls if call.operation.startswith(verbs)]


def settings_of(result, name="instance/drill"):
    after = dict(result["diff"]["after"][name])
    return {
        option: value for option, value in after.items() if option not in ("iam_database_authentication", "pending")
    }


@pytest.mark.sample(2)
@pytest.mark.parametrize("case", OF_INSTANCE)
def test_inherit_instance_preview_run_and_second_run(sim, restore, case):
    options = OF_INSTANCE[case]
    predicted = restore.ok(check=True, **options)
    assert requests(sim, "Restore", "Create", "Modify") == []
    real = restore.ok(**options)
    assert settings_of(predicted) == settings_of(real) == OF_ORDERS
    assert predicted["diff"] == real["diff"]
    (request,) = requests(sim, "Restore")
    assert request["DBParameterGroupName"] == "own"
    assert request["VpcSecurityGroupIds"] == ["sg-1"]
    made = sim.database("instance", "drill")
    assert (made["MultiAZ"], made["DBInstanceClass"]) == (True, "db.m6g.large")
    assert made["DBSubnetGroup"]["DBSubnetGroupName"] == "private"
    assert made["OptionGroupMemberships"][0]["OptionGroupName"] == "audit"
    assert not [text for result in (predicted, real) for text in result["warnings"] if "is not set" in text]
    again = restore.ok(**options)
    assert (again["changed"], again["diff"]) == (False, {"before": {}, "after": {}})


@pytest.mark.sample(2)
@pytest.mark.parametrize("case", OF_CLUSTER)
def test_inherit_aurora_preview_run_and_second_run(sim, restore, case):
    options = OF_CLUSTER[case]
    predicted = restore.ok(check=True, **options)
    assert requests(sim, "Restore", "Create", "Modify") == []
    real = restore.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert settings_of(real, "cluster/drill") == OF_LEDGER
    for name, settings in MEMBERS.items():
        assert settings_of(real, f"instance/{name}") == {"db_cluster_identifier": "drill", **settings}
        made = sim.database("instance", name)
        assert (made["DBInstanceClass"], made["PromotionTier"]) == (
            settings["db_instance_class"],
            settings["promotion_tier"],
        )
    assert real["cluster_instances"] == list(MEMBERS)
    assert sim.database("cluster", "drill")["ServerlessV2ScalingConfiguration"]["MinCapacity"] == 0.5
    again = restore.ok(**options)
    assert (again["changed"], again["cluster_instances"]) == (False, list(MEMBERS))


@pytest.mark.sample(3)
@pytest.mark.parametrize("passed", [0, 1, 2])
def test_inherit_stopped_before_member_is_resumed(sim, restore, passed):
    sim.faults.add(operation="CreateDBInstance", code="AccessDenied", after=passed, times=1)
    restore.fails(**CLUSTER)
    predicted = restore.ok(check=True, **CLUSTER)
    real = restore.ok(**CLUSTER)
    assert predicted["diff"] == real["diff"]
    assert sorted(real["diff"]["after"]) == [f"instance/{name}" for name in list(MEMBERS)[passed:]]
    assert restore.ok(**CLUSTER)["changed"] is False


def test_inherit_explicit_options_win(sim, restore):
    explicit = {"db_parameter_group_name": "other", "vpc_security_group_ids": ["sg-9"], "multi_az": False}
    result = restore.ok(**INSTANCE, **explicit)
    assert settings_of(result) == {option: value for option, value in OF_ORDERS.items() if option not in explicit}
    (request,) = requests(sim, "Restore")
    assert (request["DBParameterGroupName"], request["VpcSecurityGroupIds"]) == ("other", ["sg-9"])
    assert sim.database("instance", "drill")["MultiAZ"] is False


def test_inherit_availability_zone_excludes_multi_az(sim, restore):
    restore.ok(**INSTANCE, availability_zone="eu-west-1b")
    assert "MultiAZ" not in requests(sim, "Restore")[0]


@pytest.mark.parametrize("members", [[], [{"db_instance_identifier": "mine", "db_instance_class": "db.r6g.large"}]])
def test_inherit_explicit_cluster_instances_win(sim, restore, members):
    result = restore.ok(**CLUSTER, cluster_instances=members)
    assert result["cluster_instances"] == [member["db_instance_identifier"] for member in members]
    assert settings_of(result, "cluster/drill") == OF_LEDGER


@pytest.mark.parametrize("name", ["monday", "bare"])
def test_inherit_not_requested_sends_no_settings(sim, restore, name):
    result = restore.ok(db_instance_identifier="drill", db_snapshot_identifier=name)
    assert settings_of(result) == {}
    assert "DBSubnetGroupName" not in requests(sim, "Restore")[0]
    assert [text for text in result["warnings"] if "uses the default parameter group" in text]


def test_inherit_default_group_sends_nothing(sim, restore):
    result = restore.ok(**{**INSTANCE, "db_snapshot_identifier": "bare"})
    (request,) = requests(sim, "Restore")
    assert not {"DBParameterGroupName", "OptionGroupName"} & set(request)
    assert not [text for text in result["warnings"] if "is not set" in text]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "kind", "gone"), [(INSTANCE, "instance", "orders"), (CLUSTER, "cluster", "ledger")]
)
def test_inherit_source_deleted_warns(sim, restore, options, kind, gone, check):
    """A database of the same name with a different resource id is another database."""
    field = "DbiResourceId" if kind == "instance" else "DbClusterResourceId"
    sim.database(kind, gone)[field] = "another"
    result = restore.ok(check=check, **options)
    (warning,) = [text for text in result["warnings"] if "inherit_settings_from_source" in text]
    assert "no longer exists in this Region" in warning
    assert settings_of(result, f"{kind}/drill") == {}
    assert result["cluster_instances"] == []
    assert [text for text in result["warnings"] if "uses the default parameter group" in text]


def test_inherit_multi_az_cluster_sends_class(sim, restore):
    options = {"db_cluster_identifier": "drill", "db_cluster_snapshot_identifier": "trio", **INHERIT}
    result = restore.ok(**options)
    assert result["cluster_instances"] == []
    assert requests(sim, "Restore")[0]["DBClusterInstanceClass"] == "db.m6gd.large"
    assert requests(sim, "Create") == []
    assert restore.ok(**options)["changed"] is False


def test_inherit_instance_into_aurora_takes_network_only(restore):
    options = {"db_cluster_identifier": "drill", "db_snapshot_identifier": "monday", **INHERIT}
    assert settings_of(restore.ok(**options), "cluster/drill") == {
        "db_subnet_group_name": "private",
        "vpc_security_group_ids": ["sg-1"],
    }


def test_inherit_unsuited_parameter_group_is_a_problem(sim, restore):
    sim.database("instance", "orders")["DBParameterGroups"][0]["DBParameterGroupName"] = "member"
    result = restore.fails(**INSTANCE)
    assert [problem["code"] for problem in result["database"]["problems"]] == ["parameter_group_unsuited"]


def test_inherit_existing_target_is_untouched(sim, restore):
    restore.ok(**{**INSTANCE, "inherit_settings_from_source": False})
    result = restore.ok(**INSTANCE)
    assert (result["changed"], requests(sim, "Modify")) == (False, [])


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({**CLUSTER, "wait": False}, "Set wait to true, or cluster_instances to an empty list"),
        (
            {"db_instance_identifier": "x", "s3_bucket_name": "b", **INHERIT},
            "inherit_settings_from_source: a backup in S3 does not come from an RDS database",
        ),
    ],
)
def test_inherit_conflicting_options_are_refused(sim, restore, options, words, check):
    assert words in restore.fails(check=check, **options)["msg"]
    assert requests(sim, "Restore", "Create", "Modify") == []


def codes(result):
    return [problem["code"] for problem in result["database"]["problems"]]


@pytest.mark.sample(2)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("group", "code", "words"),
    [
        ("other", "parameter_group_unsuited", "drill-1: DB parameter group other is for mysql8.0"),
        ("nowhere", "parameter_group_not_found", "drill-1: DB parameter group nowhere does not exist"),
    ],
)
@pytest.mark.parametrize("is_explicit", [True, False])
def test_restore_unsuited_member_group_is_a_problem(sim, restore, group, code, words, is_explicit, check):
    options = dict(CLUSTER)
    if is_explicit:
        entry = {"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"}
        options["cluster_instances"] = [{**entry, "db_parameter_group_name": group}]
    else:
        sim.database("instance", "zed")["DBParameterGroups"][0]["DBParameterGroupName"] = group
    result = restore.fails(check=check, **options)
    assert (codes(result), result["changed"], requests(sim, "Restore", "Create")) == ([code], False, [])
    assert words in result["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_restore_unsuited_member_group_of_existing_cluster(sim, restore, check):
    restore.ok(**CLUSTER, cluster_instances=[])
    entry = {"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"}
    members = [{**entry, "db_parameter_group_name": "other"}]
    result = restore.fails(check=check, **CLUSTER, cluster_instances=members)
    assert (codes(result), requests(sim, "Create")) == (["parameter_group_unsuited"], [])
    assert "drill-1" in result["msg"]


def other_network(sim):
    """Create a subnet group in another VPC."""
    access = {
        "endpoint_url": sim.url,
        "region_name": "eu-west-1",
        "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }
    ec2, rds = boto3.client("ec2", **access), boto3.client("rds", **access)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        for number, zone in enumerate("ab")
    ]
    names = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    rds.create_db_subnet_group(DBSubnetGroupName="elsewhere", DBSubnetGroupDescription="x", SubnetIds=names)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("options", "kind"), [(INSTANCE, "instance"), (CLUSTER, "cluster")])
def test_inherit_into_another_vpc_takes_no_security_groups(sim, restore, options, kind, check):
    other_network(sim)
    result = restore.ok(check=check, **options, db_subnet_group_name="elsewhere")
    assert "vpc_security_group_ids" not in settings_of(result, f"{kind}/drill")
    assert all("VpcSecurityGroupIds" not in request for request in requests(sim, "Restore"))
    assert [text for text in result["warnings"] if "vpc_security_group_ids is not inherited: the VPC of" in text]
    assert [text for text in result["warnings"] if "uses the default security group of the VPC" in text]


@pytest.mark.parametrize("name", ["private", "Private", "default"])
def test_inherit_into_the_same_vpc_takes_security_groups(restore, name):
    result = restore.ok(check=True, **INSTANCE, db_subnet_group_name=name)
    assert settings_of(result)["vpc_security_group_ids"] == ["sg-1"]


def test_inherit_into_another_vpc_checks_own_subnet_group(sim, restore):
    more = {"db_subnet_group_name": "elsewhere", "vpc_security_group_ids": ["sg-9"]}
    restore(check=True, **INSTANCE, **more)
    assert requests(sim, "DescribeDBSubnetGroups") == [{"DBSubnetGroupName": "elsewhere"}]


def add_reader(sim, name):
    boto3.client(
        "rds",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ).create_db_instance(
        DBInstanceIdentifier=name, DBClusterIdentifier="ledger", Engine="aurora-mysql", DBInstanceClass="db.r6g.large"
    )
    sim.clock.advance(2000)
    sim.calls_clear()


@pytest.mark.parametrize("check", [True, False])
def test_inherit_source_with_more_members_keeps_target_in_use(sim, restore, check):
    restore.ok(**CLUSTER)
    add_reader(sim, "fourth")
    result = restore.ok(check=check, **CLUSTER)
    assert (result["changed"], result["cluster_instances"], requests(sim, "Create")) == (False, list(MEMBERS), [])
    assert [text for text in result["warnings"] if "fewer DB instances than its source" in text]


def test_inherit_member_name_taken_ignored_for_target_in_use(sim, restore):
    restore.ok(**CLUSTER)
    add_reader(sim, "drill-4")
    assert restore.ok(**CLUSTER)["changed"] is False


def test_inherit_cluster_without_members_adds_those_of_source(sim, restore):
    restore.ok(**CLUSTER, cluster_instances=[])
    sim.clock.advance(86400)
    result = restore.ok(**CLUSTER)
    assert (result["changed"], result["cluster_instances"]) == (True, list(MEMBERS))


def test_inherit_excludes_readers_of_auto_scaling(sim, restore):
    add_reader(sim, "application-autoscaling-1a2b3c4d")
    assert restore.ok(check=True, **CLUSTER)["cluster_instances"] == list(MEMBERS)


@pytest.mark.parametrize("check", [True, False])
def test_inherit_target_name_too_long_names_option(sim, restore, check):
    result = restore.fails(check=check, **{**CLUSTER, "db_cluster_identifier": "x" * 62})
    assert "inherit_settings_from_source: the identifiers of the DB instances" in result["msg"]
    assert "Set cluster_instances" in result["msg"]
    restore.ok(check=True, **{**CLUSTER, "db_cluster_identifier": "x" * 61})


@pytest.mark.parametrize("check", [True, False])
def test_inherit_option_group_of_upgraded_source_is_omitted(sim, restore, check):
    sim.database("instance", "orders")["EngineVersion"] = "8.4.3"
    result = restore.ok(check=check, **INSTANCE)
    assert "option_group_name" not in settings_of(result)
    (warning,) = [text for text in result["warnings"] if "option_group_name" in text]
    assert "is not inherited: audit is for mysql 8.4.3" in warning
