# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The receipt of a drill is compared with an earlier one."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_comparison import read_previous
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page, summary
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import finish_receipt
from ansible_collections.passwordless.rds.tests.unit.drill_receipts import DENIED, at, drill


def test_comparison_with_an_earlier_drill():
    earlier = finish_receipt(drill(), at(16))
    earlier["recovery"] = {**earlier["recovery"], "login_seconds": 900.5, "data_age_seconds": None}
    now = finish_receipt(drill(login=DENIED), at(16), json.loads(json.dumps(earlier)))
    assert now["comparison"]["users_lost"] == ["app"]
    assert now["comparison"]["recovery"]["restore_seconds"] == {"before": 600, "now": 600, "difference": 0}
    now = finish_receipt(drill(), at(16), earlier)
    assert now["comparison"]["users_lost"] == []
    assert now["comparison"]["recovery"]["login_seconds"]["difference"] == -60.5
    assert now["comparison"]["recovery"]["data_age_seconds"]["difference"] is None
    line = (
        f"Compared with the drill of {at(0)} (succeeded): time until the database was available +0 s; time until all "
        "users had logged in -60.5 s"
    )
    assert line in summary(now)
    assert f"- {line}\n" in page(now)


def test_comparison_of_preview_loses_no_user():
    now = finish_receipt(drill(login=None, preview=True), at(16), finish_receipt(drill(), at(16)))
    assert now["comparison"]["users_lost"] == []
    assert "nothing to compare" in page(now)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"start": "", "outcome": ""}'])
def test_previous_receipt_that_is_invalid_raises(text):
    with pytest.raises(InputError, match=r"restore_drill_previous: drill.json: the file is not the receipt"):
        read_previous(text, "drill.json")


def test_previous_receipt_is_read():
    receipt = finish_receipt(drill(), at(16))
    assert read_previous(json.dumps(receipt), "drill.json") == receipt
