# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The workflow of the lookup: which calls it makes, and which endpoint it signs for."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying import RetryingGateway
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError, InputError
from ansible_collections.passwordless.rds.plugins.module_utils._run.auth_tokens import TokenContext, auth_tokens
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import ENDPOINT, HOST, FakeApi, FakeClock, denied

ORDERS = instance(current=True, endpoint=ENDPOINT)
WRITER = Endpoint("ledger.cluster-c0ffee.eu-west-1.rds.amazonaws.com", 5432)
READER = Endpoint("ledger.cluster-ro-c0ffee.eu-west-1.rds.amazonaws.com", 5432)
LEDGER = cluster(current=True, endpoint=WRITER, reader_endpoint=READER)


class Signer:
    region = "eu-west-1"

    def __init__(self):
        self.checked = []

    def check_validity(self, seconds):
        self.checked.append(seconds)

    def sign(self, endpoint, username):
        return f"{username}@{endpoint.address}:{endpoint.port}"


@pytest.fixture
def api():
    return FakeApi(ORDERS, LEDGER)


@pytest.fixture
def lookup(api):
    """Return a function that runs the lookup. Its attribute holds the signer and the warnings."""

    def run(*terms, **changes):
        params = {"username": "app", "reader": False, "min_validity": 0, "result": "token", "ca_cert": "", **changes}
        gateway = RetryingGateway(api, Deadline.after(60, FakeClock()), 2.0)
        return auth_tokens(terms, params, TokenContext(run.signer, lambda: gateway, run.warnings.append))

    run.signer, run.warnings = Signer(), []
    return run


def test_auth_tokens_endpoint_makes_no_call(api, lookup):
    assert lookup(f"{HOST}:5432", "db.example.com:3306") == [f"app@{HOST}:5432", "app@db.example.com:3306"]
    assert api.calls == []
    assert lookup.signer.checked == [0]


def test_auth_tokens_names_are_described_together_in_order(api, lookup):
    assert lookup("ledger", "orders", f"{HOST}:1") == [
        f"app@{WRITER.address}:5432",
        f"app@{HOST}:5432",
        f"app@{HOST}:1",
    ]
    assert api.calls == ["page", "page"]


def test_auth_tokens_reader_uses_reader_endpoint(lookup):
    assert lookup("cluster/ledger", reader=True) == [f"app@{READER.address}:5432"]


def test_auth_tokens_setting_off_warns_once(api, lookup):
    api.databases = (instance(endpoint=ENDPOINT),)
    lookup("orders", "instance/orders")
    (warning,) = lookup.warnings
    assert "instance/orders" in warning


@pytest.mark.parametrize(
    ("terms", "changes", "message"),
    [
        ((), {}, "_terms: no database is named."),
        ((f"{HOST}:5432",), {"reader": True}, "reader: it needs the name of a DB cluster."),
        (("ordesr",), {}, "Similar: instance/orders"),
        (("orders",), {"min_validity": 901}, "min_validity: '901' is out of range."),
        (("orders",), {"result": "mysql"}, "ca_cert: it is required with result=mysql"),
    ],
)
def test_auth_tokens_invalid_input_raises(lookup, terms, changes, message):
    with pytest.raises(InputError) as raised:
        lookup(*terms, **changes)
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (denied("DescribeDBInstances"), "Use instance/NAME or cluster/NAME to describe only one kind"),
        (
            CallError(operation="DescribeDBInstances", code="ExpiredToken", message="expired"),
            "The session credentials have expired. Get new ones.",
        ),
    ],
)
def test_auth_tokens_refused_describe_has_hint(api, lookup, error, hint):
    api.answers["page"] = error
    with pytest.raises(InputError) as raised:
        lookup("orders")
    assert hint in raised.value.message
