# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Misspelt variables are named with the nearest valid one."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.variable_names import unknown

KNOWN = ["rds_iam_auth_apply_immediately", "rds_iam_auth_instances", "rds_iam_auth_wait"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("rds_iam_auth_apply_immediatly", "rds_iam_auth_apply_immediately"),
        ("rds_iam_auth_instance", "rds_iam_auth_instances"),
        ("rds_iam_auth_Wait", "rds_iam_auth_wait"),
        ("rds_iam_auth_db_instances", "rds_iam_auth_instances"),
    ],
)
def test_unknown_misspelt_suggests_nearest_name(name, near):
    assert unknown([*KNOWN, name], KNOWN) == [f"{name}: the variable does not exist. Did you mean {near}?"]


def test_unknown_valid_names_returns_nothing():
    assert unknown(KNOWN, KNOWN) == []
    assert unknown([], KNOWN) == []


def test_unknown_several_returns_one_error_each():
    assert len(unknown(["rds_iam_auth_b", "rds_iam_auth_a", "rds_iam_auth_a"], KNOWN)) == 2


def test_unknown_without_valid_names():
    assert unknown(["a"], []) == ["a: the variable does not exist."]
