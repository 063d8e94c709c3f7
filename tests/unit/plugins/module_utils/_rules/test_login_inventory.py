# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inventory finds the database of a resource ID, and the owner of its users."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import Proxy
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_inventory import build_inventory
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_pattern import read_pattern
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.connect_account import NUMBER, arn, inventory

PROXY = Proxy("Front", f"arn:aws:rds:eu-west-1:{NUMBER}:db-proxy:prx-0123")


def built(databases=(), proxies=(), users=None):
    place = {"partition": "aws", "account": NUMBER, "regions": ("eu-west-1",)}
    return build_inventory(databases, proxies, users or {}, **place)


def test_inventory_proxy_is_a_target_by_the_id_of_its_arn():
    found = built(proxies=[PROXY]).find("prx-0123")
    assert (found.kind, found.identifier, found.region, found.account) == ("proxy", "front", "eu-west-1", NUMBER)


def test_inventory_member_belongs_to_its_cluster():
    owner, member = cluster("ledger"), instance("ledger-1", cluster_identifier="ledger", engine="aurora-mysql")
    found = built([owner, member], users={member.resource_id: {"app": True}})
    assert set(found.targets) == {owner.resource_id}
    assert found.owner_of(found.others[member.resource_id]).identifier == "ledger"
    assert found.users_of(found.targets[owner.resource_id]) == {"app": True}


def test_inventory_engine_without_setting_is_no_target():
    erp = instance("erp", engine="oracle-ee")
    found = built([erp])
    assert (set(found.targets), found.find(erp.resource_id).identifier) == (set(), "erp")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (arn("db-ORDERS/app"), ["orders"]),
        (arn("db-GONE/app"), []),
        (arn("*/app"), ["orders", "ledger", "front"]),
        (arn("*/app", region="*"), ["orders", "ledger", "front", "stock"]),
    ],
)
def test_inventory_pattern_reaches_targets(text, expected):
    found = inventory().reached_by(read_pattern(text, variables=True))
    assert [one.identifier for one in found] == expected


@pytest.mark.parametrize("text", ["orders", "ORDERS", "db-orders"])
def test_inventory_finds_similar_name(text):
    assert [one.identifier for one in inventory().named(text)] == ["orders"]


def test_inventory_lists_databases_with_slash_in_user_names():
    found = inventory({"db-ORDERS": {"a/b": True}, "db-STOCK": {"app": True}, "db-GONE": {"c/d": True}})
    assert [one.identifier for one in found.with_slash_in_users()] == ["orders"]


def test_inventory_users_of_other_database_are_unknown():
    found = inventory({"db-STOCK": {"app": True}})
    assert found.users_of(found.targets["db-ORDERS"]) is None
