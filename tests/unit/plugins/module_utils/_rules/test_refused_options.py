# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The option in the message about a request that RDS refused."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.refused_options import with_option

KEY = {"kms_key_id": "alias/nowhere"}


@pytest.mark.parametrize(
    ("code", "settings", "expected"),
    [
        ("KMSKeyNotAccessibleFault", KEY, "kms_key_id: no such key. Use another value"),
        # the key of the managed master password, which extra_parameters sets
        ("KMSKeyNotAccessibleFault", {}, "no such key"),
        ("InstanceQuotaExceeded", KEY, "no such key"),
    ],
    ids=["option", "no-option", "other-code"],
)
def test_with_option_names_it_only_if_set(code, settings, expected):
    assert with_option("no such key", code, settings) == expected
