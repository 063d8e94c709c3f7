# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Lists with a page after another, and lists that never end."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway import paging
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError


def read(markers):
    """Return the markers with which the pages are requested, if each response has the next of these markers."""
    asked, given = [], iter(markers)

    def page(marker):
        asked.append(marker)
        return next(given)

    return asked, list(paging.read_pages("DescribeDBInstances", page, lambda marker: marker))


@pytest.mark.parametrize("last", [None, ""])
def test_pages_are_read_to_the_end(last):
    assert read(["a", "b", last]) == ([None, "a", "b"], ["a", "b", last])


@pytest.mark.parametrize("markers", [["a", "a"], ["a", "b", "c", "a"], itertools.repeat("a")])
def test_repeated_marker_fails(markers):
    with pytest.raises(
        CallError, match="DescribeDBInstances: the response refers to a page that was already"
    ) as raised:
        read(markers)
    assert (raised.value.retryable, raised.value.failure) == (
        False,
        "there was no valid response to DescribeDBInstances",
    )


def test_list_without_end_fails():
    with pytest.raises(CallError, match="the list does not end after 1000 pages"):
        read(map(str, itertools.count()))


def test_longest_list_is_read():
    asked, _pages = read([*map(str, range(paging.MOST_PAGES - 1)), None])
    assert len(asked) == paging.MOST_PAGES
