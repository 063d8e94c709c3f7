# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DescribeOrderableDBInstanceOptions, which shows whether a class supports the setting."""

from __future__ import annotations

from typing import Any

import pytest
from rds_simulator.engines import catalogue
from rds_simulator.engines.engines import ENGINES


def _rows(rds: Any, engine: str, version: str, db_class: str) -> list[dict[str, Any]]:
    answer = rds.describe_orderable_db_instance_options(Engine=engine, EngineVersion=version, DBInstanceClass=db_class)
    rows: list[dict[str, Any]] = answer["OrderableDBInstanceOptions"]
    return rows


@pytest.mark.parametrize(
    ("engine", "version", "db_class", "supported"),
    [
        ("postgres", "16.4", "db.m6g.large", True),
        ("mysql", "5.7.44", "db.t3.micro", True),
        ("mariadb", "11.4.4", "db.r6g.large", True),
        ("mariadb", "10.6.20", "db.r6g.large", False),
        ("aurora-postgresql", "16.4", "db.serverless", True),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "db.r6g.large", True),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "db.t3.small", False),
        ("aurora-mysql", "5.7.mysql_aurora.2.12.3", "db.t2.small", False),
        ("oracle-ee", "19.0.0.0.ru-2024-10.rur-2024-10.r1", "db.m6i.large", False),
        ("sqlserver-se", "16.00.4165.4.v1", "db.m6i.large", False),
    ],
)
def test_orderable_options_show_iam_support(
    rds: Any, engine: str, version: str, db_class: str, supported: bool
) -> None:
    """The availability table of the user guides (✓), one row per storage type (✓ model)."""
    rows = _rows(rds, engine, version, db_class)
    assert {row["SupportsIAMDatabaseAuthentication"] for row in rows} == {supported}
    assert len({row["StorageType"] for row in rows}) == len(rows) > 1


@pytest.mark.parametrize(
    ("engine", "version", "db_class"),
    [
        ("postgres", "16.4", "db.m3.medium"),
        ("postgres", "9.6.24", "db.m6g.large"),
        ("mysql", "8.0.11", "db.m6g.large"),
        ("nosuch", "1.0", "db.m6g.large"),
    ],
)
def test_orderable_options_of_retired_version_are_empty(rds: Any, engine: str, version: str, db_class: str) -> None:
    """A retired version has no row: unknown, not unsupported (✓ model, inferred)."""
    assert _rows(rds, engine, version, db_class) == []


def test_orderable_options_without_engine_refused(rds: Any) -> None:
    shape = rds.meta.service_model.operation_model("DescribeOrderableDBInstanceOptions").input_shape
    assert shape.required_members == ["Engine"]


def test_orderable_options_in_pages(rds: Any, refused: Any) -> None:
    """20 to 1,000 per page (✓ model, △ terraform-provider-aws #37251); default 100."""
    ask = rds.describe_orderable_db_instance_options
    for size in (19, 1001):
        code, message = refused(ask, Engine="mysql", MaxRecords=size)
        assert code == "InvalidParameterValue"
        assert message == f"Invalid value {size} for MaxRecords. Must be between 20 and 1000"
    assert len(ask(Engine="sqlserver-se")["OrderableDBInstanceOptions"]) == 100
    paginator = rds.get_paginator("describe_orderable_db_instance_options")
    pages = paginator.paginate(Engine="sqlserver-se", PaginationConfig={"PageSize": 200})
    rows = [row for page in pages for row in page["OrderableDBInstanceOptions"]]
    keys = {(r["EngineVersion"], r["DBInstanceClass"], r["StorageType"]) for r in rows}
    assert len(keys) == len(rows) == len(list(catalogue.orderable(ENGINES["sqlserver-se"], "eu-west-1")))


def test_orderable_options_by_license(rds: Any) -> None:
    ask = rds.describe_orderable_db_instance_options
    none = ask(Engine="mysql", LicenseModel="license-included")["OrderableDBInstanceOptions"]
    assert none == []


def test_orderable_options_filters_not_implemented(rds: Any, refused: Any) -> None:
    filters = [{"Name": "x", "Values": ["y"]}]
    code, _rest = refused(rds.describe_orderable_db_instance_options, Engine="mysql", Filters=filters)
    assert code == "SimulatorNotImplemented"


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_orderable_options_include_default_versions(engine: str) -> None:
    """Every default version has classes and a family."""
    offer = catalogue.engine(engine)
    assert offer.default in offer.versions
    family = catalogue.family(engine, offer.default)
    assert catalogue.engine_of_family(family) == engine
    assert list(catalogue.orderable(offer, "eu-west-1", offer.default))


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("postgres", "16.4", "postgres16"),
        ("postgres", "9.6.24", "postgres9.6"),
        ("mysql", "8.0.40", "mysql8.0"),
        ("mariadb", "11.4.4", "mariadb11.4"),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "aurora-mysql8.0"),
        ("aurora-postgresql", "17.4", "aurora-postgresql17"),
        ("oracle-ee", "19.0.0.0.ru-2024-10.rur-2024-10.r1", "oracle-ee-19"),
        ("sqlserver-se", "16.00.4165.4.v1", "sqlserver-se-16.0"),
        ("db2-se", "11.5.9.0.sb00063198.r1", "db2-se-11.5"),
    ],
)
def test_orderable_versions_have_families(engine: str, version: str, family: str) -> None:
    """DBParameterGroupFamily as DescribeDBEngineVersions returns it (✓ user guide)."""
    assert catalogue.family(engine, version) == family
