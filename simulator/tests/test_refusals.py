# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The errors of AWS, with their wire codes. A refused request changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.session import get_session

IAM = "IAMDatabaseAuthenticationEnabled"
UNSUPPORTED = "IAM Database Authentication is not supported for this configuration."
LEGACY = {
    "name": "legacy",
    "family": "postgres13",
    "parameters": {"ssl": "0"},
}


@pytest.fixture
def enable(rds: Any) -> Callable[..., Any]:
    def run(name: str, *, value: bool = True) -> Any:
        return rds.modify_db_instance(DBInstanceIdentifier=name, EnableIAMDatabaseAuthentication=value)

    return run


@pytest.fixture
def enable_cluster(rds: Any) -> Callable[..., Any]:
    def run(name: str, *, value: bool = True) -> Any:
        return rds.modify_db_cluster(DBClusterIdentifier=name, EnableIAMDatabaseAuthentication=value)

    return run


def _seed_instance(sim: Any, **more: Any) -> dict[str, Any]:
    item = {"identifier": "orders", "engine": "postgres", **more}
    sim.seed({"db_instances": [item]})
    record: dict[str, Any] = sim.database("instance", "orders")
    return record


def _seed_cluster(sim: Any, **more: Any) -> dict[str, Any]:
    item = {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, **more}
    sim.seed({"db_clusters": [item]})
    record: dict[str, Any] = sim.database("cluster", "ledger")
    return record


def test_modify_unknown_database_not_found(enable: Any, enable_cluster: Any, sim: Any, refused: Any) -> None:
    """DBInstanceNotFound and DBClusterNotFoundFault (✓ model)."""
    assert refused(enable, name="nope")[0] == "DBInstanceNotFound"
    assert refused(enable_cluster, name="nope")[0] == "DBClusterNotFoundFault"


@pytest.mark.parametrize("status", ["creating", "modifying", "backing-up", "configuring-iam-database-auth", "failed"])
def test_modify_unavailable_instance_refused(sim: Any, enable: Any, refused: Any, status: str) -> None:
    """InvalidDBInstanceState, not ...StateFault (✓ model; text △ terraform #31594)."""
    record = _seed_instance(sim, status=status)
    assert refused(enable, name="orders") == (
        "InvalidDBInstanceState",
        "Database instance is not in available state.",
    )
    assert (record[IAM], record["PendingModifiedValues"]) == (False, {})


def test_modify_unavailable_cluster_refused(sim: Any, enable_cluster: Any, refused: Any) -> None:
    """For clusters, the wire code ends in Fault (✓ model; text △)."""
    _seed_cluster(sim, status="stopped")
    code, message = refused(enable_cluster, name="ledger")
    assert code == "InvalidDBClusterStateFault"
    assert "is not currently in the available state" in message


def test_modify_stopped_instance_accepts_groups_only(sim: Any, rds: Any, enable: Any, refused: Any) -> None:
    """Only the groups of a stopped instance can be modified (✓ user guide)."""
    sim.seed({"db_parameter_groups": [{"name": "mine", "family": "postgres16"}]})
    _seed_instance(sim, status="stopped")
    assert refused(enable, name="orders")[0] == "InvalidDBInstanceState"
    row = rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="mine")
    assert row["DBInstance"]["DBParameterGroups"][0]["DBParameterGroupName"] == "mine"


def test_modify_without_changes_refused(sim: Any, rds: Any, refused: Any) -> None:
    """△ field reports."""
    _seed_instance(sim)
    _seed_cluster(sim)
    expected = ("InvalidParameterCombination", "No modifications were requested")
    assert refused(rds.modify_db_instance, DBInstanceIdentifier="orders", ApplyImmediately=True) == expected
    assert refused(rds.modify_db_cluster, DBClusterIdentifier="ledger") == expected


def test_modify_member_iam_setting_refused(sim: Any, rds: Any, enable: Any, refused: Any) -> None:
    """The cluster has the setting (✓ model; text △). A member has other settings of its own."""
    _seed_cluster(sim)
    assert refused(enable, name="ledger-1") == (
        "InvalidParameterCombination",
        "The specified DB Instance is a member of a cluster. Modify iam database authentication "
        "for the DB Cluster using the ModifyDbCluster API",
    )
    rds.modify_db_instance(DBInstanceIdentifier="ledger-1", DBInstanceClass="db.r6g.xlarge")
    pending = sim.database("instance", "ledger-1")["PendingModifiedValues"]
    assert pending == {"DBInstanceClass": "db.r6g.xlarge"}


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"BackupRetentionPeriod": 3}, "Modify backup retention for the DB Cluster"),
        ({"MasterUserPassword": "correct-horse"}, "Modify master user password for the DB Cluster"),
        ({"PreferredBackupWindow": "01:00-01:30"}, "Modify backup window for the DB Cluster"),
        ({"EngineVersion": "16.8"}, "Modify the DB engine version of the DB Cluster"),
        ({"DBPortNumber": 5433}, "Modify database endpoint port number for the DB Cluster"),
        ({"DeletionProtection": True}, "Modify deletion protection for the DB Cluster"),
        ({"VpcSecurityGroupIds": ["sg-1"]}, "Modify vpc security group for the DB Cluster"),
    ],
)
def test_modify_member_cluster_setting_refused(
    sim: Any, rds: Any, refused: Any, asked: dict[str, Any], text: str
) -> None:
    """The texts that users reported (△; sources: refusals.refuse_member)."""
    _seed_cluster(sim)
    assert refused(rds.modify_db_instance, DBInstanceIdentifier="ledger-1", **asked) == (
        "InvalidParameterCombination",
        f"The specified DB Instance is a member of a cluster. {text} using the ModifyDbCluster API",
    )


def test_modify_member_storage_refused(sim: Any, rds: Any, refused: Any) -> None:
    """△ aws-controllers-k8s/community issue 1028."""
    _seed_cluster(sim)
    assert refused(rds.modify_db_instance, DBInstanceIdentifier="ledger-1", AllocatedStorage=100) == (
        "InvalidParameterCombination",
        "The specified DB instance is a member of a DB Cluster. Storage grows based on usage. You don't need to set "
        "it explicitly.",
    )


def test_modify_member_of_multi_az_cluster_refused(sim: Any, rds: Any, refused: Any) -> None:
    """Only the cluster can be modified (✓ user guide)."""
    sim.seed({"db_clusters": [{"identifier": "trio", "engine": "mysql"}]})
    code, _rest = refused(rds.modify_db_instance, DBInstanceIdentifier="trio-1", DBInstanceClass="db.r6g.large")
    assert code == "InvalidParameterCombination"


@pytest.mark.parametrize(
    ("engine", "version", "supported"),
    [
        ("postgres", "16.4", True),
        ("postgres", "9.6.24", False),
        ("mysql", "8.4.5", True),
        ("mysql", "5.6.51", False),
        ("mariadb", "11.4.4", True),
        ("mariadb", "10.11.10", True),
        ("mariadb", "10.6.20", False),
        ("oracle-ee", None, False),
        ("sqlserver-se", None, False),
        ("db2-se", None, False),
        ("custom-oracle-ee", None, False),
    ],
)
def test_enable_iam_depends_on_engine(
    sim: Any, enable: Any, refused: Any, engine: str, version: str | None, supported: bool
) -> None:
    """Availability by engine and version (✓ user guide; code and text △)."""
    more = {"engine_version": version} if version else {}
    record = _seed_instance(sim, engine=engine, **more)
    if supported:
        enable("orders")
        assert record["PendingModifiedValues"] == {IAM: True}
    else:
        assert refused(enable, name="orders") == ("InvalidParameterCombination", UNSUPPORTED)
        assert record["PendingModifiedValues"] == {}


@pytest.mark.parametrize(
    ("region", "version", "supported"),
    [
        ("eu-west-1", "10.11.10", True),
        ("eu-south-2", "11.4.4", False),
        ("il-central-1", "11.8.3", False),
        ("mx-central-1", "10.11.10", False),
        ("mx-central-1", "11.4.4", True),
    ],
)
def test_enable_iam_mariadb_depends_on_region(
    sim: Any, connect: Any, refused: Any, region: str, version: str, supported: bool
) -> None:
    """✓ user guide, page of supported Regions."""
    if region not in get_session().get_available_regions("rds"):
        pytest.skip(f"this botocore does not know {region}")
    item = {"identifier": "orders", "engine": "mariadb", "engine_version": version}
    sim.seed({"region": region, "db_instances": [item]})
    modify = connect(region=region).modify_db_instance
    asked = {"DBInstanceIdentifier": "orders", "EnableIAMDatabaseAuthentication": True}
    if supported:
        modify(**asked)
    else:
        assert refused(modify, **asked)[1] == UNSUPPORTED


def test_disable_iam_that_is_off_accepted(sim: Any, enable: Any) -> None:
    """An engine without support accepts "off" (inferred ?)."""
    _seed_instance(sim, engine="oracle-ee")
    enable("orders", value=False)


@pytest.mark.parametrize("switch", [True, False])
def test_enable_iam_retired_class_depends_on_switch(sim: Any, enable: Any, refused: Any, switch: bool) -> None:
    """No longer orderable, but running: AWS does not document it (?); a switch."""
    _seed_instance(sim, db_instance_class="db.m3.medium")
    sim.settings.update(unorderable_supports_iam=switch)
    if switch:
        enable("orders")
    else:
        assert refused(enable, name="orders")[1] == UNSUPPORTED


def test_enable_iam_cluster_with_incompatible_member_refused(sim: Any, enable_cluster: Any, refused: Any) -> None:
    """Every member must have a compatible class (✓ Aurora user guide)."""
    members = [
        {"identifier": "m-1", "db_instance_class": "db.r6g.large"},
        {"identifier": "m-2", "db_instance_class": "db.t3.small"},
    ]
    record = _seed_cluster(sim, engine="aurora-mysql", members=members)
    assert refused(enable_cluster, name="ledger") == ("InvalidParameterCombination", UNSUPPORTED)
    sim.database("instance", "m-2")["DBInstanceClass"] = "db.t3.medium"
    enable_cluster("ledger")
    assert record["PendingModifiedValues"] == {IAM: True}


@pytest.mark.parametrize("engine", ["docdb", "neptune"])
def test_enable_iam_docdb_or_neptune(sim: Any, enable_cluster: Any, refused: Any, engine: str) -> None:
    """DocumentDB has no support; Neptune has a different mechanism with the same name (inferred ?)."""
    _seed_cluster(sim, engine=engine)
    if engine == "neptune":
        enable_cluster("ledger")
    else:
        assert refused(enable_cluster, name="ledger")[1] == UNSUPPORTED


def test_enable_iam_serverless_v1_refused(sim: Any, enable_cluster: Any, refused: Any) -> None:
    """△ Aurora user guide of 2023."""
    _seed_cluster(sim, engine_mode="serverless", members=0)
    assert refused(enable_cluster, name="ledger")[1] == UNSUPPORTED


@pytest.mark.parametrize(
    "extra",
    [
        {"BackupTarget": "outposts"},
        {
            "DBSubnetGroup": {
                "DBSubnetGroupName": "edge",
                "Subnets": [{"SubnetOutpost": {"Arn": "arn:aws:outposts:::outpost/op-1"}}],
            }
        },
    ],
)
def test_enable_iam_outposts_refused(sim: Any, enable: Any, refused: Any, extra: dict[str, Any]) -> None:
    """✓ user guide: not supported for any engine."""
    _seed_instance(sim, extra=extra)
    assert refused(enable, name="orders")[1] == UNSUPPORTED


def test_disable_iam_express_configuration_refused(sim: Any, enable_cluster: Any, refused: Any) -> None:
    """✓ model and Aurora user guide: cannot be disabled (code and text ?)."""
    record = _seed_cluster(sim, iam_database_authentication_enabled=True, extra={"InternetAccessGatewayEnabled": True})
    code, _rest = refused(enable_cluster, name="ledger", value=False)
    assert (code, record[IAM]) == ("InvalidParameterCombination", True)


@pytest.mark.parametrize(
    ("engine", "status", "accepted"),
    [
        ("postgres", "joined", False),
        ("postgres", "pending-join", False),
        ("postgres", "failed", True),
        ("postgres", "removed", True),
        ("postgres", "enable-kerberos-failed", True),
        ("postgres", "kerberos-enabled", False),
        ("mysql", "joined", True),
    ],
)
def test_enable_iam_kerberos_depends_on_engine(
    sim: Any, enable: Any, refused: Any, engine: str, status: str, accepted: bool
) -> None:
    """RDS for PostgreSQL: Kerberos or IAM, not both (✓ user guide; code and text ?)."""
    memberships = {"DomainMemberships": [{"Domain": "d-1", "Status": status}]}
    _seed_instance(sim, engine=engine, extra=memberships)
    if accepted:
        enable("orders")
    else:
        code, message = refused(enable, name="orders")
        assert (code, "Kerberos" in message) == ("InvalidParameterCombination", True)


def test_enable_iam_aurora_postgresql_with_kerberos_accepted(sim: Any, enable_cluster: Any) -> None:
    """Aurora PostgreSQL can have either or both (✓ Aurora user guide)."""
    memberships = {"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]}
    _seed_cluster(sim, extra=memberships)
    enable_cluster("ledger")


def test_enable_iam_that_is_on_accepted(sim: Any, enable: Any) -> None:
    """A queued "off" can be cancelled, even if enabling would be refused (inferred ?)."""
    record = _seed_instance(
        sim,
        iam_database_authentication_enabled=True,
        pending_modified_values={IAM: False},
        extra={"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]},
    )
    enable("orders")
    assert record["PendingModifiedValues"] == {}


@pytest.mark.parametrize("is_enforced", [True, False])
def test_enable_iam_postgresql_without_ssl_refused(sim: Any, enable: Any, refused: Any, is_enforced: bool) -> None:
    """In the user guide of 2023, later removed (?): a switch."""
    sim.seed({"db_parameter_groups": [LEGACY]})
    _seed_instance(sim, engine_version="13.20", db_parameter_group="legacy")
    sim.settings.update(ssl_enforced=is_enforced)
    if is_enforced:
        code, message = refused(enable, name="orders")
        assert (code, "ssl" in message) == ("InvalidParameterCombination", True)
        sim.parameter_group("instance", "legacy")["Parameters"]["ssl"]["ParameterValue"] = "1"
    enable("orders")


def test_enable_iam_aurora_postgresql_without_ssl_refused(sim: Any, enable_cluster: Any, refused: Any) -> None:
    """The group of the cluster counts (?)."""
    group = {"name": "legacy", "family": "aurora-postgresql16", "parameters": {"ssl": 0}}
    sim.seed({"db_cluster_parameter_groups": [group]})
    _seed_cluster(sim, db_cluster_parameter_group="legacy")
    assert "ssl" in refused(enable_cluster, name="ledger")[1]


@pytest.mark.parametrize("is_enforced", [True, False])
def test_disable_ssl_while_iam_is_on_refused(sim: Any, rds: Any, refused: Any, is_enforced: bool) -> None:
    """The reverse of that rule (?): a switch."""
    sim.seed({"db_parameter_groups": [{"name": "mine", "family": "postgres13"}]})
    _seed_instance(
        sim,
        engine_version="13.20",
        db_parameter_group="mine",
        iam_database_authentication_enabled=True,
    )
    sim.settings.update(ssl_enforced=is_enforced)
    change = {"ParameterName": "ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
    asked = {"DBParameterGroupName": "mine", "Parameters": [change]}
    if is_enforced:
        code, message = refused(rds.modify_db_parameter_group, **asked)
        assert (code, "orders" in message) == ("InvalidParameterCombination", True)
    else:
        rds.modify_db_parameter_group(**asked)
    row = sim.parameter_group("instance", "mine")["Parameters"]["ssl"]
    assert row.get("ParameterValue") == (None if is_enforced else "0")


@pytest.mark.parametrize("restart", ["reboot", "stop"])
def test_enable_iam_uses_ssl_of_new_group_after_reboot(
    sim: Any, rds: Any, enable: Any, refused: Any, restart: str
) -> None:
    """The values of a new group wait for the reboot, in both directions.

    User guide, USER_WorkingWithParamGroups ✓.
    """
    sim.seed({"db_parameter_groups": [LEGACY, {**LEGACY, "name": "good", "parameters": {"ssl": "1"}}]})
    _seed_instance(sim, engine_version="13.20", db_parameter_group="legacy")

    def restarted() -> None:
        sim.clock.advance(60)
        if restart == "reboot":
            rds.reboot_db_instance(DBInstanceIdentifier="orders")
        else:
            rds.stop_db_instance(DBInstanceIdentifier="orders")
            sim.clock.advance(120)
            rds.start_db_instance(DBInstanceIdentifier="orders")
        sim.clock.advance(120)

    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="good")
    assert "ssl" in refused(enable, name="orders")[1]
    restarted()
    assert sim.database("instance", "orders")["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="legacy")
    enable("orders")
    enable("orders", value=False)
    restarted()
    assert "ssl" in refused(enable, name="orders")[1]


@pytest.mark.parametrize(("method", "at_once"), [("immediate", True), ("pending-reboot", False)])
def test_enable_iam_uses_changed_ssl_by_apply_method(
    sim: Any, rds: Any, enable: Any, refused: Any, method: str, at_once: bool
) -> None:
    """ssl is dynamic (user guide ✓): immediate or, if requested, after the reboot (model ✓)."""
    sim.seed({"db_parameter_groups": [{**LEGACY, "modifiable": {"ssl": True}}]})
    _seed_instance(sim, engine_version="13.20", db_parameter_group="legacy")
    change = {"ParameterName": "ssl", "ParameterValue": "1", "ApplyMethod": method}
    rds.modify_db_parameter_group(DBParameterGroupName="legacy", Parameters=[change])
    if not at_once:
        assert "ssl" in refused(enable, name="orders")[1]
        rds.reboot_db_instance(DBInstanceIdentifier="orders")
        sim.clock.advance(60)
    enable("orders")


def test_enable_iam_uses_ssl_of_new_cluster_group_after_reboot(
    sim: Any, rds: Any, enable_cluster: Any, refused: Any
) -> None:
    """After the reboot of the writer.

    Whether the reboot of a reader is sufficient is not documented (?).
    """
    group = {"name": "legacy", "family": "aurora-postgresql16", "parameters": {"ssl": 0}}
    sim.seed({"db_cluster_parameter_groups": [group]})
    _seed_cluster(sim, db_cluster_parameter_group="legacy")
    rds.modify_db_cluster(DBClusterIdentifier="ledger", DBClusterParameterGroupName="default.aurora-postgresql16")
    sim.clock.advance(60)
    rds.reboot_db_instance(DBInstanceIdentifier="ledger-2")
    sim.clock.advance(60)
    assert "ssl" in refused(enable_cluster, name="ledger")[1]
    rds.reboot_db_instance(DBInstanceIdentifier="ledger-1")
    sim.clock.advance(60)
    enable_cluster("ledger")


def test_modify_unknown_parameter_group_not_found(sim: Any, rds: Any, refused: Any) -> None:
    """DBParameterGroupNotFound and DBClusterParameterGroupNotFound (✓ model)."""
    _seed_instance(sim)
    _seed_cluster(sim)
    assert refused(rds.modify_db_instance, DBInstanceIdentifier="orders", DBParameterGroupName="nope")[0] == (
        "DBParameterGroupNotFound"
    )
    assert refused(rds.modify_db_cluster, DBClusterIdentifier="ledger", DBClusterParameterGroupName="nope")[0] == (
        "DBClusterParameterGroupNotFound"
    )
