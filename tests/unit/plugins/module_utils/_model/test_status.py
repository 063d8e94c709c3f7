# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each status that AWS publishes: whether it allows a change, is transitional, or is terminal."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.status import is_ready, is_terminal
from ansible_collections.passwordless.rds.tests.unit.statuses import EVERY_STATUS


@pytest.mark.parametrize(("build", "status", "group"), EVERY_STATUS)
def test_status_published_by_aws_is_classified(build, status, group):
    assert is_ready(status) is (group == "ready")
    assert is_terminal(status) is (group == "terminal")
