# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DescribeDBInstances and DescribeDBClusters: identifiers, filters, pages, and the content of records."""

from __future__ import annotations

import re
from typing import Any

import pytest

PREFIX = "arn:aws:rds:eu-west-1:123456789012"
FLEET: dict[str, Any] = {
    "db_instances": [
        {"identifier": "Orders", "engine": "postgres", "tags": {"env": "prod"}},
        {
            "identifier": "billing",
            "engine": "mysql",
            "extra": {"DomainMemberships": [{"Domain": "d-1", "Status": "joined"}]},
        },
        {"identifier": "orders-copy", "engine": "postgres", "source": "orders"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2},
        {"identifier": "trio", "engine": "mysql", "extra": {"CloneGroupId": "g-1"}},
    ],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(FLEET)


def _names(answer: dict[str, Any]) -> list[str]:
    rows = answer.get("DBInstances", answer.get("DBClusters"))
    assert rows is not None
    return [row.get("DBInstanceIdentifier", row.get("DBClusterIdentifier")) for row in rows]


@pytest.mark.parametrize("given", ["orders", "ORDERS", f"{PREFIX}:db:orders"])
def test_describe_instance_by_name_or_arn(rds: Any, given: str) -> None:
    """Name or ARN in any case; stored in lower case (model ✓)."""
    assert _names(rds.describe_db_instances(DBInstanceIdentifier=given)) == ["orders"]


@pytest.mark.parametrize("given", ["nope", "ledger", f"{PREFIX}:cluster:ledger"])
def test_describe_unknown_instance_not_found(rds: Any, refused: Any, given: str) -> None:
    """The wire code is DBInstanceNotFound, not the name of the shape (model ✓)."""
    code, message = refused(rds.describe_db_instances, DBInstanceIdentifier=given)
    assert (code, message) == ("DBInstanceNotFound", f"DBInstance {given} not found.")


def test_describe_arn_of_other_account_or_region_not_found(rds: Any, refused: Any) -> None:
    arn = "arn:aws:rds:us-east-1:123456789012:db:orders"
    assert refused(rds.describe_db_instances, DBInstanceIdentifier=arn)[0] == "DBInstanceNotFound"


@pytest.mark.parametrize("given", ["Ledger", f"{PREFIX}:cluster:ledger"])
def test_describe_cluster_by_name_or_arn(rds: Any, given: str) -> None:
    assert _names(rds.describe_db_clusters(DBClusterIdentifier=given)) == ["ledger"]


def test_describe_unknown_cluster_not_found(rds: Any, refused: Any) -> None:
    """The wire code ends in Fault, unlike that of instances (model ✓)."""
    code, message = refused(rds.describe_db_clusters, DBClusterIdentifier="orders")
    assert (code, message) == ("DBClusterNotFoundFault", "DBCluster orders not found.")


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("engine", ["mysql"], ["billing", "trio-1", "trio-2", "trio-3"]),
        ("engine", ["nothing"], []),
        ("db-instance-id", ["ORDERS", f"{PREFIX}:db:billing"], ["billing", "orders"]),
        ("db-cluster-id", ["ledger"], ["ledger-1", "ledger-2"]),
        ("db-cluster-id", [f"{PREFIX}:cluster:ledger"], ["ledger-1", "ledger-2"]),
        ("domain", ["d-1"], ["billing"]),
        ("db-instance-id", ["unknown"], []),
    ],
)
def test_describe_instances_with_filters(rds: Any, name: str, values: list[str], found: list[str]) -> None:
    """All filters of the model; a value that no instance has results in an empty list (✓)."""
    answer = rds.describe_db_instances(Filters=[{"Name": name, "Values": values}])
    assert _names(answer) == found


def test_describe_instances_by_resource_id(sim: Any, rds: Any) -> None:
    wanted = sim.database("instance", "billing")["DbiResourceId"]
    filters = [{"Name": "dbi-resource-id", "Values": [wanted]}]
    assert _names(rds.describe_db_instances(Filters=filters)) == ["billing"]


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("engine", ["mysql", "aurora-postgresql"], ["ledger", "trio"]),
        ("db-cluster-id", ["TRIO"], ["trio"]),
        ("clone-group-id", ["g-1"], ["trio"]),
        ("domain", ["d-1"], []),
        ("db-cluster-resource-id", ["cluster-NONE"], []),
    ],
)
def test_describe_clusters_with_filters(rds: Any, name: str, values: list[str], found: list[str]) -> None:
    """All filters of the model (✓)."""
    answer = rds.describe_db_clusters(Filters=[{"Name": name, "Values": values}])
    assert _names(answer) == found


def test_describe_with_several_filters_returns_intersection(rds: Any) -> None:
    filters = [
        {"Name": "engine", "Values": ["mysql"]},
        {"Name": "db-instance-id", "Values": ["billing", "orders"]},
    ]
    assert _names(rds.describe_db_instances(Filters=filters)) == ["billing"]


def test_describe_with_unknown_filter_refused(rds: Any, refused: Any) -> None:
    """There is no filter by tag or status (model ✓; text ?)."""
    filters = [{"Name": "tag:env", "Values": ["prod"]}]
    for call in (rds.describe_db_instances, rds.describe_db_clusters):
        assert refused(call, Filters=filters)[0] == "InvalidParameterValue"


def test_describe_instances_in_pages(sim: Any, rds: Any) -> None:
    """100 per page, or MaxRecords; the Marker leads to the next page (model ✓)."""
    sim.seed({"db_instances": [{"identifier": "x-{n}", "engine": "mysql", "count": 120}]})
    first = rds.describe_db_instances()
    second = rds.describe_db_instances(Marker=first["Marker"])
    assert len(first["DBInstances"]) == 100
    assert "Marker" not in second
    names = _names(first) + _names(second)
    assert len(set(names)) == len(names) == 128
    pages = rds.get_paginator("describe_db_instances").paginate(PaginationConfig={"PageSize": 20})
    assert [len(page["DBInstances"]) for page in pages] == [20] * 6 + [8]


def test_describe_clusters_in_pages(sim: Any, rds: Any) -> None:
    clusters = {"identifier": "c-{n}", "engine": "aurora-mysql", "count": 23, "members": 0}
    sim.seed({"db_clusters": [clusters]})
    pages = rds.get_paginator("describe_db_clusters").paginate(PaginationConfig={"PageSize": 20})
    assert [len(page["DBClusters"]) for page in pages] == [20, 5]


@pytest.mark.parametrize("size", [19, 101])
def test_describe_invalid_max_records_refused(rds: Any, refused: Any, size: int) -> None:
    """20 to 100 (model ✓; text: terraform-provider-aws #37251, △)."""
    code, message = refused(rds.describe_db_instances, MaxRecords=size)
    assert code == "InvalidParameterValue"
    assert message == f"Invalid value {size} for MaxRecords. Must be between 20 and 100"


def test_describe_pages_with_deletion_between_are_complete(sim: Any, rds: Any) -> None:
    """No item is missing or repeated when the last item of a page is deleted (?)."""
    sim.seed({"db_instances": [{"identifier": "x-{n}", "engine": "mysql", "count": 40}]})
    sim.settings.update(delete_seconds=0)
    before = rds.describe_db_instances(MaxRecords=20)
    everything = {row["DBInstanceIdentifier"] for row in rds.describe_db_instances()["DBInstances"]}
    for name in (_names(before)[-1], min(everything - set(_names(before)))):
        rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
        everything.discard(name)
    sim.clock.advance(0)
    after = rds.describe_db_instances(Marker=before["Marker"])
    assert sorted(everything - set(_names(before))) == _names(after)


def test_describe_invalid_marker_refused(rds: Any, refused: Any) -> None:
    assert refused(rds.describe_db_instances, Marker="\u00e9")[0] == "InvalidParameterValue"


def test_describe_cluster_lists_members(instance: Any, cluster: Any) -> None:
    """Members name their cluster and show its setting (model ✓); one of them is the writer."""
    members = cluster("ledger")["DBClusterMembers"]
    assert [(m["DBInstanceIdentifier"], m["IsClusterWriter"]) for m in members] == [
        ("ledger-1", True),
        ("ledger-2", False),
    ]
    member = instance("ledger-2")
    assert (member["DBClusterIdentifier"], member["Engine"]) == ("ledger", "aurora-postgresql")


def test_describe_returns_complete_records(instance: Any, cluster: Any) -> None:
    """The response has endpoint, ids, window and tags (model ✓)."""
    one = instance("orders")
    address = one["Endpoint"]["Address"]
    assert re.fullmatch(r"orders\.[a-z0-9]+\.eu-west-1\.rds\.amazonaws\.com", address)
    assert one["DBInstanceArn"] == f"{PREFIX}:db:orders"
    assert one["TagList"] == [{"Key": "env", "Value": "prod"}]
    assert one["PendingModifiedValues"] == {}
    assert one["ReadReplicaDBInstanceIdentifiers"] == ["orders-copy"]
    assert instance("orders-copy")["ReadReplicaSourceDBInstanceIdentifier"] == "orders"
    many = cluster("ledger")
    assert many["Endpoint"].startswith("ledger.cluster-c")
    assert many["ReaderEndpoint"].startswith("ledger.cluster-ro-")
    assert many["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    assert re.fullmatch(r"cluster-[A-Z0-9]{26}", many["DbClusterResourceId"])


def test_describe_gp3_storage_shows_baseline(rds: Any) -> None:
    """3,000 IOPS and 125 MiB/s; amazon.aws.rds_instance reads both keys (RDS User Guide, gp3 storage ✓)."""
    record = rds.describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"][0]
    assert (record["StorageType"], record["Iops"], record["StorageThroughput"]) == ("gp3", 3000, 125)
