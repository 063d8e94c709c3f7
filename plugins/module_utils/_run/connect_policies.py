# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of ``rds_connect_policies_info``: read policies and databases, and compare them. It changes nothing.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from functools import partial

from .._gateway.clock import Deadline
from .._gateway.policies import PoliciesApi, RetryingPoliciesGateway
from .._gateway.rds import results_or_raise
from .._model.account_policies import Account, Principal, Proxy
from .._model.arns import parse
from .._model.database import CLUSTER, INSTANCE, Database
from .._model.errors import CallError, InputError, quoted
from .._options.connect_policies import ConnectPoliciesOptions
from .._rules.connect_findings import implied_reasons, statement_findings
from .._rules.connect_grants import ConnectGrant, connect_grants, limited_to
from .._rules.connect_proposals import Proposer
from .._rules.login_inventory import LoginInventory, build_inventory
from .connect_policies_result import ConnectPoliciesResult
from .context import RunContext

# failed calls are retried for this number of seconds, with this delay
_TIMEOUT, _DELAY = 300.0, 5.0


def gather_connect_policies(options: ConnectPoliciesOptions, context: RunContext[PoliciesApi]) -> ConnectPoliciesResult:
    """Return the statements about ``rds-db:connect``, the findings and the proposed policies.

    Raises InputError if a named principal does not exist, and CallError, which names the Region, if a call fails.
    """
    deadline = Deadline.after(_TIMEOUT, context.clock)
    gateway = RetryingPoliciesGateway(context.api, deadline, _DELAY)
    gateways = [RetryingPoliciesGateway(context.api.in_region(region), deadline, _DELAY) for region in options.regions]
    account = gateway.account()
    grants = connect_grants(account)
    if options.principals:
        _check_principals(options.principals, account)
        grants = limited_to(grants, options.principals)
    inventory = _inventory(gateways, account, options)
    principals = _by_principal(grants)
    proposer = Proposer(inventory)
    proposals = [proposer.propose(arn, own) for arn, own in sorted(principals.items())]
    return ConnectPoliciesResult(
        regions=options.regions,
        grants=tuple(grants),
        findings=tuple((grant, found) for grant in grants for found in statement_findings(grant.statement, inventory)),
        implied=tuple((grant, tuple(reasons)) for grant in grants if (reasons := implied_reasons(grant.statement))),
        proposals=tuple(proposal for proposal in proposals if proposal is not None),
        boundaries={
            principal.arn: principal.boundary
            for principal in account.principals
            if principal.boundary and principal.arn in principals
        },
    )


def _by_principal(grants: t.Iterable[ConnectGrant]) -> dict[str, list[ConnectGrant]]:
    """Return the statements that apply to each user and role."""
    found: dict[str, list[ConnectGrant]] = {}
    for grant in grants:
        for arn in grant.principals:
            found.setdefault(arn, []).append(grant)
    return found


def _check_principals(arns: t.Sequence[str], account: Account) -> None:
    known = {principal.arn for principal in account.principals}
    for arn in arns:
        if arn not in known:
            raise InputError(
                f"principals: {quoted(arn)} does not exist in the account of the credentials. Check the ARN, "
                "including its path."
            )


def _inventory(
    gateways: t.Sequence[RetryingPoliciesGateway], account: Account, options: ConnectPoliciesOptions
) -> LoginInventory:
    """Describe the databases and the proxies of every Region."""
    databases: list[Database] = []
    proxies: list[Proxy] = []
    for region, gateway in zip(options.regions, gateways):
        kinds = [partial(gateway.describe_all, kind) for kind in (INSTANCE, CLUSTER)]
        calls: list[t.Callable[[], list[t.Any]]] = [*kinds, gateway.proxies]
        try:
            instances, clusters, found = results_or_raise(gateway, calls)
        except CallError as error:
            error.message = f"regions: {region}: {error.message}"
            error.args = (error.message,)
            raise
        databases += [*instances, *clusters]
        proxies += found
    partition, number = _place(account.principals, databases)
    return build_inventory(
        databases, proxies, options.users, partition=partition, account=number, regions=options.regions
    )


def _place(principals: t.Sequence[Principal], databases: t.Sequence[Database]) -> tuple[str, str]:
    """Return the partition and the number of the account. Every account has principals or databases, or no findings."""
    for principal in principals:
        parts = principal.arn.split(":")
        return parts[1], parts[4]
    for database in databases:
        arn = parse(database.arn)
        if arn is not None:
            return arn.partition, arn.account
    return "", ""
