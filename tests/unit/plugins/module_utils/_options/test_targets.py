# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The three options that name or select databases."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import Selection
from ansible_collections.passwordless.rds.plugins.module_utils._options.targets import TARGETS_SPEC, read_targets

ALL = Selection(every=True, every_engine=True)
NONE_GIVEN = dict.fromkeys(TARGETS_SPEC)


def read(otherwise=None, **params):
    return read_targets({**NONE_GIVEN, **params}, region="eu-west-1", otherwise=otherwise)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"db_instance_identifiers": ["orders"]}, (DatabaseId(INSTANCE, "orders"),)),
        ({"db_cluster_identifiers": ["ledger"]}, (DatabaseId(CLUSTER, "ledger"),)),
        (
            {"db_instance_identifiers": ["orders, shop", ""], "db_cluster_identifiers": ["ledger"]},
            (DatabaseId(INSTANCE, "orders"), DatabaseId(INSTANCE, "shop"), DatabaseId(CLUSTER, "ledger")),
        ),
        ({"select": {"all": True}}, Selection(every=True)),
        ({"select": {"engines": ["mysql"]}}, Selection(engines=("mysql",))),
        # a survey that was left blank names nothing
        ({"select": {"all": True}, "db_instance_identifiers": ["", " "]}, Selection(every=True)),
    ],
    ids=["instance", "cluster", "both", "all", "engine", "blank-and-select"],
)
def test_read_targets(params, expected):
    assert read(**params) == expected
    assert read(otherwise=ALL, **params) == expected


def test_read_targets_without_options_returns_the_alternative():
    assert read(otherwise=ALL) == ALL


@pytest.mark.parametrize(
    ("params", "otherwise"),
    [
        ({}, None),
        ({"db_instance_identifiers": []}, ALL),
        ({"db_instance_identifiers": ["", " , "]}, ALL),
        ({"select": {}}, ALL),
        ({"select": {"all": True}, "db_instance_identifiers": ["orders"]}, ALL),
        ({"select": {"all": True}, "db_cluster_identifiers": ["ledger"]}, None),
    ],
    ids=["nothing", "empty", "blank", "empty-select", "instance-and-select", "cluster-and-select"],
)
def test_read_targets_invalid_raises(params, otherwise):
    with pytest.raises(InputError, match="select"):
        read(otherwise=otherwise, **params)
