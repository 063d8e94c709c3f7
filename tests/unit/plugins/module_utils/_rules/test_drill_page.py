# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The page of a drill for people."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import finish_receipt
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import DENIED, at, drill


def test_page_escapes_cells():
    receipt = drill(login={**DENIED, "cause": "a|b\nc"})
    assert "a\\|b c |" in page(finish_receipt(receipt, at(16)))
