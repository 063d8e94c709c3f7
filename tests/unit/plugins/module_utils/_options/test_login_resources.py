# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The resource of each kind of database, and databases without one."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_resources import read_login_resources
from ansible_collections.passwordless.rds.tests.unit.login_databases import LEDGER, MEMBER, ORDERS, PREFIX, PROXY


def without(database, *keys, **changes):
    return {key: value for key, value in {**database, **changes}.items() if key not in keys}


def prefixes(*databases):
    return [resource.prefix for resource in read_login_resources(databases)]


@pytest.mark.parametrize(
    ("database", "prefix"),
    [
        (ORDERS, f"{PREFIX}db-ORDERS/"),
        (without(ORDERS, "dbuser_arn_prefix"), f"{PREFIX}db-ORDERS/"),
        (without(ORDERS, "engine", "kind", "identifier", "dbuser_arn_prefix"), f"{PREFIX}db-ORDERS/"),
        (without(LEDGER, "dbuser_arn_prefix"), f"{PREFIX}cluster-LEDGER/"),
        (PROXY, f"{PREFIX}prx-0123456789abcdef0/"),
        ({**MEMBER, "dbuser_arn_prefix": f"{PREFIX}cluster-LEDGER/"}, f"{PREFIX}cluster-LEDGER/"),
        (
            {"arn": "arn:aws-cn:rds:cn-north-1:123456789012:db:x", "resource_id": "db-X"},
            "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-X/",
        ),
        (
            {"arn": "arn:aws-us-gov:rds:us-gov-west-1:123456789012:cluster:x", "resource_id": "cluster-X"},
            "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-X/",
        ),
    ],
)
def test_login_resources_of_each_kind_have_their_prefix(database, prefix):
    assert prefixes(database) == [prefix]
    assert [resource.prefix for resource in read_login_resources(database)] == [prefix]


@pytest.mark.parametrize("order", list(itertools.permutations((ORDERS, LEDGER, MEMBER, PROXY))))
def test_login_resources_member_is_replaced_by_its_cluster(order):
    assert prefixes(*order) == [f"{PREFIX}cluster-LEDGER/", f"{PREFIX}db-ORDERS/", f"{PREFIX}prx-0123456789abcdef0/"]


@pytest.mark.parametrize(
    ("databases", "error"),
    [
        ([], "databases: it contains no database"),
        (None, "it contains no database"),
        ("orders", "it contains no database"),
        (["orders"], "databases: 'orders' is not a dictionary"),
        ([{}], "databases: database/?: its ARN and its resource id are unknown or invalid"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id=None)], "instance/orders: its ARN and its resource id"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id="db-*")], "instance/orders: its ARN and its resource id"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id="db-A/*")], "its ARN and its resource id"),
        ([without(ORDERS, dbuser_arn_prefix=f"{PREFIX}*/")], "its ARN and its resource id"),
        ([without(ORDERS, dbuser_arn_prefix="arn:aws:rds-db:*:123456789012:dbuser:db-A/")], "its ARN and its resource"),
        ([{"arn": "arn:aws:rds:eu-west-1:123456789012:db-proxy:app"}], "its ARN and its resource id"),
        ([MEMBER], "instance/ledger-1 is a member of a DB cluster"),
        ([{**MEMBER, "dbuser_arn_prefix": f"{PREFIX}db-MEMBER/"}], "is a member of a DB cluster"),
        ([{**ORDERS, "db_cluster_identifier": "multi-az"}], "instance/orders is a member of a DB cluster"),
        (
            # a cluster of the same member name in another Region is not its cluster
            [MEMBER, without(LEDGER, "dbuser_arn_prefix", arn="arn:aws:rds:us-east-1:123456789012:cluster:ledger")],
            "is a member of a DB cluster",
        ),
        ([{**ORDERS, "engine": "oracle-ee"}], "the engine oracle-ee does not support IAM database authentication"),
    ],
)
def test_login_resources_invalid_raise(databases, error):
    with pytest.raises(InputError) as raised:
        read_login_resources(databases)
    assert error in raised.value.message
