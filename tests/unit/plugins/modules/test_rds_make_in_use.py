# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Targets that exist already: a database in use is treated as such, whatever its age."""

from __future__ import annotations

import boto3
import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

FLEET = {
    "db_instances": [{"identifier": "orders", "engine": "mysql", "iam_database_authentication_enabled": True}],
    "snapshots": [{"identifier": "monday", "source": "orders"}],
}
CREATE = {
    "db_instance_identifier": "app",
    "engine": "mysql",
    "db_instance_class": "db.m6g.large",
    "allocated_storage": 20,
    "master_username": "us",
}
RESTORE = {"db_instance_identifier": "app", "db_snapshot_identifier": "monday"}
THEIRS = {
    "DBInstanceIdentifier": "app",
    "Engine": "mysql",
    "DBInstanceClass": "db.m6g.large",
    "AllocatedStorage": 20,
    "MasterUsername": "us",
    "MasterUserPassword": "their-own-secret",
}
# in the last two cases, somebody is changing the setting itself
STATUSES = ["backing-up", "rebooting", "modifying", "configuring-iam-database-auth", "update-iam-db-auth"]


@pytest.fixture
def client(sim):
    sim.seed(FLEET)
    return boto3.client(
        "rds",
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id="AKIAI44QH8DHBEXAMPLE",
        aws_secret_access_key="je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    )


def modifies(sim):
    return [call.parameters for call in sim.calls if call.operation.startswith("Modify")]


def codes(result):
    return [problem["code"] for problem in result["database"]["problems"]]


def recent_database(sim, client, status):
    """Return a database in use that is half an hour old, with a change that its owner has queued."""
    client.create_db_instance(**THEIRS)
    sim.clock.advance(1500)
    client.modify_db_instance(DBInstanceIdentifier="app", DBInstanceClass="db.m6g.xlarge")
    sim.calls_clear()
    record = sim.database("instance", "app")
    record["DBInstanceStatus"] = status
    sim.at(60, lambda _: record.update(DBInstanceStatus="available"))
    return record


@pytest.mark.parametrize("status", STATUSES)
def test_create_young_target_in_use_honours_apply_immediately(sim, capsys, client, status):
    record = recent_database(sim, client, status)
    result = Runner("rds_create_iam", sim.url, capsys).ok(**CREATE, enabled=True, wait_delay=30)
    assert result["database"]["outcome"] == "scheduled"
    assert [call["ApplyImmediately"] for call in modifies(sim)] == [False]
    assert (record["DBInstanceClass"], record["IAMDatabaseAuthenticationEnabled"]) == ("db.m6g.large", False)


@pytest.mark.parametrize("status", STATUSES)
def test_create_young_target_in_use_keeps_pending_changes(sim, capsys, client, status):
    record = recent_database(sim, client, status)
    runner = Runner("rds_create_iam", sim.url, capsys)
    result = runner.fails(**CREATE, enabled=True, apply_immediately=True, wait_delay=30)
    assert (codes(result), modifies(sim)) == (["other_pending_changes"], [])
    assert record["DBInstanceClass"] == "db.m6g.large"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("check", [True, False])
def test_restore_young_target_in_use_without_value_is_kept(sim, capsys, client, status, check):
    """The setting is on for the source and off for the target."""
    record = recent_database(sim, client, status)
    result = Runner("rds_restore_iam", sim.url, capsys).ok(check=check, **RESTORE, wait_delay=30)
    assert (result["changed"], modifies(sim)) == (False, [])
    assert record["IAMDatabaseAuthenticationEnabled"] is False


DIFFERENCES = {
    "class": ({"DBInstanceClass": "db.m6g.2xlarge"}, {}, "its class is db.m6g.2xlarge, not db.m6g.large"),
    "storage": ({"AllocatedStorage": 200}, {}, "its allocated storage is 200, not 20"),
    "user": ({"MasterUsername": "them"}, {}, "its master user is them, not us"),
    "name": ({"DBName": "theirs"}, {"db_name": "ours"}, "its database name is theirs, not ours"),
    "tags": (
        {"Tags": [{"Key": "owner", "Value": "them"}]},
        {"tags": {"owner": "us"}},
        "the tags of the request: owner",
    ),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("difference", DIFFERENCES)
def test_create_target_of_other_client_in_creation_is_refused(sim, capsys, client, difference, check):
    theirs, ours, reason = DIFFERENCES[difference]
    client.create_db_instance(**{**THEIRS, **theirs})
    sim.calls_clear()
    result = Runner("rds_create_iam", sim.url, capsys).fails(check=check, **CREATE, **ours, enabled=True)
    assert (codes(result), result["changed"], modifies(sim)) == (["target_exists"], False, [])
    assert reason in result["msg"]
    assert "it is being created" in result["msg"]


def test_create_available_target_may_differ(sim, capsys, client):
    """A database in use may have been changed since it was created."""
    client.create_db_instance(**{**THEIRS, "DBInstanceClass": "db.m6g.2xlarge"})
    sim.clock.advance(1500)
    assert Runner("rds_create_iam", sim.url, capsys).ok(**CREATE, enabled=False)["changed"] is False


@pytest.mark.parametrize("options", [{}, {"tags": {"owner": "us"}, "port": 3307, "db_subnet_group_name": "default"}])
def test_create_interrupted_run_is_resumed(sim, capsys, client, options):
    runner = Runner("rds_create_iam", sim.url, capsys)
    runner.ok(**CREATE, **options, wait=False)
    result = runner.ok(**CREATE, **options)
    assert (result["database"]["status"], result["changed"]) == ("available", False)


def test_create_resumed_before_tags_are_visible(sim, capsys, client):
    runner = Runner("rds_create_iam", sim.url, capsys)
    runner.ok(**CREATE, tags={"owner": "us"}, wait=False)
    sim.database("instance", "app")["TagList"] = []
    assert runner.ok(**CREATE, tags={"owner": "us"})["database"]["status"] == "available"


@pytest.mark.parametrize(("username", "outcome"), [("us", "applied"), ("them", "scheduled")])
def test_create_foreign_cluster_without_members_keeps_timing(sim, capsys, client, username, outcome):
    client.create_db_cluster(
        DBClusterIdentifier="app", Engine="aurora-mysql", MasterUsername=username, MasterUserPassword="their-own-secret"
    )
    sim.clock.advance(1500)
    result = Runner("rds_create_iam", sim.url, capsys).ok(
        db_cluster_identifier="app",
        engine="aurora-mysql",
        master_username="us",
        cluster_instances=[{"db_instance_identifier": "app-1", "db_instance_class": "db.r6g.large"}],
        enabled=True,
    )
    assert result["database"]["outcome"] == outcome
    assert result["cluster_instances"] == ["app-1"]
