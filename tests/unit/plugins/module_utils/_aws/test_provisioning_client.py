# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The gateway of the modules that create databases, with responses in any order from the Stubber of botocore."""

from __future__ import annotations

import datetime as dt
import random

import boto3
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.provisioning_client import ProvisioningClient
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    RESTORE_METHODS,
    RestoreSourceOption,
)
from botocore.stub import Stubber

EARLY, LATE = (dt.datetime(2026, 11, day, tzinfo=dt.timezone.utc) for day in (1, 20))


@pytest.fixture
def stubbed():
    client = boto3.client(
        "rds",
        region_name="eu-west-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    with Stubber(client) as stubber:
        yield ProvisioningClient(client, "eu-west-1"), stubber
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("engine", "asked", "versions", "newest"),
    [
        ("postgres", "16", ["16.2", "16.9", "16.10", "16.4"], "16.10"),
        ("mysql", "8.0", ["8.0.9", "8.0.40", "8.0.35"], "8.0.40"),
        ("aurora-mysql", "8.0", ["8.0.mysql_aurora.3.04.3", "8.0.mysql_aurora.3.10.0"], "8.0.mysql_aurora.3.10.0"),
    ],
)
def test_engine_offer_any_order_returns_newest(stubbed, seed, engine, asked, versions, newest):
    api, stubber = stubbed
    listed = random.Random(seed).sample(versions, len(versions))
    rows = [{"EngineVersion": version, "DBParameterGroupFamily": f"{engine}-family"} for version in listed]
    expected = {"Engine": engine, "EngineVersion": asked}
    stubber.add_response("describe_db_engine_versions", {"DBEngineVersions": rows}, expected)
    assert api.engine_offer(engine, asked) == (newest, f"{engine}-family")


def backup(resource_id, earliest):
    return {
        "DBInstanceIdentifier": "orders",
        "DbiResourceId": resource_id,
        "RestoreWindow": {"EarliestTime": earliest, "LatestTime": LATE},
    }


@pytest.mark.parametrize(
    ("backups", "earliest"),
    [
        ([backup("db-DELETED", EARLY), backup("db-LIVING", LATE)], LATE),
        ([backup("db-LIVING", LATE), backup("db-DELETED", EARLY)], LATE),
        ([backup("db-DELETED", EARLY)], None),
        ([], None),
    ],
)
def test_source_live_instance_ignores_backups_of_a_namesake(stubbed, backups, earliest):
    api, stubber = stubbed
    asked = {"DBInstanceIdentifier": "orders"}
    living = {"DBInstanceIdentifier": "orders", "DbiResourceId": "db-LIVING", "DBInstanceStatus": "available"}
    stubber.add_response("describe_db_instances", {"DBInstances": [living]}, asked)
    stubber.add_response("describe_db_instance_automated_backups", {"DBInstanceAutomatedBackups": backups}, asked)
    option = "source_db_instance_identifier"
    choice = RestoreSourceOption("instance", option, "orders", RESTORE_METHODS["instance"][option])
    assert api.source(choice).earliest == earliest


def test_filter_values_have_no_documented_limit(stubbed):
    """Source: FilterValueList in the API model of RDS has no trait ``max``, and the API reference names no limit."""
    api, _stubber = stubbed
    shape = api._client.meta.service_model.shape_for("FilterValueList")
    assert shape.metadata.get("max", 100) >= 100
