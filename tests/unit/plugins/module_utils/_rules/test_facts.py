# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the ssl parameter of a parameter group means for IAM database authentication."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import SslParameter

CUSTOM = ParameterGroup(INSTANCE, "pg16", "in-sync")
DEFAULT = ParameterGroup(INSTANCE, "default.postgres16", "in-sync")


@pytest.mark.parametrize(
    ("value", "off"),
    [
        ("0", True),
        ("off", True),
        (" OFF ", True),
        ("false", True),
        ("no", True),
        ("1", False),
        ("on", False),
        (None, False),
    ],
)
def test_ssl_value(value, off):
    found = SslParameter(CUSTOM, Parameter("ssl", value, modifiable=True, dynamic=True))
    assert (found.value, found.is_off) == (value, off)


@pytest.mark.parametrize(
    ("group", "modifiable", "dynamic", "expected"),
    [
        (CUSTOM, True, True, True),
        (CUSTOM, False, True, False),
        (CUSTOM, True, False, False),
        (DEFAULT, True, True, False),
    ],
)
def test_ssl_can_be_enforced(group, modifiable, dynamic, expected):
    assert (
        SslParameter(group, Parameter("ssl", "0", modifiable=modifiable, dynamic=dynamic)).can_be_enforced is expected
    )


def test_ssl_without_the_parameter():
    found = SslParameter(CUSTOM, None)
    assert (found.value, found.is_off, found.can_be_enforced) == (None, False, False)
