# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The outcomes of a database, as the modules return them under ``outcome``.

This is private to the collection.
"""

from __future__ import annotations

UNCHANGED = "unchanged"
APPLIED = "applied"
APPLYING = "applying"
SCHEDULED = "scheduled"
CANCELLED = "cancelled"
SKIPPED = "skipped"
FAILED = "failed"
OUTCOMES = (UNCHANGED, APPLIED, APPLYING, SCHEDULED, CANCELLED, SKIPPED, FAILED)
CHANGING = frozenset((APPLIED, APPLYING, SCHEDULED, CANCELLED))
