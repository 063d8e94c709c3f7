# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Databases as the modules return them, for policies about their users."""

from __future__ import annotations

PREFIX = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:"
ORDERS = {
    "kind": "instance",
    "identifier": "orders",
    "engine": "postgres",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
    "resource_id": "db-ORDERS",
    "dbuser_arn_prefix": f"{PREFIX}db-ORDERS/",
}
LEDGER = {
    "kind": "cluster",
    "identifier": "ledger",
    "engine": "aurora-postgresql",
    "arn": "arn:aws:rds:eu-west-1:123456789012:cluster:ledger",
    "resource_id": "cluster-LEDGER",
    "members": [{"identifier": "Ledger-1", "is_writer": True}],
    "dbuser_arn_prefix": f"{PREFIX}cluster-LEDGER/",
}
# a member as DescribeDBInstances shows it, without its cluster
MEMBER = {
    "kind": "instance",
    "identifier": "ledger-1",
    "engine": "aurora-postgresql",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:ledger-1",
    "resource_id": "db-MEMBER",
}
PROXY = {"arn": "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0123456789abcdef0"}
