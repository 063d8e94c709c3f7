# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The databases of a Region that a selection includes, and the error for one that matches nothing."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection, read_selection
from ansible_collections.passwordless.rds.plugins.module_utils._rules.selection import select_databases
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

REGION = (
    instance("orders", tags={"env": "prod", "team": "shop"}),
    instance("orders-old", engine="mysql", tags={"env": "test", "empty": ""}),
    instance("legacy", engine="oracle-ee", tags={"env": "prod"}),
    instance("ledger-1", engine="aurora-postgresql", cluster_identifier="ledger", tags={"env": "prod"}),
    cluster("ledger", tags={"env": "prod"}),
    cluster("orders", engine="mysql"),
)


def taken(**option):
    chosen = select_databases(read_selection(option), REGION, "eu-west-1")
    assert chosen.objection is None
    return [str(database.id) for database in chosen.databases]


def objection(region=REGION, **option):
    return select_databases(read_selection(option), region, "eu-west-1").objection


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ({"all": True}, ["instance/orders", "instance/orders-old", "cluster/ledger", "cluster/orders"]),
        ({"all": True, "exclude": ["orders*"]}, ["cluster/ledger"]),
        ({"exclude": ["ledger"]}, ["instance/orders", "instance/orders-old", "cluster/orders"]),
        ({"engines": ["MySQL"]}, ["instance/orders-old", "cluster/orders"]),
        ({"engines": ["postgres, aurora-postgresql"]}, ["instance/orders", "cluster/ledger"]),
        ({"tags": {"env": "prod"}}, ["instance/orders", "cluster/ledger"]),
        ({"tags": {"env": None}}, ["instance/orders", "instance/orders-old", "cluster/ledger"]),
        ({"tags": {"env": "prod", "team": None}}, ["instance/orders"]),
        ({"tags": {"empty": ""}}, ["instance/orders-old"]),
        ({"include": ["ORDERS*"]}, ["instance/orders", "instance/orders-old", "cluster/orders"]),
        ({"include": ["order?", "l*"]}, ["instance/orders", "cluster/ledger", "cluster/orders"]),
        ({"include": ["[kl]edger\n orders-old"]}, ["instance/orders-old", "cluster/ledger"]),
        ({"include": ["orders*"], "engines": ["postgres"]}, ["instance/orders"]),
        ({"include": ["orders*"], "exclude": ["*-old"]}, ["instance/orders", "cluster/orders"]),
    ],
)
def test_select_matches(option, expected):
    assert taken(**option) == expected


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"include": ["ordres"]}, "no database matches 'ordres'. Similar: orders"),
        ({"include": ["orders", "web-*"]}, "no database matches 'web-*'. Searched in Region eu-west-1"),
        ({"include": ["ledger-1"]}, "members of clusters, which own the setting: ledger"),
        ({"include": ["legacy"]}, "whose engine does not support IAM database authentication: oracle-ee"),
        ({"engines": ["postgress"]}, "2 DB instances and 2 DB clusters that own the setting (aurora-postgresql, mysql"),
        ({"tags": {"env": "prd"}}, "tag env=prd: 0"),
        ({"tags": {"nothing": None}}, "tag nothing: 0"),
        ({"engines": ["mysql"], "tags": {"env": "prod"}}, "engines mysql: 2; tag env=prod: 2"),
        ({"include": ["led*"], "exclude": ["l*"]}, "include led*: 1; exclude l*: 1"),
        ({"exclude": ["*"]}, "exclude *: 4"),
    ],
)
def test_select_without_match_names_criteria(option, words):
    assert words in (objection(**option) or "")


def test_select_all_of_empty_region_is_empty():
    assert objection((), all=True) is None
    assert objection((), exclude=["scratch-*"]) is None
    assert "0 DB instances and 0 DB clusters that own the setting." in objection((), engines=["mysql"])


def test_select_unusual_values_warn():
    option = {"engines": ["mysql", "mariadb"], "exclude": ["web-*"]}
    warnings = select_databases(read_selection(option), REGION, "eu-west-1").warnings
    assert warnings == (
        "select: no database has engine mariadb",
        "select: exclude: no database matches 'web-*'",
    )


def test_select_exclude_that_matches_some_does_not_warn():
    assert select_databases(read_selection({"exclude": ["*-old"]}), REGION, "eu-west-1").warnings == ()


def test_select_exclude_in_empty_region_does_not_warn():
    assert select_databases(read_selection({"exclude": ["web-*"]}), (), "eu-west-1").warnings == ()


def test_select_every_engine_includes_unsupported():
    chosen = select_databases(Selection(every=True, every_engine=True), REGION, "eu-west-1")
    assert "instance/legacy" in [str(database.id) for database in chosen.databases]


@pytest.mark.parametrize(("count", "more"), [(10, ""), (12, "; and 2 more patterns")])
def test_select_without_match_lists_first_patterns(count, more):
    text = objection(REGION[:1], include=[f"absent-{number}" for number in range(count)])
    assert "absent-10" not in text
    assert f"no database matches 'absent-9'{more}. Searched in Region eu-west-1: 1 DB instances and 0 DB" in text


def test_select_one_unmatched_pattern_keeps_the_others():
    chosen = select_databases(Selection(include=("orders", "web")), REGION, "eu-west-1")
    assert [str(database.id) for database in chosen.databases] == ["instance/orders", "cluster/orders"]
    assert chosen.objection is not None
