# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of the report about policies: which Regions are described, and the messages of failures."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import (
    INLINE,
    USER,
    AccountPage,
    Policy,
    Principal,
    Proxy,
    ProxyPage,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError, InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.connect_policies import ConnectPoliciesOptions
from ansible_collections.passwordless.rds.plugins.module_utils._run.connect_policies import gather_connect_policies
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.connect_account import PRINCIPAL, arn, document, statement
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeClock,
    FakeRds,
    call_error,
    context_of,
)

FRONT = Proxy("front", "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-front")


def user(name, *resources):
    policy = Policy(INLINE, "login", document(statement(*resources)))
    return Principal(USER, PRINCIPAL.replace("deploy", name), name, inline=(policy,))


class FakeAccount(FakeRds):
    """An account whose principals and proxies come in pages of one."""

    def __init__(self, principals=(), proxies=()):
        super().__init__(FakeClock())
        self.principals, self.proxies, self.regions = principals, proxies, []

    def in_region(self, region):
        self.regions.append(region)
        return self

    def account_page(self, marker):
        return AccountPage(*self._page("account", self.principals, marker, ()))

    def proxy_page(self, marker):
        return ProxyPage(*self._page("proxies", self.proxies, marker))

    def _page(self, method, entries, marker, *more):
        self._call(method, marker)
        number = int(marker or 0)
        following = str(number + 1) if number + 1 < len(entries) else None
        return tuple(entries[number : number + 1]), *more, following


def gather(api, **options):
    options = {"regions": ("eu-west-1",), **options}
    return gather_connect_policies(ConnectPoliciesOptions(**options), context_of(api))


def test_policies_of_all_pages_are_compared_with_databases():
    api = FakeAccount(
        [user("ann", arn("db-ORDERS/app")), user("bob", arn("prx-front/app"), arn("db-GONE/app"))], [FRONT]
    )
    api.add(instance())
    result = gather(api).render()
    assert [one["principals"] for one in result["statements"]] == [
        [PRINCIPAL.replace("deploy", "ann")],
        [PRINCIPAL.replace("deploy", "bob")],
    ]
    assert [(one["code"], one["resource"]) for one in result["findings"]] == [("dead", arn("db-GONE/app"))]
    assert (api.count("account"), api.count("proxies")) == (2, 1)


def test_policies_every_region_is_described_once():
    api = FakeAccount([user("ann", arn("db-ORDERS/app"))])
    assert gather(api, regions=("eu-west-1", "us-east-1")).regions == ("eu-west-1", "us-east-1")
    assert api.regions == ["eu-west-1", "us-east-1"]


def test_policies_unknown_principal_raises():
    with pytest.raises(InputError, match=r"principals: .*does not exist in the account"):
        gather(FakeAccount([user("ann")]), principals=(PRINCIPAL,))


def test_policies_of_named_principal_only():
    api = FakeAccount([user("ann", arn("db-ORDERS/app")), user("bob", arn("db-GONE/app"))])
    result = gather(api, principals=(PRINCIPAL.replace("deploy", "ann"),))
    assert len(result.grants) == 1


def test_policies_denied_description_names_region():
    api = FakeAccount([user("ann", arn("db-ORDERS/app"))])
    api.errors["proxies"] = [call_error("DescribeDBProxies")]
    with pytest.raises(CallError, match=r"regions: eu-west-1: "):
        gather(api)
