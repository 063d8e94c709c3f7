# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Option groups and their options."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1:123456789012:og"
SEED: dict[str, Any] = {
    "option_groups": [{"name": "tde", "engine": "oracle-ee", "permanent": True}],
    "db_instances": [{"identifier": "orders", "engine": "mysql"}, {"identifier": "big", "engine": "oracle-ee"}],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def create(rds: Any) -> Any:
    def run(name: str = "Mine", engine: str = "mysql", major: str = "8.0", **more: Any) -> dict[str, Any]:
        return rds.create_option_group(
            OptionGroupName=name, EngineName=engine, MajorEngineVersion=major, OptionGroupDescription="x", **more
        )["OptionGroup"]

    return run


def _names(rds: Any, **asked: Any) -> list[str]:
    return [row["OptionGroupName"] for row in rds.describe_option_groups(**asked)["OptionGroupsList"]]


def test_create_option_group(rds: Any, create: Any) -> None:
    """Stored in lower case, without options; a database can use it (✓ model)."""
    group = create(Tags=[{"Key": "a", "Value": "b"}])
    assert (group["OptionGroupName"], group["EngineName"], group["MajorEngineVersion"]) == ("mine", "mysql", "8.0")
    assert (group["Options"], group["OptionGroupArn"]) == ([], f"{ARN}:mine")
    assert rds.list_tags_for_resource(ResourceName=f"{ARN}:mine")["TagList"] == [{"Key": "a", "Value": "b"}]
    rds.restore_db_instance_to_point_in_time(
        TargetDBInstanceIdentifier="new",
        SourceDBInstanceIdentifier="orders",
        UseLatestRestorableTime=True,
        OptionGroupName="mine",
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "tde"}, "OptionGroupAlreadyExistsFault"),
        ({"name": "bad_name"}, "InvalidParameterValue"),
        ({"engine": "none"}, "InvalidParameterValue"),
        ({"engine": "aurora-mysql"}, "InvalidParameterValue"),
        ({"major": "4.0"}, "InvalidParameterCombination"),
        ({"major": "8.0.40"}, "InvalidParameterCombination"),
    ],
)
def test_create_option_group_refused(create: Any, refused: Any, asked: dict[str, str], code: str) -> None:
    """The engines of the model (✓); codes as in moto (△)."""
    assert refused(create, **asked)[0] == code


@pytest.mark.parametrize(
    ("engine", "major"),
    [("postgres", "16"), ("mariadb", "10.11"), ("oracle-se2", "19"), ("sqlserver-se", "15.00"), ("db2-se", "11.5")],
)
def test_create_option_group_of_each_engine(create: Any, engine: str, major: str) -> None:
    """The format of a major version depends on the engine (✓ user guide)."""
    assert create(engine=engine, major=major)["MajorEngineVersion"] == major


def test_describe_option_groups(rds: Any, create: Any, refused: Any) -> None:
    """Custom groups and the default ones in use, by name, engine and version (✓ model)."""
    create()
    assert _names(rds) == ["default:mysql-8-0", "default:oracle-ee-19", "mine", "tde"]
    assert _names(rds, EngineName="mysql") == ["default:mysql-8-0", "mine"]
    assert _names(rds, EngineName="mysql", MajorEngineVersion="8.4") == []
    assert _names(rds, OptionGroupName="MINE") == ["mine"]
    assert _names(rds, OptionGroupName="default:postgres-16") == ["default:postgres-16"]
    describe = rds.describe_option_groups
    assert refused(describe, OptionGroupName="none")[0] == "OptionGroupNotFoundFault"
    assert refused(describe, OptionGroupName="mine", EngineName="mysql")[0] == "InvalidParameterCombination"


def test_modify_option_group(rds: Any, create: Any, refused: Any) -> None:
    """Add an option with settings, and remove it (✓ model)."""
    create()
    settings = [{"Name": "SERVER_AUDIT_EVENTS", "Value": "CONNECT"}]
    option = {"OptionName": "MARIADB_AUDIT_PLUGIN", "OptionSettings": settings}
    modify, name = rds.modify_option_group, {"OptionGroupName": "mine"}
    (shown,) = modify(**name, OptionsToInclude=[option])["OptionGroup"]["Options"]
    assert (shown["OptionName"], shown["OptionSettings"]) == ("MARIADB_AUDIT_PLUGIN", settings)
    assert rds.describe_option_groups(**name)["OptionGroupsList"][0]["Options"] == [shown]
    assert modify(**name, OptionsToRemove=["MARIADB_AUDIT_PLUGIN"])["OptionGroup"]["Options"] == []
    assert refused(modify, **name)[0] == "InvalidParameterValue"
    assert refused(modify, **name, OptionsToRemove=["MEMCACHED"])[0] == "InvalidParameterValue"
    assert refused(modify, **name, OptionsToInclude=[{"OptionName": "TDE"}])[0] == "InvalidParameterValue"


def test_permanent_option_stays_and_is_restored(sim: Any, rds: Any, create: Any, refused: Any, instance: Any) -> None:
    """A permanent option cannot be removed, and restores keep its group (✓ user guide)."""
    create(name="vault", engine="oracle-ee", major="19")
    modify = rds.modify_option_group
    modify(OptionGroupName="vault", OptionsToInclude=[{"OptionName": "TDE"}])
    code, _text = refused(modify, OptionGroupName="vault", OptionsToRemove=["TDE"])
    assert code == "InvalidOptionGroupStateFault"
    sim.database("instance", "big")["OptionGroupMemberships"] = [{"OptionGroupName": "vault", "Status": "in-sync"}]
    rds.restore_db_instance_to_point_in_time(
        TargetDBInstanceIdentifier="new", SourceDBInstanceIdentifier="big", UseLatestRestorableTime=True
    )
    assert instance("new")["OptionGroupMemberships"][0]["OptionGroupName"] == "vault"


def test_delete_option_group(sim: Any, rds: Any, create: Any, refused: Any) -> None:
    """Not a default group, nor one that an instance or a snapshot uses (✓ user guide)."""
    delete = rds.delete_option_group
    create()
    rds.modify_db_instance(DBInstanceIdentifier="orders", OptionGroupName="mine")
    assert refused(delete, OptionGroupName="mine")[0] == "InvalidOptionGroupStateFault"
    rds.delete_db_instance(DBInstanceIdentifier="orders", FinalDBSnapshotIdentifier="last")
    sim.clock.advance(60)
    code, text = refused(delete, OptionGroupName="mine")
    assert (code, "last" in text) == ("InvalidOptionGroupStateFault", True)
    rds.delete_db_snapshot(DBSnapshotIdentifier="last")
    delete(OptionGroupName="mine")
    assert refused(delete, OptionGroupName="mine")[0] == "OptionGroupNotFoundFault"
    assert refused(delete, OptionGroupName="default:mysql-8-0")[0] == "InvalidOptionGroupStateFault"
    assert refused(rds.list_tags_for_resource, ResourceName=f"{ARN}:mine")[0] == "OptionGroupNotFoundFault"


def test_describe_option_group_options(rds: Any, refused: Any) -> None:
    """The options that moto has from RDS, in pages, by major version (✓ model)."""
    pages = list(
        rds.get_paginator("describe_option_group_options").paginate(
            EngineName="oracle-ee", PaginationConfig={"PageSize": 20}
        )
    )
    options = [row for page in pages for row in page["OptionGroupOptions"]]
    assert len(pages) > 1
    assert {row["Name"] for row in options if row["Permanent"]} == {"OLS", "TDE", "Timezone"}
    asked = {"EngineName": "mysql", "MajorEngineVersion": "8.0"}
    names = [row["Name"] for row in rds.describe_option_group_options(**asked)["OptionGroupOptions"]]
    assert names == ["MARIADB_AUDIT_PLUGIN", "MEMCACHED"]
    assert rds.describe_option_group_options(EngineName="postgres")["OptionGroupOptions"] == []
    assert refused(rds.describe_option_group_options, EngineName="none")[0] == "InvalidParameterValue"
