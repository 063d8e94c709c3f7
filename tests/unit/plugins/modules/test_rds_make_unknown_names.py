# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Options of rds_create_iam and rds_restore_iam that name something that does not exist."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

FLEET = {
    "subnet_groups": [{"name": "elsewhere", "vpc": "vpc-0123456789abcdef0"}],
    "db_instances": [{"identifier": "shop", "engine": "postgres"}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": [{"identifier": "ledger-1"}]}],
    "snapshots": [{"identifier": "shop-monday", "source": "shop"}],
    "cluster_snapshots": [{"identifier": "ledger-monday", "source": "ledger"}],
}
INSTANCE, CLUSTER = {"db_instance_identifier": "drill"}, {"db_cluster_identifier": "drill"}
MASTER = {"master_username": "app", "manage_master_user_password": True}
NEW_INSTANCE = {
    **INSTANCE,
    **MASTER,
    "engine": "postgres",
    "db_instance_class": "db.t4g.micro",
    "allocated_storage": 20,
}
ON = {"enable_iam_database_authentication": True}
TASKS = {
    "create-instance": ("rds_create_iam", NEW_INSTANCE),
    "create-cluster": ("rds_create_iam", {**CLUSTER, **MASTER, "engine": "aurora-postgresql"}),
    "create-replica": ("rds_create_iam", {**INSTANCE, "source_db_instance_identifier": "shop"}),
    "restore-instance": ("rds_restore_iam", {**INSTANCE, **ON, "db_snapshot_identifier": "shop-monday"}),
    "restore-cluster": ("rds_restore_iam", {**CLUSTER, **ON, "db_cluster_snapshot_identifier": "ledger-monday"}),
    "restore-inheriting": (
        "rds_restore_iam",
        {**INSTANCE, **ON, "db_snapshot_identifier": "shop-monday", "inherit_settings_from_source": True},
    ),
}
GROUPS = {
    "db_subnet_group_name": ("subnet_group_not_found", "DB subnet group nowhere does not exist"),
    "option_group_name": ("option_group_not_found", "option group nowhere does not exist"),
    "db_parameter_group_name": ("parameter_group_not_found", "DB parameter group nowhere does not exist"),
    "db_cluster_parameter_group_name": (
        "parameter_group_not_found",
        "DB cluster parameter group nowhere does not exist",
    ),
}


def takes(task, option):
    """Whether the operation accepts the option. The module refuses the others by name."""
    other = "db_parameter_group_name" if "cluster" in task else "db_cluster_parameter_group_name"
    return option != other


@pytest.fixture
def start(sim, capsys):
    sim.seed(FLEET)

    def run(task, **more):
        module, options = TASKS[task]
        return Runner(module, sim.url, capsys)(**options, wait_delay=0.1, **more)

    return run


def changes(sim):
    return [call.operation for call in sim.calls if not call.operation.startswith(("Describe", "List"))]


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize(
    ("task", "option"), [(task, option) for task in TASKS for option in GROUPS if takes(task, option)]
)
def test_make_unknown_group_is_a_problem_before_any_change(sim, start, task, option, check):
    code, text = GROUPS[option]
    result = start(task, check=check, **{option: "nowhere"})
    assert result["failed"]
    assert [problem["code"] for problem in result["database"]["problems"]] == [code]
    assert f"{option}: {text}" in result["msg"]
    assert "Create it, or use another group" in result["msg"]
    assert changes(sim) == []


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
def test_make_unknown_groups_are_reported_together(sim, start, check):
    result = start("create-instance", check=check, **{name: "nowhere" for name in GROUPS if "cluster" not in name})
    codes = {problem["code"] for problem in result["database"]["problems"]}
    assert codes == {"subnet_group_not_found", "option_group_not_found", "parameter_group_not_found"}
    assert changes(sim) == []


@pytest.mark.parametrize(
    ("option", "name"), [("option_group_name", "default:postgres-17"), ("db_subnet_group_name", "Default")]
)
def test_make_default_group_is_not_looked_up(sim, start, option, name):
    """RDS creates default groups when they are first used."""
    result = start("create-instance", check=True, **{option: name})
    assert not result.get("failed"), result["msg"]
    assert {"DescribeOptionGroups", "DescribeDBSubnetGroups"}.isdisjoint(call.operation for call in sim.calls)


@pytest.mark.parametrize("task", ["create-instance", "create-cluster", "restore-cluster"])
def test_make_unknown_key_names_the_option(sim, start, task):
    """The module does not call KMS, so check mode predicts success. RDS refuses the request, which creates nothing."""
    encrypted = {"storage_encrypted": True} if task.startswith("create") else {}
    result = start(task, kms_key_id="alias/nowhere", **encrypted)
    (problem,) = result["database"]["problems"]
    assert problem["code"] == "refused"
    assert problem["message"].startswith("kms_key_id: AWS refused ")
    assert "Specified KMS key [alias/nowhere] does not exist" in problem["message"]
    assert problem["message"].endswith("(KMSKeyNotAccessibleFault). Use another value")
    assert "Nothing was modified" in result["msg"]
    with pytest.raises(KeyError):
        sim.database("cluster" if "cluster" in task else "instance", "drill")


@pytest.mark.parametrize("task", ["create-instance", "create-cluster", "restore-instance", "restore-cluster"])
def test_make_security_group_of_other_vpc_names_the_option(sim, start, task):
    """The module does not call EC2, so check mode predicts success. RDS refuses the request, which creates nothing."""
    network = {"db_subnet_group_name": "elsewhere", "vpc_security_group_ids": ["sg-0a1b2c3d4e5f60001"]}
    predicted = start(task, check=True, **network)
    assert (predicted["changed"], predicted.get("failed", False)) == (True, False)
    result = start(task, **network)
    (problem,) = result["database"]["problems"]
    assert problem["code"] == "refused"
    assert problem["message"].startswith("vpc_security_group_ids: AWS refused ")
    assert problem["message"].endswith("(InvalidParameterCombination). Use another value")
    assert result["msg"].endswith("Nothing was modified.")
    assert not result["changed"]
