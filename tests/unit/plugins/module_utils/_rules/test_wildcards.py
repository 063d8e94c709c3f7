# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Patterns of policies match as IAM matches them, and long patterns with many wildcards take little time."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.wildcards import (
    literal_of,
    symbols_can_continue,
    symbols_match,
    symbols_of,
    variable_in,
)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "", True),
        ("*", "", True),
        ("?", "", False),
        ("a*c", "abbc", True),
        ("a*c", "abcd", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*b*b", "abab", True),
        ("a${*}c", "a*c", True),
        ("a${*}c", "abc", False),
        ("a${?}c", "a?c", True),
        ("${$}{x}", "${x}", True),
        ("*" * 5000, "rds-db:connect", True),
        ("*a" * 2000, "a" * 1999 + "b", False),
    ],
)
def test_symbols_match(pattern, text, expected):
    assert symbols_match(symbols_of(pattern, escapes=True), text) is expected


def test_symbols_without_escapes_keep_wildcards():
    symbols = symbols_of("a${*}c")
    assert symbols_match(symbols, "a${anything}c")
    assert literal_of(symbols) is None
    assert literal_of(symbols_of("a${*}c", escapes=True)) == "a*c"


@pytest.mark.parametrize(
    ("pattern", "start", "expected"),
    [
        ("db-A/app", "db-A/", True),
        ("db-A/", "db-A/", False),
        ("db-A", "db-A/", False),
        ("*", "db-A/", True),
        ("db-*", "db-A/", True),
        ("db-?/x", "db-A/", True),
        ("db-B/*", "db-A/", False),
        ("*/app", "db-A/", True),
        ("*" * 3000, "db-A/", True),
        ("*a" * 2000, "a" * 2000, True),
    ],
)
def test_symbols_can_continue(pattern, start, expected):
    assert symbols_can_continue(symbols_of(pattern), start) is expected


def test_symbols_can_continue_if_a_longer_text_matches():
    texts = ["".join(text) for length in range(6) for text in itertools.product("ab", repeat=length)]
    for pattern in ("".join(text) for length in range(4) for text in itertools.product("ab*?", repeat=length)):
        symbols = symbols_of(pattern)
        matching = [text for text in texts if symbols_match(symbols, text)]
        for start in texts[:7]:
            longer = any(text.startswith(start) and text != start for text in matching)
            assert symbols_can_continue(symbols, start) is longer, (pattern, start)


def test_symbols_can_continue_with_literal_wildcards():
    symbols = symbols_of("a${?}${*}b", escapes=True)
    assert symbols_can_continue(symbols, "a?*")
    assert not symbols_can_continue(symbols, "axx")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("db/${aws:username}", "${aws:username}"),
        ("db/${aws:PrincipalTag/team, 'x'}", "${aws:PrincipalTag/team, 'x'}"),
        ("db/${*}${?}${$}", None),
        ("db/$app", None),
        ("db/${open", None),
    ],
)
def test_variable_in(pattern, expected):
    assert variable_in(pattern) == expected
