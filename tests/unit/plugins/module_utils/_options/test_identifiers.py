# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Database names in the forms of playbooks, surveys and ad hoc commands."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.arns import dbuser_arn_prefix
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.identifiers import read_identifiers

ARN = "arn:aws:rds:eu-west-1:123456789012:db:orders"


def texts(instances=None, clusters=None):
    return [
        str(database_id) for database_id in read_identifiers(instances=instances, clusters=clusters, region="eu-west-1")
    ]


@pytest.mark.parametrize(
    "entries",
    [
        ["orders", "shop"],
        ["orders,shop"],
        ["orders, shop"],
        ["orders\nshop\n"],
        [" orders ", "", "  ", "shop"],
        ["orders ,\r\n shop,"],
        ["ORDERS", "Shop", "orders"],
        [ARN, "shop"],
        ["ARN:AWS:RDS:EU-WEST-1:123456789012:DB:Orders\tshop"],
        ["['orders'", "'shop']"],
        ['["orders", "shop"]'],
    ],
)
def test_read_names_accepts_every_form(entries):
    assert texts(entries) == ["instance/orders", "instance/shop"]


def test_read_names_instance_and_cluster_may_share_name():
    assert texts(["orders"], ["orders"]) == ["instance/orders", "cluster/orders"]


@pytest.mark.parametrize("entries", [[ARN, "orders"], ["orders", ARN], [ARN, ARN.upper()]])
def test_read_names_arn_keeps_account(entries):
    (database_id,) = read_identifiers(instances=entries, clusters=None, region="eu-west-1")
    assert database_id.account == "123456789012"


def test_read_names_same_name_in_two_accounts_is_refused():
    with pytest.raises(InputError, match="'orders' is named in two accounts, 123456789012 and 999999999999"):
        texts([ARN, ARN.replace("123456789012", "999999999999")])


@pytest.mark.parametrize("entries", [None, [], [""], [" ", "\n,"], ["[]"]])
def test_read_names_blank_returns_nothing(entries):
    with pytest.raises(InputError, match="no database is named, because blank entries are ignored"):
        texts(entries, entries)


@pytest.mark.parametrize(
    ("instances", "clusters", "words"),
    [
        (["arn:aws:rds:us-east-1:123456789012:db:orders"], None, "us-east-1, but the task uses eu-west-1"),
        (["arn:aws:rds:eu-west-1:123456789012:cluster:ledger"], None, "Set db_cluster_identifiers instead"),
        (None, [ARN], "Set db_instance_identifiers instead"),
        (["arn:aws:rds:eu-west-1:123456789012:snapshot:x"], None, "'snapshot' resource, not of a DB instance"),
        (["arn:aws:s3:::bucket"], None, "is not the ARN of a DB instance"),
        (["arn:aws:rds:eu-west-1"], None, "is not the ARN of a DB instance"),
        (["orders;shop"], None, "'orders;shop' is not a valid identifier"),
        (["1orders"], None, "db_instance_identifiers: '1orders'"),
        (None, ["ledger!"], "db_cluster_identifiers: 'ledger!'"),
    ],
)
def test_read_names_invalid_is_refused(instances, clusters, words):
    with pytest.raises(InputError) as caught:
        texts(instances, clusters)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ARN, "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-X/"),
        ("arn:aws-cn:rds:cn-north-1:1:cluster:c", "arn:aws-cn:rds-db:cn-north-1:1:dbuser:db-X/"),
        ("", ""),
    ],
)
def test_dbuser_arn_prefix(arn, expected):
    assert dbuser_arn_prefix(arn, "db-X") == expected
