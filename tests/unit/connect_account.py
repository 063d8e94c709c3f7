# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""An account with databases, proxies and principals, for the tests of policies for logins."""

from __future__ import annotations

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import (
    INLINE,
    USER,
    Account,
    Policy,
    Principal,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_database import LoginDatabase
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_findings import statement_findings
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_grants import connect_grants
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_proposals import Proposal, Proposer
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_inventory import LoginInventory

NUMBER = "123456789012"
PRINCIPAL = f"arn:aws:iam::{NUMBER}:user/deploy"
REGIONS = ("eu-west-1", "us-east-1")


def arn(
    resource: str, *, region: str = "eu-west-1", account: str = NUMBER, partition: str = "aws", kind: str = "dbuser"
) -> str:
    return f"arn:{partition}:rds-db:{region}:{account}:{kind}:{resource}"


def _database(
    kind: str,
    name: str,
    resource_id: str,
    engine: str = "postgres",
    *,
    region: str = "eu-west-1",
    cluster: str | None = None,
    partition: str = "aws",
) -> LoginDatabase:
    return LoginDatabase(kind, name, partition, region, NUMBER, resource_id, engine, cluster)


def inventory(users: t.Any = None, *, partition: str = "aws", regions: tuple[str, ...] = REGIONS) -> LoginInventory:
    """Return an inventory. ``users`` are the users by resource id."""
    targets = (
        _database("instance", "orders", "db-ORDERS", partition=partition, region=regions[0]),
        _database("cluster", "ledger", "cluster-LEDGER", "aurora-mysql", partition=partition, region=regions[0]),
        _database("proxy", "front", "prx-front", "", partition=partition, region=regions[0]),
        _database("instance", "stock", "db-STOCK", "mysql", partition=partition, region=regions[-1]),
    )
    others = (
        _database("instance", "ledger-1", "db-MEMBER", "aurora-mysql", cluster="ledger", partition=partition),
        _database("instance", "erp", "db-ERP", "oracle-ee", partition=partition),
    )
    return LoginInventory(
        partition,
        NUMBER,
        regions,
        {one.resource_id: one for one in targets},
        {one.resource_id: one for one in others},
        users or {},
    )


def statement(*resources: str, effect: str = "Allow", **elements: t.Any) -> dict[str, t.Any]:
    return {"Effect": effect, "Action": "rds-db:connect", "Resource": list(resources), **elements}


def document(*statements: t.Any, version: str = "2012-10-17") -> dict[str, t.Any]:
    return {"Version": version, "Statement": list(statements)}


def account_of(*documents: t.Any) -> Account:
    """Return an account with one user, who has these inline policies."""
    policies = tuple(Policy(INLINE, f"policy-{number}", content) for number, content in enumerate(documents))
    return Account((Principal(USER, PRINCIPAL, "deploy", inline=policies),), {})


def findings(where: LoginInventory, *documents: t.Any) -> list[tuple[str, str | None, str]]:
    return [
        (found.code, found.resource, found.message)
        for grant in connect_grants(account_of(*documents))
        for found in statement_findings(grant.statement, where)
    ]


def proposal(where: LoginInventory, *documents: t.Any) -> Proposal | None:
    return Proposer(where).propose(PRINCIPAL, connect_grants(account_of(*documents)))
