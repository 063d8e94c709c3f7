# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision table. The rule and the module are tested with the same rows."""

from __future__ import annotations

import pytest

# apply_immediately, current is desired, pending is desired (None: none) -> outcome, apply_immediately of the call
DECISIONS = [
    pytest.param(False, True, None, "unchanged", None, id="deferred-already-so"),
    pytest.param(True, True, None, "unchanged", None, id="now-already-so"),
    pytest.param(False, True, True, "unchanged", None, id="deferred-pending-equals-current"),
    pytest.param(True, True, True, "unchanged", None, id="now-pending-equals-current"),
    pytest.param(False, False, True, "unchanged", None, id="deferred-queued-already"),
    pytest.param(True, False, True, "applied", True, id="now-brings-queued-forward"),
    pytest.param(False, True, False, "cancelled", True, id="deferred-cancels"),
    pytest.param(True, True, False, "cancelled", True, id="now-cancels"),
    pytest.param(True, False, None, "applied", True, id="now"),
    pytest.param(True, False, False, "applied", True, id="now-pending-equals-current-other-way"),
    pytest.param(False, False, None, "scheduled", False, id="deferred"),
    pytest.param(False, False, False, "scheduled", False, id="deferred-pending-equals-current-other-way"),
]
