# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Which database and endpoint a login uses, and which options the database collections need."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_terms import DatabaseTerm
from ansible_collections.passwordless.rds.plugins.module_utils._options.token import TokenOptions
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_target import (
    choose_database,
    login_target,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

WRITER, READER = Endpoint("ledger.cluster-x", 5432), Endpoint("ledger.cluster-ro-x", 5432)
ORDERS = instance(endpoint=Endpoint("orders.x", 5432), current=True)
LEDGER = cluster(endpoint=WRITER, reader_endpoint=READER, current=True)
APP = TokenOptions("app")


def term(name, *kinds, account=None):
    return DatabaseTerm(name, tuple(DatabaseId(kind, name, account) for kind in kinds))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (term("orders", INSTANCE, CLUSTER), ORDERS),
        (term("ledger", INSTANCE, CLUSTER), LEDGER),
        (term("ledger", INSTANCE), None),
        (term("orders", INSTANCE, account="123456789012"), ORDERS),
    ],
)
def test_choose_database_returns_the_only_match(wanted, expected):
    assert choose_database(wanted, {ORDERS.id: ORDERS, LEDGER.id: LEDGER}) is expected


def test_choose_database_of_both_kinds_raises():
    both = {database.id: database for database in (instance("shop"), cluster("shop"))}
    with pytest.raises(InputError, match="Use instance/shop or cluster/shop"):
        choose_database(term("shop", INSTANCE, CLUSTER), both)


def test_choose_database_of_another_account_raises():
    with pytest.raises(InputError, match="in account 999999999999, but the credentials belong to account 123456789012"):
        choose_database(term("orders", INSTANCE, account="999999999999"), {ORDERS.id: ORDERS})


@pytest.mark.parametrize(
    ("database", "options", "endpoint"),
    [
        (ORDERS, APP, ORDERS.endpoint),
        (LEDGER, APP, WRITER),
        (LEDGER, TokenOptions("app", reader=True), READER),
        (instance("ledger-1", endpoint=READER, cluster_identifier="ledger"), APP, READER),
    ],
)
def test_login_target_returns_endpoint_without_warning(database, options, endpoint):
    found = login_target(database, options)
    assert (found.endpoint, found.warnings) == (endpoint, ())


@pytest.mark.parametrize(("pending", "state"), [(None, "is disabled"), (True, "is pending"), (False, "is disabled")])
def test_login_target_setting_off_warns(pending, state):
    found = login_target(instance(endpoint=WRITER, pending=pending), APP)
    assert found.warnings == (
        f"instance/orders: IAM database authentication {state}, so RDS refuses the token. Enable it first",
    )


@pytest.mark.parametrize(
    ("database", "options", "error"),
    [
        (instance(status="creating"), APP, "instance/orders has no endpoint in status creating. Wait until"),
        (instance(status="failed"), APP, "has no endpoint in status failed. Repair or restore it first"),
        (instance(endpoint=Endpoint("orders.x", 0)), APP, "has no endpoint"),
        (cluster(status="creating"), TokenOptions("app", reader=True), "cluster/ledger has no endpoint in status"),
        (cluster(endpoint=WRITER), TokenOptions("app", reader=True), "cluster/ledger has no reader endpoint"),
        (ORDERS, TokenOptions("app", reader=True), "reader: instance/orders is a DB instance"),
        (instance(engine="oracle-ee", endpoint=WRITER), APP, "engine oracle-ee does not support"),
        (ORDERS, TokenOptions("app", result="mysql"), "has the engine postgres. Set result to postgresql"),
        (
            instance(engine="mariadb", endpoint=WRITER),
            TokenOptions("app", result="postgresql"),
            "has the engine mariadb. Set result to mysql",
        ),
        (ORDERS, TokenOptions("a" * 64), "PostgreSQL accepts 63 bytes"),
        (instance(engine="mysql", endpoint=WRITER), TokenOptions("a" * 33), "MySQL accepts 32 characters"),
    ],
)
def test_login_target_impossible_raises(database, options, error):
    with pytest.raises(InputError) as raised:
        login_target(database, options)
    assert error in raised.value.message
