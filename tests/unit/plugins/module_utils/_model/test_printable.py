# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Messages contain no character that a terminal or a log would execute, hide or take for the end of a line."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable, printable_messages
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders is available", "orders is available"),
        ("é, 日本, {{ braces }}", "é, 日本, {{ braces }}"),
        ("no\nok: [localhost]\r\n", "no ok: [localhost]"),
        ("a\tb", "a b"),
        ("\x1b[2J\x9b31m\x00", r"\x1b[2J\x9b31m\x00"),
        ("\u202eabc\u200b\ufeff", r"\u202eabc\u200b\ufeff"),
        ("\ud800", r"\ud800"),
    ],
)
def test_printable_escapes_control_characters(text, expected):
    assert printable(text) == expected


@settings(deadline=None)
@given(st.text())
def test_printable_text_stays_as_it_is(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


def test_printable_messages_keeps_data():
    tags = {"team": "a\nb", "list": ["\x1b"]}
    result = {
        "msg": "a\nb",
        "databases": [{"tags": tags, "problems": [{"code": "x", "message": "\x1b", "remedy": None}]}],
    }
    assert printable_messages(result) == {
        "msg": "a b",
        "databases": [{"tags": tags, "problems": [{"code": "x", "message": r"\x1b", "remedy": None}]}],
    }
