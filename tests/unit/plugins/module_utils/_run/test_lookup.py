# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The databases that a task names or selects, with read replicas, and the problem of each name that does not exist."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection
from ansible_collections.passwordless.rds.plugins.module_utils._run.lookup import find_databases
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    gateway_to,
)

ORDERS, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "ledger")
ARN = "arn:aws:rds:eu-west-1:123456789012:db:orders"


def find(rds, targets, *, replicas=False):
    warnings = []
    return find_databases(targets, gateway=gateway_to(rds), warn=warnings.append, replicas=replicas), warnings


def test_lookup_named_databases_keep_their_order():
    rds = FakeRds().add(instance(), cluster())
    found, warnings = find(rds, (LEDGER, ORDERS))
    assert list(found.databases) == [LEDGER, ORDERS]
    assert (found.absent, found.region, found.objection, warnings) == ({}, (), None, [])
    assert found.seen == found.databases
    # one page for each kind, and no list of the Region
    assert [query.names for query in rds.sent("page")] == [("orders",), ("ledger",)]


NOT_FOUND = "there is no DB instance with this identifier in Region eu-west-1"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ordres", f"{NOT_FOUND}. Similar: orders"),
        ("ledger", f"{NOT_FOUND}, but there is a DB cluster. Name it in db_cluster_identifiers instead"),
        ("xyz", f"{NOT_FOUND}. Check the identifier and the Region"),
    ],
)
def test_lookup_absent_name_has_problem_with_remedy(name, message):
    absent = DatabaseId(INSTANCE, name)
    found, _warnings = find(FakeRds().add(instance(), cluster()), (absent, ORDERS))
    assert list(found.databases) == [ORDERS]
    assert [(problem.code, problem.message) for problem in found.absent.values()] == [("not_found", message)]
    assert list(found.absent) == [absent]


def test_lookup_absent_cluster_names_the_instance():
    found, _warnings = find(FakeRds().add(instance()), (DatabaseId(CLUSTER, "orders"),))
    (problem,) = found.absent.values()
    assert "but there is a DB instance. Name it in db_instance_identifiers instead" in problem.message


def test_lookup_absent_name_without_permission_to_list():
    rds = FakeRds(errors={"page": [None, call_error(), call_error()]})
    found, _warnings = find(rds, (ORDERS,))
    assert found.absent[ORDERS].message == f"{NOT_FOUND}. Check the identifier and the Region"


def test_lookup_refused_describe_raises():
    with pytest.raises(CallError, match="AccessDenied"):
        find(FakeRds(errors={"page": [call_error()]}), (ORDERS,))


@pytest.mark.parametrize(("account", "is_found"), [(None, True), ("123456789012", True), ("999999999999", False)])
def test_lookup_arn_of_other_account_is_absent(account, is_found):
    named = DatabaseId(INSTANCE, "orders", account)
    found, _warnings = find(FakeRds().add(instance()), (named,))
    assert (list(found.databases), list(found.absent)) == (([named], []) if is_found else ([], [named]))
    if not is_found:
        assert found.absent[named].message == (
            "its ARN names account 999999999999, but the credentials of the task belong to account 123456789012. Use "
            "credentials of account 999999999999"
        )


def test_lookup_selection_describes_the_region_once():
    rds = FakeRds().add(instance(), instance("shop", engine="mysql"), cluster())
    found, warnings = find(rds, Selection(engines=("postgres",), exclude=("web-*",)))
    assert list(found.databases) == [ORDERS]
    assert [database.id for database in found.region] == [ORDERS, DatabaseId(INSTANCE, "shop"), LEDGER]
    assert set(found.seen) == {ORDERS, DatabaseId(INSTANCE, "shop"), LEDGER}
    assert warnings == ["select: exclude: no database matches 'web-*'"]
    assert rds.count("page") == 2


def test_lookup_selection_without_match_has_objection():
    found, _warnings = find(FakeRds().add(instance()), Selection(include=("shop",)))
    assert "no database matches 'shop'" in found.objection
    assert "Searched in Region eu-west-1: 1 DB instances and 0 DB clusters" in found.objection


FIRST, SECOND = DatabaseId(INSTANCE, "orders-r1"), DatabaseId(INSTANCE, "orders-r2")


def fleet():
    return FakeRds().add(
        instance(replicas=(FIRST,)), instance("orders-r1", replicas=(SECOND, ORDERS)), instance("orders-r2")
    )


@pytest.mark.parametrize(("replicas", "expected"), [(False, [ORDERS]), (True, [ORDERS, FIRST, SECOND])])
def test_lookup_replicas_are_included_recursively(replicas, expected):
    found, _warnings = find(fleet(), (ORDERS,), replicas=replicas)
    assert list(found.databases) == expected


def test_lookup_replicas_of_selection_need_no_further_call():
    rds = fleet()
    found, _warnings = find(rds, Selection(include=("orders",)), replicas=True)
    assert (list(found.databases), rds.count("page")) == ([ORDERS, FIRST, SECOND], 2)


def test_lookup_replica_missing_in_the_region_is_left_out():
    rds = FakeRds().add(instance(replicas=(FIRST,)))
    found, _warnings = find(rds, Selection(every=True), replicas=True)
    assert (list(found.databases), rds.count("page")) == ([ORDERS], 2)


def test_lookup_excluded_replicas_are_left_out():
    found, _warnings = find(fleet(), Selection(include=("orders",), exclude=("*-r2",)), replicas=True)
    assert list(found.databases) == [ORDERS, FIRST]


def test_lookup_deleted_replica_is_left_out():
    found, _warnings = find(FakeRds().add(instance(replicas=(FIRST,))), (ORDERS,), replicas=True)
    assert (list(found.databases), found.absent) == ([ORDERS], {})


@pytest.mark.parametrize(("replicas", "count"), [(False, 0), (True, 1)])
def test_lookup_replica_in_another_region_is_a_warning(replicas, count):
    arn = "arn:aws:rds:us-east-1:123456789012:db:orders-us"
    _found, warnings = find(FakeRds().add(instance(replicas_elsewhere=(arn,))), (ORDERS,), replicas=replicas)
    text = f"instance/orders: read replica {arn} is in another Region. Run the task in that Region, too"
    assert warnings == [text] * count
