# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner


@pytest.fixture
def run(sim, capsys):
    """Return a function that runs rds_iam_auth against the simulator."""
    return Runner("rds_iam_auth", sim.url, capsys)
