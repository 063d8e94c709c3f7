# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Suggestions for names that do not exist, and the number of comparisons."""

from __future__ import annotations

import difflib

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.similar_names import SimilarNames


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("order", "orders"),
        ("ordres", "orders"),
        ("shopp", "shop"),
        ("ledgr-1", "ledger-1"),
        ("billing-database-prd", "billing-database-prod"),
    ],
)
def test_similar_misspelt_name_suggests_right_one_first(name, first):
    known = SimilarNames(["orders", "shop", "ledger", "ledger-1", "ledger-2", "billing-database-prod"])
    assert known.to(name)[0] == first


def test_similar_different_name_suggests_nothing():
    assert SimilarNames(["orders", "shop"]).to("zzz") == []
    assert SimilarNames([]).to("orders") == []


@pytest.fixture
def comparisons(monkeypatch):
    """Count the full comparisons of two names, which take most of the time."""
    counted = []
    real = difflib.SequenceMatcher.set_seq1
    monkeypatch.setattr(difflib.SequenceMatcher, "set_seq1", lambda self, a: (counted.append(a), real(self, a))[1])
    return counted


def test_similar_many_names_compares_a_bounded_number(comparisons):
    known = SimilarNames(f"team-{n % 7}-orders-{n:05}" for n in range(1000))
    found = [known.to(f"team-{n % 7}-ordres-{n:05}") for n in range(300)]
    assert len([text for text in comparisons if text]) <= 100 * 20
    assert found[0][0] == "team-0-orders-00000"
    assert found[299] == []
