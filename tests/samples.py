# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The sizes of random samples. ``make test-all`` sets TEST_ALL and tests the full sample."""

from __future__ import annotations

import os


def sample_size(quick: int, full: int) -> int:
    """Return the number of cases to test: a quick sample, or the full one if TEST_ALL is set."""
    return full if os.environ.get("TEST_ALL") else quick
