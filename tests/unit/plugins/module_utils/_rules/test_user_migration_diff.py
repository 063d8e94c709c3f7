# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The diff of a user: both states of the plan, or no difference if the user has failed."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_diff import user_diff


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [("created", True), ("closed", True), ("rolled_back", False), ("failed", False), ("refused", False)],
)
def test_diff_of_failed_user_is_empty(outcome, shown):
    states = {"before": {"exists": False}, "after": {"exists": True}}
    found = user_diff({"diff": states}, {"outcome": outcome})
    assert (found["before"] != found["after"]) is shown
