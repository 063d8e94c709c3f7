# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The comparison of a database with a request, and of a read replica with its source."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.engines import can_restore_as
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.identity import (
    Expectation,
    expectation,
    identity_mismatch,
    is_replica_of,
)

NOON = dt.datetime(2026, 11, 2, 12, 0, 0, 500_000, tzinfo=dt.timezone.utc)
REF = DatabaseId(INSTANCE, "drill")
PARAMETERS = {
    "DBInstanceIdentifier": "drill",
    "Engine": "MySQL",
    "DBInstanceClass": "db.m6g.large",
    "DBParameterGroupName": "Mine",
    "Tags": [{"Key": "owner", "Value": "dba"}, {"Key": "empty"}],
}
DATABASE = Database(
    id=REF,
    arn="arn:aws:rds:eu-west-1:123456789012:db:drill",
    resource_id="db-A",
    engine="mysql",
    engine_version="8.0.40",
    status="available",
    current=False,
    instance_class="db.m6g.large",
    parameter_group=ParameterGroup(INSTANCE, "mine", "in-sync"),
    tags={"owner": "dba", "empty": "", "aws:more": "x"},
    created_at=NOON,
)


def expected(**more):
    request = Request(more.pop("operation", "CreateDBInstance"), {**PARAMETERS, **more})
    return expectation(REF, request, engine="", not_before=NOON)


def why(database, expectation=None):
    return identity_mismatch(expectation or expected(), database, region="eu-west-1")


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ({}, None),
        ({"engine": "postgres"}, "its engine is postgres, not mysql"),
        ({"instance_class": "db.r6g.large"}, "its class is db.r6g.large"),
        ({"instance_class": None}, None),
        (
            {"parameter_group": ParameterGroup(INSTANCE, "default.mysql8.0", "in-sync")},
            "its parameter group is default.",
        ),
        ({"cluster_identifier": "ledger"}, "it is a member of DB cluster ledger"),
        ({"tags": {"owner": "me", "empty": ""}}, "it does not have the tags of the request: owner"),
        ({"tags": {}}, "it does not have the tags of the request: empty, owner"),
        ({"created_at": None}, None),
        ({"created_at": NOON + dt.timedelta(hours=5)}, None),
        # the Date header has a resolution of one second
        ({"created_at": NOON - dt.timedelta(milliseconds=500)}, None),
        ({"created_at": NOON - dt.timedelta(milliseconds=501)}, "before the request was sent"),
    ],
)
def test_mismatch_one_difference_is_named(difference, words):
    reason = why(dataclasses.replace(DATABASE, **difference))
    assert reason is None if words is None else words in reason


def test_mismatch_resource_id_takes_precedence():
    known = dataclasses.replace(expected(), resource_id="db-A")
    assert why(dataclasses.replace(DATABASE, engine="postgres", created_at=None), known) is None
    assert "its resource ID is db-B, not db-A" in why(dataclasses.replace(DATABASE, resource_id="db-B"), known)


def test_mismatch_member_outside_its_cluster():
    assert "it is not a member of DB cluster ledger" in why(DATABASE, expected(DBClusterIdentifier="Ledger"))
    member = dataclasses.replace(DATABASE, cluster_identifier="ledger")
    assert why(member, expected(DBClusterIdentifier="Ledger")) is None


def test_mismatch_replica_of_another_source():
    ours = expected(operation="CreateDBInstanceReadReplica", SourceDBInstanceIdentifier="shop")
    assert "it is not a read replica" in why(DATABASE, ours)
    assert "it is a read replica of orders" in why(dataclasses.replace(DATABASE, replica_of="orders"), ours)
    assert why(dataclasses.replace(DATABASE, replica_of="shop"), ours) is None


def test_expectation_restore_to_time_has_no_source():
    ours = expected(operation="RestoreDBInstanceToPointInTime", SourceDBInstanceIdentifier="shop")
    assert (ours.source, why(DATABASE, ours)) == ("", None)


def test_expectation_cluster_ignores_instance_properties():
    request = Request("RestoreDBClusterFromSnapshot", {"DBClusterIdentifier": "drill"})
    ours = expectation(DatabaseId(CLUSTER, "drill"), request, engine="aurora-mysql", not_before=None)
    assert ours == Expectation(DatabaseId(CLUSTER, "drill"), engine="aurora-mysql")


HERE, ACCOUNT = "eu-west-1", "123456789012"


def arn(region=HERE, account=ACCOUNT, name="shop"):
    return f"arn:aws:rds:{region}:{account}:db:{name}"


@pytest.mark.parametrize(
    ("replica_of", "source", "same"),
    [
        ("shop", "shop", True),
        ("shop", "Shop", True),
        ("shop", arn(), True),
        ("shop", arn(region="us-east-1"), False),
        ("shop", arn(account="999999999999"), False),
        ("shop", arn(name="orders"), False),
        (arn(region="us-east-1"), arn(region="us-east-1"), True),
        (arn(region="us-east-1"), arn(region="us-west-2"), False),
        (arn(region="us-east-1"), arn(region="us-east-1", account="999999999999"), False),
        (arn(region="us-east-1"), "shop", False),
        (arn(account="999999999999"), "shop", False),
        (arn(), "shop", True),
        (None, "shop", False),
        ("", "shop", False),
    ],
)
def test_is_replica_of_compares_region_account_and_name(replica_of, source, same):
    database = dataclasses.replace(DATABASE, replica_of=replica_of)
    assert is_replica_of(database, source, region=HERE) is same


@pytest.mark.parametrize(
    ("source", "engine", "possible"),
    [
        ("mysql", "mysql", True),
        ("mysql", "mariadb", True),
        ("mariadb", "mysql", False),
        ("mysql", "postgres", False),
        ("mysql", "aurora-mysql", True),
        ("mariadb", "aurora-mysql", False),
        ("postgres", "aurora-postgresql", True),
        ("postgres", "aurora-mysql", False),
        ("postgres", "mariadb", False),
        ("aurora-mysql", "aurora-mysql", True),
        ("aurora-mysql", "mysql", False),
        ("aurora-mysql", "mariadb", False),
        ("oracle-se2", "oracle-ee", True),
    ],
)
def test_can_restore_as_other_engine_follows_aws(source, engine, possible):
    assert can_restore_as(source, engine) is possible
