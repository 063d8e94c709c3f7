# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A lookup signs one token for each term, and describes only the databases that are named."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._run.auth_tokens import TokenContext, auth_tokens
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

from .fakes import REGION, FakeRds, gateway_to

PARAMS = {"username": "app", "reader": False, "min_validity": 0, "result": "token", "ca_cert": None}


@dataclass
class FakeSigner:
    region: str = REGION
    checked: list = field(default_factory=list)

    def check_validity(self, seconds):
        self.checked.append(seconds)

    def sign(self, endpoint, username):
        return f"{username}@{endpoint.address}:{endpoint.port}"


@pytest.fixture
def rds():
    orders = instance(endpoint=Endpoint("orders.x", 5432), current=True)
    ledger = cluster(endpoint=Endpoint("ledger.x", 5432), reader_endpoint=Endpoint("ledger-ro.x", 5432), current=True)
    return FakeRds().add(orders, ledger)


@pytest.fixture
def tokens(rds):
    """Return a function that returns the tokens of terms, and the warnings."""
    warnings = []

    def tokens(*terms, **changes):
        context = TokenContext(FakeSigner(), lambda: gateway_to(rds), warnings.append)
        return auth_tokens(terms, {**PARAMS, **changes}, context), warnings

    return tokens


def test_auth_tokens_host_and_port_makes_no_call(rds, tokens):
    assert tokens("db.example.com:5432") == (["app@db.example.com:5432"], [])
    assert rds.calls == []


def test_auth_tokens_terms_keep_their_order(tokens):
    found, _warnings = tokens("cluster/ledger", "db.example.com:5432", "orders")
    assert found == ["app@ledger.x:5432", "app@db.example.com:5432", "app@orders.x:5432"]


def test_auth_tokens_reader_uses_reader_endpoint(tokens):
    assert tokens("cluster/ledger", reader=True)[0] == ["app@ledger-ro.x:5432"]


def test_auth_tokens_setting_off_warns_once(rds, tokens):
    rds.change(instance().id, current=False)
    found, warnings = tokens("instance/orders", "instance/orders")
    assert len(found) == 2
    assert len(warnings) == 1
    assert "is disabled" in warnings[0]


@pytest.mark.parametrize(
    ("terms", "changes", "error"),
    [
        ((), {}, "no database is named"),
        (("nothing",), {}, "'nothing': there is no DB instance or DB cluster"),
        (("order",), {}, "Similar: instance/orders"),
        (("db.example.com:5432",), {"reader": True}, "reader: it needs the name of a DB cluster"),
    ],
)
def test_auth_tokens_invalid_terms_raise(tokens, terms, changes, error):
    with pytest.raises(InputError, match=error):
        tokens(*terms, **changes)
