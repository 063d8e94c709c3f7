# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Parameter groups: their content, modifiable parameters, and the effect on databases."""

from __future__ import annotations

from typing import Any

import pytest

GROUP = {"DBParameterGroupName": "mine"}
SEED: dict[str, Any] = {
    "db_parameter_groups": [
        {"name": "Mine", "family": "postgres13", "parameters": {"work_mem": 4096}},
        {
            "name": "fixed",
            "family": "postgres16",
            "parameters": {"ssl": "0"},
            "modifiable": {"ssl": True},
        },
    ],
    "db_cluster_parameter_groups": [{"name": "cmine", "family": "aurora-postgresql16"}],
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "postgres",
            "engine_version": "13.20",
            "db_parameter_group": "mine",
        }
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-postgresql",
            "members": 2,
            "db_cluster_parameter_group": "cmine",
        }
    ],
}


@pytest.fixture(autouse=True)
def _groups(sim: Any) -> None:
    sim.seed(SEED)


def _row(rds: Any, group: str, name: str, *, of_cluster: bool = False) -> dict[str, Any]:
    filters = [{"Name": "parameter-name", "Values": [name]}]
    if of_cluster:
        answer = rds.describe_db_cluster_parameters(DBClusterParameterGroupName=group, Filters=filters)
    else:
        answer = rds.describe_db_parameters(DBParameterGroupName=group, Filters=filters)
    (row,) = answer["Parameters"]
    return dict(row)


def _change(name: str, value: str, method: str = "immediate") -> dict[str, str]:
    return {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}


def _apply_status(instance: Any) -> str:
    status: str = instance("orders")["DBParameterGroups"][0]["ParameterApplyStatus"]
    return status


def test_describe_default_parameter_groups(rds: Any) -> None:
    """From the start, for every family (✓ user guide)."""
    names = {group["DBParameterGroupName"] for group in rds.describe_db_parameter_groups()["DBParameterGroups"]}
    assert {"default.postgres16", "default.mysql8.0", "default.mariadb11.4", "mine"} <= names
    clusters = {
        group["DBClusterParameterGroupName"]
        for group in rds.describe_db_cluster_parameter_groups()["DBClusterParameterGroups"]
    }
    assert {"default.aurora-postgresql16", "default.postgres16", "cmine"} <= clusters
    assert "default.oracle-ee-19" not in clusters


def test_parameter_groups_of_retired_versions(rds: Any) -> None:
    group = rds.describe_db_parameter_groups(DBParameterGroupName="default.postgres9.6")
    assert group["DBParameterGroups"][0]["DBParameterGroupFamily"] == "postgres9.6"


def test_parameters_ssl_has_no_value_by_default(rds: Any) -> None:
    """No ParameterValue: the default of the engine applies, which is on (✓ model, user guide)."""
    row = _row(rds, "default.postgres16", "ssl")
    assert "ParameterValue" not in row
    assert (row["Source"], row["ApplyType"], row["AllowedValues"]) == (
        "engine-default",
        "dynamic",
        "0,1",
    )


@pytest.mark.parametrize(
    ("family", "of_cluster", "value"),
    [
        ("postgres14", False, "0"),
        ("postgres15", False, "1"),
        ("postgres16", False, "1"),
        ("aurora-postgresql16", True, "0"),
        ("aurora-postgresql17", True, "1"),
    ],
)
def test_parameters_force_ssl_default_depends_on_version(rds: Any, family: str, of_cluster: bool, value: str) -> None:
    """On from 15 (RDS) and 17 (Aurora); dynamic (✓ user guides)."""
    row = _row(rds, f"default.{family}", "rds.force_ssl", of_cluster=of_cluster)
    assert (row["ParameterValue"], row["ApplyType"], row["Source"]) == (value, "dynamic", "system")


def test_parameters_ssl_is_modifiable_up_to_13(rds: Any) -> None:
    """Modifiable only below 14 (△); IsModifiable decides. A seed can override it."""
    assert _row(rds, "default.postgres13", "ssl")["IsModifiable"] is True
    assert _row(rds, "default.postgres14", "ssl")["IsModifiable"] is False
    assert _row(rds, "fixed", "ssl")["IsModifiable"] is True


@pytest.mark.parametrize(
    ("group", "of_cluster", "value"),
    [
        ("default.mysql8.0", False, None),
        ("default.mariadb11.4", False, None),
        ("default.mariadb11.8", False, "1"),
        ("default.aurora-mysql8.0", True, None),
    ],
)
def test_parameters_require_secure_transport(rds: Any, group: str, of_cluster: bool, value: str | None) -> None:
    """Off, except for MariaDB from 11.8; dynamic (✓ user guides)."""
    row = _row(rds, group, "require_secure_transport", of_cluster=of_cluster)
    assert (row.get("ParameterValue"), row["ApplyType"]) == (value, "dynamic")


def test_parameters_require_secure_transport_of_cluster(rds: Any) -> None:
    """Aurora MySQL has it only in the cluster group (✓ user guide)."""
    filters = [{"Name": "parameter-name", "Values": ["require_secure_transport"]}]
    ask = rds.describe_db_parameters
    for group in ("default.aurora-mysql8.0", "default.mariadb10.4"):
        assert ask(DBParameterGroupName=group, Filters=filters)["Parameters"] == []


def test_describe_parameters_in_pages(rds: Any) -> None:
    """More than one page, each parameter once, in order."""
    pages = list(rds.get_paginator("describe_db_parameters").paginate(**GROUP))
    names = [row["ParameterName"] for page in pages for row in page["Parameters"]]
    assert len(pages) > 1
    assert names == sorted(set(names))


def test_describe_parameters_by_source(rds: Any) -> None:
    """Source=user returns the values that were set (✓ user guide)."""
    rows = rds.describe_db_parameters(Source="user", **GROUP)["Parameters"]
    assert [(row["ParameterName"], row["ParameterValue"]) for row in rows] == [("work_mem", "4096")]


def test_describe_parameters_filter_limits(rds: Any, refused: Any) -> None:
    """parameter-name is the only filter (✓ model)."""
    filters = [{"Name": "source", "Values": ["user"]}]
    code, _rest = refused(rds.describe_db_parameters, Filters=filters, **GROUP)
    assert code == "InvalidParameterValue"


def test_describe_unknown_parameter_group_not_found(rds: Any, refused: Any) -> None:
    """DBParameterGroupNotFound for both kinds (✓ model)."""
    calls = [
        (rds.describe_db_parameters, "DBParameterGroupName"),
        (rds.describe_db_parameter_groups, "DBParameterGroupName"),
        (rds.describe_db_cluster_parameters, "DBClusterParameterGroupName"),
        (rds.describe_db_cluster_parameter_groups, "DBClusterParameterGroupName"),
    ]
    for call, name in calls:
        assert refused(call, **{name: "nope"})[0] == "DBParameterGroupNotFound"


def test_modify_dynamic_parameter(sim: Any, rds: Any, instance: Any) -> None:
    """applying, then in-sync (✓ user guide)."""
    rds.modify_db_parameter_group(Parameters=[_change("ssl", "1")], **GROUP)
    row = _row(rds, "mine", "ssl")
    assert (row["ParameterValue"], row["Source"], row["ApplyMethod"]) == ("1", "user", "immediate")
    assert _apply_status(instance) == "applying"
    sim.clock.advance(10)
    assert _apply_status(instance) == "in-sync"


def test_modify_static_parameter(sim: Any, rds: Any, instance: Any) -> None:
    """applying, then pending-reboot until the reboot, which is an outage (✓ user guide)."""
    change = _change("max_connections", "100", "pending-reboot")
    rds.modify_db_parameter_group(Parameters=[change], **GROUP)
    sim.clock.advance(10)
    assert _apply_status(instance) == "pending-reboot"
    rds.reboot_db_instance(DBInstanceIdentifier="orders")
    assert instance("orders")["DBInstanceStatus"] == "rebooting"
    sim.clock.advance(30)
    assert (instance("orders")["DBInstanceStatus"], _apply_status(instance)) == (
        "available",
        "in-sync",
    )
    assert sim.outages("orders") == 1


def test_modify_cluster_parameter_shows_on_members(sim: Any, rds: Any, cluster: Any) -> None:
    """DBClusterMembers[].DBClusterParameterGroupStatus (✓ model); a member's reboot clears it."""

    def statuses() -> list[str]:
        members = cluster("ledger")["DBClusterMembers"]
        return [member["DBClusterParameterGroupStatus"] for member in members]

    change = _change("max_connections", "100", "pending-reboot")
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName="cmine", Parameters=[change])
    assert statuses() == ["applying", "applying"]
    sim.clock.advance(10)
    rds.reboot_db_instance(DBInstanceIdentifier="ledger-1")
    sim.clock.advance(30)
    assert statuses() == ["in-sync", "pending-reboot"]


def test_associate_parameter_group(sim: Any, rds: Any, instance: Any, cluster: Any) -> None:
    """Immediately, regardless of ApplyImmediately; values after a reboot (✓ user guide)."""
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="default.postgres13")
    rds.modify_db_cluster(DBClusterIdentifier="ledger", DBClusterParameterGroupName="default.aurora-postgresql16")
    assert cluster("ledger")["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    groups = instance("orders")["DBParameterGroups"]
    assert groups == [{"DBParameterGroupName": "default.postgres13", "ParameterApplyStatus": "applying"}]
    sim.clock.advance(10)
    assert _apply_status(instance) == "pending-reboot"
    members = cluster("ledger")["DBClusterMembers"]
    assert {m["DBClusterParameterGroupStatus"] for m in members} == {"pending-reboot"}


@pytest.mark.parametrize(
    ("group", "changes", "code", "text"),
    [
        (
            "default.postgres16",
            [_change("rds.force_ssl", "1")],
            "InvalidParameterValue",
            "Cannot modify a default parameter group.",
        ),
        (
            "mine",
            [_change("colour", "1")],
            "InvalidParameterValue",
            "Could not find parameter with name: colour",
        ),
        (
            "mine",
            [_change("port", "1", "pending-reboot")],
            "InvalidParameterValue",
            "The parameter port cannot be modified.",
        ),
        (
            "mine",
            [_change("max_connections", "100")],
            "InvalidParameterCombination",
            "cannot use immediate apply method for static parameter",
        ),
        ("mine", [_change("ssl", "maybe")], "InvalidParameterValue", "allowed values are: 0,1"),
        ("mine", [_change("ssl", "1")] * 21, "InvalidParameterValue", "between 1 and 20"),
    ],
)
def test_modify_parameter_invalid_change_refused(
    sim: Any,
    rds: Any,
    refused: Any,
    group: str,
    changes: list[dict[str, str]],
    code: str,
    text: str,
) -> None:
    """Texts △, the limit of 20 ✓ (model). One invalid change refuses all."""
    rows = sim.parameter_group("instance", group)["Parameters"]
    before = {name: dict(row) for name, row in rows.items()}
    good = [] if len(changes) > 1 else [_change("work_mem", "1")]
    found = refused(rds.modify_db_parameter_group, DBParameterGroupName=group, Parameters=[*good, *changes])
    assert (found[0], text in found[1]) == (code, True)
    assert sim.parameter_group("instance", group)["Parameters"] == before
