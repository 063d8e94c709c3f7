# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The names of endpoints are parsed as RDS builds them, and statuses decide whether a database accepts connections."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_endpoint import (
    EndpointName,
    accepts_logins,
    default_port,
    has_endpoint,
    parse_endpoint_name,
    protocol_of,
)

# Amazon RDS User Guide, "Connecting to a DB instance"; Aurora User Guide, "Amazon Aurora endpoint connections"
NAMES = (
    ("orders.c0ffee.eu-west-1.rds.amazonaws.com", EndpointName("eu-west-1", DatabaseId(INSTANCE, "orders"))),
    ("ORDERS.C0FFEE.EU-WEST-1.RDS.AMAZONAWS.COM", EndpointName("eu-west-1", DatabaseId(INSTANCE, "orders"))),
    (
        "ledger.cluster-c0ffee.us-gov-west-1.rds.amazonaws.com",
        EndpointName("us-gov-west-1", DatabaseId(CLUSTER, "ledger")),
    ),
    ("ledger.cluster-ro-c0ffee.eu-west-1.rds.amazonaws.com", EndpointName("eu-west-1", DatabaseId(CLUSTER, "ledger"))),
    ("some.cluster-custom-c0ffee.eu-west-1.rds.amazonaws.com", EndpointName("eu-west-1", None)),
    ("pool.proxy-c0ffee.eu-west-1.rds.amazonaws.com", EndpointName("eu-west-1", None, is_proxy=True)),
    ("orders.c0ffee.cn-north-1.rds.amazonaws.com.cn", EndpointName("cn-north-1", DatabaseId(INSTANCE, "orders"))),
    ("db.example.com", None),
    ("127.0.0.1", None),
    ("orders.c0ffee.eu-west-1.rds.amazonaws.com.example.com", None),
    ("eu-west-1.rds.amazonaws.com", None),
    ("", None),
)


@pytest.mark.parametrize(("host", "expected"), NAMES)
def test_parse_endpoint_name_returns_region_and_database(host, expected):
    assert parse_endpoint_name(host) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("available", True),
        ("backing-up", True),
        ("storage-optimization", True),
        ("configuring-iam-database-auth", True),
        ("modifying", True),
        ("storage-full", None),
        ("upgrading", None),
        ("stopped", False),
        ("creating", False),
        ("deleting", False),
        ("rebooting", False),
        ("incompatible-network", False),
        ("something-new", None),
    ],
)
def test_accepts_logins_status_is_translated(status, expected):
    assert accepts_logins(status) is expected


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("postgres", "postgresql"),
        ("aurora-postgresql", "postgresql"),
        ("mysql", "mysql"),
        ("mariadb", "mysql"),
        ("aurora-mysql", "mysql"),
        ("oracle-ee", None),
    ],
)
def test_protocol_of_engine_is_returned(engine, expected):
    assert protocol_of(engine) == expected


def test_default_port_is_that_of_protocol():
    assert (default_port("postgresql"), default_port("mysql")) == (5432, 3306)


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("Writer.example", 5432, True),
        ("reader.example", 5432, True),
        ("reader.example", 5433, False),
        ("x", 5432, False),
    ],
)
def test_has_endpoint_compares_host_and_port(host, port, expected):
    database = Database(
        DatabaseId(CLUSTER, "ledger"),
        "arn",
        "cluster-A",
        "aurora-postgresql",
        "16.4",
        "available",
        True,
        endpoint=Endpoint("writer.example", 5432),
        reader_endpoint=Endpoint("reader.example", 5432),
    )
    assert has_endpoint(database, host, port) is expected
