# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The boto3 clients that read policies: IAM, and RDS in several Regions.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._gateway.clock import Clock
from .._gateway.rds import PAGE
from .._model.account_policies import AccountPage, Proxy, ProxyPage
from .call import call_operation
from .parse_account import parse_account_page
from .rds_client import RdsClient
from .responses import reads_responses
from .session import check_region

_FILTER = ("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy")
# API reference of GetAccountAuthorizationDetails: the maximum of MaxItems
_MAX_ITEMS = 1000


@reads_responses
class PoliciesClient(RdsClient):
    """Implements the API. ``client_of`` creates the boto3 client of another service or Region."""

    def __init__(self, client: t.Any, region: str, client_of: t.Callable[..., t.Any], clock: Clock) -> None:
        super().__init__(client, region)
        self._client_of = client_of
        self._clock = clock
        self._iam: t.Any = None

    def in_region(self, region: str) -> PoliciesClient:
        """Return the API of another Region. Raises InputError if there is no such Region."""
        if region == self.region:
            return self
        check_region(region, option="regions")
        return PoliciesClient(self._client_of("rds", region=region), region, self._client_of, self._clock)

    def account_page(self, marker: str | None) -> AccountPage:
        """Return one page of the principals and policies of the account."""
        self._iam = self._iam or self._client_of("iam")
        more = {"Marker": marker} if marker else {}
        request = {"Filter": list(_FILTER), "MaxItems": _MAX_ITEMS, **more}
        return parse_account_page(call_operation(self._iam, "GetAccountAuthorizationDetails", request))

    def proxy_page(self, marker: str | None) -> ProxyPage:
        """Return one page of the RDS Proxies of the Region."""
        more = {"Marker": marker} if marker else {}
        answer = self._call("DescribeDBProxies", MaxRecords=PAGE, **more)
        found = tuple(Proxy(raw["DBProxyName"], raw["DBProxyArn"]) for raw in answer.get("DBProxies") or [])
        return ProxyPage(found, answer.get("Marker") or None)
