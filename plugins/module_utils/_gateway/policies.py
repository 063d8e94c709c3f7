# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface to the calls that read policies and the databases of several Regions, and its retries.

``_aws.policies_client`` implements ``PoliciesApi`` with boto3. Tests use other implementations.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._model.account_policies import Account, AccountPage, Proxy, ProxyPage
from .paging import read_pages
from .rds import RdsApi
from .retrying import RetryingGateway


class PoliciesApi(RdsApi, t.Protocol):
    """The API with one method for each call. Each method raises CallError if AWS refuses the call."""

    def in_region(self, region: str) -> PoliciesApi:
        """Return the API of another Region. Makes no call."""

    def account_page(self, marker: str | None) -> AccountPage:
        """Return one page of the principals and policies of the account."""

    def proxy_page(self, marker: str | None) -> ProxyPage:
        """Return one page of the RDS Proxies of the Region."""


@dataclass(frozen=True)
class RetryingPoliciesGateway(RetryingGateway):
    """Returns complete lists, and retries each call until it succeeds or the deadline has passed."""

    inner: PoliciesApi

    def account(self) -> Account:
        """Return all principals and policies of the account."""
        pages = list(
            read_pages(
                "GetAccountAuthorizationDetails",
                lambda marker: self._retry(partial(self.inner.account_page, marker)),
                lambda page: page.marker,
            )
        )
        principals = tuple(principal for page in pages for principal in page.principals)
        return Account(principals, {str(policy.arn): policy for page in pages for policy in page.managed})

    def proxies(self) -> list[Proxy]:
        """Return all RDS Proxies of the Region."""
        pages = read_pages(
            "DescribeDBProxies",
            lambda marker: self._retry(partial(self.inner.proxy_page, marker)),
            lambda page: page.marker,
        )
        return [proxy for page in pages for proxy in page.proxies]
