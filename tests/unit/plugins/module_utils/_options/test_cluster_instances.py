# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The DB instances that a task lists for a cluster."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import (
    ClusterInstance,
    read_cluster_instances,
)

LEDGER = DatabaseId(CLUSTER, "ledger")
CLASS = "db.r6g.large"
FIRST = {"db_instance_identifier": "ledger-1", "db_instance_class": CLASS}


def read(*entries, target=LEDGER, wait=True):
    return read_cluster_instances({"cluster_instances": entries}, target, wait=wait, region="eu-west-1")


@pytest.mark.parametrize("value", [None, []])
def test_read_without_entries_returns_none(value):
    params = {"cluster_instances": value}
    target = DatabaseId(INSTANCE, "orders")
    assert read_cluster_instances(params, target, wait=False, region="eu-west-1") == ()


@pytest.mark.parametrize(
    ("more", "settings"),
    [
        ({}, {}),
        ({"db_parameter_group_name": None, "availability_zone": ""}, {}),
        ({"promotion_tier": 0, "publicly_accessible": False}, {"promotion_tier": 0, "publicly_accessible": False}),
        ({"db_parameter_group_name": "pg16"}, {"db_parameter_group_name": "pg16"}),
    ],
)
def test_read_entry(more, settings):
    expected = ClusterInstance(DatabaseId(INSTANCE, "ledger-1"), CLASS, {"db_instance_class": CLASS, **settings})
    (found,) = read({**FIRST, **more})
    assert found == expected
    assert found.group == more.get("db_parameter_group_name")


def test_read_keeps_the_order_and_lowers_identifiers():
    second = {**FIRST, "db_instance_identifier": " Ledger-0 "}
    assert [entry.id.identifier for entry in read(FIRST, second)] == ["ledger-1", "ledger-0"]


@pytest.mark.parametrize(
    ("entries", "keywords", "names"),
    [
        ([FIRST], {"target": DatabaseId(INSTANCE, "orders")}, "db_cluster_identifier"),
        ([FIRST], {"wait": False}, "wait"),
        ([FIRST, {**FIRST, "db_instance_identifier": "LEDGER-1"}], {}, "ledger-1"),
        ([{**FIRST, "db_instance_class": ""}], {}, "db_instance_class"),
        ([{**FIRST, "db_instance_identifier": "1st"}], {}, "1st"),
    ],
    ids=["instance", "no-wait", "twice", "no-class", "identifier"],
)
def test_read_invalid_raises(entries, keywords, names):
    with pytest.raises(InputError, match="cluster_instances") as raised:
        read(*entries, **keywords)
    assert names in str(raised.value)
