# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The option ``unused_for``."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.unused_for import read_unused_for


@pytest.mark.parametrize(
    ("value", "seconds", "text"),
    [
        ("1h", 3600, "1h"),
        ("3600s", 3600, "3600s"),
        ("90m", 5400, "90m"),
        (" 24h\n", 86400, "24h"),
        ("024 h", 86400, "24h"),
        ("14d", 14 * 86400, "14d"),
        ("63d", 63 * 86400, "63d"),
        ("1512h", 63 * 86400, "1512h"),
    ],
)
def test_unused_for_valid_time(value, seconds, text):
    found = read_unused_for(value)
    assert (found.time, found.text) == (dt.timedelta(seconds=seconds), text)


@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_unused_for_blank_is_none(value):
    assert read_unused_for(value) is None


@pytest.mark.parametrize(
    "value", ["24", "h", "1.5h", "-1d", "1h30m", "24H", "1w", "True", "1\u0664h", "99999999999d", 24]
)
def test_unused_for_other_text_refused(value):
    with pytest.raises(InputError) as caught:
        read_unused_for(value)
    assert caught.value.message == (
        f"unused_for: {str(value)!r}: the value is not a time. Use a number and a unit: s, m, h or d, for example 24h "
        "or 14d."
    )


@pytest.mark.parametrize("value", ["0h", "30m", "3599s", "1513h", "64d", "999999999d"])
def test_unused_for_out_of_range_refused(value):
    with pytest.raises(InputError) as caught:
        read_unused_for(value)
    assert caught.value.message == f"unused_for: {value}: the time is out of range. Use 1h to 63d."
