# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a term names: an endpoint, or a database of one or of either kind."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_terms import DatabaseTerm, read_term

REGION = "eu-west-1"
ORDERS = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
CHINA = "orders.c0ffee.rds.cn-north-1.amazonaws.com.cn"


@pytest.mark.parametrize(
    ("text", "region", "endpoint"),
    [
        (f"{ORDERS}:5432", REGION, Endpoint(ORDERS, 5432)),
        (f"  {ORDERS.upper()}:5432\n", REGION, Endpoint(ORDERS, 5432)),
        (f"{CHINA}:3306", "cn-north-1", Endpoint(CHINA, 3306)),
        ("x.c0ffee.us-gov-west-1.rds.amazonaws.com:1", "us-gov-west-1", None),
        ("app.proxy-c0ffee.eu-west-1.rds.amazonaws.com:65535", REGION, None),
        ("db.example.com:5432", "us-east-1", Endpoint("db.example.com", 5432)),
        ("localhost:5432", REGION, Endpoint("localhost", 5432)),
        ("127.0.0.2:5432", REGION, Endpoint("127.0.0.2", 5432)),
    ],
)
def test_read_term_host_and_port_returns_endpoint(text, region, endpoint):
    found = read_term(text, region=region)
    assert isinstance(found, Endpoint)
    assert endpoint in (None, found)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("orders", (DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "orders"))),
        (" Orders ", (DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "orders"))),
        ("instance/orders", (DatabaseId(INSTANCE, "orders"),)),
        ("Cluster/Ledger", (DatabaseId(CLUSTER, "ledger"),)),
        ("arn:aws:rds:eu-west-1:123456789012:db:orders", (DatabaseId(INSTANCE, "orders"),)),
        ("arn:aws:rds:eu-west-1:123456789012:cluster:Ledger", (DatabaseId(CLUSTER, "ledger"),)),
    ],
)
def test_read_term_database_returns_candidates(text, candidates):
    found = read_term(text, region=REGION)
    assert isinstance(found, DatabaseTerm)
    assert found.candidates == candidates
    assert [c.account for c in found.candidates if text.startswith("arn")] in ([], ["123456789012"])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "_terms: '' names no database. Use HOST:PORT"),
        (" \n", "names no database"),
        (None, "_terms: 'None' names no database"),
        ({"host": ORDERS}, "names no database"),
        (ORDERS, f"'{ORDERS}' has no port. Use HOST:PORT"),
        (f"{ORDERS}:", "has no valid port. Use a port from 1 to 65535"),
        (f"{ORDERS}:0", "has no valid port"),
        (f"{ORDERS}:65536", "has no valid port"),
        (f"{ORDERS}:-1", "has no valid port"),
        (f"{ORDERS}:5432x", "has no valid port"),
        (f"{ORDERS}:٥٤٣٢", "has no valid port"),
        (f"{ORDERS}:" + "9" * 5000, "has no valid port"),
        ("::1", "is an IPv6 address"),
        ("::1:5432", "is an IPv6 address"),
        ("[::1]:5432", "is an IPv6 address"),
        ("[2001:db8::1]:5432", "is an IPv6 address"),
        (f"{ORDERS}:5432:5432", "or has more than one port"),
        (":5432", "has no valid host name"),
        ("or ders:5432", "has no valid host name"),
        ("orders\0:5432", "has no valid host name"),
        (f"postgresql://{ORDERS}:5432", "Remove the scheme, the user and the path"),
        (f"app@{ORDERS}:5432", "Remove the scheme, the user and the path"),
        (f"{ORDERS}:5432/shop", "Remove the scheme, the user and the path"),
        ("database/orders", "is not HOST:PORT"),
        ("instance/", "is not a valid identifier of a DB instance"),
        ("cluster/or_ders", "is not a valid identifier of a DB cluster"),
        ("1orders", "is not a valid identifier"),
        ("o" * 64, "is not a valid identifier"),
        ("instance/arn:aws:rds:eu-west-1:123456789012:db:orders", "is an ARN after instance/. Use the ARN alone"),
        ("arn:aws:rds:eu-west-1:123456789012:snapshot:monday", "is not the ARN of a DB instance or DB cluster"),
        ("arn:aws:s3:::orders", "is not the ARN of a DB instance or DB cluster"),
        ("arn:aws:rds:us-east-1:123456789012:db:orders", "is in Region us-east-1, but the task uses eu-west-1"),
        ("orders.c0ffee.us-east-1.rds.amazonaws.com:5432", "is in Region us-east-1, but region is eu-west-1"),
        (f"{CHINA}:5432", "is in Region cn-north-1, but region is eu-west-1"),
    ],
)
def test_read_term_invalid_raises(text, error):
    with pytest.raises(InputError) as raised:
        read_term(text, region=REGION)
    assert error in raised.value.message
    assert len(raised.value.message) < 700
